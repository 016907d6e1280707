"""Opening the case that a command names."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from engine import api
from engine.cli.console import Reporter
from engine.report.wording import printable

if TYPE_CHECKING:
    from engine.evidence.case_store import Case


@contextmanager
def opened(options: Namespace, *, writable: bool = True) -> Iterator[Case]:
    """Open the case that was named, saying so on stderr when it can only be read."""
    with api.open_case(options.file, operator=options.operator, writable=writable) as case:
        if case.read_only_because and writable:
            # Not left out by --quiet: whoever asked to write has to know.
            Reporter(quiet=False).say(
                f"residua: the case {printable(str(case.file))} was opened for reading only: "
                f"{case.read_only_because}."
            )
        yield case

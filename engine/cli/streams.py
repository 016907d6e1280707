"""The standard streams; imports nothing heavy."""

from __future__ import annotations

import io
import sys


def never_fail_on_output() -> None:
    """Write what a stream's encoding lacks as an escape instead of failing in a long scan."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def complain(text: str) -> None:
    """Write a message to stderr at once."""
    sys.stderr.write(text.rstrip() + "\n")
    sys.stderr.flush()

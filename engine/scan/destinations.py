"""Where the results of a scan go: a folder, a case, or both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from engine.errors import InputError
from engine.evidence.case_results import CaseResults
from engine.evidence.results import ResultsFolder
from engine.types import Examination, Settings


class Destination(Protocol):
    """Keeps results as they come and knows which are there already."""

    def is_done(self, path: str, sha256: str, model_sha256: str, settings: Settings) -> bool:
        """Return whether a file was examined well, as it is now, by this model and settings."""
        ...

    def stored(self, path: str) -> Examination:
        """Return the newest examination of a file that has one."""
        ...

    def knows(self, sha256: str, model_sha256: str, settings: Settings) -> bool:
        """Return whether these bytes were examined well in this way, under any name."""
        ...

    def known(self, sha256: str, model_sha256: str, settings: Settings) -> Examination:
        """Return the newest examination of bytes that it knows, with the heat map."""
        ...

    def add(self, examination: Examination) -> Examination:
        """Keep an examination and return it as it is kept."""
        ...


@contextmanager
def opened(out_dir: str | None, case: CaseResults | None) -> Iterator[Destination]:
    """Open where results go.

    Args:
        out_dir: a results folder, made if missing; or None.
        case: a case that is open; or None.

    Raises:
        InputError: neither is given.
        StoreError: the folder cannot be written.
    """
    if out_dir is None:
        if case is None:
            raise InputError("There is no place for results: give --out DIR, --case FILE or both.")
        yield case
        return
    with ResultsFolder(Path(out_dir)) as folder:
        yield folder if case is None else _Both(folder, case)


class _Both:
    """A results folder and a case; done is what both have."""

    def __init__(self, folder: ResultsFolder, case: CaseResults) -> None:
        self._folder = folder
        self._case = case

    def is_done(self, path: str, sha256: str, model_sha256: str, settings: Settings) -> bool:
        return self._folder.is_done(path, sha256, model_sha256, settings) and self._case.is_done(
            path, sha256, model_sha256, settings
        )

    def stored(self, path: str) -> Examination:
        return self._folder.stored(path)

    def knows(self, sha256: str, model_sha256: str, settings: Settings) -> bool:
        asked = (sha256, model_sha256, settings)
        return self._case.knows(*asked) and self._folder.knows(*asked)

    def known(self, sha256: str, model_sha256: str, settings: Settings) -> Examination:
        return self._folder.known(sha256, model_sha256, settings)

    def add(self, examination: Examination) -> Examination:
        self._case.add(examination)
        return self._folder.add(examination)

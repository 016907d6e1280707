"""The results folder: one line a file as it is examined, resumable after any kind of end."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.errors import StoreError
from engine.evidence.heatmaps import heatmap_name, read_stored, write_heatmap
from engine.evidence.lock import FolderLock
from engine.evidence.records import from_line, to_line
from engine.types import Examination, Failure, Settings

RESULTS_NAME = "results.jsonl"
"""The file of lines inside a results folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """Where the newest line of a file is, and what decides whether it still holds."""

    sha256: str | None
    model_sha256: str | None
    settings: Settings | None
    failure: Failure | None
    offset: int
    length: int


class ResultsFolder:
    """A results folder opened for writing. One process, one thread.

    A last line that was cut off when the program was killed is removed. Every added line
    reaches the disk before `add` returns.

    Args:
        out_dir: made if missing.

    Raises:
        StoreError: it cannot be written, another scan is writing it, or a line is damaged.
    """

    def __init__(self, out_dir: Path) -> None:
        self.path = out_dir
        self._file = out_dir / RESULTS_NAME
        try:
            out_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The results folder {out_dir} cannot be made ({error.strerror}): choose another."
            ) from error
        self._lock = FolderLock(out_dir)
        self._descriptor = -1
        try:
            self._descriptor = self._opened()
            self._contents: dict[tuple[str, str, Settings], tuple[int, int]] = {}
            self._entries = self._index()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and let others write."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        self._lock.release()

    def is_done(self, path: str, sha256: str, model_sha256: str, settings: Settings) -> bool:
        """Return whether a file was examined well, as it is now, by this model and settings.

        Args:
            path: the file as it was named.
            sha256: hex, of the file's bytes now.
            model_sha256: hex, of the weights that would examine it.
            settings: what would be asked.
        """
        entry = self._entries.get(_key(path))
        if entry is None or entry.failure is not None:
            return False
        now = (sha256, model_sha256, settings)
        return now == (entry.sha256, entry.model_sha256, entry.settings)

    def stored(self, path: str) -> Examination:
        """Return the newest examination of a file that has one.

        Raises:
            KeyError: the file has no line.
        """
        entry = self._entries[_key(path)]
        return self._read(entry.offset, entry.length)

    def knows(self, sha256: str, model_sha256: str, settings: Settings) -> bool:
        """Return whether these bytes were examined well in this way, under any name.

        Args:
            sha256: hex, of the bytes.
            model_sha256: hex, of the weights that would examine them.
            settings: what would be asked.
        """
        return (sha256, model_sha256, settings) in self._contents

    def known(self, sha256: str, model_sha256: str, settings: Settings) -> Examination:
        """Return the newest examination of bytes that it knows, with the heat map.

        Raises:
            KeyError: it does not know them.
            StoreError: the heat map is missing or is none.
        """
        offset, length = self._contents[sha256, model_sha256, settings]
        examination = self._read(offset, length)
        name = examination.heatmap_file
        return replace(examination, heatmap=None if name is None else read_stored(self.path, name))

    def add(self, examination: Examination) -> Examination:
        """Write an examination's heat map and then its line.

        A file that fails again in the same way gets no second line.

        Args:
            examination: a finished one, with its heat map in memory.

        Returns:
            The same with ``heatmap_file`` and ``cell_px`` set.

        Raises:
            StoreError: the disk is full or went away.
        """
        examination = self._with_heatmap(examination)
        before = self._entries.get(_key(examination.facts.path))
        facts = examination.facts
        if (
            before is not None
            and before.failure is not None
            and (before.failure, before.sha256) == (examination.failure, facts.sha256)
        ):
            return examination
        line = to_line(examination).encode("ascii") + b"\n"
        try:
            offset = os.fstat(self._descriptor).st_size
            _write_all(self._descriptor, line)
            os.fsync(self._descriptor)
        except OSError as error:
            raise StoreError(
                f"{self._file} cannot be written ({error.strerror}): check free space."
            ) from error
        self._remember(examination, self._entries, offset, len(line))
        return examination

    def _with_heatmap(self, examination: Examination) -> Examination:
        heatmap, facts = examination.heatmap, examination.facts
        if heatmap is None:
            return examination
        if facts.sha256 is None or facts.height is None or facts.width is None:
            raise ValueError(f"A heat map came without the facts of {facts.path!r}.")
        name = heatmap_name(facts.sha256)
        # A file with the bytes of another has its heat map, which was read back from this place.
        if examination.duplicate_of is None or not (self.path / name).is_file():
            write_heatmap(
                self.path, facts.sha256, heatmap, height_px=facts.height, width_px=facts.width
            )
        return replace(examination, heatmap_file=name, cell_px=heatmap.cell_px)

    def _read(self, offset: int, length: int) -> Examination:
        with self._file.open("rb") as stream:
            stream.seek(offset)
            return from_line(stream.read(length).decode("ascii"))

    def _remember(
        self, examination: Examination, entries: dict[str, _Entry], offset: int, length: int
    ) -> None:
        facts = examination.facts
        entries[_key(facts.path)] = _entry(examination, offset, length)
        model, settings = examination.model, examination.settings
        if examination.ok and facts.sha256 and model is not None and settings is not None:
            # A scan of 100,000 files names its weights 100,000 times: one string serves them all.
            key = (facts.sha256, sys.intern(model.sha256), settings)
            self._contents[key] = (offset, length)

    def _opened(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        try:
            return os.open(self._file, flags, 0o666)
        except OSError as error:
            raise StoreError(
                f"{self._file} cannot be opened for writing ({error.strerror}): "
                "choose another results folder."
            ) from error

    def _index(self) -> dict[str, _Entry]:
        entries: dict[str, _Entry] = {}
        offset = 0
        for examination, length in _examinations(self._file):
            self._remember(examination, entries, offset, length)
            offset += length
        # What follows the last line feed is the line a killed scan was writing.
        os.ftruncate(self._descriptor, offset)
        return entries


def read_results(out_dir: Path) -> tuple[Examination, ...]:
    """Return what a results folder holds; may be called while a scan is writing it.

    Returns:
        The newest examination of each file, in the order in which files were first found.

    Raises:
        StoreError: there is no results file, or a line of it is damaged.
    """
    file = out_dir / RESULTS_NAME
    if not file.is_file():
        raise StoreError(f"There are no results in {out_dir}: scan into this folder first.")
    newest: dict[str, Examination] = {}
    for examination, _ in _examinations(file):
        newest[_key(examination.facts.path)] = examination
    return tuple(newest.values())


def stream_results(out_dir: Path) -> Iterator[Examination]:
    """Yield the lines of a results folder one after the other, older ones of a file included.

    However many there are, one is in memory at a time.

    Raises:
        StoreError: there is no results file, or a line of it is damaged.
    """
    file = out_dir / RESULTS_NAME
    if not file.is_file():
        raise StoreError(f"There are no results in {out_dir}: scan into this folder first.")
    for examination, _ in _examinations(file):
        yield examination


def _examinations(file: Path) -> Iterator[tuple[Examination, int]]:
    """Yield each whole line's examination and its length in bytes; a cut-off end is left out."""
    with file.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                examination = from_line(line.decode("ascii"))
            except (StoreError, UnicodeDecodeError) as error:
                raise StoreError(
                    f"{file}, line {number}: {error} Scan into another folder, or restore "
                    "the file from a copy."
                ) from error
            yield examination, len(line)


def _entry(examination: Examination, offset: int, length: int) -> _Entry:
    model = examination.model
    return _Entry(
        sha256=examination.facts.sha256,
        model_sha256=None if model is None else model.sha256,
        settings=examination.settings,
        failure=examination.failure,
        offset=offset,
        length=length,
    )


def _key(path: str) -> str:
    """Return what tells whether two names mean the same file; links are not followed."""
    return os.path.abspath(path)  # noqa: PTH100 - Path.absolute() keeps "..", resolve() links


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]

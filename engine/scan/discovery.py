"""Which files a scan examines: what was named, and every image inside named folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from engine.evidence.heatmaps import FOLDER
from engine.evidence.results import RESULTS_NAME
from engine.images.formats import HEAD_BYTES, has_image_extension, sniff
from engine.images.members import member_path, split
from engine.images.reading import read_head
from engine.job import Context, Progress
from engine.scan.inside import KIND_BYTES, NO_PICTURES, Inside
from engine.scan.selection import EVERYTHING, Selection
from engine.types import Failure

REPORT_EVERY = 256
"""Folder entries between two reports of the search."""

PHASE = "Looking for images"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A file that gets a line of results."""

    path: str
    """As it was named, or below the folder as that was named."""
    failure: Failure | None = None
    """Set when it is known already that it cannot be examined (a folder that cannot be listed)."""
    container: str | None = None
    """The archive or document it lies in; ``path`` begins with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What the search found."""

    candidates: tuple[Candidate, ...]
    """In order: as named, folders sorted by name."""
    ignored: int
    """Files inside folders and containers that are no images, by name and by first bytes, or
    that the operator left out."""


def discover(
    paths: Iterable[str],
    own: Iterable[Path],
    ctx: Context,
    selection: Selection = EVERYTHING,
    inside: Inside | None = None,
) -> Discovery:
    """Find the files to examine.

    A file that is named is examined whatever it is. Inside folders, hidden ones included,
    a file counts as an image when its ending or its first bytes say so. Links are followed;
    a folder that is reached twice is searched once, at its real place where that is inside
    what is searched. The program's own folders are left out, and so are the heat maps of others.
    Archives and documents are opened, and the images in them found in the same way.

    Args:
        paths: files and folders as the operator named them.
        own: folders this program writes (results, copies of a case), which need not exist.
        ctx: receives progress, carries the wish to stop.
        selection: what to leave out.
        inside: looks into containers, and remembers them from one search to the next; one is
            made for this search when None.

    Raises:
        InputError: nothing was named, nothing named exists, or one of the program's own
            folders is itself to be searched.
        Cancelled: the operator stopped the search.
    """
    named = tuple(paths)
    if not named:
        raise InputError("No file or folder was named: name at least one to scan.")
    if not any(os.path.lexists(path) or split(path) for path in named):
        raise InputError(
            f"None of the named paths exists: {', '.join(map(repr, named))}. Check the names.",
            kind="not_found",
        )
    if inside is not None:
        return _Search(own, ctx, selection, inside).run(named)
    with Inside(selection) as made:
        return _Search(own, ctx, selection, made).run(named)


class _Search:
    """One search; keeps what was seen so that nothing is found twice."""

    def __init__(
        self, own: Iterable[Path], ctx: Context, selection: Selection, inside: Inside
    ) -> None:
        self._own = {_identity(str(folder)) for folder in own} - {None}
        self._ctx = ctx
        self._selection = selection
        self._inside = inside
        self._top = ""
        self._files: dict[str, Candidate] = {}
        self._folders: set[tuple[int, int]] = set()
        self._linked: list[str] = []
        self._ignored = 0
        self._looked_at = 0

    def run(self, named: tuple[str, ...]) -> Discovery:
        for path in named:
            if not Path(path).is_dir():
                self._take(path, named=True)
                continue
            if _identity(path) in self._own:
                raise InputError(
                    f"The results folder {path!r} is itself to be scanned: nothing is "
                    "written among the evidence. Choose another folder for --out."
                )
            self._walk(path)
        while self._linked:
            self._walk(self._linked.pop(0))
        return Discovery(candidates=tuple(self._files.values()), ignored=self._ignored)

    def _walk(self, top: str) -> None:
        """Search a folder and what lies in it; folders behind links wait until the end."""
        self._top = top
        pending = [self._entries(top)]
        while pending:
            entry = next(pending[-1], None)
            if entry is None:
                pending.pop()
            elif _is_folder(entry):
                if _holds_heatmaps(entry) or not self._selection.enters(self._below(entry)):
                    continue
                if entry.is_symlink():
                    self._linked.append(entry.path)
                else:
                    pending.append(self._entries(entry.path))
            else:
                self._look_at(entry)

    def _entries(self, folder: str) -> Iterator[os.DirEntry[str]]:
        identity = _identity(folder)
        if identity is not None and (identity in self._own or identity in self._folders):
            return iter(())
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            message = (
                f"The folder cannot be listed ({error.strerror}): check its permissions. "
                "Nothing in it was examined."
            )
            self._add(Candidate(path=folder, failure=Failure(kind="unreadable", message=message)))
            return iter(())
        if identity is not None:
            self._folders.add(identity)
        return iter(entries)

    def _look_at(self, entry: os.DirEntry[str]) -> None:
        self._looked_at += 1
        if self._looked_at % REPORT_EVERY == 0:
            self._ctx.report(Progress(phase=PHASE, done=len(self._files), total=None))
        self._ctx.check()
        if self._selection.takes(self._below(entry), _modified(entry)):
            self._take(entry.path, named=False)
        else:
            self._ignored += 1

    def _take(self, path: str, *, named: bool) -> None:
        """Take a file, the pictures in it, or nothing."""
        head = read_head(path, KIND_BYTES)
        holds = self._inside.holds(path, head)
        is_image = has_image_extension(path) or sniff(head[:HEAD_BYTES]) is not None
        if is_image or (named and not holds):
            place = split(path)
            self._add(Candidate(path=path, container=None if place is None else place[0]))
        elif not holds:
            self._ignored += 1
        if not holds:
            return
        found, others = self._inside.pictures(path, self._ctx, quiet=is_image)
        self._ignored += others
        for label, failure in found:
            name = member_path(path, label) if label else path
            self._add(Candidate(path=name, failure=failure, container=path if label else None))
        if named and not is_image and not found:
            self._add(Candidate(path=path, failure=NO_PICTURES))

    def _below(self, entry: os.DirEntry[str]) -> str:
        return os.path.relpath(entry.path, self._top)

    def _add(self, candidate: Candidate) -> None:
        key = os.path.abspath(candidate.path)  # noqa: PTH100 - links must stay as they are
        self._files.setdefault(key, candidate)


def _modified(entry: os.DirEntry[str]) -> float | None:
    try:
        return entry.stat().st_mtime
    except OSError:
        return None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _holds_heatmaps(entry: os.DirEntry[str]) -> bool:
    """Return whether a folder holds the heat maps of an earlier scan: they are no evidence."""
    return entry.name == FOLDER and Path(entry.path).with_name(RESULTS_NAME).is_file()


def _identity(path: str) -> tuple[int, int] | None:
    """Return what is the same for two names of one folder; None when there is none."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino

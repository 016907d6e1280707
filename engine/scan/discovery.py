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
    with Inside(selection) as made:
        search = Search(paths, own, ctx, selection, inside or made)
        found = tuple(step for step in search.steps() if step is not None)
        return Discovery(candidates=found, ignored=search.ignored)


class Search:
    """One search, step by step; keeps what was seen so that nothing is found twice.

    Args:
        paths: see `discover`, as all others.
        own: folders that may come into being while the search goes on.
        ctx: receives progress, carries the wish to stop.
        selection: what to leave out.
        inside: looks into containers.

    Raises:
        InputError: see `discover`.
    """

    def __init__(
        self,
        paths: Iterable[str],
        own: Iterable[Path],
        ctx: Context,
        selection: Selection,
        inside: Inside,
    ) -> None:
        self.ctx = ctx
        """Who is told; may be another one for the next step."""
        self.ignored = 0
        """Files that were left out so far."""
        self._named = tuple(paths)
        self._own = tuple(own)
        self._selection = selection
        self._inside = inside
        self._top = ""
        self._new: list[Candidate] = []
        self._seen: set[str] = set()
        self._folders: set[tuple[int, int]] = set()
        self._linked: list[str] = []
        self._looked_at = 0
        self._refuse()

    def steps(self) -> Iterator[Candidate | None]:
        """Yield what is found, in order, and None after each entry that was looked at.

        Raises:
            Cancelled: the operator stopped the search.
        """
        for _ in self._looked():
            yield from self._new
            self._new.clear()
            yield None

    def _refuse(self) -> None:
        if not self._named:
            raise InputError("No file or folder was named: name at least one to scan.")
        if not any(os.path.lexists(path) or split(path) for path in self._named):
            raise InputError(
                f"None of the named paths exists: {', '.join(map(repr, self._named))}. "
                "Check the names.",
                kind="not_found",
            )
        for path in self._named:
            if Path(path).is_dir() and self._is_own(_identity(path)):
                raise InputError(
                    f"The results folder {path!r} is itself to be scanned: nothing is "
                    "written among the evidence. Choose another folder for --out."
                )

    def _looked(self) -> Iterator[None]:
        for path in self._named:
            if Path(path).is_dir():
                yield from self._walk(path)
            else:
                self._take(path, named=True)
            yield
        while self._linked:
            yield from self._walk(self._linked.pop(0))

    def _is_own(self, identity: tuple[int, int] | None) -> bool:
        # Asked anew: the program makes its folders while the search goes on.
        return identity is not None and identity in {_identity(str(each)) for each in self._own}

    def _walk(self, top: str) -> Iterator[None]:
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
            # After a folder, too: one that cannot be listed is a result.
            yield

    def _entries(self, folder: str) -> Iterator[os.DirEntry[str]]:
        identity = _identity(folder)
        if identity in self._folders or self._is_own(identity):
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
            self.ctx.report(Progress(phase=PHASE, done=len(self._seen), total=None))
        self.ctx.check()
        if self._selection.takes(self._below(entry), _modified(entry)):
            self._take(entry.path, named=False)
        else:
            self.ignored += 1

    def _take(self, path: str, *, named: bool) -> None:
        """Take a file, the pictures in it, or nothing."""
        head = read_head(path, KIND_BYTES)
        holds = self._inside.holds(path, head)
        is_image = has_image_extension(path) or sniff(head[:HEAD_BYTES]) is not None
        if is_image or (named and not holds):
            place = split(path)
            self._add(Candidate(path=path, container=None if place is None else place[0]))
        elif not holds:
            self.ignored += 1
        if not holds:
            return
        found, others = self._inside.pictures(path, self.ctx, quiet=is_image)
        self.ignored += others
        for label, failure in found:
            name = member_path(path, label) if label else path
            self._add(Candidate(path=name, failure=failure, container=path if label else None))
        if named and not is_image and not found:
            self._add(Candidate(path=path, failure=NO_PICTURES))

    def _below(self, entry: os.DirEntry[str]) -> str:
        return os.path.relpath(entry.path, self._top)

    def _add(self, candidate: Candidate) -> None:
        key = os.path.abspath(candidate.path)  # noqa: PTH100 - links must stay as they are
        if key not in self._seen:
            self._seen.add(key)
            self._new.append(candidate)


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

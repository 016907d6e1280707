"""Looking into archives and documents while searching, and reading what they hold in order."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path, PurePath
from types import TracebackType
from typing import Self

from engine.errors import InputError
from engine.images.container_kinds import container_kind
from engine.images.exhibits import read_anywhere
from engine.images.formats import HEAD_BYTES, RAW_EXTENSIONS, sniff
from engine.images.members import MARK
from engine.images.reading import Exhibit
from engine.images.unpacker import Container, Entry, Unpacker
from engine.job import Context
from engine.scan.selection import Selection
from engine.types import Failure

KIND_BYTES = 512
"""First bytes that tell whether a file is a container."""

KEPT = 16
"""Members that are kept after they passed by; no more threads ask at a time."""

NO_PICTURES = Failure(
    kind="no_pictures",
    message="The container holds no picture that is known here: check what it is.",
)


_Label = tuple[str, Failure | None]
"""(name of a member, why it cannot be read)."""


class Inside:
    """Lists the pictures of containers; keeps its process from one to the next.

    Args:
        selection: what to leave out, and whether containers are opened at all.
    """

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._unpacker = Unpacker()
        self._known: dict[str, tuple[object, list[_Label], int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._unpacker.close()

    def holds(self, path: str, head: bytes) -> bool:
        """Return whether a file is one that may hold pictures.

        Args:
            path: its name; a camera raw file, which holds a preview, is known by its ending too.
            head: its first `KIND_BYTES`.
        """
        if not self._selection.containers or not head:
            return False
        if container_kind(head) is not None:
            return True
        is_raw = PurePath(path).suffix.lower() in RAW_EXTENSIONS
        return is_raw and sniff(head[:HEAD_BYTES]) not in (None, "JPEG", "PNG", "WEBP", "GIF")

    def pictures(self, path: str, ctx: Context, *, quiet: bool) -> tuple[list[_Label], int]:
        """Return the labels of a container's pictures, and how many other entries it has.

        Args:
            path: the container.
            ctx: carries the wish to stop.
            quiet: whether a failure of the container itself is no result, since the file is
                examined as a picture as well.

        Returns:
            (label, why it cannot be read) in order; the label is empty for the container.

        Raises:
            Cancelled: the operator stopped the work.
        """
        stamp = _stamp(path)
        known = self._known.get(path)
        if known is not None and known[0] == stamp:
            return known[1], known[2]
        found, others = self._listed(path, ctx, quiet=quiet)
        self._known[path] = (stamp, found, others)
        return found, others

    def _listed(self, path: str, ctx: Context, *, quiet: bool) -> tuple[list[_Label], int]:
        found: list[_Label] = []
        others = 0
        try:
            with Container(path) as container:
                for entry in self._unpacker.entries(container, names_only=True):
                    ctx.check()
                    if isinstance(entry, int):
                        others += entry
                    elif entry.name and not self._takes(entry.name):
                        others += 1
                    elif entry.name or not quiet:
                        found.append((entry.name, _failure(entry.failure)))
        except InputError as error:
            if not quiet:
                found.append(("", _failure(error)))
        return found, others

    def _takes(self, label: str) -> bool:
        return self._selection.takes(label.replace(MARK, "/"), None)


class MemberReader:
    """Gives the members of containers in the order in which they were listed.

    Several threads may ask, each for another member; one container is open at a time. What
    passes by before it is asked for is kept for a while. A member that is asked for out of
    order costs another way through the container.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unpacker = Unpacker()
        self._path: str | None = None
        self._container: Container | None = None
        self._entries: Iterator[Entry | int] = iter(())
        self._passed: dict[str, Entry] = {}
        self._broken: InputError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, path: str, container: str | None) -> Exhibit:
        """Read an exhibit: a file of its own, or a member.

        Args:
            path: its name.
            container: the file it lies in; None for a file of its own.

        Raises:
            InputError: it cannot be read; ``kind`` says why.
        """
        if container is None:
            return read_anywhere(path)
        return self.take(container, path[len(container) + len(MARK) :])

    def take(self, container: str, label: str) -> Exhibit:
        """Return a member with its hashes.

        Args:
            container: the file it lies in.
            label: its name there.

        Raises:
            InputError: it cannot be read; ``kind`` says why.
        """
        with self._lock:
            entry = self._found(container, label)
        if entry.failure is not None:
            raise entry.failure
        if entry.exhibit is None:
            raise ValueError(f"The member {label!r} came without data.")
        return entry.exhibit

    def abort(self) -> None:
        """End the process that unpacks; callable from any thread."""
        self._unpacker.abort()

    def close(self) -> None:
        """End the process that unpacks and close the container."""
        self._unpacker.close()
        self._leave()

    def _found(self, container: str, label: str) -> Entry:
        entry = self._passed.pop(label, None) if container == self._path else None
        if entry is None and container == self._path:
            entry = self._forward_to(label)
        if entry is None:
            self._open(container)
            entry = self._forward_to(label)
        failure = self._broken or InputError(
            "The container does not hold this picture any more: it was changed since it was "
            "listed. Scan it again.",
            kind="changed",
        )
        return entry or Entry(name=label, failure=failure)

    def _open(self, path: str) -> None:
        self._leave()
        self._path = path
        self._passed, self._broken = {}, None
        try:
            self._container = Container(path)
            self._entries = self._unpacker.entries(self._container)
        except InputError as error:
            self._broken = error

    def _forward_to(self, label: str) -> Entry | None:
        for entry in self._entries:
            if isinstance(entry, int):
                break
            if entry.name == label:
                return entry
            if not entry.name:
                self._broken = entry.failure
                break
            self._passed[entry.name] = entry
            if len(self._passed) > KEPT:
                del self._passed[next(iter(self._passed))]
        return None

    def _leave(self) -> None:
        # Mostly the mark of the end is left; once it is read the process can go on.
        next(self._entries, None)
        self._entries = iter(())
        if self._container is not None:
            self._container.close()
            self._container = None


def _failure(error: InputError | None) -> Failure | None:
    return None if error is None else Failure(kind=error.kind, message=str(error))


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns

"""Looking into archives and documents while searching."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from engine.errors import InputError
from engine.images import several
from engine.images.container_kinds import container_kind
from engine.images.members import MARK, without_place
from engine.images.unpacker import Container, Unpacker
from engine.job import Context
from engine.scan.selection import Selection
from engine.types import Failure

KIND_BYTES = 512
"""First bytes that tell whether a file is a container."""

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
            path: its name; a camera raw file, which holds a preview, is known by its ending.
            head: its first `KIND_BYTES`.
        """
        if not self._selection.containers or not head:
            return False
        return container_kind(head) is not None or several.says_so(
            path, head, self._selection.frames > 0
        )

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
                frames = self._selection.frames
                for entry in self._unpacker.entries(container, names_only=True, frames=frames):
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
        # A page is taken or left out with its file, which has the name that patterns fit.
        name = without_place(label)
        return not name or self._selection.takes(name.replace(MARK, "/"), None)


def _failure(error: InputError | None) -> Failure | None:
    return None if error is None else Failure(kind=error.kind, message=str(error))


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns

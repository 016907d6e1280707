"""A picture that lies in another file: how it is wished for, named and had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.errors import InputError
from engine.images.limits import MAX_PAGES
from engine.images.members import MARK

FRAME = "frame-"
"""How names of frames begin."""

FULL_SIZE = 0.5
"""Share of the first picture's pixels below which another is a preview or a map of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """One picture of a document or of a picture file that holds several."""

    name: str
    """Of its place, such as ``"object-12.jpg"`` or ``"page-2"``."""
    read: Callable[[], bytes]
    """Gives the picture as a file; raises InputError and what libraries raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A picture in a container, or why an entry cannot be had."""

    name: str
    """Its label within the outermost container; empty for the container itself."""
    data: bytes | None = None
    """None when only names were asked for, or when it failed."""
    failure: InputError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is wanted of a container."""

    names_only: bool = False
    """Whether to leave data out; entries are then read only as far as their kind needs."""
    only: str | None = None
    """Label of the one member that is wanted; None for all."""

    frames: int = 0
    """Frames of each animation that are named, besides the first."""

    def frame_in(self, inside: str) -> int | None:
        """Return the number of the frame that alone is wanted of a file; None for no frame.

        Args:
            inside: what labels of pictures in that file begin with.
        """
        start = inside + FRAME
        if self.only is None or not self.only.startswith(start):
            return None
        number = self.only[len(start) :]
        return int(number) if number.isascii() and number.isdigit() and len(number) < 9 else None

    def wants(self, label: str) -> bool:
        """Return whether a member, or a container that may hold the wanted one, is to be read."""
        return self.only is None or self.only == label or self.only.startswith(label + MARK)


def is_full_size(size: tuple[int, int] | None, first: tuple[int, int] | None) -> bool:
    """Return whether a picture is as good as the first of its file; an unknown size is.

    Args:
        size: width and height, px.
        first: those of the file's first picture.
    """
    if size is None or first is None:
        return True
    return size[0] * size[1] >= FULL_SIZE * first[0] * first[1]


def too_many(what: str) -> bytes:
    """Refuse the picture behind the last that is looked at.

    Args:
        what: plural, such as ``"pages"``.

    Raises:
        InputError: always.
    """
    raise InputError(
        f"The file has more than {MAX_PAGES:,} {what}; this one and those after it were not looked "
        "at. Split a copy of the file and scan the parts.",
        kind="too_many_members",
    )

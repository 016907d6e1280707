"""A picture that lies in a file of another kind, and how its bytes are had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.errors import InputError
from engine.images.limits import MAX_PAGES

FULL_SIZE = 0.5
"""Share of the first picture's pixels below which another is a preview or a map of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """One picture of a document or of a picture file that holds several."""

    name: str
    """Of its place, such as ``"object-12.jpg"`` or ``"page-2"``."""
    read: Callable[[], bytes]
    """Gives the picture as a file; raises InputError and what libraries raise."""


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

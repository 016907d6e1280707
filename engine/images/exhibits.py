"""Reading an exhibit wherever it lies: a file of its own, or a member of a container."""

from __future__ import annotations

from engine.images.members import split
from engine.images.reading import Exhibit, read_exhibit
from engine.images.unpacker import read_member


def read_anywhere(path: str) -> Exhibit:
    """Read an exhibit once and hash what was read.

    Args:
        path: a file, or a member such as ``archive.zip!/folder/a.jpg``; names that are not UTF-8
            carry their bytes by surrogateescape.

    Raises:
        InputError: ``kind`` is ``not_found``, ``dangling_link``, ``not_a_file``,
            ``unreadable`` or ``too_large``, or says why a member cannot be had.
    """
    inside = split(path)
    return read_exhibit(path) if inside is None else read_member(*inside)

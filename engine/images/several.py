"""Picture files that hold several pictures: which they are, and those behind the first.

The first is the file itself, examined as it is. Each of the others is an exhibit of its own with
bytes of its own, and what these are is told by the module of its format.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import PurePath
from typing import IO, BinaryIO

from engine.images import animation, heif_items, mpo, tiff, tiff_pages
from engine.images.formats import HEAD_BYTES, HEIF, RAW, RAW_EXTENSIONS, sniff
from engine.images.inner import Inner
from engine.images.reading import READ_ONLY

BLOCK_BYTES, MOST_BYTES = 1 << 14, 4 << 20
"""How a file is read to know whether it holds more than one picture, and how far at most."""

_OF_SEVERAL = ("TIFF", "JPEG", *HEIF)
_DEVELOPED_ONLY = (None, "JPEG", "PNG", "WEBP", "GIF")
"""What a file that is called camera raw may be without being it."""


def holds_more(head: bytes, frames: bool = False) -> bool | None:
    """Return whether a file may hold more than one picture that is to be examined.

    Args:
        head: its first bytes; the more, the surer.
        frames: whether frames of animations are wanted.

    Returns:
        None when they end before that is known.
    """
    kind = sniff(head[:HEAD_BYTES])
    if kind == "JPEG":
        return mpo.says_so(head)
    if kind in HEIF:
        return heif_items.says_so(head)
    return kind == "TIFF" or (frames and kind in animation.KINDS)


def decided(head: bytes, rest: IO[bytes], frames: bool) -> tuple[bytes, bool]:
    """Read as much of a file as it takes to know whether it may hold more than one picture.

    Args:
        head: its first bytes.
        rest: what follows them.
        frames: whether frames of animations are wanted.

    Returns:
        Its first bytes, more of them now; whether it may.
    """
    found = holds_more(head, frames)
    while found is None and len(head) < MOST_BYTES and (block := rest.read(BLOCK_BYTES)):
        head += block
        found = holds_more(head, frames)
    return head, found is True


def says_so(path: str, head: bytes, frames: bool = False) -> bool:
    """Return whether a file says that it holds more than one picture, or is camera raw by name.

    Only the bytes that tell are read.

    Args:
        path: a regular file.
        head: its first `HEAD_BYTES` or more.
        frames: whether frames of animations are wanted; whether it has some is not looked at.
    """
    kind = sniff(head[:HEAD_BYTES])
    is_raw_by_name = PurePath(path).suffix.lower() in RAW_EXTENSIONS
    if is_raw_by_name and kind not in _DEVELOPED_ONLY:
        return True
    if kind not in _OF_SEVERAL:
        return frames and kind in animation.KINDS
    try:
        with os.fdopen(os.open(path, READ_ONLY), "rb") as stream:
            if kind == "TIFF":
                return tiff_pages.has_more(stream)
            stream.seek(len(head))
            return decided(head, stream, frames)[1]
    except OSError:
        return False


def find(
    stream: BinaryIO, head: bytes, frames: int = 0, frame: int | None = None
) -> Iterator[Inner] | None:
    """Return the pictures behind the first; None where the file is of no format with several.

    Args:
        stream: the file, seekable.
        head: its first `HEAD_BYTES` or more.
        frames: how many frames of an animation are wanted.
        frame: instead, the number of the one frame that is wanted.

    Raises:
        InputError, ValueError, EOFError: the file is too damaged to be looked into.
    """
    kind = sniff(head[:HEAD_BYTES])
    if kind == "JPEG":
        return mpo.find(stream)
    if kind in HEIF:
        return heif_items.find(stream)
    if kind in animation.KINDS and (frames or frame is not None):
        return animation.find(stream, spread=frames, number=frame)
    return tiff_pages.find(stream) if kind == "TIFF" and tiff.kind_in(stream) is None else None


def is_raw(data: bytes) -> bool:
    """Return whether a file is camera raw, by its bytes."""
    return sniff(data[:HEAD_BYTES]) in RAW or tiff.raw_kind(data) is not None

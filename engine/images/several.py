"""Picture files that hold several pictures: which they are, and those behind the first.

The first is the file itself, examined as it is. Each of the others is an exhibit of its own with
bytes of its own, and what these are is told by the module of its format.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from engine.images import tiff, tiff_pages
from engine.images.formats import HEAD_BYTES, RAW, RAW_EXTENSIONS, sniff
from engine.images.inner import Inner
from engine.images.reading import READ_ONLY

_DEVELOPED_ONLY = (None, "JPEG", "PNG", "WEBP", "GIF")
"""What a file that is called camera raw may be without being it."""


def may_be(head: bytes) -> bool:
    """Return whether a file may hold several pictures, by its first `HEAD_BYTES` or more."""
    return sniff(head[:HEAD_BYTES]) == "TIFF"


def says_so(path: str, head: bytes) -> bool:
    """Return whether a file says that it holds more than one picture, or is camera raw by name.

    Only the few bytes that tell are read, and nothing of them is followed far.

    Args:
        path: a regular file.
        head: its first `HEAD_BYTES` or more.
    """
    kind = sniff(head[:HEAD_BYTES])
    if PurePath(path).suffix.lower() in RAW_EXTENSIONS:
        return kind not in _DEVELOPED_ONLY
    if kind != "TIFF":
        return False
    try:
        with os.fdopen(os.open(path, READ_ONLY), "rb") as stream:
            return tiff_pages.has_more(stream)
    except OSError:
        return False


def find(stream: BinaryIO, head: bytes) -> Iterator[Inner] | None:
    """Return the pictures behind the first; None where the file is none that holds several.

    Args:
        stream: the file, seekable.
        head: its first `HEAD_BYTES` or more.

    Raises:
        ValueError: the file is too damaged to be looked into.
    """
    if may_be(head) and tiff.kind_in(stream) is None:
        return tiff_pages.find(stream)
    return None


def is_raw(data: bytes) -> bool:
    """Return whether a file is camera raw, by its bytes."""
    return sniff(data[:HEAD_BYTES]) in RAW or tiff.raw_kind(data) is not None

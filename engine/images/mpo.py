"""Further pictures of a JPEG file that has an index of them (MPO): stereo views and the like.

Each lies in the file as a JPEG of its own, at a place and of a length that the index tells; these
bytes are the picture's, unchanged.

Source: CIPA DC-007, Multi-Picture Format; ITU-T T.81, annex B.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import BinaryIO

from engine.errors import InputError
from engine.images.hdr import has_gain_map
from engine.images.inner import Inner, is_full_size, too_many
from engine.images.limits import MAX_FILE_BYTES, MAX_PAGES
from engine.images.tiff_file import TiffFile

HEAD_BYTES = 4 << 20
"""Within which a picture's index and size are looked for."""

_START = b"\xff\xd8\xff"
_APP2, _SCAN, _END = 0xE2, 0xDA, 0xD9
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MARK = b"MPF\0"
_ENTRIES, _ENTRY_BYTES = 0xB002, 16
_TYPE = 0xFFFFFF
_SMALLER, _DISPARITY, _UNDEFINED = (0x010001, 0x010002), 0x020002, 0


def says_so(head: bytes) -> bool | None:
    """Return whether a JPEG has an index of several pictures.

    Args:
        head: the file's first bytes.

    Returns:
        None when they end before that is known.
    """
    try:
        return _index_at(head) is not None
    except EOFError:
        return None


def find(stream: BinaryIO) -> Iterator[Inner]:
    """Yield the full-size pictures behind the first; ``view-2`` is the second of the index.

    Previews, maps of depth and light, and what has less than half of the first's pixels are left
    out, and so is what the index calls nothing and is no picture.

    Args:
        stream: the file, seekable.

    Raises:
        ValueError, EOFError: the index cannot be read.
    """
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    at = _index_at(head)
    if at is None:
        return
    index = TiffFile(BytesIO(head[at : at + (1 << 16)]))
    entry = index.directory(index.first).entry(_ENTRIES)
    table = b"" if entry is None else index.value(entry)
    first = _size(head)
    for number in range(2, len(table) // _ENTRY_BYTES + 1):
        name = f"view-{number}"
        if number > MAX_PAGES:
            yield Inner(name=name, read=partial(too_many, "pictures"))
            return
        fields = table[_ENTRY_BYTES * (number - 1) : _ENTRY_BYTES * number]
        attribute, length, offset = index.unpack("III", fields[:12])
        if _is_view(stream, attribute & _TYPE, at + offset, length, first):
            yield Inner(name=name, read=partial(_read, stream, at + offset, length))


def _is_view(
    stream: BinaryIO, kind: int, start: int, length: int, first: tuple[int, int] | None
) -> bool:
    if kind in _SMALLER or kind == _DISPARITY:
        return False
    stream.seek(start)
    head = stream.read(min(length, HEAD_BYTES))
    if not head.startswith(_START):
        # What the index names as a picture is missing; an entry without a kind may be anything.
        return kind != _UNDEFINED
    return is_full_size(_size(head), first) and not has_gain_map(head)


def _read(stream: BinaryIO, start: int, length: int) -> bytes:
    if length > MAX_FILE_BYTES:
        raise InputError(
            f"The picture has {length:,} bytes; at most {MAX_FILE_BYTES:,} are read.",
            kind="too_large",
        )
    stream.seek(start)
    data = stream.read(length)
    # Lengths beyond the end are told by sound files too; whether samples miss, decoding shows.
    if not data.startswith(_START):
        raise InputError(
            "The file's index names this picture, but it is not there: the file was cut off, or "
            "changed by a program that did not know of it. Look for the original.",
            kind="truncated",
        )
    return data


def _index_at(data: bytes) -> int | None:
    """Return where the index begins, from which its places count; None when there is none."""
    for marker, start, _ in _segments(data):
        if marker == _APP2 and data[start : start + len(_MARK)] == _MARK:
            return start + len(_MARK)
    return None


def _size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in px; None when they are not told."""
    try:
        for marker, start, end in _segments(data):
            if marker in _FRAMES and end - start >= 5:
                height, width = (
                    int.from_bytes(data[at : at + 2], "big") for at in (start + 1, start + 3)
                )
                return width, height
    except EOFError:
        pass
    return None


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield marker, start and end of the segments before the samples.

    Raises:
        EOFError: the bytes end before.
    """
    at = 2
    while True:
        if at + 4 > len(data):
            raise EOFError("The JPEG ends in its header.")
        lead, marker = data[at], data[at + 1]
        if lead != 0xFF or marker in (_SCAN, _END):
            return
        if marker == 0xFF:
            at += 1
        elif marker in _ALONE:
            at += 2
        else:
            end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
            if end > len(data):
                raise EOFError("The JPEG ends in its header.")
            yield marker, at + 4, end
            at = end

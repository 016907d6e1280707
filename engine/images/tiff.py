"""The directories of a TIFF structure, read without decoding anything; also what camera raw is.

Most camera raw formats are TIFF files with a picture of the sensor in them. They are told
apart by what lies in their first directory, never by their name.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

MAX_PAGES = 1000
"""Directories that are followed; a chain may be a ring, or as long as the file."""

MAX_ENTRIES = 4096
MAX_VALUES = 64
"""Values of one entry that are read: what is asked for here is short."""

SUBFILE_TYPE, WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 254, 256, 257, 258, 259, 262
MAKE, SUB_IFDS, DNG_VERSION = 271, 330, 50706

_UNITS = {1: "B", 2: "B", 3: "H", 4: "I", 6: "b", 7: "B", 8: "h", 9: "i", 13: "I"}
"""Type numbers with whole values. Source: TIFF 6.0, section 2."""

_COLOUR_FILTER_ARRAY = 32803
_PENTAX_COMPRESSION = 65535
_MAKERS = (
    ("NIKON", "NEF"),
    ("SONY", "ARW"),
    ("PENTAX", "PEF"),
    ("RICOH", "PEF"),
    ("SAMSUNG", "SRW"),
    ("EPSON", "ERF"),
    ("HASSELBLAD", "3FR"),
)

Directory = Mapping[int, tuple[int, ...] | bytes]
"""Values by tag: numbers, and texts as bytes."""


def directories(data: bytes) -> list[Directory]:
    """Return the pages' directories in order; as far as they can be read, at most `MAX_PAGES`.

    Args:
        data: a file that begins as TIFF does; BigTIFF gives nothing.
    """
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or data[2:4] not in (b"*\0", b"\0*"):
        return []
    found: list[Directory] = []
    seen: set[int] = set()
    try:
        (at,) = struct.unpack_from(order + "I", data, 4)
        while at and at not in seen and len(found) < MAX_PAGES:
            seen.add(at)
            directory, at = _directory(data, order, at)
            found.append(directory)
    except struct.error:
        pass
    return found


def raw_kind(data: bytes) -> str | None:
    """Return which camera raw format a TIFF structure is, such as ``"DNG"``; None for a picture.

    Args:
        data: the whole file, or enough of it to hold the first directory.
    """
    pages = directories(data)
    if not pages:
        return None
    first = pages[0]
    if DNG_VERSION in first:
        return "DNG"
    if data[8:10] == b"CR":
        return "CR2"
    make = first.get(MAKE, b"")
    maker = make.decode("latin-1").upper() if isinstance(make, bytes) else ""
    is_preview = bool(number(first, SUBFILE_TYPE, 0) & 1) and SUB_IFDS in first
    is_sensor = (
        number(first, PHOTOMETRIC, 0) == _COLOUR_FILTER_ARRAY
        or number(first, COMPRESSION, 0) == _PENTAX_COMPRESSION
    )
    if not is_preview and not is_sensor:
        return None
    return next((kind for start, kind in _MAKERS if maker.startswith(start)), "RAW")


def number(directory: Directory, tag: int, otherwise: int) -> int:
    """Return the first value of a tag, or another number when it has none."""
    values = directory.get(tag)
    return int(values[0]) if values else otherwise


def _directory(data: bytes, order: str, at: int) -> tuple[Directory, int]:
    (count,) = struct.unpack_from(order + "H", data, at)
    entries: dict[int, tuple[int, ...] | bytes] = {}
    for index in range(min(count, MAX_ENTRIES)):
        place = at + 2 + 12 * index
        tag, kind, length = struct.unpack_from(order + "HHI", data, place)
        unit = _UNITS.get(kind)
        if unit is None:
            continue
        size = struct.calcsize(unit) * length
        read = min(length, MAX_VALUES)
        where = place + 8 if size <= 4 else struct.unpack_from(order + "I", data, place + 8)[0]
        if where + struct.calcsize(unit) * read > len(data):
            continue
        values = struct.unpack_from(f"{order}{read}{unit}", data, where)
        entries[tag] = bytes(values) if kind == 2 else values
    (following,) = struct.unpack_from(order + "I", data, at + 2 + 12 * count)
    return entries, int(following)

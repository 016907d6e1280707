"""Which TIFF files are camera raw; nothing is decoded here.

Most camera raw formats are TIFF files with a picture of the sensor in them. They are told
apart by what lies in their first directory, never by their name.
"""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from engine.images.tiff_file import Short, TiffFile

SUBFILE_TYPE, WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 254, 256, 257, 258, 259, 262
MAKE, SUB_IFDS, DNG_VERSION = 271, 330, 50706

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
_HEAD_BYTES = 10


def raw_kind(data: bytes) -> str | None:
    """Return which camera raw format a TIFF structure is, such as ``"DNG"``; None for a picture.

    Args:
        data: the whole file, or enough of it to hold the first directory.
    """
    return kind_in(BytesIO(data))


def kind_in(stream: BinaryIO) -> str | None:
    """Return which camera raw format a file is, as `raw_kind` does; BigTIFF is none.

    Args:
        stream: the file, seekable; its first directory is read.
    """
    try:
        file = TiffFile(stream)
        first = file.short_values(file.directory(file.first))
        head = file.read(0, _HEAD_BYTES)
    except ValueError:
        return None
    return None if file.is_big else _kind(first, head)


def _kind(first: Short, head: bytes) -> str | None:
    if DNG_VERSION in first:
        return "DNG"
    if head.endswith(b"CR"):
        return "CR2"
    make = first.get(MAKE, b"")
    maker = make.decode("latin-1").upper() if isinstance(make, bytes) else ""
    is_preview = bool(_number(first, SUBFILE_TYPE) & 1) and SUB_IFDS in first
    is_sensor = (
        _number(first, PHOTOMETRIC) == _COLOUR_FILTER_ARRAY
        or _number(first, COMPRESSION) == _PENTAX_COMPRESSION
    )
    if not is_preview and not is_sensor:
        return None
    return next((kind for start, kind in _MAKERS if maker.startswith(start)), "RAW")


def _number(directory: Short, tag: int) -> int:
    values = directory.get(tag)
    return int(values[0]) if values else 0

"""Whether a file ends before its format says it should; walks structure, decodes nothing."""

from __future__ import annotations

import struct
from collections.abc import Callable

from engine.images.formats import HEAD_BYTES, sniff

_JPEG_ALONE = frozenset([0x01, *range(0xD0, 0xD8)])
_TIFF_OFFSETS = (273, 324)
_TIFF_COUNTS = (279, 325)
_TIFF_UNITS = {3: "H", 4: "I"}
_TIFF_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
"""Size of a value by its type number. Source: TIFF 6.0, section 2."""


def ends_early(data: bytes) -> bool:
    """Return whether bytes are missing at the end of a picture.

    Args:
        data: the whole file.

    Returns:
        True when the structure runs past the end or its end mark is missing. False also
        when the format has no structure to tell by (PPM) or is not known.
    """
    check = _CHECKS.get(sniff(data[:HEAD_BYTES]) or "")
    if check is None:
        return False
    try:
        return check(data)
    except (struct.error, IndexError):
        # A header that cannot even be read to its end is the clearest case.
        return True


def _jpeg(data: bytes) -> bool:
    at = 2
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:
            at += 1
        if data[at] != 0xFF:
            return False
        marker = data[at + 1]
        at += 2
        if marker == 0xD9:
            return False
        if marker in _JPEG_ALONE:
            continue
        at += struct.unpack_from(">H", data, at)[0]
        if at > len(data):
            return True
        if marker == 0xDA:
            return data.find(b"\xff\xd9", at) < 0


def _png(data: bytes) -> bool:
    at = 8
    while True:
        length, name = struct.unpack_from(">I4s", data, at)
        at += 12 + length
        if at > len(data):
            return True
        if name == b"IEND":
            return False


def _gif(data: bytes) -> bool:
    return data.rstrip(b"\0")[-1] != 0x3B


def _riff(data: bytes) -> bool:
    return bool(struct.unpack_from("<I", data, 4)[0] + 8 > len(data))


def _bmp(data: bytes) -> bool:
    return bool(struct.unpack_from("<I", data, 2)[0] > len(data))


def _boxes(data: bytes) -> bool:
    if data[:2] == b"\xff\x4f":
        return data.rstrip(b"\0")[-2:] != b"\xff\xd9"
    at = 0
    while at < len(data):
        length = struct.unpack_from(">I", data, at)[0]
        if length == 1:
            length = struct.unpack_from(">Q", data, at + 8)[0]
        if length == 0:
            # The last box reaches to the end of the file: only the codestream can tell.
            return data[at + 4 : at + 8] == b"jp2c" and data[-2:] != b"\xff\xd9"
        if length < 8:
            return False
        at += length
    return at > len(data)


def _tiff(data: bytes) -> bool:
    order = "<" if data[:2] == b"II" else ">"
    if data[2:4] not in (b"*\0", b"\0*"):
        return False
    at = struct.unpack_from(order + "I", data, 4)[0]
    (entries,) = struct.unpack_from(order + "H", data, at)
    values: dict[int, tuple[int, ...]] = {}
    for i in range(entries):
        tag, kind, count, inline = struct.unpack_from(order + "HHII", data, at + 2 + 12 * i)
        size = count * _TIFF_BYTES.get(kind, 0)
        if size > 4 and inline + size > len(data):
            return True
        if tag in _TIFF_OFFSETS + _TIFF_COUNTS and kind in _TIFF_UNITS:
            unit = f"{order}{count}{_TIFF_UNITS[kind]}"
            where = inline if size > 4 else at + 2 + 12 * i + 8
            values[tag] = struct.unpack_from(unit, data, where)
    for offsets, counts in zip(_TIFF_OFFSETS, _TIFF_COUNTS, strict=True):
        strips = zip(values.get(offsets, ()), values.get(counts, ()), strict=False)
        if any(offset + count > len(data) for offset, count in strips):
            return True
    return False


_CHECKS: dict[str, Callable[[bytes], bool]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "GIF": _gif,
    "WEBP": _riff,
    "BMP": _bmp,
    "AVIF": _boxes,
    "HEIC": _boxes,
    "HEIF": _boxes,
    "CR3": _boxes,
    "JPEG2000": _boxes,
    "TIFF": _tiff,
}

"""How many pictures a GIF holds, without unpacking one.

Source: CompuServe, Graphics Interchange Format, version 89a, 1990, sections 18 to 27.
"""

from __future__ import annotations

_HEAD_BYTES = 13
_EXTENSION, _IMAGE = 0x21, 0x2C
_PLACE_BYTES = 9


def frames(data: bytes, most: int) -> int:
    """Count pictures, up to a number; a file that is cut off has those before the cut.

    Args:
        data: the whole file.
        most: counting ends there.
    """
    at = _HEAD_BYTES + _table_bytes(data, _HEAD_BYTES - 3)
    count = 0
    while at < len(data) and count < most:
        kind = data[at]
        if kind == _EXTENSION:
            at = _after_blocks(data, at + 2)
        elif kind == _IMAGE and at + _PLACE_BYTES < len(data):
            count += 1
            at += 1 + _PLACE_BYTES + _table_bytes(data, at + _PLACE_BYTES)
            at = _after_blocks(data, at + 1)
        else:
            break
    return count


def _table_bytes(data: bytes, flags_at: int) -> int:
    """Return the length of the colour table that a byte of flags announces."""
    flags = data[flags_at] if flags_at < len(data) else 0
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    """Return where a row of blocks ends, each led by its length, the last one empty."""
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1

"""What a JPEG XL codestream says of its picture, read bit by bit before anything is decoded.

The decoding library gives samples only; size, depth and colours are needed to refuse what is
too large, and to show what is not sRGB as it was meant.

Source: ISO/IEC 18181-1:2024, annexes B (fields) and D (image header).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from engine.images.hdr import (
    BT2020,
    DISPLAY_P3,
    JXL_P3,
    SRGB,
    SRGB_PRIMARIES,
    SRGB_TRANSFER,
    Coding,
)

CODESTREAM = b"\xff\x0a"

_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_ENUM = ((0, 0), (0, 1), (4, 2), (6, 18))
_GREY, _XYB, _CUSTOM = 1, 2, 2
_ALPHA, _SPOT, _CFA = 0, 2, 5
_MAX_EXTRA = 8
"""Extra channels that are read over; what follows more of them is taken as usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JxlHeader:
    """Size, depth and colours."""

    height: int
    """px, as stored."""
    width: int
    """px, as stored."""
    bits: int = 8
    """Bits a sample."""
    is_float: bool = False
    orientation: int = 1
    """1..8 as in EXIF; the decoder applies it."""
    is_animated: bool = False
    has_icc: bool = False
    """Whether the colours are those of a profile that only the decoder could unpack."""
    coding: Coding = SRGB


def read(data: bytes) -> JxlHeader:
    """Read the header.

    Args:
        data: the whole file, a bare codestream or boxes.

    Raises:
        ValueError: there is no codestream, or it ends inside its header.
    """
    bits = _Bits(_codestream(data))
    height, width = _size(bits)
    if bits.flag():
        return JxlHeader(height=height, width=width)
    orientation, is_animated = 1, False
    if bits.flag():
        orientation = 1 + bits.take(3)
        if bits.flag():
            _size(bits)
        if bits.flag():
            _skip_preview(bits)
        is_animated = bits.flag()
        if is_animated:
            _skip_animation(bits)
    depth, is_float = _depth(bits)
    bits.flag()
    extra = bits.choice((0, 0), (0, 1), (4, 2), (12, 1))
    known = extra <= _MAX_EXTRA
    for _ in range(extra if known else 0):
        _skip_channel(bits)
    coding, has_icc = SRGB, False
    if known:
        bits.flag()
        coding, has_icc = _colours(bits)
    return JxlHeader(
        height=height,
        width=width,
        bits=depth,
        is_float=is_float,
        orientation=orientation,
        is_animated=is_animated,
        has_icc=has_icc,
        coding=coding,
    )


class _Bits:
    """Takes bits from the lowest of the first byte on."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "little")
        self._left = 8 * len(data)

    def take(self, count: int) -> int:
        """Return the next bits as a number."""
        if count > self._left:
            raise ValueError("The JPEG XL header is truncated.")
        found = self._value & ((1 << count) - 1)
        self._value >>= count
        self._left -= count
        return found

    def flag(self) -> bool:
        """Return the next bit."""
        return bool(self.take(1))

    def choice(self, *ways: tuple[int, int]) -> int:
        """Return a number in one of four ways: (bits, what is added)."""
        count, base = ways[self.take(2)]
        return base + self.take(count)


def _codestream(data: bytes) -> bytes:
    """Return the beginning of the codestream, long enough for its header."""
    longest = 512
    if data.startswith(CODESTREAM):
        return data[2:longest]
    at = 0
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 1 and at + 16 <= len(data):
            (length,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        body = at + head + (4 if name == b"jxlp" else 0)
        if name in (b"jxlc", b"jxlp") and data[body : body + 2] == CODESTREAM:
            return data[body + 2 : body + longest]
        if length < head:
            break
        at += length
    raise ValueError("There is no JPEG XL codestream; the file is truncated.")


def _size(bits: _Bits) -> tuple[int, int]:
    small = bits.flag()

    def side() -> int:
        if small:
            return (bits.take(5) + 1) * 8
        return bits.choice((9, 1), (13, 1), (18, 1), (30, 1))

    height = side()
    ratio = bits.take(3)
    if ratio:
        times, over = _RATIOS[ratio]
        return height, height * times // over
    return height, side()


def _skip_preview(bits: _Bits) -> None:
    by_eight = bits.flag()

    def side() -> None:
        if by_eight:
            bits.choice((0, 16), (0, 32), (5, 1), (9, 33))
        else:
            bits.choice((6, 1), (8, 65), (10, 321), (12, 1345))

    side()
    if not bits.take(3):
        side()


def _skip_animation(bits: _Bits) -> None:
    bits.choice((0, 100), (0, 1000), (10, 1), (30, 1))
    bits.choice((0, 1), (0, 1001), (8, 1), (10, 1))
    bits.choice((0, 0), (3, 0), (16, 0), (32, 0))
    bits.flag()


def _depth(bits: _Bits) -> tuple[int, bool]:
    if not bits.flag():
        return bits.choice((0, 8), (0, 10), (0, 12), (6, 1)), False
    depth = bits.choice((0, 32), (0, 16), (0, 24), (6, 1))
    bits.take(4)
    return depth, True


def _skip_channel(bits: _Bits) -> None:
    if bits.flag():
        return
    kind = bits.choice(*_ENUM)
    _depth(bits)
    bits.choice((0, 0), (0, 3), (0, 4), (3, 1))
    for _ in range(bits.choice((0, 0), (4, 0), (5, 16), (10, 48))):
        bits.take(8)
    if kind == _ALPHA:
        bits.flag()
    elif kind == _SPOT:
        bits.take(64)
    elif kind == _CFA:
        bits.choice((0, 1), (2, 0), (4, 3), (8, 19))


def _colours(bits: _Bits) -> tuple[Coding, bool]:
    if bits.flag():
        return SRGB, False
    if bits.flag():
        return SRGB, True
    space = bits.choice(*_ENUM)
    primaries = SRGB_PRIMARIES
    if space != _XYB:
        if bits.choice(*_ENUM) == _CUSTOM:
            _skip_chromaticity(bits)
        if space != _GREY:
            primaries = bits.choice(*_ENUM)
            if primaries == _CUSTOM:
                for _ in range(3):
                    _skip_chromaticity(bits)
    transfer = SRGB_TRANSFER
    if bits.flag():
        bits.take(24)
    else:
        transfer = bits.choice(*_ENUM)
    known = {JXL_P3: DISPLAY_P3, BT2020: BT2020}
    return Coding(primaries=known.get(primaries, SRGB_PRIMARIES), transfer=transfer), False


def _skip_chromaticity(bits: _Bits) -> None:
    for _ in range(2):
        bits.choice((19, 0), (19, 524288), (20, 1048576), (21, 2097152))

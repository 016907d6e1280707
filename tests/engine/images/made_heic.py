"""HEIC files made without an encoder library: one HEVC picture of plain (PCM) coding units.

Plain units carry samples as they are, so that a few arithmetic-coded flags a unit are all the
entropy coding there is. Source: ITU-T H.265 (7.3, 9.3.4); ISO 23008-12 (HEIF).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image

UNIT_PX = 16
_RANGE_LPS = (
    240, 227, 216, 205, 195, 185, 175, 166, 158, 150, 142, 135, 128, 122, 116, 110, 104, 99, 94,
    89, 85, 80, 76, 72,
)  # fmt: skip
"""H.265, table 9-52, last column, as far as a picture of 24 units goes."""


class Bits:
    """Writes fields, highest bit first."""

    def __init__(self) -> None:
        self.bits: list[int] = []

    def u(self, count: int, value: int) -> Bits:
        self.bits += [value >> i & 1 for i in reversed(range(count))]
        return self

    def ue(self, *values: int) -> Bits:
        for value in values:
            width = (value + 1).bit_length()
            self.u(2 * width - 1, value + 1)
        return self

    def ends(self) -> bytes:
        return self.u(1, 1).aligned()

    def aligned(self) -> bytes:
        self.bits += [0] * (-len(self.bits) % 8)
        return np.packbits(np.array(self.bits, dtype=np.uint8)).tobytes()


class Arithmetic:
    """The arithmetic coder, for one context whose likelier symbol is always coded."""

    def __init__(self, out: Bits) -> None:
        self.out = out
        self.restart()

    def restart(self) -> None:
        self.low, self.range, self.waiting, self.first = 0, 510, 0, True

    def likely(self, state: int) -> None:
        assert self.range >> 6 & 3 == 3
        self.range -= _RANGE_LPS[state]
        self._renormalise()

    def terminate(self, ends: bool) -> None:
        self.range -= 2
        if ends:
            self.low += self.range
            self.range = 2
        self._renormalise()
        if ends:
            self._put(self.low >> 9 & 1)
            self.out.u(2, self.low >> 7 & 3 | 1)

    def _renormalise(self) -> None:
        while self.range < 256:
            if self.low < 256:
                self._put(0)
            elif self.low >= 512:
                self.low -= 512
                self._put(1)
            else:
                self.low -= 256
                self.waiting += 1
            self.range <<= 1
            self.low <<= 1

    def _put(self, bit: int) -> None:
        if self.first:
            self.first = False
        else:
            self.out.u(1, bit)
        self.out.bits += [1 - bit] * self.waiting
        self.waiting = 0


def heic(
    pixels: np.ndarray, *, primaries: int = 1, transfer: int = 13, brand: bytes = b"heic"
) -> bytes:
    """Return a HEIC file.

    Args:
        pixels: [h, w, 3] uint8, at most 24 units of 16 x 16 px.
        primaries: of the ``nclx`` colour box.
        transfer: of the ``nclx`` colour box.
        brand: major brand.
    """
    return heics([pixels], primaries=primaries, transfer=transfer, brand=brand)


def heics(
    pictures: Sequence[np.ndarray],
    *,
    primaries: int = 1,
    transfer: int = 13,
    brand: bytes = b"heic",
    hidden: Sequence[int] = (),
    thumbnails: Mapping[int, int] | None = None,
) -> bytes:
    """Return a HEIC file of several pictures, items 1 and so on; the first is the primary one.

    Args:
        pictures: see `heic`.
        primaries: see `heic`.
        transfer: see `heic`.
        brand: see `heic`.
        hidden: items that are not to be shown.
        thumbnails: items that are smaller versions, and of which.
    """
    coded = [_coded(pixels) for pixels in pictures]
    colour = b"nclx" + struct.pack(">HHHB", primaries, transfer, 6, 0x80)
    properties, associations, entries = b"", b"", b""
    for item, pixels in enumerate(pictures, 1):
        height, width, _ = pixels.shape
        properties += _box(b"hvcC", _config(pixels))
        properties += _full(b"ispe", struct.pack(">II", width, height))
        properties += _box(b"colr", colour)
        associations += struct.pack(">HB", item, 3) + bytes(
            [3 * item - 2 | 0x80, 3 * item - 1, 3 * item]
        )
        kind = struct.pack(">HH4s", item, 0, b"hvc1") + b"\0"
        entries += _full(b"infe", kind, version=2, flags=int(item in hidden))
    count = len(pictures)
    smaller = b"".join(
        _box(b"thmb", struct.pack(">HHH", item, 1, of)) for item, of in (thumbnails or {}).items()
    )

    def meta(offset: int) -> bytes:
        places = struct.pack(">BBH", 0x44, 0, count)
        for item, data in enumerate(coded, 1):
            places += struct.pack(">HHHII", item, 0, 1, offset, len(data))
            offset += len(data)
        return _full(
            b"meta",
            _full(b"hdlr", bytes(4) + b"pict" + bytes(13))
            + _full(b"pitm", struct.pack(">H", 1))
            + _full(b"iloc", places)
            + _full(b"iinf", struct.pack(">H", count) + entries)
            + (_full(b"iref", smaller) if smaller else b"")
            + _box(
                b"iprp",
                _box(b"ipco", properties),
                _full(b"ipma", struct.pack(">I", count) + associations),
            ),
        )

    start = _box(b"ftyp", brand + bytes(4) + b"mif1heic")
    offset = len(start) + len(meta(0)) + 8
    return start + meta(offset) + _box(b"mdat", *coded)


def _coded(pixels: np.ndarray) -> bytes:
    picture = _nal(19, _slice(pixels))
    return struct.pack(">I", len(picture)) + picture


def _config(pixels: np.ndarray) -> bytes:
    height, width, _ = pixels.shape
    sets = [_nal(32, _vps()), _nal(33, _sps(height, width)), _nal(34, _pps())]
    config = bytes([1, 3]) + struct.pack(">I", 0x70000000) + bytes([0x90, 0, 0, 0, 0, 0, 90])
    config += bytes([0xF0, 0, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0, 0x0F, 3])
    for kind, nal in zip((32, 33, 34), sets, strict=True):
        config += struct.pack(">BHH", 0x80 | kind, 1, len(nal)) + nal
    return config


def _box(name: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I", 8 + len(content)) + name + content


def _full(name: bytes, content: bytes, version: int = 0, flags: int = 0) -> bytes:
    return _box(name, struct.pack(">I", version << 24 | flags), content)


def _nal(kind: int, content: bytes) -> bytes:
    guarded, zeros = bytearray(), 0
    for byte in content:
        if zeros >= 2 and byte <= 3:
            guarded.append(3)
            zeros = 0
        guarded.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes([kind << 1, 1]) + bytes(guarded)


def _profile(bits: Bits) -> Bits:
    bits.u(8, 3).u(32, 0x70000000).u(4, 0b1001).u(43, 0).u(1, 0)
    return bits.u(8, 90)


def _vps() -> bytes:
    bits = _profile(Bits().u(4, 0).u(2, 3).u(6, 0).u(3, 0).u(1, 1).u(16, 0xFFFF))
    return bits.u(1, 1).ue(0, 0, 0).u(6, 0).ue(0).u(2, 0).ends()


def _sps(height: int, width: int) -> bytes:
    bits = _profile(Bits().u(4, 0).u(3, 0).u(1, 1))
    bits.ue(0, 1, width, height).u(1, 0).ue(0, 0, 0).u(1, 1).ue(0, 0, 0)
    bits.ue(1, 0, 0, 2, 0, 0).u(1, 0).u(1, 0).u(1, 0)
    bits.u(1, 1).u(4, 7).u(4, 7).ue(1, 0).u(1, 1)
    return bits.ue(0).u(5, 0).ends()


def _pps() -> bytes:
    bits = Bits().ue(0, 0).u(7, 0).ue(0, 0, 0).u(3, 0).ue(0, 0).u(7, 0)
    return bits.u(3, 0b101).u(2, 0).ue(0).u(2, 0).ends()


def _slice(pixels: np.ndarray) -> bytes:
    height, width, _ = pixels.shape
    planes = np.asarray(Image.fromarray(pixels).convert("YCbCr"), dtype=np.uint8)
    luma = planes[..., 0]
    halves = [planes[..., i].reshape(height // 2, 2, width // 2, 2).mean((1, 3)) for i in (1, 2)]
    chroma = [np.rint(half).astype(np.uint8) for half in halves]
    out = Bits().u(2, 0b10).ue(0, 2, 0).u(1, 1)
    out.bits += [0] * (-len(out.bits) % 8)
    coder = Arithmetic(out)
    units = [(y, x) for y in range(0, height, UNIT_PX) for x in range(0, width, UNIT_PX)]
    for index, (y, x) in enumerate(units):
        coder.likely(index)
        coder.terminate(True)
        out.bits += [0] * (-len(out.bits) % 8)
        half, by, bx = UNIT_PX // 2, y // 2, x // 2
        parts = [luma[y : y + UNIT_PX, x : x + UNIT_PX]]
        parts += [plane[by : by + half, bx : bx + half] for plane in chroma]
        for part in parts:
            out.bits += np.unpackbits(np.ascontiguousarray(part)).tolist()
        coder.restart()
        coder.terminate(index == len(units) - 1)
    return out.aligned()

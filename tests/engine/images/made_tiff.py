"""TIFF files with several pages, written here entry by entry."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

from tests.engine.images.made_containers import picture

MAKER, EXIF, USER_COMMENT = 271, 34665, 37510
SUBFILE_TYPE, SUB_IFDS = 254, 330

Entries = dict[int, tuple[int, Any]]
"""(type, value) by tag: bytes, a number, numbers, or for `EXIF` entries."""


def scan(count: int, *, compression: str | None = None, first: int = 0) -> bytes:
    """A document of so many pages, as a scanner's program writes it."""
    pages = [Image.fromarray(picture(first + number)) for number in range(count)]
    stream = io.BytesIO()
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:], compression=compression)
    return stream.getvalue()


def tiff(
    pages: Sequence[np.ndarray],
    *,
    order: str = "<",
    big: bool = False,
    tile: int = 0,
    more: Mapping[int, Entries] | None = None,
    gaps: bytes = b"",
) -> bytes:
    """Uncompressed RGB pages.

    Args:
        pages: [h, w, 3], uint8.
        order: of bytes, for `struct`.
        big: whether it is BigTIFF.
        tile: side of tiles; 0 gives strips of 16 rows.
        more: entries by page number, counted from 1.
        gaps: what lies between the parts.
    """
    file = _File(order, big, gaps)
    for number, page in enumerate(pages, 1):
        height, width, _ = page.shape
        parts = _parts(page, tile)
        starts, lengths = [file.put(part) for part in parts], [len(part) for part in parts]
        entries: Entries = {
            256: (4, width), 257: (4, height), 258: (3, (8, 8, 8)), 259: (3, 1), 262: (3, 2),
            277: (3, 3), 284: (3, 1), **(more or {}).get(number, {}),
        }  # fmt: skip
        if tile:
            entries |= {322: (3, tile), 323: (3, tile), 324: (4, starts), 325: (4, lengths)}
        else:
            entries |= {278: (3, 16), 273: (4, starts), 279: (4, lengths)}
        file.add(entries)
    return bytes(file.out)


class _File:
    """A file that grows page by page."""

    def __init__(self, order: str, big: bool, gaps: bytes) -> None:
        self.order, self.gaps = order, gaps
        self.count, self.place, self.width = ("Q", "Q", 8) if big else ("H", "I", 4)
        self.out = bytearray(b"II" if order == "<" else b"MM")
        self.out += struct.pack(order + "H", 43 if big else 42)
        self.out += struct.pack(order + "HH", 8, 0) if big else b""
        self.link = len(self.out)
        self.out += bytes(self.width)

    def add(self, entries: Entries) -> None:
        """Append a page's directory and let the one before lead to it."""
        body = self.directory(entries)
        at = self.put(body)
        struct.pack_into(self.order + self.place, self.out, self.link, at)
        self.link = at + len(body) - self.width

    def put(self, data: bytes) -> int:
        """Append bytes at an even place behind a gap; return the place."""
        self.out += self.gaps + bytes((len(self.out) + len(self.gaps)) % 2)
        self.out += data
        return len(self.out) - len(data)

    def directory(self, entries: Entries) -> bytes:
        """Append values that are too long; return the directory, which leads nowhere."""
        body = struct.pack(self.order + self.count, len(entries))
        for tag, (kind, given) in sorted(entries.items()):
            if isinstance(given, dict):
                data, count = struct.pack(self.order + "I", self.put(self.directory(given))), 1
            elif isinstance(given, bytes):
                data, count = given, len(given)
            else:
                values = (given,) if isinstance(given, int) else given
                unit = {3: "H", 4: "I"}[kind]
                data, count = struct.pack(f"{self.order}{len(values)}{unit}", *values), len(values)
            if len(data) > self.width:
                data = struct.pack(self.order + self.place, self.put(data))
            body += struct.pack(self.order + "HH" + self.place, tag, kind, count)
            body += data.ljust(self.width, b"\0")
        return body + bytes(self.width)


def _parts(page: np.ndarray, tile: int) -> list[bytes]:
    height, width, _ = page.shape
    if not tile:
        return [page[row : row + 16].tobytes() for row in range(0, height, 16)]
    padded = np.pad(page, ((0, -height % tile), (0, -width % tile), (0, 0)))
    return [
        padded[row : row + tile, column : column + tile].tobytes()
        for row in range(0, height, tile)
        for column in range(0, width, tile)
    ]

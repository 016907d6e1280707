"""What a JPEG file consists of: markers, tables, frame and scans. Decodes no sample."""

from __future__ import annotations

import hashlib
import re
import struct
from dataclasses import dataclass

import numpy as np

# fmt: off
ZIGZAG = np.array([
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
])
"""[64] place of the n-th coefficient in a block, row by row. Source: ITU-T T.81, figure A.6."""
# fmt: on

FRAMES = {
    0xC0: "baseline",
    0xC1: "extended sequential",
    0xC2: "progressive",
    0xC3: "lossless",
    0xC9: "extended sequential, arithmetic coding",
    0xCA: "progressive, arithmetic coding",
}
"""Names of the frames by their marker. Source: ITU-T T.81, table B.1."""

MAX_SEGMENTS = 10_000
"""More than this is no picture; the walk stops there."""

_ALONE = frozenset([0x01, *range(0xD0, 0xD9)])
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One marker segment."""

    marker: int
    """Second byte of the marker, 0x01..0xFE."""
    at: int
    """Offset of its content, bytes."""
    length: int
    """Length of its content, bytes, >= 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One quantisation table."""

    index: int
    """0..3."""
    values: tuple[int, ...]
    """64 divisors, row by row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the frame header says."""

    marker: int
    height: int
    """px, before orientation."""
    width: int
    """px, before orientation."""
    components: tuple[tuple[int, int, int, int], ...]
    """(identifier, horizontal factor, vertical factor, quantisation table) each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JpegFile:
    """The structure of a JPEG."""

    segments: tuple[Segment, ...]
    """In order, up to the end of the picture."""
    tables: tuple[Table, ...]
    """Quantisation tables by index, the last of each."""
    huffman: tuple[bytes, ...]
    """Every Huffman table as it stands: class and index, 16 counts, symbols."""
    frame: Frame | None
    scans: int
    """How many scans there are."""
    restart_interval: int
    """MCUs between restart markers; 0 when there are none."""
    end: int
    """Offset after the end-of-image marker; the file's length when there is none."""
    complete: bool
    """Whether the end-of-image marker was found."""

    def content(self, data: bytes, segment: Segment) -> bytes:
        """Return a segment's content."""
        return data[segment.at : segment.at + segment.length]

    @property
    def table_digest(self) -> str:
        """First 16 hex digits of the SHA-256 over all quantisation tables, in index order."""
        flat = [v for table in self.tables for v in (table.index, *table.values)]
        return hashlib.sha256(struct.pack(f">{len(flat)}H", *flat)).hexdigest()[:16]

    @property
    def subsampling(self) -> str:
        """Such as ``"4:2:0"``; the factors themselves when they have no such name."""
        if self.frame is None:
            return ""
        parts = self.frame.components
        if len(parts) == 1:
            return "greyscale"
        factors = tuple((h, v) for _, h, v, _ in parts)
        named = {(1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0", (1, 2): "4:4:0"}
        if len(parts) == 3 and factors[1] == factors[2] == (1, 1):
            return {**named, (4, 1): "4:1:1"}.get(factors[0], _factors(factors))
        return _factors(factors)


def read(data: bytes, start: int = 0) -> JpegFile:
    """Walk a JPEG from its start-of-image marker to its end.

    Args:
        data: a file that holds a JPEG.
        start: offset of the start-of-image marker.

    Raises:
        ValueError: there is no JPEG at ``start``.
    """
    if data[start : start + 3] != b"\xff\xd8\xff":
        raise ValueError("There is no start-of-image marker.")
    segments: list[Segment] = []
    at, scans = start + 2, 0
    end, complete = len(data), False
    while len(segments) < MAX_SEGMENTS:
        found = _marker(data, at, in_scan=bool(segments) and segments[-1].marker == 0xDA)
        if found is None:
            break
        marker, at = found
        if marker == 0xD9:
            end, complete = at, True
            break
        if marker in _ALONE:
            continue
        if at + 2 > len(data):
            break
        length = int(struct.unpack_from(">H", data, at)[0])
        if length < 2:
            break
        segments.append(Segment(marker=marker, at=at + 2, length=length - 2))
        at += length
        scans += marker == 0xDA
    return _described(data, tuple(segments), scans, end, complete=complete)


def _marker(data: bytes, at: int, *, in_scan: bool) -> tuple[int, int] | None:
    """Return the next marker and the offset after it."""
    if not in_scan and data[at : at + 1] == b"\xff" and at + 1 < len(data) and data[at + 1] != 0xFF:
        return data[at + 1], at + 2
    match = _NEXT_MARKER.search(data, at)
    return None if match is None else (data[match.end() - 1], match.end())


def _described(
    data: bytes, segments: tuple[Segment, ...], scans: int, end: int, *, complete: bool
) -> JpegFile:
    tables: dict[int, Table] = {}
    huffman: list[bytes] = []
    frame, interval = None, 0
    for segment in segments:
        content = data[segment.at : segment.at + segment.length]
        if segment.marker == 0xDB:
            tables.update({table.index: table for table in _tables(content)})
        elif segment.marker == 0xC4:
            huffman.extend(_huffman(content))
        elif segment.marker in FRAMES and frame is None:
            frame = _frame(segment.marker, content)
        elif segment.marker == 0xDD and len(content) >= 2:
            interval = int(struct.unpack_from(">H", content)[0])
    return JpegFile(
        segments=segments,
        tables=tuple(tables[index] for index in sorted(tables)),
        huffman=tuple(huffman),
        frame=frame,
        scans=scans,
        restart_interval=interval,
        end=end,
        complete=complete,
    )


def _tables(content: bytes) -> list[Table]:
    found, at = [], 0
    while at < len(content):
        wide, index = content[at] >> 4, content[at] & 15
        size = 128 if wide else 64
        raw = content[at + 1 : at + 1 + size]
        if len(raw) < size:
            break
        stored = np.frombuffer(raw, dtype=">u2" if wide else "u1").astype(np.int64)
        values = np.zeros(64, dtype=np.int64)
        values[ZIGZAG] = stored
        found.append(Table(index=index, values=tuple(int(v) for v in values)))
        at += 1 + size
    return found


def _huffman(content: bytes) -> list[bytes]:
    found, at = [], 0
    while at + 17 <= len(content):
        size = 17 + sum(content[at + 1 : at + 17])
        found.append(content[at : at + size])
        at += size
    return found


def _frame(marker: int, content: bytes) -> Frame | None:
    if len(content) < 6:
        return None
    _, height, width, count = struct.unpack_from(">BHHB", content)
    parts = [content[6 + 3 * i : 9 + 3 * i] for i in range(count)]
    components = tuple((p[0], p[1] >> 4, p[1] & 15, p[2]) for p in parts if len(p) == 3)
    return Frame(marker=marker, height=height, width=width, components=components)


def _factors(factors: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"{h}x{v}" for h, v in factors)

"""A reader of EXIF that takes nothing on trust: offsets, counts and loops are checked."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from fractions import Fraction

MAX_ENTRIES = 2_000
"""Entries read from one file."""

MAX_VALUE_BYTES = 1 << 20
"""Longest value that is read; a maker note is kept as bytes."""

Value = str | bytes | int | float | Fraction | tuple["int | float | Fraction", ...]

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_UNITS = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I"}
_SUB_DIRECTORIES = {0x8769: "Exif", 0x8825: "GPS", 0xA005: "Interop"}
_THUMBNAIL_AT, _THUMBNAIL_LENGTH = 0x0201, 0x0202

TAGS = {
    ("IFD0", 0x010E): "ImageDescription",
    ("IFD0", 0x010F): "Make",
    ("IFD0", 0x0110): "Model",
    ("IFD0", 0x0112): "Orientation",
    ("IFD0", 0x0131): "Software",
    ("IFD0", 0x0132): "DateTime",
    ("IFD0", 0x013B): "Artist",
    ("IFD0", 0x013C): "HostComputer",
    ("IFD0", 0x8298): "Copyright",
    ("IFD0", 0x0100): "ImageWidth",
    ("IFD0", 0x0101): "ImageLength",
    ("IFD0", 0x9C9B): "XPTitle",
    ("IFD0", 0x9C9C): "XPComment",
    ("IFD0", 0x9C9E): "XPKeywords",
    ("Exif", 0x829A): "ExposureTime",
    ("Exif", 0x829D): "FNumber",
    ("Exif", 0x8827): "ISO",
    ("Exif", 0x9003): "DateTimeOriginal",
    ("Exif", 0x9004): "DateTimeDigitized",
    ("Exif", 0x9010): "OffsetTime",
    ("Exif", 0x9011): "OffsetTimeOriginal",
    ("Exif", 0x920A): "FocalLength",
    ("Exif", 0x927C): "MakerNote",
    ("Exif", 0x9286): "UserComment",
    ("Exif", 0xA002): "PixelXDimension",
    ("Exif", 0xA003): "PixelYDimension",
    ("Exif", 0xA420): "ImageUniqueID",
    ("Exif", 0xA431): "BodySerialNumber",
    ("Exif", 0xA433): "LensMake",
    ("Exif", 0xA434): "LensModel",
    ("Exif", 0xA460): "CompositeImage",
    ("GPS", 0x01): "GPSLatitudeRef",
    ("GPS", 0x02): "GPSLatitude",
    ("GPS", 0x03): "GPSLongitudeRef",
    ("GPS", 0x04): "GPSLongitude",
    ("GPS", 0x07): "GPSTimeStamp",
    ("GPS", 0x1D): "GPSDateStamp",
}
"""Names of the tags that are read by name. Source: CIPA DC-008 (Exif 2.32), section 4.6."""

_TEXT_MARKS = {b"ASCII\0\0\0": "ascii", b"UNICODE\0": "utf-16", b"\0" * 8: "utf-8"}
_TITLES_IN_UTF_16 = ("XPTitle", "XPComment", "XPKeywords")


@dataclass(slots=True, kw_only=True)
class Exif:
    """What an EXIF block holds."""

    values: dict[str, Value] = field(default_factory=dict)
    """By name, of the tags in `TAGS`; texts are stripped."""
    counts: dict[str, int] = field(default_factory=dict)
    """Entries by directory, such as ``{"IFD0": 11, "Exif": 30}``."""
    thumbnail: bytes | None = None
    """The JPEG of the second directory."""
    damage: list[str] = field(default_factory=list)
    """What could not be read, a few words each."""

    def text(self, name: str) -> str:
        """Return a value as text; empty when it is not there."""
        value = self.values.get(name)
        return "" if value is None or isinstance(value, bytes) else str(value)

    def number(self, name: str) -> float | None:
        """Return a value as a number, or None when it is not one."""
        value = self.values.get(name)
        if isinstance(value, int | float | Fraction):
            return float(value)
        return None


def read(block: bytes) -> Exif:
    """Read a TIFF structure.

    Args:
        block: from its byte-order mark on.

    Raises:
        ValueError: it is no TIFF structure.
    """
    orders = {b"II*\0": "<", b"MM\0*": ">"}
    order = orders.get(block[:4])
    if order is None:
        raise ValueError(f"EXIF does not begin with a byte order ({block[:4].hex()}).")
    return _Reader(block, order).read()


class _Reader:
    """Walks the directories of one block."""

    def __init__(self, block: bytes, order: str) -> None:
        self._block = block
        self._order = order
        self._left = MAX_ENTRIES
        self._seen: set[int] = set()
        self._exif = Exif()

    def read(self) -> Exif:
        first = self._unpack("I", 4)
        following = self._directory("IFD0", first)
        if following:
            self._directory("IFD1", following)
        return self._exif

    def _unpack(self, unit: str, at: int) -> int:
        return int(struct.unpack_from(self._order + unit, self._block, at)[0])

    def _directory(self, name: str, at: int) -> int:
        """Read one directory and return the offset of the next, 0 when there is none."""
        if at in self._seen or not 8 <= at <= len(self._block) - 2:
            self._exif.damage.append(f"{name} at offset {at}")
            return 0
        self._seen.add(at)
        count = self._unpack("H", at)
        self._exif.counts[name] = count
        raw: dict[int, Value] = {}
        for i in range(min(count, self._left)):
            entry = at + 2 + 12 * i
            if entry + 12 > len(self._block):
                self._exif.damage.append(f"{name} ends early")
                return 0
            tag = self._unpack("H", entry)
            value = self._value(entry)
            if value is not None:
                raw[tag] = value
        self._left -= min(count, self._left)
        self._keep(name, raw)
        end = at + 2 + 12 * count
        return self._unpack("I", end) if name == "IFD0" and end + 4 <= len(self._block) else 0

    def _keep(self, name: str, raw: dict[int, Value]) -> None:
        for tag, value in raw.items():
            known = TAGS.get((name, tag))
            if known is not None:
                self._exif.values.setdefault(known, _readable(known, value, self._order))
            if tag in _SUB_DIRECTORIES and isinstance(value, int):
                self._directory(_SUB_DIRECTORIES[tag], value)
        start, length = raw.get(_THUMBNAIL_AT), raw.get(_THUMBNAIL_LENGTH)
        if name == "IFD1" and isinstance(start, int) and isinstance(length, int) and length > 0:
            self._exif.thumbnail = self._block[start : start + length]

    def _value(self, entry: int) -> Value | None:
        kind, count = self._unpack("H", entry + 2), self._unpack("I", entry + 4)
        size = _SIZES.get(kind, 0) * count
        if size == 0:
            return None
        at = entry + 8 if size <= 4 else self._unpack("I", entry + 8)
        if size > MAX_VALUE_BYTES or at + size > len(self._block):
            self._exif.damage.append(f"tag 0x{self._unpack('H', entry):04X}")
            return None
        raw = self._block[at : at + size]
        if kind == 2:
            return raw.split(b"\0")[0].decode("utf-8", "replace").strip()
        if kind == 7:
            return raw
        numbers = self._numbers(kind, count, raw)
        return numbers[0] if len(numbers) == 1 else numbers

    def _numbers(self, kind: int, count: int, raw: bytes) -> tuple[int | float | Fraction, ...]:
        if kind in (5, 10):
            flat = struct.unpack(f"{self._order}{2 * count}{'I' if kind == 5 else 'i'}", raw)
            pairs = zip(flat[::2], flat[1::2], strict=True)
            return tuple(Fraction(a, b) if b else Fraction(0) for a, b in pairs)
        return struct.unpack(f"{self._order}{count}{_UNITS[kind]}", raw)


def _readable(name: str, value: Value, order: str) -> Value:
    if name in _TITLES_IN_UTF_16:
        raw = value if isinstance(value, bytes) else _packed(value)
        return raw.decode("utf-16-le", "replace").rstrip("\0").strip()
    if name == "UserComment" and isinstance(value, bytes):
        return user_comment(value, order)
    return value


def _packed(value: Value) -> bytes:
    if isinstance(value, tuple) and all(isinstance(v, int) and 0 <= v < 256 for v in value):
        return bytes(v for v in value if isinstance(v, int))
    return b""


def user_comment(raw: bytes, order: str = ">") -> str:
    """Return the text of a UserComment.

    Its first 8 bytes name the encoding. Writers disagree on the byte order of "UNICODE":
    the order that gives more ASCII characters is taken.

    Args:
        raw: with its mark.
        order: byte order of the block, ``"<"`` or ``">"``.
    """
    encoding = _TEXT_MARKS.get(raw[:8])
    if encoding is None:
        return raw.decode("utf-8", "replace").strip("\0 ")
    body = raw[8:]
    if encoding != "utf-16":
        return body.decode("utf-8", "replace").strip("\0 ")
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace").strip("\0 ")
    high, low = body[0:400:2].count(0), body[1:400:2].count(0)
    little = low > high if low != high else order == "<"
    return body.decode("utf-16-le" if little else "utf-16-be", "replace").strip("\0 ")

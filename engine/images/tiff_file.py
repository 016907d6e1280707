"""A TIFF or BigTIFF file whose directories are read where they lie, without decoding anything.

Source: TIFF 6.0, section 2; BigTIFF as libtiff describes it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

MAX_ENTRIES = 4096
"""Of one directory."""

MAX_VALUES = 64
"""Values of one entry that are read where what is asked for is short."""

SIZES = {
    1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
    16: 8, 17: 8, 18: 8,
}  # fmt: skip
"""Bytes of a value by type number."""

_WHOLE = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
"""Types that tell places, lengths and the like."""

_TEXT = 2

Short = Mapping[int, tuple[int, ...] | bytes]
"""Values by tag, at most `MAX_VALUES` of each: whole numbers, and texts as bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a directory."""

    tag: int
    kind: int
    """A type number of `SIZES`."""
    count: int
    field: bytes
    """Its last 4 or 8 bytes: the value, or where it lies."""

    @property
    def size(self) -> int:
        """Bytes of its value."""
        return SIZES[self.kind] * self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """A directory; entries of unknown types are left out."""

    entries: tuple[Entry, ...]
    following: int
    """Where the next page's directory lies; 0 at the end."""

    def entry(self, tag: int) -> Entry | None:
        """Return the first entry of a tag."""
        return next((entry for entry in self.entries if entry.tag == tag), None)


class TiffFile:
    """A file and how its numbers are written.

    Args:
        stream: seekable; read only as far as is asked for.

    Raises:
        ValueError: it does not begin as TIFF does, or ends in its header.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = stream.seek(0, 2)
        """Of the file, in bytes."""
        start = self.read(0, 4)
        self.order = {b"II": "<", b"MM": ">"}.get(start[:2], "")
        """For `struct`."""
        (version,) = struct.unpack((self.order or "<") + "H", start[2:])
        if not self.order or version not in (42, 43):
            raise ValueError("it is no TIFF file")
        self.is_big = version == 43
        """Whether places take 8 bytes."""
        self.place = "Q" if self.is_big else "I"
        """How a place is written, for `struct`."""
        self.width = 8 if self.is_big else 4
        """Bytes of a place."""
        self.head = self.read(0, self.width)
        """All that comes before the place of the first directory."""
        (self.first,) = self.unpack(self.place, self.read(self.width, self.width))

    def pack(self, form: str, *numbers: int) -> bytes:
        """Return numbers in the file's byte order."""
        return struct.pack(self.order + form, *numbers)

    def unpack(self, form: str, data: bytes) -> tuple[int, ...]:
        """Return whole numbers that are in the file's byte order."""
        return struct.unpack(self.order + form, data)

    def read(self, at: int, count: int) -> bytes:
        """Return bytes of the file.

        Raises:
            ValueError: the file ends before.
        """
        if at + count > self.size:
            raise ValueError("it leads beyond the end of the file")
        self._stream.seek(at)
        found = self._stream.read(count)
        if len(found) < count:
            raise ValueError("it leads beyond the end of the file")
        return found

    def following(self, at: int) -> int:
        """Return where the directory behind the one at a place lies; 0 for none.

        Raises:
            ValueError: the file ends before.
        """
        _, end = self._bounds(at)
        return self.unpack(self.place, self.read(end, self.width))[0]

    def directory(self, at: int) -> Directory:
        """Return the directory at a place.

        Raises:
            ValueError: the file ends before, or it has too many entries.
        """
        start, end = self._bounds(at)
        if end - start > self._step * MAX_ENTRIES:
            raise ValueError(f"its directory has more than {MAX_ENTRIES:,} entries")
        body = self.read(start, end - start + self.width)
        entries = []
        for offset in range(0, end - start, self._step):
            split = offset + 4 + self.width
            tag, kind, count = self.unpack("HH" + self.place, body[offset:split])
            if kind in SIZES:
                field = body[split : offset + self._step]
                entries.append(Entry(tag=tag, kind=kind, count=count, field=field))
        (following,) = self.unpack(self.place, body[end - start :])
        return Directory(entries=tuple(entries), following=following)

    def target(self, entry: Entry) -> int:
        """Return the place that an entry's field tells."""
        return self.unpack(self.place, entry.field)[0]

    def holds(self, entry: Entry) -> bool:
        """Return whether an entry's value lies in the file."""
        return entry.size <= self.width or self.target(entry) + entry.size <= self.size

    def value(self, entry: Entry) -> bytes:
        """Return an entry's value.

        Raises:
            ValueError: it is not in the file.
        """
        return self._start_of(entry, entry.size)

    def numbers(self, entry: Entry | None, most: int) -> tuple[int, ...]:
        """Return an entry's whole numbers; none for another type, or when there are too many.

        Args:
            entry: None gives none.
            most: how many there may be.

        Raises:
            ValueError: they are not in the file.
        """
        unit = None if entry is None else _WHOLE.get(entry.kind)
        if entry is None or unit is None or entry.count > most:
            return ()
        return self.unpack(f"{entry.count}{unit}", self.value(entry))

    def number(self, directory: Directory, tag: int) -> int:
        """Return the first number of a tag; 0 where none can be read."""
        entry = directory.entry(tag)
        found = () if entry is None else self._short(entry)
        return found[0] if found else 0

    def short_values(self, directory: Directory) -> Short:
        """Return a directory's numbers and texts by tag; what cannot be read is left out."""
        found = {entry.tag: self._short(entry) for entry in directory.entries}
        return {tag: values for tag, values in found.items() if values}

    def _short(self, entry: Entry) -> tuple[int, ...] | bytes:
        if not self.holds(entry):
            return ()
        # The value's place follows from its whole length, so it is cut, not its count.
        data = self._start_of(entry, SIZES[entry.kind] * MAX_VALUES)
        if entry.kind == _TEXT:
            return data
        unit = _WHOLE.get(entry.kind)
        return self.unpack(f"{len(data) // SIZES[entry.kind]}{unit}", data) if unit else ()

    def _start_of(self, entry: Entry, most: int) -> bytes:
        if entry.size <= self.width:
            return entry.field[: entry.size]
        return self.read(self.target(entry), min(entry.size, most))

    @property
    def _step(self) -> int:
        return 20 if self.is_big else 12

    def _bounds(self, at: int) -> tuple[int, int]:
        """Return where a directory's entries begin and end."""
        width, form = (8, "Q") if self.is_big else (2, "H")
        (count,) = self.unpack(form, self.read(at, width))
        return at + width, at + width + self._step * count

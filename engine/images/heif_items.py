"""Further pictures of a HEIF file: those that are shown beside its primary one, as bursts are.

Such a picture has no bytes of its own: it shares tables, parameters and tiles with the others.
Its bytes are the file's with one number changed, that of the primary item (box ``pitm``), so that
the file's picture is this one. Nothing is decoded here.

Source: ISO/IEC 14496-12 (8.11), ISO/IEC 23008-12 (6.5, 6.6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from engine.images.inner import Inner, is_full_size, too_many
from engine.images.limits import MAX_FILE_BYTES, MAX_PAGES

MAX_TABLE_BYTES = 4 << 20
"""Longest table of items that is read."""

_PICTURES = frozenset(
    (b"hvc1", b"av01", b"grid", b"iden", b"iovl", b"jpeg", b"avc1", b"j2k1", b"vvc1", b"unci")
)
"""Types of items that are pictures."""

_HIDDEN = 1

_Size = tuple[int, int]


@dataclass(slots=True, kw_only=True)
class _Table:
    """What a file's ``meta`` box says of its items."""

    primary: int = 0
    place: int = 0
    """Where the primary item's number lies in the file."""
    width: int = 2
    """Bytes of that number."""
    pictures: list[int] = field(default_factory=list)
    """Items that are pictures and not hidden, in the file's order."""
    parts: set[int] = field(default_factory=set)
    """Items that are thumbnails, maps, or tiles of others."""
    properties: list[_Size | None] = field(default_factory=list)
    """Properties in the file's order; sizes in px, None for others."""
    sizes: dict[int, _Size] = field(default_factory=dict)
    """By item."""

    def others(self) -> Iterator[int]:
        """Yield the pictures beside the primary one that are full-size."""
        first = self.sizes.get(self.primary)
        for item in self.pictures:
            shown = item != self.primary and item not in self.parts
            if shown and is_full_size(self.sizes.get(item), first):
                yield item


def says_so(head: bytes) -> bool | None:
    """Return whether a HEIF file shows several pictures.

    Args:
        head: the file's first bytes.

    Returns:
        None when they end before that is known.
    """
    try:
        return next(_table(head).others(), None) is not None
    except EOFError:
        return None
    except ValueError:
        return False


def find(stream: BinaryIO) -> Iterator[Inner]:
    """Yield the full-size pictures beside the primary one; ``item-20`` is item 20 of the file.

    Thumbnails, auxiliary pictures, tiles, hidden items and what has less than half of the primary
    one's pixels are left out.

    Args:
        stream: the file, seekable.

    Raises:
        ValueError, EOFError: its table of items cannot be read.
    """
    stream.seek(0)
    data = stream.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise ValueError(f"it has more than {MAX_FILE_BYTES:,} bytes")
    table = _table(data)
    for number, item in enumerate(table.others(), 2):
        if number > MAX_PAGES:
            yield Inner(name=f"item-{item}", read=partial(too_many, "pictures"))
            return
        yield Inner(name=f"item-{item}", read=partial(_with_primary, data, table, item))


def _with_primary(data: bytes, table: _Table, item: int) -> bytes:
    number = item.to_bytes(table.width, "big")
    return data[: table.place] + number + data[table.place + table.width :]


def _table(data: bytes) -> _Table:
    """Read the items of a file.

    Raises:
        EOFError: the bytes end before.
        ValueError: there is no table, or it makes no sense.
    """
    for name, start, end in _boxes(data, 0, None):
        if name == b"meta":
            if end - start > MAX_TABLE_BYTES:
                raise ValueError("its table of items is too long")
            if end > len(data):
                raise EOFError("The file ends in its table of items.")
            return _read(data, start + 4, end)
    raise ValueError("it has no table of items")


def _read(data: bytes, start: int, end: int) -> _Table:
    table = _Table()
    boxes = {name: (at, until) for name, at, until in _boxes(data, start, end)}
    if b"pitm" not in boxes or b"iinf" not in boxes:
        raise ValueError("its table of items names no picture")
    at, _ = boxes[b"pitm"]
    table.width, table.place = (2 if _number(data, at, 1) == 0 else 4), at + 4
    table.primary = _number(data, table.place, table.width)
    _items(data, *boxes[b"iinf"], table)
    if b"iref" in boxes:
        _references(data, *boxes[b"iref"], table)
    for name, at, until in _boxes(data, *boxes.get(b"iprp", (end, end))):
        if name == b"ipco":
            _properties(data, at, until, table)
        elif name == b"ipma":
            _associations(data, at, until, table)
    return table


def _items(data: bytes, start: int, end: int, table: _Table) -> None:
    at = start + (6 if _number(data, start, 1) == 0 else 8)
    for name, place, until in _boxes(data, at, end):
        version, flags = (_number(data, each, 1) for each in (place, place + 3))
        width = 2 if version < 3 else 4
        kind = data[place + 6 + width : place + 10 + width]
        known = name == b"infe" and version >= 2 and until >= place + 10 + width
        if known and kind in _PICTURES and not flags & _HIDDEN:
            table.pictures.append(_number(data, place + 4, width))


def _references(data: bytes, start: int, end: int, table: _Table) -> None:
    width = 2 if _number(data, start, 1) == 0 else 4
    for name, at, until in _boxes(data, start + 4, end):
        if name in (b"thmb", b"auxl"):
            table.parts.add(_number(data, at, width))
        elif name == b"dimg":
            first = at + width + 2
            table.parts.update(
                _number(data, place, width) for place in range(first, until - width + 1, width)
            )


def _properties(data: bytes, start: int, end: int, table: _Table) -> None:
    for name, at, until in _boxes(data, start, end):
        size = (_number(data, at + 4, 4), _number(data, at + 8, 4))
        table.properties.append(size if name == b"ispe" and until >= at + 12 else None)


def _associations(data: bytes, start: int, end: int, table: _Table) -> None:
    width, wide = (2 if _number(data, start, 1) == 0 else 4), bool(_number(data, start + 3, 1) & 1)
    at, step = start + 8, 2 if wide else 1
    while at + width < end:
        item, count = _number(data, at, width), _number(data, at + width, 1)
        at += width + 1
        for place in range(at, min(at + step * count, end), step):
            index = _number(data, place, step) & (0x7FFF if wide else 0x7F)
            size = table.properties[index - 1] if 0 < index <= len(table.properties) else None
            if size is not None:
                table.sizes[item] = size
        at += step * count


def _boxes(data: bytes, start: int, end: int | None) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and end of the contents of boxes.

    Args:
        data: the file, or its beginning.
        start: where the first box begins.
        end: where the last one ends; None for as far as boxes go.

    Raises:
        EOFError: the bytes end before, where no end is given.
        ValueError: a box leads beyond the end.
    """
    at = start
    while end is None or at + 8 <= end:
        if at + 16 > len(data):
            if end is None:
                raise EOFError("The file ends between boxes.")
            if at + 8 > len(data):
                raise ValueError("a box leads beyond the end of the file")
        size, name, content = _number(data, at, 4), data[at + 4 : at + 8], at + 8
        if size == 1:
            size, content = _number(data, at + 8, 8), at + 16
        if size == 0 and end is not None:
            size = end - at
        if size < content - at or (end is not None and at + size > end):
            raise ValueError("a box leads beyond the one that holds it")
        yield name, content, at + size
        at += size


def _number(data: bytes, at: int, width: int) -> int:
    return int.from_bytes(data[at : at + width], "big")

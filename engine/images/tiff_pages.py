"""Pages of a TIFF file, each cut out as a TIFF file of its own.

A page has no bytes of its own as a member of an archive has: its directory, its values and its
strips lie scattered over the file. They are put behind one another by one rule, without decoding
or compressing anything, so that the same page gives the same bytes and the same hash on every
machine and with every version of every library:

1. the first 4 bytes of the file (BigTIFF: 8), then the place of the directory, which is next;
2. the page's directory: its entries in their order, but not free space (288, 289), other
   directories (330), unknown types, a tag's second entry and what does not lie in the file; no
   page follows;
3. each value that is too long for its entry, in the order of the entries. EXIF, GPS and
   interoperability directories (34665, 34853, 40965) lie where their values would, made likewise;
4. the strips or tiles in their order, whose places are numbers of 4 bytes (BigTIFF: 8).

Whatever lies in 3 and 4 begins at an even place; a zero byte fills the gap. Nothing but places
differs from the file.

Source: TIFF 6.0, sections 2, 3 and 15.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import BinaryIO

from engine.errors import InputError
from engine.images import tiff
from engine.images.inner import Inner, too_many
from engine.images.limits import MAX_FILE_BYTES, MAX_PAGES, MIN_SIDE_PX
from engine.images.tiff_file import Directory, Entry, TiffFile

MAX_PARTS = 1_000_000
"""Strips or tiles of one page."""

_PARTS = {273: 279, 324: 325}
"""Tags of the places of strips and of tiles, and of their lengths."""

_DIRECTORIES = (34665, 34853, 40965)
_LEFT_OUT = (288, 289, 330)
_OLD_SUBFILE_TYPE, _OLD_REDUCED = 255, 2
_REDUCED_OR_MASK = 0b101
_OLD_JPEG = 6

_DEEPEST = 3
"""Directories in directories: a page's, EXIF, interoperability."""

_SLACK_BYTES = 1 << 16


def has_more(stream: BinaryIO) -> bool:
    """Return whether a TIFF file says that a page follows its first; reads a few bytes."""
    try:
        file = TiffFile(stream)
        return file.following(file.first) not in (0, file.first)
    except ValueError:
        return False


def sizes(stream: BinaryIO) -> list[tuple[int, int]]:
    """Return width and height of every page, in px, smaller versions and masks included.

    As many as can be read, `MAX_PAGES` at most.

    Args:
        stream: the file, seekable.
    """
    found = []
    try:
        file = TiffFile(stream)
        for directory in islice(_chain(file), MAX_PAGES):
            found.append((file.number(directory, tiff.WIDTH), file.number(directory, tiff.HEIGHT)))
    except ValueError:
        pass
    return found


def find(stream: BinaryIO) -> Iterator[Inner]:
    """Yield the pages behind the first, each as a file of its own.

    A page's number is its directory's in the file: ``page-3`` is the third. Smaller versions and
    masks, as their directories say, and what has a side below `MIN_SIDE_PX` are left out. A
    directory that cannot be read ends the chain, and says so when it is read; so does the one
    behind `MAX_PAGES`.

    Args:
        stream: the file, seekable.

    Raises:
        ValueError: its first directory cannot be read.
    """
    file = TiffFile(stream)
    pages = _chain(file)
    next(pages)
    number = 1
    try:
        for number, directory in enumerate(pages, 2):
            if number > MAX_PAGES:
                yield Inner(name=f"page-{number}", read=partial(too_many, "pages"))
                return
            if _is_page(file, directory):
                yield Inner(name=f"page-{number}", read=partial(_cut, file, directory))
    except ValueError as error:
        yield Inner(name=f"page-{number + 1}", read=partial(_lost, str(error)))


def _chain(file: TiffFile) -> Iterator[Directory]:
    """Yield directories from the first on; one that was there before ends them."""
    at, seen = file.first, {0}
    while at not in seen:
        seen.add(at)
        directory = file.directory(at)
        yield directory
        at = directory.following


def _is_page(file: TiffFile, directory: Directory) -> bool:
    reduced = file.number(directory, tiff.SUBFILE_TYPE) & _REDUCED_OR_MASK
    old = file.number(directory, _OLD_SUBFILE_TYPE)
    sides = (file.number(directory, tag) for tag in (tiff.WIDTH, tiff.HEIGHT))
    return not reduced and old != _OLD_REDUCED and min(sides) >= MIN_SIDE_PX


def _cut(file: TiffFile, directory: Directory) -> bytes:
    """Return a page as a file.

    Raises:
        InputError: what it is made of is not all there, or not cut out here.
    """
    if file.number(directory, tiff.COMPRESSION) == _OLD_JPEG:
        raise InputError(
            "The page is compressed by JPEG as TIFF 6.0 describes it, with tables that lie "
            "anywhere: it is not cut out by this version. Convert a copy and examine that.",
            kind="unsupported_samples",
        )
    try:
        return _Page(file).made_of(directory)
    except ValueError as error:
        raise InputError(
            f"The page cannot be cut out of its file ({error}): the file is damaged, or made to "
            "attack programs. Copy it again from its source.",
            kind="corrupt",
        ) from error


class _Page:
    """A page that is being put together."""

    def __init__(self, file: TiffFile) -> None:
        self._file = file
        self._out = bytearray(file.head)
        self._out += file.pack(file.place, 2 * file.width)
        # No byte of the file is there twice, but for what damage or an attacker did.
        self._most = min(MAX_FILE_BYTES, 2 * file.size + _SLACK_BYTES)

    def made_of(self, directory: Directory) -> bytes:
        places = self._lay(directory, 1)
        parts = [tag for tag in _PARTS if tag in places]
        if not parts:
            raise ValueError("it has no strips and no tiles")
        for tag in parts:
            self._lay_parts(directory, tag, places[tag])
        return bytes(self._out)

    def _lay(self, directory: Directory, depth: int) -> dict[int, int]:
        """Append a directory and its values; return where the values of tags lie."""
        file, out = self._file, self._out
        first: dict[int, Entry] = {}
        for entry in directory.entries:
            first.setdefault(entry.tag, entry)
        entries = [entry for entry in first.values() if self._keeps(entry, depth)]
        out += file.pack("Q" if file.is_big else "H", len(entries))
        fields = []
        for entry in entries:
            kind = (16 if file.is_big else 4) if entry.tag in _PARTS else entry.kind
            out += file.pack("HH" + file.place, entry.tag, kind, entry.count)
            fields.append(len(out))
            out += entry.field
        out += bytes(file.width)
        return {
            entry.tag: self._lay_value(entry, at, depth)
            for entry, at in zip(entries, fields, strict=True)
        }

    def _keeps(self, entry: Entry, depth: int) -> bool:
        if entry.tag in _DIRECTORIES:
            return depth < _DEEPEST and self._leads_to_directory(entry)
        return entry.tag not in _LEFT_OUT and self._file.holds(entry)

    def _leads_to_directory(self, entry: Entry) -> bool:
        try:
            self._file.directory(self._file.target(entry))
        except ValueError:
            return False
        return True

    def _lay_value(self, entry: Entry, at: int, depth: int) -> int:
        """Append what an entry's field has no room for; return where its value lies."""
        file = self._file
        if entry.tag in _DIRECTORIES:
            self._point(at)
            self._lay(file.directory(file.target(entry)), depth + 1)
            return at
        size = file.width * entry.count if entry.tag in _PARTS else entry.size
        if size <= file.width:
            return at
        self._make_room(size)
        place = self._point(at)
        self._out += bytes(size) if entry.tag in _PARTS else file.value(entry)
        return place

    def _lay_parts(self, directory: Directory, tag: int, at: int) -> None:
        """Append strips or tiles, and write their places to where these lie."""
        file = self._file
        starts, lengths = (
            file.numbers(directory.entry(each), MAX_PARTS) for each in (tag, _PARTS[tag])
        )
        if not starts or len(starts) != len(lengths):
            raise ValueError("its strips have no lengths, or are too many")
        self._make_room(sum(lengths))
        for start, length in zip(starts, lengths, strict=True):
            self._point(at)
            self._out += file.read(start, length) if length else b""
            at += file.width

    def _point(self, at: int) -> int:
        """Let the number at a place tell where the next byte goes, and return that."""
        file, out = self._file, self._out
        if len(out) % 2:
            out.append(0)
        out[at : at + file.width] = file.pack(file.place, len(out))
        return len(out)

    def _make_room(self, count: int) -> None:
        if len(self._out) + count > self._most:
            raise ValueError("its parts lie over one another, or are too large")


def _lost(why: str) -> bytes:
    raise InputError(
        f"The file names this page, but its directory cannot be read ({why}): this page and those "
        "after it were not examined. Copy the file again from its source.",
        kind="truncated",
    )

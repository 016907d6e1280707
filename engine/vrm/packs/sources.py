"""Where packs are taken from: a folder (a stick) or a zip archive, read in the same way."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from engine.errors import ModelError


class Source(Protocol):
    """Files by name, with forward slashes; nothing is ever written to it."""

    @property
    def where(self) -> Path:
        """The folder or archive, for messages."""

    def size(self, name: str) -> int | None:
        """Return a file's size in bytes, or None when there is no such file."""

    def open(self, name: str) -> IO[bytes]:
        """Open a file to be read."""

    def folders(self) -> tuple[str, ...]:
        """Return the names of the outermost folders, sorted."""


class FolderSource:
    """A folder.

    Args:
        folder: it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def where(self) -> Path:
        """The folder."""
        return self._folder

    def size(self, name: str) -> int | None:
        """See `Source`."""
        file = self._folder / name
        return file.stat().st_size if file.is_file() else None

    def open(self, name: str) -> IO[bytes]:
        """See `Source`."""
        return (self._folder / name).open("rb")

    def folders(self) -> tuple[str, ...]:
        """See `Source`."""
        if not self._folder.is_dir():
            return ()
        return tuple(sorted(each.name for each in self._folder.iterdir() if each.is_dir()))


class ArchiveSource:
    """A zip archive; nothing of it is unpacked but what is asked for by name.

    Args:
        file: the archive.
        archive: it, opened.
    """

    def __init__(self, file: Path, archive: zipfile.ZipFile) -> None:
        self._file, self._archive = file, archive
        self._sizes = {each.filename: each.file_size for each in archive.infolist()}

    @property
    def where(self) -> Path:
        """The archive."""
        return self._file

    def size(self, name: str) -> int | None:
        """See `Source`."""
        return self._sizes.get(name)

    def open(self, name: str) -> IO[bytes]:
        """See `Source`."""
        return self._archive.open(name)

    def folders(self) -> tuple[str, ...]:
        """See `Source`."""
        return tuple(sorted({name.split("/")[0] for name in self._sizes if "/" in name}))


@contextmanager
def opened(place: Path) -> Iterator[Source]:
    """Open a folder or an archive for as long as it is read.

    Raises:
        ModelError: it is a file, and no sound zip archive.
    """
    if not place.is_file():
        yield FolderSource(place)
        return
    try:
        archive = zipfile.ZipFile(place)
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise ModelError(
            f"{place} is not a sound zip archive: {error}. If it was copied from a stick, copy it "
            "again: it may be truncated."
        ) from error
    with archive:
        yield ArchiveSource(place, archive)

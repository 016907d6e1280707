"""Small pictures on disk, found by the hash of the file they show.

A cache, never evidence: it may be deleted at any time. Each entry begins with the hash of
what follows, so that a damaged one is found out and made again. Two programs may share it.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import re
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

VERSION = 1
"""Changes when the same file may give another thumbnail; entries of other versions age away."""

SIDE_PX = 384
"""Longest side that is kept; smaller ones are made of it."""

QUALITY = 90
"""JPEG quality of an entry, about 30 kB."""

MOST_BYTES = 1 << 29
"""Size from which the entries not used for longest are removed: about 17,000 pictures."""

KEPT_SHARE = 0.8
"""Share of the size that is left then, so that not every new entry removes another."""

_DIGEST_BYTES = 32
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ENDING = ".thumb"

_log = logging.getLogger(__name__)


class ThumbnailCache:
    """Thumbnails of at most `SIDE_PX` in a folder of the program's own. One thread.

    Args:
        folder: made when something is kept.
        most_bytes: bound on the size of all entries.
    """

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._bytes: int | None = None

    def get(self, sha256: str) -> NDArray[np.uint8] | None:
        """Return the thumbnail of a file, [h, w, 3]; None when it is not there or damaged.

        Args:
            sha256: hex, of the file's bytes.
        """
        file = self._file(sha256)
        try:
            data = file.read_bytes()
        except OSError:
            return None
        pixels = _pixels(data)
        if pixels is None:
            self._remove(file, len(data))
            return None
        try:
            os.utime(file)
        except OSError:
            _log.info("The age of %s cannot be set.", file)
        return pixels

    def put(self, sha256: str, pixels: NDArray[np.uint8]) -> None:
        """Keep a thumbnail; where that is impossible it is made anew every time.

        Args:
            sha256: hex, of the file's bytes.
            pixels: [h, w, 3].
        """
        stream = io.BytesIO()
        Image.fromarray(pixels).save(stream, "JPEG", quality=QUALITY)
        payload = stream.getvalue()
        data = hashlib.sha256(payload).digest() + payload
        file = self._file(sha256)
        try:
            _write(file, data)
        except OSError as error:
            _log.warning("The thumbnail %s cannot be kept (%s).", file, error.strerror)
            return
        if self._bytes is None:
            self._bytes = sum(size for _age, size, _file in self._entries())
        else:
            self._bytes += len(data)
        if self._bytes > self._most_bytes:
            self._prune()

    def _file(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"{sha256!r} is no SHA-256 in hex.")
        return self._folder / sha256[:2] / f"{sha256}-{SIDE_PX}-v{VERSION}{_ENDING}"

    def _prune(self) -> None:
        """Remove what was not used for longest until the share that is kept is left."""
        entries = sorted(self._entries())
        left = sum(size for _age, size, _file in entries)
        for _age, size, file in entries:
            if left <= self._most_bytes * KEPT_SHARE:
                break
            file.unlink(missing_ok=True)
            left -= size
        self._bytes = left

    def _entries(self) -> list[tuple[int, int, Path]]:
        """Return (age mark, bytes, file) of all entries, also those of other versions."""
        found = []
        for file in self._folder.glob(f"*/*{_ENDING}"):
            try:
                status = file.stat()
            except OSError:
                continue
            found.append((status.st_mtime_ns, status.st_size, file))
        return found

    def _remove(self, file: Path, size: int) -> None:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("The damaged thumbnail %s cannot be removed (%s).", file, error.strerror)
            return
        if self._bytes is not None:
            self._bytes -= size


def shrunk(pixels: NDArray[np.uint8], side_px: int) -> NDArray[np.uint8]:
    """Return a smaller version of a thumbnail, never enlarged.

    Args:
        pixels: [h, w, 3].
        side_px: longest side of the result, at least 1.
    """
    if max(pixels.shape[:2]) <= side_px:
        return pixels
    picture = Image.fromarray(pixels)
    picture.thumbnail((side_px, side_px), Image.Resampling.BICUBIC)
    return np.asarray(picture)


def _pixels(data: bytes) -> NDArray[np.uint8] | None:
    digest, payload = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
    if len(digest) < _DIGEST_BYTES or hashlib.sha256(payload).digest() != digest:
        return None
    with Image.open(io.BytesIO(payload), formats=("JPEG",)) as picture:
        return np.asarray(picture.convert("RGB"))


def _write(file: Path, data: bytes) -> None:
    """Write in one step, under a name of its own first: another program may write the same."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, partial = tempfile.mkstemp(dir=file.parent, suffix=".partial")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        Path(partial).replace(file)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise

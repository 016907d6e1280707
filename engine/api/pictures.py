"""Pictures and heat maps to look at."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from engine.types import HeatMap, Image, Outcome

if TYPE_CHECKING:
    from engine.images.colour import BandStyle
    from engine.images.decoder import Decoder
    from engine.images.thumbnail_cache import ThumbnailCache


class Pictures:
    """Decodes pictures for display in a child process that is kept between calls.

    One thread owns it. The child starts at the first call.

    Args:
        thumbnails_dir: where thumbnails are kept between runs, by the hash of their file; they
            are made anew every time when it is None.
    """

    def __init__(self, thumbnails_dir: Path | None = None) -> None:
        self._decoder: Decoder | None = None
        self._thumbnails_dir = thumbnails_dir
        self._cache: ThumbnailCache | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def open(self, path: str) -> Image:
        """Return a picture in full size.

        Raises:
            InputError: the file cannot be read or decoded; ``kind`` says why.
        """
        return self._running().decode_file(path)

    def thumbnail(self, path: str, side_px: int, *, sha256: str | None = None) -> NDArray[np.uint8]:
        """Return a small version of a picture, oriented and in sRGB, never enlarged.

        Args:
            path: the file.
            side_px: longest side of the result, at least 1.
            sha256: hex, of the file's bytes where that is known: a thumbnail that is kept is
                then found without reading the file.

        Returns:
            [h, w, 3], max(h, w) <= side_px.

        Raises:
            InputError: the file cannot be read or decoded; ``kind`` says why.
        """
        from engine.images.thumbnail_cache import SIDE_PX, shrunk

        cache = self._kept() if 1 <= side_px <= SIDE_PX else None
        if cache is None:
            return self._running().thumbnail(path, side_px)
        pixels = cache.get(sha256) if sha256 is not None else None
        if pixels is None:
            exhibit = self._running().read(path)
            found = str(exhibit.facts.sha256)
            pixels = None if found == sha256 else cache.get(found)
            if pixels is None:
                pixels = self._running().thumbnail_of(exhibit, SIDE_PX)
                cache.put(found, pixels)
        return shrunk(pixels, side_px)

    def close(self) -> None:
        """End the child process."""
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None

    def _kept(self) -> ThumbnailCache | None:
        from engine.images.thumbnail_cache import ThumbnailCache

        if self._cache is None and self._thumbnails_dir is not None:
            self._cache = ThumbnailCache(self._thumbnails_dir)
        return self._cache

    def _running(self) -> Decoder:
        from engine.images.decoder import Decoder

        if self._decoder is None:
            self._decoder = Decoder()
        return self._decoder


def open_image(path: str) -> Image:
    """Return a picture in full size, decoded in a child process of its own; see `Pictures`.

    Raises:
        InputError: the file cannot be read or decoded; ``kind`` says why.
    """
    with Pictures() as pictures:
        return pictures.open(path)


def thumbnail(path: str, side_px: int) -> NDArray[np.uint8]:
    """Return a small version of a picture; for many use `Pictures.thumbnail`."""
    with Pictures() as pictures:
        return pictures.thumbnail(path, side_px)


def overlay(heat: HeatMap, height_px: int, width_px: int) -> NDArray[np.uint8]:
    """Return a heat map as a layer to lay over its picture.

    Returns:
        [height_px, width_px, 4] RGBA, alpha not premultiplied; cells without evidence hatched.
    """
    from engine.images import colour

    return colour.overlay(heat, height_px, width_px)


def palette(n: int) -> NDArray[np.uint8]:
    """Return the heat map's n colours from 0 to 1, [n, 3] sRGB, for legends."""
    from engine.images import colour

    return colour.palette(n)


def band_style(outcome: Outcome | None) -> BandStyle:
    """Return name, shape and colours of a verdict's band; None means "not examined"."""
    from engine.images import colour

    return colour.band_style(outcome)

"""A picture as the methods of derived traces look at it: as stored, before any turning."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.traces.coefficients import Coefficients
from engine.traces.dct import decoded_luma
from engine.traces.turning import stored

_Scalar = TypeVar("_Scalar", bound=np.generic)

Check = Callable[[], None]
"""Raises when the operator wants to stop, or when a method takes too long; call it often."""

DARKEST, LIGHTEST = 4, 251
"""Samples outside are taken for saturated: JPEG moves clipped ones by a few steps."""

FLAT_DEVIATION = 0.5
"""Standard deviation of a cell's luma below which it has no texture to judge."""

MOST_SATURATED = 0.25
"""Share of saturated samples above which a cell is not judged."""


class Subject:
    """What a method is given. Safe to share between threads; all arrays are read-only.

    Everything is in the orientation the file stores, so that block grids start at (0, 0);
    `engine.traces.derived` turns maps, pictures and regions upright afterwards.

    Args:
        upright: [height, width, 3], sRGB, turned upright by EXIF orientation.
        jpeg: coefficients of a JPEG.
        no_jpeg: why there are none: a sentence.
    """

    def __init__(
        self,
        upright: NDArray[np.uint8],
        jpeg: Coefficients | None = None,
        no_jpeg: str = "The picture was not stored as JPEG.",
    ) -> None:
        self.jpeg = jpeg
        self.no_jpeg = "" if jpeg is not None else no_jpeg
        self.orientation = 1 if jpeg is None else jpeg.orientation
        pixels = np.ascontiguousarray(stored(upright, self.orientation))
        self.pixels: NDArray[np.uint8] = _read_only(pixels)
        """[height, width, 3] sRGB, as stored."""
        self._luma: NDArray[np.float32] | None = None
        self._lock = threading.Lock()

    @property
    def height(self) -> int:
        """px, as stored."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """px, as stored."""
        return int(self.pixels.shape[1])

    @property
    def luma(self) -> NDArray[np.float32]:
        """[height, width] 0..255, whole numbers for a JPEG.

        Of a JPEG it is the Y its coefficients stand for, which no colour profile has touched;
        of other pictures 0.299 R + 0.587 G + 0.114 B.
        """
        with self._lock:
            if self._luma is None:
                self._luma = _read_only(self._make_luma())
            return self._luma

    def _make_luma(self) -> NDArray[np.float32]:
        if self.jpeg is not None:
            whole = decoded_luma(self.jpeg.luma, self.jpeg.table)
            return np.ascontiguousarray(whole[: self.height, : self.width])
        weights = np.array([0.299, 0.587, 0.114], dtype=np.float32)
        luma = np.empty((self.height, self.width), dtype=np.float32)
        # In strips: the samples as float32 take four times the picture.
        for top in range(0, self.height, 256):
            np.matmul(
                self.pixels[top : top + 256].astype(np.float32),
                weights,
                out=luma[top : top + 256],
            )
        return luma

    def saturated(self, cell_px: int) -> NDArray[np.bool_]:
        """Return [rows, cols]: whole cells in which too many samples are black or white.

        Args:
            cell_px: side of a cell; samples after the last whole cell are left out.
        """
        outside = (self.luma < DARKEST) | (self.luma > LIGHTEST)
        return cell_means(outside.astype(np.float32), cell_px) > MOST_SATURATED

    def flat(self, cell_px: int, deviation: float = FLAT_DEVIATION) -> NDArray[np.bool_]:
        """Return [rows, cols]: whole cells without texture.

        Args:
            cell_px: side of a cell.
            deviation: standard deviation of luma below which a cell is flat.
        """
        return cell_deviations(self.luma, cell_px) < deviation

    def judgeable(self, cell_px: int, deviation: float = FLAT_DEVIATION) -> NDArray[np.bool_]:
        """Return [rows, cols]: whole cells that are neither saturated nor flat."""
        return ~(self.saturated(cell_px) | self.flat(cell_px, deviation))


def cell_means(values: NDArray[np.float32], cell_px: int) -> NDArray[np.float32]:
    """Return [rows, cols] means over whole square cells.

    Args:
        values: [height, width].
        cell_px: side of a cell, at most the smaller side.
    """
    rows, cols = values.shape[0] // cell_px, values.shape[1] // cell_px
    whole = values[: rows * cell_px, : cols * cell_px]
    # Rows first: contiguous sums are several times as fast.
    lines = np.add.reduceat(whole, np.arange(0, rows * cell_px, cell_px), axis=0)
    sums = lines.reshape(rows, cols, cell_px).sum(axis=2)
    return np.asarray(sums / np.float32(cell_px**2), dtype=np.float32)


def cell_deviations(values: NDArray[np.float32], cell_px: int) -> NDArray[np.float32]:
    """Return [rows, cols] standard deviations over whole square cells; see `cell_means`."""
    middle = values - np.float32(128)
    means = cell_means(middle, cell_px)
    squares = cell_means(middle * middle, cell_px)
    return np.sqrt(np.maximum(squares - means * means, 0))


def _read_only(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    array.setflags(write=False)
    return array

"""A picture as the methods of derived traces look at it: as stored, before any turning."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.trace_types import Trace
from engine.traces.coefficients import Coefficients
from engine.traces.dct import decoded_luma
from engine.traces.turning import stored

_Scalar = TypeVar("_Scalar", bound=np.generic)

Check = Callable[[], None]
"""Raises when the operator wants to stop, or when a method takes too long; call it often."""

STRIP_CELLS = 16
"""Rows of cells that are looked at together: what is in the cache is not fetched twice."""

DARKEST, LIGHTEST = 4, 251
"""Samples outside are taken for saturated: JPEG moves clipped ones by a few steps."""

FLAT_DEVIATION = 0.5
"""Standard deviation of a cell's luma below which it has no texture to judge."""

MOST_SATURATED = 0.25
"""Share of saturated samples above which a cell is not judged."""


PATIENCE_S = 0.05
"""Longest time between two looks at whether who waits for another method is to be stopped."""


class _Shared:
    """What one method found, and who may compute it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.trace: Trace | None = None


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
        self._made: dict[tuple[str, int], NDArray[np.float32]] = {}
        self._lock = threading.RLock()
        self._shared: dict[str, _Shared] = {}

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
        share = self._once(("saturated", cell_px), lambda: self._saturated_share(cell_px))
        return share > MOST_SATURATED

    def texture(self, cell_px: int) -> NDArray[np.float32]:
        """Return [rows, cols]: standard deviation of luma in whole cells, read-only."""
        luma = self.luma
        return self._once(("texture", cell_px), lambda: cell_deviations(luma, cell_px))

    def flat(self, cell_px: int, deviation: float = FLAT_DEVIATION) -> NDArray[np.bool_]:
        """Return [rows, cols]: whole cells without texture.

        Args:
            cell_px: side of a cell.
            deviation: standard deviation of luma below which a cell is flat.
        """
        return self.texture(cell_px) < deviation

    def _saturated_share(self, cell_px: int) -> NDArray[np.float32]:
        rows, cols = self.height // cell_px, self.width // cell_px
        made = np.empty((rows, cols), dtype=np.float32)
        for top in range(0, rows, STRIP_CELLS):
            strip = self.luma[top * cell_px : (top + STRIP_CELLS) * cell_px]
            outside = (strip < DARKEST) | (strip > LIGHTEST)
            made[top : top + STRIP_CELLS] = cell_means(outside.astype(np.float32), cell_px)
        return made

    def _once(
        self, key: tuple[str, int], make: Callable[[], NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        """Return what several methods need, computed by the first of them."""
        with self._lock:
            if key not in self._made:
                self._made[key] = _read_only(make())
            return self._made[key]

    def shared(self, name: str, find: Callable[[Subject, Check], Trace], check: Check) -> Trace:
        """Return what a method finds, computed once however many methods build on it.

        Whoever asks while another one computes waits, and can be stopped while it waits. What
        stopped the one that computed stops nobody else: the next one computes anew.

        Args:
            name: of the method.
            find: computes; given this picture and the check of who computes.
            check: of who asks.
        """
        with self._lock:
            slot = self._shared.setdefault(name, _Shared())
        while not slot.lock.acquire(timeout=PATIENCE_S):
            check()
        try:
            if slot.trace is None:
                slot.trace = find(self, check)
            return slot.trace
        finally:
            slot.lock.release()

    def judgeable(self, cell_px: int, deviation: float = FLAT_DEVIATION) -> NDArray[np.bool_]:
        """Return [rows, cols]: whole cells that are neither saturated nor flat."""
        return ~(self.saturated(cell_px) | self.flat(cell_px, deviation))


def cell_means(values: NDArray[np.float32], cell_px: int) -> NDArray[np.float32]:
    """Return [rows, cols] means over whole square cells.

    Args:
        values: [height, width], or with channels last.
        cell_px: side of a cell.
    """
    rows, cols = values.shape[0] // cell_px, values.shape[1] // cell_px
    if not rows or not cols:
        return np.zeros((rows, cols), dtype=np.float32)
    whole = values[: rows * cell_px, : cols * cell_px]
    # Over whole cells the area filter is the mean, at several times numpy's speed.
    means = cv2.resize(whole, (cols, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(means, dtype=np.float32)


def cell_deviations(values: NDArray[np.float32], cell_px: int) -> NDArray[np.float32]:
    """Return [rows, cols] standard deviations over whole square cells; see `cell_means`."""
    rows, cols = values.shape[0] // cell_px, values.shape[1] // cell_px
    made = np.empty((rows, cols), dtype=np.float32)
    for top in range(0, rows, STRIP_CELLS):
        strip = values[top * cell_px : (top + STRIP_CELLS) * cell_px] - np.float32(128)
        means = cell_means(strip, cell_px)
        squares = cell_means(strip * strip, cell_px)
        made[top : top + STRIP_CELLS] = np.sqrt(np.maximum(squares - means * means, 0))
    return made


def _read_only(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    array.setflags(write=False)
    return array

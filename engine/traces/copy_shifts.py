"""Shifts under which parts of a picture repeat themselves, points or no points.

The picture is cut into tiles; the correlation of a tile with the whole picture, after brightness
and contrast were evened out, has a sharp peak where a part of the tile occurs again.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft2, next_fast_len, rfft2

from engine.traces.subject import Check

TILE_PX = 192
LEAST_SHIFT_PX = 32
LEAST_PEAK = 7.0
"""Height of a peak, in deviations of the correlation; of a million shifts of noise the highest
reaches 5.3."""

PEAKS_A_TILE = 2
MOST_SHIFTS = 10
SMOOTH_PX = 2.0
NORMAL_PX = 8.0
"""Deviations of the windows in which brightness and contrast are evened out."""

LEAST_CONTRAST = 1.0
"""Levels added to the contrast, so that empty areas do not turn into noise of full size."""

Plane = NDArray[np.float32]


def evened(luma: Plane) -> Plane:
    """Return fine structure with brightness and contrast evened out: [H, W], about -3..3."""
    fine = luma - cv2.GaussianBlur(luma, (0, 0), SMOOTH_PX)
    power = cv2.GaussianBlur(fine * fine, (0, 0), NORMAL_PX)
    level = fine / (np.sqrt(np.maximum(power, 0)) + np.float32(LEAST_CONTRAST))
    return np.clip(level, -3, 3).astype(np.float32)


def shifts(luma: Plane, check: Check) -> tuple[tuple[int, int], ...]:
    """Return shifts (down, across) under which parts repeat, the strongest first.

    Args:
        luma: [H, W].
        check: raises when the work is to be stopped.

    Source: Fridrich, Soukal, Lukáš, Detection of Copy-Move Forgery in Digital Images, DFRWS 2003,
    section 3 (autocorrelation); tiles and evening out are this program's.
    """
    level = evened(luma)
    height, width = level.shape
    size = next_fast_len(height + TILE_PX, real=True), next_fast_len(width + TILE_PX, real=True)
    whole = rfft2(level, s=size)
    check()
    strongest: dict[tuple[int, int], float] = {}
    for top in range(0, max(1, height - TILE_PX // 2), TILE_PX):
        for left in range(0, max(1, width - TILE_PX // 2), TILE_PX):
            check()
            tile = level[top : top + TILE_PX, left : left + TILE_PX]
            surface = irfft2(whole * np.conj(rfft2(tile, s=size)), s=size)
            surface = surface[: height - tile.shape[0] // 2, : width - tile.shape[1] // 2]
            for shift, peak in _peaks(surface, top, left):
                # The two directions of a copy are one shift.
                key = shift if shift > (0, 0) else (-shift[0], -shift[1])
                strongest[key] = max(peak, strongest.get(key, 0.0))
    ranked = sorted(strongest.items(), key=lambda item: (-item[1], item[0]))
    return _apart([shift for shift, _ in ranked])


def _peaks(surface: Plane, top: int, left: int) -> list[tuple[tuple[int, int], float]]:
    """Return the highest peaks as (shift, height in deviations)."""
    surface = surface.copy()
    y0, x0 = max(0, top - LEAST_SHIFT_PX), max(0, left - LEAST_SHIFT_PX)
    surface[y0 : top + LEAST_SHIFT_PX, x0 : left + LEAST_SHIFT_PX] = 0
    deviation = float(surface.std()) + 1e-9
    found = []
    for _ in range(PEAKS_A_TILE):
        y, x = (int(i) for i in np.unravel_index(int(surface.argmax()), surface.shape))
        height = float(surface[y, x]) / deviation
        if height < LEAST_PEAK:
            break
        found.append(((y - top, x - left), height))
        surface[max(0, y - 4) : y + 5, max(0, x - 4) : x + 5] = 0
    return found


def _apart(ranked: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    kept: list[tuple[int, int]] = []
    for shift in ranked:
        if all(max(abs(shift[0] - k[0]), abs(shift[1] - k[1])) > 2 for k in kept):
            kept.append(shift)
        if len(kept) == MOST_SHIFTS:
            break
    return tuple(kept)

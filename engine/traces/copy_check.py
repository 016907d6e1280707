"""Whether two places of a picture really show the same samples, and how far they reach."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

SIDE_PX = 11
"""Side of the windows that are compared."""

LEAST_ALIKE = 0.85
"""Correlation of two windows' structure from which they show the same."""

LEAST_FINE = 0.7
"""Correlation of the fine structure of whole places: .77 to 1 for copies in photographs, after JPEG
85 as well. Things of one kind (windows, letters, mesh) reach it in 12 % of photographs;
docs/log.md."""

LEAST_WIDTH_PX = 19
"""Width that a copy must have somewhere."""

MOST_OVERLAP = 0.3
"""Share of a place that may lie in its own source: a pattern repeats into itself, a copy is laid
beside."""

LEAST_CORNER = 2.0
"""Mean squared gradient, levels² per px², that a window must have in its calmest direction. A
straight edge looks the same all along it and proves nothing."""

STRUCTURE_PX, FINE_PX = 3.0, 1.0
"""Deviations of the blurs that are taken away to see structure, and fine structure."""

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Copy:
    """Two places that show the same."""

    source: Mask
    """[H, W]."""
    copy: Mask
    """[H, W]; which of the two is the original is not known."""
    fine: float
    """Correlation of their fine structure, -1..1."""


def verified(
    luma: Plane, matrix: NDArray[np.float64], least_area_px: int, near: Mask | None = None
) -> Copy | None:
    """Compare a picture with itself under a transform; None when nothing is the same.

    Args:
        luma: [H, W].
        matrix: [2, 3], from source to copy, px.
        least_area_px: smaller places are left out.
        near: [H, W], only places that touch this count.
    """
    height, width = luma.shape
    size = (width, height)
    moved = np.asarray(cv2.warpAffine(luma, matrix, size), dtype=np.float32)
    inside = cv2.warpAffine(np.ones(luma.shape, np.uint8), matrix, size, flags=cv2.INTER_NEAREST)
    alike = _correlation(_without(luma, STRUCTURE_PX), _without(moved, STRUCTURE_PX)) >= LEAST_ALIKE
    alike &= (inside > 0) & cornered(luma) & cornered(moved)
    alike &= _apart(luma.shape, matrix)
    closed = _morphed(alike, cv2.MORPH_CLOSE, SIDE_PX)
    # Things of one kind agree along their outlines alone: thin places are dropped.
    kept = _large(_morphed(closed, cv2.MORPH_OPEN, LEAST_WIDTH_PX), least_area_px, near)
    if not kept.any():
        return None
    # Windows at the border of a copy hold what lies beside it, and disagree.
    kept = _morphed(kept, cv2.MORPH_DILATE, SIDE_PX) & (inside > 0)
    back = np.asarray(cv2.invertAffineTransform(matrix), dtype=np.float64)
    if _own_inverse(matrix, luma.shape):
        kept = _one_side(kept, back)
    source = _moved(kept, back)
    if (source & kept).sum() > MOST_OVERLAP * kept.sum():
        return None
    fine = _fine(luma, moved, kept & (inside > 0))
    return None if fine < LEAST_FINE else Copy(source=source, copy=kept, fine=fine)


def _moved(mask: Mask, matrix: NDArray[np.float64]) -> Mask:
    size = (mask.shape[1], mask.shape[0])
    return np.asarray(
        cv2.warpAffine(mask.astype(np.uint8), matrix, size, flags=cv2.INTER_NEAREST) > 0
    )


def _own_inverse(matrix: NDArray[np.float64], shape: tuple[int, int]) -> bool:
    """Return whether a transform undoes itself, as mirrors and half turns do."""
    height, width = shape
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]]).T
    twice = matrix @ np.vstack([matrix @ corners, np.ones(4)])
    return bool(np.abs(twice - corners[:2]).max() < 2 * SIDE_PX)


def _one_side(kept: Mask, back: NDArray[np.float64]) -> Mask:
    """Return places without those that are another's source.

    Under a transform that is its own inverse, a copy and its source show the same of each other.
    """
    labels, count = ndimage.label(kept)
    one = np.zeros_like(kept)
    sources = np.zeros_like(kept)
    for index in range(1, count + 1):
        here = labels == index
        if (here & sources).sum() <= MOST_OVERLAP * here.sum():
            one |= here
            sources |= _moved(here, back)
    return one


def _morphed(mask: Mask, operation: int, side: int) -> Mask:
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), operation, disc) > 0)


def _without(luma: Plane, deviation: float) -> Plane:
    return np.asarray(luma - cv2.GaussianBlur(luma, (0, 0), deviation), dtype=np.float32)


def _correlation(a: Plane, b: Plane) -> Plane:
    """Return the correlation of windows; 0 where either is empty."""
    side = (SIDE_PX, SIDE_PX)
    mean_a, mean_b = cv2.blur(a, side), cv2.blur(b, side)
    var_a = cv2.blur(a * a, side) - mean_a * mean_a
    var_b = cv2.blur(b * b, side) - mean_b * mean_b
    cross = cv2.blur(a * b, side) - mean_a * mean_b
    bottom = np.sqrt(np.maximum(var_a * var_b, np.float32(1e-4)))
    return np.asarray(cross / bottom, dtype=np.float32)


def cornered(luma: Plane) -> Mask:
    """Return where windows change in every direction: [H, W].

    Source: Shi, Tomasi, Good Features to Track, CVPR 1994 (smaller eigenvalue of the gradients'
    second moments).
    """
    across = cv2.Scharr(luma, cv2.CV_32F, 1, 0, scale=1 / 32)
    down = cv2.Scharr(luma, cv2.CV_32F, 0, 1, scale=1 / 32)
    side = (SIDE_PX, SIDE_PX)
    xx, yy = cv2.blur(across * across, side), cv2.blur(down * down, side)
    xy = cv2.blur(across * down, side)
    smaller = (xx + yy - np.sqrt((xx - yy) ** 2 + 4 * xy * xy)) / 2
    return np.asarray(smaller >= LEAST_CORNER)


def _apart(shape: tuple[int, int], matrix: NDArray[np.float64]) -> Mask:
    """Return where a transform moves samples by more than two windows."""
    back = cv2.invertAffineTransform(matrix)
    y = np.arange(shape[0], dtype=np.float32)[:, None]
    x = np.arange(shape[1], dtype=np.float32)[None]
    dx = (back[0, 0] - 1) * x + back[0, 1] * y + back[0, 2]
    dy = back[1, 0] * x + (back[1, 1] - 1) * y + back[1, 2]
    return np.asarray(dx * dx + dy * dy > (2 * SIDE_PX) ** 2)


def _large(mask: Mask, least_area_px: int, near: Mask | None) -> Mask:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    good = stats[:, cv2.CC_STAT_AREA] >= least_area_px
    good[0] = False
    if near is not None:
        touched = np.zeros(count, dtype=bool)
        touched[np.unique(labels[near])] = True
        good &= touched
    return np.asarray(good[labels])


def _fine(luma: Plane, moved: Plane, where: Mask) -> float:
    """Return the correlation of fine structure, every place of the picture counting alike."""
    a, b = (_level(_without(plane, FINE_PX))[where].astype(np.float64) for plane in (luma, moved))
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / max(float(np.sqrt((a * a).sum() * (b * b).sum())), 1e-9))


def _level(fine: Plane) -> Plane:
    power = cv2.blur(fine * fine, (SIDE_PX, SIDE_PX))
    return np.asarray(fine / np.sqrt(np.maximum(power, np.float32(0.05))), dtype=np.float32)

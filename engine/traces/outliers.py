"""Cells whose value differs from what their brightness or texture lets expect."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

BINS = 12
"""Groups of cells of alike texture among which a cell is compared."""

LEAST_CELLS = 64
"""With fewer judged cells there is nothing to compare with."""

LEAST_SPREAD = 1e-3
"""Smallest spread a group is given, so that a group of equals makes nothing stand out."""

TO_DEVIATION = 1.4826
"""Median absolute deviation to standard deviation, for a normal distribution."""


def deviations(
    values: NDArray[np.float32],
    like: NDArray[np.float32],
    valid: NDArray[np.bool_],
    least_spread: float = LEAST_SPREAD,
) -> NDArray[np.float32]:
    """Return how far each cell lies from cells that are alike, in robust standard deviations.

    Cells are sorted by ``like`` into `BINS` groups of one size; the expected value and its spread
    (median, median absolute deviation) are interpolated between the groups' centres.

    Args:
        values: [rows, cols], what is compared.
        like: [rows, cols], what makes cells comparable, such as their texture.
        valid: [rows, cols]; others neither count nor are judged.
        least_spread: smallest spread, in units of ``values``.

    Returns:
        [rows, cols] signed; 0 where not valid.

    Raises:
        ValueError: there are fewer than `LEAST_CELLS` valid cells.
    """
    if int(valid.sum()) < LEAST_CELLS:
        raise ValueError(f"{int(valid.sum())} cells to compare; {LEAST_CELLS} are needed.")
    v, x = values[valid].astype(np.float64), like[valid].astype(np.float64)
    order = np.argsort(x, kind="stable")
    groups = np.array_split(order, BINS)
    centres = np.array([np.median(x[group]) for group in groups])
    middles = np.array([np.median(v[group]) for group in groups])
    spreads = np.array(
        [
            np.median(np.abs(v[group] - middle))
            for group, middle in zip(groups, middles, strict=True)
        ]
    )
    spread = np.maximum(np.interp(x, centres, spreads) * TO_DEVIATION, least_spread)
    made = np.zeros(values.shape, dtype=np.float32)
    made[valid] = (v - np.interp(x, centres, middles)) / spread
    return made


def smoothed(
    cells: NDArray[np.float32], valid: NDArray[np.bool_], side: int
) -> NDArray[np.float32]:
    """Return means over the valid cells of a square neighbourhood.

    Args:
        cells: [rows, cols].
        valid: [rows, cols]; others do not count.
        side: of the neighbourhood, cells, odd.

    Returns:
        [rows, cols]; 0 where fewer than half of the neighbourhood is valid.
    """
    share = ndimage.uniform_filter(valid.astype(np.float32), side, mode="constant")
    sums = ndimage.uniform_filter(np.where(valid, cells, 0), side, mode="constant")
    made: NDArray[np.float32] = np.where(share >= 0.499, sums / np.maximum(share, 1e-6), 0)
    return made.astype(np.float32)

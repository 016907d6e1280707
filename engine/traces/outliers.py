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


REFITS = 4
"""Times a fit is repeated; it hardly moves after the third."""

KEPT = 0.75
"""Share of the cells a fit is repeated on."""


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


def departures(
    values: NDArray[np.float32],
    features: tuple[NDArray[np.floating], ...],
    valid: NDArray[np.bool_],
) -> NDArray[np.float32]:
    """Return how far each cell lies from a linear fit, in robust standard deviations.

    The fit is repeated on the cells that lie nearest to it (least trimmed squares), so that a
    part that departs does not draw the fit to itself.

    Args:
        values: [rows, cols], what is explained.
        features: [rows, cols] each, what explains it.
        valid: [rows, cols]; others neither count nor are judged.

    Returns:
        [rows, cols] signed; 0 where not valid.

    Raises:
        ValueError: there are fewer than `LEAST_CELLS` valid cells.
    """
    if int(valid.sum()) < LEAST_CELLS:
        raise ValueError(f"{int(valid.sum())} cells to compare; {LEAST_CELLS} are needed.")
    v = values[valid].astype(np.float64)
    x = np.column_stack([np.ones(v.size), *(each[valid] for each in features)])
    kept = np.ones(v.size, dtype=np.bool_)
    rest = v
    for _ in range(REFITS):
        weights, *_ = np.linalg.lstsq(x[kept], v[kept], rcond=None)
        rest = v - x @ weights
        kept = np.abs(rest) <= np.quantile(np.abs(rest), KEPT)
    middle = float(np.median(rest))
    spread = max(float(np.median(np.abs(rest - middle))) * TO_DEVIATION, LEAST_SPREAD)
    made = np.zeros(values.shape, dtype=np.float32)
    made[valid] = (rest - middle) / spread
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

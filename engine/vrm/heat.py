"""Heat maps: what is said of each place of a picture, laid over cells. Evidence, not proof."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.types import HeatMap, Region

CELL_PX = 16
"""Side of one cell of evidence in native pixels: the residual network's stride."""
MAX_CELLS = 64
"""Cells along the longer side of a map at most."""
FLAT_STD = 0.6
"""Grey levels; a cell whose pixels spread less carries no noise to judge."""
CLIPPED_SHARE = 0.9
"""A cell with more of its pixels at either end of the scale carries no noise to judge."""
CLIPPED_LEVELS = (3, 252)
HOT = 0.5
"""Cells at or above this value belong to a region."""
MAX_REGIONS = 3
MIN_REGION_SHARE = 0.01
BAND_CELLS = 16
"""Rows of cells that are looked at together, which keeps the memory of large pictures flat."""

Floats = NDArray[np.float32]


def sigmoid(x: Floats) -> Floats:
    """Return 1 / (1 + e^-x)."""
    out: Floats = (1.0 / (1.0 + np.exp(-np.clip(x, -60, 60)))).astype(np.float32)
    return out


def cell_factor(height: int, width: int) -> int:
    """Return how many residual cells a side make one cell of the map."""
    return max(1, math.ceil(max(height, width) / CELL_PX / MAX_CELLS))


def evidence_mask(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where there is something to judge.

    Args:
        pixels: [H, W, 3].

    Returns:
        [H // 16, W // 16]; False for flat and for clipped cells.
    """
    rows, cols = pixels.shape[0] // CELL_PX, pixels.shape[1] // CELL_PX
    valid = np.zeros((rows, cols), np.bool_)
    for top in range(0, rows, BAND_CELLS):
        bottom = min(rows, top + BAND_CELLS)
        band = pixels[top * CELL_PX : bottom * CELL_PX, : cols * CELL_PX]
        # The sum of the channels, three times the grey level, is a whole number: exact, and
        # several times as fast as means in floating point.
        valid[top:bottom] = _judgeable(band[..., 0].astype(np.uint32) + band[..., 1] + band[..., 2])
    return valid


def _judgeable(levels: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return which cells are neither flat nor clipped; levels are three times the grey level."""
    count = CELL_PX * CELL_PX
    mean = _cell_sums(levels) / count
    variance = _cell_sums(levels * levels) / count - mean * mean
    low, high = (3 * level for level in CLIPPED_LEVELS)
    clipped = _cell_sums(((levels < low) | (levels > high)).view(np.uint8)) / count
    return np.asarray((variance > (3 * FLAT_STD) ** 2) & (clipped < CLIPPED_SHARE))


def _cell_sums(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return the sum over each cell; rows first, so that memory is read in order."""
    rows, cols = values.shape[0] // CELL_PX, values.shape[1] // CELL_PX
    columns = values.reshape(rows, CELL_PX, -1).sum(axis=1, dtype=np.uint32)
    sums: NDArray[np.float64] = columns.reshape(rows, cols, CELL_PX).sum(axis=2).astype(np.float64)
    return sums


def covered(boxes: tuple[Region, ...], rows: int, cols: int) -> NDArray[np.bool_]:
    """Return which cells [rows, cols] have their centre in one of the boxes."""
    ys = (np.arange(rows)[:, None] + 0.5) * CELL_PX
    xs = (np.arange(cols)[None] + 0.5) * CELL_PX
    inside = np.zeros((rows, cols), np.bool_)
    for box in boxes:
        inside |= (ys >= box.y) & (ys < box.y + box.h) & (xs >= box.x) & (xs < box.x + box.w)
    return inside


def spread_tokens(
    token_logits: list[Floats], boxes: tuple[Region, ...], rows: int, cols: int
) -> Floats:
    """Lay the token log-odds of square views over the residual grid; overlaps are averaged.

    Args:
        token_logits: [7, 7] each.
        boxes: the views, same order.
        rows: of the residual grid.
        cols: of the residual grid.

    Returns:
        [rows, cols]; cells that no view covers take the mean of all tokens.
    """
    total = np.zeros((rows, cols), np.float64)
    count = np.zeros((rows, cols), np.float64)
    ys = (np.arange(rows) + 0.5) * CELL_PX
    xs = (np.arange(cols) + 0.5) * CELL_PX
    for logits, box in zip(token_logits, boxes, strict=True):
        grid = logits.shape[0]
        iy = np.floor((ys - box.y) / box.h * grid).astype(int)
        ix = np.floor((xs - box.x) / box.w * grid).astype(int)
        in_y, in_x = (iy >= 0) & (iy < grid), (ix >= 0) & (ix < grid)
        inside = np.ix_(in_y, in_x)
        total[inside] += logits[np.ix_(iy[in_y], ix[in_x])]
        count[inside] += 1
    mean = float(np.mean([t.mean() for t in token_logits]))
    out: Floats = np.where(count > 0, total / np.maximum(count, 1), mean).astype(np.float32)
    return out


def pool_cells(
    values: Floats, valid: NDArray[np.bool_], factor: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """Average valid cells in blocks of factor x factor; a block without any is not valid."""
    if factor == 1:
        return values, valid
    rows, cols = -(-values.shape[0] // factor), -(-values.shape[1] // factor)
    pad = ((0, rows * factor - values.shape[0]), (0, cols * factor - values.shape[1]))
    blocks_v = np.pad(np.where(valid, values, 0), pad).reshape(rows, factor, cols, factor)
    blocks_n = np.pad(valid, pad).reshape(rows, factor, cols, factor).sum(axis=(1, 3))
    pooled = blocks_v.sum(axis=(1, 3)) / np.maximum(blocks_n, 1)
    return pooled.astype(np.float32), np.asarray(blocks_n > 0)


def build(
    values: Floats, valid: NDArray[np.bool_], height: int, width: int, method: str
) -> HeatMap:
    """Return the map of a picture from its residual grid of probabilities.

    The map spans the picture exactly: where a side is no multiple of the residual cell, cells are
    a little larger or smaller than that, and each takes the value under its centre.

    Args:
        values: [H // 16, W // 16], 0..1.
        valid: same shape.
        height: of the picture, px.
        width: of the picture, px.
        method: how the values were made, in words.
    """
    factor = cell_factor(height, width)
    pooled, judged = pool_cells(values, valid, factor)
    side = factor * CELL_PX
    under = np.ix_(
        _under_centres(height, side, pooled.shape[0]), _under_centres(width, side, pooled.shape[1])
    )
    cells, ok = np.clip(pooled[under], 0, 1).astype(np.float32), judged[under]
    cells.flags.writeable = ok.flags.writeable = False
    cell_px = (height / cells.shape[0], width / cells.shape[1])
    return HeatMap(cells=cells, valid=ok, cell_px=cell_px, method=method)


def _under_centres(length: int, side: int, cells: int) -> NDArray[np.intp]:
    """Return which of ``cells`` of ``side`` px lies under the centre of each even cell."""
    count = max(1, round(length / side))
    centres = (np.arange(count) + 0.5) * (length / count)
    return np.minimum((centres / side).astype(np.intp), cells - 1)


def hot_regions(heatmap: HeatMap, height: int, width: int) -> tuple[Region, ...]:
    """Return boxes around the largest connected hot areas, largest first, in original pixels."""
    hot = heatmap.valid & (heatmap.cells >= HOT)
    groups = _connected(hot)
    enough = max(1.0, MIN_REGION_SHARE * hot.size)
    kept = sorted((g for g in groups if len(g) >= enough), key=len, reverse=True)[:MAX_REGIONS]
    ch, cw = heatmap.cell_px
    regions = []
    for group in kept:
        ys, xs = [p[0] for p in group], [p[1] for p in group]
        x, y = round(min(xs) * cw), round(min(ys) * ch)
        right, bottom = (
            min(width, round((max(xs) + 1) * cw)),
            min(height, round((max(ys) + 1) * ch)),
        )
        regions.append(Region(x=x, y=y, w=max(1, right - x), h=max(1, bottom - y)))
    return tuple(regions)


def _connected(hot: NDArray[np.bool_]) -> list[list[tuple[int, int]]]:
    """Return 4-connected groups of true cells."""
    seen = np.zeros_like(hot)
    groups = []
    for y0, x0 in zip(*np.nonzero(hot), strict=True):
        if seen[y0, x0]:
            continue
        seen[y0, x0] = True
        group, waiting = [], [(int(y0), int(x0))]
        while waiting:
            y, x = waiting.pop()
            group.append((y, x))
            for ny, nx in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                inside = 0 <= ny < hot.shape[0] and 0 <= nx < hot.shape[1]
                if inside and hot[ny, nx] and not seen[ny, nx]:
                    seen[ny, nx] = True
                    waiting.append((ny, nx))
        groups.append(group)
    return groups

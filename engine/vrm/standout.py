"""Which place of a picture differs most from the rest: a linear head on what patches are like.

It reads each patch beside the mean of its own picture, so that content and processing of the whole
cancel out: states of the unadapted tower at three depths, energies of fixed residual filters, and
energies of the DCT's frequencies. Every picture has a place that differs most; the head points, it
does not say that anything was edited.

Source: the idea of looking for inconsistency inside one picture is that of Lyu, Pan and Zhang,
IJCV 2014 (noise) and Mahdian and Saic, IVC 2009; the head and its features are this project's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from scipy.ndimage import label, uniform_filter

from engine.errors import ModelError
from engine.types import Region
from engine.vrm.artifact import FRONT_CHANNELS, windows
from engine.vrm.heat import CELL_PX, Floats

FILE = "places.safetensors"
DEPTHS = (4, 6, 8)
"""Tower depths that are read."""
SIDE = 14
"""Patches a side of a view."""
BLOCK = 8
"""Side of a DCT block, px."""
FREQUENCIES = BLOCK * BLOCK
SMOOTHED = 5
"""Patches over which the map is averaged, a side; 5 and 3 pointed alike on calibration sources."""
HOTTEST = 0.90
"""Share of the judged cells below the place; chosen on 76 composites of calibration sources."""
_FLOOR = (0.25, 0.01)
"""Added to DCT and filter energies before their logarithm."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StandoutHead:
    """The linear head."""

    weights: Floats
    """[len(DEPTHS) * width + FREQUENCIES + FRONT_CHANNELS]."""

    def map(self, features: Floats) -> Floats:
        """Return how each patch of a view differs from the view's mean, smoothed: [SIDE, SIDE].

        Args:
            features: [SIDE * SIDE, F]: states at DEPTHS, DCT energies, filter energies.
        """
        scores = (features - features.mean(axis=0)) @ self.weights
        smooth: Floats = uniform_filter(
            scores.reshape(SIDE, SIDE).astype(np.float32), SMOOTHED, mode="nearest"
        )
        return smooth


def read_head(file: Path, width: int) -> StandoutHead:
    """Read the head's weights.

    Args:
        file: safetensors with ``weights``.
        width: of the tower's states.

    Raises:
        ModelError: it is missing, broken, or of another tower.
    """
    try:
        with safe_open(file, framework="numpy") as stored:
            weights = stored.get_tensor("weights").astype(np.float32)
    except (OSError, SafetensorError) as error:
        raise ModelError(f"The weights {file} cannot be read ({error}): reinstall.") from error
    wanted = len(DEPTHS) * width + FREQUENCIES + FRONT_CHANNELS
    if weights.shape != (wanted,):
        raise ModelError(
            f"The weights {file} have shape {weights.shape}, {wanted} are needed: install again."
        )
    return StandoutHead(weights=weights)


def dct_energies(pixels: NDArray[np.uint8]) -> Floats:
    """Return log energies of the DCT's frequencies in whole cells: [FREQUENCIES, rows, cols].

    Args:
        pixels: [H, W, 3], its origin on the grid of cells.
    """
    rows, cols = pixels.shape[0] // CELL_PX, pixels.shape[1] // CELL_PX
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    grey = pixels[: rows * CELL_PX, : cols * CELL_PX].astype(np.float32) @ weights
    per_cell = CELL_PX // BLOCK
    blocks = grey.reshape(rows * per_cell, BLOCK, cols * per_cell, BLOCK).transpose(0, 2, 1, 3)
    basis = _dct_basis()
    logs = np.log(np.abs(basis @ blocks @ basis.T) + _FLOOR[0])
    cells = logs.reshape(rows, per_cell, cols, per_cell, FREQUENCIES).mean(axis=(1, 3))
    return np.ascontiguousarray(cells.transpose(2, 0, 1), dtype=np.float32)


def frequencies_of_picture(pixels: NDArray[np.uint8]) -> Floats:
    """Return DCT energies of a picture in the windows that R looks at: [FREQUENCIES, rows, cols].

    Args:
        pixels: [H, W, 3], sides >= 16.

    Returns:
        Cells that were not looked at hold the mean of those that were.
    """
    height, width = pixels.shape[:2]
    rows, cols = height // CELL_PX, width // CELL_PX
    out = np.zeros((FREQUENCIES, rows, cols), np.float32)
    seen = np.zeros((rows, cols), np.bool_)
    for y, x, h, w in windows(height, width):
        ys = slice(y // CELL_PX, (y + h) // CELL_PX)
        xs = slice(x // CELL_PX, (x + w) // CELL_PX)
        out[:, ys, xs] = dct_energies(pixels[y : y + h, x : x + w])
        seen[ys, xs] = True
    if not seen.all():
        out[:, ~seen] = out[:, seen].mean(axis=1, keepdims=True)
    return out


def _dct_basis() -> Floats:
    """Return the orthonormal DCT-II of 8 samples: [8, 8]."""
    k, n = np.mgrid[:BLOCK, :BLOCK]
    basis = np.cos(np.pi * (2 * n + 1) * k / (2 * BLOCK)) * np.sqrt(2 / BLOCK)
    basis[0] /= np.sqrt(2)
    return np.asarray(basis, np.float32)


def filter_energies(means: Floats) -> Floats:
    """Return log energies of filters from their mean absolute values, same shape."""
    return np.asarray(np.log(means + np.float32(_FLOOR[1])), np.float32)


def place(relative: Floats, valid: NDArray[np.bool_], height: int, width: int) -> Region | None:
    """Return the box around the place that differs most, None where nothing can be judged.

    Args:
        relative: [H // 16, W // 16], larger where it differs more towards generated.
        valid: same shape, where there is something to judge.
        height: of the picture, px.
        width: of the picture, px.
    """
    if not valid.any():
        return None
    values = np.where(valid, relative, -np.inf)
    threshold = np.quantile(relative[valid], HOTTEST)
    groups, _ = label(values >= threshold)
    top = np.unravel_index(int(np.argmax(values)), values.shape)
    ys, xs = np.nonzero(groups == groups[top])
    y, x = int(ys.min()) * CELL_PX, int(xs.min()) * CELL_PX
    bottom = min(height, (int(ys.max()) + 1) * CELL_PX)
    right = min(width, (int(xs.max()) + 1) * CELL_PX)
    return Region(x=x, y=y, w=right - x, h=bottom - y)


def spread(relative: Floats, valid: NDArray[np.bool_]) -> float | None:
    """Return how unevenly a picture's patches lie: the standard deviation; None without any."""
    return float(relative[valid].std()) if valid.any() else None

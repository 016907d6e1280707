"""Patch contrast: which patches of a view differ from the rest of it as generated ones do.

A linear head reads the tower's patches with the view's own mean taken away, so that neither what a
picture shows nor how it was compressed counts, only what sets a place apart. Generated places are
areas, not single patches: neighbours are averaged. On composites of sources that were not trained
on it points better than every map before it (docs/log.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from engine.errors import ModelError
from engine.types import Region
from engine.vrm import heat
from engine.vrm.heat import Floats

SPREAD_PATCHES = 1.0
"""Standard deviation of the averaging over neighbours. 1 and 2 point alike on calibration sources,
0 and 3 worse."""
REACH_PATCHES = 3
MAX_OFFSET = 2.5
"""Log-odds that the picture as a whole adds to every place, at most, either way: a place that
contrasts strongly shows in a picture that looks real, and a generated picture is hot all over."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ContrastHead:
    """A linear head on patches with their mean taken away."""

    depths: tuple[int, ...]
    """Depths of the unadapted tower that it reads, counted from 1."""
    weights: Floats
    """[depths, width]."""

    def log_odds(self, states: Mapping[int, Floats]) -> Floats:
        """Return how far each patch speaks of a generator more than its view does.

        Args:
            states: [1 + patches, width] of each depth, class token first.

        Returns:
            [side, side] log-odds; 0 is the view's own level.
        """
        patches = sum(
            (states[depth][1:] - states[depth][1:].mean(0)) @ w
            for depth, w in zip(self.depths, self.weights, strict=True)
        )
        values = np.asarray(patches, np.float32)
        side = round(len(values) ** 0.5)
        return smoothed(values.reshape(side, side))


def smoothed(grid: Floats) -> Floats:
    """Return a grid averaged over neighbours; at the rim over those that there are."""
    height, width = grid.shape
    out: Floats = (_kernel(height) @ grid @ _kernel(width).T).astype(np.float32)
    return out


def _kernel(count: int) -> Floats:
    """Return the weights [count, count] of each place's neighbours in one direction; rows sum 1."""
    apart = np.abs(np.arange(count)[:, None] - np.arange(count)[None])
    weights = np.exp(-0.5 * (apart / SPREAD_PATCHES) ** 2) * (apart <= REACH_PATCHES)
    return np.asarray(weights / weights.sum(1, keepdims=True), np.float32)


def read_contrast(file: Path, depths: tuple[int, ...], width: int) -> ContrastHead:
    """Read the head out of the mini's trained weights.

    Args:
        file: the trained weights.
        depths: what it reads, in the order of its weights (`MiniConfig.contrast_depths`).
        width: of the tower's states.

    Raises:
        ModelError: the file is broken, or its head reads another number of values.
    """
    try:
        with safe_open(file, framework="numpy") as stored:
            weight = stored.get_tensor("contrast.weight").astype(np.float32)
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"The trained weights {file} cannot be read ({error}): reinstall."
        ) from error
    if weight.shape != (1, len(depths) * width):
        raise ModelError(
            f"The contrast head in {file} has weights {weight.shape}, {len(depths)} depths of a "
            f"tower {width} wide need {(1, len(depths) * width)}: install the weights again."
        )
    return ContrastHead(depths=depths, weights=weight.reshape(len(depths), width))


def map_values(
    p_ai: float, contrasts: list[Floats], boxes: tuple[Region, ...], rows: int, cols: int
) -> Floats:
    """Return the map's value in each residual cell.

    Args:
        p_ai: the picture's calibrated probability.
        contrasts: [side, side] of each view.
        boxes: the views, same order.
        rows: of the residual grid.
        cols: of the residual grid.

    Returns:
        [rows, cols], 0..1.
    """
    p = min(max(p_ai, 1e-6), 1 - 1e-6)
    offset = max(-MAX_OFFSET, min(MAX_OFFSET, math.log(p / (1 - p))))
    spread = heat.spread_tokens(contrasts, boxes, rows, cols)
    return heat.sigmoid(spread + np.float32(offset))

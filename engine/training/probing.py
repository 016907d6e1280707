"""The linear probe on the tower's shared states: little to learn, so little to learn by heart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from engine.training.augment import SIDES_PX, Pixels, apply, draw_recipe
from engine.training.batches import tiles
from engine.training.data import PoolImage, load_rgb
from engine.training.descent import STAGE_FILES, Log, save_trained
from engine.vrm.mini import Mini, normalise, read_trained
from engine.vrm.views import view_tensor

MAX_OF_SOURCE = 200
"""Pictures of one source and class at most, so that none dominates."""
PENALTY = 1e-4
"""Inverse strength of the L2 penalty; of 1e-4, 1e-3 and 1e-2 the best on calibration sources."""
BATCH = 16


def train_probe(model: Mini, images: list[PoolImage], work: Path, seed: int, log: Log) -> None:
    """Last stage: fit the probe on two treated views of each picture, sources evened out.

    Args:
        model: the mini after the other stages.
        images: the training side.
        work: folder of the run; leaves the run's final weights.
        seed: of the views.
        log: told how it ended.
    """
    done = work / STAGE_FILES[-1]
    if done.exists():
        model.load_trained(read_trained(done))
        log("probe: already there")
        return
    chosen = _capped(images, seed)
    features, ai = _features(model, chosen, seed)
    mean, spread = features.mean(0), features.std(0) + 1e-4
    fitted = LogisticRegression(C=PENALTY, max_iter=300)
    fitted.fit((features - mean) / spread, ai, sample_weight=_weights(chosen))
    weight = fitted.coef_[0] / spread
    bias = float(fitted.intercept_[0] - (weight * mean).sum())
    with torch.no_grad():
        model.probe.weight.copy_(torch.from_numpy(weight)[None])
        model.probe.bias.fill_(bias)
    save_trained(model, done)
    log(f"probe: {len(chosen)} pictures, {features.shape[1]} features")


def _capped(images: list[PoolImage], seed: int) -> list[PoolImage]:
    order = np.random.default_rng(seed).permutation(len(images))
    counts: dict[tuple[str, str], int] = {}
    chosen = []
    for i in order:
        key = (images[i].source, images[i].label)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= MAX_OF_SOURCE:
            chosen.append(images[i])
    return chosen


def _weights(images: list[PoolImage]) -> NDArray[np.float64]:
    """Return weights of each picture's two views: classes equal, sources by root of their size."""
    keys = [(i.source, i.label) for i in images]
    weights = np.array([keys.count(k) ** -0.5 for k in keys])
    for label in ("real", "ai"):
        of_label = np.array([i.label == label for i in images])
        weights[of_label] /= weights[of_label].sum()
    return np.repeat(weights * len(weights), 2)


@torch.inference_mode()
def _features(
    model: Mini, images: list[PoolImage], seed: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    views = [torch.from_numpy(v) for i, image in enumerate(images) for v in _views(image, seed + i)]
    parts = []
    for start in range(0, len(views), BATCH):
        batch = torch.stack(views[start : start + BATCH]).float() / 255
        with torch.autocast("cpu", dtype=torch.bfloat16):
            shared = model.shared_states(normalise(batch))
        parts.append(model.probe_features(shared))
    return torch.cat(parts).numpy(), np.repeat([i.label == "ai" for i in images], 2)


def _views(image: PoolImage, seed: int) -> Iterator[NDArray[np.uint8]]:
    """Yield the whole picture shrunk, and a crop; each treated as in the other stages."""
    rng = np.random.default_rng(seed)
    pixels: Pixels = load_rgb(image.path)
    if image.tile_grid:
        parts = tiles(pixels)
        pixels = parts[int(rng.integers(len(parts)))]
    short = min(pixels.shape[:2])
    fitting = [s for s in SIDES_PX if s <= short] or [short]
    for whole in (True, False):
        side = max(fitting) if whole else int(rng.choice(fitting))
        recipe = draw_recipe(rng, side)
        if whole:
            recipe = replace(recipe, shrink=1.0)
        view = view_tensor(apply(pixels, recipe, had_jpeg=image.jpeg_history))
        yield (view * 255).round().to(torch.uint8).numpy()

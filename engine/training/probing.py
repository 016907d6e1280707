"""The linear probe on the unadapted tower: little to learn, so little to learn by heart.

Its features do not depend on any other stage, so they are computed once (``features.py``); fitting
takes seconds, which is what makes leave-one-source-out folds over the whole pool possible
(``folds.py``).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from engine.training.augment import SIDES_PX, Pixels, apply, draw_recipe
from engine.training.batches import tiles
from engine.training.data import PoolImage, load_rgb
from engine.training.descent import Log
from engine.training.features import KeptFeatures
from engine.vrm.mini import Mini
from engine.vrm.squares import VIEW_PX, middle_square, view_pixels

MAX_OF_SOURCE = 400
"""Pictures of one source and class at most, so that none dominates."""
DRAWS = 2
"""Treated crops of each picture, beside its middle square as it is."""
DRAWN_SIDES_PX = (*SIDES_PX, 384, 512)
WHOLE_SHARE = 0.4
"""Of the draws that show the whole of the picture's shorter side."""
MAX_TILES = 3
"""Of a collage."""
L2 = 0.1
"""Penalty on the squared weights of standardised features, beside the mean loss. Of .003, .03,
.1 and .3 the best over six groups of sources left out (docs/log.md)."""
DEPTH_SCALES = (1.4, 1.2, 1.0, 0.6)
"""Deeper states know more of what is shown and in what style, which differs between sources; they
are made smaller, so that the penalty holds their weights down (docs/log.md)."""
STEPS = 60
LOGGED_EVERY = 200
VIEWS_FILE = "probe-views.npz"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Views:
    """The views that the probe is fitted on."""

    number: NDArray[np.int64]
    """[N], in the kept features."""
    picture: NDArray[np.int32]
    """[N], index into the pictures that they show."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Probe:
    """A fitted probe: log-odds = features @ weight + bias."""

    weight: NDArray[np.float32]
    """[depths * 2 * width]."""
    bias: float

    def log_odds(self, features: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return [N] log-odds of "AI" from [N, D] features."""
        out: NDArray[np.float32] = features.astype(np.float32) @ self.weight + self.bias
        return out


def thinned(images: Sequence[PoolImage]) -> list[PoolImage]:
    """Return the pictures in their order, every n-th of a source and class that is too large."""
    sizes = Counter((i.source, i.label) for i in images)
    seen: Counter[tuple[str, str]] = Counter()
    chosen = []
    for image in images:
        key = (image.source, image.label)
        if seen[key] % -(-sizes[key] // MAX_OF_SOURCE) == 0:
            chosen.append(image)
        seen[key] += 1
    return chosen


def read_views(features: KeptFeatures, images: Sequence[PoolImage], file: Path, log: Log) -> Views:
    """Return every picture's views; their features are computed where they are not kept.

    Args:
        features: of the fast path's tower.
        images: pictures.
        file: where the views' numbers are kept; made anew when it is of other pictures.
        log: told how far it is.
    """
    key = hashlib.sha256("".join(i.sha256 for i in images).encode()).hexdigest()
    if file.exists():
        with np.load(file) as kept:
            if str(kept["key"]) == key:
                return Views(number=kept["number"], picture=kept["picture"])
    number: list[int] = []
    picture: list[int] = []
    for n, image in enumerate(images):
        for view in training_views(image, features.side_px):
            number.append(features.number_of(view))
            picture.append(n)
        if (n + 1) % LOGGED_EVERY == 0:
            log(f"probe: views of {n + 1}/{len(images)} pictures")
    views = Views(number=np.array(number, np.int64), picture=np.array(picture, np.int32))
    partial = file.with_suffix(".partial.npz")
    np.savez(partial, key=key, number=views.number, picture=views.picture)
    partial.replace(file)
    return views


def training_views(image: PoolImage, side_px: int = VIEW_PX) -> Iterator[NDArray[np.uint8]]:
    """Yield the middle square as it is, and treated crops of any scale: [side, side, 3] each.

    What is drawn depends on the picture's hash alone.
    """
    rng = np.random.default_rng(int(image.sha256[:8], 16))
    pixels: Pixels = load_rgb(image.path)
    parts = tiles(pixels)[:MAX_TILES] if image.tile_grid else [pixels]
    for part in map(np.ascontiguousarray, parts):
        yield view_pixels(part, middle_square(*part.shape[:2]), side_px)
        fitting = [s for s in DRAWN_SIDES_PX if s <= min(part.shape[:2])]
        for _ in range(DRAWS if fitting else 0):
            recipe = draw_recipe(rng, int(rng.choice(fitting)))
            if rng.random() < WHOLE_SHARE:
                recipe = replace(recipe, shrink=1.0)
            crop = apply(part, recipe, had_jpeg=image.jpeg_history)
            yield view_pixels(crop, side_px=side_px)


def view_weights(images: Sequence[PoolImage], picture: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return a weight of each view: classes equal, sources by the root of their size; sum 1."""
    keys = [(images[p].source, images[p].label) for p in picture]
    counts = Counter(keys)
    weights = np.array([counts[k] ** -0.5 for k in keys])
    ai = np.array([images[p].label == "ai" for p in picture])
    for part in (ai, ~ai):
        weights[part] /= 2 * weights[part].sum()
    return weights.astype(np.float32)


def fit_probe(
    features: NDArray[np.floating], ai: NDArray[np.bool_], weights: NDArray[np.float32]
) -> Probe:
    """Fit the probe on views.

    Args:
        features: [N, D], as many at each of the probe's depths.
        ai: [N], the class.
        weights: [N], summing to 1.

    Returns:
        The probe in the features' own units.
    """
    x = features.astype(np.float32)
    mean = weights @ x
    x -= mean
    spread = np.sqrt(weights @ (x**2)) + np.float32(1e-3)
    spread /= np.repeat(np.array(DEPTH_SCALES, np.float32), x.shape[1] // len(DEPTH_SCALES))
    x /= spread
    # scikit-learn minimises C * sum(loss) + |w|^2 / 2; ours is sum(weight * loss) + L2 * |w|^2.
    solver = LogisticRegression(C=0.5 / L2, max_iter=STEPS, tol=1e-3)
    solver.fit(x, ai, sample_weight=weights)
    weight = (solver.coef_[0] / spread).astype(np.float32)
    return Probe(weight=weight, bias=float(solver.intercept_[0] - weight @ mean))


def train_probe(
    model: Mini, images: Sequence[PoolImage], features: KeptFeatures, work: Path, log: Log
) -> None:
    """Last stage: fit the probe on every source and put it into the model.

    Args:
        model: the mini; gets the probe.
        images: real and AI pictures.
        features: of the fast path's tower; the full path reads the same states in bfloat16.
        work: folder of the run, where the views are kept.
        log: told how it ended.
    """
    chosen = thinned(images)
    views = read_views(features, chosen, work / VIEWS_FILE, log)
    ai = np.array([chosen[p].label == "ai" for p in views.picture])
    x = features.of(views.number, model.config.probe_depths)
    probe = fit_probe(x, ai, view_weights(chosen, views.picture))
    with torch.no_grad():
        model.probe.weight.copy_(torch.from_numpy(probe.weight)[None])
        model.probe.bias.fill_(probe.bias)
    log(f"probe: {len(views.picture)} views of {len(chosen)} pictures")

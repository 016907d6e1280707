"""The linear probe on the unadapted tower: little to learn, so little to learn by heart.

It is fitted on the views that the fast path is measured on: the middle square of the whole picture,
as it came and after every treatment. Crops of any scale, drawn at random, made it worse
(docs/log.md). Features are computed once (``features.py``); fitting takes seconds, which is what
makes leave-one-source-out folds over the whole pool possible (``folds.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from engine.training.data import PoolImage
from engine.training.descent import Log
from engine.training.evaluate import Row, Unmeasured, measure
from engine.training.features import VIEW, KeptFeatures
from engine.vrm.mini import Mini

CONDITIONS = ("as is", "JPEG 70", "WebP 80", "half size")
VIEWS_FILE = "rows-views.jsonl"
MAX_OF_SOURCE = 400
"""Pictures of one source and class at most, so that none dominates."""
L2 = 0.1
"""Penalty on the squared weights of standardised features, beside the mean loss. Of .003, .03,
.1 and .3 the best over six groups of sources left out (docs/log.md)."""
DEPTH_SCALES = (1.4, 1.2, 1.0, 0.6)
"""Deeper states know more of what is shown and in what style, which differs between sources; they
are made smaller, so that the penalty holds their weights down (docs/log.md)."""
STEPS = 60


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


def measured_views(
    kept: KeptFeatures,
    images: Sequence[PoolImage],
    work: Path,
    log: Log,
    conditions: tuple[str, ...] = CONDITIONS,
) -> list[Row]:
    """Return a row for every picture and condition, each with the number of its view.

    Args:
        kept: features of the fast path's tower.
        images: real and AI pictures; those of too large sources are thinned.
        work: folder of the run; whatever is there already is used.
        log: told how far it is.
        conditions: keys of `engine.training.evaluate.CONDITIONS`.
    """

    def told(one: Unmeasured) -> None:
        log(f"not measured: {one.path} {one.condition}: {one.message}")

    return measure(
        kept,
        thinned(images),
        conditions,
        rows_file=work / VIEWS_FILE,
        log=log,
        on_failure=told,
        model=kept.model,
    )


def numbers_of(rows: Sequence[Row]) -> NDArray[np.int64]:
    """Return the numbers of the rows' views: [N]."""
    return np.array([row.log_odds[VIEW] for row in rows], np.int64)


def row_weights(rows: Sequence[Row]) -> NDArray[np.float32]:
    """Return a weight of each row: classes equal, sources by the root of their size; sum 1."""
    keys = [(row.source, row.label) for row in rows]
    counts = Counter(keys)
    weights = np.array([counts[k] ** -0.5 for k in keys])
    ai = np.array([row.label == "ai" for row in rows])
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


def train_probe(model: Mini, rows: Sequence[Row], kept: KeptFeatures, log: Log) -> None:
    """Last stage: fit the probe on every source and put it into the model.

    Args:
        model: the mini; gets the probe.
        rows: from ``measured_views``.
        kept: features of the fast path's tower; the full path reads the same states in bfloat16.
        log: told how it ended.
    """
    ai = np.array([row.label == "ai" for row in rows])
    x = kept.of(numbers_of(rows), model.config.probe_depths)
    probe = fit_probe(x, ai, row_weights(rows))
    with torch.no_grad():
        model.probe.weight.copy_(torch.from_numpy(probe.weight)[None])
        model.probe.bias.fill_(probe.bias)
    log(f"probe: {len(rows)} views of {len({row.sha256 for row in rows})} pictures")

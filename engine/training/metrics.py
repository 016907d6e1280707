"""Figures of a detector, each with a bootstrap interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

RESAMPLES = 1000
BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value with the middle 95 % of its bootstrap."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})"


def auc(p: Floats, ai: Bools) -> float:
    """Return the area under the ROC curve."""
    return float(roc_auc_score(ai, p))


def balanced_accuracy(p: Floats, ai: Bools) -> float:
    """Return the mean of real and AI accuracy at p = .5."""
    return float(((p[ai] >= 0.5).mean() + (p[~ai] < 0.5).mean()) / 2)


def tpr_at_fpr(p: Floats, ai: Bools, fpr: float = 0.05) -> float:
    """Return the share of AI pictures above the real pictures' (1 - fpr) quantile."""
    return float((p[ai] > np.quantile(p[~ai], 1 - fpr)).mean())


def expected_calibration_error(p: Floats, ai: Bools) -> float:
    """Return the mean gap between stated and observed share over ten equal bins of p."""
    bins = np.minimum((p * BINS).astype(int), BINS - 1)
    gaps = [
        abs(p[bins == b].mean() - ai[bins == b].mean()) * (bins == b).mean()
        for b in np.unique(bins)
    ]
    return float(np.sum(gaps))


def brier(p: Floats, ai: Bools) -> float:
    """Return the mean squared error of the probability."""
    return float(((p - ai) ** 2).mean())


def bootstrap(measure: Callable[[Floats, Bools], float], p: Floats, ai: Bools) -> Figure:
    """Return a figure with its interval, classes resampled apart."""
    rng = np.random.default_rng(0)
    real, fake = np.flatnonzero(~ai), np.flatnonzero(ai)
    values = []
    for _ in range(RESAMPLES):
        pick = np.concatenate([rng.choice(real, len(real)), rng.choice(fake, len(fake))])
        values.append(measure(p[pick], ai[pick]))
    low, high = np.quantile(values, (0.025, 0.975))
    return Figure(value=measure(p, ai), low=float(low), high=float(high))


def share(hits: Bools | Floats) -> Figure:
    """Return a share (or a mean) with its bootstrap interval."""
    rng = np.random.default_rng(0)
    values = [hits[rng.integers(0, len(hits), len(hits))].mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(values, (0.025, 0.975))
    return Figure(value=float(hits.mean()), low=float(low), high=float(high))

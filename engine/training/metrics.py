"""Figures of a detector, each with a bootstrap interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Measure = Callable[[Floats, Bools], float]

RESAMPLES = 1000
BINS = 10
MIDDLE = (0.025, 0.975)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value with the middle 95 % of its bootstrap."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})"


def auc(p: Floats, ai: Bools) -> float:
    """Return the area under the ROC curve; ties count half."""
    _, level = np.unique(p, return_inverse=True)
    count = int(level.max()) + 1
    real = np.bincount(level[~ai], minlength=count)
    fake = np.bincount(level[ai], minlength=count)
    below = np.cumsum(real) - real
    return float((fake * (below + real / 2)).sum() / (real.sum() * fake.sum()))


def balanced_accuracy(p: Floats, ai: Bools) -> float:
    """Return the mean of real and AI accuracy at p = .5."""
    return float(((p[ai] >= 0.5).mean() + (p[~ai] < 0.5).mean()) / 2)


def tpr_at_fpr(p: Floats, ai: Bools, fpr: float = 0.05) -> float:
    """Return the share of AI pictures above the real pictures' (1 - fpr) quantile."""
    return float((p[ai] > np.quantile(p[~ai], 1 - fpr)).mean())


def expected_calibration_error(p: Floats, ai: Bools) -> float:
    """Return the mean gap between stated and observed share over ten equal bins of p."""
    bins = np.minimum((p * BINS).astype(int), BINS - 1)
    stated = np.bincount(bins, weights=p, minlength=BINS)
    observed = np.bincount(bins, weights=ai, minlength=BINS)
    return float(np.abs(stated - observed).sum() / len(p))


def brier(p: Floats, ai: Bools) -> float:
    """Return the mean squared error of the probability."""
    return float(((p - ai) ** 2).mean())


def bootstrap(measure: Measure, p: Floats, ai: Bools) -> Figure:
    """Return a figure with its interval, classes resampled apart.

    Args:
        measure: of probabilities and labels.
        p: [N], of pictures.
        ai: [N]; both classes are there.
    """
    rng = np.random.default_rng(0)
    real, fake = np.flatnonzero(~ai), np.flatnonzero(ai)
    values = []
    for _ in range(RESAMPLES):
        pick = np.concatenate([rng.choice(real, len(real)), rng.choice(fake, len(fake))])
        values.append(measure(p[pick], ai[pick]))
    return _figure(measure(p, ai), values)


def bootstrap_sources(measure: Measure, p: Floats, ai: Bools, sources: list[str]) -> Figure:
    """Return a figure with the interval that another draw of sources would give.

    Sources are drawn with replacement, for each class apart, and their pictures with them: what
    to expect of a source that was not measured. Wider than ``bootstrap``, which only says what
    other pictures of the same sources would give.

    Args:
        measure: of probabilities and labels.
        p: [N], of pictures.
        ai: [N]; both classes are there.
        sources: [N], of the same pictures.
    """
    rng = np.random.default_rng(0)
    _, names = np.unique(np.array(sources), return_inverse=True)
    of_class = [
        [np.flatnonzero(mask & (names == n)) for n in np.unique(names[mask])] for mask in (~ai, ai)
    ]
    values = []
    for _ in range(RESAMPLES):
        pick = np.concatenate(
            [parts[i] for parts in of_class for i in rng.integers(0, len(parts), len(parts))]
        )
        values.append(measure(p[pick], ai[pick]))
    return _figure(measure(p, ai), values)


def difference(first: Floats, second: Floats, ai: Bools) -> Figure:
    """Return the second's AUC minus the first's; each resampling draws the same for both.

    Args:
        first: probabilities or log-odds of N pictures.
        second: of the same pictures.
        ai: the truth, [N].
    """
    rng = np.random.default_rng(0)
    real, fake = np.flatnonzero(~ai), np.flatnonzero(ai)
    values = []
    for _ in range(RESAMPLES):
        pick = np.concatenate([rng.choice(real, len(real)), rng.choice(fake, len(fake))])
        values.append(auc(second[pick], ai[pick]) - auc(first[pick], ai[pick]))
    low, high = np.quantile(values, (0.025, 0.975))
    return Figure(value=auc(second, ai) - auc(first, ai), low=float(low), high=float(high))


def share(hits: Bools | Floats) -> Figure:
    """Return a share (or a mean) with its bootstrap interval."""
    rng = np.random.default_rng(0)
    values = [hits[rng.integers(0, len(hits), len(hits))].mean() for _ in range(RESAMPLES)]
    return _figure(float(hits.mean()), values)


def _figure(value: float, values: list[float]) -> Figure:
    low, high = np.quantile(values, MIDDLE)
    return Figure(value=value, low=float(low), high=float(high))

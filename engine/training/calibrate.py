"""Probabilities and bands, fitted on verdicts about sources that were left out of training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from engine.training import metrics
from engine.training.evaluate import Judged, Row
from engine.training.metrics import Bools, Figure, Floats
from engine.types import Outcome
from engine.vrm.readouts import (
    TRIAGE_FEATURES,
    Bounds,
    Calibration,
    ErrorRates,
    Rate,
    Readings,
    ValidatedRange,
)

MAX_REAL_CALLED_AI = 0.03
MAX_AI_CALLED_CLEAR = 0.05
PENALTY = 0.1
"""Inverse strength of the L2 penalty on standardised log-odds: few sources, so a strong one."""
BOUND_POINTS = 41

VALIDATED = ValidatedRange(min_side_px=100, max_megapixels=50.0, min_jpeg_quality=65)
"""Sizes and compressions that the measured pictures had. Above 5 MP few were measured, but towers
look at squares shrunk to 224 px: a photograph of 12 MP and the same at 3 MP are one view to them,
and halving a picture was measured (docs/log.md)."""


def fit_logistic(rows: Sequence[Row], names: tuple[str, ...]) -> Calibration:
    """Fit one calibration.

    Args:
        rows: measured pictures, all conditions, judged by weights that never saw their source.
        names: log-odds to weigh.

    Returns:
        A logistic calibration for equal priors, sources counting by the root of their size.
        ``high`` lets through at most 3 % of the real pictures, ``low`` at most 5 % of the AI
        pictures, counted in the same way over all conditions together.
    """
    x = np.array([[r.log_odds[n] for n in names] for r in rows])
    ai = np.array([r.label == "ai" for r in rows])
    weight = source_weights(rows, ai)
    mean, std = x.mean(0), x.std(0)
    model = LogisticRegression(C=PENALTY * len(rows))
    model.fit((x - mean) / std, ai, sample_weight=weight / weight.sum())
    weights = model.coef_[0] / std
    bias = float(model.intercept_[0] - (weights * mean).sum())
    p = 1 / (1 + np.exp(-(x @ weights + bias)))
    high = _upper(p[~ai], weight[~ai], MAX_REAL_CALLED_AI)
    low = 1 - _upper(1 - p[ai], weight[ai], MAX_AI_CALLED_CLEAR)
    sources = len({r.source for r in rows})
    pictures = len({r.sha256 for r in rows})
    return Calibration(
        weights={n: float(w) for n, w in zip(names, weights, strict=True)},
        bias=bias,
        low=min(low, high),
        high=min(1.0, high),
        fitted_on=f"{pictures} pictures of {sources} sources, each judged by a model without it",
    )


def source_weights(rows: Sequence[Row], ai: Bools) -> Floats:
    """Return a weight of each row: classes equal, sources by the root of their size; mean 1."""
    keys = [(r.source, r.label, r.condition) for r in rows]
    counts = Counter(keys)
    weight = np.array([counts[k] ** -0.5 for k in keys])
    for part in (ai, ~ai):
        weight[part] *= 0.5 * len(rows) / weight[part].sum()
    return weight


def _upper(p: Floats, weight: Floats, share: float) -> float:
    """Return the least threshold that at most ``share`` of the weight reaches."""
    order = np.argsort(-p)
    reached = np.cumsum(weight[order]) / weight.sum()
    inside = int(np.searchsorted(reached, share, side="right"))
    return float(p[order][inside]) + 1e-6


def venn_abers(p: Floats, ai: Bools, weight: Floats) -> Bounds:
    """Return lower and upper probabilities over the range of p.

    Args:
        p: calibrated probabilities of the calibration set, [N].
        ai: the truth, [N].
        weight: of each, mean 1.

    Source: inductive Venn-Abers predictors, Vovk and Petej 2014 (arXiv 1211.0025).
    """
    points = np.linspace(0.0, 1.0, BOUND_POINTS)
    bounds: list[tuple[float, float]] = []
    for point in points:
        pair = []
        for added in (0.0, 1.0):
            fitted = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(
                np.append(p, point), np.append(ai, added), np.append(weight, 1.0)
            )
            pair.append(float(fitted.predict([point])[0]))
        bounds.append((min(pair), max(pair)))
    return Bounds(
        p=tuple(round(float(x), 5) for x in points),
        low=tuple(round(b[0], 5) for b in bounds),
        high=tuple(round(b[1], 5) for b in bounds),
    )


def with_bounds(calibration: Calibration, rows: Sequence[Row]) -> Calibration:
    """Return the calibration with Venn-Abers bounds from one condition of the rows, "as is"."""
    chosen = [r for r in rows if r.condition == "as is"] or list(rows)
    p = np.array([calibration.p_ai(r.log_odds) for r in chosen])
    ai = np.array([r.label == "ai" for r in chosen])
    return replace(calibration, bounds=venn_abers(p, ai, source_weights(chosen, ai)))


def fit(
    rows: Sequence[Row], *, rates: tuple[ErrorRates, ...] = (), bounds: bool = False
) -> Readings:
    """Fit what turns log-odds into verdicts; both paths take it.

    The full path's other log-odds carry no weight: on sources that none of its parts had seen, a
    calibration of all of them judged worse than the probe alone (docs/log.md).

    Args:
        rows: of all sources, each judged by a probe without it.
        rates: measured error rates.
        bounds: whether Venn-Abers bounds are wanted; they take seconds.
    """
    one = fit_logistic(rows, TRIAGE_FEATURES)
    if bounds:
        one = with_bounds(one, rows)
    return Readings(full=one, triage=one, validated=VALIDATED, error_rates=rates)


def error_rates(judged: Sequence[Judged]) -> tuple[ErrorRates, ...]:
    """Return how often each condition's verdicts called pictures AI, by class."""
    made = []
    for condition in dict.fromkeys(j.row.condition for j in judged):
        called = {
            label: np.array(
                [
                    j.outcome is Outcome.AI
                    for j in judged
                    if (j.row.condition, j.row.label) == (condition, label)
                ]
            )
            for label in ("real", "ai")
        }
        if all(len(hits) for hits in called.values()):
            made.append(
                ErrorRates(
                    condition=condition,
                    real_called_ai=_rate(called["real"]),
                    ai_called_ai=_rate(called["ai"]),
                )
            )
    return tuple(made)


def _rate(hits: Bools) -> Rate:
    figure: Figure = metrics.share(hits)
    return Rate(value=figure.value, low=figure.low, high=figure.high, n=len(hits))


def as_json(readings: Readings) -> dict[str, object]:
    """Return what ``calibration.json`` holds."""
    return asdict(readings)

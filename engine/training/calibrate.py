"""Probabilities and bands, fitted on sources that were neither trained on nor reported on."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
from sklearn.linear_model import LogisticRegression

from engine.training.evaluate import Row
from engine.vrm.readouts import FEATURES, TRIAGE_FEATURES, Calibration, Readings, ValidatedRange

MAX_REAL_CALLED_AI = 0.03
MAX_AI_CALLED_CLEAR = 0.05
PENALTY = 0.1
"""Inverse strength of the L2 penalty on standardised log-odds: few sources, so a strong one."""

VALIDATED = ValidatedRange(min_side_px=100, max_megapixels=5.0, min_jpeg_quality=65)
"""Sizes and compressions that the measured pictures had."""


def fit(rows: list[Row], names: tuple[str, ...]) -> Calibration:
    """Fit one calibration.

    Args:
        rows: measured pictures of the calibration side, all conditions.
        names: log-odds to weigh.

    Returns:
        A logistic calibration for equal priors. ``high`` lets through at most 3 % of the real
        pictures, ``low`` at most 5 % of the AI pictures, over all conditions together.
    """
    x = np.array([[r.log_odds[n] for n in names] for r in rows])
    ai = np.array([r.label == "ai" for r in rows])
    mean, std = x.mean(0), x.std(0)
    model = LogisticRegression(C=PENALTY, class_weight="balanced")
    model.fit((x - mean) / std, ai)
    weights = model.coef_[0] / std
    bias = float(model.intercept_[0] - (weights * mean).sum())
    p = 1 / (1 + np.exp(-(x @ weights + bias)))
    high = float(np.quantile(p[~ai], 1 - MAX_REAL_CALLED_AI, method="higher"))
    low = float(np.quantile(p[ai], MAX_AI_CALLED_CLEAR, method="lower"))
    sources = len({r.source for r in rows})
    pictures = len({r.sha256 for r in rows})
    return Calibration(
        weights={n: float(w) for n, w in zip(names, weights, strict=True)},
        bias=bias,
        low=min(low, high),
        high=min(1.0, high + 1e-6),
        fitted_on=f"{pictures} pictures of {sources} sources, neither trained on nor reported on",
    )


def fit_readings(rows: list[Row]) -> Readings:
    """Fit the calibration of the full path and of triage."""
    return Readings(
        full=fit(rows, FEATURES), triage=fit(rows, TRIAGE_FEATURES), validated=VALIDATED
    )


def as_json(readings: Readings) -> dict[str, object]:
    """Return what ``calibration.json`` holds."""
    return asdict(readings)

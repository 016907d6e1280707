"""From log-odds to a verdict: calibration, bands, validated range, error rates."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import InputError, ModelError
from engine.types import Condition, Image, Outcome, ReadOuts, Verdict

FEATURES = ("both", "artifact", "residual", "probe")
"""Log-odds that a calibration may weigh: the language model with the injected path, V_a's head,
R's head, the linear probe on the unadapted tower."""
TRIAGE_FEATURES = ("probe",)
"""What the fast path measures: the linear probe alone."""
MIN_SIDE_PX = 32
"""Smaller pictures are refused: two residual cells a side are not evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Lower and upper probability at points of p: what the calibration set alone can say.

    Source: inductive Venn-Abers predictors (Vovk and Petej 2014): isotonic regression with the
    picture added once as real and once as AI.
    """

    p: tuple[float, ...]
    """Points, rising, 0..1."""
    low: tuple[float, ...]
    """As many, 0..1."""
    high: tuple[float, ...]
    """As many, each at least its ``low``."""

    def at(self, p: float) -> tuple[float, float]:
        """Return (lower, upper) at a probability, linear between the points.

        Both fits are widened to hold p itself: where the logistic curve and the calibration set
        disagree, the interval says so.
        """
        low, high = (float(np.interp(p, self.p, values)) for values in (self.low, self.high))
        return min(low, p), max(high, p)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Logistic calibration fitted on verdicts of probes that never saw the picture's source."""

    weights: dict[str, float]
    bias: float
    low: float
    """At or below this probability: no sign found."""
    high: float
    """At or above it: likely AI-generated."""
    fitted_on: str
    """What it was fitted on, in words."""
    bounds: Bounds | None = None
    """Lower and upper probability; None where none was fitted."""

    def p_ai(self, log_odds: dict[str, float]) -> float:
        """Return the calibrated probability, 0..1."""
        z = self.bias + sum(w * log_odds[name] for name, w in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, z))))


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidatedRange:
    """Where the error rates were measured; outside, every verdict is inconclusive."""

    min_side_px: int
    max_megapixels: float
    min_jpeg_quality: int

    def objection(self, condition: Condition, short_side_px: int) -> str | None:
        """Return why a picture lies outside, or None when it lies inside."""
        if short_side_px < self.min_side_px:
            return f"its short side of {short_side_px} px is below {self.min_side_px} px"
        if condition.megapixels > self.max_megapixels:
            return f"its {condition.megapixels:.2f} MP are above {self.max_megapixels:g} MP"
        quality = condition.jpeg_quality
        if quality is not None and quality < self.min_jpeg_quality:
            return f"its JPEG quality of about {quality} is below {self.min_jpeg_quality}"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A measured share with the middle 95 % of its bootstrap."""

    value: float
    low: float
    high: float
    n: int
    """Pictures it was measured on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRates:
    """How often the bands were wrong in one condition, sources left out."""

    condition: str
    """As `engine.training.evaluate` names it, such as "JPEG 70"."""
    real_called_ai: Rate
    ai_called_ai: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What turns log-odds into verdicts, read from the trained weights' folder."""

    full: Calibration
    triage: Calibration
    validated: ValidatedRange
    error_rates: tuple[ErrorRates, ...] = ()
    """By condition; empty where none were measured."""


def require_size(image: Image) -> None:
    """Refuse a picture that is too small to see traces in.

    Raises:
        InputError: a side is below MIN_SIDE_PX.
    """
    height, width = image.pixels.shape[:2]
    if min(height, width) < MIN_SIDE_PX:
        raise InputError(
            f"The picture is {width} x {height} px; at least {MIN_SIDE_PX} px a side are "
            "needed to see traces.",
            kind="too_small",
        )


def load_readings(file: Path) -> Readings:
    """Read ``calibration.json``.

    Raises:
        ModelError: it is missing, lacks an entry, weighs a log-odds that is not measured, or
            its thresholds are out of order.
    """
    try:
        body: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        readings = Readings(
            full=_calibration(body["full"]),
            triage=_calibration(body["triage"]),
            validated=ValidatedRange(**body["validated"]),
            error_rates=tuple(_error_rates(one) for one in body.get("error_rates", ())),
        )
        _require_usable(readings.full, FEATURES)
        _require_usable(readings.triage, TRIAGE_FEATURES)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as e:
        raise ModelError(f"The calibration {file} cannot be used ({e}): reinstall it.") from e
    return readings


def _calibration(body: dict[str, Any]) -> Calibration:
    bounds = body.get("bounds")
    made = bounds and Bounds(**{name: tuple(values) for name, values in bounds.items()})
    return Calibration(**{**body, "bounds": made})


def _error_rates(body: dict[str, Any]) -> ErrorRates:
    return ErrorRates(
        condition=body["condition"],
        real_called_ai=Rate(**body["real_called_ai"]),
        ai_called_ai=Rate(**body["ai_called_ai"]),
    )


def _require_usable(calibration: Calibration, features: tuple[str, ...]) -> None:
    """Raise ValueError unless the weights are of measured log-odds and 0 <= low <= high <= 1."""
    if unknown := calibration.weights.keys() - set(features):
        raise ValueError(f"it weighs {', '.join(sorted(unknown))}")
    if not 0 <= calibration.low <= calibration.high <= 1:
        raise ValueError(f"its thresholds are {calibration.low} and {calibration.high}")
    bounds = calibration.bounds
    if bounds is not None:
        if not len(bounds.p) == len(bounds.low) == len(bounds.high) > 1:
            raise ValueError("its bounds are not of one length")
        rising = all(a < b for a, b in pairwise(bounds.p))
        if not rising or any(lo > hi for lo, hi in zip(bounds.low, bounds.high, strict=True)):
            raise ValueError("its bounds are out of order")


def decide(
    readings: Readings,
    log_odds: dict[str, float],
    condition: Condition,
    short_side_px: int,
    *,
    triage: bool,
) -> Verdict:
    """Return the verdict for one picture.

    Args:
        readings: calibration and validated range.
        log_odds: by name; ``"both"`` and ``"semantic"`` are absent in triage.
        condition: the state the picture arrived in.
        short_side_px: of the picture.
        triage: whether only the artifact path was run.

    Returns:
        The verdict; outside the validated range it is inconclusive whatever the probability.
    """
    calibration = readings.triage if triage else readings.full
    p = calibration.p_ai(log_odds)
    objection = readings.validated.objection(condition, short_side_px)
    if objection is not None:
        outcome = Outcome.INCONCLUSIVE
        reason = f"Outside the range in which error rates were measured: {objection}."
    elif p >= calibration.high:
        outcome = Outcome.AI
        said, limit = _apart(p, calibration.high)
        reason = f"The probability{said} reaches the upper threshold of {limit}."
    elif p <= calibration.low:
        outcome = Outcome.REAL
        said, limit = _apart(p, calibration.low)
        reason = f"The probability{said} stays at or below the lower threshold of {limit}."
    else:
        outcome = Outcome.INCONCLUSIVE
        above, low = _apart(p, calibration.low)
        below, high = _apart(p, calibration.high)
        reason = (
            f"The probability{above or below} lies between the thresholds {low} and {high}, "
            "where errors of both kinds are frequent."
        )
    interval = calibration.bounds.at(p) if calibration.bounds else None
    if interval is not None and objection is None:
        reason += f" The calibration set leaves it {_left(*interval)}."
    return Verdict(
        outcome=outcome,
        p_ai=p,
        p_ai_interval=interval,
        band_reason=reason,
        in_validated_range=objection is None,
        read_outs=ReadOuts(
            both=log_odds.get("both"),
            semantic=log_odds.get("semantic"),
            artifact=log_odds["artifact"],
        ),
    )


def _apart(p: float, threshold: float) -> tuple[str, str]:
    """Return a probability to be named and a threshold, with digits that show which is larger.

    The probability is left out where it can be told from the threshold in hundredths, as it is
    printed everywhere.
    """
    if f"{p:.2f}" != f"{threshold:.2f}":
        return "", f"{threshold:.2f}"
    for digits in (3, 4, 6):
        if f"{p:.{digits}f}" != f"{threshold:.{digits}f}":
            break
    return f" ({p:.{digits}f})", f"{threshold:.{digits}f}"


def _left(low: float, high: float) -> str:
    """Return an interval in words that never says 0 or 1: nothing is certain."""
    lower, upper = f"{low:.2f}", f"{high:.2f}"
    if lower == "0.00":
        return f"below {max(float(upper), 0.01):.2f}"
    if upper == "1.00":
        return f"above {min(float(lower), 0.99):.2f}"
    return f"between {lower} and {upper}"

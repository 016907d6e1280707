"""Likelihood ratios: how large one may be, and its words on the scale of ENFSI.

The rule, and why. A calibrated probability is an extrapolation where few pictures support it.
So the ratio p / (1 - p), which holds for equal priors, is drawn towards 1 by two bounds:

1. Counts. With N real and M generated pictures behind the calibration, the ratio lies within
   1 / (M + 1) and N + 1: one more real picture might have scored as high as this one, whatever
   the model says. The same purpose is served by the empirical bounds of the source below.
2. Hits and false alarms. For a picture in the band "likely AI", the ratio is at most
   hit rate / ((k + 1) / (N + 1)), with k of N real pictures in that band in the condition that
   matches this picture.

The bound nearest to 1 holds. The ratio is then rounded towards 1 to two digits.

Source: P. Vergeer, A. van Es, A. de Jongh, I. Alberink, R. Stoel, "Numerical likelihood ratios
outputted by LR systems are often based on extrapolation: When to stop extrapolating?",
Science & Justice 56 (2016) 482-491. ENFSI Guideline for Evaluative Reporting in Forensic
Science, version 3.0 (2015), verbal scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.report.rates import ErrorRates, ModelCard
from engine.types import Outcome, Verdict

SCALE = (
    (10.0, "weak support"),
    (100.0, "moderate support"),
    (1_000.0, "moderately strong support"),
    (10_000.0, "strong support"),
    (1_000_000.0, "very strong support"),
    (math.inf, "extremely strong support"),
)
"""(up to and including, words) of ENFSI 2015; below 1 the reciprocal speaks for the other
proposition."""

DIGITS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodRatio:
    """How much more probable the measurements are under H1 than under H2."""

    value: float | None
    """As it may be stated; None when none may be."""
    unbounded: float | None
    """p / (1 - p) before the bounds; None when none may be stated."""
    words: str
    """On the scale, or why none is stated; a sentence."""
    bound: str
    """What bounds it, a sentence; empty when nothing did."""


def likelihood_ratio(
    verdict: Verdict, card: ModelCard | None, matched: ErrorRates | None
) -> LikelihoodRatio:
    """Return the ratio that the calibration set supports for a verdict.

    Args:
        verdict: calibrated for equal priors.
        card: what is known of the model's calibration; None when nothing is.
        matched: error rates of the condition that matches the picture; None when not measured.
    """
    if not verdict.in_validated_range:
        return _none("the picture lies outside the range in which error rates were measured")
    counts = _counts(card, matched)
    if counts is None:
        return _none("the number of pictures behind the calibration is not recorded")
    real, ai = counts
    p = min(max(verdict.p_ai, 1e-12), 1 - 1e-12)
    unbounded = p / (1 - p)
    low, high = 1 / (ai + 1), float(real + 1)
    because = f"{real:,} real and {ai:,} generated pictures behind the calibration"
    if verdict.outcome is Outcome.AI and matched is not None:
        hits = _supported_by_hits(matched)
        if hits is not None and hits < high:
            high = max(1.0, hits)
            because = f"the hits and false alarms measured in the condition “{matched.condition}”"
    value = _towards_one(min(max(unbounded, low), high))
    return LikelihoodRatio(
        value=value,
        unbounded=unbounded,
        words=in_words(value),
        bound="" if low <= unbounded <= high else f"Bounded by {because}.",
    )


def in_words(ratio: float) -> str:
    """Return a ratio's words on the scale of ENFSI 2015, as a sentence.

    Args:
        ratio: H1 over H2, > 0.
    """
    if ratio == 1:
        return "The measurements do not support one proposition over the other."
    strength = max(ratio, 1 / ratio)
    words = next(words for up_to, words in SCALE if strength <= up_to * (1 + 1e-9))
    first, second = ("H1", "H2") if ratio > 1 else ("H2", "H1")
    return f"The measurements provide {words} for {first} relative to {second}."


def figure(ratio: float) -> str:
    """Return a ratio in figures: ``"6.5"``, ``"120"``, ``"1/14"``.

    Args:
        ratio: > 0, as it is stated.
    """
    return f"{ratio:,.4g}" if ratio >= 1 else f"1/{1 / ratio:,.4g}"


def _none(why: str) -> LikelihoodRatio:
    words = f"No likelihood ratio is stated: {why}."
    return LikelihoodRatio(value=None, unbounded=None, words=words, bound="")


def _counts(card: ModelCard | None, matched: ErrorRates | None) -> tuple[int, int] | None:
    if card is not None and card.real is not None and card.ai is not None:
        return card.real, card.ai
    if matched is not None and matched.real_called_ai and matched.ai_called_ai:
        return matched.real_called_ai.n, matched.ai_called_ai.n
    return None


def _supported_by_hits(matched: ErrorRates) -> float | None:
    real, ai = matched.real_called_ai, matched.ai_called_ai
    if real is None or ai is None:
        return None
    false_alarms = round(real.value * real.n)
    return ai.value / ((false_alarms + 1) / (real.n + 1))


def _towards_one(ratio: float) -> float:
    """Round to two digits, never away from 1."""
    if ratio < 1:
        return 1 / _towards_one(1 / ratio)
    step = 10.0 ** (math.floor(math.log10(ratio)) - DIGITS + 1)
    return max(1.0, round(math.floor(ratio / step + 1e-9) * step, 6))

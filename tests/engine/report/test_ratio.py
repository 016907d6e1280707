"""Likelihood ratios: the scale of ENFSI 2015, and never more than the pictures support."""

from dataclasses import replace

import pytest

from engine.report.rates import ErrorRates, ModelCard, Rate, matched_rates, parse_card
from engine.report.ratio import figure, in_words, likelihood_ratio
from engine.types import Condition, Outcome
from tests.engine.report.made import examination

CARD = ModelCard(
    weights_sha256="5c" * 32,
    fitted_on="a set",
    real=299,
    ai=199,
    thresholds=(0.2, 0.8),
    validated=(("min_side_px", "100"),),
    rates=(),
    weighs=(),
)


def rates(real=0.0, ai=0.5, n=100, condition="as is"):
    return ErrorRates(
        condition=condition,
        real_called_ai=Rate(value=real, low=0, high=1, n=n),
        ai_called_ai=Rate(value=ai, low=0, high=1, n=n),
        groups=(),
    )


def verdict(p, outcome=Outcome.AI, **changes):
    return replace(examination(outcome=outcome).verdict, p_ai=p, **changes)


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1.0, "do not support one proposition over the other"),
        (1.1, "weak support for H1 relative to H2"),
        (10, "weak support for H1"),
        (10.1, "moderate support for H1"),
        (100, "moderate support for H1"),
        (1_000, "moderately strong support for H1"),
        (1_001, " strong support for H1"),
        (10_000, " strong support for H1"),
        (10_001, "very strong support for H1"),
        (1_000_000, "very strong support for H1"),
        (1_000_001, "extremely strong support for H1"),
        (1 / 7, "weak support for H2 relative to H1"),
        (1 / 70, "moderate support for H2"),
        (1 / 2_000_000, "extremely strong support for H2"),
    ],
)
def test_the_words_are_those_of_enfsi_2015(ratio, words):
    assert words in in_words(ratio)


def test_a_ratio_follows_from_p_for_equal_priors():
    assert likelihood_ratio(verdict(0.9), CARD, None).value == 9.0
    assert figure(likelihood_ratio(verdict(0.1, Outcome.REAL), CARD, None).value) == "1/9"


@pytest.mark.parametrize("p", [0.9999, 1.0, 1 - 1e-15])
def test_no_ratio_exceeds_the_real_pictures_behind_the_calibration(p):
    found = likelihood_ratio(verdict(p), CARD, None)
    assert found.value == 300.0
    assert "299 real and 199 generated" in found.bound


@pytest.mark.parametrize("p", [0.0001, 0.0])
def test_no_reciprocal_exceeds_the_generated_pictures(p):
    found = likelihood_ratio(verdict(p, Outcome.REAL), CARD, None)
    assert found.value == pytest.approx(1 / 200)


def test_hits_and_false_alarms_bound_the_upper_band():
    # 50 of 100 hits, 5 of 100 false alarms: .5 / (6 / 101) = 8.41…, towards 1: 8.4
    found = likelihood_ratio(verdict(0.99), CARD, rates(real=0.05, ai=0.5))
    assert found.value == 8.4
    assert "hits and false alarms" in found.bound
    # none of 100: .5 / (1 / 101) = 50.5, towards 1: 50
    assert likelihood_ratio(verdict(0.99), CARD, rates()).value == 50.0


def test_a_detector_worse_than_chance_supports_nothing():
    found = likelihood_ratio(verdict(0.99), CARD, rates(real=0.6, ai=0.3))
    assert found.value == 1.0 and "do not support" in found.words


def test_rounding_never_makes_a_ratio_larger():
    for p in (0.51, 0.7, 0.83, 0.95, 0.99):
        value = likelihood_ratio(verdict(p), CARD, None).value
        assert 1 <= value <= p / (1 - p) + 1e-9
        less = likelihood_ratio(verdict(1 - p, Outcome.REAL), CARD, None).value
        assert (1 - p) / p - 1e-9 <= less <= 1


def test_without_counts_or_outside_the_range_none_is_stated():
    unknown = likelihood_ratio(verdict(0.9), replace(CARD, real=None), None)
    assert unknown.value is None and "not recorded" in unknown.words
    outside = likelihood_ratio(verdict(0.9, in_validated_range=False), CARD, rates())
    assert outside.value is None and "outside the range" in outside.words


def test_counts_of_the_measured_condition_serve_when_the_calibration_has_none():
    bare = replace(CARD, real=None, ai=None)
    assert likelihood_ratio(verdict(0.001, Outcome.REAL), bare, rates(n=49)).value == pytest.approx(
        1 / 50
    )


class TestCondition:
    card = replace(
        CARD,
        rates=tuple(rates(condition=name) for name in ("as is", "JPEG 70", "WebP 80", "half size")),
    )

    def name(self, *, quality=92, file_format="JPEG", resized=None, **changes):
        made = examination(**changes)
        made = replace(
            made,
            condition=Condition(jpeg_quality=quality, megapixels=1.0, resized=resized),
            facts=replace(made.facts, format=file_format),
        )
        found = matched_rates(self.card, made)
        return found and found.condition

    def test_the_nearest_measured_condition_is_taken(self):
        assert self.name() == "as is"
        assert self.name(quality=80) == self.name(quality=66) == "JPEG 70"
        assert self.name(quality=81) == "as is"
        assert self.name(quality=None, file_format="WEBP") == "WebP 80"
        assert self.name(resized=True, quality=70) == "half size"
        assert self.name(quality=None, file_format="PNG") == "as is"

    def test_no_rates_hold_for_triage_or_outside_the_range(self):
        made = examination()
        reads = replace(made.verdict.read_outs, both=None, semantic=None)
        assert self.name(verdict=replace(made.verdict, read_outs=reads)) is None
        assert self.name(verdict=replace(made.verdict, in_validated_range=False)) is None


def test_a_calibration_without_error_rates_can_be_read():
    raw = {
        "full": {"fitted_on": "x", "low": 0.2, "high": 0.8},
        "validated": {"min_side_px": 100, "max_megapixels": 5.0},
    }
    card = parse_card(raw, "00")
    assert card.rates == () and card.real is None
    raw["error_rates"] = [
        {
            "condition": "as is",
            "real_called_ai": {"value": 0.067, "low": 0.036, "high": 0.109, "n": 165},
            "ai_called_ai": {"value": 0.465, "low": 0.364, "high": 0.556, "n": 99},
        }
    ]
    (read,) = parse_card(raw, "00").rates
    assert read.real_called_ai.n == 165 and read.groups == ()
    raw["error_rates"][0]["real_called_ai"]["low"] = 0.5
    with pytest.raises(ValueError, match="is no rate"):
        parse_card(raw, "00")

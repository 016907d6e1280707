from __future__ import annotations

import json
import math
from dataclasses import asdict, replace

import pytest

from engine.errors import ModelError
from engine.types import Condition, Outcome
from engine.vrm.readouts import (
    Bounds,
    Calibration,
    ErrorRates,
    Rate,
    ValidatedRange,
    decide,
    load_readings,
)
from tests.engine.vrm.tiny_mini import readings

RANGE = ValidatedRange(min_side_px=100, max_megapixels=5.0, min_jpeg_quality=65)


def calibration(**changes):
    values = {
        "weights": {"both": 0.5, "artifact": -1.0},
        "bias": 0.2,
        "low": 0.3,
        "high": 0.7,
        "fitted_on": "nothing",
    }
    return Calibration(**{**values, **changes})


def condition(*, quality=None, megapixels=1.0):
    return Condition(jpeg_quality=quality, megapixels=megapixels)


def verdict(p, *, low=0.3, high=0.7, at=None, triage=False, extra=None):
    z = math.log(p / (1 - p))
    weights = {"artifact": 1.0}
    fitted = Calibration(weights=weights, bias=0.0, low=low, high=high, fitted_on="nothing")
    both = readings()
    made = type(both)(full=fitted, triage=fitted, validated=RANGE)
    log_odds = {"artifact": z, **(extra or {})}
    return decide(made, log_odds, at or condition(), 200, triage=triage)


def test_log_odds_are_weighed_and_become_a_probability():
    z = 0.2 + 0.5 * 2.0 - 1.0 * 0.7
    p = calibration().p_ai({"both": 2.0, "artifact": 0.7, "semantic": 9.0})
    assert p == pytest.approx(1 / (1 + math.exp(-z)))


@pytest.mark.parametrize(("z", "expected"), [(1e9, 1.0), (-1e9, 0.0)])
def test_extreme_log_odds_do_not_overflow(z, expected):
    assert calibration(weights={"both": 1.0}).p_ai({"both": z}) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("p", "outcome"),
    [
        (0.1, Outcome.REAL),
        (0.3, Outcome.REAL),
        (0.31, Outcome.INCONCLUSIVE),
        (0.69, Outcome.INCONCLUSIVE),
        (0.7, Outcome.AI),
        (0.99, Outcome.AI),
    ],
)
def test_thresholds_part_three_bands(p, outcome):
    low, high = 0.3 + 1e-9, 0.7 - 1e-9
    made = verdict(p, low=low, high=high)
    assert made.outcome is outcome
    assert made.p_ai == pytest.approx(p)
    assert made.in_validated_range
    assert "0.30" in made.band_reason or "0.70" in made.band_reason


@pytest.mark.parametrize("p", [0.001, 0.5, 0.999])
@pytest.mark.parametrize(
    "at", [condition(quality=64), condition(megapixels=5.1), condition(quality=1)]
)
def test_outside_the_validated_range_nothing_is_concluded(p, at):
    made = verdict(p, at=at)
    assert made.outcome is Outcome.INCONCLUSIVE
    assert not made.in_validated_range
    assert "Outside the range" in made.band_reason
    assert made.p_ai == pytest.approx(p)


def test_an_objection_says_what_and_how_much():
    assert RANGE.objection(condition(quality=65), 100) is None
    assert RANGE.objection(condition(quality=None, megapixels=5.0), 100) is None
    assert RANGE.objection(condition(), 99) == "its short side of 99 px is below 100 px"
    assert RANGE.objection(condition(megapixels=5.01), 100) == "its 5.01 MP are above 5 MP"
    assert RANGE.objection(condition(quality=40), 100) == "its JPEG quality of about 40 is below 65"


def test_triage_is_decided_without_the_language_model():
    made = decide(
        readings(),
        {"artifact": 3.0, "probe": 2.0},
        condition(),
        200,
        triage=True,
    )
    assert made.p_ai == pytest.approx(1 / (1 + math.exp(-(0.1 + 0.6 * 2.0))))
    assert made.read_outs.both is None
    assert made.read_outs.semantic is None
    assert made.read_outs.artifact == 3.0


def test_the_verdict_carries_every_path():
    made = verdict(0.5, extra={"both": 1.5, "semantic": -0.5})
    assert (made.read_outs.both, made.read_outs.semantic) == (1.5, -0.5)


def written(folder, **changes):
    body = {**asdict(readings()), **changes}
    file = folder / "calibration.json"
    file.write_text(json.dumps(body))
    return file


def test_a_calibration_is_read_as_it_was_written(tmp_path):
    assert load_readings(written(tmp_path)) == readings()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"full": None}, "calibration.json"),
        ({"full": {}}, "missing"),
        ({"validated": {"min_side_px": 3}}, "missing"),
        ({"triage": asdict(calibration())}, "it weighs artifact, both"),
        ({"full": asdict(calibration(weights={"colour": 1.0}))}, "it weighs colour"),
        ({"full": asdict(calibration(low=0.8))}, "its thresholds are 0.8 and 0.7"),
        ({"full": asdict(calibration(high=1.5))}, "its thresholds are 0.3 and 1.5"),
        ({"full": asdict(calibration(weights=[1, 2]))}, "calibration.json"),
    ],
)
def test_a_calibration_that_cannot_be_used_is_refused(tmp_path, changes, told):
    with pytest.raises(ModelError, match=told):
        load_readings(written(tmp_path, **changes))


def test_a_missing_or_broken_calibration_is_refused(tmp_path):
    with pytest.raises(ModelError, match="reinstall"):
        load_readings(tmp_path / "calibration.json")
    (tmp_path / "calibration.json").write_bytes(b'{"full": \xff')
    with pytest.raises(ModelError, match="reinstall"):
        load_readings(tmp_path / "calibration.json")


BOUNDS = Bounds(p=(0.0, 0.5, 1.0), low=(0.0, 0.3, 0.8), high=(0.1, 0.6, 1.0))


def test_bounds_go_with_the_verdict_and_into_its_reason():
    fitted = calibration(weights={"artifact": 1.0}, bias=0.0, bounds=BOUNDS)
    made = type(readings())(full=fitted, triage=fitted, validated=RANGE)
    said = decide(made, {"artifact": 0.0}, condition(), 200, triage=False)
    assert said.p_ai_interval == pytest.approx((0.3, 0.6))
    assert said.band_reason.endswith("The calibration set leaves it between 0.30 and 0.60.")
    outside = decide(made, {"artifact": 0.0}, condition(megapixels=9.0), 200, triage=False)
    assert "calibration set" not in outside.band_reason
    assert BOUNDS.at(0.25) == pytest.approx((0.15, 0.35))
    assert BOUNDS.at(0.02) == pytest.approx((0.012, 0.12))
    assert BOUNDS.at(0.75) == pytest.approx((0.55, 0.8))


def test_an_interval_always_holds_its_probability():
    off = Bounds(p=(0.0, 1.0), low=(0.5, 0.6), high=(0.6, 0.7))
    assert off.at(0.2) == pytest.approx((0.2, 0.62))
    assert off.at(0.9) == pytest.approx((0.59, 0.9))


def test_bounds_and_error_rates_are_read_back(tmp_path):
    rate = Rate(value=0.02, low=0.01, high=0.04, n=300)
    rates = ErrorRates(condition="JPEG 70", real_called_ai=rate, ai_called_ai=rate)
    made = type(readings())(
        full=calibration(weights={"both": 1.0}, bounds=BOUNDS),
        triage=calibration(weights={"probe": 1.0}),
        validated=RANGE,
        error_rates=(rates,),
    )
    file = tmp_path / "calibration.json"
    file.write_text(json.dumps(asdict(made)))
    assert load_readings(file) == made


@pytest.mark.parametrize(
    "bounds",
    [
        {"p": [0.0], "low": [0.0], "high": [1.0]},
        {"p": [0.0, 1.0], "low": [0.0], "high": [1.0, 1.0]},
        {"p": [1.0, 0.0], "low": [0.0, 0.0], "high": [1.0, 1.0]},
        {"p": [0.0, 1.0], "low": [0.5, 0.0], "high": [0.2, 1.0]},
    ],
)
def test_bounds_that_are_out_of_order_are_refused(tmp_path, bounds):
    body = asdict(readings())
    body["full"]["bounds"] = bounds
    file = tmp_path / "calibration.json"
    file.write_text(json.dumps(body))
    with pytest.raises(ModelError, match="bounds"):
        load_readings(file)


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.8707, "The probability (0.8707) lies between the thresholds 0.25 and 0.8708, "),
        (0.8709, "The probability (0.8709) reaches the upper threshold of 0.8708."),
        (0.86, "The probability lies between the thresholds 0.25 and 0.87, "),
        (0.2504, "The probability (0.250) stays at or below the lower threshold of 0.251."),
    ],
)
def test_a_probability_beside_a_threshold_is_told_from_it(p, words):
    assert verdict(p, low=0.25088, high=0.87082).band_reason.startswith(words)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.42, 0.61, "between 0.42 and 0.61"),
        (0.0005, 0.0056, "below 0.01"),
        (0.0, 0.001, "below 0.01"),
        (0.988, 0.9969, "above 0.99"),
        (0.91, 0.999, "above 0.91"),
        (1.0, 1.0, "above 0.99"),
    ],
)
def test_an_interval_never_says_that_something_is_certain(low, high, words):
    p = min(max((low + high) / 2, 1e-6), 1 - 1e-6)
    bounds = Bounds(p=(0.0, 1.0), low=(low, low), high=(high, high))
    fitted = calibration(weights={"artifact": 1.0}, bias=0.0, bounds=bounds)
    made = replace(readings(), full=fitted, validated=RANGE)
    log_odds = {"artifact": math.log(p / (1 - p))}
    said = decide(made, log_odds, condition(), 200, triage=False)
    assert said.band_reason.endswith(f" The calibration set leaves it {words}.")

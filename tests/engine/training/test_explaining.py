"""Explanations are measured against known masks, and the head of places is fitted by ridge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.training.composites import Composite
from engine.training.explaining import Explained, Kept, Named, explain_composites
from engine.training.explanation_figures import figures
from engine.training.standout import RIDGE, patches, solve
from engine.vrm.artifact import FRONT_CHANNELS
from engine.vrm.mini_examiner import MiniExaminer
from engine.vrm.places import PLACES
from engine.vrm.standout import DEPTHS, FREQUENCIES, StandoutHead
from tests.engine.vrm.tiny_mini import WIDTH, info, readings, trained_mini

SIZE = len(DEPTHS) * WIDTH + FREQUENCIES + FRONT_CHANNELS


@pytest.fixture
def examiner(tiny_base, one_thread):
    weights = np.zeros(SIZE, np.float32)
    weights[-1] = 1.0
    head = StandoutHead(weights=weights)
    return MiniExaminer(trained_mini(tiny_base), readings(0.01, 0.99), info(), head)


def a_composite(seed=0, *, edited=True):
    """A quiet picture; where it was edited, its upper left is loud."""
    pixels = np.random.default_rng(seed).integers(110, 146, (224, 224, 3), dtype=np.uint8)
    mask = np.zeros((224, 224), bool)
    if edited:
        mask[:112, :112] = True
        pixels[:112, :112] = np.random.default_rng(seed + 1).integers(0, 256, (112, 112, 3))
    return Composite(sha256=f"{seed:064x}", source=f"source {seed % 2}", pixels=pixels, mask=mask)


def kept(tmp_path):
    return Kept(tmp_path / "rows.jsonl", "weights")


def test_a_planted_edit_is_named_and_every_sentence_is_true(examiner, tmp_path):
    first, second = explain_composites(
        examiner, [a_composite(0), a_composite(2)], lambda _: None, kept=kept(tmp_path)
    )
    assert first.written >= 3
    assert first.dropped == 0
    assert 0 < first.agreeing == first.stances
    assert first.language_ms > 0
    place = next(n for n in first.rendered if n.analyser == "vrm.standout")
    assert place.generated > 0.8
    assert place.centred < 0.5
    assert place.third == (0, 0)
    assert first.thirds[0] == 1.0
    assert first.thirds[-1] == 0.0
    assert first.followed + first.strayed == 0
    assert second.followed >= 3
    assert second.strayed == 0


def test_of_an_untouched_picture_only_its_unevenness_is_taken(examiner, tmp_path):
    plain, edited = a_composite(0, edited=False), a_composite(0)
    (quiet,) = explain_composites(examiner, [plain], lambda _: None, kept=kept(tmp_path))
    (loud,) = explain_composites(examiner, [edited], lambda _: None, kept=kept(tmp_path))
    assert not quiet.edited
    assert quiet.written == 0
    assert quiet.score < loud.score


def test_an_interrupted_run_goes_on_and_other_weights_begin_anew(examiner, tmp_path):
    made = explain_composites(examiner, [a_composite(0)], lambda _: None, kept=kept(tmp_path))
    again = kept(tmp_path)
    assert explain_composites(None, [a_composite(0)], lambda _: None, kept=again) == made
    assert again.get(a_composite(0).sha256, edited=False) is None
    other = Kept(tmp_path / "rows.jsonl", "other weights")
    assert other.get(a_composite(0).sha256, edited=True) is None


def named(generated, centred=0.0, third=(0, 0), analyser="vrm.standout"):
    return Named(analyser=analyser, generated=generated, centred=centred, third=third)


def a_row(number, *, edited=True, score=0.5, **changes):
    row = Explained(sha256=str(number), source="a", edited=edited, score=score)
    if not edited:
        return row
    thirds = tuple(1.0 if place == (0, 0) else 0.0 for place in PLACES)
    said = replace(
        row, outcome="inconclusive", written=4, dropped=1, stances=2, agreeing=2,
        language_ms=100.0 * number, thirds=thirds, followed=3, strayed=1, own=1,
    )  # fmt: skip
    return replace(said, **changes)


def test_figures_compare_named_places_with_the_centre():
    test = [
        a_row(1, named=(named(0.9, 0.1),), rendered=(named(0.9, 0.1),)),
        a_row(2, named=(named(0.5, 0.6, (1, 1)),), rendered=()),
        a_row(3, named=(named(0.1, 0.9, (2, 2)), named(1.0, analyser="vrm.heatmap"))),
        a_row(4, named=()),
    ]
    made = figures([a_row(9)], test)
    place = made["place that differs most"]["language model"]
    assert place["explanations that name one"] == 3
    assert place["right, of all"]["value"] == pytest.approx(2 / 4)
    assert place["right, of those"]["value"] == pytest.approx(2 / 3)
    assert place["centre right, of those"]["value"] == pytest.approx(2 / 3)
    assert place["right less centre"]["value"] == pytest.approx(0)
    assert place["generated share"]["value"] == pytest.approx(0.5)
    assert made["place that differs most"]["rendered"]["explanations that name one"] == 1
    heat = made["place of the heat map"]["language model"]
    assert heat["right, of those"]["value"] == 1.0
    assert made["third that is named"]["majority"] == "upper left"
    assert made["third that is named"]["right"]["value"] == pytest.approx(1 / 3)
    assert made["third that is named"]["majority right"]["value"] == 1.0


def test_figures_count_dropped_sentences_agreement_and_the_shuffled_control():
    made = figures([a_row(9)], [a_row(1), a_row(2, agreeing=1)])
    assert made["sentences"]["written"] == 8
    assert made["sentences"]["share dropped"]["value"] == pytest.approx(0.25)
    assert made["sentences"]["agreement"] == pytest.approx(3 / 4)
    assert made["shuffled findings"]["sentences"] == 8
    assert made["shuffled findings"]["true of the findings that were given"]["value"] == 0.75
    assert made["shuffled findings"]["true of the picture's own findings"]["value"] == 0.25
    assert made["language_ms"] == {"median": 150.0, "95 %": 195.0, "longest": 200.0}
    assert made["outcomes"] == {"ai": 0, "real": 0, "inconclusive": 2}


def test_a_rule_of_locality_is_set_on_calibration_and_told_of_test():
    before = [a_row(n, edited=False, score=n / 100) for n in range(100)]
    test = [
        *(a_row(n, score=0.5 + n / 10) for n in range(8)),
        *(a_row(n, edited=False, score=n / 10) for n in range(10)),
    ]
    made = figures([*before, a_row(200)], test)["locality"]
    assert made["threshold"] == pytest.approx(0.9405)
    assert made["edited called local"]["value"] == pytest.approx(3 / 8)
    assert made["untouched called local"]["value"] == 0.0
    assert 0.5 < made["AUC"]["low"] <= made["AUC"]["value"] <= made["AUC"]["high"]


def test_ridge_weights_are_those_of_standardised_features():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 3)) * np.array([1.0, 20.0, 0.05])
    y = x @ np.array([0.5, 0.01, 3.0])
    z = x / (np.sqrt((x * x).mean(0)) + 1e-6)
    expected = np.linalg.solve(z.T @ z / 400 + RIDGE * np.eye(3), z.T @ y / 400)
    got = solve(x.T @ x / 400, x.T @ y / 400, (x * x).mean(0), 1.0)
    np.testing.assert_allclose(got * (np.sqrt((x * x).mean(0)) + 1e-6), expected, rtol=1e-4)


def test_patches_are_given_beside_their_mean_with_their_generated_share(examiner):
    ((features, share),) = list(patches(examiner, a_composite(0)))
    assert features.shape == (len(share), SIZE)
    assert share.mean() == pytest.approx(0, abs=1e-5)
    assert share.max() - share.min() == pytest.approx(1.0)
    loud = features[:, -1]
    assert np.corrcoef(loud, share)[0, 1] > 0.8

"""Leaving sources out: no fold's probe or calibration ever sees the source that it judges."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from engine.errors import InputError
from engine.training.calibrate import error_rates, fit
from engine.training.evaluate import Row
from engine.training.features import KeptFeatures
from engine.training.fold_figures import calibrate, fold_rows, folded, full_rows, write_figures
from engine.training.folds import fit_folds, judge_by_others, out_of_fold
from engine.training.probing import Probe, fit_probe, row_weights
from engine.types import Outcome
from engine.vrm.readouts import load_readings
from tests.engine.training.tiny_pool import BrightTower, noise, pool_image

SOURCES = ("a", "b", "c", "d")


def row(source, label, z, *, condition="as is", n=0, **others):
    return Row(
        sha256=f"{source}{label}{n}",
        source=source,
        generator="",
        label=label,
        condition=condition,
        log_odds={"probe": z, **others},
    )


def made_rows(**others):
    rng = np.random.default_rng(0)
    return [
        row(source, label, float(rng.normal(2 if label == "ai" else -2, 1.5)), n=n, **others)
        for source in SOURCES
        for label in ("real", "ai")
        for n in range(40)
    ]


@pytest.fixture
def views():
    """Four views of each of four sources, and 8 telling features of each."""
    rows = [
        row(source, "ai" if n % 2 else "real", 0.0, n=n) for source in SOURCES for n in range(4)
    ]
    rng = np.random.default_rng(1)
    ai = np.array([r.label == "ai" for r in rows])
    return rows, (rng.normal(0, 1, (16, 8)) + 2 * ai[:, None]).astype(np.float16)


def test_a_fold_is_fitted_without_its_source(views, tmp_path):
    rows, features = views
    probes = fit_folds(rows, features, tmp_path / "folds.npz", str)
    assert list(probes) == list(SOURCES)
    others = np.flatnonzero([r.source != "b" for r in rows])
    ai = np.array([r.label == "ai" for r in rows])
    by_hand = fit_probe(features[others], ai[others], row_weights([rows[i] for i in others]))
    assert np.allclose(probes["b"].weight, by_hand.weight, atol=1e-4)
    assert not np.allclose(probes["a"].weight, by_hand.weight, atol=1e-4)
    again = fit_folds(rows, features, tmp_path / "folds.npz", pytest.fail)
    assert np.array_equal(again["c"].weight, probes["c"].weight)
    fit_folds(rows, features * 2, tmp_path / "folds.npz", (told := []).append)
    assert told, "probes of other features must not be taken for these"


def test_a_class_that_lies_in_one_source_alone_is_refused(tmp_path):
    rows = [row("a", "real", 0.0), row("b", "ai", 0.0)]
    with pytest.raises(InputError, match="Without a one class is left"):
        fit_folds(rows, np.eye(2, 8, dtype=np.float16), tmp_path / "folds.npz", str)


def test_a_row_is_judged_by_the_probe_without_its_source():
    probes = {
        s: Probe(weight=np.full(4, n, np.float32), bias=float(n)) for n, s in enumerate(SOURCES)
    }
    rows = [row("c", "ai", 0.0), row("a", "real", 0.0), row("b", "real", 0.0)]
    made = out_of_fold(rows, probes, np.ones((3, 4), np.float16))
    assert [r.log_odds for r in made] == [{"probe": 10.0}, {"probe": 0.0}, {"probe": 5.0}]
    assert [r.source for r in made] == ["c", "a", "b"]


def test_the_fast_path_is_measured_once_and_probes_are_tried_on_what_is_kept(tmp_path):
    rows = []
    for n in range(8):
        path = tmp_path / f"{n}.png"
        light = noise(64, 64, n) // 4 + (150 if n % 2 else 0)
        Image.fromarray(light).save(path)
        rows.append(pool_image(path, "ai" if n % 2 else "real", SOURCES[n // 2]))
    tower = BrightTower()
    conditions = ("as is", "half size")

    def measured(depths):
        kept = KeptFeatures(tower, tmp_path / "features.bin")
        return fold_rows(kept, rows, tmp_path, str, depths=depths, conditions=conditions)

    first = measured((6, 8, 10, 12))
    assert len(first) == 16
    ran = tower.ran
    z = {(r.sha256, r.condition): r.log_odds["probe"] for r in first}
    assert all((z[i.sha256, "as is"] > 0) == (i.label == "ai") for i in rows)
    other = measured((1, 2, 3, 4))
    assert tower.ran == ran
    assert [r.log_odds for r in other] != [r.log_odds for r in first]


def vars_of(one):
    return {name: getattr(one, name) for name in one.__slots__}


def test_thresholds_come_from_the_other_sources():
    rows = made_rows()
    loud = [row("loud", "real", 9.0, n=n) for n in range(30)]
    judged = judge_by_others([*rows, *loud], fit, triage=True)
    assert len(judged) == len(rows) + len(loud)
    called = [j.outcome is Outcome.AI for j in judged if j.row.source == "loud"]
    assert all(called), "its own real pictures must not have raised the threshold"
    rates = error_rates(judged)
    assert rates[0].condition == "as is"
    assert rates[0].real_called_ai.n == 190
    assert rates[0].real_called_ai.value > 0.15


def test_sources_count_by_the_root_of_their_size_in_the_threshold():
    rows = made_rows()
    many = [row("many", "real", -6.0, n=n) for n in range(2000)]
    few, with_many = fit(rows).triage, fit([*rows, *many]).triage
    z_of = [np.log(c.high / (1 - c.high)) - c.bias for c in (few, with_many)]
    z = [value / c.weights["probe"] for value, c in zip(z_of, (few, with_many), strict=True)]
    assert z[1] > z[0] - 1.5, "2,000 easy pictures of one source must not lower the threshold much"


def test_calibration_is_written_with_bounds_rates_and_counts(tmp_path):
    calibrate(made_rows(), tmp_path, str)
    readings = load_readings(tmp_path / "calibration.json")
    assert readings.triage.weights.keys() == {"probe"}
    assert readings.full == readings.triage
    assert [r.condition for r in readings.error_rates] == ["as is"]
    low, high = readings.triage.bounds.at(0.9)
    assert 0.5 < low <= high <= 1
    body = json.loads((tmp_path / "calibration.json").read_text())
    assert body["calibrated_on"] == {"real": 160, "ai": 160}


def test_either_path_is_written_and_one_source_is_refused(capsys):
    fast = made_rows()
    full = [r for r in made_rows(both=0.3, artifact=-0.2) if r.source in ("a", "b")]
    write_figures(full, fast, markdown=False)
    body = json.loads(capsys.readouterr().out)
    assert body["sources"] == 2
    assert body["pictures"] == {"real": 80, "ai": 80}
    assert body["figures"]
    assert set(body["read_outs_auc"]["as is"]) == {"both", "artifact", "probe"}
    write_figures(fast, markdown=True)
    assert "### All sources" in capsys.readouterr().out
    with pytest.raises(InputError, match="two or more"):
        write_figures([r for r in fast if r.source == "a"], markdown=True)


def test_only_the_conditions_that_are_asked_for_are_written(capsys):
    fast = made_rows()
    fast += [Row(**{**vars_of(r), "condition": "JPEG 70"}) for r in fast]
    write_figures(fast, conditions=folded(["JPEG 70"]), markdown=False)
    body = json.loads(capsys.readouterr().out)
    assert {line["condition"] for line in body["figures"]} == {"JPEG 70"}
    assert list(body["read_outs_auc"]) == ["JPEG 70"]


def test_a_condition_that_folds_are_not_fitted_on_is_refused():
    with pytest.raises(InputError, match="not screenshot"):
        folded(["as is", "screenshot"])


def test_the_full_path_is_judged_by_what_the_other_sources_fast_rows_say():
    fast = made_rows()
    full = [r for r in made_rows(both=9.0, artifact=9.0) if r.source == "a"]
    judged = judge_by_others(full, fit, fast)
    by_hand = fit([r for r in fast if r.source != "a"]).full
    assert [j.p for j in judged] == [by_hand.p_ai({"probe": r.log_odds["probe"]}) for r in full]


def test_the_full_path_takes_the_probe_of_the_fold(tmp_path):
    class Examiner:
        def log_odds(self, _image):
            return {"both": 1.0, "artifact": 2.0, "probe": 99.0}

    path = tmp_path / "x.png"
    Image.fromarray(noise(64, 64, 0)).save(path)
    picture = pool_image(path, "ai", "a")
    fast = [
        Row(**{**vars_of(row("a", "ai", 0.25)), "sha256": picture.sha256, "condition": "as is"})
    ]
    made = full_rows(
        Examiner(), [picture], fast, tmp_path, str, model="m", conditions=("as is", "JPEG 70")
    )
    assert [(r.condition, r.log_odds["probe"]) for r in made] == [("as is", 0.25)]

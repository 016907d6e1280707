"""Figures, calibration, trap gate and export say what is true of planted data."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image as PilImage
from sklearn.metrics import roc_auc_score

from engine.errors import InputError
from engine.training import metrics
from engine.training.augment import KERNELS, Recipe
from engine.training.batches import GENERATED, REAL, Batch
from engine.training.calibrate import as_json, fit, fit_logistic
from engine.training.descent import STAGE_FILES, save_trained
from engine.training.evaluate import CONDITIONS, Row, as_image, judge, measure, read_rows
from engine.training.export import export
from engine.training.gate import LIMIT, require_closed, trap_accuracies
from engine.types import Outcome
from engine.vrm.loader import CALIBRATION_FILE, TRAINED_FILE
from engine.vrm.mini import read_trained
from engine.vrm.packs import verify_trained
from engine.vrm.readouts import load_readings
from tests.engine.training.tiny_pool import noise, pool_image, write_pool
from tests.engine.vrm.tiny_mini import trained_mini

AI = np.array([False, False, True, True])


def test_ties_count_half_in_the_area_under_the_curve():
    p = np.array([0.2, 0.5, 0.5, 0.5])
    assert metrics.auc(p, AI) == 0.75
    rng = np.random.default_rng(0)
    p, ai = rng.integers(0, 20, 300) / 20, rng.random(300) < 0.3
    assert metrics.auc(p, ai) == pytest.approx(roc_auc_score(ai, p), abs=1e-12)


def test_figures_of_four_pictures_by_hand():
    p = np.array([0.1, 0.6, 0.4, 0.9])
    assert metrics.auc(p, AI) == 0.75
    assert metrics.balanced_accuracy(p, AI) == 0.5
    assert metrics.brier(p, AI) == pytest.approx((0.01 + 0.36 + 0.36 + 0.01) / 4)
    # Four bins of one picture each: gaps .1, .6, .6, .1.
    assert metrics.expected_calibration_error(p, AI) == pytest.approx(0.35)
    assert metrics.tpr_at_fpr(np.array([0.1, 0.2, 0.15, 0.3]), AI) == 0.5


def test_a_perfect_detector_has_a_perfect_interval_and_a_random_one_a_wide_one():
    rng = np.random.default_rng(0)
    ai = np.arange(200) % 2 == 1
    assert metrics.bootstrap(metrics.auc, ai.astype(float), ai).low == 1.0
    chance = metrics.bootstrap(metrics.auc, rng.random(200), ai)
    assert chance.low < 0.5 < chance.high
    assert chance.low <= chance.value <= chance.high


def test_the_interval_over_sources_is_wider_when_sources_differ():
    rng = np.random.default_rng(0)
    sources = [f"s{n % 6}" for n in range(300)]
    ai = np.arange(300) // 6 % 2 == 1
    # Two of six sources are judged at random, the others perfectly.
    easy = np.array([s not in ("s0", "s1") for s in sources])
    p = np.where(easy, ai, rng.random(300))
    pictures = metrics.bootstrap(metrics.auc, p, ai)
    over = metrics.bootstrap_sources(metrics.auc, p, ai, sources)
    assert over.value == pictures.value
    assert over.high - over.low > 1.5 * (pictures.high - pictures.low)


def made_rows(count=400, seed=0):
    """Rows whose "probe" tells the classes apart, whose other log-odds are noise."""
    rng = np.random.default_rng(seed)
    rows = []
    for n in range(count):
        label = "ai" if n % 2 else "real"
        noise = dict(zip(("both", "artifact", "residual"), rng.normal(size=3), strict=True))
        told = float(rng.normal(1.5 if label == "ai" else -1.5))
        rows.append(
            Row(
                sha256=str(n),
                source=f"s{n % 4}",
                generator="",
                label=label,
                condition="as is",
                log_odds={**noise, "probe": told},
            )
        )
    return rows


def test_the_calibration_weighs_what_tells_and_keeps_its_promises():
    rows = made_rows()
    fitted = fit_logistic(rows, ("both", "artifact", "residual", "probe"))
    others = [abs(w) for name, w in fitted.weights.items() if name != "probe"]
    assert fitted.weights["probe"] > 3 * max(others)
    p = np.array([fitted.p_ai(r.log_odds) for r in rows])
    ai = np.array([r.label == "ai" for r in rows])
    assert (p[~ai] >= fitted.high).mean() <= 0.03
    assert (p[ai] <= fitted.low).mean() <= 0.06
    assert fitted.low < fitted.high


def test_what_was_fitted_can_be_loaded(tmp_path):
    readings = fit(made_rows(), bounds=True)
    file = tmp_path / CALIBRATION_FILE
    file.write_text(json.dumps(as_json(readings)))
    assert load_readings(file) == readings


class CountingExaminer:
    """Answers with the mean of the pixels, and remembers how often it was asked."""

    def __init__(self):
        self.asked = 0

    def log_odds(self, image):
        self.asked += 1
        return {"both": float(image.pixels.mean())}


def test_measuring_goes_on_where_it_stopped_and_keeps_to_what_was_asked(tmp_path):
    rows, _ = write_pool(tmp_path, real=2, ai=1)
    file, examiner = tmp_path / "rows.jsonl", CountingExaminer()
    first = measure(examiner, rows[:2], ("as is",), rows_file=file, log=lambda _: None)
    assert (len(first), examiner.asked) == (2, 2)
    both = measure(examiner, rows, ("as is", "half size"), rows_file=file, log=lambda _: None)
    assert (len(both), examiner.asked) == (6, 6)
    again = measure(examiner, rows[2:], ("as is",), rows_file=file, log=lambda _: None)
    assert [r.sha256 for r in again] == [rows[2].sha256]
    assert examiner.asked == 6
    assert len(list(read_rows(file))) == 6


def test_rows_of_other_weights_are_measured_anew(tmp_path):
    rows, _ = write_pool(tmp_path, real=1, ai=1)
    file, examiner = tmp_path / "rows.jsonl", CountingExaminer()
    for model in ("old", "new", "new"):
        got = measure(examiner, rows, ("as is",), rows_file=file, log=lambda _: None, model=model)
        assert {r.model for r in got} == {model}
    assert examiner.asked == 4


def test_a_line_torn_by_an_interruption_is_measured_again(tmp_path):
    rows, _ = write_pool(tmp_path, real=2, ai=0)
    file, examiner = tmp_path / "rows.jsonl", CountingExaminer()
    measure(examiner, rows, ("as is",), rows_file=file, log=lambda _: None)
    file.write_bytes(file.read_bytes()[:-20])
    again = measure(examiner, rows, ("as is",), rows_file=file, log=lambda _: None)
    assert (len(again), examiner.asked) == (2, 3)
    assert len(list(read_rows(file))) == 2


class RememberingExaminer:
    """Keeps every picture it is shown."""

    def __init__(self):
        self.shown = []

    def log_odds(self, image):
        self.shown.append(image)
        return {"both": 0.0}


def measured_once(tmp_path, picture, name="a.png", conditions=("as is",), **save):
    file = tmp_path / name
    picture.save(file, **save)
    examiner = RememberingExaminer()
    rows = measure(
        examiner,
        [pool_image(file, real_class="night")],
        conditions,
        rows_file=tmp_path / "rows.jsonl",
        log=lambda _: None,
    )
    return rows, examiner.shown


def test_pictures_are_measured_as_a_scan_decodes_them(tmp_path):
    large = PilImage.fromarray(noise(1200, 1500, 0))
    (row,), (shown,) = measured_once(tmp_path, large)
    assert shown.pixels.shape == (1200, 1500, 3)
    assert (row.height, row.width, row.jpeg_quality) == (1200, 1500, None)
    assert row.real_class == "night"
    # Alpha lies over mid-grey, as in a scan; the training reader drops it.
    clear = PilImage.fromarray(np.zeros((40, 50, 4), np.uint8))
    _, (shown,) = measured_once(tmp_path, clear, "b.png")
    assert set(np.unique(shown.pixels)) == {128}


def test_the_quality_of_a_jpeg_is_kept_with_what_was_measured(tmp_path):
    picture = PilImage.fromarray(noise(64, 64, 0))
    rows, _ = measured_once(
        tmp_path, picture, "a.jpg", ("as is", "JPEG 70", "WebP 80", "half size"), quality=83
    )
    assert [r.jpeg_quality for r in rows] == [83, 70, None, None]
    assert [(r.height, r.width) for r in rows] == [(64, 64)] * 3 + [(32, 32)]


def test_a_screenshot_is_the_same_every_time_and_is_either_kind_of_file():
    image = as_image(noise(100, 120, 0))
    treat = CONDITIONS["screenshot"]
    made = [treat(image, np.random.default_rng(n)) for n in range(20)]
    again = [treat(image, np.random.default_rng(n)) for n in range(20)]
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(made, again, strict=True))
    assert {m.jpeg_quality for m in made} == {None, 85}
    assert all(60 <= m.pixels.shape[0] <= 100 for m in made)


def test_what_cannot_be_measured_stops_or_is_told(tmp_path):
    rows, _ = write_pool(tmp_path, real=1, ai=1, size=(40, 40))
    rows[0].path.write_bytes(b"no picture")
    file = tmp_path / "rows.jsonl"
    with pytest.raises(InputError, match=r"real0\.png"):
        measure(CountingExaminer(), rows, ("as is",), rows_file=file, log=lambda _: None)
    told = []
    got = measure(
        CountingExaminer(),
        rows,
        ("as is", "half size"),
        rows_file=file,
        log=lambda _: None,
        on_failure=told.append,
    )
    assert [(r.label, r.condition) for r in got] == [("ai", "as is")]
    assert [(t.condition, t.kind) for t in told] == [
        ("", "not_an_image"),
        ("half size", "too_small"),
    ]


def test_a_verdict_outside_the_validated_range_is_inconclusive():
    rows = made_rows()
    readings = fit(rows)
    sure = max(rows, key=lambda r: r.log_odds["probe"])
    sizes = {"small": (64, 64, None), "right": (400, 300, 90), "crushed": (400, 300, 20)}
    judged = {
        name: judge([replace(sure, height=height, width=width, jpeg_quality=quality)], readings)[
            0
        ].outcome
        for name, (height, width, quality) in sizes.items()
    }
    assert judged == {
        "small": Outcome.INCONCLUSIVE,
        "right": Outcome.AI,
        "crushed": Outcome.INCONCLUSIVE,
    }
    assert judge([sure], readings)[0].outcome is Outcome.AI


class PlantedBatches:
    """Batches whose AI pictures are noise and whose real ones are flat, or both noise."""

    def __init__(self, *, leak):
        self.leak = leak

    def at(self, step):
        generator = torch.Generator().manual_seed(step)
        native = torch.rand(6, 3, 32, 32, generator=generator)
        kind = torch.tensor([REAL, GENERATED] * 3)
        if self.leak:
            native[kind == REAL] = 0.5
        recipe = Recipe(
            side_px=32,
            shrink=0.0,
            kernel=KERNELS[step % len(KERNELS)],
            place=(0.0, 0.0),
            aligned=True,
            history=None,
            flip=False,
            chain=(),
        )
        return Batch(
            view=torch.zeros(6, 3, 224, 224),
            native=native,
            kind=kind,
            mask=torch.zeros(6, 2, 2),
            captions=(None,) * 6,
            recipes=(recipe,) * 6,
        )


def test_the_gate_finds_a_planted_leak_and_stays_quiet_without_one():
    leaking = trap_accuracies(PlantedBatches(leak=True), 20)
    assert leaking["bytes"] > 0.95
    with pytest.raises(InputError, match="bytes"):
        require_closed(leaking)
    quiet = trap_accuracies(PlantedBatches(leak=False), 20)
    assert max(quiet.values()) <= LIMIT
    require_closed(quiet)


def test_an_exported_run_is_half_precision_and_verified(tmp_path, tiny_base):
    work, out = tmp_path / "run", tmp_path / "out"
    work.mkdir()
    model = trained_mini(tiny_base)
    save_trained(model, work / STAGE_FILES[-1])
    with pytest.raises(InputError, match="calibrate"):
        export(work, out)
    (work / CALIBRATION_FILE).write_text(json.dumps(as_json(fit(made_rows(), bounds=True))))
    export(work, out)
    verify_trained(out)
    state = read_trained(out / TRAINED_FILE)
    assert {t.dtype for t in state.values()} == {torch.float16}
    assert state.keys() == model.trained_state().keys()

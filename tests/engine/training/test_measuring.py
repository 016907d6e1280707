"""Figures, calibration, trap gate and export say what is true of planted data."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from engine.errors import InputError
from engine.training import metrics
from engine.training.augment import KERNELS, Recipe
from engine.training.batches import GENERATED, REAL, Batch
from engine.training.calibrate import as_json, fit, fit_readings
from engine.training.cli import main
from engine.training.descent import STAGE_FILES, save_trained
from engine.training.evaluate import Row, measure, read_rows, table
from engine.training.export import export
from engine.training.fidelity import _cells
from engine.training.gate import LIMIT, require_closed, trap_accuracies
from engine.vrm.loader import CALIBRATION_FILE, TRAINED_FILE
from engine.vrm.mini import read_trained
from engine.vrm.packs import verify_trained
from engine.vrm.readouts import load_readings
from tests.engine.training.tiny_pool import write_pool
from tests.engine.vrm.tiny_mini import trained_mini

AI = np.array([False, False, True, True])


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
    fitted = fit(rows, ("both", "artifact", "residual", "probe"))
    others = [abs(w) for name, w in fitted.weights.items() if name != "probe"]
    assert fitted.weights["probe"] > 3 * max(others)
    p = np.array([fitted.p_ai(r.log_odds) for r in rows])
    ai = np.array([r.label == "ai" for r in rows])
    assert (p[~ai] >= fitted.high).mean() <= 0.03
    assert (p[ai] <= fitted.low).mean() <= 0.06
    assert fitted.low < fitted.high


def test_what_was_fitted_can_be_loaded(tmp_path):
    readings = fit_readings(made_rows())
    file = tmp_path / CALIBRATION_FILE
    file.write_text(json.dumps(as_json(readings)))
    assert load_readings(file) == readings


def test_the_table_counts_by_condition_and_by_source_with_both_classes():
    rows = made_rows()
    one_class = [r for r in rows if r.source != "s1" or r.label == "ai"]
    lines = table(one_class, fit_readings(rows).full)
    assert lines[0]["set"] == "as is, all sources"
    assert lines[0]["real"] == sum(r.label == "real" for r in one_class)
    # Sources 0 and 2 hold only real pictures, 1 and 3 only AI ones: none offers both.
    assert len(lines) == 1
    mixed = [*rows[:20], *(Row(**{**_fields(r), "source": "mixed"}) for r in rows[20:60])]
    assert [line["set"] for line in table(mixed, fit_readings(rows).full)] == [
        "as is, all sources",
        "as is, mixed",
    ]


def _fields(row):
    return {name: getattr(row, name) for name in Row.__dataclass_fields__}


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
    (work / CALIBRATION_FILE).write_text(json.dumps(as_json(fit_readings(made_rows()))))
    export(work, out)
    verify_trained(out)
    state = read_trained(out / TRAINED_FILE)
    assert {t.dtype for t in state.values()} == {torch.float16}
    assert state.keys() == model.trained_state().keys()


def test_cells_at_the_border_of_a_mask_are_not_judged():
    mask = np.zeros((48, 48), bool)
    mask[:16, :24] = True
    swapped, clear = _cells(mask)
    assert swapped.tolist() == [[True, False, False]] + [[False] * 3] * 2
    assert clear.tolist() == [[True, False, True]] + [[True] * 3] * 2


def test_probe_says_that_it_is_not_there_yet():
    with pytest.raises(InputError, match="not in this version"):
        main(["probe"])

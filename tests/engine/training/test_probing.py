"""The linear probe learns a planted difference, evenly over sources, from views measured once."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from engine.training.evaluate import Row
from engine.training.features import KeptFeatures
from engine.training.probing import (
    MAX_OF_SOURCE,
    fit_probe,
    measured_views,
    numbers_of,
    row_weights,
    thinned,
    train_probe,
)
from tests.engine.training.tiny_pool import BrightTower, pool_image
from tests.engine.vrm.tiny_mini import fresh_mini


@pytest.fixture
def planted(tmp_path):
    """Dark real pictures and bright AI pictures, three sources each."""
    rows = []
    for n in range(12):
        label = "ai" if n % 2 else "real"
        rng = np.random.default_rng(n)
        pixels = rng.integers(0, 60, (140, 150, 3)) + (180 if label == "ai" else 0)
        path = tmp_path / f"{label}{n}.png"
        Image.fromarray(pixels.astype(np.uint8)).save(path)
        rows.append(pool_image(path, label, f"source/{n % 3}"))
    return rows


def test_a_planted_difference_is_learnt_and_put_into_the_model(planted, tmp_path, tiny_base):
    model, said = fresh_mini(tiny_base), []
    kept = KeptFeatures(BrightTower(width=32), tmp_path / "features.bin", "tower")
    rows = measured_views(kept, planted, tmp_path, str, ("as is", "half size"))
    train_probe(model, rows, kept, said.append)
    ai = np.array([row.label == "ai" for row in rows])
    x = kept.of(numbers_of(rows), model.config.probe_depths).astype(np.float32)
    z = model.probe(torch.from_numpy(x))[:, 0].detach().numpy()
    assert z[ai].min() > z[~ai].max()
    assert said[-1] == "probe: 24 views of 12 pictures"


def test_views_are_measured_once_and_anew_by_another_tower(planted, tmp_path):
    tower = BrightTower()
    conditions = ("as is", "JPEG 70")

    def rows(model):
        kept = KeptFeatures(tower, tmp_path / "features.bin", model)
        return measured_views(kept, planted, tmp_path, str, conditions)

    first = rows("one")
    assert len(first) == 2 * len(planted)
    assert tower.ran == len(set(numbers_of(first))) == 24
    assert rows("one") == first
    assert {row.model for row in rows("other")} == {"other"}


def test_the_fit_undoes_its_standardisation():
    rng = np.random.default_rng(0)
    x = rng.normal(5, 3, (400, 8)).astype(np.float32)
    ai = x[:, 2] > 5
    weights = np.full(400, 1 / 400, np.float32)
    probe = fit_probe(x, ai, weights)
    assert np.abs(probe.weight).argmax() == 2
    assert ((probe.log_odds(x) > 0) == ai).mean() > 0.9
    shifted = fit_probe(x * 10 + 7, ai, weights)
    assert np.allclose(shifted.log_odds(x * 10 + 7), probe.log_odds(x), atol=0.02)


def test_large_sources_are_thinned_evenly_and_small_ones_kept(tmp_path):
    many = [pool_image(tmp_path / f"{n}.png", "real", "many") for n in range(2 * MAX_OF_SOURCE + 1)]
    few = [pool_image(tmp_path / f"few{n}.png", "ai", "few") for n in range(3)]
    chosen = thinned(many + few)
    assert [i for i in chosen if i.source == "many"] == many[::3]
    assert [i for i in chosen if i.source == "few"] == few


def test_classes_weigh_the_same_and_large_sources_less_a_picture():
    def row(source, label):
        return Row(sha256="", source=source, generator="", label=label, condition="", log_odds={})

    rows = [*[row("a", "real")] * 9, row("b", "ai"), row("c", "real")]
    weights = row_weights(rows)
    assert weights.sum() == pytest.approx(1)
    assert weights[9] == pytest.approx(0.5)
    assert weights[10] == pytest.approx(3 * weights[0])

"""The linear probe learns a planted difference, evenly over sources, from views drawn once."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from engine.training.features import KeptFeatures
from engine.training.probing import (
    DRAWS,
    MAX_OF_SOURCE,
    VIEWS_FILE,
    fit_probe,
    read_views,
    thinned,
    train_probe,
    training_views,
    view_weights,
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
    kept = KeptFeatures(BrightTower(width=32), tmp_path / "features.bin")
    train_probe(model, planted, kept, tmp_path, said.append)
    views = read_views(kept, planted, tmp_path / VIEWS_FILE, pytest.fail)
    ai = np.array([planted[p].label == "ai" for p in views.picture])
    x = kept.of(views.number, model.config.probe_depths).astype(np.float32)
    z = model.probe(torch.from_numpy(x))[:, 0].detach().numpy()
    assert z[ai].min() > z[~ai].max()
    assert said[-1] == "probe: 36 views of 12 pictures"


def test_views_are_drawn_once_and_anew_for_other_pictures(planted, tmp_path):
    file, kept = tmp_path / "views.npz", KeptFeatures(BrightTower(), tmp_path / "features.bin")
    first = read_views(kept, planted, file, str)
    assert len(first.picture) == len(planted) * (1 + DRAWS)
    assert np.array_equal(read_views(None, planted, file, str).number, first.number)
    fewer = read_views(kept, planted[:3], file, str)
    assert sorted(set(fewer.picture)) == [0, 1, 2]
    assert np.array_equal(fewer.number, first.number[: len(fewer.number)])


def test_the_same_picture_gives_the_same_views_and_a_small_one_its_square_alone(planted, tmp_path):
    once, again = list(training_views(planted[0])), list(training_views(planted[0]))
    assert len(once) == 1 + DRAWS
    assert all(np.array_equal(a, b) for a, b in zip(once, again, strict=True))
    assert {v.shape for v in once} == {(224, 224, 3)}
    path = tmp_path / "small.png"
    Image.new("RGB", (90, 100), "green").save(path)
    assert len(list(training_views(pool_image(path)))) == 1


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


def test_classes_weigh_the_same_and_large_sources_less_a_picture(tmp_path):
    rows = [pool_image(tmp_path / f"{n}.png", "real", "a") for n in range(9)]
    rows += [pool_image(tmp_path / "x.png", "ai", "b"), pool_image(tmp_path / "y.png", "real", "c")]
    weights = view_weights(rows, np.arange(11, dtype=np.int32))
    assert weights.sum() == pytest.approx(1)
    assert weights[9] == pytest.approx(0.5)
    assert weights[10] == pytest.approx(3 * weights[0])

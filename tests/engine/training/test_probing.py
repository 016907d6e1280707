"""The linear probe learns a planted difference, evenly over sources, and is not fitted twice."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from engine.training.probing import MAX_OF_SOURCE, _capped, _features, _weights, train_probe
from tests.engine.training.tiny_pool import pool_image
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


def test_a_planted_difference_is_learnt_and_kept(planted, tmp_path, tiny_base):
    model, said = fresh_mini(tiny_base), []
    train_probe(model, planted, tmp_path, 0, said.append)
    features, ai = _features(model, planted, 7)
    z = model.probe(torch.from_numpy(features))[:, 0].detach().numpy()
    assert z[ai].min() > z[~ai].max()
    again = fresh_mini(tiny_base)
    train_probe(again, planted, tmp_path, 0, said.append)
    assert torch.equal(again.probe.weight, model.probe.weight)
    assert said[-1] == "probe: already there"


def test_large_sources_are_capped_and_small_ones_kept(tmp_path):
    many = [pool_image(tmp_path / f"{n}.png", "real", "many") for n in range(MAX_OF_SOURCE + 50)]
    few = [pool_image(tmp_path / f"few{n}.png", "ai", "few") for n in range(3)]
    chosen = _capped(many + few, 0)
    assert sum(i.source == "many" for i in chosen) == MAX_OF_SOURCE
    assert sum(i.source == "few" for i in chosen) == 3


def test_classes_weigh_the_same_and_views_of_a_picture_too(tmp_path):
    rows = [pool_image(tmp_path / f"{n}.png", "real", "a") for n in range(9)]
    rows += [pool_image(tmp_path / "x.png", "ai", "b"), pool_image(tmp_path / "y.png", "ai", "c")]
    weights = _weights(rows)
    assert len(weights) == 22
    assert weights[:18].sum() == pytest.approx(weights[18:].sum())
    assert np.allclose(weights[::2], weights[1::2])

"""Kept features: the tower runs once a view, and a torn file is mended."""

from __future__ import annotations

import numpy as np

from engine.training.evaluate import as_image
from engine.training.features import VIEW, KeptFeatures
from tests.engine.training.tiny_pool import BrightTower, noise


def view(seed):
    return noise(32, 32, seed)


def test_a_view_is_computed_once_and_found_again(tmp_path):
    tower = BrightTower()
    kept = KeptFeatures(tower, tmp_path / "features.bin")
    assert [kept.number_of(view(n)) for n in (0, 1, 0)] == [0, 1, 0]
    again = KeptFeatures(tower, tmp_path / "features.bin")
    assert again.number_of(view(1)) == 1
    assert again.number_of(view(2)) == 2
    assert tower.ran == 3


def test_features_are_class_token_and_mean_patch_at_each_depth(tmp_path):
    kept = KeptFeatures(BrightTower(), tmp_path / "features.bin")
    numbers = np.array([kept.number_of(view(n)) for n in (0, 1)])
    x = kept.of(numbers[[1, 0, 1]], (2, 6))
    light = view(1).mean() / 255
    assert x.shape == (3, 16)
    assert np.allclose(x[0, :4], 2 * light, atol=0.01)
    assert np.allclose(x[0, 12:], 6 * (light + 1.5), atol=0.02)
    assert np.array_equal(x[0], x[2])


def test_a_torn_record_is_cut_off(tmp_path):
    file = tmp_path / "features.bin"
    kept = KeptFeatures(BrightTower(), file)
    kept.number_of(view(0))
    whole = file.read_bytes()
    kept.number_of(view(1))
    file.write_bytes(file.read_bytes()[:-7])
    mended = KeptFeatures(BrightTower(), file)
    assert file.read_bytes() == whole
    assert mended.number_of(view(1)) == 1


def test_a_picture_is_seen_as_the_fast_path_sees_it(tmp_path):
    kept = KeptFeatures(BrightTower(), tmp_path / "features.bin")
    pixels = noise(64, 96, 0)
    pixels[:, :16] = pixels[:, -16:] = 0
    same_middle = pixels.copy()
    same_middle[:, :16] = 255
    assert kept.log_odds(as_image(pixels)) == {VIEW: 0.0}
    assert kept.log_odds(as_image(same_middle)) == {VIEW: 0.0}

"""The contrast of patches: where they lie, what they are compared with, and what a map shows."""

from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import save_file

from engine.errors import ModelError
from engine.types import Region
from engine.vrm.contrast import MAX_OFFSET, ContrastHead, map_values, read_contrast, smoothed

SIDE, WIDTH = 14, 8
HEAD = ContrastHead(depths=(2, 4), weights=np.eye(2, WIDTH, dtype=np.float32))


def states(seed=0):
    rng = np.random.default_rng(seed)
    return {d: rng.normal(0, 0.1, (1 + SIDE * SIDE, WIDTH)).astype(np.float32) for d in (2, 4)}


def test_a_place_that_differs_stands_out_where_it_lies():
    x = states()
    x[2][1:].reshape(SIDE, SIDE, WIDTH)[3:7, 8:12, 0] += 2.0
    contrast = HEAD.log_odds(x)
    assert contrast.shape == (SIDE, SIDE)
    assert contrast[4:6, 9:11].min() > 1.0
    assert contrast[9:, :5].max() < 0.3


def test_what_all_patches_share_does_not_count():
    x = states()
    moved = {depth: values + 5.0 for depth, values in x.items()}
    assert np.allclose(HEAD.log_odds(x), HEAD.log_odds(moved), atol=1e-4)
    moved[2][0] = 99.0
    assert np.allclose(HEAD.log_odds(x), HEAD.log_odds(moved), atol=1e-4)


def test_averaging_keeps_an_even_grid_and_spreads_a_single_patch():
    even = np.full((SIDE, SIDE), 0.7, np.float32)
    assert np.allclose(smoothed(even), even)
    single = np.zeros((SIDE, SIDE), np.float32)
    single[7, 7] = 1.0
    spread = smoothed(single)
    assert np.unravel_index(spread.argmax(), spread.shape) == (7, 7)
    assert spread.sum() == pytest.approx(1.0, abs=1e-3)
    assert spread.max() < 0.2


@pytest.mark.parametrize(("p", "level"), [(0.5, 0.0), (0.999, MAX_OFFSET), (0.0, -MAX_OFFSET)])
def test_a_map_lies_about_the_picture_s_level_within_limits(p, level):
    flat = np.zeros((SIDE, SIDE), np.float32)
    values = map_values(p, [flat], (Region(x=0, y=0, w=224, h=224),), 14, 14)
    assert np.allclose(values, 1 / (1 + np.exp(-level)))


def test_the_head_is_read_from_the_trained_weights(tmp_path):
    file = tmp_path / "trained.safetensors"
    save_file({"contrast.weight": HEAD.weights.reshape(1, -1).astype(np.float16)}, file)
    assert np.array_equal(read_contrast(file, (2, 4), WIDTH).weights, HEAD.weights)
    with pytest.raises(ModelError, match=r"3 depths of a tower 8 wide need \(1, 24\)"):
        read_contrast(file, (2, 4, 6), WIDTH)
    with pytest.raises(ModelError, match="cannot be read"):
        read_contrast(tmp_path / "none.safetensors", (2, 4), WIDTH)

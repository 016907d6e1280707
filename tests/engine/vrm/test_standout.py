"""The head of places: it points at a planted difference, and reads what it was fitted on."""

import numpy as np
import pytest
import scipy.fft
import torch
from safetensors.numpy import save_file

from engine.errors import ModelError
from engine.types import Region
from engine.vrm.artifact import FRONT_CHANNELS, ResidualCnn, see_cells, windows
from engine.vrm.standout import (
    DEPTHS,
    FILE,
    FREQUENCIES,
    SIDE,
    StandoutHead,
    dct_energies,
    filter_energies,
    frequencies_of_picture,
    place,
    read_head,
    spread,
)


def noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_energies_are_those_of_the_dct():
    pixels = noise(32, 48)
    grey = pixels.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    blocks = grey[16:32, 32:48].reshape(2, 8, 2, 8).transpose(0, 2, 1, 3)
    logs = np.log(np.abs(scipy.fft.dctn(blocks, axes=(2, 3), norm="ortho")) + 0.25)
    got = dct_energies(pixels)
    assert got.shape == (FREQUENCIES, 2, 3)
    np.testing.assert_allclose(got[:, 1, 2], logs.mean((0, 1)).ravel(), atol=1e-3)


def test_cells_that_are_not_looked_at_hold_the_mean(monkeypatch):
    monkeypatch.setattr("engine.vrm.artifact.MAX_COVERED_MEGAPIXELS", 0.08)
    monkeypatch.setattr("engine.vrm.artifact.SPREAD_WINDOW_PX", 96)
    pixels = noise(400, 640)
    got = frequencies_of_picture(pixels)
    seen = np.zeros(got.shape[1:], bool)
    for y, x, h, w in windows(400, 640):
        seen[y // 16 : (y + h) // 16, x // 16 : (x + w) // 16] = True
    assert 0.1 < seen.mean() < 0.6
    mean = got[:, seen].mean(axis=1)
    np.testing.assert_allclose(got[:, ~seen], np.repeat(mean[:, None], (~seen).sum(), 1), rtol=1e-4)


@torch.inference_mode()
def test_filters_are_the_means_of_the_fixed_residuals():
    torch.manual_seed(0)
    cnn = ResidualCnn().eval()
    pixels = noise(48, 64)
    _, filters, seen = see_cells(cnn, pixels)
    rgb = torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255
    whole = cnn.front(rgb).abs()[0, :, 16:32, 32:48].mean((1, 2))
    assert filters.shape == (FRONT_CHANNELS, 3, 4)
    assert bool(seen.all())
    torch.testing.assert_close(filters[:, 1, 2], whole, atol=1e-5, rtol=1e-4)
    assert filter_energies(np.zeros(3, np.float32)) == pytest.approx(np.log(0.01))


def test_the_map_says_where_a_feature_lies_above_its_own_mean():
    weights = np.zeros(20, np.float32)
    weights[3] = 2.0
    features = np.full((SIDE * SIDE, 20), 7.0, np.float32)
    grid = features[:, 3].reshape(SIDE, SIDE)
    grid[:5, :5] += 1.0
    got = StandoutHead(weights=weights).map(features)
    assert got.shape == (SIDE, SIDE)
    assert got[0, 0] == pytest.approx(2.0 * (1 - 25 / 196), abs=1e-5)
    assert got[13, 13] == pytest.approx(-2.0 * 25 / 196, abs=1e-5)
    raised = StandoutHead(weights=weights).map(features + 100.0)
    np.testing.assert_allclose(raised, got, atol=1e-3)


def relative(rows, cols, y, x, size):
    values = np.random.default_rng(0).random((rows, cols)).astype(np.float32)
    values[y : y + size, x : x + size] += 3.0
    return values


def test_the_place_is_the_box_around_a_planted_difference():
    values = relative(20, 30, 12, 3, 5)
    found = place(values, np.ones(values.shape, bool), 20 * 16 + 7, 30 * 16 + 5)
    assert found is not None
    assert (found.x // 16, found.y // 16) == (3, 12)
    wide = Region(x=48, y=192, w=80, h=80)
    assert abs(found.w - wide.w) <= 32
    assert abs(found.h - wide.h) <= 32


def test_what_cannot_be_judged_is_never_the_place():
    values = relative(20, 30, 12, 3, 5)
    valid = np.ones(values.shape, bool)
    valid[10:, :10] = False
    found = place(values, valid, 320, 480)
    assert found is not None
    assert found.x >= 160 or found.y + found.h <= 160
    nothing = np.zeros(values.shape, bool)
    assert place(values, nothing, 320, 480) is None
    assert spread(values, nothing) is None
    assert spread(values, ~nothing) == pytest.approx(float(values.std()))


def test_a_place_stays_inside_the_picture():
    values = relative(3, 3, 2, 2, 1)
    found = place(values, np.ones((3, 3), bool), 50, 49)
    assert found == Region(x=32, y=32, w=16, h=16)


def test_weights_that_are_missing_or_do_not_fit_are_refused(tmp_path):
    file = tmp_path / FILE
    with pytest.raises(ModelError, match="cannot be read"):
        read_head(file, 8)
    save_file({"weights": np.zeros(5, np.float32)}, file)
    with pytest.raises(ModelError, match=r"\(5,\)"):
        read_head(file, 8)
    wanted = len(DEPTHS) * 8 + FREQUENCIES + FRONT_CHANNELS
    save_file({"weights": np.arange(wanted, dtype=np.float32)}, file)
    assert read_head(file, 8).weights[-1] == wanted - 1
    save_file({"other": np.zeros(wanted, np.float32)}, file)
    with pytest.raises(ModelError):
        read_head(file, 8)

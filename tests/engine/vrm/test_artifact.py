from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.vrm import artifact
from engine.vrm.artifact import (
    CELL_PX,
    WINDOW_PX,
    ResidualCnn,
    ResidualFront,
    cells_of_picture,
    pool_to_boxes,
    windows,
)
from engine.vrm.views import pixel_tensor

SIZES = [
    (32, 32),
    (33, 5000),
    (5000, 33),
    (47, 49),
    (512, 512),
    (520, 528),
    (513, 1040),
    (1000, 3999),
    (2000, 2000),
]
LARGE = [(2010, 2010), (3024, 4032), (4032, 3024), (300, 30000), (30000, 100), (12000, 16000)]
REACH_CELLS = 5
"""How far a cell sees beyond itself: 73 px on each side."""


@pytest.fixture(scope="module")
def cnn():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = ResidualCnn()
    generator = torch.Generator().manual_seed(1)
    for name, buffer in model.named_buffers():
        if "running" in name:
            buffer.copy_(torch.rand(buffer.shape, generator=generator) + 0.5)
    return model.eval().requires_grad_(False)


def noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def counted(height, width):
    """Return how often each cell lies in a window, after checking each window."""
    rows, cols = height // CELL_PX, width // CELL_PX
    count = np.zeros((rows, cols), int)
    for box in windows(height, width):
        assert all(side % CELL_PX == 0 for side in box)
        y, x, h, w = (side // CELL_PX for side in box)
        assert h > 0
        assert w > 0
        assert y + h <= rows
        assert x + w <= cols
        count[y : y + h, x : x + w] += 1
    return count


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_up_to_four_megapixels_every_cell_is_looked_at_once(height, width):
    assert (counted(height, width) == 1).all()


@pytest.mark.parametrize(("height", "width"), SIZES + LARGE)
def test_windows_are_neither_large_nor_slivers(height, width):
    for _, _, h, w in windows(height, width):
        assert max(h, w) <= WINDOW_PX
        assert h >= min(height // 16 * 16, 240)
        assert w >= min(width // 16 * 16, 240)


@pytest.mark.parametrize(("height", "width"), LARGE)
def test_of_a_larger_picture_about_four_megapixels_are_looked_at_from_end_to_end(height, width):
    count = counted(height, width)
    seen = min(4.0, height * width / 1e6)
    assert 0.7 * seen <= count.sum() * CELL_PX**2 / 1e6 <= 1.2 * seen
    assert (count > 0).mean() > 0.9 * count.mean()  # hardly anything twice
    ends = (count[0], count[-1]) if height > width else (count[:, 0], count[:, -1])
    assert all(end.any() for end in ends)


def test_windows_give_what_one_pass_gives_away_from_their_borders(cnn):
    pixels = noise(640, 1060)
    cells, seen = cells_of_picture(cnn, pixels)
    assert cells.shape == (128, 40, 66)
    assert seen.all()
    with torch.no_grad():
        whole = cnn.cells(pixel_tensor(pixels[:, :1056])[None])[0]
    inside = torch.zeros(40, 66, dtype=torch.bool)
    for box in windows(640, 1060):
        y, x, h, w = (side // CELL_PX for side in box)
        inside[y : y + h, x : x + w][REACH_CELLS:-REACH_CELLS, REACH_CELLS:-REACH_CELLS] = True
    assert inside.float().mean() > 0.25
    torch.testing.assert_close(cells[:, inside], whole[:, inside], atol=1e-4, rtol=1e-4)


def test_cells_that_were_not_looked_at_are_masked_and_take_the_mean(cnn, monkeypatch):
    monkeypatch.setattr(artifact, "MAX_COVERED_MEGAPIXELS", 0.1)
    monkeypatch.setattr(artifact, "SPREAD_WINDOW_PX", 96)
    pixels = noise(420, 650)
    cells, seen = cells_of_picture(cnn, pixels)
    assert np.array_equal(seen.numpy(), counted(420, 650) > 0)
    assert 0.2 < seen.float().mean() < 0.6
    mean = cells[:, seen].mean(1, keepdim=True)
    torch.testing.assert_close(cells[:, ~seen], mean.expand(-1, int((~seen).sum())))


def test_a_picture_that_ends_inside_a_cell_is_looked_at_up_to_its_last_whole_cell(cnn):
    cells, seen = cells_of_picture(cnn, noise(33, 47))
    assert cells.shape == (128, 2, 2)
    assert seen.all()
    assert torch.isfinite(cnn.logit(cells[None])).all()


def test_portrait_and_landscape_are_looked_at_alike():
    for height, width in SIZES + LARGE:
        turned = sorted((x, y, w, h) for y, x, h, w in windows(height, width))
        assert turned == sorted(windows(width, height))


def test_a_cell_is_about_the_pixels_at_its_place(cnn):
    pixels = np.full((320, 320, 3), 128, np.uint8)
    pixels[160:176, 240:256] = noise(16, 16)
    cells, _ = cells_of_picture(cnn, pixels)
    plain, _ = cells_of_picture(cnn, np.full((320, 320, 3), 128, np.uint8))
    change = (cells - plain).abs().mean(0)
    row, col = divmod(int(change.argmax()), 20)
    assert row in (10, 11)  # strides of 2 put a cell's focus on its upper left corner
    assert col in (15, 16)
    assert float(change[:4].max()) == 0


def test_residuals_of_a_flat_picture_are_zero():
    assert float(ResidualFront()(torch.full((1, 3, 32, 48), 0.4)).abs().max()) < 1e-5


def test_residuals_are_ten_high_pass_channels_cut_to_their_range():
    out = ResidualFront()(pixel_tensor(noise(32, 48))[None])
    assert out.shape == (1, 10, 32, 48)
    assert float(out.abs().max()) == 4.0
    assert float(ResidualFront().kernels.sum((1, 2, 3)).abs().max()) < 1e-6


def test_half_a_grey_level_survives_reduced_precision():
    front = ResidualFront()
    rgb = torch.full((1, 3, 32, 32), 200 / 255)
    rgb[..., 9, 9] += 0.5 / 255
    with torch.autocast("cpu", dtype=torch.bfloat16):
        reduced = front(rgb)
    assert torch.equal(reduced, front(rgb))
    assert float(reduced.abs().max()) > 0.01


def test_a_hot_cell_lands_in_the_token_whose_box_holds_it():
    cells = torch.zeros(1, 1, 14, 28)
    cells[0, 0, 3, 21] = 1.0
    tokens = pool_to_boxes(cells, (7, 7))[0, :, 0]
    assert int(tokens.argmax()) == 1 * 7 + 5
    assert float(tokens.max()) == pytest.approx(1 / 8)
    assert int((tokens > 0).sum()) == 1


@pytest.mark.parametrize(("rows", "cols"), [(2, 2), (8, 8), (5, 20), (1, 30)])
def test_boxes_keep_the_corners_of_any_grid(rows, cols):
    cells = torch.zeros(1, 1, rows, cols)
    cells[0, 0, -1, 0] = 1.0
    tokens = pool_to_boxes(cells, (7, 7))[0, :, 0].reshape(7, 7)
    assert float(tokens[6, 0]) > 0
    assert float(tokens[:, 6].max()) == 0


def test_features_are_pooled_in_reading_order():
    cells = torch.arange(49.0).reshape(1, 1, 7, 7).repeat(2, 3, 1, 1)
    tokens = pool_to_boxes(cells, (7, 7))
    assert tokens.shape == (2, 49, 3)
    assert torch.equal(tokens[1, :, 2], torch.arange(49.0))

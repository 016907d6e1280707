from __future__ import annotations

import numpy as np
import pytest

from engine.types import Region
from engine.vrm import heat

PICTURE_SIZES = [(32, 32), (33, 5000), (5000, 33), (480, 640), (647, 489), (3000, 4000)]


def noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def grid(height, width, fill=0.1):
    return np.full((height // 16, width // 16), fill, np.float32)


def everywhere(values):
    return np.ones(values.shape, bool)


def test_noise_can_be_judged_everywhere():
    assert heat.evidence_mask(noise(50, 70)).all()
    assert heat.evidence_mask(noise(50, 70)).shape == (3, 4)


@pytest.mark.parametrize("level", [0, 2, 128, 253, 255])
def test_a_flat_cell_cannot_be_judged(level):
    pixels = noise(64, 64)
    pixels[16:32, 32:48] = level
    mask = heat.evidence_mask(pixels)
    assert not mask[1, 2]
    assert mask.sum() == 15


@pytest.mark.parametrize("clipped", [0, 255])
def test_a_clipped_cell_cannot_be_judged_though_it_is_not_flat(clipped):
    pixels = noise(64, 64)
    pixels[16:32, 32:48] = clipped
    pixels[20, 32:48] = 128  # 6 % of the cell
    assert not heat.evidence_mask(pixels)[1, 2]
    pixels[16:20, 32:48] = 128  # 31 %
    assert heat.evidence_mask(pixels)[1, 2]


def test_bands_of_a_tall_picture_are_judged_like_one():
    pixels = noise(16 * (2 * heat.BAND_CELLS + 3) + 5, 40)
    flat = [3, heat.BAND_CELLS - 1, heat.BAND_CELLS, 2 * heat.BAND_CELLS + 2]
    for row in flat:
        pixels[row * 16 : row * 16 + 16, 16:32] = 90
    mask = heat.evidence_mask(pixels)
    assert mask.shape == (2 * heat.BAND_CELLS + 3, 2)
    assert np.flatnonzero(~mask[:, 1]).tolist() == flat
    assert mask[:, 0].all()


def test_a_hot_token_lies_over_the_pixels_it_saw():
    logits = np.full((7, 7), -5.0, np.float32)
    logits[2, 6] = 5.0
    box = Region(x=112, y=0, w=224, h=224)  # a token is 32 px: two cells a side
    spread = heat.spread_tokens([logits], (box,), 14, 21)
    assert {(int(r), int(c)) for r, c in np.argwhere(spread > 0)} == {
        (r, c) for r in (4, 5) for c in (19, 20)
    }


def test_overlapping_views_are_averaged_and_what_none_covers_takes_the_mean():
    a, b = np.full((7, 7), 1.0, np.float32), np.full((7, 7), 3.0, np.float32)
    boxes = (Region(x=0, y=0, w=112, h=112), Region(x=64, y=0, w=112, h=112))
    spread = heat.spread_tokens([a, b], boxes, 7, 14)
    assert np.all(spread[:, :4] == 1)
    assert np.all(spread[:, 4:7] == 2)
    assert np.all(spread[:, 7:11] == 3)
    assert np.all(spread[:, 11:] == 2)
    assert spread.dtype == np.float32


def test_views_smaller_than_their_tokens_cover_all_cells():
    logits = np.arange(49, dtype=np.float32).reshape(7, 7)
    spread = heat.spread_tokens([logits], (Region(x=0, y=0, w=32, h=32),), 2, 2)
    assert spread.tolist() == [[logits[1, 1], logits[1, 5]], [logits[5, 1], logits[5, 5]]]


def test_only_valid_cells_are_averaged():
    values = np.array([[1.0, 0.0, 0.4], [1.0, 1.0, 0.4], [0.2, 0.2, 0.9]], np.float32)
    valid = np.array([[True, True, False], [False, True, False], [True, True, True]])
    pooled, ok = heat.pool_cells(values, valid, 2)
    assert np.allclose(pooled, [[2 / 3, 0.0], [0.2, 0.9]])
    assert ok.tolist() == [[True, False], [True, True]]


@pytest.mark.parametrize(("height", "width"), PICTURE_SIZES)
def test_a_map_spans_its_picture_exactly_with_few_nearly_square_cells(height, width):
    values = grid(height, width)
    made = heat.build(values, everywhere(values), height, width, "test")
    rows, cols = made.cells.shape
    ch, cw = made.cell_px
    assert rows * ch == pytest.approx(height)
    assert cols * cw == pytest.approx(width)
    assert max(rows, cols) <= heat.MAX_CELLS
    side = heat.cell_factor(height, width) * 16
    assert rows == max(1, round(height / side))
    assert cols == max(1, round(width / side))
    assert np.allclose(made.cells, 0.1)


def test_a_hot_cell_stays_within_a_cell_of_its_place():
    values = grid(647, 489)
    values[30, 20] = 0.9
    made = heat.build(values, everywhere(values), 647, 489, "test")
    (hot,) = np.argwhere(made.cells > 0.5)
    centre = [(i + 0.5) * side for i, side in zip(hot, made.cell_px, strict=True)]
    assert abs(centre[0] - 30.5 * 16) < 16
    assert abs(centre[1] - 20.5 * 16) < 16


def test_a_map_is_read_only_and_leaves_its_sources_alone():
    values = grid(64, 64)
    valid = everywhere(values)
    made = heat.build(values, valid, 64, 64, "test")
    assert not made.cells.flags.writeable
    assert not made.valid.flags.writeable
    assert values.flags.writeable
    assert valid.flags.writeable


def test_a_map_keeps_to_its_scale():
    values = grid(64, 64)
    values[0, 0], values[1, 1] = -0.2, 1.3
    made = heat.build(values, everywhere(values), 64, 64, "test")
    assert float(made.cells.min()) == 0
    assert float(made.cells.max()) == 1


def test_a_planted_block_is_found_at_its_place():
    values = grid(480, 640)
    values[5:12, 20:26] = 0.9
    made = heat.build(values, everywhere(values), 480, 640, "test")
    assert heat.hot_regions(made, 480, 640) == (Region(x=320, y=80, w=96, h=112),)


@pytest.mark.parametrize(("height", "width"), PICTURE_SIZES)
def test_regions_end_with_the_picture(height, width):
    values = grid(height, width, fill=0.9)
    made = heat.build(values, everywhere(values), height, width, "test")
    (region,) = heat.hot_regions(made, height, width)
    assert (region.x, region.y) == (0, 0)
    assert height - 16 < region.h <= height
    assert width - 16 < region.w <= width


def test_cells_that_touch_at_a_corner_are_two_regions_and_the_largest_comes_first():
    values = grid(160, 160)
    values[2:4, 2:4] = 0.9
    values[4:8, 4:8] = 0.9
    made = heat.build(values, everywhere(values), 160, 160, "test")
    assert heat.hot_regions(made, 160, 160) == (
        Region(x=64, y=64, w=64, h=64),
        Region(x=32, y=32, w=32, h=32),
    )


def test_cells_without_evidence_and_specks_are_no_region():
    values = grid(480, 640)
    values[0:10, 0:10] = 0.9
    values[20, 20] = 0.9
    valid = everywhere(values)
    valid[0:10, 0:10] = False
    made = heat.build(values, valid, 480, 640, "test")
    assert heat.hot_regions(made, 480, 640) == ()


def test_at_most_three_regions_are_named():
    values = grid(160, 160)
    values[::4, ::4] = 0.9
    made = heat.build(values, everywhere(values), 160, 160, "test")
    assert len(heat.hot_regions(made, 160, 160)) == heat.MAX_REGIONS


def test_sigmoid_does_not_overflow():
    x = np.array([-1e9, 0.0, 1e9], np.float32)
    assert np.allclose(heat.sigmoid(x), [0, 0.5, 1])

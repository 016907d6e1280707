from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.types import Region
from engine.vrm.views import VIEW_PX, cover_views, pixel_tensor, view_tensor

SIZES = [(32, 32), (100, 115), (100, 116), (300, 200), (97, 291), (97, 290), (400, 401), (64, 170)]
LONG = [(33, 5000), (5000, 33), (100, 301)]


@pytest.mark.parametrize(("height", "width"), SIZES + LONG)
def test_views_are_squares_inside_the_picture(height, width):
    boxes = cover_views(height, width)
    assert 1 <= len(boxes) <= 3
    for box in boxes:
        assert box.w == box.h == min(height, width)
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.w <= width
        assert box.y + box.h <= height


@pytest.mark.parametrize(("height", "width"), [s for s in SIZES if max(s) > 1.151 * min(s)])
def test_views_cover_a_picture_up_to_three_to_one(height, width):
    covered = np.zeros((height, width), bool)
    for box in cover_views(height, width):
        covered[box.y : box.y + box.h, box.x : box.x + box.w] = True
    assert covered.all()


@pytest.mark.parametrize(("height", "width"), LONG)
def test_views_of_a_longer_picture_reach_both_ends_and_the_middle(height, width):
    first, middle, last = cover_views(height, width)
    long = max(height, width)
    assert max(first.x, first.y) == 0
    assert max(last.x, last.y) + last.w == long
    assert abs(max(middle.x, middle.y) + middle.w / 2 - long / 2) <= 1


def test_an_almost_square_picture_is_looked_at_once_in_its_middle():
    assert cover_views(100, 110) == (Region(x=5, y=0, w=100, h=100),)
    assert cover_views(110, 100) == (Region(x=0, y=5, w=100, h=100),)


def test_portrait_and_landscape_are_treated_alike():
    for height, width in SIZES:
        turned = tuple(Region(x=b.y, y=b.x, w=b.w, h=b.h) for b in cover_views(height, width))
        assert turned == cover_views(width, height)


def test_a_view_shows_its_box_in_colour_order():
    pixels = np.zeros((60, 90, 3), np.uint8)
    pixels[:, 30:] = (255, 128, 0)
    view = view_tensor(pixels, Region(x=30, y=0, w=60, h=60))
    assert view.shape == (3, VIEW_PX, VIEW_PX)
    assert view.dtype == torch.float32
    expected = torch.tensor([1.0, 128 / 255, 0.0])[:, None, None].expand_as(view)
    torch.testing.assert_close(view, expected)


def test_read_only_pixels_are_read_without_warning():
    pixels = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    pixels.flags.writeable = False
    tensor = pixel_tensor(pixels)
    assert tensor.shape == (3, 4, 4)
    assert float(tensor[2, 3, 1]) == pytest.approx(pixels[3, 1, 2] / 255)

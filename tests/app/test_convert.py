"""Pixels between numpy and Qt."""

from __future__ import annotations

import numpy as np
import pytest

from app.convert import pyramid, to_array, to_qimage
from engine.errors import InputError


@pytest.mark.parametrize("width", [1, 3, 7, 64])
def test_colours_come_back_unchanged(width: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, width, 3), dtype=np.uint8)
    back = to_array(to_qimage(pixels))
    np.testing.assert_array_equal(back[..., :3], pixels)
    assert (back[..., 3] == 255).all()


def test_alpha_comes_back_where_it_is_full_or_empty() -> None:
    pixels = np.zeros((4, 4, 4), dtype=np.uint8)
    pixels[:2] = (10, 20, 30, 255)
    np.testing.assert_array_equal(to_array(to_qimage(pixels)), pixels)


def test_image_owns_its_memory() -> None:
    pixels = np.full((8, 8, 3), 90, dtype=np.uint8)
    image = to_qimage(pixels)
    pixels[:] = 0
    assert image.pixelColor(3, 3).red() == 90


def test_views_and_read_only_arrays_are_taken() -> None:
    pixels = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)
    pixels.setflags(write=False)
    np.testing.assert_array_equal(
        to_array(to_qimage(pixels[::2, ::-1]))[..., :3], pixels[::2, ::-1]
    )


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 2), (2, 4, 4, 3)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="cannot be shown"):
        to_qimage(np.zeros(shape, dtype=np.uint8))


def test_other_types_are_refused() -> None:
    with pytest.raises(InputError, match="float32"):
        to_qimage(np.zeros((4, 4, 3), dtype=np.float32))


def test_small_pictures_have_one_level() -> None:
    assert len(pyramid(to_qimage(np.zeros((600, 700, 3), dtype=np.uint8)))) == 1

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.training.augment import KERNELS, SIDES_PX, Recipe, Step, apply, draw_recipe, run_chain
from tests.engine.training.tiny_pool import noise

SEEDS = range(24)


def a_recipe(**changes):
    values = {
        "side_px": 64,
        "shrink": 0.0,
        "kernel": Image.Resampling.BICUBIC,
        "place": (0.5, 0.5),
        "aligned": False,
        "history": None,
        "flip": False,
        "chain": (),
    }
    return Recipe(**{**values, **changes})


def coordinates(height, width):
    """Return pixels that say where they are: (column, row, 0)."""
    ys, xs = np.mgrid[:height, :width]
    return np.stack([xs, ys, 0 * xs], axis=-1).astype(np.uint8)


def draws(side=64):
    return [draw_recipe(np.random.default_rng(seed), side) for seed in SEEDS]


@pytest.mark.parametrize("size", [(64, 64), (64, 200), (200, 64), (150, 131)])
def test_the_result_is_always_a_square_of_the_side(size):
    for recipe in draws():
        shown = apply(noise(*size, 0), recipe, had_jpeg=False)
        assert shown.shape == (64, 64, 3)
        assert shown.dtype == np.uint8


def test_the_same_draw_gives_the_same_recipe_and_another_another():
    assert draw_recipe(np.random.default_rng(3), 64) == draw_recipe(np.random.default_rng(3), 64)
    assert len(set(draws())) == len(SEEDS)


def test_a_recipe_gives_the_same_pixels_again():
    for recipe in draws():
        first, again = (apply(noise(90, 120, 0), recipe, had_jpeg=False) for _ in range(2))
        assert np.array_equal(first, again)


def test_a_photograph_and_its_partner_are_shown_at_the_same_place():
    rng = np.random.default_rng(0)
    # Smooth, so that resampling commutes with an offset up to rounding.
    ys, xs = np.mgrid[:150, :190]
    real = np.stack([xs, ys, (xs + ys) // 2], axis=-1).astype(np.uint8)
    partner = real + 40
    for _ in range(30):
        recipe = draw_recipe(rng, 64)
        clean = a_recipe(
            shrink=recipe.shrink,
            kernel=recipe.kernel,
            place=recipe.place,
            aligned=recipe.aligned,
            flip=recipe.flip,
        )
        shown, other = (apply(p, clean, had_jpeg=False).astype(int) for p in (real, partner))
        assert np.abs(other - shown - 40).max() <= 1


def test_a_native_crop_lies_where_the_recipe_says():
    shown = apply(coordinates(100, 200), a_recipe(place=(0.5, 0.25)), had_jpeg=False)
    assert shown[0, 0].tolist() == [34, 18, 0]
    assert shown[-1, -1].tolist() == [34 + 63, 18 + 63, 0]


@pytest.mark.parametrize("place", [(0.0, 0.0), (0.37, 0.91), (0.999, 0.999)])
def test_an_aligned_crop_keeps_the_block_phase(place):
    shown = apply(coordinates(150, 200), a_recipe(place=place, aligned=True), had_jpeg=False)
    assert shown[0, 0, 0] % 8 == 0
    assert shown[0, 0, 1] % 8 == 0


def test_a_flipped_crop_is_the_mirror_of_the_other():
    pixels = noise(100, 150, 0)
    plain = apply(pixels, a_recipe(), had_jpeg=False)
    assert np.array_equal(apply(pixels, a_recipe(flip=True), had_jpeg=False), plain[:, ::-1])


@pytest.mark.parametrize("size", [(100, 200), (200, 100)])
def test_a_wholly_shrunk_picture_fills_the_side_from_edge_to_edge(size):
    pixels = coordinates(*size)
    shown = apply(pixels, a_recipe(shrink=1.0, place=(0.0, 0.0)), had_jpeg=False)
    short = 0 if size[1] == 100 else 1
    along = shown[0, :, 0] if short == 0 else shown[:, 0, 1]
    assert along[0] <= 2
    assert along[-1] >= 97


def test_only_pictures_without_a_jpeg_are_given_one():
    pixels = noise(80, 80, 0)
    recipe = a_recipe(history=80)
    plain = apply(pixels, a_recipe(), had_jpeg=False)
    assert np.array_equal(apply(pixels, recipe, had_jpeg=True), plain)
    assert not np.array_equal(apply(pixels, recipe, had_jpeg=False), plain)


@pytest.mark.parametrize(
    "step",
    [
        Step(name="jpeg", amount=60.0),
        Step(name="webp", amount=60.0),
        Step(name="avif", amount=60.0),
        Step(name="blur", amount=0.8),
        Step(name="noise", amount=4.0, seed=5),
        Step(name="rescale", amount=0.53),
    ],
    ids=lambda s: s.name,
)
def test_each_step_changes_pixels_and_keeps_the_size(step):
    pixels = noise(64, 96, 0)
    out = run_chain(pixels, (step,))
    assert out.shape == pixels.shape
    assert not np.array_equal(out, pixels)
    assert np.array_equal(out, run_chain(pixels, (step,)))


def test_noise_is_the_same_for_a_whole_group():
    step = (Step(name="noise", amount=3.0, seed=5),)
    a, b = np.full((64, 64, 3), 100, np.uint8), np.full((64, 64, 3), 130, np.uint8)
    assert np.array_equal(run_chain(a, step).astype(int) + 30, run_chain(b, step))


def test_draws_cover_what_they_should():
    recipes = [draw_recipe(np.random.default_rng(seed), 128) for seed in range(400)]
    untouched = sum(not r.chain for r in recipes) / len(recipes)
    native = sum(r.shrink == 0 for r in recipes) / len(recipes)
    assert 0.27 < untouched < 0.45
    assert 0.3 < native < 0.5
    assert {r.kernel for r in recipes} == set(KERNELS)
    names = {s.name for r in recipes for s in r.chain}
    assert names == {"jpeg", "webp", "avif", "blur", "noise", "rescale"}
    assert all(s.amount >= 45 for r in recipes for s in r.chain if s.name == "jpeg")
    assert all(side % 32 == 0 for side in SIDES_PX)


def test_easy_groups_stay_native_without_a_chain():
    recipes = [draw_recipe(np.random.default_rng(seed), 128, ease=1.0) for seed in range(50)]
    assert all(r.shrink == 0 and r.chain == () for r in recipes)
    rng = np.random.default_rng(9), np.random.default_rng(9)
    assert draw_recipe(rng[0], 128) == draw_recipe(rng[1], 128, ease=0.0)

"""Copy-move: copies are found whatever was done to them, repetition is not taken for one."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.errors import Cancelled
from engine.traces import copy_check, copy_dense, copy_move, copy_points, copy_shifts
from engine.types import Status
from tests.engine.traces import planting as plant
from tests.engine.traces import sensors

SOURCE, TARGET, SIDE = (150, 140), (380, 260), 110
"""Middles (x, y) and the side of the copied disc's square, px."""


def copied(pixels, turn: float = 0.0, scale: float = 1.0, *, mirrored: bool = False):
    """Return a copy with a disc around SOURCE put at TARGET, mirrored, turned and scaled."""
    (sx, sy), (tx, ty), half = SOURCE, TARGET, SIDE // 2
    picture = Image.fromarray(pixels)
    part = picture.crop((sx - SIDE, sy - SIDE, sx + SIDE, sy + SIDE))
    if mirrored:
        part = part.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    part = part.rotate(turn, Image.Resampling.BICUBIC)
    size = round(2 * SIDE * scale)
    part = part.resize((size, size), Image.Resampling.BICUBIC)
    disc = Image.new("L", (size, size))
    reach, middle = half * scale, size / 2
    box = (middle - reach, middle - reach, middle + reach, middle + reach)
    ImageDraw.Draw(disc).ellipse(box, fill=255)
    picture.paste(part, (round(tx - middle), round(ty - middle)), disc)
    return np.asarray(picture)


def middles(trace):
    return sorted((r.x + r.w / 2, r.y + r.h / 2) for r in trace.finding.regions[:2])


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(
    ("turn", "scale", "quality"),
    [(0, 1, None), (0, 1, 85), (30, 1, None), (0, 1.25, 90), (90, 0.8, 95)],
)
def test_a_copied_part_is_found_with_its_source(seed, turn, scale, quality):
    made = copied(plant.photograph(seed=seed, noise=1), turn, scale)
    subject = sensors.seen(made) if quality is None else plant.of_bytes(plant.jpeg(made, quality))
    trace = copy_move.find(subject, plant.nothing)
    assert trace.finding.value == 1
    assert np.allclose(middles(trace), [SOURCE, TARGET], atol=12)
    assert ("turned" in trace.finding.reason) == (turn != 0)
    assert ("scaled" in trace.finding.reason) == (scale != 1)


@pytest.mark.parametrize(("turn", "scale"), [(0, 1), (75, 1), (-30, 1.25)])
def test_a_mirrored_copy_is_found_with_its_source(turn, scale):
    made = copied(plant.photograph(noise=1), turn, scale, mirrored=True)
    trace = copy_move.find(plant.of_bytes(plant.jpeg(made, 90)), plant.nothing)
    assert trace.finding.value == 1
    assert np.allclose(middles(trace), [SOURCE, TARGET], atol=12)
    assert "mirrored" in trace.finding.reason
    assert ("turned" in trace.finding.reason) == (turn != 0)


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_turned_copy_is_found_without_points(mirrored):
    made = copied(plant.photograph(noise=1), 40, mirrored=mirrored)
    luma = plant.of_bytes(plant.jpeg(made, 90)).luma
    (pair,) = copy_move.by_places(luma, plant.nothing)
    assert pair.mirrored is mirrored
    assert abs(pair.turn_degrees) == pytest.approx(40, abs=2)
    assert pair.found.copy[TARGET[1], TARGET[0]]
    assert pair.found.source[SOURCE[1], SOURCE[0]]


def test_noise_has_no_places_that_look_alike():
    noise = np.random.default_rng(2).normal(118, 12, (300, 400)).astype(np.float32)
    assert all(len(found.scales) == 0 for found in copy_dense.matches(noise, plant.nothing))


def test_a_half_turn_is_told_as_one_copy_and_its_source():
    made = copied(plant.photograph(noise=1), 180)
    (sx, sy), (tx, ty) = SOURCE, TARGET
    matrix = np.array([[-1, 0, sx + tx - 1], [0, -1, sy + ty - 1]], dtype=np.float64)
    luma = sensors.seen(made).luma
    found = copy_check.verified(luma, matrix, copy_move.LEAST_AREA_PX)
    assert not (found.copy & found.source).any()
    assert found.copy.any()


@pytest.mark.parametrize("seed", range(6))
def test_a_photograph_has_no_copies(seed):
    trace = copy_move.find(sensors.seen(plant.photograph(seed=seed)), plant.nothing)
    assert trace.finding.value == "none"
    assert trace.finding.regions == ()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_things_of_one_kind_are_no_copies(seed):
    rng = np.random.default_rng(seed)
    brick = plant.photograph(48, 64, seed, noise=0).astype(float)
    wall = np.tile(brick, (8, 8, 1)) * rng.uniform(0.85, 1.15, (384, 512, 1)).round(1)
    wall += rng.normal(0, 3, wall.shape) + 0.6 * (plant.photograph(seed=seed + 9) - 118.0)
    trace = copy_move.find(sensors.seen(np.clip(wall, 0, 255).astype(np.uint8)), plant.nothing)
    assert trace.finding.value == "none"


def test_a_line_looks_the_same_all_along_and_is_no_copy():
    pixels = np.full((256, 384, 3), 90, dtype=np.uint8)
    pixels[:, 100:130] = 190
    pixels[120:126] = 30
    trace = copy_move.find(sensors.seen(pixels), plant.nothing)
    assert trace.finding.value == "none"


def test_a_shift_is_found_without_any_points():
    calm = np.random.default_rng(0).normal(118, 4, (300, 400)).astype(np.float32)
    calm[180:260, 250:350] = calm[40:120, 60:160]
    assert copy_shifts.shifts(calm, plant.nothing)[0] == (140, 190)


def test_noise_repeats_nowhere():
    noise = np.random.default_rng(1).normal(118, 8, (384, 512)).astype(np.float32)
    assert copy_shifts.shifts(noise, plant.nothing) == ()


def test_points_of_a_turned_copy_follow_one_transform():
    grey = copied(plant.photograph(noise=1), 30)[..., 1]
    points = copy_points.keypoints(np.ascontiguousarray(grey))
    pairs = copy_points.alike(points, plant.nothing)
    (first, *_) = copy_points.transforms(copy_points.matched(points, pairs), plant.nothing)
    assert abs(first.turn_degrees) == pytest.approx(30, abs=1)
    assert first.scale == pytest.approx(1, abs=0.02)


def test_the_same_picture_gives_the_same_result():
    subject = sensors.seen(copied(plant.photograph(), 30))
    first, second = (copy_move.find(subject, plant.nothing) for _ in range(2))
    assert first.finding == second.finding
    assert np.array_equal(first.heatmap.cells, second.heatmap.cells)


def test_places_without_corners_prove_nothing():
    ramp = np.tile(np.linspace(0, 255, 200, dtype=np.float32), (100, 1))
    assert not copy_check.cornered(ramp).any()


def test_the_view_shows_both_places_bright_and_the_rest_dimmed():
    made = copied(plant.photograph())
    view = copy_move.find(sensors.seen(made), plant.nothing).picture
    (sx, sy), (tx, ty) = SOURCE, TARGET
    for x, y in ((sx - 20, sy), (tx + 20, ty)):
        assert np.array_equal(view[y - 3, x], made[y - 3, x])
    assert view[10, 10].astype(int).sum() < 0.5 * made[10, 10].astype(int).sum() + 3


@pytest.mark.parametrize("size", [(1, 1), (64, 400), (97, 99)])
def test_small_pictures_are_judged_or_declined(size):
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    status = copy_move.find(sensors.seen(pixels), plant.nothing).finding.status
    assert status in (Status.DERIVED, Status.NOT_AVAILABLE)


def test_a_flat_picture_has_no_copies():
    trace = copy_move.find(sensors.seen(np.full((128, 128, 3), 77, np.uint8)), plant.nothing)
    assert trace.finding.value == "none"
    assert not trace.heatmap.valid.any()


def test_the_search_can_be_stopped():
    def stop():
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        copy_move.find(sensors.seen(plant.photograph()), stop)

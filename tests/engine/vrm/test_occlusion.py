"""What is found to carry a verdict is what was planted to carry it, with its sign and size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import Cancelled, InputError, ModelError
from engine.types import Region
from engine.vrm.mini_examiner import MiniExaminer
from engine.vrm.occlusion import (
    BLOCKS,
    BLURRED,
    SCALES,
    Asked,
    Occludable,
    by_mean,
    falls,
    grid_over,
    is_read,
    pieces,
    scale_of,
)
from engine.vrm.readouts import Calibration
from engine.vrm.squares import cover_views
from engine.vrm.triage import LinearHead, TriageExaminer
from tests.engine.vrm.tiny_mini import as_picture, info, picture, readings, trained_mini
from tests.engine.vrm.tiny_tower import random_contrast

pytestmark = pytest.mark.usefixtures("one_thread")

SIDE_PX, EACH = 56, 8
PLANTED = (2, 5)
SLOPE, BIAS = 4.0, -1.0
PROBE = Calibration(weights={"probe": 0.9}, bias=-0.1, low=0.3, high=0.7, fitted_on="nothing")


class PlantedTower:
    """Sees one block alone: its brightness, 0..1, is the class token."""

    depths, side_px, width, device = (1, 2), SIDE_PX, 64, "cpu"

    def states(self, view):
        row, col = PLANTED
        block = view[row * EACH : (row + 1) * EACH, col * EACH : (col + 1) * EACH]
        states = np.zeros((1 + 4, self.width), np.float32)
        states[0, 0] = block.mean() / 255
        return [states, states]


def planted_examiner(slope=SLOPE):
    weights = np.zeros((2, 64), np.float32)
    head = LinearHead(depths=(1, 2), class_weights=weights.copy(), patch_weights=weights, bias=BIAS)
    head.class_weights[0, 0] = slope
    known = replace(readings(), triage=PROBE)
    return TriageExaminer(PlantedTower(), head, random_contrast(), known, info())


def lit_picture(level=255, height=SIDE_PX, width=SIDE_PX):
    pixels = np.full((height, width, 3), 40, np.uint8)
    row, col = PLANTED
    pixels[row * EACH : (row + 1) * EACH, col * EACH : (col + 1) * EACH] = level
    return as_picture(pixels)


def silent(_done, _total):
    pass


def test_the_one_block_that_matters_is_found_and_nothing_else():
    found = planted_examiner().occlude(lit_picture(), silent)
    assert found.changes.shape == (BLOCKS, BLOCKS)
    assert np.unravel_index(found.changes.argmax(), found.changes.shape) == PLANTED
    others = np.delete(found.changes.ravel(), PLANTED[0] * BLOCKS + PLANTED[1])
    assert not others.any()


def test_the_change_is_what_the_probe_s_weight_makes_of_the_fill():
    found = planted_examiner().occlude(lit_picture(), silent)
    mean = round((48 * 40 + 255) / 49)
    assert found.fill_rgb == (mean, mean, mean)
    expected = PROBE.weights["probe"] * SLOPE * (255 - mean) / 255
    assert found.changes[PLANTED] == pytest.approx(expected, abs=1e-5)
    assert found.log_odds == pytest.approx(0.9 * (BIAS + SLOPE) - 0.1, abs=1e-5)
    without = 1 / (1 + np.exp(-(found.log_odds - expected)))
    assert found.p_without[PLANTED] == pytest.approx(without, abs=1e-5)


def test_a_block_that_speaks_for_a_photograph_is_below_zero():
    found = planted_examiner(-SLOPE).occlude(lit_picture(), silent)
    assert found.changes[PLANTED] < -1
    assert found.p_without[PLANTED] > found.p_ai


def test_in_the_fast_path_blocks_lie_in_the_square_that_it_reads():
    found = planted_examiner().occlude(picture(70, 140), silent)
    assert found.squares == (Region(x=35, y=0, w=70, h=70),)
    assert found.area == found.squares[0]
    assert found.block_px == (10.0, 10.0)
    assert found.triage
    assert found.read.all()


@pytest.mark.parametrize(("height", "width"), [(64, 64), (90, 70), (100, 150), (40, 160)])
def test_the_probability_is_the_fast_path_s_own(height, width):
    image, examiner = picture(height, width, quality=90), planted_examiner()
    found = examiner.occlude(image, silent)
    reading = examiner.examine(image, explain=False, on_text=pytest.fail, check=lambda: None)
    assert found.p_ai == pytest.approx(reading.verdict.p_ai, abs=1e-9)


@pytest.fixture(scope="module")
def mini(tiny_base):
    return MiniExaminer(trained_mini(tiny_base), replace(readings(), full=PROBE), info())


def test_the_probability_is_the_whole_model_s_own_over_all_its_squares(mini):
    image = picture(64, 128)
    found = mini.occlude(image, silent)
    reading = mini.examine(image, explain=False, on_text=pytest.fail, check=lambda: None)
    assert found.p_ai == pytest.approx(reading.verdict.p_ai, abs=1e-6)
    assert found.squares == cover_views(64, 128)
    assert found.changes.shape == (BLOCKS, 2 * BLOCKS)
    assert found.passes == 2 + 2 * BLOCKS * BLOCKS
    assert not found.triage
    assert np.abs(found.changes).max() > 0


def test_a_verdict_that_is_weighed_of_more_than_the_probe_is_refused_by_name(tiny_base):
    examiner = MiniExaminer(trained_mini(tiny_base), readings(), info())
    with pytest.raises(ModelError, match="artifact, both, residual"):
        examiner.occlude(picture(64, 64), silent)


def test_both_paths_can_be_asked(mini):
    assert isinstance(mini, Occludable)
    assert isinstance(planted_examiner(), Occludable)


def test_it_stops_between_runs_when_it_is_asked_to():
    told = []

    def stop(done, total):
        told.append((done, total))
        if done >= 14:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        planted_examiner().occlude(lit_picture(), stop)
    assert told[-1] == (14, 49)


def test_progress_runs_from_nothing_to_all():
    told = []
    planted_examiner().occlude(lit_picture(), lambda *step: told.append(step))
    assert told[0] == (0, 49)
    assert told[-1] == (49, 49)
    assert told == sorted(told)


def test_a_picture_that_is_too_small_is_refused_as_by_an_examination():
    with pytest.raises(InputError) as refused:
        planted_examiner().occlude(picture(20, 90), silent)
    assert refused.value.kind == "too_small"


@pytest.mark.parametrize(("height", "width"), [(100, 100), (100, 130), (190, 100), (100, 290)])
def test_what_squares_show_of_blocks_covers_each_of_them_once(height, width):
    boxes = cover_views(height, width)
    seen = np.zeros((len(boxes), 224, 224), int)
    for piece in pieces(grid_over(boxes), boxes, 224):
        seen[piece.view, piece.top : piece.bottom, piece.left : piece.right] += 1
    assert (seen == 1).all()


def test_what_two_squares_show_is_taken_away_in_both():
    boxes = (Region(x=0, y=0, w=70, h=70), Region(x=35, y=0, w=70, h=70))
    views = np.full((2, SIDE_PX, SIDE_PX, 3), 200, np.uint8)
    asked = Asked(
        boxes=boxes,
        views=views,
        log_odds=lambda shown: (shown == 200).mean(axis=(1, 2, 3)),
    )
    grid = grid_over(boxes)
    assert grid.shape == (7, round(1.5 * 7))
    found = falls(asked, np.zeros_like(views), np.ones(2), grid, silent)
    alone, shared = found[:, 0].sum(), found[:, 5].sum()
    assert shared == pytest.approx(2 * alone, rel=0.2)


def test_what_lies_between_the_squares_of_a_long_strip_is_not_read():
    boxes = cover_views(70, 700)
    read = is_read(grid_over(boxes), boxes)
    assert read.shape == (7, 70)
    assert read[:, 0].all()
    assert not read[:, 18].any()
    assert read.mean() == pytest.approx(0.3, abs=0.03)


def test_the_fill_is_one_colour_the_mean_of_everything_read():
    views = np.stack([np.full((4, 4, 3), level, np.uint8) for level in (10, 21)])
    assert by_mean(views).shape == views.shape
    assert np.unique(by_mean(views)).tolist() == [16]


@pytest.mark.parametrize(("largest", "scale"), [(0.0, 0.05), (0.31, 0.5), (-1.2, 1.5), (99, 50.0)])
def test_colours_end_at_a_round_number_above_every_change(largest, scale):
    assert scale in SCALES
    assert scale_of(np.array([[largest, 0.0]], np.float32)) == scale


def test_a_blur_takes_away_detail_and_leaves_the_colour_of_a_place():
    image, examiner = lit_picture(), planted_examiner()
    by_colour = examiner.occlude(image, silent)
    blurred = examiner.occlude(image, silent, BLURRED)
    assert blurred.fill == BLURRED and blurred.fill_rgb is None
    assert 0 < blurred.changes[PLANTED] < 0.5 * by_colour.changes[PLANTED]


def test_an_unknown_fill_is_refused_with_those_there_are():
    with pytest.raises(InputError, match="mean colour or blur"):
        planted_examiner().occlude(lit_picture(), silent, "noise")

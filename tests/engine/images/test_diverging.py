"""Colours of what a probability rests on: two hues, and nothing in the middle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InputError
from engine.images.diverging import EDGE, diverging, diverging_overlay, over_grey
from engine.types import Region
from tests.engine.images.test_colour import DICHROMACIES
from tests.engine.vrm.tiny_mini import as_picture
from tests.fakes import FakeExaminer


def found(changes, *, read=True, area=(0, 0, 70, 70), scale=1.0):
    base = FakeExaminer().occlude(as_picture(np.full((70, 70, 3), 90, np.uint8)), lambda *_: None)
    changes = np.asarray(changes, np.float32)
    x, y, w, h = area
    return replace(
        base,
        changes=changes,
        read=np.broadcast_to(read, changes.shape),
        area=Region(x=x, y=y, w=w, h=h),
        block_px=(h / changes.shape[0], w / changes.shape[1]),
        scale=scale,
    )


def linear(srgb):
    share = srgb / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def test_ai_is_warm_real_is_cool_and_the_middle_is_grey():
    real, middle, ai = diverging(3).astype(int)
    assert ai[0] - ai[2] > 100
    assert real[2] - real[0] > 100
    assert np.ptp(middle) <= 3


@pytest.mark.parametrize("kind", DICHROMACIES)
def test_both_ends_are_told_apart_by_every_kind_of_colour_vision(kind):
    seen = linear(diverging(3)) @ np.array(DICHROMACIES[kind]).T
    assert np.abs(seen[0] - seen[2]).max() > 0.25
    assert min(np.abs(seen[0] - seen[1]).max(), np.abs(seen[2] - seen[1]).max()) > 0.25


def test_both_ends_are_told_apart_in_grey():
    luminance = linear(diverging(3)) @ np.array([0.2126, 0.7152, 0.0722])
    assert luminance[0] > 2 * luminance[2]


def test_a_pixel_has_the_colour_of_its_block_and_blocks_are_parted():
    layer = diverging_overlay(found([[1.0, -1.0]]), 70, 70, picture_px=(70, 70))
    real, ai = diverging(2)
    assert layer[10, 10, :3].tolist() == ai.tolist()
    assert layer[10, 60, :3].tolist() == real.tolist()
    assert layer[10, 35].tolist() == list(EDGE)


def test_stronger_changes_are_more_opaque():
    layer = diverging_overlay(found([[1.0, 0.5, 0.0]]), 70, 70, picture_px=(70, 70))
    strong, weak, none = (int(layer[10, x, 3]) for x in (10, 35, 65))
    assert strong > weak > none > 0


def test_what_the_verdict_does_not_read_is_hatched():
    square = found([[0.4]], area=(35, 0, 70, 70))
    layer = diverging_overlay(square, 70, 140, picture_px=(70, 140))
    assert len(np.unique(layer[:, 40:100].reshape(-1, 4), axis=0)) == 1
    for outside in (layer[:, :34], layer[:, 106:]):
        assert len(np.unique(outside.reshape(-1, 4), axis=0)) == 3
    gap = diverging_overlay(found([[0.4, 0.0]], read=[[True, False]]), 70, 70, picture_px=(70, 70))
    assert len(np.unique(gap[:, 40:].reshape(-1, 4), axis=0)) == 3


@pytest.mark.parametrize("n", [0, 1])
def test_a_palette_of_one_colour_is_refused(n):
    with pytest.raises(InputError, match="at least 2"):
        diverging(n)


def test_the_picture_below_has_no_colour_of_its_own():
    red = np.full((70, 70, 3), (220, 30, 20), np.uint8)
    seen = over_grey(found([[0.0, 1.0]]), red, picture_px=(70, 70)).astype(int)
    assert np.ptp(seen[10, 10]) <= 3
    assert seen[10, 60, 0] - seen[10, 60, 2] > 80

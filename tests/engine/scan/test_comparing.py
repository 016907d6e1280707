"""An examination made again is held against the stored one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.scan.comparing import compare, tolerance_for
from tests.fakes import fake_examination


def heat_difference(now_cells, now_valid):
    """Return how the heat map of a stored examination and another one differ."""
    before = fake_examination("a.png")
    heat = before.heatmap
    made = replace(heat, cells=now_cells(heat.cells), valid=now_valid(heat.valid))
    now = replace(before, heatmap=made)
    found = compare(before, now, heat, tolerance_for("float32"))
    return next(each for each in found if each.name == "heat map")


def same(array):
    return array.copy()


def shifted(cells):
    return np.clip(cells + 0.2, 0, 1).astype(np.float32)


def without_a_cell(valid):
    other = valid.copy()
    other[0, 0] = not other[0, 0]
    return other


def test_the_same_map_is_within():
    assert heat_difference(same, same).within


def test_other_values_are_not_within():
    assert not heat_difference(shifted, same).within


def test_a_cell_that_is_judged_in_one_alone_is_not_within():
    found = heat_difference(same, without_a_cell)
    assert (found.within, found.difference) == (False, float("inf"))

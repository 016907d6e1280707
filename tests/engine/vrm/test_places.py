from __future__ import annotations

import numpy as np
import pytest

from engine.vrm.places import PLACES, named_place, named_places, place_words


@pytest.mark.parametrize("place", PLACES)
def test_a_weight_is_named_after_the_third_it_lies_in(place):
    weight = np.zeros((9, 12))
    weight[place[0] * 3 + 1, place[1] * 4 + 1] = 0.7
    assert place_words(weight) == PLACES[place]
    assert named_place(f"Generator traces lie in the {PLACES[place].title()}.") == place


def test_the_centre_of_what_is_spread_counts():
    weight = np.zeros((6, 6))
    weight[0, 0] = weight[5, 5] = 1.0
    assert place_words(weight) == "centre"


@pytest.mark.parametrize(("shape", "words"), [((1, 30), "middle right"), ((30, 1), "lower middle")])
def test_a_grid_of_one_row_or_column_has_places(shape, words):
    weight = np.zeros(shape)
    weight.flat[-1] = 1.0
    assert place_words(weight) == words


def test_every_named_place_is_found_and_none_where_there_is_none():
    assert named_places("In the lower left and the upper right.") == ((0, 2), (2, 0))
    assert named_places("Somewhere.") == ()
    assert named_place("Somewhere.") is None

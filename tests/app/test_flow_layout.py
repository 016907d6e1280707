"""Where cards lie: arithmetic that agrees with itself."""

from __future__ import annotations

import pytest

from app.widgets.flow import Flow


def flow(counts: tuple[int, ...], width: int = 430, heading: int = 30) -> Flow:
    return Flow(counts, width=width, cell=(100, 80), gap=10, heading=heading)


def test_cards_fill_a_row_and_are_stretched_to_its_width():
    laid = flow((5,))
    assert laid.columns == 3
    first, third = laid.box(0), laid.box(2)
    assert (first.x, first.y) == (10, 30)
    assert third.x + third.w <= 430 - 10 + 3
    assert laid.box(3).y == first.y + 90
    assert laid.height == 30 + 2 * 90


def test_each_section_begins_a_row_of_its_own():
    laid = flow((4, 1, 3))
    assert laid.box(4).x == 10
    assert laid.box(5).x == 10
    assert laid.box(4).y > laid.box(3).y + 80
    assert laid.count == 8


@pytest.mark.parametrize("counts", [(1,), (7,), (4, 1, 3), (2, 30, 5, 1)])
@pytest.mark.parametrize("heading", [0, 30])
def test_a_point_in_a_card_leads_back_to_it(counts, heading):
    laid = flow(counts, heading=heading)
    for index in range(laid.count):
        box = laid.box(index)
        assert laid.at(box.x, box.y) == index
        assert laid.at(box.x + box.w - 1, box.y + box.h - 1) == index
        assert laid.at(box.x + box.w, box.y) != index


def test_between_cards_there_is_none_but_a_nearest():
    laid = flow((4, 1))
    assert laid.at(5, 35) is None
    assert laid.nearest(5, 35) == 0
    assert laid.nearest(9999, 9999) == 4
    assert Flow((), width=10, cell=(1, 1), gap=0, heading=0).nearest(0, 0) is None


def test_a_band_touches_whole_rows():
    laid = flow((4, 1, 3))
    assert laid.between(0, laid.height) == range(8)
    row = laid.box(4)
    assert laid.between(row.y, row.y + 1) == range(4, 5)
    assert laid.between(0, 10) == range(0)


def test_headings_stick_until_the_next_one_comes():
    laid = flow((30, 3))
    assert list(laid.headings(200, 400)) == [(0, 200)]
    second = laid.box(30).y - 30
    pushed = dict(laid.headings(second - 10, second + 300))
    assert pushed == {0: second - 30, 1: second}


def test_a_step_down_keeps_the_column_across_sections():
    laid = flow((5, 3))
    column = laid.box(1).x + 5
    assert laid.step(1, 1, column) == 4
    assert laid.step(4, 1, column) == 6
    assert laid.step(6, -2, column) == 1
    assert laid.step(1, -1, column) == 1
    assert laid.step(7, 5, laid.box(7).x) == 7


def test_a_list_has_one_cell_a_row():
    laid = Flow((3,), width=500, cell=(1, 40), gap=0, heading=0, single=True)
    assert laid.columns == 1
    assert laid.box(2).y == 80
    assert laid.box(0).w == 500


def test_ten_thousand_sections_are_searched_not_walked():
    laid = flow((1,) * 10_000)
    middle = laid.box(5_000)
    assert laid.between(middle.y, middle.y + 300).start == 5_000
    assert laid.at(middle.x, middle.y) == 5_000

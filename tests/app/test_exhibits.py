"""The open set as the list sees it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.arranging import Arrangement
from app.exhibits import (
    ExhibitModel,
    Order,
    Show,
    State,
    display_name,
    p_text,
)
from app.row import said, verdict_words
from engine.report import wording
from engine.types import Examination, Extent, Failure, FileFacts, Locality, Region
from tests.fakes import fake_examination

RED, GREY, BLUE = (250, 0, 0), (128, 128, 128), (0, 0, 250)


@pytest.fixture
def model(qapp: object) -> ExhibitModel:
    model = ExhibitModel()
    model.tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    return model


def names(model: ExhibitModel) -> list[str]:
    return [model.at(model.index(row)).name for row in range(model.rowCount())]


def failed(path: str) -> Examination:
    return Examination(
        facts=FileFacts(path=path), failure=Failure(kind="truncated", message="It ends early.")
    )


def edited(path: str, colour: tuple[int, int, int] = BLUE) -> Examination:
    where = (Region(x=0, y=0, w=32, h=32),)
    local = Locality(extent=Extent.LOCAL, regions=where, score=1.0, reason="It lacks a history.")
    return replace(fake_examination(path, colour=colour), locality=local)


def test_a_file_is_added_once(model: ExhibitModel) -> None:
    assert model.add(["a", "b", "a"]) == 2
    assert model.add(["b", "c"]) == 1
    assert names(model) == ["a", "b", "c"]
    assert model.count(State.WAITING) == 3


def test_counts_follow_the_states(model: ExhibitModel) -> None:
    model.add(["a", "b", "c"])
    model.set_state("a", State.EXAMINING)
    model.set_results([fake_examination("a"), failed("b")])
    assert [model.count(state) for state in State] == [1, 0, 1, 1]


def test_rows_stay_where_they_are_when_results_come(model: ExhibitModel) -> None:
    model.add(["c", "b", "a"])
    model.arrange(Arrangement(show=Show.ALL, order=Order.HIGHEST))
    before = names(model)
    model.set_results([fake_examination("a", colour=RED)])
    assert names(model) == before
    model.arrange(Arrangement(show=Show.ALL, order=Order.HIGHEST))
    assert names(model)[0] == "a"


def test_results_that_fit_the_filter_are_appended(model: ExhibitModel) -> None:
    model.add(["a", "b"])
    model.arrange(Arrangement(show=Show.AI, order=Order.ADDED))
    assert names(model) == []
    model.set_results([fake_examination("b", colour=RED), fake_examination("a", colour=BLUE)])
    assert names(model) == ["b"]
    assert model.index_of("b").row() == 0
    assert not model.index_of("a").isValid()


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        (Show.ALL, ["r", "g", "b", "e", "f", "w"]),
        (Show.AI, ["r"]),
        (Show.INCONCLUSIVE, ["g"]),
        (Show.REAL, ["b", "e"]),
        (Show.EDITED, ["e"]),
        (Show.FAILED, ["f"]),
        (Show.OPEN, ["w"]),
    ],
)
def test_each_filter_shows_its_rows(model: ExhibitModel, show: Show, expected: list[str]) -> None:
    model.add(["r", "g", "b", "e", "f", "w"])
    model.set_results(
        [
            fake_examination("r", colour=RED),
            fake_examination("g", colour=GREY),
            fake_examination("b", colour=BLUE),
            edited("e"),
            failed("f"),
        ]
    )
    model.arrange(Arrangement(show=show, order=Order.ADDED))
    assert names(model) == expected
    assert model.tally(show) == len(expected)


def test_a_picture_that_was_edited_in_part_is_not_called_clean(model: ExhibitModel) -> None:
    model.add(["e", "b"])
    model.set_results([edited("e"), fake_examination("b", colour=BLUE)])
    exhibits = [model.at(model.index(row)) for row in range(2)]
    assert [verdict_words(each) for each in exhibits] == ["edited in part", "no sign found"]
    assert [said(each) for each in exhibits] == [
        "no sign found, p < .01, edited in part",
        "no sign found, p < .01",
    ]


def test_an_edited_picture_that_is_likely_ai_is_called_so(model: ExhibitModel) -> None:
    model.add(["e"])
    model.set_results([edited("e", colour=RED)])
    assert verdict_words(model.at(model.index(0))) == "likely AI"
    assert model.tally(Show.EDITED) == 1


def test_orders_sort_by_name_and_by_probability(model: ExhibitModel) -> None:
    model.add(["z/b.png", "a/C.png", "m/a.png"])
    model.set_results(
        [fake_examination("m/a.png", colour=BLUE), fake_examination("a/C.png", colour=RED)]
    )
    model.arrange(Arrangement(show=Show.ALL, order=Order.NAME))
    assert names(model) == ["a.png", "b.png", "C.png"]
    model.arrange(Arrangement(show=Show.ALL, order=Order.HIGHEST))
    assert names(model) == ["C.png", "a.png", "b.png"]


def test_ten_thousand_rows_are_told_in_one_insertion(qtbot: QtBot, qapp: object) -> None:
    model = ExhibitModel()
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    model.add(f"{number}.png" for number in range(10_000))
    assert inserted == [(0, 9_999)]
    assert model.index_of("9999.png").row() == 9_999


def test_stored_heat_maps_are_not_kept_in_memory(model: ExhibitModel) -> None:
    examination = replace(fake_examination("a"), heatmap_file="heatmaps/a.png")
    model.set_results([examination])
    assert examination.heatmap is not None
    assert model.exhibit("a").examination.heatmap is None


def test_screen_reader_hears_name_band_and_probability(model: ExhibitModel) -> None:
    model.set_results([fake_examination("dir/photo.png", colour=RED)])
    said = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert said == f"photo.png, likely AI, p {p_text(model.exhibit('dir/photo.png').p_ai)}"


@pytest.mark.parametrize("p", [0.0, 0.004, 0.005, 0.006, 0.5, 0.974, 0.994, 0.996, 1.0])
def test_probability_reads_as_in_the_report(p: float) -> None:
    said = wording.probability(p)
    assert said.removeprefix("p ").removeprefix("= ") == p_text(p)


def test_names_that_cannot_be_printed_are_replaced() -> None:
    assert display_name("dir/a\nb\udcff\u202e.png") == "a\ufffdb\ufffd\ufffd.png"

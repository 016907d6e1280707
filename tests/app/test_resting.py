"""What the verdict rests on, as a layer of the shown exhibit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.looking.layers import HEAT, RESTS
from app.looking.loupe import evidence_words
from app.window import Window
from engine.errors import ModelError
from tests.app.fake_door import FakeDoor
from tests.app.fakes import Gate
from tests.app.test_layers import choose_layer, open_all, settled
from tests.app.test_marks import standing


@pytest.fixture
def shown(qtbot: QtBot, window: Window, pictures: Path) -> Window:
    """The window with everything examined and the first exhibit shown."""
    open_all(qtbot, window, pictures)
    return window


def choose(qtbot: QtBot, window: Window) -> None:
    choose_layer(window, RESTS)
    settled(qtbot, window)


def layer_of(window: Window) -> str:
    return window.workspace.picture.canvas.comparison.layer.key


def test_it_is_offered_after_the_heat_map_and_asked_for_only_when_chosen(
    shown: Window, door: FakeDoor
) -> None:
    box = shown.workspace.picture.bar.layers
    assert box.itemData(1) == RESTS
    assert box.itemText(1) == "What the verdict rests on"
    assert door.rested == []


def test_a_bookmark_of_it_is_named_in_words_and_leads_back_to_it(
    qtbot: QtBot, shown: Window
) -> None:
    choose(qtbot, shown)
    shown.examine.actions_.bookmark.trigger()
    settled(qtbot, shown)
    (kept,) = standing(shown).bookmarks
    assert kept.method == "what the verdict rests on"
    choose_layer(shown, HEAT)
    marks = shown.workspace.marks
    marks.view.setCurrentIndex(marks.model.index(0, 0))
    settled(qtbot, shown)
    assert layer_of(shown) == RESTS


def test_it_is_asked_once_and_kept_for_the_session(
    qtbot: QtBot, shown: Window, door: FakeDoor, pictures: Path
) -> None:
    for _ in range(2):
        choose(qtbot, shown)
        assert layer_of(shown) == RESTS
        choose_layer(shown, HEAT)
        assert layer_of(shown) == HEAT
    shown.examine.actions_.next.trigger()
    settled(qtbot, shown)
    assert layer_of(shown) == HEAT
    shown.examine.actions_.previous.trigger()
    settled(qtbot, shown)
    choose(qtbot, shown)
    assert layer_of(shown) == RESTS
    assert door.rested == [str(pictures / "a red.png")]


def test_what_it_shows_and_what_not_stands_beside_it(qtbot: QtBot, shown: Window) -> None:
    strip = shown.workspace.picture.rests
    assert not strip.isVisible()
    choose(qtbot, shown)
    assert strip.isVisible()
    assert not strip.bar.isVisible() and not strip.cancel.isVisible()
    assert "not what was generated" in strip.words.text()
    assert "Asked now" not in strip.words.text()
    choose_layer(shown, HEAT)
    assert not strip.isVisible()


def test_another_probability_than_the_examination_s_is_said(
    qtbot: QtBot, shown: Window, door: FakeDoor
) -> None:
    choose(qtbot, shown)
    strip = shown.workspace.picture.rests
    found = shown.workspace.picture.canvas.comparison.layer.rests
    strip.show_found(replace(found, p_ai=0.5, agrees=False))
    assert "Asked now, p is .50; in the examination it was .86" in strip.words.text()


def test_progress_is_shown_and_it_can_be_cancelled(
    qtbot: QtBot, shown: Window, door: FakeDoor, gate: Gate
) -> None:
    door.before_rest = gate
    strip = shown.workspace.picture.rests
    choose_layer(shown, RESTS)
    qtbot.waitUntil(lambda: strip.bar.value() == 7)
    assert strip.bar.maximum() == 49
    assert "7 of 49" in strip.words.text()
    strip.cancel.click()
    assert not strip.isVisible()
    assert shown.workspace.picture.bar.layers.currentData() == HEAT
    gate.open()
    settled(qtbot, shown)
    assert layer_of(shown) == HEAT
    choose(qtbot, shown)
    assert layer_of(shown) == RESTS


def test_looking_at_something_else_meanwhile_does_not_stop_it(
    qtbot: QtBot, shown: Window, door: FakeDoor, gate: Gate
) -> None:
    door.before_rest = gate
    choose_layer(shown, RESTS)
    qtbot.waitUntil(gate.reached.is_set)
    choose_layer(shown, HEAT)
    assert not shown.workspace.picture.rests.isVisible()
    choose_layer(shown, RESTS)
    assert shown.workspace.picture.rests.isVisible()
    gate.open()
    settled(qtbot, shown)
    assert layer_of(shown) == RESTS
    assert len(door.rested) == 1


def test_a_picture_that_is_left_is_not_asked_any_further(
    qtbot: QtBot, shown: Window, door: FakeDoor, gate: Gate
) -> None:
    door.before_rest = gate
    choose_layer(shown, RESTS)
    qtbot.waitUntil(gate.reached.is_set)
    shown.examine.actions_.next.trigger()
    gate.open()
    settled(qtbot, shown)
    assert layer_of(shown) == HEAT
    assert not shown.workspace.picture.rests.isVisible()


def test_an_error_is_told_and_the_heat_map_comes_back(
    qtbot: QtBot, shown: Window, door: FakeDoor
) -> None:
    door.rest_error = ModelError("This verdict cannot be asked.")
    told: list[tuple[BaseException, str]] = []
    shown.examine.went_wrong.disconnect()
    shown.examine.went_wrong.connect(lambda error, doing: told.append((error, doing)))
    choose(qtbot, shown)
    ((error, doing),) = told
    assert str(error) == "This verdict cannot be asked."
    assert doing == "Asking what the verdict rests on"
    assert layer_of(shown) == HEAT
    assert not shown.workspace.picture.rests.isVisible()


def test_the_legend_tells_both_directions_and_the_unit(qtbot: QtBot, shown: Window) -> None:
    choose(qtbot, shown)
    told = shown.workspace.picture.legend.toolTip()
    assert "from −0.5 to +0.5" in told
    assert "Red blocks push towards AI, blue ones towards real" in told
    assert "block 9 × 9 px" in told
    choose_layer(shown, HEAT)
    assert "0 to 1" in shown.workspace.picture.legend.toolTip()


def test_the_value_under_the_pointer_is_told(qtbot: QtBot, shown: Window) -> None:
    choose(qtbot, shown)
    layer = shown.workspace.picture.canvas.comparison.layer
    assert evidence_words(layer, 17, 10) == "log-odds +0.40; p .81 without it"
    assert evidence_words(layer, 78, 10) == "log-odds −0.40; p .90 without it"
    assert evidence_words(layer, 2, 10) == "not read by the verdict"


def test_an_exhibit_without_a_verdict_does_not_offer_it(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    (pictures / "a red.png").write_bytes(b"no picture")
    open_all(qtbot, window, pictures)
    window.workspace.list.choose(str(pictures / "a red.png"))
    settled(qtbot, window)
    assert window.workspace.picture.bar.layers.findData(RESTS) < 0


def test_the_page_about_it_is_reached_from_it(qtbot: QtBot, shown: Window) -> None:
    choose(qtbot, shown)
    shown.workspace.picture.rests.help.click()
    qtbot.waitUntil(lambda: shown.helping.shown is not None)
    assert shown.helping.shown.list.currentItem().text() == "What the verdict rests on"
    shown.helping.shown.close()

"""The place of many exhibits in the real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.arranging import Arrangement, GroupBy, Order, Show
from app.exhibits import State
from app.places.triage import TriagePlace
from app.settings import Place
from app.widgets.tag_dialog import TagDialog
from app.window import Window
from tests.app.fake_door import FakeDoor
from tests.app.synthetic import exhibits

PATIENCE_MS = 20_000


@pytest.fixture
def triage(window: Window, qtbot: QtBot) -> Iterator[TriagePlace]:
    """The place with sixty exhibits, shown."""
    window.session.model.take(exhibits(60))
    window.go(Place.TRIAGE)
    window.triage.allow(marks=True, compare=True)
    QApplication.processEvents()
    yield window.triage


def names(place: TriagePlace) -> list[str]:
    return [each.name for each in place.view.chosen()]


def press(place: TriagePlace, row: int, modifiers: Qt.KeyboardModifier) -> None:
    view = place.view
    view.scrollTo(place._model.index(row))
    where = view.visualRect(place._model.index(row)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifiers, where)


NOTHING, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def test_clicks_choose_one_several_and_a_run(triage: TriagePlace) -> None:
    press(triage, 2, NOTHING)
    assert triage.view.chosen_count == 1
    press(triage, 5, CTRL)
    assert triage.view.chosen_count == 2
    press(triage, 5, NOTHING)
    press(triage, 9, SHIFT)
    shown = [triage._model.at(triage._model.index(row)).name for row in range(5, 10)]
    assert names(triage) == shown


def test_an_area_chooses_what_it_touches(triage: TriagePlace) -> None:
    view = triage.view
    one, other = (view.visualRect(triage._model.index(row)) for row in (0, 1))
    QTest.mousePress(
        view.viewport(), Qt.MouseButton.LeftButton, NOTHING, QPoint(2, one.bottom() + 3)
    )
    for at in (one.center(), other.center()):
        QTest.mouseMove(view.viewport(), at)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, NOTHING, other.center())
    assert view.chosen_count == 2


def test_keys_go_from_card_to_card(triage: TriagePlace) -> None:
    view, columns = triage.view, triage.view.cells.columns
    view.setCurrentIndex(triage._model.index(0))
    for key, row in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 1 + columns),
        (Qt.Key.Key_Left, columns),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_J, 1),
        (Qt.Key.Key_K, 0),
        (Qt.Key.Key_End, 59),
        (Qt.Key.Key_Home, 0),
    ):
        QTest.keyClick(view, key)
        assert view.currentIndex().row() == row, key
    QTest.keyClick(view, Qt.Key.Key_Down, SHIFT)
    assert view.chosen_count == columns + 1


def test_the_current_card_is_in_sight(triage: TriagePlace) -> None:
    view = triage.view
    view.setCurrentIndex(triage._model.index(0))
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()).center())


def test_what_is_chosen_stays_chosen_when_sorted_anew(triage: TriagePlace) -> None:
    press(triage, 3, NOTHING)
    press(triage, 7, CTRL)
    before = set(names(triage))
    triage.arrange(Arrangement(order=Order.HIGHEST, group=GroupBy.VERDICT))
    assert set(names(triage)) == before


def test_a_chip_shows_its_verdict_and_everything_comes_back(triage: TriagePlace) -> None:
    triage.bar.chips[Show.AI].click()
    assert triage._model.rowCount() == triage._model.tally(Show.AI)
    assert triage.bar.everything.isVisible()
    triage.does.everything.trigger()
    assert triage._model.rowCount() == 60


def test_typing_searches_and_an_empty_result_says_what_to_do(
    triage: TriagePlace, qtbot: QtBot
) -> None:
    triage.does.search.trigger()
    QTest.keyClicks(triage.bar.search, "no such thing")
    qtbot.waitUntil(lambda: triage._model.rowCount() == 0)
    assert triage.nothing.isVisible()
    triage.does.everything.trigger()
    assert not triage.nothing.isVisible()
    assert triage.bar.search.text() == ""


def test_digits_in_the_search_field_are_no_ratings(triage: TriagePlace) -> None:
    rated: list[object] = []
    triage.rate_asked.connect(lambda *asked: rated.append(asked))
    press(triage, 0, NOTHING)
    triage.bar.search.setFocus()
    QTest.keyClicks(triage.bar.search, "3")
    assert rated == []
    assert triage.bar.search.text() == "3"


def test_a_digit_rates_what_is_chosen(triage: TriagePlace) -> None:
    rated: list[tuple[tuple[int, ...], int]] = []
    triage.rate_asked.connect(lambda numbers, stars: rated.append((numbers, stars)))
    press(triage, 0, NOTHING)
    press(triage, 1, CTRL)
    QTest.keyClick(triage.view, Qt.Key.Key_4)
    assert rated == [((1, 2), 4)]


def test_a_tag_is_asked_for_and_given(triage: TriagePlace, qtbot: QtBot) -> None:
    tagged: list[tuple[tuple[int, ...], str]] = []
    triage.tag_asked.connect(lambda numbers, tag: tagged.append((numbers, tag)))
    press(triage, 0, NOTHING)
    QTest.keyClick(triage.view, Qt.Key.Key_T)
    dialog = triage.window().findChild(TagDialog)
    assert not dialog.buttons.button(dialog.buttons.StandardButton.Ok).isEnabled()
    dialog.field.setCurrentText("  flood ")
    dialog.accept()
    assert tagged == [((1,), "flood")]


def test_enter_opens_the_exhibit_in_examine(triage: TriagePlace, window: Window) -> None:
    press(triage, 4, NOTHING)
    path = triage.view.chosen()[0].path
    QTest.keyClick(triage.view, Qt.Key.Key_Return)
    assert window._place is Place.EXAMINE
    assert window.stage.path == path


def test_two_can_be_compared_and_three_cannot(triage: TriagePlace) -> None:
    asked: list[tuple[str, str]] = []
    triage.compare_asked.connect(lambda one, other: asked.append((one, other)))
    press(triage, 0, NOTHING)
    assert not triage.does.compare.isEnabled()
    press(triage, 1, CTRL)
    QTest.keyClick(triage.view, Qt.Key.Key_C)
    assert len(asked) == 1
    press(triage, 2, CTRL)
    assert not triage.does.compare.isEnabled()


def test_list_and_grid_keep_what_is_in_the_middle(triage: TriagePlace) -> None:
    view = triage.view
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    middle = view.viewport().height() // 2
    before = view.cells.nearest(10, view.verticalOffset() + middle)
    QTest.keyClick(view, Qt.Key.Key_L)
    assert view.as_rows
    assert triage.heading.isVisible()
    assert abs(view.cells.nearest(10, view.verticalOffset() + middle) - before) <= 1
    QTest.keyClick(view, Qt.Key.Key_G)
    assert not view.as_rows


def test_how_exhibits_are_shown_is_remembered(triage: TriagePlace, window: Window) -> None:
    triage.show_size(260)
    triage.show_rows(True)
    triage.keep_state(window._settings)
    assert (window._settings.triage_rows, window._settings.card_px) == (True, 260)


def test_results_do_not_move_cards_until_the_scan_has_ended(
    window: Window, qtbot: QtBot, pictures: Path
) -> None:
    window._settings.scan_on_open = False
    window.open_paths((str(pictures),))
    qtbot.waitUntil(lambda: window.session.model.total == 3, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.session.busy, timeout=PATIENCE_MS)
    triage, model = window.triage, window.session.model
    triage.arrange(Arrangement(order=Order.LOWEST, group=GroupBy.VERDICT))
    moved: list[int] = []
    model.modelReset.connect(lambda: moved.append(model.count(State.DONE)))
    with qtbot.waitSignal(window.session.queue.finished, timeout=PATIENCE_MS):
        window.session.scan()
    assert moved == [3]
    titles = [section.title for section in model.sections]
    assert titles == ["Likely AI", "Inconclusive", "No sign found"]


def test_near_duplicates_are_found_when_they_are_asked_for(
    window: Window, qtbot: QtBot, pictures: Path, door: FakeDoor
) -> None:
    (pictures / "d copy.png").write_bytes((pictures / "c blue.png").read_bytes())
    window.open_paths((str(pictures),))
    with qtbot.waitSignal(window.session.queue.finished, timeout=PATIENCE_MS):
        qtbot.waitUntil(lambda: window.session.model.total == 4, timeout=PATIENCE_MS)
    window.triage.arrange(Arrangement(group=GroupBy.NEAR))
    qtbot.waitUntil(lambda: window.session.model.sections[0].count == 2, timeout=PATIENCE_MS)
    assert [s.title for s in window.session.model.sections] == [
        "Look alike, group 1",
        "No near-duplicates",
    ]


def test_chosen_exhibits_are_scanned_alone(window: Window, qtbot: QtBot, pictures: Path) -> None:
    window._settings.scan_on_open = False
    window.open_paths((str(pictures),))
    qtbot.waitUntil(lambda: window.session.model.total == 3, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.session.busy, timeout=PATIENCE_MS)
    window.go(Place.TRIAGE)
    press(window.triage, 1, NOTHING)
    with qtbot.waitSignal(window.session.queue.finished, timeout=PATIENCE_MS):
        QTest.keyClick(window.triage.view, Qt.Key.Key_S)
    assert [e.name for e in window.session.model.in_state(State.DONE)] == ["b grey.png"]


def test_only_what_is_in_sight_asks_for_thumbnails(triage: TriagePlace, window: Window) -> None:
    asked = {path for path, _side in window.thumbnails._demands} | {
        path for path, _side in window.thumbnails._kept
    }
    view = triage.view
    seen = view.cells.between(0, view.viewport().height())
    assert len(asked | window.thumbnails._failed) <= len(seen) + 1


def test_every_control_has_a_name_and_is_reached_by_the_keyboard(triage: TriagePlace) -> None:
    controls = [
        child
        for child in triage.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisibleTo(triage)
    ]
    assert len(controls) > 15
    assert [child for child in controls if not child.accessibleName()] == []


def test_choosing_all_is_one_range(triage: TriagePlace) -> None:
    triage.view.setFocus()
    triage.does.all.trigger()
    assert triage.view.chosen_count == 60
    assert triage.view.selectionModel().selection().size() == 1
    flags = QItemSelectionModel.SelectionFlag
    triage.view.selectionModel().select(triage._model.index(0), flags.Deselect)
    assert triage.view.chosen_count == 59


def test_what_nobody_listens_to_is_not_offered(triage: TriagePlace) -> None:
    press(triage, 0, NOTHING)
    triage.allow()
    assert not triage.does.tag.isVisible()
    assert not triage.does.rate[3].isEnabled()
    assert triage.does.open.isEnabled()


def test_ratings_and_tags_reach_the_case_and_the_cards(
    window: Window, qtbot: QtBot, pictures: Path
) -> None:
    window._settings.scan_on_open = False
    window.open_paths((str(pictures),))
    qtbot.waitUntil(lambda: window.session.model.total == 3, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.session.busy, timeout=PATIENCE_MS)
    window.go(Place.TRIAGE)
    press(window.triage, 0, NOTHING)
    press(window.triage, 2, CTRL)
    QTest.keyClick(window.triage.view, Qt.Key.Key_5)
    model = window.session.model
    qtbot.waitUntil(lambda: [e.stars for e in model.exhibits] == [5, 0, 5], timeout=PATIENCE_MS)
    assert window.marks.can_undo == "ratings"
    window.marks.undo()
    qtbot.waitUntil(lambda: [e.stars for e in model.exhibits] == [0, 0, 0], timeout=PATIENCE_MS)
    window.marks.redo()
    qtbot.waitUntil(lambda: [e.stars for e in model.exhibits] == [5, 0, 5], timeout=PATIENCE_MS)
    window.triage.tag_asked.emit((2,), "flood")
    qtbot.waitUntil(lambda: model.exhibits[1].tags == ("flood",), timeout=PATIENCE_MS)
    assert window.marks.standing.stars(3) == 5


def test_from_right_to_left_cards_begin_at_the_right(triage: TriagePlace) -> None:
    view = triage.view
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    first, second = (view.visualRect(triage._model.index(row)) for row in (0, 1))
    assert first.left() > second.right()
    press(triage, 1, NOTHING)
    assert view.currentIndex().row() == 1
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.currentIndex().row() == 2
    press(triage, 1, NOTHING)
    press(triage, 4, SHIFT)
    assert view.chosen_count == 4

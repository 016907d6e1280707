"""What the examiner sets on exhibits, through the window, with a real case behind it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.exhibits import State
from app.widgets.note_dialog import NoteDialog
from app.window import Window
from engine.mark_types import Standing
from engine.mark_words import Shape
from tests.app.test_flow import open_all
from tests.app.test_workspace import activate


def standing(window: Window) -> Standing:
    return window.marks.standing


def settled(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(lambda: not window.jobs.busy)


def spot(window: Window, x: int, y: int) -> QPointF:
    return window.workspace.picture.canvas.view.to_view(QPointF(x, y))


def draw_box(qtbot: QtBot, window: Window, text: str) -> None:
    """Draw from (10, 10) to (40, 30) and write something."""
    canvas = window.workspace.picture.canvas
    window.examine.actions_.tools["box"].trigger()
    button = Qt.MouseButton.LeftButton
    QTest.mousePress(canvas, button, pos=spot(window, 10, 10).toPoint())
    QTest.mouseMove(canvas, spot(window, 40, 30).toPoint())
    QTest.mouseRelease(canvas, button, pos=spot(window, 40, 30).toPoint())
    caption = window.workspace.picture.caption
    assert caption.isVisible()
    QTest.keyClicks(caption, text)
    QTest.keyClick(caption, Qt.Key.Key_Return)
    settled(qtbot, window)


def test_a_digit_rates_the_exhibit_and_undo_gives_the_rating_before(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    does, stars = window.examine.actions_, window.workspace.picture.stars
    for digit in (3, 5):
        does.ratings[digit].trigger()
        settled(qtbot, window)
        assert stars.stars == digit
    does.undo.trigger()
    settled(qtbot, window)
    assert stars.stars == 3
    does.redo.trigger()
    settled(qtbot, window)
    assert stars.stars == 5
    window.workspace.list.choose_next(1)
    settled(qtbot, window)
    assert stars.stars == 0


def test_undo_is_a_logged_retraction(qtbot: QtBot, window: Window, pictures: Path) -> None:
    open_all(qtbot, window, pictures)
    window.examine.actions_.ratings[4].trigger()
    settled(qtbot, window)
    window.examine.actions_.undo.trigger()
    settled(qtbot, window)
    window.desk.read()
    with qtbot.waitSignal(window.desk.contents_ready) as read:
        window.desk.read()
    contents = read.args[0]
    assert [entry.action for entry in contents.log][-2:] == ["rating.set", "rating.retract"]
    assert contents.log_check.ok
    assert [rating.stars for rating in contents.ratings] == [4]
    assert contents.standing().ratings == ()


def test_tags_are_set_and_taken_away_beside_the_picture(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    tags = window.workspace.picture.tags
    QTest.keyClicks(tags.field, "harbour wall")
    QTest.keyClick(tags.field, Qt.Key.Key_Return)
    settled(qtbot, window)
    assert tags.tags == ("harbour wall",)
    tags._chips[0].click()
    settled(qtbot, window)
    assert tags.tags == ()
    window.examine.actions_.undo.trigger()
    settled(qtbot, window)
    assert standing(window).tags_of(1) == ("harbour wall",)


def test_a_box_is_drawn_worded_moved_and_deleted(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    canvas, table = window.workspace.picture.canvas, window.workspace.marks
    draw_box(qtbot, window, "A seam")
    (kept,) = standing(window).annotations
    assert (kept.shape, kept.start, kept.end, kept.text) == (
        Shape.BOX, (10, 10), (40, 30), "A seam",
    )  # fmt: skip
    assert table.model.item(0, 3).text() == "A seam"
    button = Qt.MouseButton.LeftButton
    QTest.mousePress(canvas, button, pos=spot(window, 25, 30).toPoint())
    QTest.mouseMove(canvas, spot(window, 35, 40).toPoint())
    QTest.mouseRelease(canvas, button, pos=spot(window, 35, 40).toPoint())
    settled(qtbot, window)
    (moved,) = standing(window).annotations
    assert (moved.start, moved.end, moved.replaces) == ((20, 20), (50, 40), kept.id)
    canvas.select(moved.id)
    window.examine.actions_.delete.trigger()
    settled(qtbot, window)
    assert canvas.sketches == ()
    for expected in ((20, 20), (10, 10)):
        assert window.marks.can_undo
        window.examine.actions_.undo.trigger()
        settled(qtbot, window)
        assert [sketch.start for sketch in canvas.sketches] == [expected]


def test_escape_while_words_are_asked_for_draws_nothing(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    canvas = window.workspace.picture.canvas
    window.workspace.picture.set_tool("text")
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot(window, 20, 20).toPoint())
    caption = window.workspace.picture.caption
    assert caption.isVisible()
    QTest.keyClick(caption, Qt.Key.Key_Escape)
    settled(qtbot, window)
    assert canvas.pending is None
    assert standing(window).annotations == ()


def test_a_note_on_the_verdict_is_written_and_worded_anew(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    for text in ("Looks right.", "Looks wrong."):
        if text == "Looks right.":
            window.examine.actions_.verdict_note.trigger()
        else:
            window.workspace.marks.view.setCurrentIndex(window.workspace.marks.model.index(0, 0))
            window.workspace.marks.edit_button.click()
        dialog = window.findChild(NoteDialog)
        dialog.field.setPlainText(text)
        dialog.keep.click()
        settled(qtbot, window)
        qtbot.waitUntil(lambda: window.findChild(NoteDialog) is None)
    (note,) = standing(window).notes
    assert (note.text, note.exhibit, note.examination) == ("Looks wrong.", 1, 1)
    assert window.workspace.tabs.currentWidget() is window.workspace.marks


def test_a_bookmark_keeps_the_view_and_leads_back_to_it(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    canvas, table = window.workspace.picture.canvas, window.workspace.marks
    canvas.zoom_to(16.0)
    before = canvas.view.seen()
    window.examine.actions_.bookmark.trigger()
    settled(qtbot, window)
    (kept,) = standing(window).bookmarks
    assert (kept.region, kept.method) == (before, "heat map")
    canvas.fit()
    window.workspace.picture.heat_box.setChecked(False)
    table.view.setCurrentIndex(table.model.index(0, 0))
    seen = canvas.view.seen()
    assert abs(seen.x - before.x) <= 1 and abs(seen.y - before.y) <= 1
    assert abs(seen.w - before.w) <= 2
    assert canvas.comparison.shown is not None


def test_marks_are_there_again_when_the_case_is_opened(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    draw_box(qtbot, window, "A seam")
    window.examine.actions_.ratings[2].trigger()
    settled(qtbot, window)
    file = window.session.case.file
    window.session.clear()
    settled(qtbot, window)
    assert standing(window).annotations == ()
    assert window.workspace.picture.canvas.sketches == ()
    window.session.open(file)
    qtbot.waitUntil(lambda: window.session.model.count(State.DONE) == 3 and not window.jobs.busy)
    assert window.workspace.picture.stars.stars == 2
    assert [sketch.text for sketch in window.workspace.picture.canvas.sketches] == ["A seam"]
    assert window.marks.can_undo == ""


def test_a_case_that_can_only_be_read_takes_no_marks(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    case = window.session.case
    window.session.set_case(type(case)(file=case.file, info=case.info, read_only_because="locked"))
    settled(qtbot, window)
    pane = window.workspace.picture
    assert not pane.stars.isEnabled()
    assert not pane.tools.tools["box"].isEnabled()
    window.examine.actions_.ratings[3].trigger()
    settled(qtbot, window)
    assert standing(window).ratings == ()


def test_digits_typed_into_a_field_rate_nothing(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    activate(qtbot, window)
    field = window.workspace.picture.tags.field
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_5)
    settled(qtbot, window)
    assert field.text() == "5"
    assert standing(window).ratings == ()
    window.workspace.list.view.setFocus()
    qtbot.keyClick(window.workspace.list.view, Qt.Key.Key_5)
    qtbot.waitUntil(lambda: window.workspace.picture.stars.stars == 5)


def test_many_tags_do_not_widen_the_window(qtbot: QtBot, window: Window, pictures: Path) -> None:
    open_all(qtbot, window, pictures)
    tags = window.workspace.picture.tags
    for index in range(8):
        tags.added.emit(f"a tag with a rather long name {index}")
    settled(qtbot, window)
    assert len(tags.tags) == 8
    assert len(tags._chips) == 3
    assert tags._chips[-1].text() == "+6"
    assert window.minimumSizeHint().width() <= 1280
    tags._chips[-1].menu().actions()[0].trigger()
    settled(qtbot, window)
    assert tags._chips[-1].text() == "+5"

"""The place of the case: it shows what the case holds, and every button does what it says."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.settings import Place, Settings
from app.widgets.outcomes import OutcomeDialog
from app.window import Window
from engine.types import Outcome
from tests.app.conftest import PATIENCE_MS, save
from tests.app.fakes import FakePicker
from tests.app.test_cases import contents_of
from tests.app.test_flow import finish, open_all


def at_case(qtbot: QtBot, window: Window, pictures: Path) -> None:
    open_all(qtbot, window, pictures)
    window.does.places[Place.CASE].trigger()
    current(qtbot, window)


def current(qtbot: QtBot, window: Window) -> None:
    """Wait until the place shows the case as it is now."""
    place = window.case
    qtbot.waitUntil(
        lambda: place._contents is not None and not place._soon.isActive() and not window.jobs.busy,
        timeout=PATIENCE_MS,
    )


def points(window: Window) -> dict[str, QPushButton]:
    """Return the buttons of what is left to do, by what they say."""
    layout = window.case.state.points
    rows = [layout.itemAt(row).widget() for row in range(layout.count())]
    buttons = [row.findChild(QPushButton) for row in rows]
    return {button.accessibleName().partition(": ")[2]: button for button in buttons}


def dialog_of(qtbot: QtBot, window: Window) -> OutcomeDialog:
    qtbot.waitUntil(lambda: window.findChild(OutcomeDialog) is not None, timeout=PATIENCE_MS)
    return window.findChild(OutcomeDialog)


def test_an_empty_window_teaches_what_a_case_is(qtbot: QtBot, window: Window) -> None:
    window.does.places[Place.CASE].trigger()
    assert window.case.isVisible()
    assert not window.case.custody.isVisible()
    asked: list[bool] = []
    window.case.files_asked.connect(lambda: asked.append(True))
    buttons = [b for b in window.case.findChildren(QPushButton) if b.isVisible()]
    next(b for b in buttons if b.objectName() == "main").click()
    assert asked == [True]


def test_a_case_can_be_made_before_the_first_picture(
    qtbot: QtBot, window: Window, picker: FakePicker, tmp_path: Path, pictures: Path
) -> None:
    picker.chosen["cases"] = str(tmp_path / "new.residua")
    window.does.places[Place.CASE].trigger()
    window.case.new_asked.emit()
    current(qtbot, window)
    assert window.case.details.lines["title"].text() == "new"
    window.open_paths((str(pictures),))
    finish(qtbot, window, 3)
    assert len(contents_of(tmp_path / "new.residua").exhibits) == 3


def test_bands_are_counted_and_lead_to_their_exhibits(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    save(pictures / "d also red.png", (240, 10, 10))
    window.open_paths((str(pictures),))
    finish(qtbot, window, 4)
    window.does.places[Place.CASE].trigger()
    current(qtbot, window)
    counts = {outcome: said.text() for outcome, said in window.case.state.counts.items()}
    assert counts == {
        Outcome.AI: "2", Outcome.INCONCLUSIVE: "1", Outcome.REAL: "1", None: "0",
    }  # fmt: skip
    assert window.case.state.total.text() == "4"
    window.case.state.band_asked.emit(Outcome.AI)
    assert window.triage.isVisible()
    assert window.triage.choice.words.text().startswith("2 of 4 exhibits")


def test_what_is_typed_is_kept_and_logged(qtbot: QtBot, window: Window, pictures: Path) -> None:
    at_case(qtbot, window, pictures)
    details = window.case.details
    details.lines["number"].setText("K 7")
    details.lines["number"].editingFinished.emit()
    details.question.setPlainText("Is it real?")
    details.question.left.emit()
    current(qtbot, window)
    qtbot.waitUntil(
        lambda: window.header.title.text() == "K 7 · Untitled case", timeout=PATIENCE_MS
    )
    contents = contents_of(window.session.case.file)
    assert (contents.info.number, contents.info.question) == ("K 7", "Is it real?")
    assert [entry.action for entry in contents.log][-2:] == ["case.change", "case.change"]
    details.question.left.emit()
    current(qtbot, window)
    assert len(contents_of(window.session.case.file).log) == len(contents.log)


def test_a_note_disappears_from_what_is_left_to_do(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    at_case(qtbot, window, pictures)
    assert "1 inconclusive without a note" in points(window)
    points(window)["1 inconclusive without a note"].click()
    assert window.stage.path == str(pictures / "b grey.png")
    window.desk.add_note("Too small.", exhibit=2)
    window.does.places[Place.CASE].trigger()
    current(qtbot, window)
    assert "1 inconclusive without a note" not in points(window)


def test_a_note_on_the_case_is_written_and_shown(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    at_case(qtbot, window, pictures)
    notes = window.case.notes
    assert not notes.keep.isEnabled()
    notes.field.setPlainText("Card read with a blocker.")
    notes.keep.click()
    qtbot.waitUntil(lambda: notes.shown == ("Card read with a blocker.",), timeout=PATIENCE_MS)
    assert notes.field.toPlainText() == ""
    assert contents_of(window.session.case.file).notes[0].exhibit is None


def test_a_report_is_no_longer_left_to_do_once_written(
    qtbot: QtBot, window: Window, pictures: Path, picker: FakePicker
) -> None:
    at_case(qtbot, window, pictures)
    picker.chosen["reports"] = "/somewhere/report.pdf"
    points(window)["No report of these results yet"].click()
    assert window.report.isVisible()
    window.report.choice.write.click()
    qtbot.waitUntil(lambda: bool(window.report.checks.lines), timeout=PATIENCE_MS)
    window.does.places[Place.CASE].trigger()
    qtbot.waitUntil(
        lambda: "No report of these results yet" not in points(window), timeout=PATIENCE_MS
    )


def test_a_changed_exhibit_is_left_to_do(qtbot: QtBot, window: Window, pictures: Path) -> None:
    at_case(qtbot, window, pictures)
    (pictures / "c blue.png").write_bytes(b"other")
    window.case.hand.check.click()
    qtbot.waitUntil(
        lambda: "1 changed, missing or unreadable" in points(window), timeout=PATIENCE_MS
    )
    points(window)["1 changed, missing or unreadable"].click()
    assert window.stage.path == str(pictures / "c blue.png")


def test_the_log_is_shown_with_its_head(qtbot: QtBot, window: Window, pictures: Path) -> None:
    at_case(qtbot, window, pictures)
    custody, contents = window.case.custody, contents_of(window.session.case.file)
    assert custody.words.text() == f"The chain holds  ·  {len(contents.log)} entries"
    assert custody.head_hash.text() == contents.head.hash
    custody.copy.click()
    assert QGuiApplication.clipboard().text() == contents.head.hash
    model = custody.model
    first = [model.index(model.rowCount() - 1, column).data() for column in range(6)]
    assert (first[0], first[3], first[5]) == ("1", "Case made", contents.log[0].hash[:16])


def test_examining_again_shows_differences_and_tolerances(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    at_case(qtbot, window, pictures)
    window.case.hand.again.click()
    dialog = dialog_of(qtbot, window)
    assert dialog.said == "3 examined again: all agree within the tolerances"
    top = dialog.view.topLevelItem(0)
    assert (top.text(0), top.text(1)) == ("1 · a red.png", "agrees")
    cells = [top.child(0).text(column) for column in range(6)]
    assert cells == ["p_ai", "within", "0.86", "0.861", "0.001", "0.01"]
    assert "threads: 1 then, 2 now." in top.child(1).text(0)
    dialog.accept()
    assert len(contents_of(window.session.case.file).examinations[0].rechecks) == 1


def test_the_shown_exhibit_can_be_examined_again(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    window.does.again.trigger()
    dialog = dialog_of(qtbot, window)
    assert dialog.view.topLevelItemCount() == 1
    dialog.accept()


def test_checks_of_the_case_are_listed(qtbot: QtBot, window: Window, pictures: Path) -> None:
    at_case(qtbot, window, pictures)
    (pictures / "c blue.png").unlink()
    window.case.custody.verify.click()
    dialog = dialog_of(qtbot, window)
    results = {result for result, _, _ in dialog.view.lines}
    assert {"○  pass", "▲  FAIL"} <= results
    assert "checks failed" in dialog.said
    dialog.accept()


def test_exports_and_import_give_the_same_case(
    qtbot: QtBot, window: Window, pictures: Path, picker: FakePicker, tmp_path: Path
) -> None:
    at_case(qtbot, window, pictures)
    for ending, button in window.case.hand.exports.items():
        picker.chosen["exports"] = str(tmp_path / f"out.{ending}")
        button.click()
        qtbot.waitUntil(lambda: window.messages.box is not None, timeout=PATIENCE_MS)
        assert f"out.{ending}" in window.messages.box.text
        window.messages.box.accept()
        assert (tmp_path / f"out.{ending}").stat().st_size > 100
    assert json.loads((tmp_path / "out.json").read_text())
    picker.chosen |= {
        "exports": str(tmp_path / "out.json"),
        "cases": str(tmp_path / "again.residua"),
    }
    window.case.hand.bring.click()
    finish(qtbot, window, 3)
    assert window.session.case.file == str(tmp_path / "again.residua")


def test_a_time_stamp_request_is_written_and_shown(
    qtbot: QtBot, window: Window, pictures: Path, picker: FakePicker, tmp_path: Path
) -> None:
    at_case(qtbot, window, pictures)
    picker.chosen["stamps"] = str(tmp_path / "log.tsq")
    window.case.hand.request.click()
    qtbot.waitUntil(lambda: window.messages.box is not None, timeout=PATIENCE_MS)
    window.messages.box.accept()
    assert (tmp_path / "log.tsq").exists()
    qtbot.waitUntil(lambda: "no answer yet" in window.case.hand.stamps.text(), timeout=PATIENCE_MS)
    picker.chosen["stamps"] = str(pictures / "a red.png")
    window.case.hand.answer.click()
    qtbot.waitUntil(lambda: window.messages.box is not None, timeout=PATIENCE_MS)
    assert window.messages.box.title == "Attaching the time stamp did not work"
    window.messages.box.accept()


def test_how_files_are_taken_in_is_set_here(
    qtbot: QtBot, window: Window, pictures: Path, settings: Settings
) -> None:
    at_case(qtbot, window, pictures)
    adding = window.case.adding
    adding.copies.click()
    adding.source.setText("USB stick")
    adding.source.editingFinished.emit()
    assert settings.copy_exhibits
    window.open_paths((str(save(pictures.parent / "late.png", (1, 2, 3))),))
    finish(qtbot, window, 4)
    exhibit = contents_of(window.session.case.file).exhibits[-1]
    assert (exhibit.source, exhibit.held) == ("USB stick", "copy")


def test_a_broken_chain_is_said_before_anything_else(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    import sqlite3

    at_case(qtbot, window, pictures)
    file = window.session.case.file
    window.does.new.trigger()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TRIGGER log_no_delete")
        connection.execute("DELETE FROM log WHERE seq = 2")
    connection.close()
    window.session.open(file)
    finish(qtbot, window, 3)
    current(qtbot, window)
    assert window.case.custody.words.text().startswith("THE CHAIN DOES NOT HOLD")
    assert next(iter(points(window))) == "The custody log does not hold"

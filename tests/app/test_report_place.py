"""The place of the report: choice, pages in sight only, signature, writing, checking."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.pickers import with_ending
from app.settings import Place, Settings
from app.widgets.passphrase import PassphraseDialog
from app.window import Window
from engine.case_types import OPTIONAL_PARTS, ReportSelection
from engine.errors import InputError, StoreError
from tests.app.conftest import PATIENCE_MS, save
from tests.app.fake_door import FakeDoor
from tests.app.fakes import FakePicker, Gate
from tests.app.test_flow import finish, open_all


def at_report(qtbot: QtBot, window: Window, pictures: Path) -> None:
    open_all(qtbot, window, pictures)
    window.does.places[Place.REPORT].trigger()
    settle(qtbot, window)


def settle(qtbot: QtBot, window: Window) -> None:
    """Wait until the chosen pages are laid out and those in sight are rendered."""
    place, reporting = window.report, window.reporting

    def settled() -> bool:
        return not reporting._soon.isActive() and not reporting.busy and not window.jobs.busy

    qtbot.waitUntil(lambda: settled() and place.view.pages > 0, timeout=PATIENCE_MS)


def test_an_empty_case_says_what_is_missing(qtbot: QtBot, window: Window) -> None:
    window.does.places[Place.REPORT].trigger()
    assert window.report.isVisible()
    assert not window.report.choice.write.isEnabled()
    assert "Choose at least one exhibit" in window.report.view._message


def test_only_pages_in_sight_are_rendered(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor
) -> None:
    at_report(qtbot, window, pictures)
    view = window.report.view
    assert view.pages == 4
    assert window.report.number.text() == "page 1 of 4"
    assert {index for index, _ in door.rendered} == {0}
    view.go_to(3)
    qtbot.waitUntil(lambda: view.has(3), timeout=PATIENCE_MS)
    assert window.report.number.text() == "page 4 of 4"
    assert 1 not in {index for index, _ in door.rendered}


def test_pages_are_as_wide_as_the_view_until_one_zooms(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor
) -> None:
    at_report(qtbot, window, pictures)
    place = window.report
    fitted = door.rendered[-1][1]
    assert abs(fitted - place.view.viewport().width()) < 60
    assert place.fit.isChecked()
    place.larger.click()
    qtbot.waitUntil(lambda: door.rendered[-1][1] > fitted, timeout=PATIENCE_MS)
    assert not place.fit.isChecked()
    assert place.percent.text() == f"{round(100 * place.view.zoom)} %"
    # A page that never came at the larger width is not rendered again: it is there as it fits.
    settle(qtbot, window)
    place.fit.click()
    qtbot.waitUntil(lambda: abs(door.rendered[-1][1] - fitted) <= 1, timeout=PATIENCE_MS)


def test_chapters_lead_to_their_pages(qtbot: QtBot, window: Window, pictures: Path) -> None:
    at_report(qtbot, window, pictures)
    chapters = window.report.chapters
    assert [chapters.itemText(row) for row in range(chapters.count())] == ["Cover", "Results"]
    chapters.activated.emit(1)
    assert window.report.view.current == 2
    assert chapters.currentText() == "Results"


def test_a_choice_lays_the_report_out_anew(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor
) -> None:
    at_report(qtbot, window, pictures)
    choice = window.report.choice
    assert door.previews == [ReportSelection()]
    choice.list.item(1).setCheckState(Qt.CheckState.Unchecked)
    choice.parts["notes"].click()
    settle(qtbot, window)
    assert door.previews[1:] == [ReportSelection(exhibits=(1, 3), left_out=("notes",))]


def test_what_must_be_in_cannot_be_left_out_and_why_is_said(window: Window) -> None:
    choice = window.report.choice
    assert tuple(choice.parts) == OPTIONAL_PARTS
    assert "limitations" not in choice.parts


def test_no_exhibit_no_report(qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor) -> None:
    at_report(qtbot, window, pictures)
    choice = window.report.choice
    choice.none.click()
    assert not choice.write.isEnabled()
    assert window.report.view.pages == 0
    choice.all.click()
    settle(qtbot, window)
    assert choice.write.isEnabled()


def test_the_choice_is_written_and_checked_at_once(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor, picker: FakePicker
) -> None:
    at_report(qtbot, window, pictures)
    window.report.choice.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    picker.chosen["reports"] = "/somewhere/out.pdf"
    window.report.choice.write.click()
    qtbot.waitUntil(lambda: bool(window.report.checks.lines), timeout=PATIENCE_MS)
    ((_, file, selection),) = door.reports
    assert (file, selection.exhibits) == ("/somewhere/out.pdf", (2, 3))
    assert window.report.checked.text() == "out.pdf: 1 FAILED"
    assert window.report.checks.lines[1] == ("FAIL", "log chain", "entry 3 was edited")


def test_any_report_can_be_checked_with_its_files(
    qtbot: QtBot, window: Window, picker: FakePicker, pictures: Path
) -> None:
    picker.chosen["reports"] = "/somewhere/old.pdf"
    window.does.check_report.trigger()
    qtbot.waitUntil(lambda: len(window.report.checks.lines) == 3, timeout=PATIENCE_MS)
    assert window.report.checks.lines[2][0] == "not checked"
    picker.chosen_folder = str(pictures)
    window.report.files.click()
    qtbot.waitUntil(lambda: window.report.checks.lines[2][0] == "pass", timeout=PATIENCE_MS)
    assert window.report.checks.lines[2][2] == str(pictures)


def dialog_of(qtbot: QtBot, window: Window) -> PassphraseDialog:
    def shown() -> list[PassphraseDialog]:
        return [d for d in window.findChildren(PassphraseDialog) if d.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()), timeout=PATIENCE_MS)
    return shown()[-1]


def test_a_key_asks_for_its_passphrase_which_is_kept_nowhere(
    qtbot: QtBot,
    window: Window,
    picker: FakePicker,
    settings: Settings,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    window.does.places[Place.REPORT].trigger()
    picker.chosen["keys"] = str(tmp_path / "examiner.p12")
    choice = window.report.choice
    choice.key.click()
    dialog = dialog_of(qtbot, window)
    assert dialog.field.echoMode() is QLineEdit.EchoMode.Password
    dialog.field.setText("wrong one")
    dialog.use.click()
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=PATIENCE_MS)
    again = dialog_of(qtbot, window)
    assert "not the passphrase" in again.findChild(type(window.report.number), "verdict").text()
    again.field.setText("open sesame")
    again.use.click()
    qtbot.waitUntil(lambda: "Signed by N. Examiner" in choice.signer.text(), timeout=PATIENCE_MS)
    window.close()
    kept = (tmp_path / "data" / "settings.ini").read_text()
    assert "sesame" not in kept
    assert "sesame" not in caplog.text
    assert "examiner.p12" not in kept


def test_a_passphrase_is_taken_once(qtbot: QtBot, window: Window) -> None:
    dialog = PassphraseDialog("key.p12", wrong=False, theme=window._theme, parent=window)
    dialog.field.setText("open sesame")
    assert dialog.take() == "open sesame"
    assert dialog.take() == ""


def test_a_key_can_be_forgotten(qtbot: QtBot, window: Window) -> None:
    choice = window.report.choice
    window.reporting.load_key("key.p12", "open sesame")
    qtbot.waitUntil(choice.forget.isEnabled, timeout=PATIENCE_MS)
    choice.forget.click()
    qtbot.waitUntil(lambda: window.reporting.signer is None, timeout=PATIENCE_MS)
    assert choice.signer.text().startswith("Not signed")


def test_layout_that_is_stopped_says_so_and_can_be_asked_for_again(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor, gate: Gate
) -> None:
    open_all(qtbot, window, pictures)
    door.before_layout = gate
    window.does.places[Place.REPORT].trigger()
    qtbot.waitUntil(gate.reached.is_set, timeout=PATIENCE_MS)
    assert window.does.stop.isEnabled()
    window.does.stop.trigger()
    gate.open()
    qtbot.waitUntil(window.report.show_pages.isVisible, timeout=PATIENCE_MS)
    assert "Stopped" in window.report.view._message
    window.report.show_pages.click()
    settle(qtbot, window)
    assert not window.report.show_pages.isVisible()


def test_layout_that_fails_says_why_in_place_of_the_pages(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor
) -> None:
    open_all(qtbot, window, pictures)

    def fail() -> None:
        raise InputError("The case has no exhibit 9 to report on.")

    door.before_layout = fail
    window.does.places[Place.REPORT].trigger()
    qtbot.waitUntil(lambda: "no exhibit 9" in window.report.view._message, timeout=PATIENCE_MS)
    assert window.messages.box is None


def test_stale_layouts_are_dropped(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor, gate: Gate
) -> None:
    open_all(qtbot, window, pictures)
    door.before_layout = gate
    window.does.places[Place.REPORT].trigger()
    qtbot.waitUntil(gate.reached.is_set, timeout=PATIENCE_MS)
    window.report.choice.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    shown: list[object] = []
    window.reporting.laid_out.connect(shown.append)
    gate.open()
    settle(qtbot, window)
    assert len(shown) == 1
    assert door.previews[-1] == ReportSelection(exhibits=(2, 3))


def test_many_exhibits_are_laid_out_only_when_asked(
    qtbot: QtBot, window: Window, tmp_path: Path, door: FakeDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.places.report.BY_ITSELF", 2)
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(3):
        save(folder / f"{number}.png", (200, number, 0))
    window.open_paths((str(folder),))
    finish(qtbot, window, 3)
    window.does.places[Place.REPORT].trigger()
    assert "3 exhibits take a while" in window.report.view._message
    assert door.previews == []
    window.report.show_pages.click()
    settle(qtbot, window)
    assert door.previews == [ReportSelection()]


def test_a_report_that_cannot_be_written_is_told(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor, picker: FakePicker
) -> None:
    at_report(qtbot, window, pictures)
    door.report_error = StoreError("The disk is full: free some space.")
    picker.chosen["reports"] = "/nowhere/out.pdf"
    window.report.choice.write.click()
    qtbot.waitUntil(lambda: window.messages.box is not None, timeout=PATIENCE_MS)
    assert window.messages.box.title == "Writing the report did not work"
    assert window.report.checks.lines == ()


def test_endings_are_added_where_they_lack() -> None:
    assert with_ending("/a/report", "PDF (*.pdf)") == "/a/report.pdf"
    assert with_ending("/a/report.pdf", "PDF (*.pdf)") == "/a/report.pdf"
    assert with_ending("/a/key", "Keys (*.p12 *.pem)") == "/a/key.p12"

"""Cases by the window: nothing is lost, nothing is done twice, and refusals are told in words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.__main__ import make_window
from app.exhibits import State
from app.settings import Settings
from app.window import Window
from engine import api
from engine.case_types import CaseContents, ExhibitState
from engine.evidence.copies import folder_of
from tests.app.conftest import PATIENCE_MS, save
from tests.app.fake_door import FakeDoor
from tests.app.fake_results import TEXT
from tests.app.fakes import FakePicker, Gate
from tests.app.test_flow import finish, open_all
from tests.app.test_stopping import drop


def contents_of(file: str | Path) -> CaseContents:
    with api.open_case(file, writable=False) as case:
        return case.contents()


def settle(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)


@pytest.fixture
def case_file(pictures: Path, tmp_path: Path) -> Path:
    """A case that holds the three pictures, none examined."""
    from engine.job import Context

    file = tmp_path / "harbour.residua"
    api.new_case(file, title="Harbour", number="K 7")
    with api.open_case(file) as case:
        api.add_to_case(case, (str(pictures),), Context())
    return file


def test_pictures_go_into_an_unnamed_case_at_once(
    qtbot: QtBot, window: Window, pictures: Path, tmp_path: Path, door: FakeDoor, gate: Gate
) -> None:
    door.before_word = gate
    window.open_paths((str(pictures),))
    qtbot.waitUntil(gate.reached.is_set, timeout=PATIENCE_MS)
    (file,) = (tmp_path / "data" / "cases").glob("*.residua")
    assert [each.name for each in contents_of(file).exhibits] == [
        "a red.png", "b grey.png", "c blue.png",
    ]  # fmt: skip
    assert window.header.title.text() == "Untitled case"
    assert window.session.unnamed


def test_a_case_shows_again_what_was_done(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor
) -> None:
    open_all(qtbot, window, pictures)
    file = window.session.case.file
    window.does.new.trigger()
    settle(qtbot, window)
    assert window.empty.isVisible()
    assert window.workspace.result is None
    assert window.stage.path is None
    window.session.open(file)
    finish(qtbot, window, 3)
    assert window.workspace.verdict.headline.text() == "Likely AI-generated"
    assert window.workspace.result.layer is not None
    assert len(door.requests) == 1


def test_closing_while_a_scan_runs_loses_only_the_picture_in_flight(
    qtbot: QtBot, window: Window, pictures: Path, held_in_the_second: Gate
) -> None:
    window.open_paths((str(pictures),))
    qtbot.waitUntil(held_in_the_second.reached.is_set, timeout=PATIENCE_MS)
    file = window.session.case.file
    held_in_the_second.open()
    window.close()
    contents = contents_of(file)
    assert len(contents.exhibits) == 3
    assert 1 <= len(contents.examinations) <= 3
    assert contents.log_check.ok


def test_saving_moves_an_unnamed_case_and_copies_a_named_one(
    qtbot: QtBot, window: Window, pictures: Path, picker: FakePicker, tmp_path: Path
) -> None:
    open_all(qtbot, window, pictures)
    unnamed = Path(window.session.case.file)
    for name in ("first.residua", "second.residua"):
        picker.chosen["cases"] = str(tmp_path / name)
        window.does.keep_as.trigger()
        settle(qtbot, window)
        assert window.session.case.file == str(tmp_path / name)
    assert not unnamed.exists()
    assert not folder_of(unnamed).exists()
    heads = [contents_of(tmp_path / name).log[-1].action for name in ("first.residua",)]
    assert heads == ["case.copy"]
    assert not window.session.unnamed
    window.desk.add_note("Only in the second.")
    settle(qtbot, window)
    assert len(contents_of(tmp_path / "second.residua").notes) == 1
    assert contents_of(tmp_path / "first.residua").notes == ()


def test_a_case_is_not_saved_over_another_file(
    qtbot: QtBot, window: Window, pictures: Path, picker: FakePicker, tmp_path: Path
) -> None:
    open_all(qtbot, window, pictures)
    taken = tmp_path / "taken.residua"
    taken.write_text("a letter")
    picker.chosen["cases"] = str(taken)
    window.does.keep_as.trigger()
    qtbot.waitUntil(lambda: window.messages.box is not None, timeout=PATIENCE_MS)
    assert "exists already" in window.messages.box.text
    assert taken.read_text() == "a letter"
    assert window.session.unnamed


def test_cases_are_remembered_and_offered(
    qtbot: QtBot, window: Window, case_file: Path, settings: Settings
) -> None:
    window.open_paths((str(case_file),))
    finish_reading(qtbot, window)
    assert settings.recent_cases == (str(case_file),)
    assert window.filing.recent == ()
    window.does.new.trigger()
    settle(qtbot, window)
    window.does.recent.aboutToShow.emit()
    (action,) = window.does.recent.actions()
    assert action.text().startswith("harbour")
    action.trigger()
    finish_reading(qtbot, window)
    assert window.session.case.file == str(case_file)


def finish_reading(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(
        lambda: window.session.model.total == 3 and not window.jobs.busy, timeout=PATIENCE_MS
    )


def test_a_dropped_case_is_opened_and_not_scanned(
    qtbot: QtBot, window: Window, case_file: Path, door: FakeDoor
) -> None:
    drop(window, case_file)
    finish_reading(qtbot, window)
    assert window.header.title.text() == "K 7 · Harbour"
    assert window.session.model.count(State.WAITING) == 3
    assert door.requests == []
    assert window.does.scan.isEnabled()


def test_files_dropped_on_a_case_become_its_exhibits(
    qtbot: QtBot, window: Window, case_file: Path, tmp_path: Path
) -> None:
    drop(window, case_file)
    finish_reading(qtbot, window)
    drop(window, save(tmp_path / "late.png", (200, 0, 0)))
    finish(qtbot, window, 4)
    assert [each.name for each in contents_of(case_file).exhibits][-1] == "late.png"


def test_a_second_window_reads_only_and_says_so(
    qtbot: QtBot, window: Window, case_file: Path, settings: Settings, picker: FakePicker,
    tmp_path: Path,
) -> None:  # fmt: skip
    window.open_paths((str(case_file),))
    finish_reading(qtbot, window)
    second = make_window(FakeDoor(), settings, picker, tmp_path / "data2")
    qtbot.addWidget(second)
    second.show()
    second.open_paths((str(case_file),))
    finish_reading(qtbot, second)
    assert "read only" in second.header.title.text()
    assert not second.does.scan.isEnabled()
    assert not second.does.open_files.isEnabled()
    second.session.add((str(tmp_path),))
    qtbot.waitUntil(lambda: second.messages.box is not None, timeout=PATIENCE_MS)
    assert "another program has it open" in second.messages.box.text


def refused(qtbot: QtBot, window: Window, file: Path) -> str:
    window.open_paths((str(file),))
    qtbot.waitUntil(lambda: window.messages.box is not None, timeout=PATIENCE_MS)
    text = window.messages.box.text
    window.messages.box.accept()
    return text


def test_files_that_are_no_case_of_ours_are_refused_in_words(
    qtbot: QtBot, window: Window, case_file: Path, pictures: Path, tmp_path: Path
) -> None:
    open_all(qtbot, window, pictures)
    kept = window.session.case.file
    newer = tmp_path / "newer.residua"
    newer.write_bytes(case_file.read_bytes())
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert "newer Residua" in refused(qtbot, window, newer)
    damaged = tmp_path / "damaged.residua"
    damaged.write_bytes(case_file.read_bytes()[:3000] + bytes(3000))
    assert "damaged" in refused(qtbot, window, damaged)
    assert "no case" in refused(qtbot, window, tmp_path / "gone.residua")
    assert window.session.case.file == kept
    assert window.session.model.total == 3


def test_changed_and_missing_exhibits_are_shown_when_a_case_is_opened(
    qtbot: QtBot, window: Window, case_file: Path, pictures: Path
) -> None:
    (pictures / "a red.png").write_bytes(b"other bytes")
    (pictures / "c blue.png").unlink()
    window.open_paths((str(case_file),))
    finish_reading(qtbot, window)
    states = [each.file_state for each in window.session.model.exhibits]
    assert states == [ExhibitState.CHANGED, ExhibitState.PRESENT, ExhibitState.MISSING]


def test_a_note_is_kept_while_a_scan_runs(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor, gate: Gate
) -> None:
    door.before_word = gate
    window.open_paths((str(pictures),))
    qtbot.waitUntil(gate.reached.is_set, timeout=PATIENCE_MS)
    with qtbot.waitSignal(window.desk.noted, timeout=PATIENCE_MS) as noted:
        window.desk.add_note("Looks retouched.", exhibit=2)
    assert noted.args == [2]
    assert contents_of(window.session.case.file).notes[0].text == "Looks retouched."
    gate.open()
    finish(qtbot, window, 3)
    assert contents_of(window.session.case.file).log_check.ok


def test_an_edited_sentence_keeps_what_was_generated_and_who_changed_it(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    dossier = window.workspace.result.dossier
    with qtbot.waitSignal(window.desk.noted, timeout=PATIENCE_MS):
        window.desk.edit_sentence(1, dossier.holds.id, 0, "Smooth.", reason="plainer")
    (edit,) = contents_of(window.session.case.file).edits
    assert (edit.before, edit.after, edit.reason) == (TEXT[0].strip(), "Smooth.", "plainer")
    assert edit.author == api.operator_name()


def test_bookmarks_are_kept(qtbot: QtBot, window: Window, pictures: Path) -> None:
    open_all(qtbot, window, pictures)
    with qtbot.waitSignal(window.desk.noted, timeout=PATIENCE_MS):
        window.desk.add_bookmark(1, "Left eye", comment="odd catchlight", method="heat map")
    (bookmark,) = contents_of(window.session.case.file).bookmarks
    assert (bookmark.name, bookmark.method) == ("Left eye", "heat map")


def test_copies_are_kept_when_set_so_and_examined(
    qtbot: QtBot, window: Window, pictures: Path, settings: Settings
) -> None:
    settings.copy_exhibits = True
    window.session.source = "USB stick 3"
    open_all(qtbot, window, pictures)
    exhibit = contents_of(window.session.case.file).exhibits[0]
    assert exhibit.source == "USB stick 3"
    assert Path(exhibit.evidence_file).read_bytes() == (pictures / "a red.png").read_bytes()
    assert window.session.model.exhibits[0].path == exhibit.working_file
    assert window.workspace.list.view.currentIndex().data() == "a red.png"
    assert window.workspace.verdict.headline.text() == "Likely AI-generated"


def test_pictures_added_before_the_case_is_made_are_all_taken_in(
    qtbot: QtBot, window: Window, pictures: Path, tmp_path: Path, door: FakeDoor
) -> None:
    first, second = save(tmp_path / "1.png", (9, 9, 9)), save(tmp_path / "2.png", (8, 8, 8))
    for file in (first, second):
        window.open_paths((str(file),))
    finish(qtbot, window, 2)
    assert len(contents_of(window.session.case.file).exhibits) == 2

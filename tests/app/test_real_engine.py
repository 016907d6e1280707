"""The window with the real engine behind its door; only the model is a fake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from pytestqt.qtbot import QtBot

from app.__main__ import make_window
from app.engine_door import EngineDoor
from app.settings import Place, Settings
from app.widgets.outcomes import OutcomeDialog
from app.window import Window
from engine import api
from engine.job import Context
from tests.app.fakes import FakePicker
from tests.app.test_flow import finish
from tests.fakes import fake_factory

PATIENCE_MS = 240_000
"""Decoders are started as processes of their own, which a busy machine does slowly."""


@pytest.fixture
def real_window(qtbot: QtBot, tmp_path: Path, picker: FakePicker) -> Iterator[Window]:
    settings = Settings(tmp_path / "data" / "settings.ini")
    settings.scheme = "light"
    door = EngineDoor(engine=api.Engine(factory=fake_factory))
    window = make_window(door, settings, picker, tmp_path / "data")
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    assert not window.messages.bugs, "\n".join(window.messages.bugs)


def save(file: Path, colour: tuple[int, int, int]) -> None:
    noise = np.random.default_rng(0).integers(-20, 20, (240, 320, 1))
    pixels = np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)
    Pillow.fromarray(pixels).save(file)


def test_folder_becomes_a_case_a_report_and_a_case_again(
    qtbot: QtBot, real_window: Window, picker: FakePicker, tmp_path: Path
) -> None:
    window = real_window
    folder = tmp_path / "evidence"
    folder.mkdir()
    save(folder / "red.jpg", (220, 60, 60))
    save(folder / "blue.png", (60, 60, 220))
    (folder / "cut.jpg").write_bytes((folder / "red.jpg").read_bytes()[:500])
    before = {file: file.read_bytes() for file in folder.iterdir()}
    window.open_paths((str(folder),))
    finish(qtbot, window, 3, PATIENCE_MS)
    workspace = window.workspace
    window.workspace.list.choose(str(folder / "red.jpg"))
    finish(qtbot, window, 3, PATIENCE_MS)
    assert workspace.verdict.headline.text() == "Likely AI-generated"
    assert workspace.result.layer is not None
    assert len(workspace.explanation.rows) == 3
    assert workspace.picture.facts.text().startswith("JPEG")
    assert (
        window.thumbnails.get(window.session.model.exhibit(str(folder / "blue.png")), 48)
        is not None
    )
    window.workspace.list.choose(str(folder / "cut.jpg"))
    finish(qtbot, window, 3, PATIENCE_MS)
    assert workspace.verdict.headline.text() == "Not examined"

    picker.chosen["reports"] = str(tmp_path / "report.pdf")
    window.does.export.trigger()
    qtbot.waitUntil(lambda: bool(window.report.checks.lines), timeout=PATIENCE_MS)
    assert "FAIL" not in {result for result, _, _ in window.report.checks.lines}
    assert Path(picker.chosen["reports"]).read_bytes().startswith(b"%PDF")

    file = window.session.case.file
    window.does.new.trigger()
    assert window.session.case is None
    window.session.open(file)
    finish(qtbot, window, 3, PATIENCE_MS)
    window.workspace.list.choose(str(folder / "red.jpg"))
    finish(qtbot, window, 3, PATIENCE_MS)
    assert workspace.verdict.headline.text() == "Likely AI-generated"
    assert {file: file.read_bytes() for file in folder.iterdir()} == before


def test_paths_that_do_not_exist_are_told(qtbot: QtBot, real_window: Window) -> None:
    real_window.open_paths(("/no/such/picture.png",))
    qtbot.waitUntil(lambda: real_window.messages.box is not None, timeout=PATIENCE_MS)
    assert "no/such/picture.png" in real_window.messages.box.text


def test_a_whole_case_by_the_window(
    qtbot: QtBot, real_window: Window, picker: FakePicker, tmp_path: Path
) -> None:
    window, folder = real_window, tmp_path / "evidence"
    folder.mkdir()
    save(folder / "red.jpg", (220, 60, 60))
    save(folder / "grey.png", (128, 128, 128))

    def wait(true: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(true()) and not window.jobs.busy, timeout=PATIENCE_MS)

    # New: a case file with a name and a question, before the first picture.
    file = tmp_path / "harbour.residua"
    picker.chosen["cases"] = str(file)
    window.does.places[Place.CASE].trigger()
    window.case.new_asked.emit()
    wait(lambda: window.session.case is not None)
    window.desk.change_info(number="K 7", question="Is it real?")
    # Add and scan.
    picker.chosen_folder = str(folder)
    window.does.open_folder.trigger()
    finish(qtbot, window, 2, PATIENCE_MS)
    # Look.
    window.does.places[Place.EXAMINE].trigger()
    window.examine.choose(str(folder / "red.jpg"))
    wait(lambda: window.workspace.result is not None)
    assert window.workspace.verdict.headline.text() == "Likely AI-generated"
    assert (
        window.workspace.result.dossier.exhibit.number
        == window.session.model.exhibit(str(folder / "red.jpg")).number
    )
    # Note.
    window.desk.add_note("The sky repeats.", exhibit=1)
    # Examine again: the same numbers come out.
    window.does.places[Place.CASE].trigger()
    wait(window.case.hand.again.isEnabled)
    window.case.hand.again.click()
    wait(lambda: window.findChild(OutcomeDialog) is not None)
    dialog = window.findChild(OutcomeDialog)
    assert dialog.said == "2 examined again: all agree within the tolerances"
    dialog.accept()
    # Export.
    picker.chosen["exports"] = str(tmp_path / "out.json")
    window.case.export_asked.emit("json")
    wait(lambda: window.messages.box is not None)
    window.messages.box.accept()
    # Report: real pages, written, and checked with the exhibits' files.
    window.does.places[Place.REPORT].trigger()
    wait(lambda: window.report.view.pages > 6 and window.report.view.has(0))
    picker.chosen["reports"] = str(tmp_path / "report.pdf")
    window.report.choice.write.click()
    wait(lambda: window.report.checks.lines)
    window.report.files.click()
    wait(lambda: window.report.checks.lines[-1][0] == "pass")
    assert "FAIL" not in {result for result, _, _ in window.report.checks.lines}
    # Verify: the case holds, and its log tells the whole story.
    with api.open_case(file, writable=False) as case:
        checks = list(api.verify_case(case, Context()))
        actions = [entry.action for entry in case.log()]
    assert "fail" not in {check.outcome for check in checks}
    for action in (
        "case.new", "case.change", "exhibit.add", "scan.begin", "examination.add", "scan.end",
        "note.add", "examination.recheck", "case.export", "report.write",
    ):  # fmt: skip
        assert action in actions, action

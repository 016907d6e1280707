"""A camera against all exhibits in the window: started, seen, stopped, told, found in triage."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot

from app.camera_words import details_words, family_words, limit_words
from app.engine_cases import EngineCases
from app.settings import Place
from app.widgets.camera_list import CameraList
from app.widgets.compared_list import ANSWER, DETAILS, NAME
from app.window import Window
from engine.trace_types import CameraAnswer, Comparison, ComparisonSummary
from engine.types import Region
from tests.app.fake_door import FakeDoor
from tests.app.test_cameras import PATIENCE_MS, make_camera, ready, taken
from tests.engine.traces import planting as plant
from tests.engine.traces.test_prnu import shot


@pytest.fixture
def listed(qtbot: QtBot, window: Window, tmp_path: Path) -> CameraList:
    """Return the list of a case: five pictures of its camera, one more, two others."""
    folder = taken(tmp_path / "camera", tested=1)
    (folder / "wrong.jpg").write_bytes(plant.jpeg(shot(2, 951), 95))
    Pillow.fromarray(shot(0, 952)[:90, :90]).save(folder / "xsmall.png")
    ready(qtbot, window, folder, 8)
    window.go(Place.CASE)
    make_camera(qtbot, window, "Camera 7")
    return window.case.cameras


def compare(qtbot: QtBot, window: Window, listed: CameraList) -> str:
    """Compare with all exhibits, and return what was told at the end."""
    told: list[str] = []
    window.session.told.connect(lambda _title, text: told.append(text))
    listed.compare_all.click()
    qtbot.waitUntil(lambda: bool(told) and not window.jobs.busy, timeout=PATIENCE_MS)
    window.messages.box.accept()
    return told[0]


def rows(listed: CameraList) -> dict[str, str]:
    model = listed.compared.model
    return {
        model.index(row, NAME).data(): model.index(row, ANSWER).data()
        for row in range(model.rowCount(QModelIndex()))
    }


def test_a_camera_is_compared_with_all_exhibits_and_the_table_is_filled(
    qtbot: QtBot, window: Window, listed: CameraList
) -> None:
    assert rows(listed) == {}
    said = compare(qtbot, window, listed)
    assert said.startswith("The camera's pattern is in 1 of 8 exhibits. Not found: 1.")
    assert "Behind the fingerprint: 5." in said
    assert "at most .0013 at 95 % confidence" in said
    found = rows(listed)
    assert list(found)[:2] == ["tested 0.jpg", "xsmall.png"]
    assert (found["tested 0.jpg"], found["wrong.jpg"]) == ("found", "not found")
    assert (found["xsmall.png"], found["0.jpg"]) == ("cannot be told", "made of it")
    details = listed.compared.model.index(1, DETAILS).data()
    assert "shorter than 128 px" in details
    assert listed.model.index(0, 3).data() == "pattern in 1 of 3"
    assert listed.compared.words.text() == limit_words(listed.chosen.summary)


def test_one_entry_of_the_log_tells_all_comparisons(
    qtbot: QtBot, window: Window, listed: CameraList, door: FakeDoor
) -> None:
    compare(qtbot, window, listed)
    with EngineCases.using(door) as case:
        kept = [entry for entry in case.log() if entry.action == "fingerprint.compare"]
    assert [dict(entry.details)["compared"] for entry in kept] == ["8"]


def test_progress_is_seen_and_a_stopped_comparison_goes_on_later(
    qtbot: QtBot, window: Window, listed: CameraList, door: FakeDoor
) -> None:
    go_on, held = threading.Event(), threading.Event()

    def hold() -> None:
        if len(door.compared) == 3:
            held.set()
            assert go_on.wait(PATIENCE_MS / 1000)

    door.after_comparison = hold
    phase = window.bottom.phase
    listed.compare_all.click()
    assert window.services.cameras.comparing
    assert not listed.compare_all.isEnabled()
    qtbot.waitUntil(held.is_set, timeout=PATIENCE_MS)
    said = "Comparing with Camera 7: 2 of 8"
    qtbot.waitUntil(lambda: phase.text().startswith(said), timeout=PATIENCE_MS)
    window.bottom.stop.click()
    go_on.set()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    assert window.messages.box is None or not window.messages.box.isVisible()
    assert len(rows(listed)) == 3
    assert listed.compare_all.isEnabled()
    said = compare(qtbot, window, listed)
    assert "Compared before, by the log: 3." in said
    assert len(rows(listed)) == 8


def test_a_case_is_closed_while_its_exhibits_are_compared(
    qtbot: QtBot, window: Window, listed: CameraList, door: FakeDoor
) -> None:
    go_on, held = threading.Event(), threading.Event()

    def hold() -> None:
        held.set()
        assert go_on.wait(PATIENCE_MS / 1000)

    door.after_comparison = hold
    listed.compare_all.click()
    qtbot.waitUntil(held.is_set, timeout=PATIENCE_MS)
    window.session.clear()
    go_on.set()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    assert door.closed == ["case"]
    assert not window.services.cameras.comparing
    assert rows(listed) == {}


def test_matches_are_seen_alone_in_triage(qtbot: QtBot, window: Window, listed: CameraList) -> None:
    compare(qtbot, window, listed)
    listed.compared.matches.click()
    assert window.triage.isVisible()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    model, bar = window.session.model, window.triage.bar
    assert [model.shown(row).name for row in range(model.rowCount())] == ["tested 0.jpg"]
    assert (bar.camera.isVisible(), bar.camera.currentText()) == (True, "Camera 7")
    bar.camera.setCurrentIndex(0)
    bar.camera.activated.emit(0)
    assert model.rowCount() == 8


def test_chosen_exhibits_are_compared_from_triage(
    qtbot: QtBot, window: Window, listed: CameraList, door: FakeDoor, tmp_path: Path
) -> None:
    window.go(Place.TRIAGE)
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    triage = window.triage
    triage.view.choose({str(tmp_path / "camera" / "tested 0.jpg")}, "")
    menu = triage.does.menu(triage)
    triage.does.add_cameras(
        menu, window.services.cameras.known, triage._compare_camera, enabled=True
    )
    (offered,) = [
        action.menu().actions()
        for action in menu.actions()
        if action.menu() is not None and action.text() == "Compare with a camera"
    ]
    assert [action.text() for action in offered] == ["Camera 7"]
    offered[0].trigger()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    window.messages.box.accept()
    menu.deleteLater()
    assert [Path(each.path).name for each in door.compared] == ["tested 0.jpg"]


def test_an_exhibit_of_the_table_is_looked_at_with_the_camera(
    qtbot: QtBot, window: Window, listed: CameraList, tmp_path: Path
) -> None:
    compare(qtbot, window, listed)
    listed.compared.view.selectRow(0)
    listed.compared.view.activated.emit(listed.compared.model.index(0, 0))
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    assert window.examine.isVisible()
    assert window.stage.path == str(tmp_path / "camera" / "tested 0.jpg")
    assert window.workspace.picture.canvas.comparison.layer.key.startswith("camera:")


def test_matches_are_known_again_when_the_case_is_opened_anew(
    qtbot: QtBot, window: Window, listed: CameraList
) -> None:
    compare(qtbot, window, listed)
    file = window.session.case.file
    window.session.clear()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    window.session.open(file)
    qtbot.waitUntil(
        lambda: window.session.model.total == 8 and not window.jobs.busy, timeout=PATIENCE_MS
    )
    assert [each.name for each in window.session.model.exhibits if each.cameras] == ["tested 0.jpg"]


def test_a_cut_and_missing_places_are_told() -> None:
    comparison = Comparison(
        path="a.jpg",
        answer=CameraAnswer.SHOWN,
        pce=90.0,
        shift=(64, 40),
        missing=(Region(x=0, y=0, w=32, h=32),),
    )
    assert details_words(comparison) == "cut, corner at 40, 64 px · missing in places: 1"


def test_a_family_without_a_measured_limit_says_so() -> None:
    summary = ComparisonSummary(
        shown=1, not_shown=1999, behind=0, undecided=0, failed=0, earlier=0, correlated=2000,
        threshold=60.0, false_most=None, measured_false=0, measured_trials=5520,
    )  # fmt: skip
    assert "no measured limit" in limit_words(summary)
    assert "has no limit that was measured (0 of 5,520" in family_words(summary)

"""Stopping, closing and dropping while work runs: nothing hangs, nothing done is lost."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.exhibits import State
from app.window import Window
from engine.job import Context
from engine.scan_types import ScanRequest, ScanSummary
from tests.app.conftest import save
from tests.app.fake_door import FakeDoor
from tests.app.fakes import Gate
from tests.app.test_flow import finish, open_all


def drop(window: Window, *files: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    action = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPointF(50, 50), action, mime, buttons, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(50, 50), action, mime, buttons, keys)
    QApplication.sendEvent(window, event)


def test_dropped_folder_is_opened(qtbot: QtBot, window: Window, pictures: Path) -> None:
    drop(window, pictures)
    finish(qtbot, window, 3)


def test_files_dropped_while_a_scan_runs_come_after_it(
    qtbot: QtBot, window: Window, pictures: Path, tmp_path: Path, door: FakeDoor, gate: Gate
) -> None:
    door.before_word = gate
    window.open_paths((str(pictures),))
    qtbot.waitUntil(gate.reached.is_set)
    late = save(tmp_path / "late.png", (200, 0, 0))
    drop(window, late)
    qtbot.waitUntil(lambda: window.session.model.total == 4)
    gate.open()
    finish(qtbot, window, 4)
    assert door.scanned == [(1, 2, 3), (4,)]


def test_stop_keeps_what_is_done_and_scan_goes_on(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor, held_in_the_second: Gate
) -> None:
    window.open_paths((str(pictures),))
    qtbot.waitUntil(held_in_the_second.reached.is_set)
    qtbot.waitUntil(lambda: window.session.model.count(State.DONE) == 1)
    window.does.stop.trigger()
    assert not window.does.stop.isEnabled()
    held_in_the_second.open()
    qtbot.waitUntil(lambda: not window.session.running)
    assert window.session.model.count(State.DONE) == 1
    assert window.session.model.count(State.WAITING) == 2
    assert window.messages.box is None
    window.does.scan.trigger()
    finish(qtbot, window, 3)
    assert door.scanned == [(1, 2, 3), (2, 3)]


def test_closing_while_a_scan_runs_joins_its_threads(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, tick = threading.Event(), threading.Event()
    running: list[Context] = []
    scan = door.scan

    def remembered(request: ScanRequest, numbers: tuple[int, ...], ctx: Context) -> ScanSummary:
        running.append(ctx)
        return scan(request, numbers, ctx)

    def closing_cancels_first() -> None:
        reached.set()
        while not running[-1].cancelled:
            tick.wait(0.001)

    monkeypatch.setattr(door, "scan", remembered)
    door.before_word = closing_cancels_first
    window.open_paths((str(pictures),))
    qtbot.waitUntil(reached.is_set)
    window.close()
    lanes = [thread for thread in threading.enumerate() if "-lane" in thread.name]
    assert not lanes
    assert sorted(door.closed) == ["case", "model", "pictures", "report", "thumbnails"]
    assert window.session.model.count(State.DONE) == 0


def test_stale_pictures_are_dropped(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor, gate: Gate
) -> None:
    open_all(qtbot, window, pictures)
    door.before_picture = gate
    for name in ("b grey.png", "c blue.png", "a red.png", "c blue.png"):
        window.workspace.list.choose(str(pictures / name))
    shown: list[str] = []
    window.stage.picture_ready.connect(lambda picture: shown.append(picture.path))
    gate.open()
    qtbot.waitUntil(lambda: not window.jobs.busy)
    assert shown == [str(pictures / "c blue.png")]
    assert window.workspace.picture.name.text() == "c blue.png"


def test_search_of_folders_can_be_stopped(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor, gate: Gate
) -> None:
    door.before_find = gate
    window.open_paths((str(pictures),))
    qtbot.waitUntil(gate.reached.is_set)
    assert window.does.stop.isEnabled()
    window.does.stop.trigger()
    assert window.bottom.phase.text() == "Stopping …"
    gate.open()
    qtbot.waitUntil(lambda: not window.jobs.busy)
    assert window.session.model.total == 0
    assert window.messages.box is None
    assert not window.does.stop.isEnabled()


def test_closing_the_set_forgets_a_search_that_still_runs(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor, gate: Gate
) -> None:
    door.before_find = gate
    window.open_paths((str(pictures),))
    qtbot.waitUntil(gate.reached.is_set)
    window.session.clear()
    gate.open()
    qtbot.waitUntil(lambda: not window.jobs.busy)
    assert window.session.model.total == 0
    assert door.requests == []


def test_closing_the_set_stops_its_scan_and_a_new_one_is_clean(
    qtbot: QtBot, window: Window, pictures: Path, tmp_path: Path, door: FakeDoor, gate: Gate
) -> None:
    door.before_word = gate
    window.open_paths((str(pictures),))
    qtbot.waitUntil(gate.reached.is_set)
    window.does.new.trigger()
    late = save(tmp_path / "late.png", (200, 0, 0))
    window.open_paths((str(late),))
    gate.open()
    finish(qtbot, window, 1)
    assert [window.session.model.total, len(door.requests)] == [1, 2]
    assert door.scanned == [(1, 2, 3), (1,)]
    assert window.stage.path == str(late)

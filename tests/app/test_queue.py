"""The queue in the real window: pausing, going on, choosing, trying again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from app.exhibits import State
from app.notice import Notice
from app.widgets.failures import FailuresDialog
from app.window import Window
from engine.scan_types import ScanSummary
from tests.app.conftest import save
from tests.app.fake_door import FakeDoor
from tests.app.fakes import Gate

PATIENCE_MS = 20_000


@pytest.fixture
def filled(window: Window, qtbot: QtBot, pictures: Path) -> Window:
    """A window with three pictures that wait."""
    window._settings.scan_on_open = False
    window.open_paths((str(pictures),))
    qtbot.waitUntil(lambda: window.session.model.total == 3, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.session.busy, timeout=PATIENCE_MS)
    return window


def rest(window: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.session.busy, timeout=PATIENCE_MS)


def names(window: Window, state: State) -> list[str]:
    return [each.name for each in window.session.model.in_state(state)]


def test_a_paused_scan_keeps_what_is_done_and_goes_on(
    filled: Window, qtbot: QtBot, door: FakeDoor, gate: Gate
) -> None:
    queue = filled.session.queue
    door.before_word = gate
    queue.scan()
    qtbot.waitUntil(gate.reached.is_set)
    queue.pause()
    gate.open()
    qtbot.waitUntil(lambda: queue._job is not None and queue._job.context.resting)
    assert queue.paused
    assert queue.running
    assert filled.session.model.count(State.DONE) == 0
    queue.resume()
    rest(filled, qtbot)
    assert not queue.paused
    assert filled.session.model.count(State.DONE) == 3


def test_a_paused_scan_can_be_stopped(
    filled: Window, qtbot: QtBot, door: FakeDoor, gate: Gate
) -> None:
    queue = filled.session.queue
    door.before_word = gate
    queue.scan()
    qtbot.waitUntil(gate.reached.is_set)
    queue.pause()
    gate.open()
    filled.session.stop()
    rest(filled, qtbot)
    assert filled.session.model.count(State.WAITING) == 3
    assert filled.session.model.count(State.EXAMINING) == 0


def test_chosen_files_are_examined_alone(filled: Window, qtbot: QtBot) -> None:
    chosen = filled.session.model.exhibits[1]
    filled.session.scan_these([chosen.path])
    rest(filled, qtbot)
    assert names(filled, State.DONE) == [chosen.name]


def test_a_result_is_replaced_only_when_the_file_is_chosen(
    filled: Window, qtbot: QtBot, door: FakeDoor
) -> None:
    filled.session.scan()
    rest(filled, qtbot)
    chosen = filled.session.model.exhibits[2]
    filled.session.scan_these([chosen.path])
    rest(filled, qtbot)
    assert [(r.again, len(n)) for r, n in zip(door.requests, door.scanned, strict=True)] == [
        (False, 3),
        (True, 1),
    ]


def test_an_earlier_result_comes_back_when_the_new_one_is_stopped(
    filled: Window, qtbot: QtBot, door: FakeDoor, gate: Gate
) -> None:
    filled.session.scan()
    rest(filled, qtbot)
    chosen = filled.session.model.exhibits[0]
    before = chosen.p_ai
    door.before_word = gate
    filled.session.scan_these([chosen.path])
    qtbot.waitUntil(lambda: chosen.state is State.EXAMINING)
    filled.session.stop()
    gate.open()
    rest(filled, qtbot)
    assert (chosen.state, chosen.p_ai) == (State.DONE, before)


def test_failures_are_tried_again_and_nothing_else(
    filled: Window, qtbot: QtBot, door: FakeDoor, pictures: Path
) -> None:
    (pictures / "d broken.png").write_bytes(b"no picture")
    filled.open_paths((str(pictures),))
    qtbot.waitUntil(lambda: filled.session.model.total == 4, timeout=PATIENCE_MS)
    filled.session.scan()
    rest(filled, qtbot)
    assert names(filled, State.FAILED) == ["d broken.png"]
    save(pictures / "d broken.png", (20, 20, 250))
    filled.session.retry()
    rest(filled, qtbot)
    assert len(door.scanned[-1]) == 1
    assert names(filled, State.FAILED) == []


def test_the_end_is_told_once(filled: Window, qtbot: QtBot) -> None:
    told: list[object] = []
    filled.session.queue.finished.connect(told.append)
    with qtbot.waitSignal(filled.session.queue.finished, timeout=PATIENCE_MS):
        filled.session.scan()
    assert len(told) == 1


def test_the_bottom_line_pauses_and_goes_on(
    filled: Window, qtbot: QtBot, door: FakeDoor, gate: Gate
) -> None:
    bottom = filled.bottom
    assert not bottom.pause.isVisible()
    door.before_word = gate
    filled.does.scan.trigger()
    qtbot.waitUntil(gate.reached.is_set)
    assert (bottom.pause.isVisible(), bottom.pause.text()) == (True, "Pause")
    bottom.pause.click()
    assert bottom.pause.text() == "Go on"
    assert bottom.phase.text().startswith("Paused")
    filled.does.pause.trigger()
    assert bottom.pause.text() == "Pause"
    assert bottom.phase.text() == ""
    gate.open()
    rest(filled, qtbot)
    assert not bottom.pause.isVisible()
    assert bottom.phase.text() == "3 examined in 1 s"


def test_the_end_is_forgotten_with_the_case(filled: Window, qtbot: QtBot) -> None:
    with qtbot.waitSignal(filled.session.queue.finished, timeout=PATIENCE_MS):
        filled.session.scan()
    filled.session.clear()
    assert filled.bottom.phase.text() == ""


def test_the_list_of_failures_is_copied_and_tried_again(
    filled: Window, qtbot: QtBot, door: FakeDoor, pictures: Path
) -> None:
    broken = pictures / "d broken.png"
    broken.write_bytes(b"no picture")
    filled.open_paths((str(pictures),))
    qtbot.waitUntil(lambda: filled.session.model.total == 4, timeout=PATIENCE_MS)
    filled.session.scan()
    rest(filled, qtbot)
    filled.bottom.failures.click()
    dialog = filled.findChild(FailuresDialog)
    dialog.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(f"{broken}\t")
    save(broken, (20, 20, 250))
    with qtbot.waitSignal(filled.session.queue.finished, timeout=PATIENCE_MS):
        dialog.retry.click()
    assert not filled.bottom.failures.isVisible()


class FakeTray(QSystemTrayIcon):
    """Shows nothing: there is no tray where tests run."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def show(self) -> None:
        pass

    def hide(self) -> None:
        pass

    def showMessage(self, title: str, *_more: object) -> None:  # noqa: N802 - Qt's name
        self.told.append(title)


@pytest.mark.qt_log_ignore("This plugin does not support raise")
def test_who_looks_elsewhere_is_told_by_the_system_or_the_task_bar(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    tray = FakeTray()
    assert Notice(window, QIcon(), lambda: None).tell("Done", "3 examined") == "alerted"
    notice = Notice(window, QIcon(), lambda: tray)
    assert notice.tell("Done", "3 examined") == "notified"
    assert tray.told == ["Done"]
    tray.messageClicked.emit()
    assert window.isVisible()


def test_who_looks_at_the_window_is_not_told_twice(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    tray = FakeTray()
    assert Notice(window, QIcon(), lambda: tray).tell("Done", "") == "seen"
    assert tray.told == []


def test_the_end_counts_all_scans_since_the_queue_was_empty(filled: Window, qtbot: QtBot) -> None:
    told: list[ScanSummary] = []
    filled.session.queue.finished.connect(told.append)
    with qtbot.waitSignal(filled.session.queue.finished, timeout=PATIENCE_MS):
        for exhibit in filled.session.model.exhibits:
            filled.session.scan_these([exhibit.path])
    assert [(each.done, each.elapsed_s) for each in told] == [(3, 3.0)]

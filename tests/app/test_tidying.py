"""When Python searches for unreachable objects."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.tidying import keep_out_of_the_way


class Case(QObject):
    closed = Signal()


class Ring:
    """Holds itself, so that only a search finds it when nobody else does."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def case(qapp: QApplication) -> Iterator[Case]:
    case = Case()
    timer = keep_out_of_the_way(qapp, case.closed)
    yield case
    timer.stop()


def test_everything_is_searched_when_the_window_is_left(case: Case, qapp: QApplication) -> None:
    ring = Ring()
    gc.collect(1)
    found = weakref.ref(ring)
    del ring
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert found() is None


def test_everything_is_searched_when_a_case_was_closed(case: Case, qtbot: QtBot) -> None:
    ring = Ring()
    gc.collect(1)
    found = weakref.ref(ring)
    del ring
    case.closed.emit()
    qtbot.waitUntil(lambda: found() is None)


def test_young_objects_are_searched_now_and_then_and_by_no_other_thread(
    case: Case, qtbot: QtBot
) -> None:
    assert not gc.isenabled()
    threads: set[int] = set()

    def note(phase: str, _info: dict[str, int]) -> None:
        threads.add(threading.get_ident())

    gc.callbacks.append(note)
    try:
        made: list[Ring] = []
        worker = threading.Thread(target=lambda: made.extend(Ring() for _ in range(5000)))
        worker.start()
        worker.join()
        found = weakref.ref(made[0])
        made.clear()
        qtbot.waitUntil(lambda: found() is None)
    finally:
        gc.callbacks.remove(note)
    assert threads == {threading.get_ident()}

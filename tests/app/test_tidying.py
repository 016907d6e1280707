"""When Python searches for unreachable objects."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.tidying import NEVER, keep_out_of_the_way


class Case(QObject):
    closed = Signal()


class Ring:
    """Holds itself, so that only a search finds it when nobody else does."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def case(qapp: QApplication) -> Iterator[Case]:
    before = gc.get_threshold()
    case = Case()
    keep_out_of_the_way(qapp, case.closed)
    yield case
    gc.set_threshold(*before)
    gc.unfreeze()


def test_everything_is_searched_when_the_window_is_left(case: Case, qapp: QApplication) -> None:
    ring = Ring()
    gc.collect(1)
    found = weakref.ref(ring)
    del ring
    assert gc.get_threshold()[2] == NEVER
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert found() is None


def test_everything_is_searched_when_a_case_was_closed(case: Case, qtbot: QtBot) -> None:
    ring = Ring()
    gc.collect(1)
    found = weakref.ref(ring)
    del ring
    case.closed.emit()
    qtbot.waitUntil(lambda: found() is None)

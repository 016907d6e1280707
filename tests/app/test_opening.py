"""Files that the system asks the running program to open."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.opening import Opening


def test_a_file_that_the_system_hands_over_is_opened(qtbot: QtBot, qapp: QApplication) -> None:
    opened: list[tuple[str, ...]] = []
    target = QObject()
    Opening(target, opened.append)
    QApplication.sendEvent(target, QFileOpenEvent("/cases/a.residua"))
    QApplication.sendEvent(target, QEvent(QEvent.Type.User))
    assert opened == [("/cases/a.residua",)]

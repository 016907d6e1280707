"""Keeps Python's search for unreachable objects out of the operator's way, and on one thread.

With the results of ten thousand exhibits in memory a full search stops the window for 50 ms
and more, at any moment. Young objects are searched twice a second, all objects only when nobody
looks at the window, or when a case was closed. Searches run on the window's thread alone: one on
an engine's thread would delete objects of Qt there, which can end the program.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import Qt, QTimer, SignalInstance
from PySide6.QtWidgets import QApplication

EVERY_MS = 500


def keep_out_of_the_way(app: QApplication, closed: SignalInstance) -> QTimer:
    """Search all objects at quiet moments only, and no thread but this one.

    Args:
        app: tells when nobody looks at it.
        closed: told when a case was closed.

    Returns:
        What searches young objects, running; it lives as long as ``app``.
    """
    gc.collect()
    # What the program itself consists of stays as long as it runs.
    gc.freeze()
    gc.disable()
    timer = QTimer(app)
    timer.timeout.connect(_search_young)
    timer.start(EVERY_MS)
    app.applicationStateChanged.connect(_when_left)
    closed.connect(lambda: QTimer.singleShot(0, gc.collect))
    return timer


def _search_young() -> None:
    """Do what Python would do by itself for the young and the middle-aged, if it is due."""
    young, middle, _old = gc.get_count()
    most_young, most_middle, _most_old = gc.get_threshold()
    if middle > most_middle:
        gc.collect(1)
    elif young > most_young:
        gc.collect(0)


def _when_left(state: Qt.ApplicationState) -> None:
    if state is not Qt.ApplicationState.ApplicationActive:
        gc.collect()

"""Keeps Python's search for unreachable objects out of the operator's way.

With the results of ten thousand exhibits in memory a full search stops the window for 50 ms
and more, at any moment. Young objects are searched as ever; all objects only when nobody
looks at the window, or when a case was closed.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import Qt, QTimer, SignalInstance
from PySide6.QtWidgets import QApplication

NEVER = 1_000_000
"""Searches of the middle-aged after which Python would search everything by itself."""


def keep_out_of_the_way(app: QApplication, closed: SignalInstance) -> None:
    """Search all objects at quiet moments only.

    Args:
        app: tells when nobody looks at it.
        closed: told when a case was closed.
    """
    gc.collect()
    # What the program itself consists of stays as long as it runs.
    gc.freeze()
    young, middle, _old = gc.get_threshold()
    gc.set_threshold(young, middle, NEVER)
    app.applicationStateChanged.connect(_when_left)
    closed.connect(lambda: QTimer.singleShot(0, gc.collect))


def _when_left(state: Qt.ApplicationState) -> None:
    if state is not Qt.ApplicationState.ApplicationActive:
        gc.collect()

"""Opening the window to see that it works: how soon it can be used, then closed again."""

from __future__ import annotations

import json
import sys
import time

import psutil
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget


class Trial(QObject):
    """Waits for the first picture of the window, then for its first answer, then closes it.

    A window can be used when it was painted and its loop took the next event.

    Args:
        window: it, not shown yet.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.usable_s: float | None = None
        """Seconds from the start of the process; None until then."""
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Notice that the window was painted."""
        if event.type() == QEvent.Type.Paint and self.usable_s is None:
            QTimer.singleShot(0, self._answer)
        return super().eventFilter(watched, event)

    def _answer(self) -> None:
        if self.usable_s is not None:
            return
        self.usable_s = time.time() - psutil.Process().create_time()
        self._window.close()

    def told(self) -> str:
        """Return what was found as one line of JSON."""
        size = self._window.size()
        return json.dumps(
            {
                "usable_s": None if self.usable_s is None else round(self.usable_s, 2),
                "width_px": size.width(),
                "height_px": size.height(),
                "platform": QGuiApplication.platformName(),
                "frozen": bool(getattr(sys, "frozen", False)),
            }
        )

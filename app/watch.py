"""Looks every few seconds whether anything leaves the machine, so that the lamp tells the truth."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.engine_door import Door
from app.jobs import Jobs, Lane

WATCH_MS = 5_000
"""Time between two looks at the program's network connections."""


class NetworkWatch(QObject):
    """Asks the system which connections this program has.

    Args:
        door: the engine.
        jobs: starts the work.
        parent: what it ends with; a timer that outlives its window would end on any thread.
    """

    looked = Signal(object)
    """Far ends of the connections, a tuple; empty when nothing leaves the machine."""
    went_wrong = Signal(object)
    """Why it cannot be told."""

    def __init__(self, door: Door, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._door, self._jobs = door, jobs
        self._timer = QTimer(self)
        self._timer.setInterval(WATCH_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def stop(self) -> None:
        """Look no more; the window closes."""
        self._timer.stop()

    def look(self) -> None:
        """Look now."""
        self._jobs.start(
            Lane.CASE,
            lambda _: self._door.connections(),
            on_done=self.looked.emit,
            on_error=self.went_wrong.emit,
        )

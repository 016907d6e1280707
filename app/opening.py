"""Files that the system hands to the running program; macOS opens documents in this way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFileOpenEvent


class Opening(QObject):
    """Hands on every file that the system asks the program to open.

    Args:
        app: the application, which gets the requests.
        open_paths: opens cases and pictures.
    """

    def __init__(self, app: QObject, open_paths: Callable[[tuple[str, ...]], None]) -> None:
        super().__init__(app)
        self._open_paths = open_paths
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take requests to open a file; nothing else."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self._open_paths((event.file(),))
            return True
        return super().eventFilter(watched, event)

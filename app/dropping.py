"""A window that files can be dropped on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from app.widgets.drop_veil import DropVeil


class DropWindow(QMainWindow):
    """Welcomes files and folders, and tells which were dropped."""

    dropped = Signal(object)
    """Paths of files and folders of this machine, a tuple."""

    def __init__(self) -> None:
        super().__init__()
        self._veil: DropVeil | None = None
        self.setAcceptDrops(True)

    def cover_with(self, veil: DropVeil) -> None:
        """Show this while files are dragged over the window."""
        self._veil = veil

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Welcome files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            if self._veil is not None:
                self._veil.cover()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """Take the veil away."""
        super().dragLeaveEvent(event)
        self._uncover()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Tell what was dropped."""
        self._uncover()
        event.acceptProposedAction()
        urls = event.mimeData().urls()
        self.dropped.emit(tuple(url.toLocalFile() for url in urls if url.isLocalFile()))

    def _uncover(self) -> None:
        if self._veil is not None:
            self._veil.hide()

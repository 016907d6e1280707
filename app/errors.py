"""How errors reach the person: the one owner of message boxes, and the hook for bugs."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox, QPushButton, QWidget

from app.exhibits import printable
from engine.errors import Cancelled, EngineError

_log = logging.getLogger(__name__)


class Messages(QObject):
    """Tells errors and questions; never blocks the caller.

    Args:
        parent: the window that the boxes belong to.
        version: the program's version, for the text that is copied.
    """

    _bug = Signal(object)

    def __init__(self, parent: QWidget | None, version: str) -> None:
        super().__init__(parent)
        self._window = parent
        self._version = version
        self.bugs: set[str] = set()
        """Tracebacks that were told of; each is logged once."""
        self.box: QMessageBox | None = None
        """The box that is open, or None."""
        self._bug.connect(self._tell_bug, Qt.ConnectionType.QueuedConnection)

    def tell(self, error: BaseException, doing: str) -> None:
        """Say that something failed.

        Args:
            error: what was raised; Cancelled is the operator's own wish and is not told.
            doing: what the program was doing, a short phrase such as "Writing the report".
        """
        if isinstance(error, Cancelled):
            return
        if isinstance(error, EngineError):
            title = self.tr("{doing} did not work").format(doing=doing)
            self._show(title, printable(str(error)), "")
        else:
            self.tell_bug(error)

    def inform(self, title: str, text: str) -> None:
        """Say something that is not an error."""
        self._open(QMessageBox.Icon.NoIcon, title, text, "")

    def tell_bug(self, error: BaseException) -> None:
        """Log a bug once and say so; callable from any thread."""
        text = "".join(traceback.format_exception(error))
        if text not in self.bugs:
            self.bugs.add(text)
            _log.error("A bug in the program\n%s", text)
        self._bug.emit(text)

    def install_hooks(self) -> None:
        """Send what nobody caught, on any thread, to `tell_bug`."""
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread

    def _uncaught(
        self,
        kind: type[BaseException],
        error: BaseException,
        tb: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, tb)
            return
        self.tell_bug(error.with_traceback(tb))

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.tell_bug(args.exc_value)

    def _tell_bug(self, text: str) -> None:
        self._show(
            self.tr("Residua made a mistake"),
            self.tr(
                "This is a fault of the program, not of your picture. Results that were written "
                "are kept. Copy the details and send them to the maintainers."
            ),
            text,
        )

    def _show(self, title: str, text: str, details: str) -> None:
        self._open(QMessageBox.Icon.Warning, title, text, details)

    def _open(self, icon: QMessageBox.Icon, title: str, text: str, details: str) -> None:
        if self.box is not None:
            # One box at a time: a storm of equal errors must not bury the window.
            return
        box = QMessageBox(icon, title, title, parent=self._window)
        box.setInformativeText(text)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if details:
            box.setDetailedText(details)
        box.setAccessibleName(title)
        close = box.addButton(self.tr("Close"), QMessageBox.ButtonRole.RejectRole)
        close.setAccessibleName(self.tr("Close this message"))
        if icon is not QMessageBox.Icon.NoIcon:
            self._add_copy(box, f"{title}\n{text}\nResidua {self._version}\n{details}")
        box.setDefaultButton(close)
        box.finished.connect(self._closed)
        self.box = box
        box.open()

    def _add_copy(self, box: QMessageBox, text: str) -> None:
        copy = QPushButton(self.tr("Copy details"))
        copy.setAccessibleName(self.tr("Copy the details of this error"))
        buttons = box.findChild(QDialogButtonBox)
        if buttons is None:
            raise TypeError("A message box without its row of buttons.")
        # Added past the box, so that copying does not close it.
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))

    def _closed(self) -> None:
        if self.box is not None:
            self.box.deleteLater()
            self.box = None

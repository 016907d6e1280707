"""How errors reach the person: the one owner of message boxes, and the hook for bugs."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.engine_door import Phrases
from app.exhibits import printable
from app.widgets.message import MessageDialog
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
        self.box: MessageDialog | None = None
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
        self._open(title, text, details="", copied="")

    def tell_how_to_read(self, said: Phrases) -> None:
        """Say what the terms of a verdict mean, and what it cannot say."""
        limits = "\n\n".join(said.limitations)
        text = "\n\n".join((*said.how_to_read, self.tr("What this result cannot say:"), limits))
        self.inform(self.tr("How to read this verdict"), text)

    def tell_about(self) -> None:
        """Say what the program is."""
        self.inform(
            self.tr("Residua {version}").format(version=self._version),
            self.tr(
                "Says whether a photograph is real, and why, on this machine alone. "
                "Licensed under Apache 2.0."
            ),
        )

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
        copied = f"{title}\n{text}\nResidua {self._version}\n{details}"
        self._open(title, text, details=details, copied=copied)

    def _open(self, title: str, text: str, *, details: str, copied: str) -> None:
        if self.box is not None:
            # One box at a time: a storm of equal errors must not bury the window.
            return
        self.box = MessageDialog(
            title=title, text=text, details=details, copied=copied, parent=self._window
        )
        self.box.finished.connect(self._closed)
        self.box.open()

    def _closed(self) -> None:
        if self.box is not None:
            self.box.deleteLater()
            self.box = None

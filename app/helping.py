"""Help on the methods: the pages are read once, off the GUI thread, and shown in their window."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtWidgets import QWidget

from app.engine_door import Door
from app.jobs import Jobs, Lane
from app.style import Theme
from app.widgets.help_window import HelpWindow
from engine.types import HelpPage


class Helping(QObject):
    """Opens the page of a method.

    Args:
        door: the engine.
        jobs: starts the reading.
        theme: measures.
        window: what the pages belong to.
    """

    went_wrong = Signal(object, str)
    """An exception, and what was being done."""

    def __init__(self, door: Door, jobs: Jobs, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._door, self._jobs, self._theme, self._window = door, jobs, theme, window
        self.shown: HelpWindow | None = None
        """The window of the pages, once one was asked for."""
        self._wanted = ""

    def open(self, analyser: str = "") -> None:
        """Show the page of an analyser; the first one when none is named."""
        self._wanted = analyser
        if self.shown is not None:
            self._show(self.shown)
            return
        language = QLocale().name()
        self._jobs.start(
            Lane.FILES,
            lambda _: self._door.help_pages(language),
            on_done=self._read,
            on_error=lambda error: self.went_wrong.emit(error, self.tr("Opening the help")),
        )

    def _read(self, pages: tuple[HelpPage, ...]) -> None:
        if self.shown is None:
            self.shown = HelpWindow(pages, self._theme, self._window)
        self._show(self.shown)

    def _show(self, window: HelpWindow) -> None:
        window.go_to(self._wanted)
        if window.isVisible():
            window.raise_()
            window.activateWindow()
        window.show()

"""The choice of the window's language."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from app.settings import Settings
from app.translation import LANGUAGES, SYSTEM


class LanguageMenu(QObject):
    """Fills a menu with the languages and keeps what is chosen.

    Args:
        menu: to fill.
        settings: where the choice is kept.
    """

    told = Signal(str, str)
    """A title and a text for the person."""

    def __init__(self, menu: QMenu, settings: Settings) -> None:
        super().__init__(menu)
        self._settings = settings
        group = QActionGroup(self)
        self.actions_: dict[str, QAction] = {}
        """By code; "system" among them."""
        for code, name in {SYSTEM: self.tr("Language of the system"), **LANGUAGES}.items():
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(code == settings.language)
            group.addAction(action)
            action.triggered.connect(lambda _=False, code=code: self._choose(code))
            self.actions_[code] = action

    def _choose(self, code: str) -> None:
        if code == self._settings.language:
            return
        self._settings.language = code
        self.told.emit(self.tr("Language"), self.tr("The window speaks it from its next start on."))

"""The place of many exhibits: which of them deserve a closer look."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from app.exhibits import ExhibitModel
from app.places.page import Page
from app.settings import Settings
from app.style import Theme
from app.thumbnails import Thumbnails
from app.widgets.exhibit_list import ExhibitList


class TriagePlace(Page):
    """All exhibits at once.

    Args:
        model: the open case's exhibits.
        theme: measures and colours.
        thumbnails: small pictures.
        settings: what is remembered.
    """

    chosen = Signal(object)
    """The path of an exhibit that is to be examined."""

    def __init__(
        self, model: ExhibitModel, theme: Theme, thumbnails: Thumbnails, settings: Settings
    ) -> None:
        super().__init__()
        self._settings = settings
        self.list = ExhibitList(model, theme, thumbnails)
        self.list.view.activated.connect(self._activated)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list)
        self._model = model

    def begin(self) -> None:
        """Give the list the keyboard."""
        self.list.view.setFocus()

    def _activated(self) -> None:
        exhibit = self._model.at(self.list.view.currentIndex())
        if exhibit is not None:
            self.chosen.emit(exhibit.path)

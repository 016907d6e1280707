"""What every place is to the window."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.settings import Settings


class Page(QWidget):
    """One place of the window; it fills everything between the top line and the bottom line."""

    def begin(self) -> None:
        """Give the keyboard to what is used first; called whenever the place is shown."""

    def keep_state(self, settings: Settings) -> None:
        """Remember how it is laid out; called when the window closes."""

"""How files are taken in from now on: where they come from, and whether copies are kept."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit

from app.style import Theme
from app.widgets.fields import Panel, label


class CaseAdding(Panel):
    """Settings for what is added.

    Args:
        theme: measures.
    """

    copying_changed = Signal(bool)
    """Whether copies of what is added shall be kept."""
    source_changed = Signal(str)
    """Where what is added comes from."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self.tr("WHAT IS ADDED FROM NOW ON"))
        self.copies = QCheckBox(self.tr("Keep copies beside the case"))
        self.copies.setAccessibleName(self.tr("Keep copies of what is added"))
        self.copies.setToolTip(
            self.tr("A read-only copy and a working copy; the working copy is examined")
        )
        self.copies.toggled.connect(self.copying_changed)
        self.source = QLineEdit()
        self.source.setAccessibleName(self.tr("Source of what is added"))
        self.source.setPlaceholderText(self.tr("such as: USB stick 3"))
        self.source.editingFinished.connect(lambda: self.source_changed.emit(self.source.text()))
        self.body.addWidget(label(self.tr("Source, kept with each exhibit"), "muted"))
        self.body.addWidget(self.source)
        self.body.addWidget(self.copies)

    def show_writable(self, writable: bool) -> None:
        """Say whether anything can be added."""
        self.copies.setEnabled(writable)
        self.source.setEnabled(writable)

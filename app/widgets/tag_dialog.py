"""Asks for a tag: one that is used already, or a new one."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.style import Theme


class TagDialog(QDialog):
    """A field with the tags in use.

    Args:
        known: tags in use, sorted.
        count: exhibits that are to be tagged.
        theme: measures.
        parent: the window.
    """

    def __init__(self, known: Iterable[str], count: int, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Tag"))
        label = QLabel(
            self.tr("Tag for 1 exhibit")
            if count == 1
            else self.tr("Tag for {count} exhibits").format(count=f"{count:,}")
        )
        self.field = QComboBox()
        self.field.setEditable(True)
        self.field.addItems(list(known))
        self.field.setCurrentText("")
        self.field.setMinimumWidth(theme.space(70))
        self.field.setAccessibleName(self.tr("Tag"))
        label.setBuddy(self.field)
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.space(3))
        for widget in (label, self.field, self.buttons):
            layout.addWidget(widget)
        self.field.editTextChanged.connect(self._check)
        self._check()

    @property
    def tag(self) -> str:
        """What was typed, without blanks around it."""
        return self.field.currentText().strip()

    def _check(self) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(self.tag))

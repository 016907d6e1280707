"""Asks once more before something is taken away that no undo brings back."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from app.style import Theme
from app.widgets.fields import label

WIDTH_STEPS = 110


class ConfirmDialog(QDialog):
    """A question, what the answer does, and two buttons; Enter takes nothing away.

    Args:
        question: a short sentence.
        text: what goes, and what stays.
        does: what the button says that does it, such as ``"Remove"``.
        theme: measures.
        parent: the window.
    """

    def __init__(self, question: str, text: str, does: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(question)
        self.setAccessibleDescription(text)
        head = label(question, "title", wrap=True)
        body = label(text, wrap=True)
        for each in (head, body):
            each.setFixedWidth(theme.space(WIDTH_STEPS))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.does = buttons.addButton(does, QDialogButtonBox.ButtonRole.AcceptRole)
        self.does.setAutoDefault(False)
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.space(3))
        for widget in (head, body, buttons):
            layout.addWidget(widget)
        cancel.setFocus()

"""Writing a note, or wording one anew."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

SIZE_PX = (440, 160)
GAP_PX = 12


class NoteDialog(QDialog):
    """A few lines of text; Ctrl+Enter keeps them.

    Args:
        title: what the note is about.
        text: what it says so far.
        parent: the window.
    """

    written = Signal(str)
    """The words, when they are kept."""

    def __init__(self, title: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        head = QLabel(title)
        head.setObjectName("title")
        head.setTextFormat(Qt.TextFormat.PlainText)
        self.field = QPlainTextEdit(text)
        self.field.setObjectName("note")
        self.field.setAccessibleName(self.tr("Text of the note"))
        self.field.setTabChangesFocus(True)
        self.field.setFixedSize(*SIZE_PX)
        hint = QLabel(self.tr("Kept in the case with your name and the time, and printed."))
        hint.setObjectName("muted")
        self.keep = QPushButton(self.tr("Keep"))
        self.keep.setAccessibleName(self.tr("Keep the note"))
        self.keep.setToolTip(self.tr("Keep the note (Ctrl+Enter)"))
        self.keep.setDefault(True)
        self.keep.clicked.connect(self._keep)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAccessibleName(self.tr("Do not keep the note"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._keep)
        self.field.textChanged.connect(self._enable)
        buttons = QHBoxLayout()
        buttons.addWidget(hint, 1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GAP_PX, 2 * GAP_PX, 2 * GAP_PX, 2 * GAP_PX)
        layout.setSpacing(GAP_PX)
        layout.addWidget(head)
        layout.addWidget(self.field)
        layout.addLayout(buttons)
        self._enable()

    def _enable(self) -> None:
        self.keep.setEnabled(bool(self.field.toPlainText().strip()))

    def _keep(self) -> None:
        text = self.field.toPlainText().strip()
        if text:
            self.written.emit(text)
            self.accept()

"""A message that can be read, copied and closed, and that stays open while it is copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

TEXT_WIDTH_PX = 420
DETAILS_HEIGHT_PX = 180
GAP_PX = 12


class MessageDialog(QDialog):
    """What happened, to what, and what to do.

    Args:
        title: a short phrase.
        text: what to do, or what is so.
        details: for the maintainers; may be empty.
        copied: what the copy button puts on the clipboard; empty leaves the button out.
        parent: the window.
    """

    def __init__(
        self, *, title: str, text: str, details: str, copied: str, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.title, self.text, self.details = title, text, details
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        head = QLabel(title)
        head.setObjectName("verdict")
        head.setTextFormat(Qt.TextFormat.PlainText)
        body = QLabel(text)
        body.setTextFormat(Qt.TextFormat.PlainText)
        body.setWordWrap(True)
        body.setFixedWidth(TEXT_WIDTH_PX)
        body.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        body.setAccessibleName(self.tr("Message"))
        layout = QVBoxLayout(self)
        layout.setSpacing(GAP_PX)
        layout.setContentsMargins(2 * GAP_PX, 2 * GAP_PX, 2 * GAP_PX, 2 * GAP_PX)
        layout.addWidget(head)
        layout.addWidget(body)
        if details:
            layout.addWidget(self._details_box(details))
        layout.addLayout(self._buttons(copied))
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)

    def _details_box(self, details: str) -> QPlainTextEdit:
        box = QPlainTextEdit(details)
        box.setReadOnly(True)
        box.setAccessibleName(self.tr("Details for the maintainers"))
        box.setTabChangesFocus(True)
        box.setFixedSize(TEXT_WIDTH_PX, DETAILS_HEIGHT_PX)
        return box

    def _buttons(self, copied: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch()
        if copied:
            self.copy = QPushButton(self.tr("Copy details"))
            self.copy.setAccessibleName(self.tr("Copy the details of this error"))
            self.copy.setAutoDefault(False)
            self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(copied))
            row.addWidget(self.copy)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.setAccessibleName(self.tr("Close this message"))
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)
        row.addWidget(self.close_button)
        return row

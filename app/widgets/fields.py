"""Small parts that forms and panels are made from."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app.style import Theme


class ProseEdit(QPlainTextEdit):
    """A field for a few lines of text; Tab leaves it."""

    left = Signal()
    """The keyboard went elsewhere."""

    def __init__(self, height_px: int) -> None:
        super().__init__()
        self.setObjectName("field")
        self.setTabChangesFocus(True)
        self.setFixedHeight(height_px)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that the keyboard went elsewhere."""
        super().focusOutEvent(event)
        self.left.emit()


class Panel(QFrame):
    """A titled part of a page.

    Args:
        theme: measures.
        title: of the part, shown in small capitals.
        beside: what stands at the right of the title.
    """

    def __init__(self, theme: Theme, title: str, *beside: QWidget) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.head = QLabel(title)
        self.head.setObjectName("section")
        top = QHBoxLayout()
        top.setSpacing(theme.space(2))
        top.addWidget(self.head)
        top.addStretch()
        for widget in beside:
            top.addWidget(widget)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(4))
        self.body.setSpacing(theme.space(2))
        self.body.addLayout(top)


def label(text: str, name: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label of plain text.

    Args:
        text: what it says.
        name: of its style, such as ``"muted"``.
        wrap: whether it may take several lines.
    """
    made = QLabel(text)
    made.setObjectName(name)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    return made

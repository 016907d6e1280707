"""A line on the picture into which the words of a drawing are written."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

WIDTH_PX = 280


class Caption(QLineEdit):
    """Enter keeps the words, Escape forgets them, and so does leaving it.

    Args:
        parent: what it lies on.
    """

    written = Signal(str)
    """The words, when they are kept."""
    given_up = Signal()
    """They are not to be kept."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self.setObjectName("caption")
        self.setAccessibleName(self.tr("Words of the drawing"))
        self.setPlaceholderText(self.tr("What is to be seen here? Enter keeps it"))
        self.setMaxLength(1000)
        self.setFixedWidth(WIDTH_PX)
        self.hide()
        self.returnPressed.connect(self._keep)

    def ask(self, text: str, at: QPoint) -> None:
        """Ask for words near a point of the parent."""
        self.setText(text)
        self.adjustSize()
        room = self._ground.rect().adjusted(4, 4, -4, -4)
        left = min(max(at.x(), room.left()), max(room.left(), room.right() - self.width()))
        top = min(max(at.y(), room.top()), max(room.top(), room.bottom() - self.height()))
        self.move(left, top)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Give up with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self._give_up()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Give up when something else is used; a menu of its own does not count."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._give_up()

    def _keep(self) -> None:
        if self.isVisible():
            self.hide()
            self.written.emit(self.text())

    def _give_up(self) -> None:
        if self.isVisible():
            self.hide()
            self.given_up.emit()

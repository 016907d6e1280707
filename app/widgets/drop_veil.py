"""What is painted over the window while files are dragged over it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.style import Theme


class DropVeil(QWidget):
    """Covers its parent and says what a drop does.

    Args:
        theme: measures and colours.
        parent: what it covers.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Show it over the whole parent."""
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the veil."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, space = self._theme.colours, self._theme.space(3)
        ground = QColor(colours.window)
        ground.setAlpha(225)
        painter.fillRect(self.rect(), ground)
        painter.setPen(QPen(QColor(colours.accent), 2, Qt.PenStyle.DashLine))
        radius = self._theme.measure.radius
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(space, space, -space, -space), radius, radius
        )
        painter.setPen(QColor(colours.text))
        painter.setFont(self._theme.font(self._theme.tokens.type.headline, strong=True))
        painter.drawText(
            self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Drop to add these pictures")
        )

"""The line over the list that names its columns."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.style import Theme
from app.widgets.card import columns

RIGHT = ("number", "p", "stars", "near")
"""Columns whose values end at the right."""


class ListHeading(QWidget):
    """Names of the columns.

    Args:
        theme: measures and colours.
        beside: the list, whose columns it names.
    """

    def __init__(self, theme: Theme, beside: QWidget) -> None:
        super().__init__()
        self._theme, self._beside = theme, beside
        self.setFixedHeight(theme.space(6))
        self.setAccessibleName(self.tr("Columns of the list"))
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the names where the columns are."""
        theme, colours = self._theme, self._theme.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.panel))
        font = theme.font(theme.tokens.type.small)
        painter.setFont(font)
        painter.setPen(QColor(colours.text_muted))
        for column in columns(self._beside.width(), theme):
            box = QRect(column.x, 0, column.w, self.height())
            right = column.name in RIGHT
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            title = QFontMetrics(font).elidedText(
                column.title, Qt.TextElideMode.ElideRight, column.w
            )
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, title)
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

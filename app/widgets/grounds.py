"""What lies under and over a card: that it is chosen, pointed at, current, or being chosen."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.style import Theme


def paint_ground(
    painter: QPainter,
    place: QRect,
    theme: Theme,
    *,
    selected: bool,
    hovered: bool,
    as_row: bool,
) -> None:
    """Paint the ground of a card or a row.

    Args:
        painter: its pen and brush are changed.
        place: of the card.
        theme: colours.
        selected: whether it is chosen.
        hovered: whether the pointer is over it.
        as_row: whether a line ends it.
    """
    colours, radius = theme.colours, theme.measure.radius_small
    ground = colours.selected if selected else colours.hover if hovered else ""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if ground:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(place, radius, radius)
    if as_row:
        line = QRect(place.left(), place.bottom(), place.width(), 1)
        painter.fillRect(line, QColor(colours.line))


def paint_focus(painter: QPainter, place: QRect, theme: Theme) -> None:
    """Paint the frame of the current card."""
    radius = theme.measure.radius_small
    painter.setPen(QPen(QColor(theme.colours.accent), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), radius, radius)


def paint_band(painter: QPainter, band: QRect, theme: Theme) -> None:
    """Paint the area that is being chosen."""
    accent = QColor(theme.colours.accent)
    painter.setPen(QPen(accent, 1))
    accent.setAlphaF(0.15)
    painter.setBrush(accent)
    painter.drawRect(band)

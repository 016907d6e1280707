"""A ruler in original pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from app.looking.view import View

TICK_PX = 6.0
"""Half the length of the lines at the ruler's ends."""

GRIP_PX = 9.0
"""How near to an end a press takes hold of it."""

STEP_DEG = 45
"""Directions of a ruler that is held straight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A distance between the middles of two pixels."""

    dx: int
    """px, to the right."""
    dy: int
    """px, down."""

    @property
    def length(self) -> float:
        """Px."""
        return math.hypot(self.dx, self.dy)

    @property
    def angle(self) -> float:
        """Degrees, counter-clockwise from the right, above -180 and up to 180."""
        return math.degrees(math.atan2(-self.dy, self.dx)) + 0.0


class Ruler:
    """A line between two pixels that is drawn by dragging."""

    def __init__(self) -> None:
        self.ends: tuple[tuple[int, int], tuple[int, int]] | None = None
        """(x, y) of both pixels; None when nothing is measured."""
        self._held = 0

    def press(self, view: View, at: QPointF) -> None:
        """Take hold of an end, or begin a new line."""
        for index in (0, 1):
            if self.ends is not None:
                end = view.to_view(_middle(self.ends[index]), view.pane_at(at))
                if (end - at).manhattanLength() <= GRIP_PX:
                    self._held = index
                    return
        spot = _pixel(view, at)
        self.ends, self._held = (spot, spot), 1

    def drag(self, view: View, at: QPointF, *, straight: bool) -> None:
        """Move the end that is held; ``straight`` keeps to steps of 45 degrees."""
        if self.ends is None:
            return
        spot, other = _pixel(view, at), self.ends[1 - self._held]
        if straight:
            spot = _straightened(view, other, spot)
        self.ends = (spot, other) if self._held == 0 else (other, spot)

    def clear(self) -> None:
        """Measure nothing."""
        self.ends = None

    def measure(self) -> Measure | None:
        """Return the distance; None when nothing is measured."""
        if self.ends is None:
            return None
        (x0, y0), (x1, y1) = self.ends
        return Measure(dx=x1 - x0, dy=y1 - y0)

    def words(self) -> str:
        """Return the distance in words; empty when nothing is measured."""
        found = self.measure()
        if found is None:
            return ""
        return QCoreApplication.translate(
            "Ruler", "{length} px  ·  {angle}°  ·  dx {dx}  dy {dy}"
        ).format(
            length=f"{found.length:,.1f}",
            angle=f"{found.angle:.1f}".replace("-", "\u2212"),
            dx=f"{found.dx:,}".replace("-", "\u2212"),
            dy=f"{found.dy:,}".replace("-", "\u2212"),
        )

    def paint(self, painter: QPainter, view: View, pane: QRectF, font: QFont) -> None:
        """Paint the line and its length."""
        if self.ends is None:
            return
        start, end = (view.to_view(_middle(each), pane) for each in self.ends)
        line = end - start
        length = math.hypot(line.x(), line.y())
        across = QPointF(0, TICK_PX)
        if length > 0:
            across = QPointF(-line.y(), line.x()) * (TICK_PX / length)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((QColor(0, 0, 0, 210), 4.0), (QColor(255, 255, 255), 1.6)):
            pen = QPen(colour, width)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(start, end)
            for tip in (start, end):
                painter.drawLine(tip - across, tip + across)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        _paint_words(painter, self.words(), (start + end) / 2, pane, font)


def _paint_words(painter: QPainter, text: str, at: QPointF, pane: QRectF, font: QFont) -> None:
    painter.setFont(font)
    width = painter.fontMetrics().horizontalAdvance(text) + 12
    box = QRectF(at.x() + 10, at.y() + 10, width, painter.fontMetrics().height() + 6)
    box.moveLeft(min(max(box.left(), pane.left() + 4), pane.right() - width - 4))
    box.moveTop(min(max(box.top(), pane.top() + 4), pane.bottom() - box.height() - 4))
    painter.fillRect(box, QColor(0, 0, 0, 215))
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _middle(pixel: tuple[int, int]) -> QPointF:
    return QPointF(pixel[0] + 0.5, pixel[1] + 0.5)


def _pixel(view: View, at: QPointF) -> tuple[int, int]:
    """Return the pixel at a point of the view; the nearest one beside the picture."""
    spot = view.to_picture(at)
    x = min(max(math.floor(spot.x()), 0), view.size.width() - 1)
    y = min(max(math.floor(spot.y()), 0), view.size.height() - 1)
    return x, y


def _straightened(view: View, from_: tuple[int, int], to: tuple[int, int]) -> tuple[int, int]:
    """Return the pixel near another one that lies in a step of 45 degrees, on the picture."""
    dx, dy = to[0] - from_[0], to[1] - from_[1]
    turn = round(math.degrees(math.atan2(dy, dx)) / STEP_DEG) * STEP_DEG % 360
    sx = {0: 1, 45: 1, 135: -1, 180: -1, 225: -1, 315: 1}.get(turn, 0)
    sy = {45: 1, 90: 1, 135: 1, 225: -1, 270: -1, 315: -1}.get(turn, 0)
    reach = max(abs(dx), abs(dy))
    # A diagonal ends at the picture's edge as a whole, or it would bend there.
    if sx:
        reach = min(reach, from_[0] if sx < 0 else view.size.width() - 1 - from_[0])
    if sy:
        reach = min(reach, from_[1] if sy < 0 else view.size.height() - 1 - from_[1])
    return from_[0] + sx * reach, from_[1] + sy * reach

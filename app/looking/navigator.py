"""The whole picture in small, with a frame around the part that is seen."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.looking.view import View

SIDE_PX = 148
"""Longest side of the small picture."""

MARGIN_PX = 12
"""Distance from the corner of the view."""


def navigator_rect(view: View) -> QRectF:
    """Return where the small picture lies; empty while the whole picture is seen."""
    if view.size.isEmpty():
        return QRectF()
    pane, picture = view.panes[-1], view.picture_rect(view.panes[-1])
    if view.fitted or pane.adjusted(-1, -1, 1, 1).contains(picture):
        return QRectF()
    scale = SIDE_PX / max(view.size.width(), view.size.height())
    width, height = view.size.width() * scale, view.size.height() * scale
    if pane.width() < 3 * width or pane.height() < 2 * height:
        return QRectF()
    return QRectF(
        pane.right() - MARGIN_PX - width, pane.bottom() - MARGIN_PX - height, width, height
    )


def to_picture(view: View, at: QPointF) -> QPointF:
    """Return the point of the picture that a point of the small picture stands for."""
    box = navigator_rect(view)
    across, down = (at.x() - box.left()) / box.width(), (at.y() - box.top()) / box.height()
    return QPointF(across * view.size.width(), down * view.size.height())


def paint_navigator(painter: QPainter, view: View, smallest: QImage) -> None:
    """Paint the small picture and the frame.

    Args:
        painter: paints on the view.
        view: what is seen.
        smallest: the picture in the smallest size there is.
    """
    box, seen = navigator_rect(view), view.seen()
    if box.isEmpty() or seen is None:
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    painter.fillRect(box.adjusted(-3, -3, 3, 3), QColor(20, 20, 20, 235))
    painter.drawImage(box, smallest)
    scale = box.width() / view.size.width()
    frame = QRectF(
        box.left() + seen.x * scale, box.top() + seen.y * scale, seen.w * scale, seen.h * scale
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(0, 0, 0, 210), 3.0), (QColor(255, 255, 255), 1.4)):
        painter.setPen(QPen(colour, width))
        painter.drawRect(frame)

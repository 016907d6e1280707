"""The marks of the verdict's bands: shapes that say the same as their colours."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

STROKE_SHARE = 0.14
"""Line width of an outlined mark, as a share of its side."""


def paint_mark(painter: QPainter, shape: str, colour: QColor, box: QRectF) -> None:
    """Paint a band's mark.

    Args:
        painter: its state is kept.
        shape: ``"triangle"`` (full), ``"diamond"`` (half full), ``"ring"`` or ``"cross"``.
        colour: of the mark.
        box: square it fills.
    """
    stroke = max(1.5, box.width() * STROKE_SHARE)
    inner = box.adjusted(stroke / 2, stroke / 2, -stroke / 2, -stroke / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, stroke, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if shape == "triangle":
        _paint_triangle(painter, colour, box)
    elif shape == "diamond":
        _paint_diamond(painter, colour, inner, stroke)
    elif shape == "ring":
        painter.drawEllipse(inner)
    elif shape == "cross":
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
    else:
        painter.restore()
        raise ValueError(f"The mark {shape!r} is unknown.")
    painter.restore()


def _paint_triangle(painter: QPainter, colour: QColor, box: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    lower = box.bottom() - box.height() * 0.06
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(box.center().x(), box.top() + box.height() * 0.04),
                QPointF(box.right(), lower),
                QPointF(box.left(), lower),
            ]
        )
    )


def _paint_diamond(painter: QPainter, colour: QColor, inner: QRectF, stroke: float) -> None:
    centre = inner.center()
    top, bottom = QPointF(centre.x(), inner.top()), QPointF(centre.x(), inner.bottom())
    left, right = QPointF(inner.left(), centre.y()), QPointF(inner.right(), centre.y())
    pen = QPen(colour, stroke * 0.8)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.drawPolygon(QPolygonF([top, right, bottom, left]))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([top, bottom, left]))


STAR_PX = 12
"""Room of one small star."""


def paint_stars(painter: QPainter, stars: int, colour: QColor, box: QRect) -> int:
    """Paint a rating at the right end of a box; nothing where there is none.

    Args:
        painter: its state is kept.
        stars: 0..5.
        colour: of the stars.
        box: where.

    Returns:
        How much of the box is taken, px.
    """
    if stars < 1:
        return 0
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for index in range(stars):
        x = box.right() - STAR_PX * (stars - index - 0.5)
        painter.drawPolygon(_star(QPointF(x, box.center().y() + 0.5), STAR_PX * 0.46))
    painter.restore()
    return STAR_PX * stars + STAR_PX // 2


def _star(centre: QPointF, radius: float) -> QPolygonF:
    points = []
    for index in range(10):
        r = radius if index % 2 == 0 else radius * 0.42
        angle = math.radians(-90 + 36 * index)
        points.append(centre + QPointF(r * math.cos(angle), r * math.sin(angle)))
    return QPolygonF(points)

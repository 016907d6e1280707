"""Painting pictures and layers in a pane, true to their pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from app.looking.layers import Layer
from app.looking.view import View
from engine.types import HeatMap

GRID_FROM = 8.0
"""Zoom from which pixels are outlined."""

CELLS_FROM_PX = 4.0
"""Size of a heat map's cell in the view from which cells are outlined."""

TAG_HEIGHT_PX = 20

GAINS = (1, 4, 16)
"""How much a difference is enhanced."""


def level_for(levels: Sequence[QImage], wanted_px: float) -> QImage:
    """Return the smallest level that is at least so wide; the first where none is."""
    fitting = [level for level in levels if level.width() >= wanted_px]
    return fitting[-1] if fitting else levels[0]


def paint_levels(
    painter: QPainter, view: View, pane: QRectF, levels: Sequence[QImage], *, soft: bool = False
) -> None:
    """Paint what spans the picture; above true size its pixels stay squares.

    Args:
        painter: paints on the view.
        view: where the picture lies.
        pane: the part of the view.
        levels: the largest first.
        soft: whether pixels are smoothed even when they are enlarged: those of a preview are
            not the picture's.
    """
    target = view.picture_rect(pane)
    image = level_for(levels, target.width() * view.ratio)
    seen = target.intersected(pane)
    if seen.isEmpty():
        return
    across, down = image.width() / target.width(), image.height() / target.height()
    # Whole source pixels, so that panning never shifts them by a fraction.
    left = math.floor((seen.left() - target.left()) * across)
    top = math.floor((seen.top() - target.top()) * down)
    right = min(image.width(), math.ceil((seen.right() - target.left()) * across))
    bottom = min(image.height(), math.ceil((seen.bottom() - target.top()) * down))
    source = QRectF(left, top, right - left, bottom - top)
    place = QRectF(
        target.left() + left / across,
        target.top() + top / down,
        source.width() / across,
        source.height() / down,
    )
    smooth = soft or target.width() * view.ratio < image.width() * 0.999
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(place, image, source)


def paint_layer(painter: QPainter, view: View, pane: QRectF, layer: Layer, opacity: float) -> None:
    """Paint a layer over the picture that is painted already; opacity is 0..1."""
    painter.setOpacity(opacity)
    paint_levels(painter, view, pane, layer.levels)
    painter.setOpacity(1.0)


def paint_difference(
    painter: QPainter,
    view: View,
    pane: QRectF,
    pictures: tuple[Sequence[QImage], Sequence[QImage]],
    gain: int,
) -> None:
    """Paint the absolute difference of two pictures a channel, enhanced; black is no difference.

    Args:
        painter: paints on the view.
        view: where the pictures lie.
        pane: the part of the view.
        pictures: levels of both.
        gain: one of `GAINS`, a power of two.
    """
    ratio = view.ratio
    size = (pane.size() * ratio).toSize()
    if size.isEmpty():
        return
    image = QImage(size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.black)
    into = QPainter(image)
    into.translate(-pane.topLeft())
    paint_levels(into, view, pane, pictures[0])
    into.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    paint_levels(into, view, pane, pictures[1])
    into.end()
    for _ in range(int(math.log2(gain))):
        again = image.copy()
        adding = QPainter(image)
        adding.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
        adding.drawImage(0, 0, again)
        adding.end()
    painter.setClipRect(view.picture_rect(pane).intersected(pane))
    painter.drawImage(pane.topLeft(), image)
    painter.setClipping(False)


def paint_pixel_grid(painter: QPainter, view: View, pane: QRectF) -> None:
    """Outline pixels, from `GRID_FROM` on."""
    if view.zoom >= GRID_FROM:
        _lines(painter, view.picture_rect(pane), pane, (view.scale, view.scale), 110)


def paint_cells(painter: QPainter, view: View, pane: QRectF, heat: HeatMap) -> None:
    """Outline the cells of a heat map where they are large enough to be told apart."""
    down, across = heat.cell_px[0] * view.scale, heat.cell_px[1] * view.scale
    if min(down, across) >= CELLS_FROM_PX:
        _lines(painter, view.picture_rect(pane), pane, (down, across), 150)


def _lines(
    painter: QPainter, target: QRectF, pane: QRectF, step: tuple[float, float], alpha: int
) -> None:
    seen = target.intersected(pane)
    down, across = step
    painter.setPen(QPen(QColor(128, 128, 128, alpha), 0))
    first = math.ceil((seen.left() - target.left()) / across)
    last = math.floor((seen.right() - target.left()) / across)
    for column in range(first, last + 1):
        x = target.left() + column * across
        painter.drawLine(QPointF(x, seen.top()), QPointF(x, seen.bottom()))
    first = math.ceil((seen.top() - target.top()) / down)
    last = math.floor((seen.bottom() - target.top()) / down)
    for row in range(first, last + 1):
        y = target.top() + row * down
        painter.drawLine(QPointF(seen.left(), y), QPointF(seen.right(), y))


def paint_tag(
    painter: QPainter, pane: QRectF, text: str, font: QFont, *, right: bool = False
) -> None:
    """Write what a pane shows into its upper corner."""
    painter.setFont(font)
    room = pane.width() - 16
    words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room - 12))
    width = painter.fontMetrics().horizontalAdvance(words) + 12
    left = pane.right() - 8 - width if right else pane.left() + 8
    tag = QRectF(left, pane.top() + 8, width, TAG_HEIGHT_PX)
    painter.fillRect(tag, QColor(0, 0, 0, 200))
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, words)


def paint_crosshair(painter: QPainter, at: QPointF) -> None:
    """Mark in one pane what is pointed at in the other."""
    for colour, width in ((QColor(0, 0, 0, 190), 3.0), (QColor(255, 255, 255), 1.2)):
        painter.setPen(QPen(colour, width))
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(at + QPointF(4 * x, 4 * y), at + QPointF(11 * x, 11 * y))


def paint_divider(painter: QPainter, view_rect: QRectF, x: float) -> None:
    """Paint the line that parts picture and layer, with a grip in its middle."""
    top, bottom = QPointF(x, view_rect.top()), QPointF(x, view_rect.bottom())
    for colour, width in ((QColor(0, 0, 0, 190), 4.0), (QColor(255, 255, 255), 1.6)):
        painter.setPen(QPen(colour, width))
        painter.drawLine(top, bottom)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    grip = QRectF(x - 11, view_rect.center().y() - 11, 22, 22)
    painter.setPen(QPen(QColor(0, 0, 0, 190), 1.5))
    painter.setBrush(QColor(255, 255, 255))
    painter.drawEllipse(grip)
    painter.setPen(QPen(QColor(40, 40, 40), 1.5))
    middle = grip.center()
    for side in (-1, 1):
        tip = middle + QPointF(side * 7, 0)
        painter.drawLine(tip, tip + QPointF(-side * 3, -3))
        painter.drawLine(tip, tip + QPointF(-side * 3, 3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

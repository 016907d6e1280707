"""A magnifier: the pixels around the pointer, enlarged, with the values of the middle one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from app.looking.layers import Layer
from app.looking.view import View
from app.row import p_text
from engine.rest_types import Occlusion

SIDE = 13
"""Pixels across, odd so that one is the middle."""

CELL_PX = 13
"""Size of an enlarged pixel."""

GAP_PX = 24
"""Distance from the pointer."""

MINUS = "\u2212"

ROW_PX = 17
"""Height of a line of values."""


def colour_words(colour: QColor) -> str:
    """Return the values of a pixel, ``"R 12  G 200  B 3  #0cc803"``."""
    return f"R {colour.red()}  G {colour.green()}  B {colour.blue()}  {colour.name()}"


def evidence_words(layer: Layer, x: int, y: int) -> str:
    """Return the value of a map at a pixel of the picture, in words; empty for pictures.

    Args:
        layer: what is laid over the picture.
        x: px of the original.
        y: px of the original.
    """
    if layer.rests is not None:
        return _rests_words(layer.rests, x, y)
    heat = layer.heat
    if heat is None:
        return ""
    row = min(int(y / heat.cell_px[0]), heat.cells.shape[0] - 1)
    column = min(int(x / heat.cell_px[1]), heat.cells.shape[1] - 1)
    if not heat.valid[row, column]:
        return QCoreApplication.translate("Loupe", "no evidence here")
    value = f"{heat.cells[row, column]:.2f}"
    return QCoreApplication.translate("Loupe", "evidence {value}").format(value=value)


def _rests_words(found: Occlusion, x: int, y: int) -> str:
    row = int((y - found.area.y) // found.block_px[0])
    column = int((x - found.area.x) // found.block_px[1])
    rows, columns = found.changes.shape
    inside = 0 <= row < rows and 0 <= column < columns
    if not inside or not found.read[row, column]:
        return QCoreApplication.translate("Loupe", "not read by the verdict")
    change = float(found.changes[row, column])
    words = QCoreApplication.translate("Loupe", "log-odds {change}; p {without} without it")
    return words.format(
        change=f"{change:+.2f}".replace("-", MINUS),
        without=p_text(float(found.p_without[row, column])),
    )


def paint_loupe(
    painter: QPainter,
    view: View,
    at: QPointF,
    picture: QImage,
    layer: Layer | None,
    *,
    font: QFont,
) -> None:
    """Paint the magnifier beside the pointer.

    Args:
        painter: paints on the view.
        view: where the picture lies.
        at: the pointer.
        picture: in full size.
        layer: what is compared with it; a picture gets a patch of its own.
        font: of the values.
    """
    spot = view.pixel_at(at)
    if spot is None:
        return
    x, y = spot
    other = layer if layer is not None and layer.opaque else None
    words = [f"x {x:,}  y {y:,}", colour_words(picture.pixelColor(x, y))]
    patches = [_patch(picture, x, y)]
    if other is not None:
        image = other.levels[0]
        across = min(int(x * image.width() / view.size.width()), image.width() - 1)
        down = min(int(y * image.height() / view.size.height()), image.height() - 1)
        patches.append(_patch(image, across, down))
        words.append(colour_words(image.pixelColor(across, down)))
    elif layer is not None and (evidence := evidence_words(layer, x, y)):
        words.append(evidence)
    patch_px = SIDE * CELL_PX
    painter.setFont(font)
    text_px = max(painter.fontMetrics().horizontalAdvance(line) for line in words) + 16
    width = max(patch_px * len(patches) + 6 * (len(patches) - 1) + 12, text_px)
    box = _placed(view, at, width, patch_px + ROW_PX * len(words) + 16)
    painter.fillRect(box, QColor(20, 20, 20, 235))
    painter.setPen(QPen(QColor(255, 255, 255, 150), 1))
    painter.drawRect(box)
    for index, patch in enumerate(patches):
        _paint_patch(
            painter, patch, QPointF(box.left() + 6 + index * (patch_px + 6), box.top() + 6)
        )
    painter.setPen(QColor(255, 255, 255))
    for index, line in enumerate(words):
        row = QRectF(box.left() + 8, box.top() + patch_px + 10 + index * ROW_PX, width, ROW_PX)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, line)


def _patch(image: QImage, x: int, y: int) -> QImage:
    """Return the pixels around one; beyond the edge they are transparent."""
    half = SIDE // 2
    return image.copy(QRect(x - half, y - half, SIDE, SIDE)).convertToFormat(
        QImage.Format.Format_ARGB32
    )


def _placed(view: View, at: QPointF, width: float, height: float) -> QRectF:
    pane = view.pane_at(at)
    left = at.x() + GAP_PX if at.x() + GAP_PX + width < pane.right() else at.x() - GAP_PX - width
    top = at.y() + GAP_PX if at.y() + GAP_PX + height < pane.bottom() else at.y() - GAP_PX - height
    return QRectF(max(left, pane.left()), max(top, pane.top()), width, height)


def _paint_patch(painter: QPainter, patch: QImage, at: QPointF) -> None:
    area = QRectF(at.x(), at.y(), SIDE * CELL_PX, SIDE * CELL_PX)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(area, patch)
    painter.setPen(QPen(QColor(128, 128, 128, 90), 1))
    for line in range(1, SIDE):
        step = line * CELL_PX
        painter.drawLine(area.topLeft() + QPointF(step, 0), area.bottomLeft() + QPointF(step, 0))
        painter.drawLine(area.topLeft() + QPointF(0, step), area.topRight() + QPointF(0, step))
    half = SIDE // 2 * CELL_PX
    middle = QRectF(area.left() + half, area.top() + half, CELL_PX, CELL_PX)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, grow in ((QColor(0, 0, 0), 1.0), (QColor(255, 255, 255), 0.0)):
        painter.setPen(QPen(colour, 1))
        painter.drawRect(middle.adjusted(-grow, -grow, grow, grow))

"""Places over a picture: outlines with letters, the lit ones bright and the rest dimmed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen

from engine.types import Region

DIM = 140
"""Opacity of the veil around lit places, 0..255."""

TAG_HEIGHT_PX = 18

CORNER_PX = 14.0
"""Length of a corner's arms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A region with its letter."""

    label: str
    region: Region


def letter(index: int) -> str:
    """Return the letter of a place, as the report writes it: 0 is A, 26 is AA.

    Args:
        index: >= 0.
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def paint_places(
    painter: QPainter,
    places: Iterable[Place],
    lit: frozenset[Region],
    *,
    picture: QRectF,
    view: QRectF,
    box_of: Callable[[Region], QRectF],
    font: QFont,
) -> None:
    """Paint the places; while some are lit, only those.

    Args:
        painter: paints on the view.
        places: all places of the explanation.
        lit: the regions that are pointed at.
        picture: where the picture lies in the view.
        view: what can be seen.
        box_of: returns where a region lies in the view.
        font: of the letters.
    """
    if lit:
        veil = QPainterPath()
        veil.addRect(picture)
        for region in lit:
            hole = QPainterPath()
            hole.addRect(box_of(region))
            veil = veil.subtracted(hole)
        painter.fillPath(veil, QColor(0, 0, 0, DIM))
        for region in lit:
            _outline(painter, box_of(region), strong=True)
    for place in places:
        is_lit = place.region in lit
        if is_lit or not lit:
            box = box_of(place.region)
            if not is_lit:
                _corners(painter, box)
            _paint_tag(painter, box.intersected(view), place.label, font)


def _outline(painter: QPainter, box: QRectF, *, strong: bool) -> None:
    # Dark beside light, so that one of them shows on any picture.
    wide = 2.0 if strong else 1.0
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(0, 0, 0, 200), wide + 2))
    painter.drawRect(box)
    painter.setPen(QPen(QColor(255, 255, 255), wide))
    painter.drawRect(box)


def _corners(painter: QPainter, box: QRectF) -> None:
    # A whole frame around every place would hide edges of the picture.
    arm = min(CORNER_PX, box.width() / 3, box.height() / 3)
    path = QPainterPath()
    for x, towards_x in ((box.left(), arm), (box.right(), -arm)):
        for y, towards_y in ((box.top(), arm), (box.bottom(), -arm)):
            path.moveTo(x + towards_x, y)
            path.lineTo(x, y)
            path.lineTo(x, y + towards_y)
    painter.strokePath(path, QPen(QColor(0, 0, 0, 200), 4))
    painter.strokePath(path, QPen(QColor(255, 255, 255), 1.5))


def _paint_tag(painter: QPainter, seen: QRectF, text: str, font: QFont) -> None:
    painter.setFont(font)
    width = painter.fontMetrics().horizontalAdvance(text) + 10
    tag = QRectF(seen.left(), seen.top(), width, TAG_HEIGHT_PX)
    painter.fillRect(tag, QColor(0, 0, 0, 220))
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)

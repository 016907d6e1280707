"""What the examiner drew over a picture: painting it, and finding it under the pointer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app.looking.view import View
from engine.mark_types import Annotation
from engine.mark_words import Shape

HEAD_PX = 13.0
"""Length of an arrow's head."""

NEAR_PX = 6.0
"""How near to a line a press means it."""

GRIP_PX = 8.0
"""Side of a grip of the selected drawing."""

WORDS_MOST = 48
"""Characters of a caption that are shown on the picture; the list shows all."""

TAG_HEIGHT_PX = 20.0


class Part(StrEnum):
    """What of a drawing is taken hold of."""

    BODY = "body"
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A drawing, stored or about to be."""

    shape: Shape
    start: tuple[int, int]
    """(x, y), px of the original."""
    end: tuple[int, int]
    """(x, y), px of the original."""
    text: str = ""
    id: int | None = None
    """Of the stored annotation; None while it is being drawn."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to keep: a box without area, an arrow without length."""
        if self.shape is Shape.BOX:
            return self.start[0] == self.end[0] or self.start[1] == self.end[1]
        return self.shape is Shape.ARROW and self.start == self.end


def sketch_of(annotation: Annotation) -> Sketch:
    """Return a stored annotation as it is drawn."""
    return Sketch(
        shape=annotation.shape,
        start=annotation.start,
        end=annotation.end,
        text=annotation.text,
        id=annotation.id,
    )


def in_order(sketch: Sketch) -> Sketch:
    """Return a box whose first corner is the upper left one; others as they are."""
    if sketch.shape is not Shape.BOX:
        return sketch
    (x0, y0), (x1, y1) = sketch.start, sketch.end
    return replace(sketch, start=(min(x0, x1), min(y0, y1)), end=(max(x0, x1), max(y0, y1)))


def moved(sketch: Sketch, part: Part, dx: int, dy: int, size: tuple[int, int]) -> Sketch:
    """Return a drawing of which a part was moved; it stays on the picture.

    Args:
        sketch: as it was.
        part: what was taken hold of.
        dx: px of the original.
        dy: px of the original.
        size: (width, height) of the original.
    """
    # The corner of a box may lie on the picture's far edge, a point only on a pixel.
    last = size if sketch.shape is Shape.BOX else (size[0] - 1, size[1] - 1)
    if part is Part.BODY:
        xs, ys = zip(sketch.start, sketch.end, strict=True)
        dx = min(max(dx, -min(xs)), last[0] - max(xs))
        dy = min(max(dy, -min(ys)), last[1] - max(ys))
    start, end = sketch.start, sketch.end
    if part is not Part.END:
        start = _on(start[0] + dx, start[1] + dy, last)
    if part is not Part.START:
        end = _on(end[0] + dx, end[1] + dy, last)
    if sketch.shape is Shape.TEXT:
        end = start
    return replace(sketch, start=start, end=end)


def part_at(sketch: Sketch, view: View, pane: QRectF, at: QPointF, font: QFont) -> Part | None:
    """Return the part of a drawing that lies under a point of the view."""
    start, end = _ends(sketch, view, pane)
    if sketch.shape is not Shape.TEXT:
        for part, tip in ((Part.END, end), (Part.START, start)):
            if max(abs(tip.x() - at.x()), abs(tip.y() - at.y())) <= GRIP_PX:
                return part
    if tag_rect(sketch, view, pane, 1, font).contains(at):
        return Part.BODY
    if sketch.shape is Shape.BOX:
        box = QRectF(start, end).normalized()
        outer = box.adjusted(-NEAR_PX, -NEAR_PX, NEAR_PX, NEAR_PX)
        inner = box.adjusted(NEAR_PX, NEAR_PX, -NEAR_PX, -NEAR_PX)
        on = outer.contains(at) and not (inner.isValid() and inner.contains(at))
        return Part.BODY if on else None
    if sketch.shape is Shape.ARROW and _distance(at, start, end) <= NEAR_PX:
        return Part.BODY
    return None


def paint_drawings(
    painter: QPainter,
    view: View,
    pane: QRectF,
    sketches: Sequence[Sketch],
    *,
    selected: int | None,
    font: QFont,
) -> None:
    """Paint drawings, numbered as in the report; the selected one has grips.

    Args:
        painter: paints on the view.
        view: where the picture lies.
        pane: the part of the view.
        sketches: in the order of their numbers.
        selected: id of the selected one, if any.
        font: of numbers and words.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for number, sketch in enumerate(sketches, 1):
        start, end = _ends(sketch, view, pane)
        if sketch.shape is Shape.BOX:
            _twice(painter, partial(painter.drawRect, QRectF(start, end).normalized()))
        elif sketch.shape is Shape.ARROW:
            _twice(painter, partial(_draw_arrow, painter, start, end))
        if sketch.id is not None or sketch.text:
            tag = tag_rect(sketch, view, pane, number, font)
            _paint_tag(painter, tag, _tag_words(sketch, number), font)
        if sketch.id is not None and sketch.id == selected:
            _paint_grips(painter, sketch, start, end)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def tag_rect(sketch: Sketch, view: View, pane: QRectF, number: int, font: QFont) -> QRectF:
    """Return where number and words of a drawing stand."""
    start, end = _ends(sketch, view, pane)
    top_left = QRectF(start, end).normalized().topLeft() if sketch.shape is Shape.BOX else start
    width = QFontMetricsF(font).horizontalAdvance(_tag_words(sketch, number)) + 12
    above = sketch.shape is Shape.BOX
    tag = QRectF(top_left - QPointF(0, TAG_HEIGHT_PX if above else 0), QSizeF(width, TAG_HEIGHT_PX))
    if above and tag.top() < pane.top():
        tag.moveTop(top_left.y())
    return tag


def _tag_words(sketch: Sketch, number: int) -> str:
    line = " ".join(sketch.text.split())
    short = line if len(line) <= WORDS_MOST else f"{line[: WORDS_MOST - 1]}…"
    return f"{number}  {short}".rstrip()


def _paint_tag(painter: QPainter, tag: QRectF, words: str, font: QFont) -> None:
    painter.setFont(font)
    painter.fillRect(tag, QColor(0, 0, 0, 215))
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, words)


def _twice(painter: QPainter, draw: Callable[[], None]) -> None:
    # Dark below light, so that one of them shows on any picture.
    for colour, width in ((QColor(0, 0, 0, 210), 4.0), (QColor(255, 255, 255), 1.8)):
        painter.setPen(QPen(colour, width))
        draw()


def _draw_arrow(painter: QPainter, start: QPointF, end: QPointF) -> None:
    angle = math.atan2(start.y() - end.y(), start.x() - end.x())
    painter.drawLine(start, end)
    for turn in (-0.42, 0.42):
        barb = QPointF(HEAD_PX * math.cos(angle + turn), HEAD_PX * math.sin(angle + turn))
        painter.drawLine(end, end + barb)


def _paint_grips(painter: QPainter, sketch: Sketch, start: QPointF, end: QPointF) -> None:
    tips = (start,) if sketch.shape is Shape.TEXT else (start, end)
    painter.setPen(QPen(QColor(0, 0, 0), 1))
    for tip in tips:
        half = GRIP_PX / 2
        painter.fillRect(
            QRectF(tip.x() - half, tip.y() - half, GRIP_PX, GRIP_PX), QColor(255, 255, 255)
        )
        painter.drawRect(QRectF(tip.x() - half, tip.y() - half, GRIP_PX, GRIP_PX))


def _ends(sketch: Sketch, view: View, pane: QRectF) -> tuple[QPointF, QPointF]:
    # A box lies on the edges of pixels, a point in the middle of one.
    shift = 0.0 if sketch.shape is Shape.BOX else 0.5
    first, last = (
        view.to_view(QPointF(x + shift, y + shift), pane) for x, y in (sketch.start, sketch.end)
    )
    return first, last


def _on(x: int, y: int, last: tuple[int, int]) -> tuple[int, int]:
    return min(max(x, 0), last[0]), min(max(y, 0), last[1])


def _distance(at: QPointF, start: QPointF, end: QPointF) -> float:
    line = end - start
    length = QPointF.dotProduct(line, line)
    share = 0.0 if length == 0 else QPointF.dotProduct(at - start, line) / length
    foot = start + line * min(1.0, max(0.0, share))
    return math.hypot(at.x() - foot.x(), at.y() - foot.y())

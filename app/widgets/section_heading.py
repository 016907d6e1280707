"""The heading over cards that stand together."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from app.arranging import Section
from app.style import Theme
from app.widgets.marks import paint_mark

MARK_PX = 12


def paint_heading(painter: QPainter, place: QRect, section: Section, theme: Theme) -> None:
    """Paint a heading: the band's mark, the title, how many, and a line to the end.

    Args:
        painter: its state is kept.
        place: where.
        section: what stands together.
        theme: measures and colours.
    """
    colours, space, size = theme.colours, theme.space, theme.tokens.type
    painter.save()
    painter.fillRect(place, QColor(colours.panel))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    x = place.left() + space(4)
    if section.outcome is not None:
        mark = QRectF(x, place.center().y() - MARK_PX / 2 + 1, MARK_PX, MARK_PX)
        shape, colour = theme.band(section.outcome).shape, theme.band_colour(section.outcome)
        paint_mark(painter, shape, colour, mark)
        x += MARK_PX + space(2)
    count = f"{section.count:,}"
    strong, plain = theme.font(size.body, strong=True), theme.font(size.small + 1)
    counted = QFontMetrics(plain).horizontalAdvance(count)
    room = place.right() - x - counted - space(14)
    title = QFontMetrics(strong).elidedText(section.title, Qt.TextElideMode.ElideMiddle, room)
    painter.setFont(strong)
    painter.setPen(QColor(colours.text))
    box = QRect(x, place.top(), room, place.height())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
    x += QFontMetrics(strong).horizontalAdvance(title) + space(2)
    painter.setFont(plain)
    painter.setPen(QColor(colours.text_muted))
    painter.drawText(
        QRect(x, place.top(), counted + 2, place.height()), Qt.AlignmentFlag.AlignVCenter, count
    )
    x += counted + space(3)
    painter.setPen(QPen(QColor(colours.line), 1))
    painter.drawLine(x, place.center().y() + 1, place.right() - space(4), place.center().y() + 1)
    painter.restore()

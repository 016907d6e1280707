"""One exhibit as a card of the grid or as a row of the list, painted once and kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap

from app.row import Exhibit, State, condition_text, p_text, state_text, verdict_words
from app.style import Theme
from app.thumbnails import Thumbnails
from app.widgets.marks import paint_mark, paint_stars
from engine.case_types import ExhibitState

KEPT_BYTES = 96 << 20
"""Painted cards in memory: ten screens of them on a dense display."""

MARK_PX = 11
SCALE_PX = 12
"""Height of the probability scale."""

PICTURE_SHAPE = 0.72
"""Height of a card's picture as a share of its nominal width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How cards are painted just now."""

    size: QSize
    """Of a card, in logical px."""
    picture_px: int
    """Height of the picture in a card; side of it in a row."""
    row: bool
    """A row of the list rather than a card of the grid."""
    ratio: float
    """Physical pixels a logical one."""
    dark: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the list."""

    name: str
    title: str
    x: int
    w: int


class Cards:
    """Paints cards and keeps the last ones.

    Args:
        theme: measures and colours.
        thumbnails: where the small pictures come from.
    """

    def __init__(self, theme: Theme, thumbnails: Thumbnails) -> None:
        self._theme, self._thumbnails = theme, thumbnails
        self._kept: OrderedDict[tuple[str, bool], tuple[object, QPixmap]] = OrderedDict()
        self._bytes = 0

    def kept(self, exhibit: Exhibit, look: Look, *, selected: bool) -> QPixmap | None:
        """Return a card that was painted before and is still right."""
        key = (exhibit.path, selected)
        found = self._kept.get(key)
        if found is None or found[0] != self._state(exhibit, look):
            return None
        self._kept.move_to_end(key)
        return found[1]

    def painted(self, exhibit: Exhibit, look: Look, *, selected: bool) -> QPixmap:
        """Paint a card and keep it.

        Args:
            exhibit: what it shows.
            look: how.
            selected: it stands on the ground of what is selected, where a band's colour is
                strong enough for its mark but not for words.
        """
        state = self._state(exhibit, look)
        size = look.size * look.ratio
        card = QPixmap(size)
        card.setDevicePixelRatio(look.ratio)
        card.fill(Qt.GlobalColor.transparent)
        painter = QPainter(card)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        pen = _Pen(painter, self._theme, self._thumbnails, exhibit, selected=selected)
        if look.row:
            _paint_row(pen, look)
        else:
            _paint_card(pen, look)
        painter.end()
        self._keep((exhibit.path, selected), state, card)
        return card

    def _keep(self, key: tuple[str, bool], state: object, card: QPixmap) -> None:
        old = self._kept.pop(key, None)
        if old is not None:
            self._bytes -= _bytes(old[1])
        self._kept[key] = (state, card)
        self._bytes += _bytes(card)
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            _key, (_state, dropped) = self._kept.popitem(last=False)
            self._bytes -= _bytes(dropped)

    def _state(self, exhibit: Exhibit, look: Look) -> object:
        """Return what a card depends on, to be compared."""
        return (
            look,
            exhibit.state,
            id(exhibit.examination),
            exhibit.file_state,
            exhibit.stars,
            exhibit.tags,
            exhibit.near,
            exhibit.number,
            self._thumbnails.has(exhibit.path, look.picture_px * look.ratio),
        )


def columns(width: int, theme: Theme) -> tuple[Column, ...]:
    """Return the columns of the list.

    Args:
        width: of a row, px.
        theme: measures.
    """
    space, translate = theme.space, QCoreApplication.translate
    parts: list[tuple[str, str, int]] = [
        ("picture", "", theme.measure.thumb),
        ("number", translate("Card", "No."), space(9)),
        ("name", translate("Card", "Name"), 0),
        ("verdict", translate("Card", "Verdict"), space(30)),
        ("scale", translate("Card", "Probability of AI, 0 to 1"), space(36)),
        ("p", translate("Card", "p"), space(9)),
        ("condition", translate("Card", "Condition"), space(42)),
        ("stars", translate("Card", "Rating"), space(18)),
        ("tags", translate("Card", "Tags"), space(28)),
        ("near", translate("Card", "Alike"), space(11)),
    ]
    for dispensable in ("tags", "condition", "stars", "near"):
        if sum(w for _, _, w in parts) + space(3) * len(parts) + space(40) <= width:
            break
        parts = [part for part in parts if part[0] != dispensable]
    fixed = sum(w for _, _, w in parts) + space(3) * (len(parts) + 1)
    x = space(3)
    found = []
    for name, title, w in parts:
        w = w or max(space(10), width - fixed)  # noqa: PLW2901 - the one column that stretches
        found.append(Column(name=name, title=title, x=x, w=w))
        x += w + space(3)
    return tuple(found)


class _Pen:
    """Paints the parts that a card and a row have in common."""

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        thumbnails: Thumbnails,
        exhibit: Exhibit,
        *,
        selected: bool,
    ) -> None:
        self.painter, self.theme, self.exhibit = painter, theme, exhibit
        self._thumbnails, self._selected = thumbnails, selected
        self._band = theme.band(exhibit.outcome)
        self._colour = theme.band_colour(exhibit.outcome)

    def picture(self, box: QRect, side_px: float) -> None:
        """Paint the small picture in the middle of a box, never enlarged by much."""
        colours, painter = self.theme.colours, self.painter
        painter.fillRect(box, QColor(colours.track))
        pixmap = self._thumbnails.get(self.exhibit, side_px)
        if pixmap is None:
            if self._thumbnails.failed(self.exhibit.path):
                side = min(box.width(), box.height()) * 0.22
                middle = QRectF(box).center()
                cross = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
                paint_mark(painter, "cross", QColor(colours.line_strong), cross)
            return
        size = pixmap.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(QRect(box).topLeft(), size)
        target.moveCenter(box.center())
        painter.drawPixmap(target, pixmap)

    def text(
        self,
        box: QRect,
        words: str,
        *,
        size: int,
        colour: str = "",
        strong: bool = False,
        right: bool = False,
        middle: bool = False,
    ) -> None:
        """Write on one line, cut with an ellipsis where it is too long."""
        font = self.theme.font(size, strong=strong)
        self.painter.setFont(font)
        self.painter.setPen(QColor(colour or self.theme.colours.text))
        cut = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        shown = QFontMetrics(font).elidedText(words, cut, box.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self.painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | side, shown)

    def verdict(self, box: QRect) -> None:
        """Mark and words of the band, or where the file stands."""
        exhibit, painter = self.exhibit, self.painter
        mark = QRectF(box.left(), box.center().y() - MARK_PX / 2 + 0.5, MARK_PX, MARK_PX)
        words = verdict_words(exhibit)
        colour = self._colour.name()
        if exhibit.outcome is None:
            words = state_text(exhibit)
            if exhibit.state is State.EXAMINING:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(self.theme.colours.accent))
                painter.drawEllipse(mark.adjusted(1.5, 1.5, -1.5, -1.5))
            elif exhibit.state is State.FAILED:
                paint_mark(painter, self._band.shape, self._colour, mark.adjusted(1, 1, -1, -1))
            else:
                painter.setPen(QPen(QColor(self.theme.colours.line_strong), 1.2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(mark.adjusted(2.5, 2.5, -2.5, -2.5))
        else:
            paint_mark(painter, self._band.shape, self._colour, mark)
        if self._selected or exhibit.edited:
            colour = self.theme.colours.text
        left = MARK_PX + self.theme.space(2) - 1
        size = self.theme.tokens.type.small + 1
        self.text(box.adjusted(left, 0, 0, 0), words, size=size, colour=colour)

    def p(self, box: QRect) -> None:
        """Write the probability."""
        p_ai = self.exhibit.p_ai
        if p_ai is not None:
            size = self.theme.tokens.type.body
            self.text(box, p_text(p_ai), size=size, strong=True, right=True)

    def scale(self, box: QRect) -> None:
        """Paint the probability with its interval on a line from 0 to 1.

        The line is dashed where the picture lies outside what error rates were measured on.
        """
        verdict = self.exhibit.examination.verdict if self.exhibit.examination else None
        painter, colours = self.painter, self.theme.colours
        y = box.top() + box.height() / 2
        left, room = box.left() + 4.0, box.width() - 8.0
        pen = QPen(QColor(colours.line_strong if verdict else colours.line), 1)
        if verdict is not None and not verdict.in_validated_range:
            pen.setStyle(Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(left, y), QPointF(left + room, y))
        if verdict is None:
            return
        for end in (left, left + room):
            painter.drawLine(QPointF(end, y - 2.5), QPointF(end, y + 2.5))
        if verdict.p_ai_interval is not None:
            low, high = verdict.p_ai_interval
            faint = QColor(self._colour)
            faint.setAlphaF(0.35)
            painter.setPen(QPen(faint, 5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(QPointF(left + room * low, y), QPointF(left + room * high, y))
        painter.setPen(QPen(QColor(colours.panel), 1.5))
        painter.setBrush(self._colour)
        painter.drawEllipse(QPointF(left + room * verdict.p_ai, y), 4.2, 4.2)

    def near(self, box: QRect) -> None:
        """Two sheets and the number of the group that looks alike."""
        if self.exhibit.near is None:
            return
        painter, ink = self.painter, QColor(self.theme.colours.text_muted)
        painter.setPen(QPen(ink, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        words = str(self.exhibit.near)
        font = self.theme.font(self.theme.tokens.type.small)
        width = QFontMetrics(font).horizontalAdvance(words)
        y = box.center().y()
        x = box.right() - width - 15
        painter.drawRect(QRectF(x + 0.5, y - 4.5, 7, 7))
        painter.drawLine(QPointF(x + 3.5, y + 5.5), QPointF(x + 10.5, y + 5.5))
        painter.drawLine(QPointF(x + 10.5, y - 1.5), QPointF(x + 10.5, y + 5.5))
        self.text(box, words, size=self.theme.tokens.type.small, colour=ink.name(), right=True)

    def stars(self, box: QRect) -> int:
        """Paint the rating at the right end of a box; return how wide it is."""
        return paint_stars(self.painter, self.exhibit.stars, QColor(self.theme.colours.text), box)

    def condition(self, box: QRect, *, tags: bool) -> None:
        """What the picture arrived as; first of all what is wrong with it."""
        exhibit, translate = self.exhibit, QCoreApplication.translate
        alarms = {
            ExhibitState.CHANGED: translate("Card", "file was changed"),
            ExhibitState.MISSING: translate("Card", "file is missing"),
            ExhibitState.UNREADABLE: translate("Card", "file cannot be read"),
        }
        alarm = alarms.get(exhibit.file_state, "")
        parts = [alarm] if alarm else []
        if not alarm and exhibit.in_range is False:
            parts.append(translate("Card", "out of range"))
        parts.append(condition_text(exhibit))
        if tags:
            parts.append(", ".join(exhibit.tags))
        words = " · ".join(part for part in parts if part)
        colours, size = self.theme.colours, self.theme.tokens.type.small
        ink = colours.text if alarm or self._selected else colours.text_muted
        self.text(box, words, size=size, colour=ink, strong=bool(alarm))


def _paint_card(pen: _Pen, look: Look) -> None:
    theme, exhibit = pen.theme, pen.exhibit
    space, size = theme.space, theme.tokens.type
    width, inset = look.size.width(), space(2)
    pen.picture(QRect(inset, inset, width - 2 * inset, look.picture_px), _side(look))
    left, room = inset, width - 2 * inset
    y = inset + look.picture_px + space(2) - 2
    pen.verdict(QRect(left, y, room - space(8), 18))
    pen.p(QRect(left, y, room, 18))
    y += 18
    pen.scale(QRect(left, y, room, SCALE_PX))
    y += SCALE_PX + 2
    number = "" if exhibit.number is None else f"{exhibit.number}  "
    name = QRect(left, y, room - (space(8) if exhibit.near is not None else 0), 17)
    pen.text(name, f"{number}{exhibit.name}", size=size.small + 1, middle=True)
    pen.near(QRect(left, y, room, 17))
    y += 17
    line = QRect(left, y, room, 16)
    taken = pen.stars(line)
    pen.condition(line.adjusted(0, 0, -taken, 0), tags=True)


def _paint_row(pen: _Pen, look: Look) -> None:
    exhibit, size = pen.exhibit, pen.theme.tokens.type
    height = look.size.height()
    muted = pen.theme.colours.text_muted
    for column in columns(look.size.width(), pen.theme):
        box = QRect(column.x, 0, column.w, height)
        if column.name == "picture":
            side = look.picture_px
            pen.picture(QRect(column.x, (height - side) // 2, column.w, side), _side(look))
        elif column.name == "number":
            number = "" if exhibit.number is None else str(exhibit.number)
            pen.text(box, number, size=size.small + 1, colour=muted, right=True)
        elif column.name == "name":
            pen.text(box, exhibit.name, size=size.body, middle=True)
        elif column.name == "verdict":
            pen.verdict(box)
        elif column.name == "scale":
            pen.scale(box)
        elif column.name == "p":
            pen.p(box)
        elif column.name == "condition":
            pen.condition(box, tags=False)
        elif column.name == "stars":
            pen.stars(box)
        elif column.name == "tags":
            pen.text(box, ", ".join(exhibit.tags), size=size.small, colour=muted)
        elif column.name == "near":
            pen.near(box)


def text_height(theme: Theme) -> int:
    """Return what a card needs besides its picture, px."""
    return theme.space(2) * 2 - 2 + 18 + SCALE_PX + 2 + 17 + 16 + theme.space(2)


def _side(look: Look) -> float:
    """Return the longest side of the picture that is painted, in physical px."""
    longest = look.picture_px if look.row else max(look.picture_px, look.size.width())
    return longest * look.ratio


def _bytes(card: QPixmap) -> int:
    return card.width() * card.height() * 4

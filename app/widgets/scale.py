"""Small charts: where a probability lies, and what each path of the model says."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style import Theme
from app.widgets.marks import paint_mark
from engine.types import Outcome, ReadOuts, Verdict

READ_OUT_LIMIT = 8.0
"""End of the read-outs' scale, log-odds: odds of about 3,000 to 1; beyond, an arrow is drawn."""


class ProbabilityScale(QWidget):
    """A line from 0 to 1 with the band's mark where the probability lies.

    Args:
        theme: measures and colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._verdict: Verdict | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Probability scale"))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size it needs."""
        return QSize(240, self._theme.space(9))

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Show where a verdict lies; None empties the scale."""
        self._verdict = verdict
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the scale."""
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # numbers and axes
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, colours = self._theme, self._theme.colours
        side = 14.0
        left, right = side / 2, self.width() - side / 2
        y = side / 2 + 1
        painter.setPen(
            QPen(QColor(colours.track), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        )
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        painter.setFont(theme.font(theme.tokens.type.small))
        painter.setPen(QColor(colours.text_muted))
        for share, text in ((0.0, "0"), (0.5, ".5"), (1.0, "1")):
            x = left + share * (right - left)
            painter.drawLine(QPointF(x, y + 5), QPointF(x, y + 9))
            painter.drawText(QRectF(x - 20, y + 10, 40, 16), Qt.AlignmentFlag.AlignHCenter, text)
        if self._verdict is None:
            return
        outcome, colour = self._verdict.outcome, theme.band_colour(self._verdict.outcome)
        if self._verdict.p_ai_interval is not None:
            low, high = (left + p * (right - left) for p in self._verdict.p_ai_interval)
            painter.setPen(QPen(colour, 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(QPointF(low, y), QPointF(high, y))
            for end in (low, high):
                painter.drawLine(QPointF(end, y - 4), QPointF(end, y + 4))
        x = left + self._verdict.p_ai * (right - left)
        box = QRectF(x - side / 2, y - side / 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.panel))
        painter.drawEllipse(box.adjusted(-3, -3, 3, 3))
        paint_mark(painter, theme.band(outcome).shape, colour, box)


class ReadOutChart(QWidget):
    """Three bars of log-odds around zero, on a fixed scale.

    Args:
        theme: measures and colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._read_outs: ReadOuts | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Read-outs"))
        self.setToolTip(
            self.tr(
                "Log-odds of “AI-generated”. Both: the whole model. Semantic: what is seen in the "
                "picture, without the artifact path. Artifact: traces of generation alone."
            )
        )
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size it needs."""
        return QSize(240, self._theme.space(23))

    def show_read_outs(self, read_outs: ReadOuts | None) -> None:
        """Show the read-outs of a verdict; None empties the chart."""
        self._read_outs = read_outs
        words = (
            []
            if read_outs is None
            else [f"{n} {self._figure(v)}" for n, v in self._rows(read_outs)]
        )
        self.setAccessibleDescription(", ".join(words))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the bars."""
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # numbers and axes
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        height = theme.space(6)
        rows = self._rows(self._read_outs or ReadOuts(both=0.0, semantic=0.0, artifact=0.0))
        painter.setFont(theme.font(theme.tokens.type.small + 1))
        widest = max(painter.fontMetrics().horizontalAdvance(name) for name, _ in rows)
        left = max(theme.space(16), widest + theme.space(2))
        right = self.width() - theme.space(12)
        for number, (name, value) in enumerate(rows):
            line = QRect(0, number * height, self.width(), height)
            painter.setPen(QColor(theme.colours.text_muted))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
            bar = QRectF(left, line.top() + 7, right - left, height - 14)
            painter.fillRect(bar, QColor(theme.colours.track))
            if self._read_outs is None:
                continue
            if value is not None:
                self._paint_bar(painter, bar, value)
            painter.setPen(QColor(theme.colours.text))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(line, flags, self._figure(value))
        self._paint_axis(painter, QRectF(left, 0, right - left, 3 * height))

    def _rows(self, read_outs: ReadOuts) -> tuple[tuple[str, float | None], ...]:
        return (
            (self.tr("Both"), read_outs.both),
            (self.tr("Semantic"), read_outs.semantic),
            (self.tr("Artifact"), read_outs.artifact),
        )

    def _figure(self, value: float | None) -> str:
        return self.tr("not run") if value is None else f"{value:+.1f}".replace("-", "\u2212")

    def _paint_bar(self, painter: QPainter, bar: QRectF, value: float) -> None:
        colour = self._theme.band_colour(Outcome.AI if value > 0 else Outcome.REAL)
        half = bar.width() / 2
        share = max(-1.0, min(1.0, value / READ_OUT_LIMIT))
        middle = bar.center().x()
        filled = QRectF(
            min(middle, middle + share * half), bar.top(), abs(share) * half, bar.height()
        )
        painter.fillRect(filled, colour)
        if abs(value) > READ_OUT_LIMIT:
            self._paint_arrow(painter, bar, towards_right=value > 0)

    def _paint_arrow(self, painter: QPainter, bar: QRectF, *, towards_right: bool) -> None:
        tip = bar.right() - 2 if towards_right else bar.left() + 2
        back = tip - 6 if towards_right else tip + 6
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colours.panel))
        y = bar.center().y()
        painter.drawPolygon(
            QPolygonF([QPointF(tip, y), QPointF(back, y - 4), QPointF(back, y + 4)])
        )

    def _paint_axis(self, painter: QPainter, box: QRectF) -> None:
        theme = self._theme
        middle = box.center().x()
        painter.setPen(QPen(QColor(theme.colours.text_muted), 1))
        painter.drawLine(QPointF(middle, box.top() + 3), QPointF(middle, box.bottom() - 3))
        painter.setFont(theme.font(theme.tokens.type.small))
        below = QRectF(box.left(), box.bottom() + 1, box.width(), theme.space(4))
        away, towards = self.tr("← away"), self.tr("towards AI →")
        advance = painter.fontMetrics().horizontalAdvance
        # In a narrow panel words would run into the zero: they go on beyond the bars.
        left = min(below.left(), middle - theme.space(2) - advance(away))
        right = max(below.right(), middle + theme.space(2) + advance(towards))
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, "0")
        below.setLeft(left)
        below.setRight(right)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, away)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, towards)

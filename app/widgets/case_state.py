"""What is in the case, by band and state, and what is left to do."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.row import band_name
from app.style import Theme
from app.todo import Open, OpenPoint
from app.widgets.fields import Panel, label
from app.widgets.verdict import Mark
from engine.types import Outcome

BAR_STEPS = 3

NUMBERS_SHOWN = 8
"""Exhibit numbers named beside a point."""


class CountsBar(QWidget):
    """The bands of the case side by side, as wide as they are many.

    Args:
        theme: measures and colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._counts: Mapping[Outcome | None, int] = {}
        self._waiting = 0
        self.setFixedHeight(theme.space(BAR_STEPS))
        theme.changed.connect(self.update)

    def show_counts(self, counts: Mapping[Outcome | None, int], waiting: int) -> None:
        """Show how many exhibits are in each band, failed ones under None, and how many wait."""
        self._counts, self._waiting = counts, waiting
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the shares."""
        painter = QPainter(self)
        total = sum(self._counts.values()) + self._waiting
        box = QRectF(self.rect())
        painter.fillRect(box, QColor(self._theme.colours.track))
        left = box.left()
        for outcome in (Outcome.AI, Outcome.INCONCLUSIVE, Outcome.REAL, None):
            count = self._counts.get(outcome, 0)
            if not count:
                continue
            width = box.width() * count / total
            part = QRectF(left, box.top(), max(1.0, width - 2), box.height())
            painter.fillRect(part, self._theme.band_colour(outcome))
            left += width


class CaseState(Panel):
    """Counts and open points.

    Args:
        theme: measures and colours.
    """

    asked = Signal(object)
    """An OpenPoint whose button was pressed."""
    band_asked = Signal(object)
    """An Outcome, or None for failed ones, whose exhibits are to be shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self.tr("EXHIBITS"))
        self._theme = theme
        self.total = label("0", "figure_large")
        self.unit = label("", "muted")
        self.bar = CountsBar(theme)
        self.counts: dict[Outcome | None, QLabel] = {}
        self.waiting = label("", "muted")
        self.points = QVBoxLayout()
        self.points.setSpacing(0)
        self.nothing = label(self.tr("Nothing: every exhibit is examined and reported."), wrap=True)
        first = QHBoxLayout()
        first.setSpacing(theme.space(2))
        first.addWidget(self.total, 0, Qt.AlignmentFlag.AlignBaseline)
        first.addWidget(self.unit, 0, Qt.AlignmentFlag.AlignBaseline)
        first.addStretch()
        first.addWidget(self.waiting, 0, Qt.AlignmentFlag.AlignBaseline)
        self.body.addLayout(first)
        self.body.addWidget(self.bar)
        self.body.addLayout(self._bands())
        self.body.addSpacing(theme.space(4))
        self.body.addWidget(label(self.tr("LEFT TO DO"), "section"))
        self.body.addLayout(self.points)
        self.body.addWidget(self.nothing)
        self.body.addStretch()

    def show_counts(self, counts: Mapping[Outcome | None, int], waiting: int) -> None:
        """Show how many exhibits there are; see `CountsBar.show_counts`."""
        total = sum(counts.values()) + waiting
        self.total.setText(f"{total:,}")
        self.unit.setText(self.tr("exhibit") if total == 1 else self.tr("exhibits"))
        self.waiting.setText(
            self.tr("{count} not examined").format(count=f"{waiting:,}") if waiting else ""
        )
        self.bar.show_counts(counts, waiting)
        for outcome, said in self.counts.items():
            said.setText(f"{counts.get(outcome, 0):,}")

    def show_points(self, points: tuple[OpenPoint, ...], *, writable: bool) -> None:
        """Show what is left to do.

        Args:
            points: what matters most first.
            writable: whether anything can be done about it.
        """
        while (item := self.points.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for point in points:
            self.points.addWidget(self._row(point, writable=writable))
        self.nothing.setVisible(not points)

    def _bands(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(self._theme.space(2))
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        for row, outcome in enumerate((Outcome.AI, Outcome.INCONCLUSIVE, Outcome.REAL, None)):
            mark = Mark(self._theme)
            mark.setFixedSize(self._theme.space(5), self._theme.space(5))
            mark.show_band(outcome)
            count = label("0", "number")
            count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.counts[outcome] = count
            name = band_name(outcome)
            show = QPushButton(name[:1].upper() + name[1:])
            show.setObjectName("quiet")
            show.setAccessibleName(self.tr("Show the exhibits: {band}").format(band=name))
            show.clicked.connect(lambda _=False, outcome=outcome: self.band_asked.emit(outcome))
            grid.addWidget(mark, row, 0)
            grid.addWidget(show, row, 1, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(count, row, 2)
        return grid

    def _row(self, point: OpenPoint, *, writable: bool) -> QWidget:
        words, does = self._words(point)
        box = QFrame()
        box.setObjectName("todo")
        row = QHBoxLayout(box)
        row.setContentsMargins(0, self._theme.space(1), 0, self._theme.space(1))
        row.setSpacing(self._theme.space(3))
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(label(words, wrap=True))
        if point.exhibits:
            said.addWidget(label(self._numbers(point.exhibits), "muted"))
        row.addLayout(said, 1)
        button = QPushButton(does)
        button.setAccessibleName(f"{does}: {words}")
        changes = point.kind in (Open.WAITING, Open.REPORT)
        button.setEnabled(writable or not changes)
        button.clicked.connect(lambda: self.asked.emit(point))
        row.addWidget(button)
        return box

    def _numbers(self, numbers: tuple[int, ...]) -> str:
        shown = ", ".join(str(number) for number in numbers[:NUMBERS_SHOWN])
        more = " …" if len(numbers) > NUMBERS_SHOWN else ""
        word = self.tr("exhibit") if len(numbers) == 1 else self.tr("exhibits")
        return f"{word} {shown}{more}"

    def _words(self, point: OpenPoint) -> tuple[str, str]:
        count = f"{point.count:,}"
        words = {
            Open.LOG: (self.tr("The custody log does not hold"), self.tr("Show")),
            Open.CHANGED: (self.tr("{count} changed, missing or unreadable"), self.tr("Show")),
            Open.WAITING: (self.tr("{count} not examined"), self.tr("Scan")),
            Open.FAILED: (self.tr("{count} could not be examined"), self.tr("Show")),
            Open.DIFFERS: (self.tr("{count} differ when examined again"), self.tr("Show")),
            Open.NOTE: (self.tr("{count} inconclusive without a note"), self.tr("Show")),
            Open.REPORT: (self.tr("No report of these results yet"), self.tr("Report")),
        }
        text, does = words[point.kind]
        return text.format(count=count), does

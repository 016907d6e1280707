"""Checks under one another: a mark, what was checked, and what was found."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.exhibits import printable
from app.report_door import Check
from app.style import Theme
from app.widgets.fields import label
from app.widgets.marks import paint_mark
from engine.types import Outcome

MARKS: dict[str, Outcome | None] = {"pass": Outcome.REAL, "fail": Outcome.AI}
"""Outcome of a check -> the band whose shape and colour it borrows; others get a dash."""


BREAK_EVERY = 16
"""Characters of a word after which a line may end."""


class CheckMark(QWidget):
    """A ring for what holds, a triangle for what does not, a dash for what was not checked.

    Args:
        theme: colours.
        outcome: of the check.
    """

    def __init__(self, theme: Theme, outcome: str) -> None:
        super().__init__()
        self._theme, self._outcome = theme, outcome
        self.setFixedSize(QSize(16, 18))
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the mark."""
        painter = QPainter(self)
        if self._outcome not in MARKS:
            painter.setPen(self._theme.band_colour(None))
            painter.drawLine(3, 9, 13, 9)
            return
        band = MARKS[self._outcome]
        box = QRectF(2, 3, 12, 12)
        paint_mark(painter, self._theme.band(band).shape, self._theme.band_colour(band), box)


class CheckList(QScrollArea):
    """Checks, one below the other.

    Args:
        theme: measures and colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.lines: tuple[tuple[str, str, str], ...] = ()
        """(result in words, what was checked, what was found)."""
        self.setWidgetResizable(True)
        self.setAccessibleName(self.tr("Checks of the report"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.show_checks(())

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show what was checked; nothing yet when empty."""
        words = {
            "pass": self.tr("pass"),
            "fail": self.tr("FAIL"),
            "not_checked": self.tr("not checked"),
        }
        self.lines = tuple(
            (words[each.outcome], printable(each.name), printable(each.detail)) for each in checks
        )
        inner = QWidget()
        inner.setObjectName("panel")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, self._theme.space(2), 0)
        rows.setSpacing(0)
        for check, line in zip(checks, self.lines, strict=True):
            rows.addWidget(self._row(check.outcome, *line))
        rows.addStretch()
        self.setWidget(inner)

    def _row(self, outcome: str, result: str, name: str, detail: str) -> QWidget:
        box = QFrame()
        box.setObjectName("todo")
        space = self._theme.space
        row = QHBoxLayout(box)
        row.setContentsMargins(0, space(2), 0, space(2))
        row.setSpacing(space(2))
        row.addWidget(CheckMark(self._theme, outcome), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(label(name[:1].upper() + name[1:], wrap=True), 1)
        head.addWidget(label(result, "warning" if outcome == "fail" else "muted"))
        words.addLayout(head)
        found = label(_breakable(detail), "muted", wrap=True)
        found.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.addWidget(found)
        row.addLayout(words, 1)
        return box


def _breakable(text: str) -> str:
    """Return text whose long words, such as hashes, may be broken over lines."""
    words = (
        "\u200b".join(word[i : i + BREAK_EVERY] for i in range(0, len(word), BREAK_EVERY))
        for word in text.split(" ")
    )
    return " ".join(words)

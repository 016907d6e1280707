"""The custody log: whether its chain holds, its head, and its entries, the newest first."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QTableView, QVBoxLayout, QWidget

from app.exhibits import printable
from app.style import Theme
from app.todo import about_text, action_text
from app.widgets.fields import label
from app.widgets.marks import paint_mark
from app.widgets.plain_table import HASH_SHOWN, RowsModel, make_table
from engine.case_types import CaseContents
from engine.log_types import LogCheck, LogEntry
from engine.types import Outcome

NUMBER, TIME, OPERATOR, ACTION, ABOUT, HASH = range(6)
WIDTHS = {NUMBER: 12, TIME: 38, OPERATOR: 28, ACTION: 52, HASH: 36}


class LogModel(RowsModel[LogEntry]):
    """The entries as the table sees them."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(theme, code=HASH, right=frozenset({NUMBER}), parent=parent)
        self.heads = (
            self.tr("No."),
            self.tr("Time, UTC"),
            self.tr("Operator"),
            self.tr("What"),
            self.tr("About"),
            self.tr("Hash"),
        )
        self._bad: frozenset[int] = frozenset()

    def show_log(self, entries: tuple[LogEntry, ...], check: LogCheck) -> None:
        """Show a log and the places where it does not hold."""
        self._bad = frozenset(problem.seq for problem in check.problems)
        self.show_rows(tuple(reversed(entries)))

    def tip(self, row: LogEntry, column: int) -> str | None:
        """Return the whole hash of an entry, or all that it is about."""
        return printable(row.hash if column == HASH else about_text(row))

    def colour(self, row: LogEntry, column: int) -> QColor | None:
        """Return the colour of warning where the chain does not hold."""
        if row.seq in self._bad:
            return self.theme.band_colour(Outcome.AI)
        if column in (NUMBER, ABOUT, HASH):
            return QColor(self.theme.colours.text_muted)
        return None

    def text(self, row: LogEntry, column: int) -> str:
        """Return what an entry says, column by column."""
        if column == NUMBER:
            return f"{row.seq:,}"
        if column == TIME:
            return printable(row.utc[:19].replace("T", " "))
        if column == OPERATOR:
            return printable(row.operator)
        if column == ACTION:
            return printable(action_text(row.action))
        if column == ABOUT:
            return printable(about_text(row))
        return row.hash[:HASH_SHOWN]


class StateMark(QWidget):
    """A mark that something holds (a ring), or does not (a triangle).

    Args:
        theme: colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._holds: bool | None = None
        self.setFixedSize(QSize(14, 14))
        theme.changed.connect(self.update)

    def show_state(self, holds: bool | None) -> None:
        """Show whether it holds; None shows nothing."""
        self._holds = holds
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the mark."""
        if self._holds is None:
            return
        painter = QPainter(self)
        outcome = Outcome.REAL if self._holds else Outcome.AI
        shape = self._theme.band(outcome).shape
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        paint_mark(painter, shape, self._theme.band_colour(outcome), box)


class CustodyLog(QFrame):
    """The log of the open case.

    Args:
        theme: measures and colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.mark = StateMark(theme)
        self.words = label("")
        self.head_hash = label("", "mono")
        self.head_hash.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.head_hash.setAccessibleName(self.tr("Head of the custody log"))
        self.copy = QPushButton(self.tr("Copy head"))
        self.copy.setAccessibleName(self.tr("Copy the head of the custody log"))
        self.verify = QPushButton(self.tr("Check the case"))
        self.verify.setAccessibleName(
            self.tr("Check the case: file, log, records, exhibits, time stamps")
        )
        self._head = ""
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._head))
        self.model = LogModel(theme, self)
        self.view = self._make_view(theme)
        self._lay_out(theme)
        self.clear()

    def _lay_out(self, theme: Theme) -> None:
        line = QHBoxLayout()
        line.setSpacing(theme.space(2))
        line.addWidget(self.mark)
        line.addWidget(self.words)
        line.addSpacing(theme.space(2))
        line.addWidget(label(self.tr("head"), "muted"))
        line.addWidget(self.head_hash)
        line.addStretch()
        line.addWidget(self.copy)
        line.addWidget(self.verify)
        body = QVBoxLayout(self)
        body.setContentsMargins(theme.space(4), theme.space(3), theme.space(4), 0)
        body.setSpacing(theme.space(2))
        body.addLayout(line)
        body.addWidget(self.view, 1)

    def show_contents(self, contents: CaseContents) -> None:
        """Show the log of a case."""
        check, head = contents.log_check, contents.head
        self._head = head.hash
        self.mark.show_state(check.ok)
        entries = f"{head.entries:,}"
        if check.ok:
            text = self.tr("The chain holds  ·  {entries} entries").format(entries=entries)
        else:
            text = self.tr("THE CHAIN DOES NOT HOLD: {problem}").format(
                problem=printable(check.problems[0].message)
            )
        self.words.setText(text)
        self.head_hash.setText(head.hash)
        self.model.show_log(contents.log, check)
        self.copy.setEnabled(True)
        self.verify.setEnabled(True)

    def clear(self) -> None:
        """Show that nothing is known."""
        self.mark.show_state(None)
        self.words.setText(self.tr("reading …"))
        self.head_hash.clear()
        self.copy.setEnabled(False)
        self.verify.setEnabled(False)

    def _make_view(self, theme: Theme) -> QTableView:
        view = make_table(self.model, theme, WIDTHS, ABOUT)
        view.setAccessibleName(self.tr("Entries of the custody log, the newest first"))
        view.horizontalHeader().setAccessibleName(self.tr("Columns of the custody log"))
        view.verticalHeader().setAccessibleName(self.tr("Rows of the custody log"))
        return view

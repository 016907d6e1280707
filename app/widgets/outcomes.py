"""What checking found, in words: examinations that were run again, and checks line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.exhibits import printable
from app.style import Theme
from app.widgets.fields import label
from engine.case_types import Difference, Recheck
from engine.types import Outcome

WIDTH_STEPS, HEIGHT_STEPS = 220, 130


class Check(Protocol):
    """One thing that was checked; the engine's value."""

    @property
    def name(self) -> str:
        """What, in words."""

    @property
    def outcome(self) -> str:
        """``"pass"``, ``"fail"`` or ``"not_checked"``."""

    @property
    def detail(self) -> str:
        """What was found, or why it was not checked."""


class Checks(QTreeWidget):
    """Checks, one on a line: outcome, what, and what was found.

    Args:
        theme: measures and colours.
        name: for screen readers.
    """

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        self.setColumnCount(3)
        self.setHeaderLabels([self.tr("Result"), self.tr("Checked"), self.tr("Found")])
        self.setRootIsDecorated(False)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setColumnWidth(0, theme.space(28))
        self.setColumnWidth(1, theme.space(64))
        self.header().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """What is shown: (result, checked, found)."""
        items = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        return [(i.text(0), i.text(1), i.text(2)) for i in items if i is not None]

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show what was checked."""
        self.clear()
        words = {
            "pass": self.tr("○  pass"),
            "fail": self.tr("▲  FAIL"),
            "not_checked": self.tr("–  not checked"),
        }
        for check in checks:
            item = QTreeWidgetItem(
                [words[check.outcome], printable(check.name), printable(check.detail)]
            )
            item.setToolTip(2, printable(check.detail))
            for column in range(3):
                item.setTextAlignment(
                    column, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
                )
            if check.outcome == "fail":
                item.setForeground(0, QBrush(self._theme.band_colour(Outcome.AI)))
                font = item.font(0)
                font.setBold(True)
                item.setFont(0, font)
            self.addTopLevelItem(item)


class OutcomeDialog(QDialog):
    """A result in one sentence, and a table that can be copied.

    Args:
        title: of the window.
        said: the result in one sentence.
        view: the table.
        theme: measures.
        parent: the window.
    """

    def __init__(
        self, title: str, said: str, view: QTreeWidget, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.said, self.view = said, view
        self.setWindowTitle(title)
        self.resize(theme.space(WIDTH_STEPS), theme.space(HEIGHT_STEPS))
        copy = QPushButton(self.tr("Copy"))
        copy.setAccessibleName(self.tr("Copy these results"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(_as_text(said, view)))
        close = QPushButton(self.tr("Close"))
        close.setAccessibleName(self.tr("Close these results"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch()
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        edge = theme.space(4)
        layout.setContentsMargins(edge, edge, edge, edge)
        layout.setSpacing(theme.space(3))
        layout.addWidget(label(said, "verdict", wrap=True))
        layout.addWidget(view, 1)
        layout.addLayout(buttons)


class Rechecks(QTreeWidget):
    """Examinations that were run again; below each, every value that was compared.

    Args:
        found: what was found.
        names: examination number -> the exhibit in words.
        theme: measures and colours.
    """

    def __init__(self, found: Sequence[Recheck], names: dict[int, str], theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Examinations that were run again"))
        self.setHeaderLabels(
            [
                self.tr("Examination"),
                self.tr("Result"),
                self.tr("Then"),
                self.tr("Now"),
                self.tr("Apart"),
                self.tr("Allowed"),
            ]
        )
        for column, steps in enumerate((80, 32, 30, 30, 22, 22)):
            self.setColumnWidth(column, theme.space(steps))
        strong = QBrush(theme.band_colour(Outcome.AI))
        for recheck in found:
            name = names.get(recheck.examination, "") or str(recheck.examination)
            top = QTreeWidgetItem([name, self._result(recheck)])
            self.addTopLevelItem(top)
            if recheck.failure:
                self._add_note(top, recheck.failure)
            for each in recheck.differences:
                top.addChild(self._difference(each, strong))
            for change in recheck.changes:
                self._add_note(top, self.tr("not as then: {change}").format(change=change))
            if not recheck.agrees:
                top.setForeground(1, strong)
                top.setExpanded(True)
        if len(found) == 1:
            self.expandAll()

    def _result(self, recheck: Recheck) -> str:
        if recheck.failure:
            return self.tr("not repeated")
        return self.tr("agrees") if recheck.agrees else self.tr("DIFFERS")

    def _difference(self, each: Difference, strong: QBrush) -> QTreeWidgetItem:
        item = QTreeWidgetItem(
            [
                each.name,
                self.tr("within") if each.within else self.tr("DIFFERS"),
                printable(each.before),
                printable(each.now),
                "" if each.difference is None else f"{each.difference:.3g}",
                self.tr("equal") if each.allowed is None else f"{each.allowed:.3g}",
            ]
        )
        if not each.within:
            item.setForeground(1, strong)
        return item

    def _add_note(self, top: QTreeWidgetItem, text: str) -> None:
        item = QTreeWidgetItem([printable(text)])
        top.addChild(item)
        item.setFirstColumnSpanned(True)


def _as_text(said: str, view: QTreeWidget) -> str:
    lines = [said]

    def add(item: QTreeWidgetItem, depth: int) -> None:
        cells = [item.text(column) for column in range(view.columnCount())]
        lines.append("  " * depth + "\t".join(cell for cell in cells if cell))
        for row in range(item.childCount()):
            child = item.child(row)
            if child is not None:
                add(child, depth + 1)

    for row in range(view.topLevelItemCount()):
        top = view.topLevelItem(row)
        if top is not None:
            add(top, 0)
    return "\n".join(lines)

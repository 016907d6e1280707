"""All keys on one sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.style import Theme

ROWS = 20
"""Of a column, at most: the sheet fits a screen of 768 px."""


class ShortcutsDialog(QDialog):
    """Every action that has a key, a column for each place.

    Args:
        groups: (title, actions) of each column.
        theme: measures.
        parent: the window.
    """

    def __init__(
        self, groups: Sequence[tuple[str, Iterable[QAction]]], theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.setAccessibleName(self.tr("Keys"))
        self.groups = [(title, _rows(actions)) for title, actions in groups]
        self.groups[-1][1].extend(
            [
                (self.tr("Space, middle button"), self.tr("Move the picture")),
                (self.tr("Wheel"), self.tr("Zoom at the pointer")),
                (self.tr("Shift+Arrows"), self.tr("Move the line of Swipe")),
            ]
        )
        space = theme.space
        columns = QHBoxLayout()
        columns.setSpacing(space(8))
        for title, rows in self.groups:
            columns.addLayout(self._column(title, rows, theme))
        close = QPushButton(self.tr("Close"))
        close.setAccessibleName(self.tr("Close the sheet of keys"))
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space(6), space(5), space(6), space(5))
        layout.setSpacing(space(4))
        layout.addLayout(columns)
        layout.addLayout(foot)

    def _column(self, title: str, rows: Iterable[tuple[str, str]], theme: Theme) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(3))
        grid.setVerticalSpacing(theme.space(1))
        head = QLabel(title)
        head.setObjectName("title")
        grid.addWidget(head, 0, 0, 1, 2)
        for index, (keys, what) in enumerate(rows):
            column, row = divmod(index, ROWS)
            chip = QLabel(keys)
            chip.setObjectName("chip")
            grid.addWidget(chip, row + 1, 2 * column, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(QLabel(what), row + 1, 2 * column + 1)
        grid.setRowStretch(ROWS + 1, 1)
        return grid


def _rows(actions: Iterable[QAction]) -> list[tuple[str, str]]:
    """Return (keys, words) of actions that have keys; a run of digits becomes one row."""
    native = QKeySequence.SequenceFormat.NativeText
    rows: list[tuple[str, str]] = []
    digits: list[str] = []
    for action in actions:
        keys = ", ".join(each.toString(native) for each in action.shortcuts())
        if keys.isdecimal():
            digits.append(keys)
        elif keys:
            words = action.text().replace("&", "").rstrip(" …").partition(":")[0]
            rows.append((keys, words))
    if digits:
        rating = QCoreApplication.translate("ShortcutsDialog", "Rating")
        rows.append((f"{min(digits)} – {max(digits)}", rating))
    return rows

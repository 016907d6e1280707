"""All keys on one sheet."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
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

COLUMNS = 3


class ShortcutsDialog(QDialog):
    """Every action that has a key, with the keys.

    Args:
        actions: all there are.
        theme: measures.
        parent: the window.
    """

    def __init__(self, actions: Iterable[QAction], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.setAccessibleName(self.tr("Keys"))
        self.rows = [
            (_keys(action), action.text().replace("&", "").rstrip(" …"))
            for action in actions
            if action.shortcuts()
        ]
        self.rows += [
            (self.tr("Space, middle button"), self.tr("Move the picture")),
            (self.tr("Wheel"), self.tr("Zoom at the pointer")),
            (self.tr("Shift+Arrows"), self.tr("Move the line of Swipe")),
        ]
        space = theme.space
        title = QLabel(self.tr("Keys"))
        title.setObjectName("verdict")
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(3))
        grid.setVerticalSpacing(space(1))
        height = -(-len(self.rows) // COLUMNS)
        for index, (keys, what) in enumerate(self.rows):
            column, row = divmod(index, height)
            chip = QLabel(keys)
            chip.setObjectName("chip")
            grid.addWidget(chip, row, 3 * column, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(QLabel(what), row, 3 * column + 1)
        for column in range(COLUMNS - 1):
            grid.setColumnMinimumWidth(3 * column + 2, space(4))
        close = QPushButton(self.tr("Close"))
        close.setAccessibleName(self.tr("Close the sheet of keys"))
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space(6), space(5), space(6), space(5))
        layout.setSpacing(space(4))
        layout.addWidget(title)
        layout.addLayout(grid)
        layout.addLayout(foot)


def _keys(action: QAction) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(keys.toString(native) for keys in action.shortcuts())

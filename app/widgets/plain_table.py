"""Tables of plain rows, as the case shows them: whole rows are chosen, nothing is edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app.style import Theme

ROOT = QModelIndex()
"""A table's invisible parent; never changed."""

ROW_STEPS = 6

HASH_SHOWN = 16
"""Hex digits of a hash in a table; all of them are in its tool tip."""

Row = TypeVar("Row")


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Rows as a table sees them; a subclass says what stands in a cell, and in which colour.

    Args:
        theme: colours and sizes.
        code: the column that is set in the font for code.
        right: columns of numbers, which end at the right.
        parent: owns the model.
    """

    def __init__(
        self,
        theme: Theme,
        *,
        code: int,
        right: frozenset[int] = frozenset(),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.heads: tuple[str, ...] = ()
        """Names of the columns; set once by a subclass, in its own words."""
        self.rows: tuple[Row, ...] = ()
        self._code, self._right = code, right

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def text(self, row: Row, column: int) -> str:
        """Return what stands in a cell."""
        raise NotImplementedError

    def tip(self, row: Row, column: int) -> str | None:
        """Return a cell's tool tip, None for none."""
        raise NotImplementedError

    def colour(self, row: Row, column: int) -> QColor | None:
        """Return a cell's colour, None for that of the text."""
        raise NotImplementedError

    def rowCount(  # noqa: N802 - Qt's name
        self, parent: QModelIndex | QPersistentModelIndex = ROOT
    ) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(  # noqa: N802 - Qt's name
        self, parent: QModelIndex | QPersistentModelIndex = ROOT
    ) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.heads)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the name of a column."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.heads[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section in self._right:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return one cell."""
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tip(row, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self.colour(row, column)
        if role == Qt.ItemDataRole.FontRole and column == self._code:
            font = QFont("IBM Plex Mono")
            font.setPixelSize(self.theme.tokens.type.small)
            return font
        if role == Qt.ItemDataRole.TextAlignmentRole and column in self._right:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


def make_table(
    model: QAbstractTableModel, theme: Theme, widths: Mapping[int, int], wide: int
) -> QTableView:
    """Return a table; its names for those who do not see it are left to the caller.

    Args:
        model: what it shows.
        theme: measures.
        widths: column -> width in steps of the tokens.
        wide: the column that takes what is left.
    """
    view = QTableView()
    view.setModel(model)
    view.setShowGrid(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setTabKeyNavigation(False)
    view.setWordWrap(False)
    view.verticalHeader().hide()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(theme.space(ROW_STEPS))
    header = view.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setHighlightSections(False)
    for column, steps in widths.items():
        view.setColumnWidth(column, theme.space(steps))
    header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
    theme.changed.connect(view.viewport().update)
    return view

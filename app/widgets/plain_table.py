"""Tables of plain rows, as the case shows them: whole rows are chosen, nothing is edited."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app.style import Theme

ROW_STEPS = 6


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

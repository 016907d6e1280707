"""The files that were not examined, each with its reason."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.exhibits import Exhibit, printable
from app.style import Theme


class FailuresDialog(QDialog):
    """A table of failures; choosing one shows it in the window.

    Args:
        failed: exhibits in the state FAILED.
        theme: measures.
        parent: the window.
    """

    chosen = Signal(object)
    """The path of a row that was activated."""
    retry_asked = Signal()
    """To try all of them again."""

    def __init__(self, failed: tuple[Exhibit, ...], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Files that were not examined"))
        self.resize(theme.space(190), theme.space(100))
        self.table = QTableWidget(len(failed), 2)
        self.table.setAccessibleName(self.tr("Files that were not examined, with the reason"))
        self.table.setHorizontalHeaderLabels([self.tr("File"), self.tr("Why, and what to do")])
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.table.setColumnWidth(0, theme.space(60))
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self._paths = tuple(exhibit.path for exhibit in failed)
        self._text = self._fill(failed)
        self.table.resizeRowsToContents()
        self.table.itemActivated.connect(self._activated)
        self.copy = QPushButton(self.tr("Copy the list"))
        self.copy.setAccessibleName(self.tr("Copy the list of failures"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        self.retry = QPushButton(self.tr("Try all again"))
        self.retry.setAccessibleName(self.tr("Try all files of the list again"))
        self.retry.setToolTip(self.tr("After you restored or mended them"))
        self.retry.clicked.connect(self._retry)
        close = QPushButton(self.tr("Close"))
        close.setAccessibleName(self.tr("Close the list of failures"))
        close.clicked.connect(self.accept)
        close.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addWidget(self.retry)
        buttons.addStretch()
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.space(3))
        layout.addWidget(self.table)
        layout.addLayout(buttons)

    def can_retry(self, can: bool) -> None:
        """Say whether the case can take new results."""
        self.retry.setEnabled(can and bool(self._paths))

    def _retry(self) -> None:
        self.retry_asked.emit()
        self.accept()

    def _fill(self, failed: tuple[Exhibit, ...]) -> str:
        lines = []
        for row, exhibit in enumerate(failed):
            failure = exhibit.examination.failure if exhibit.examination else None
            message = failure.message if failure else ""
            self.table.setItem(row, 0, QTableWidgetItem(exhibit.name))
            self.table.setItem(row, 1, QTableWidgetItem(printable(message)))
            lines.append(f"{printable(exhibit.path)}\t{printable(message)}")
        return "\n".join(lines)

    def _activated(self, item: QTableWidgetItem) -> None:
        self.chosen.emit(self._paths[item.row()])

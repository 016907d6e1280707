"""The findings of the chosen exhibit, grouped by how they are known."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeView,
    QVBoxLayout,
)

from app.engine_door import FindingGroup, FindingPhrase
from app.stage import Result
from app.style import Theme
from engine.types import Region

FINDING_ID = Qt.ItemDataRole.UserRole
"""Role that holds a finding's id in the first column."""


class FindingsPanel(QFrame):
    """A table with a heading for each status.

    Args:
        theme: measures and colours.
    """

    pointed = Signal(object)
    """Regions of the chosen finding."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._regions: dict[str, tuple[Region, ...]] = {}
        self.setObjectName("panel")
        self.model = QStandardItemModel(0, 3, self)
        self.view = QTreeView()
        self.view.setAccessibleName(self.tr("Findings by status"))
        self.view.setModel(self.model)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setUniformRowHeights(True)
        self.view.setRootIsDecorated(False)
        self.view.setIndentation(theme.space(3))
        self.view.setItemsExpandable(False)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.header().setAccessibleName(self.tr("Columns of the findings"))
        self.note = QLabel()
        self.note.setObjectName("muted")
        self._lay_out()
        self.view.selectionModel().currentRowChanged.connect(self._row_changed)
        self.show_nothing("")

    def show_nothing(self, text: str) -> None:
        """Show no findings, and why."""
        self._fill(())
        self._regions = {}
        self.note.setText(text)

    def show_result(self, result: Result) -> None:
        """Show the findings of a result."""
        self._regions = {f.id: f.regions for f in result.examination.findings}
        self._fill(result.phrases.findings)
        count = len(result.examination.findings)
        self.note.setText(
            self.tr("{count} in all").format(count=count) if count else self.tr("none")
        )

    def go_to(self, finding_id: str) -> None:
        """Choose a finding and scroll to it."""
        for group in range(self.model.rowCount()):
            heading = self.model.item(group)
            for row in range(heading.rowCount()):
                item = heading.child(row)
                if item.data(FINDING_ID) == finding_id:
                    self.view.setCurrentIndex(item.index())
                    self.view.scrollTo(item.index())
                    return

    def _fill(self, groups: tuple[FindingGroup, ...]) -> None:
        self.model.clear()
        self.model.setHorizontalHeaderLabels(
            [self.tr("Finding"), self.tr("Value"), self.tr("Meaning")]
        )
        header = self.view.header()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setStretchLastSection(False)
        for column, width in ((0, 50), (1, 34)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, self._theme.space(width))
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        for group in groups:
            self._add_group(group)
        self.view.expandAll()

    def _add_group(self, group: FindingGroup) -> None:
        heading = QStandardItem(f"{group.title}  ·  {group.meaning}")
        heading.setFont(self._theme.font(self._theme.tokens.type.small + 1, strong=True))
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        for finding in group.findings:
            heading.appendRow(self._row(finding))
        self.model.appendRow(heading)
        self.view.setFirstColumnSpanned(heading.row(), QModelIndex(), True)

    def _row(self, finding: FindingPhrase) -> list[QStandardItem]:
        items = [
            QStandardItem(text)
            for text in (
                f"{finding.id}   {finding.name}",
                finding.value,
                finding.meaning,
            )
        ]
        items[0].setData(finding.id, FINDING_ID)
        tip = "\n".join(part for part in (finding.meaning, finding.where, finding.source) if part)
        for item in items:
            item.setToolTip(tip)
        return items

    def _row_changed(self, current: QModelIndex) -> None:
        kept = current.siblingAtColumn(0).data(FINDING_ID) if current.isValid() else None
        self.pointed.emit(self._regions.get(str(kept), ()))

    def _lay_out(self) -> None:
        space = self._theme.space
        title = QLabel(self.tr("FINDINGS"))
        title.setObjectName("section")
        head = QHBoxLayout()
        head.setContentsMargins(space(3), space(2), space(3), space(1))
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self.note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        table = QHBoxLayout()
        table.setContentsMargins(space(2), 0, space(1), space(1))
        table.addWidget(self.view)
        layout.addLayout(table, 1)

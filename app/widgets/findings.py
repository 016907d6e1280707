"""The findings of the chosen exhibit, grouped by how they are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QGuiApplication,
    QKeySequence,
    QShortcut,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QTreeView,
    QVBoxLayout,
)

from app.engine_door import FindingGroup, FindingPhrase
from app.sayings import said
from app.stage import Result
from app.style import Theme
from engine.types import Region, Status

FINDING_ID = Qt.ItemDataRole.UserRole
"""Role that holds a finding's id in the first column."""

SHOW_COLUMN = 3
"""Where a finding with a map or a view can be shown."""


class FindingsPanel(QFrame):
    """A table with a heading for each status.

    Args:
        theme: measures and colours.
    """

    pointed = Signal(object)
    """Regions of the chosen finding."""
    finding_pointed = Signal(object)
    """Id of the chosen finding, or None."""
    help_asked = Signal(str)
    """Name of the method that is to be explained."""
    show_asked = Signal(str)
    """Name of the method whose map or view is to be shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._regions: dict[str, tuple[Region, ...]] = {}
        self._analysers: dict[str, str] = {}
        self._groups: tuple[FindingGroup, ...] = ()
        self._tracers: frozenset[str] = frozenset()
        self._lit: frozenset[str] = frozenset()
        self._nothing = ""
        self.setObjectName("panel")
        self.model = QStandardItemModel(0, 4, self)
        self._make_view()
        self._make_filter()
        self.note = QLabel()
        self.note.setObjectName("muted")
        self._lay_out()
        theme.changed.connect(self._fill)
        self.show_nothing("")

    def show_nothing(self, text: str) -> None:
        """Show no findings, and why."""
        self._groups, self._regions, self._analysers = (), {}, {}
        self._lit = frozenset()
        self._nothing = text
        self._fill()

    def show_result(self, result: Result) -> None:
        """Show the findings of a result."""
        findings = result.examination.findings
        self._regions = {f.id: f.regions for f in findings}
        self._analysers = {f.id: f.analyser for f in findings}
        self._groups = result.phrases.findings
        self._nothing = self.tr("none")
        self._fill()

    def show_tracers(self, names: frozenset[str]) -> None:
        """Take the methods whose maps or views can be shown."""
        self._tracers = names
        self._fill()

    def go_to(self, finding_id: str) -> None:
        """Choose a finding and scroll to it; a filter that hides it is taken away."""
        if self._item(finding_id) is None:
            self.status.setCurrentIndex(0)
            self.words.clear()
        item = self._item(finding_id)
        if item is not None:
            self.view.setCurrentIndex(item.index())
            self.view.scrollTo(item.index())

    def light(self, ids: Iterable[str]) -> None:
        """Mark findings that are pointed at from elsewhere; none marks nothing."""
        lit = frozenset(ids)
        if lit == self._lit:
            return
        self._lit = lit
        colour = QBrush(QColor(self._theme.colours.selected))
        for row in self._rows():
            marked = row[0].data(FINDING_ID) in lit
            for item in row:
                item.setBackground(colour if marked else QBrush())

    def of_regions(self, regions: Iterable[Region]) -> frozenset[str]:
        """Return the ids of the findings that speak of one of these places."""
        wanted = set(regions)
        return frozenset(each for each, places in self._regions.items() if wanted & set(places))

    def copy(self) -> None:
        """Put what is shown on the clipboard, a line a finding, columns parted by tabs."""
        lines = ["\t".join((self.tr("Finding"), self.tr("Value"), self.tr("Meaning")))]
        lines += ["\t".join(item.text() for item in row[:SHOW_COLUMN]) for row in self._rows()]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _rows(self) -> Iterator[list[QStandardItem]]:
        for group in range(self.model.rowCount()):
            heading = self.model.item(group)
            for row in range(heading.rowCount()):
                yield [heading.child(row, column) for column in range(self.model.columnCount())]

    def _item(self, finding_id: str) -> QStandardItem | None:
        return next((row[0] for row in self._rows() if row[0].data(FINDING_ID) == finding_id), None)

    def _fill(self) -> None:
        self.model.clear()
        self.model.setHorizontalHeaderLabels(
            [self.tr("Finding"), self.tr("Value"), self.tr("Meaning"), ""]
        )
        header = self.view.header()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setStretchLastSection(False)
        for column, steps in ((0, 50), (1, 34), (SHOW_COLUMN, 14)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, self._theme.space(steps))
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        shown = 0
        for group in self._groups:
            kept = [each for each in group.findings if self._passes(group, each)]
            if kept:
                self._add_group(group, kept)
                shown += len(kept)
        self.view.expandAll()
        total = len(self._regions)
        self.copy_button.setEnabled(shown > 0)
        if not total:
            self.note.setText(self._nothing)
        elif shown == total:
            self.note.setText(self.tr("{count} in all").format(count=total))
        else:
            words = self.tr("{shown} of {count}")
            self.note.setText(words.format(shown=shown, count=total))

    def _passes(self, group: FindingGroup, finding: FindingPhrase) -> bool:
        status = self.status.currentData()
        if status is not None and group.status != status:
            return False
        words = self.words.text().casefold().split()
        text = " ".join(
            (finding.id, finding.name, finding.value, finding.meaning, finding.where)
        ).casefold()
        return all(word in text for word in words)

    def _add_group(self, group: FindingGroup, findings: Iterable[FindingPhrase]) -> None:
        heading = QStandardItem(f"{said(group.title)}  ·  {said(group.meaning)}")
        heading.setFont(self._theme.font(self._theme.tokens.type.small + 1, strong=True))
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        for finding in findings:
            heading.appendRow(self._row(finding))
        self.model.appendRow(heading)
        self.view.setFirstColumnSpanned(heading.row(), QModelIndex(), True)

    def _row(self, finding: FindingPhrase) -> list[QStandardItem]:
        shows = self._analysers.get(finding.id) in self._tracers
        items = [
            QStandardItem(text)
            for text in (
                f"{finding.id}   {finding.name}",
                finding.value,
                finding.meaning,
                self.tr("Show") if shows else "",
            )
        ]
        items[0].setData(finding.id, FINDING_ID)
        tip = "\n".join(part for part in (finding.meaning, finding.where, finding.source) if part)
        for item in items:
            item.setToolTip(tip)
        if shows:
            font = self._theme.font(self._theme.tokens.type.body)
            font.setUnderline(True)
            items[SHOW_COLUMN].setFont(font)
            items[SHOW_COLUMN].setForeground(QColor(self._theme.colours.accent))
            items[SHOW_COLUMN].setToolTip(self.tr("Compute it and lay it over the picture"))
        return items

    def _row_changed(self, current: QModelIndex) -> None:
        kept = current.siblingAtColumn(0).data(FINDING_ID) if current.isValid() else None
        self.pointed.emit(self._regions.get(str(kept), ()))
        self.finding_pointed.emit(kept)
        self.help_button.setEnabled(str(kept) in self._analysers)

    def _ask_for_help(self) -> None:
        kept = self.view.currentIndex().siblingAtColumn(0).data(FINDING_ID)
        self.help_asked.emit(self._analysers.get(str(kept), ""))

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == SHOW_COLUMN:
            self._activated(index)

    def _activated(self, index: QModelIndex) -> None:
        name = self._analysers.get(str(index.siblingAtColumn(0).data(FINDING_ID)), "")
        if name in self._tracers:
            self.show_asked.emit(name)

    def _make_view(self) -> None:
        self.view = QTreeView()
        self.view.setAccessibleName(self.tr("Findings by status"))
        self.view.setModel(self.model)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setUniformRowHeights(True)
        self.view.setRootIsDecorated(False)
        self.view.setIndentation(self._theme.space(3))
        self.view.setItemsExpandable(False)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.header().setAccessibleName(self.tr("Columns of the findings"))
        self.view.selectionModel().currentRowChanged.connect(self._row_changed)
        self.view.clicked.connect(self._clicked)
        self.view.activated.connect(self._activated)

    def _make_filter(self) -> None:
        self.status = QComboBox()
        self.status.setAccessibleName(self.tr("Show findings by status"))
        self.status.addItem(self.tr("Every status"), None)
        for status, name in (
            (Status.OBSERVED, self.tr("Observed")),
            (Status.DERIVED, self.tr("Derived")),
            (Status.INFERRED, self.tr("Inferred")),
            (Status.NOT_AVAILABLE, self.tr("Not available")),
            (Status.FAILED, self.tr("Failed")),
        ):
            self.status.addItem(name, status)
        self.status.currentIndexChanged.connect(self._fill)
        self.words = QLineEdit()
        self.words.setObjectName("tag_field")
        self.words.setAccessibleName(self.tr("Filter findings by words"))
        self.words.setPlaceholderText(self.tr("filter"))
        self.words.setClearButtonEnabled(True)
        for button in self.words.findChildren(QToolButton):
            button.setAccessibleName(self.tr("Clear the filter"))
        self.words.setFixedWidth(self._theme.space(36))
        self.words.textChanged.connect(self._fill)
        self.copy_button = QPushButton(self.tr("Copy"))
        self.copy_button.setAccessibleName(self.tr("Copy the findings that are shown"))
        self.copy_button.setToolTip(self.tr("Copy what is shown as a table (Ctrl+C)"))
        self.copy_button.clicked.connect(self.copy)
        self.help_button = QPushButton(self.tr("About this method"))
        self.help_button.setObjectName("link")
        self.help_button.setAccessibleName(self.tr("About the method of the chosen finding"))
        self.help_button.setToolTip(self.tr("Principle, what to look for, what to ignore"))
        self.help_button.clicked.connect(self._ask_for_help)
        self.help_button.setEnabled(False)
        context = Qt.ShortcutContext.WidgetShortcut
        QShortcut(QKeySequence.StandardKey.Copy, self.view, self.copy, context=context)

    def _lay_out(self) -> None:
        space = self._theme.space
        head = QHBoxLayout()
        head.setContentsMargins(space(3), space(1), space(3), space(1))
        head.setSpacing(space(2))
        for widget in (self.status, self.words):
            head.addWidget(widget)
        head.addStretch()
        head.addWidget(self.note)
        head.addWidget(self.help_button)
        head.addWidget(self.copy_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        table = QHBoxLayout()
        table.setContentsMargins(space(2), 0, space(1), space(1))
        table.addWidget(self.view)
        layout.addLayout(table, 1)

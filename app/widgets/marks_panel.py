"""What the examiner set on the exhibit: drawings, bookmarks and notes, to be found and changed."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeView,
    QVBoxLayout,
)

from app.exhibits import printable
from app.style import Theme
from engine.mark_types import Annotation, Bookmark, Note, Standing
from engine.mark_words import Retractable, Shape

MARK = Qt.ItemDataRole.UserRole
"""Role of the first column that holds (kind, id)."""


class MarksPanel(QFrame):
    """A table; choosing a row shows what it is about.

    Args:
        theme: measures.
    """

    chosen = Signal(object)
    """The Annotation, Bookmark or Note of the chosen row, or None."""
    edit_asked = Signal(object)
    """The Annotation or Note that is to be worded anew."""
    removal_asked = Signal(str, int)
    """Kind and id of what is to be taken back."""
    note_asked = Signal()
    """A new note is to be written."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("panel")
        self._marks: dict[tuple[str, int], Annotation | Bookmark | Note] = {}
        self.model = QStandardItemModel(0, 4, self)
        self.view = QTreeView()
        self.view.setAccessibleName(self.tr("Marks of the examiner"))
        self.view.setModel(self.model)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setUniformRowHeights(True)
        self.view.setRootIsDecorated(False)
        self.view.header().setAccessibleName(self.tr("Columns of the marks"))
        self.view.activated.connect(self._activated)
        self.view.selectionModel().currentRowChanged.connect(self._row_changed)
        self.empty = QLabel(
            self.tr(
                "Nothing is marked. Draw with Shift+B, Shift+A or Shift+T, keep a view with "
                "Ctrl+D, write about the verdict with V."
            )
        )
        self.empty.setObjectName("muted")
        self.empty.setWordWrap(True)
        self.note_button = QPushButton(self.tr("Note on the verdict …"))
        self.note_button.setAccessibleName(self.tr("Write a note on the verdict"))
        self.note_button.setToolTip(self.tr("Write a note on the verdict (V)"))
        self.note_button.clicked.connect(self.note_asked)
        self.edit_button = QPushButton(self.tr("Edit …"))
        self.edit_button.setAccessibleName(self.tr("Word the chosen mark anew"))
        self.edit_button.setToolTip(self.tr("Word it anew; what was said before is kept (Enter)"))
        self.edit_button.clicked.connect(lambda: self._activated(self.view.currentIndex()))
        self.remove_button = QPushButton(self.tr("Take back"))
        self.remove_button.setAccessibleName(self.tr("Take the chosen mark back"))
        self.remove_button.setToolTip(self.tr("It stays in the log and can be undone (Delete)"))
        self.remove_button.clicked.connect(self._remove)
        self._lay_out()
        self.show_marks(0, None, can_write=False)

    @property
    def mark(self) -> tuple[Retractable, int] | None:
        """Kind and id of the chosen row."""
        index = self.view.currentIndex()
        kept = index.siblingAtColumn(0).data(MARK) if index.isValid() else None
        return (kept[0], int(kept[1])) if kept else None

    def show_marks(self, exhibit: int, standing: Standing | None, *, can_write: bool) -> None:
        """Show what holds for an exhibit; None for no exhibit."""
        before = self.mark
        self.model.clear()
        self._marks.clear()
        heads = [self.tr("No."), self.tr("What"), self.tr("Where"), self.tr("Said of it")]
        self.model.setHorizontalHeaderLabels(heads)
        header = self.view.header()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setStretchLastSection(True)
        for column, steps in ((0, 14), (1, 26), (2, 54)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, self._theme.space(steps))
        if standing is not None:
            self._add_all(exhibit, standing)
        self.empty.setVisible(self.model.rowCount() == 0)
        self.view.setVisible(self.model.rowCount() > 0)
        self.note_button.setEnabled(can_write and standing is not None)
        self._can_write = can_write
        self._enable()
        if before is not None:
            self._choose(before)

    def choose_drawing(self, number: int | None) -> None:
        """Choose the row of a drawing, or none."""
        if number is None:
            self.view.setCurrentIndex(QModelIndex())
        else:
            self._choose(("annotation", number))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take the chosen mark back with Delete."""
        if event.key() == Qt.Key.Key_Delete and self.mark is not None:
            self._remove()
        else:
            super().keyPressEvent(event)

    def _add_all(self, exhibit: int, standing: Standing) -> None:
        shapes = {
            Shape.BOX: self.tr("box"), Shape.ARROW: self.tr("arrow"), Shape.TEXT: self.tr("text"),
        }  # fmt: skip
        drawn = [each for each in standing.annotations if each.exhibit == exhibit]
        for number, each in enumerate(drawn, 1):
            self._add("annotation", each, str(number), shapes[each.shape], _place(each), each.text)
        for kept in standing.bookmarks:
            if kept.exhibit == exhibit:
                region = kept.region
                where = self.tr("whole picture")
                if region is not None:
                    where = f"x {region.x}, y {region.y}, {region.w} × {region.h} px"
                self._add("bookmark", kept, "", self.tr("bookmark"), where, kept.name)
        for note in standing.notes:
            if note.exhibit == exhibit:
                on = self.tr("verdict") if note.examination is not None else self.tr("exhibit")
                self._add("note", note, "", self.tr("note"), on, note.text)

    def _add(self, kind: Retractable, mark: Annotation | Bookmark | Note, *texts: str) -> None:
        row = [QStandardItem(printable(" ".join(text.split()))) for text in texts]
        row[0].setData((kind, mark.id), MARK)
        by = self.tr("{author}, {time}").format(
            author=printable(mark.author), time=mark.written_utc.replace("T", " ")[:19] + " UTC"
        )
        for item in row:
            item.setToolTip(f"{printable(texts[-1])}\n{by}".strip())
        self.model.appendRow(row)
        self._marks[kind, mark.id] = mark

    def _choose(self, mark: tuple[str, int]) -> None:
        for row in range(self.model.rowCount()):
            kept = self.model.item(row, 0).data(MARK)
            if tuple(kept) == mark:
                self.view.setCurrentIndex(self.model.index(row, 0))
                return

    def _row_changed(self) -> None:
        self._enable()
        mark = self.mark
        self.chosen.emit(self._marks.get(mark) if mark is not None else None)

    def _activated(self, _index: QModelIndex) -> None:
        mark = self._marks.get(self.mark) if self.mark is not None else None
        if isinstance(mark, Annotation | Note) and self._can_write:
            self.edit_asked.emit(mark)

    def _remove(self) -> None:
        mark = self.mark
        if mark is not None and self._can_write:
            self.removal_asked.emit(*mark)

    def _enable(self) -> None:
        mark = self.mark
        self.remove_button.setEnabled(mark is not None and self._can_write)
        self.edit_button.setEnabled(mark is not None and mark[0] != "bookmark" and self._can_write)

    def _lay_out(self) -> None:
        space = self._theme.space
        buttons = QHBoxLayout()
        buttons.setContentsMargins(space(3), space(1), space(3), space(1))
        buttons.setSpacing(space(2))
        for button in (self.note_button, self.edit_button, self.remove_button):
            buttons.addWidget(button)
        buttons.addStretch()
        self.empty.setContentsMargins(space(3), space(2), space(3), space(2))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(buttons)
        layout.addWidget(self.empty)
        table = QHBoxLayout()
        table.setContentsMargins(space(2), 0, space(1), space(1))
        table.addWidget(self.view)
        layout.addLayout(table, 1)


def _place(drawn: Annotation) -> str:
    (x0, y0), (x1, y1) = drawn.start, drawn.end
    if drawn.shape is Shape.BOX:
        return f"x {x0}, y {y0}, {x1 - x0} × {y1 - y0} px"
    if drawn.shape is Shape.ARROW:
        return f"{x0}, {y0} → {x1}, {y1}"
    return f"x {x0}, y {y0}"

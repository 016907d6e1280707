"""The open set: one row a file, and the order in which the list shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.arranging import Arrangement, GroupBy, Order, Section, Show, arranged, fits
from app.row import Exhibit, State, display_name, p_text, printable, said, state_text, tip
from engine.case_types import ExhibitState
from engine.types import Examination, Outcome

__all__ = [
    "Exhibit",
    "ExhibitModel",
    "Order",
    "Role",
    "Show",
    "State",
    "display_name",
    "p_text",
    "printable",
    "state_text",
]

ROOT = QModelIndex()
"""The list's invisible parent; never changed."""

BY_RESULT = (
    Order.HIGHEST, Order.LOWEST, Order.SIZE,
    GroupBy.VERDICT, GroupBy.GENERATOR, GroupBy.NEAR,
)  # fmt: skip
"""Orders and groups that a result can change."""


class Role(IntEnum):
    """What the list asks for besides the display text."""

    EXHIBIT = Qt.ItemDataRole.UserRole
    """The Exhibit."""


class ExhibitModel(QAbstractListModel):
    """The open set as the list sees it. Rows never move while results come in."""

    emptied = Signal()
    """The set was closed."""
    counted = Signal()
    """The number of rows, or of rows in a state, changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[Exhibit] = []
        self._by_path: dict[str, int] = {}
        self._shown: list[int] = []
        self._place: dict[int, int] = {}
        self._states: Counter[State] = Counter()
        self._outcomes: Counter[Outcome | None] = Counter()
        self._edited = 0
        self._folders: set[str] = set()
        self._choice = Arrangement()
        self._sections: list[Section] = []
        self._late = False
        self._moved: set[int] = set()
        """Rows that may belong elsewhere since they were arranged."""

    def rowCount(  # noqa: N802 - Qt's name
        self, parent: QModelIndex | QPersistentModelIndex = ROOT
    ) -> int:
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the exhibit, or its texts for the list and for screen readers."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        exhibit = self._all[self._shown[index.row()]]
        if role == Role.EXHIBIT:
            return exhibit
        if role == Qt.ItemDataRole.DisplayRole:
            return exhibit.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(exhibit)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{exhibit.name}, {said(exhibit)}"
        return None

    def roleNames(self) -> dict[int, QByteArray]:  # noqa: N802 - Qt's name
        """Return Qt's roles with the exhibit's own."""
        return {**super().roleNames(), int(Role.EXHIBIT): QByteArray(b"exhibit")}

    @property
    def total(self) -> int:
        """Files in the set, shown or not."""
        return len(self._all)

    @property
    def choice(self) -> Arrangement:
        """Which rows are shown, in which order and groups."""
        return self._choice

    @property
    def sections(self) -> tuple[Section, ...]:
        """What stands together, in order; their counts add up to the rows that are shown."""
        return tuple(self._sections)

    @property
    def unsorted(self) -> int:
        """Files that may belong elsewhere since rows were arranged."""
        return len(self._moved)

    def count(self, state: State) -> int:
        """Return how many files are in a state."""
        return self._states[state]

    @property
    def _by_result(self) -> bool:
        """Whether a result may move its row."""
        return self._choice.order in BY_RESULT or self._choice.group in BY_RESULT

    def tally(self, show: Show) -> int:
        """Return how many files a choice by verdict or state would show."""
        if show is Show.ALL:
            return self.total
        if show is Show.FAILED:
            return self._states[State.FAILED]
        if show is Show.OPEN:
            return self._states[State.WAITING] + self._states[State.EXAMINING]
        if show is Show.EDITED:
            return self._edited
        return self._outcomes[Outcome(show.value)]

    def exhibit(self, path: str) -> Exhibit | None:
        """Return the exhibit of a path."""
        row = self._by_path.get(path)
        return None if row is None else self._all[row]

    def at(self, index: QModelIndex | QPersistentModelIndex) -> Exhibit | None:
        """Return the exhibit of a row that is shown."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        return self._all[self._shown[index.row()]]

    def index_of(self, path: str) -> QModelIndex:
        """Return where a path is shown; invalid when it is not."""
        place = self.place(path)
        return QModelIndex() if place is None else self.index(place)

    def shown(self, row: int) -> Exhibit:
        """Return the exhibit of a row, 0..rowCount() - 1; cheaper than by an index."""
        return self._all[self._shown[row]]

    def place(self, path: str) -> int | None:
        """Return the row in which a path is shown; None when it is not."""
        row = self._by_path.get(path)
        return None if row is None else self._place.get(row)

    @property
    def folders(self) -> tuple[str, ...]:
        """Where the exhibits lay, sorted."""
        return tuple(sorted(self._folders))

    def in_state(self, state: State) -> tuple[Exhibit, ...]:
        """Return the files in a state, in the order they were added."""
        return tuple(exhibit for exhibit in self._all if exhibit.state is state)

    def add(self, paths: Iterable[str]) -> int:
        """Append files that are not in the set yet.

        Returns:
            How many were new.
        """
        fresh = self._register(paths)
        self._append(fresh)
        if fresh:
            self.counted.emit()
        return len(fresh)

    def take(self, exhibits: Iterable[Exhibit]) -> int:
        """Append exhibits of the case; a file that is in the set is known by its new number.

        Returns:
            How many were new.
        """
        fresh, known = [], []
        for exhibit in exhibits:
            row = self._by_path.get(exhibit.path)
            if row is None:
                self._by_path[exhibit.path] = len(self._all)
                fresh.append(len(self._all))
                self._all.append(exhibit)
                self._states[exhibit.state] += 1
                self._outcomes[exhibit.outcome] += 1
                self._edited += exhibit.edited
                if exhibit.folder:
                    self._folders.add(exhibit.folder)
            elif self._all[row].number != exhibit.number:
                # Other bytes at the same place: the newer exhibit is the one to examine.
                kept = self._all[row]
                kept.number, kept.file_state = exhibit.number, exhibit.file_state
                kept.sha256 = exhibit.sha256
                known.append(self._change(exhibit.path, exhibit.state, exhibit.examination))
        self._append(fresh)
        self._tell_changed(known, moved=self._by_result)
        if fresh or known:
            self.counted.emit()
        return len(fresh) + len(known)

    def set_file_states(self, states: Iterable[tuple[str, ExhibitState]]) -> None:
        """Say of files whether they are still those that were taken in."""
        rows = []
        for path, state in states:
            row = self._by_path.get(path)
            if row is not None and self._all[row].file_state is not state:
                self._all[row].file_state = state
                rows.append(row)
        self._tell_changed(rows)
        if rows:
            self.counted.emit()

    def set_marks(self, marks: Iterable[tuple[int, int, tuple[str, ...]]]) -> None:
        """Take ratings and tags: (exhibit number, stars 0..5, tags) of those that have any."""
        set_now = {number: (stars, tags) for number, stars, tags in marks}
        rows = []
        for row, exhibit in enumerate(self._all):
            stars, tags = set_now.get(exhibit.number or 0, (0, ()))
            if (exhibit.stars, exhibit.tags) != (stars, tags):
                exhibit.stars, exhibit.tags = stars, tags
                rows.append(row)
        self._tell_changed(rows, moved=self._choice.order is Order.STARS)
        if rows:
            self.counted.emit()

    def set_cameras(self, shown: Mapping[int, tuple[str, ...]]) -> None:
        """Take whose pattern is in which exhibit: exhibit number -> hashes of fingerprints."""
        rows = []
        for row, exhibit in enumerate(self._all):
            cameras = shown.get(exhibit.number or 0, ())
            if exhibit.cameras != cameras:
                exhibit.cameras = cameras
                rows.append(row)
        self._tell_changed(rows, moved=bool(self._choice.camera))

    def set_near(self, groups: Iterable[Iterable[str]]) -> None:
        """Take groups of near-duplicates: the paths of each, numbered from 1."""
        near = {path: number for number, paths in enumerate(groups, start=1) for path in paths}
        rows = []
        for row, exhibit in enumerate(self._all):
            number = near.get(exhibit.path)
            if exhibit.near != number:
                exhibit.near = number
                rows.append(row)
        self._tell_changed(rows, moved=self._choice.group is GroupBy.NEAR)
        if rows:
            self.counted.emit()

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """All files of the set, shown or not, in the order they were added."""
        return tuple(self._all)

    def set_state(self, path: str, state: State) -> None:
        """Change where a file without a result stands."""
        self._tell_changed([self._change(path, state, None)], moved=self._by_result)

    def set_results(self, examinations: Iterable[Examination]) -> None:
        """Take results; files that are not in the set are added. The list is told once."""
        results = tuple(examinations)
        # New rows are told of when they have their results: whoever hears of one asks for it.
        fresh = self._register(examination.facts.path for examination in results)
        rows = []
        for examination in results:
            # A grid for each of 10,000 files would fill the memory; it is read when shown.
            stored = examination.heatmap is not None and examination.heatmap_file is not None
            kept = replace(examination, heatmap=None) if stored else examination
            state = State.DONE if examination.ok else State.FAILED
            rows.append(self._change(examination.facts.path, state, kept))
        self._append(fresh)
        self._tell_changed(rows, moved=self._by_result)
        self.counted.emit()

    def clear(self) -> None:
        """Empty the set."""
        self.beginResetModel()
        self._all, self._by_path = [], {}
        self._states, self._outcomes, self._folders = Counter(), Counter(), set()
        self._edited = 0
        self._shown, self._place = [], {}
        self._sections, self._late = [], False
        self._moved.clear()
        self.endResetModel()
        self.emptied.emit()
        self.counted.emit()

    def arrange(self, choice: Arrangement) -> None:
        """Choose which rows are shown, in which order and groups, by what there is now."""
        self.beginResetModel()
        self._choice = choice
        self._shown, sections = arranged(self._all, choice)
        self._sections, self._late = list(sections), False
        self._moved.clear()
        self._place = {row: place for place, row in enumerate(self._shown)}
        self.endResetModel()

    def _register(self, paths: Iterable[str]) -> range:
        first = len(self._all)
        for path in paths:
            if path not in self._by_path:
                self._by_path[path] = len(self._all)
                self._all.append(Exhibit(path=path, name=display_name(path)))
        fresh = range(first, len(self._all))
        self._states[State.WAITING] += len(fresh)
        self._outcomes[None] += len(fresh)
        return fresh

    def _change(self, path: str, state: State, examination: Examination | None) -> int:
        row = self._by_path[path]
        exhibit = self._all[row]
        self._states[exhibit.state] -= 1
        self._outcomes[exhibit.outcome] -= 1
        self._edited -= exhibit.edited
        exhibit.state, exhibit.examination = state, examination
        exhibit.warm_up()
        self._states[state] += 1
        self._outcomes[exhibit.outcome] += 1
        self._edited += exhibit.edited
        return row

    def _tell_changed(self, rows: Iterable[int], *, moved: bool = False) -> None:
        changed = list(rows)
        if moved:
            self._moved.update(changed)
        places = [self._place[row] for row in changed if row in self._place]
        if places:
            self.dataChanged.emit(self.index(min(places)), self.index(max(places)))
        self._append(dict.fromkeys(row for row in changed if row not in self._place))

    def _append(self, rows: Iterable[int]) -> None:
        fitting = [row for row in rows if fits(self._all[row], self._choice)]
        if not fitting:
            return
        first = len(self._shown)
        self.beginInsertRows(ROOT, first, first + len(fitting) - 1)
        self._place |= {row: first + place for place, row in enumerate(fitting)}
        self._shown += fitting
        self._append_section(fitting)
        self.endInsertRows()

    def _append_section(self, rows: list[int]) -> None:
        """Count rows that came after the others were arranged; grouped ones stay apart."""
        count = len(rows)
        if self._choice.order is not Order.ADDED or self._choice.group is not GroupBy.NOTHING:
            self._moved.update(rows)
        if self._choice.group is GroupBy.NOTHING:
            before = sum(section.count for section in self._sections)
            self._sections = [Section(title="", count=before + count)]
            return
        if self._late:
            last = self._sections[-1]
            self._sections[-1] = replace(last, count=last.count + count)
        else:
            self._sections.append(Section(title=self.tr("New, not sorted yet"), count=count))
            self._late = True

"""The open set: one row a file, and the order in which the list shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from pathlib import PurePath

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from engine.case_types import ExhibitState
from engine.types import Examination, Outcome

ROOT = QModelIndex()
"""The list's invisible parent; never changed."""


class State(StrEnum):
    """Where a file stands."""

    WAITING = "waiting"
    EXAMINING = "examining"
    DONE = "done"
    FAILED = "failed"


class Show(StrEnum):
    """Which rows the list shows."""

    ALL = "all"
    AI = "ai"
    INCONCLUSIVE = "inconclusive"
    REAL = "real"
    FAILED = "failed"
    OPEN = "open"
    """Not examined yet."""


class Order(StrEnum):
    """In which order the list shows them."""

    ADDED = "added"
    HIGHEST = "highest"
    """Highest probability first, what has none last."""
    NAME = "name"


class Role(IntEnum):
    """What the list asks for besides the display text."""

    EXHIBIT = Qt.ItemDataRole.UserRole
    """The Exhibit."""


@dataclass(slots=True, kw_only=True)
class Exhibit:
    """One file of the open set."""

    path: str
    """What is examined, as the engine names it: the file itself, or its working copy."""
    name: str
    """Name of the file that was taken in; what cannot be printed is replaced."""
    number: int | None = None
    """Exhibit number of the case; None for a file that could not be taken in."""
    file_state: ExhibitState = ExhibitState.NOT_CHECKED
    """Whether the bytes are still those that were taken in."""
    state: State = State.WAITING
    examination: Examination | None = None
    """Set when done or failed; its heat map is on disk."""

    @property
    def outcome(self) -> Outcome | None:
        """The verdict's outcome; None when there is no verdict."""
        verdict = self.examination.verdict if self.examination else None
        return verdict.outcome if verdict else None

    @property
    def p_ai(self) -> float | None:
        """Calibrated probability 0..1; None when there is no verdict."""
        verdict = self.examination.verdict if self.examination else None
        return verdict.p_ai if verdict else None


def display_name(path: str) -> str:
    """Return the last part of a path with everything unprintable replaced.

    Args:
        path: may hold line breaks and bytes kept by surrogateescape.
    """
    return printable(PurePath(path).name or path)


def printable(text: str) -> str:
    """Return text with everything that cannot be shown replaced, line breaks too.

    Args:
        text: may hold bytes kept by surrogateescape, which Qt's strings would drop.
    """
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def p_text(p_ai: float) -> str:
    """Return a probability for a narrow column, never as certain: ``".97"``, ``"> .99"``.

    Args:
        p_ai: 0..1.
    """
    hundredths = round(p_ai * 100)
    if hundredths >= 100:
        return "> .99"
    if hundredths < 1:
        return "< .01"
    return f".{hundredths:02d}"


def state_text(exhibit: Exhibit) -> str:
    """Return the words beside a file that has no verdict."""
    words = {
        State.WAITING: QCoreApplication.translate("Exhibits", "waiting"),
        State.EXAMINING: QCoreApplication.translate("Exhibits", "being examined …"),
        State.DONE: QCoreApplication.translate("Exhibits", "examined"),
        State.FAILED: QCoreApplication.translate("Exhibits", "not examined"),
    }
    return words[exhibit.state]


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
        self._show = Show.ALL
        self._order = Order.ADDED

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
            return _tip(exhibit)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{exhibit.name}, {_said(exhibit)}"
        return None

    def roleNames(self) -> dict[int, QByteArray]:  # noqa: N802 - Qt's name
        """Return Qt's roles with the exhibit's own."""
        return {**super().roleNames(), int(Role.EXHIBIT): QByteArray(b"exhibit")}

    @property
    def total(self) -> int:
        """Files in the set, shown or not."""
        return len(self._all)

    @property
    def show(self) -> Show:
        """Which rows are shown."""
        return self._show

    @property
    def order(self) -> Order:
        """The order of the rows."""
        return self._order

    def count(self, state: State) -> int:
        """Return how many files are in a state."""
        return self._states[state]

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
        row = self._by_path.get(path)
        place = None if row is None else self._place.get(row)
        return QModelIndex() if place is None else self.index(place)

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
            elif self._all[row].number != exhibit.number:
                # Other bytes at the same place: the newer exhibit is the one to examine.
                kept = self._all[row]
                kept.number, kept.file_state = exhibit.number, exhibit.file_state
                known.append(self._change(exhibit.path, exhibit.state, exhibit.examination))
        self._append(fresh)
        self._tell_changed(known)
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

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """All files of the set, shown or not, in the order they were added."""
        return tuple(self._all)

    def set_state(self, path: str, state: State) -> None:
        """Change where a file without a result stands."""
        self._tell_changed([self._change(path, state, None)])

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
        self._tell_changed(rows)
        self.counted.emit()

    def clear(self) -> None:
        """Empty the set."""
        self.beginResetModel()
        self._all, self._by_path, self._states = [], {}, Counter()
        self._shown, self._place = [], {}
        self.endResetModel()
        self.emptied.emit()
        self.counted.emit()

    def arrange(self, show: Show, order: Order) -> None:
        """Choose which rows are shown in which order, by the results there are now."""
        self.beginResetModel()
        self._show, self._order = show, order
        rows = [row for row, exhibit in enumerate(self._all) if _fits(exhibit, show)]
        if order is Order.HIGHEST:
            rows.sort(key=lambda row: -1.0 if (p := self._all[row].p_ai) is None else p)
            rows.reverse()
        elif order is Order.NAME:
            rows.sort(key=lambda row: self._all[row].name.casefold())
        self._shown = rows
        self._place = {row: place for place, row in enumerate(rows)}
        self.endResetModel()

    def _register(self, paths: Iterable[str]) -> range:
        first = len(self._all)
        for path in paths:
            if path not in self._by_path:
                self._by_path[path] = len(self._all)
                self._all.append(Exhibit(path=path, name=display_name(path)))
        fresh = range(first, len(self._all))
        self._states[State.WAITING] += len(fresh)
        return fresh

    def _change(self, path: str, state: State, examination: Examination | None) -> int:
        row = self._by_path[path]
        exhibit = self._all[row]
        self._states[exhibit.state] -= 1
        self._states[state] += 1
        exhibit.state, exhibit.examination = state, examination
        return row

    def _tell_changed(self, rows: Iterable[int]) -> None:
        changed = list(rows)
        places = [self._place[row] for row in changed if row in self._place]
        if places:
            self.dataChanged.emit(self.index(min(places)), self.index(max(places)))
        self._append(dict.fromkeys(row for row in changed if row not in self._place))

    def _append(self, rows: Iterable[int]) -> None:
        fitting = [row for row in rows if _fits(self._all[row], self._show)]
        if not fitting:
            return
        first = len(self._shown)
        self.beginInsertRows(ROOT, first, first + len(fitting) - 1)
        self._place |= {row: first + place for place, row in enumerate(fitting)}
        self._shown += fitting
        self.endInsertRows()


def _fits(exhibit: Exhibit, show: Show) -> bool:
    if show is Show.ALL:
        return True
    if show is Show.FAILED:
        return exhibit.state is State.FAILED
    if show is Show.OPEN:
        return exhibit.state in (State.WAITING, State.EXAMINING)
    return exhibit.outcome is not None and exhibit.outcome == show.value


def _said(exhibit: Exhibit) -> str:
    words = {
        Outcome.AI: QCoreApplication.translate("Exhibits", "likely AI"),
        Outcome.INCONCLUSIVE: QCoreApplication.translate("Exhibits", "inconclusive"),
        Outcome.REAL: QCoreApplication.translate("Exhibits", "no sign found"),
    }
    if exhibit.outcome is None or exhibit.p_ai is None:
        return state_text(exhibit)
    return f"{words[exhibit.outcome]}, p {p_text(exhibit.p_ai)}"


def _tip(exhibit: Exhibit) -> str:
    failure = exhibit.examination.failure if exhibit.examination else None
    words = f"{printable(exhibit.path)}\n{_said(exhibit)}"
    return f"{words}\n{printable(failure.message)}" if failure else words

"""What the examiner sets on exhibits: kept in the case, undone by a retraction, done again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from app.case_door import Drawing
from app.engine_door import Door
from app.jobs import Jobs, Lane
from app.session import Session
from engine.mark_types import Annotation, Bookmark, Note, Rating, Retraction, Standing, Tag
from engine.mark_words import Retractable
from engine.types import Region

T = TypeVar("T")

Kept = Annotation | Bookmark | Note | Rating | Tag


@dataclass(slots=True, kw_only=True)
class Step:
    """One thing that was done. The records it made are never deleted; undoing retracts them."""

    what: str
    """For a person, such as ``"rating"``."""
    records: tuple[tuple[Retractable, int], ...]
    """(kind, id) of the records that it made."""
    retractions: tuple[int, ...] = ()
    """Ids of their retractions, once it was undone."""


class Marks(QObject):
    """Sets marks on exhibits of the open case.

    Args:
        door: the engine.
        jobs: starts the work.
        session: the open case.
    """

    changed = Signal()
    """What holds is not what it was; `standing` is new."""
    went_wrong = Signal(object, str)
    """An exception, and what was being done."""

    def __init__(self, door: Door, jobs: Jobs, session: Session) -> None:
        super().__init__()
        self._door, self._jobs, self._session = door, jobs, session
        self.standing = _nothing()
        """What holds in the open case."""
        self._done: list[Step] = []
        self._undone: list[Step] = []
        session.case_changed.connect(self._case_changed)
        session.stored.connect(self.read)
        self._file = ""

    @property
    def can_undo(self) -> str:
        """What would be undone, for a person; empty when there is nothing."""
        return self._done[-1].what if self._done else ""

    @property
    def can_redo(self) -> str:
        """What would be done again, for a person; empty when there is nothing."""
        return self._undone[-1].what if self._undone else ""

    def read(self) -> None:
        """Read what holds."""
        if self._session.case is None:
            self._take(_nothing())
            return
        self._start(self._door.standing, self._take, self.tr("Reading the marks"))

    def rate(self, exhibit: int, stars: int) -> None:
        """Rate an exhibit, 0..5; the same rating again is nothing new."""
        if stars != self.standing.stars(exhibit):
            self._do(lambda: self._door.rate(exhibit, stars), self.tr("rating"))

    def tag(self, exhibit: int, name: str) -> None:
        """Tag an exhibit; a tag that it has already is nothing new."""
        if name not in self.standing.tags_of(exhibit):
            self._do(lambda: self._door.tag(exhibit, name), self.tr("tag"))

    def rate_all(self, exhibits: Iterable[int], stars: int) -> None:
        """Rate several exhibits, 0..5, as one thing that is undone at once."""
        rated = dict(self.standing.ratings)
        others = tuple(each for each in exhibits if rated.get(each, 0) != stars)
        what = self.tr("ratings") if len(others) > 1 else self.tr("rating")
        self._do_all(lambda: [self._door.rate(each, stars) for each in others], what, len(others))

    def tag_all(self, exhibits: Iterable[int], name: str) -> None:
        """Tag several exhibits, as one thing that is undone at once."""
        tagged = {tag.exhibit for tag in self.standing.tags if tag.name == name}
        others = tuple(each for each in exhibits if each not in tagged)
        what = self.tr("tags") if len(others) > 1 else self.tr("tag")
        self._do_all(lambda: [self._door.tag(each, name) for each in others], what, len(others))

    def untag(self, exhibit: int, name: str) -> None:
        """Take a tag away."""
        for tag in self.standing.tags:
            if (tag.exhibit, tag.name) == (exhibit, name):
                self.remove("tag", tag.id, self.tr("tag taken away"))

    def draw(self, exhibit: int, drawing: Drawing) -> None:
        """Keep a drawing, or put it in the place of another."""
        what = self.tr("drawing") if drawing.replaces is None else self.tr("changed drawing")
        self._do(lambda: self._door.annotate(exhibit, drawing), what)

    def note(
        self,
        text: str,
        *,
        exhibit: int | None,
        examination: int | None = None,
        replaces: int | None = None,
    ) -> None:
        """Keep a note; one about an examination is about its verdict."""
        self._do(lambda: self._door.add_note(text, exhibit, examination, replaces), self.tr("note"))

    def bookmark(self, exhibit: int, name: str, region: Region | None, method: str) -> None:
        """Keep a view of an exhibit."""
        self._do(
            lambda: self._door.add_bookmark(exhibit, name, "", region, method),
            self.tr("bookmark"),
        )

    def remove(self, kind: Retractable, number: int, what: str) -> None:
        """Take a record back with all whose place it took; ``what`` names that for a person."""

        def done(retractions: tuple[Retraction, ...]) -> None:
            self._keep(what, tuple(("retraction", each.id) for each in retractions))

        self._start(lambda: self._door.remove(kind, number), done, self.tr("Taking the mark back"))

    def undo(self) -> None:
        """Retract what was done last."""
        if not self._done:
            return
        step = self._done.pop()

        def work() -> tuple[Retraction, ...]:
            return tuple(self._door.retract(*record) for record in step.records)

        def done(retractions: tuple[Retraction, ...]) -> None:
            step.retractions = tuple(each.id for each in retractions)
            self._undone.append(step)
            self._stored()

        self._start(work, done, self.tr("Undoing"))

    def redo(self) -> None:
        """Retract the retraction of what was undone last."""
        if not self._undone:
            return
        step = self._undone.pop()

        def work() -> tuple[Retraction, ...]:
            return tuple(self._door.retract("retraction", number) for number in step.retractions)

        def done(_: tuple[Retraction, ...]) -> None:
            self._done.append(step)
            self._stored()

        self._start(work, done, self.tr("Doing it again"))

    def _do(self, work: Callable[[], Kept], what: str) -> None:
        def done(kept: Kept) -> None:
            self._keep(what, ((_kind(kept), kept.id),))

        self._start(work, done, self.tr("Keeping the mark"))

    def _do_all(self, work: Callable[[], Sequence[Kept]], what: str, count: int) -> None:
        def done(kept: Sequence[Kept]) -> None:
            self._keep(what, tuple((_kind(each), each.id) for each in kept))

        if count:
            self._start(work, done, self.tr("Keeping the marks"))

    def _keep(self, what: str, records: tuple[tuple[Retractable, int], ...]) -> None:
        self._done.append(Step(what=what, records=records))
        self._undone.clear()
        self._stored()

    def _stored(self) -> None:
        self._session.stored.emit()

    def _start(self, work: Callable[[], T], done: Callable[[T], None], doing: str) -> None:
        self._jobs.start(
            Lane.CASE,
            lambda _: work(),
            on_done=done,
            on_error=lambda error: self.went_wrong.emit(error, doing),
        )

    def _take(self, standing: Standing) -> None:
        self.standing = standing
        self.changed.emit()

    def _case_changed(self) -> None:
        file = self._session.case.info.id if self._session.case else ""
        if file != self._file:
            # A case that was only named anew is the same.
            self._file = file
            self._done.clear()
            self._undone.clear()
        self.read()


def _kind(kept: Kept) -> Retractable:
    kinds: dict[type, Retractable] = {
        Annotation: "annotation",
        Bookmark: "bookmark",
        Note: "note",
        Rating: "rating",
        Tag: "tag",
    }
    return kinds[type(kept)]


def _nothing() -> Standing:
    return Standing(notes=(), bookmarks=(), edits=(), annotations=(), ratings=(), tags=())

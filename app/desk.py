"""What an examiner does with the open case besides scanning it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from app.case_door import OpenCase
from app.engine_door import Door
from app.exhibits import printable
from app.jobs import Job, Jobs, Lane
from app.session import Session
from engine.case_types import CaseCheck, CaseContents, Recheck
from engine.types import Region

T = TypeVar("T")


class Desk(QObject):
    """Notes, checks, exports: each is asked for here and answered by a signal.

    Args:
        door: the engine.
        jobs: starts the work.
        session: the open case.
    """

    contents_ready = Signal(object)
    """CaseContents, newly read."""
    noted = Signal(object)
    """Number of the exhibit that a note, bookmark or edit is about; None for the whole case."""
    rechecked = Signal(object)
    """Tuple of Recheck: what running examinations again found."""
    verified = Signal(object)
    """Tuple of CaseCheck: what checking the case found."""
    went_wrong = Signal(object, str)
    """An exception, and what was being done."""
    told = Signal(str, str)
    """A title and a text for the person."""

    def __init__(self, door: Door, jobs: Jobs, session: Session) -> None:
        super().__init__()
        self._door, self._jobs, self._session = door, jobs, session
        self._reading: Job[CaseContents] | None = None

    def read(self) -> None:
        """Read everything that the case holds; what is being read now is dropped."""
        if self._reading is not None:
            self._reading.drop()
        if self._session.case is None:
            self._reading = None
            return
        self._reading = self._jobs.start(
            Lane.FILES,
            lambda _: self._door.contents(),
            on_done=self.contents_ready.emit,
            on_error=lambda error: self.went_wrong.emit(error, self.tr("Reading the case")),
        )

    def change_info(self, **changes: Any) -> None:
        """Say anew what the case is about; see `CaseInfo` for the fields."""

        def done(case: OpenCase) -> None:
            self._session.set_case(case)
            self._session.stored.emit()

        self._small(
            lambda: self._door.change_info(changes), done, self.tr("Changing what the case says")
        )

    def add_note(
        self,
        text: str,
        *,
        exhibit: int | None = None,
        examination: int | None = None,
        replaces: int | None = None,
    ) -> None:
        """Keep a note about the case, or about an exhibit; `noted` tells when it is kept."""
        self._note(
            lambda: self._door.add_note(text, exhibit, examination, replaces),
            exhibit,
            self.tr("Keeping the note"),
        )

    def add_bookmark(
        self,
        exhibit: int,
        name: str,
        *,
        comment: str = "",
        region: Region | None = None,
        method: str = "picture",
    ) -> None:
        """Keep a view of an exhibit; `noted` tells when it is kept."""
        self._note(
            lambda: self._door.add_bookmark(exhibit, name, comment, region, method),
            exhibit,
            self.tr("Keeping the bookmark"),
        )

    def edit_sentence(
        self, exhibit: int, examination: int, sentence: int, after: str, *, reason: str = ""
    ) -> None:
        """Word a generated sentence anew, or strike it out with empty text.

        What was generated stays stored, with who changed it, when and why.
        """
        self._note(
            lambda: self._door.edit_sentence(examination, sentence, after, reason),
            exhibit,
            self.tr("Changing the sentence"),
        )

    def recheck(self, examinations: tuple[int, ...] = ()) -> None:
        """Run examinations again and compare; all that hold when none is named."""

        def done(found: tuple[Recheck, ...]) -> None:
            self._session.stored.emit()
            self.rechecked.emit(found)

        self._long(
            Lane.MODEL,
            lambda ctx: self._door.recheck(examinations, ctx),
            done,
            self.tr("Examining again"),
        )

    def verify(self) -> None:
        """Check file, log, records, exhibits and time stamps; `verified` tells."""
        doing = self.tr("Checking the case")

        def done(found: tuple[CaseCheck, ...]) -> None:
            self.verified.emit(found)

        self._long(Lane.FILES, self._door.verify_case, done, doing)

    def export(self, file: str) -> None:
        """Write the case as JSON, CSV, HTML or CASE/UCO, by the ending of the name."""
        self._long(
            Lane.FILES,
            lambda ctx: self._door.export_case(file, ctx),
            lambda _: self._tell_written(self.tr("The case is exported"), file),
            self.tr("Exporting the case"),
        )

    def request_timestamp(self, file: str) -> None:
        """Write a request to a time-stamping authority."""
        self._small(
            lambda: self._door.request_timestamp(file),
            lambda _: self._tell_written(self.tr("The request is written"), file),
            self.tr("Writing the request"),
        )

    def attach_timestamp(self, file: str) -> None:
        """Attach the authority's answer."""
        title, text = (
            self.tr("The time stamp is attached"),
            self.tr("Stamped {time} by {authority}"),
        )
        self._small(
            lambda: self._door.attach_timestamp(file),
            lambda stamp: self._tell(
                title,
                text.format(time=stamp.stamped_utc, authority=printable(stamp.authority)),
            ),
            self.tr("Attaching the time stamp"),
        )

    def _tell_written(self, title: str, file: str) -> None:
        self._tell(title, self.tr("It lies in {file}").format(file=printable(file)))

    def _tell(self, title: str, text: str) -> None:
        self._session.stored.emit()
        self.told.emit(title, text)

    def _note(self, work: Callable[[], object], exhibit: int | None, doing: str) -> None:
        def done(_kept: object) -> None:
            self._session.stored.emit()
            self.noted.emit(exhibit)

        self._small(work, done, doing)

    def _small(self, work: Callable[[], T], done: Callable[[T], None], doing: str) -> None:
        self._jobs.start(
            Lane.CASE,
            lambda _: work(),
            on_done=done,
            on_error=lambda error: self.went_wrong.emit(error, doing),
        )

    def _long(
        self, lane: Lane, work: Callable[..., T], done: Callable[[T], None], doing: str
    ) -> None:
        def end(result: T) -> None:
            self._session.running_changed.emit()
            done(result)

        self._session.track(lane, work, end, doing)

"""The open case and its scans: what the window shows, and what it asks the engine to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from app.case_door import OpenCase, TakenIn
from app.case_rows import row_of, rows_of, unnamed_file, unread
from app.engine_door import Door
from app.exhibits import Exhibit, ExhibitModel, State
from app.jobs import Job, Jobs, Lane
from app.queue import Queue
from app.settings import Settings
from engine.case_types import Exhibit as Held
from engine.job import Context, Found
from engine.types import Examination

FIRST_CHUNK, CHUNK = 8, 64
"""Files that are taken in before their rows appear: few at first, so that something is seen."""

T = TypeVar("T")


class Session(QObject):
    """One case, and the scan that fills it.

    Pictures that are added while no case is open go into an unnamed one in the program's own
    folder, so that nothing that was done is ever lost.

    Args:
        door: the engine.
        jobs: starts the work.
        settings: how much a scan does.
        cases_dir: where unnamed cases are made.
    """

    progressed = Signal(object)
    """Progress of what runs."""
    # Paths travel as objects: Qt's strings lose bytes that are not UTF-8.
    started = Signal(object)
    """A path that is now being examined."""
    worded = Signal(object, str)
    """A path, and the explanation generated for it so far."""
    examined = Signal(object)
    """A path whose result has just come."""
    running_changed = Signal()
    """A scan, or taking files in, started or ended."""
    went_wrong = Signal(object, str)
    """An exception, and what was being done."""
    told = Signal(str, str)
    """A title and a text for the person."""
    opened = Signal(object)
    """Rows came into an empty set; the first one's path."""
    case_changed = Signal()
    """Another case is open, or none, or it was named anew."""
    cameras_changed = Signal()
    """A camera's fingerprint was made or removed."""
    stored = Signal()
    """Something was written to the case."""

    def __init__(self, door: Door, jobs: Jobs, settings: Settings, cases_dir: Path) -> None:
        super().__init__()
        self.model = ExhibitModel(self)
        self.case: OpenCase | None = None
        """None before the first picture."""
        self.source = ""
        """Where what is added comes from, in the operator's words; kept with each exhibit."""
        self._door, self._jobs, self._settings = door, jobs, settings
        self.cases_dir = cases_dir
        self._others: list[Job[Any]] = []
        """Searches, takings in and checks: what is dropped when the case is closed."""
        self._opening: Job[OpenCase] | None = None
        self._found: list[tuple[str, ...]] = []
        """Files that wait for the case to be made."""
        self.queue = Queue(door, jobs, settings, self.model)
        self._hear_queue()

    @property
    def running(self) -> bool:
        """Whether a scan runs."""
        return self.queue.running

    @property
    def busy(self) -> bool:
        """Whether there is anything to stop."""
        return self.running or any(not other.ended for other in self._others)

    @property
    def opening(self) -> bool:
        """Whether a case is being opened, made or kept under another name."""
        return self._opening is not None

    @property
    def can_write(self) -> bool:
        """Whether something can be added to what is open."""
        return self.case is None or self.case.can_write

    @property
    def can_scan(self) -> bool:
        """Whether there is anything to start a scan for."""
        return not self.running and self.can_write and self.model.count(State.WAITING) > 0

    @property
    def unnamed(self) -> bool:
        """Whether the case still lies in the program's own folder."""
        return self.case is not None and Path(self.case.file).parent == self.cases_dir.absolute()

    def path_of(self, numbers: Iterable[int]) -> str | None:
        """Return the path of the first of some exhibits that has a row; None when none has."""
        paths = {each.number: each.path for each in self.model.exhibits}
        return next((paths[number] for number in numbers if number in paths), None)

    def wording(self, path: str) -> str:
        """Return the explanation generated so far for a file that is being examined."""
        return self.queue.wording(path)

    def open(self, file: str) -> None:
        """Open a case instead of this one."""
        doing = self.tr("Opening the case")
        self._replace_case(lambda: self._door.open_case(file), doing, self._show_case)

    def import_json(self, source: str, file: str) -> None:
        """Make a case of an export, and open it instead of this one."""
        doing = self.tr("Importing the case")
        self._replace_case(lambda: self._door.import_case(source, file), doing, self._show_case)

    def keep_as(self, file: str) -> None:
        """Keep the case under another name; an unnamed one moves there."""
        move = self.unnamed
        doing = self.tr("Saving the case")
        if self.case is None:
            title = Path(file).stem
            self._replace_case(lambda: self._door.new_case(file, title), doing, self._show_case)
        elif not self.busy:
            work = lambda: self._door.copy_case(file, move=move)  # noqa: E731 - one expression
            self._start_opening(work, doing, self._take_name)

    def clear(self) -> None:
        """Close the case; everything in it stays in its file."""
        self._drop_work()
        self._opening = None
        self._set_case(None)
        self._start(Lane.CASE, lambda _: self._door.close_case(), lambda _: None, "")

    def set_case(self, case: OpenCase) -> None:
        """Take what a change of the case gave back."""
        self.case = case
        self.case_changed.emit()

    def add(self, paths: Iterable[str]) -> None:
        """Search files and folders, take them in, and scan them if so set."""
        asked = tuple(paths)
        if not self.can_write:
            self._tell_read_only()
            return
        self.track(
            Lane.FILES,
            lambda ctx: self._door.find(asked, str(self.cases_dir), ctx),
            self._take_in_found,
            self.tr("Opening the pictures"),
        )

    def scan(self) -> None:
        """Examine everything that waits; while a scan runs, what was added since comes next."""
        if self.can_write:
            self.queue.scan()

    def scan_these(self, paths: Iterable[str]) -> None:
        """Examine these files, those that have a result once more."""
        if self.can_write:
            self.queue.scan_these(paths)
        else:
            self._tell_read_only()

    def retry(self) -> None:
        """Try again what could not be examined, or not even taken in."""
        failed = self.model.in_state(State.FAILED)
        unread = tuple(each.path for each in failed if each.number is None)
        if unread:
            self.add(unread)
        self.scan_these(each.path for each in failed if each.number is not None)

    def stop(self) -> None:
        """Ask what runs to stop; what was done is kept."""
        for other in self._others:
            other.cancel()
        self.queue.stop()
        self.running_changed.emit()

    @property
    def stopping(self) -> bool:
        """Whether what runs was asked to stop."""
        if self.running:
            return self.queue.stopping
        others = [other for other in self._others if not other.ended]
        return bool(others) and all(other.context.cancelled for other in others)

    def check_exhibits(self) -> None:
        """Read the files of all exhibits again and show which were changed."""
        self.track(
            Lane.FILES, self._door.check_exhibits, self._show_states,
            self.tr("Checking the exhibits"),
        )  # fmt: skip

    def _take_in_found(self, found: Found) -> None:
        self.running_changed.emit()
        if not found.paths:
            self.told.emit(
                self.tr("No pictures found"),
                self.tr(
                    "{ignored} files were looked at and none is a picture. JPEG, PNG, WebP, "
                    "TIFF, HEIC, AVIF and other image files can be examined."
                ).format(ignored=found.ignored),
            )
            return
        self._found.append(found.paths)
        if self.case is not None:
            self._take_in_all()
        elif not self.opening:
            title, file = self.tr("Untitled case"), str(unnamed_file(self.cases_dir))
            doing = self.tr("Making a case")
            self._start_opening(lambda: self._door.new_case(file, title), doing, self._take_name)

    def _take_in_all(self) -> None:
        found, self._found = self._found, []
        for paths in found:
            self._take_in(paths, FIRST_CHUNK)

    def _take_in(self, paths: tuple[str, ...], size: int) -> None:
        now, later = paths[:size], paths[size:]
        copy, source = self._settings.copy_exhibits, self.source

        def done(taken: tuple[TakenIn, ...]) -> None:
            if later:
                self._take_in(later, CHUNK)
            self._show_taken(taken)

        self.track(
            Lane.FILES,
            lambda ctx: self._door.add_to_case(now, ctx, copy=copy, source=source),
            done,
            self.tr("Taking the pictures in"),
        )

    def _show_taken(self, taken: tuple[TakenIn, ...]) -> None:
        was_empty = self.model.total == 0
        fresh = self.model.take(row_of(each.exhibit) for each in taken if each.exhibit is not None)
        self.model.set_results(unread(each) for each in taken if each.exhibit is None)
        self.stored.emit()
        self.running_changed.emit()
        if was_empty and self.model.total:
            self.opened.emit(self.model.exhibits[0].path)
        if fresh and self._settings.scan_on_open:
            self.scan()

    def _replace_case(
        self, work: Callable[[], OpenCase], doing: str, done: Callable[[OpenCase], None]
    ) -> None:
        if self.opening:
            return
        self._drop_work()
        self._start_opening(work, doing, done)

    def _start_opening(
        self, work: Callable[[], OpenCase], doing: str, done: Callable[[OpenCase], None]
    ) -> None:
        def end(case: OpenCase) -> None:
            self._opening = None
            done(case)

        self._opening = self._start(Lane.CASE, lambda _: work(), end, doing)
        self.running_changed.emit()

    def _take_name(self, case: OpenCase) -> None:
        """Go on with the same rows in a case that has just got its name."""
        self.set_case(case)
        self._take_in_all()
        self.stored.emit()
        self.running_changed.emit()

    def _show_case(self, case: OpenCase) -> None:
        self._set_case(case)
        doing = self.tr("Reading the case")
        # Ten thousand rows are made where they stop nobody.
        # Ten thousand rows are made where that stops nobody.
        self.track(Lane.FILES, lambda _: rows_of(self._door.contents()), self._show_contents, doing)

    def _show_contents(self, read: tuple[tuple[Exhibit, ...], tuple[Examination, ...]]) -> None:
        rows, others = read
        self.model.take(rows)
        self.model.set_results(others)
        self.stored.emit()
        self.running_changed.emit()
        if self.model.total:
            self.opened.emit(self.model.exhibits[0].path)
            self.check_exhibits()

    def _show_states(self, checked: tuple[Held, ...]) -> None:
        self.model.set_file_states((each.working_file, each.state) for each in checked)
        self.stored.emit()
        self.running_changed.emit()

    def _set_case(self, case: OpenCase | None) -> None:
        self.model.clear()
        self.case = case
        self.case_changed.emit()
        self.running_changed.emit()

    def _drop_work(self) -> None:
        self.queue.drop()
        for other in (*self._others, *((self._opening,) if self._opening else ())):
            other.drop()
        self._others.clear()
        self._found.clear()

    def track(
        self, lane: Lane, work: Callable[[Context], T], done: Callable[[T], None], doing: str
    ) -> None:
        """Do something with the open case that can be stopped, and is dropped with the case.

        Args:
            lane: which thread.
            work: called there with the context it reports to.
            done: called on the GUI thread with what it returned.
            doing: a short phrase for messages.
        """
        self.watch(self._start(lane, work, done, doing))

    def watch(self, job: Job[Any]) -> None:
        """Stop and drop with the case what was started elsewhere."""
        self._others = [other for other in self._others if not other.ended]
        self._others.append(job)
        self.running_changed.emit()

    def _start(
        self, lane: Lane, work: Callable[[Context], T], done: Callable[[T], None], doing: str
    ) -> Job[T]:
        def failed(error: BaseException) -> None:
            if lane is Lane.CASE:
                self._opening = None
            self.running_changed.emit()
            self.went_wrong.emit(error, doing)

        return self._jobs.start(
            lane, work, on_done=done, on_error=failed, on_events=self.queue.take
        )

    def _tell_read_only(self) -> None:
        because = self.case.read_only_because if self.case else ""
        text = self.tr("Nothing can be added: {reason}.").format(reason=because)
        self.told.emit(self.tr("This case can only be read"), text)

    def _hear_queue(self) -> None:
        queue = self.queue
        queue.progressed.connect(self.progressed)
        queue.started.connect(self.started)
        queue.worded.connect(self.worded)
        queue.examined.connect(self.examined)
        queue.changed.connect(self.running_changed)
        queue.written.connect(self.stored)
        queue.failed.connect(
            lambda error: self.went_wrong.emit(error, self.tr("Examining the pictures"))
        )

"""The open set and its scans: what the window shows, and what it asks the engine to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.engine_door import Door
from app.exhibits import ExhibitModel, State, printable
from app.jobs import Events, Job, Jobs, Lane
from app.settings import Depth, Settings
from engine.errors import Cancelled, StoreError
from engine.job import Context, Examined, Found, Progress, Started, Wording
from engine.types import Examination, ScanRequest, ScanSummary


class Session(QObject):
    """One set of pictures, the folder its results go to, and the scan that fills it.

    Args:
        door: the engine.
        jobs: starts the work.
        settings: how much a scan does.
        sessions_dir: where the folders of results are made.
    """

    progressed = Signal(object)
    """Progress of the running scan."""
    # Paths travel as objects: Qt's strings lose bytes that are not UTF-8.
    started = Signal(object)
    """A path that is now being examined."""
    worded = Signal(object, str)
    """A path, and the explanation generated for it so far."""
    examined = Signal(object)
    """A path whose result has just come."""
    running_changed = Signal()
    """A scan started or ended."""
    went_wrong = Signal(object, str)
    """An exception, and what was being done."""
    told = Signal(str, str)
    """A title and a text for the person."""
    opened = Signal(object)
    """Rows came into an empty set; the first one's path."""

    def __init__(self, door: Door, jobs: Jobs, settings: Settings, sessions_dir: Path) -> None:
        super().__init__()
        self.model = ExhibitModel(self)
        self.out_dir: str | None = None
        """Where results go; None before the first scan."""
        self._door, self._jobs, self._settings = door, jobs, settings
        self._sessions_dir = sessions_dir
        self._job: Job[ScanSummary] | None = None
        self._searches: list[Job[Found]] = []
        self._asked: frozenset[str] = frozenset()
        self._again = False
        self._wording: dict[str, str] = {}

    @property
    def running(self) -> bool:
        """Whether a scan runs."""
        return self._job is not None

    @property
    def busy(self) -> bool:
        """Whether there is anything to stop: a scan or a search of folders."""
        return self.running or any(not search.ended for search in self._searches)

    @property
    def can_scan(self) -> bool:
        """Whether there is anything to start a scan for."""
        return not self.running and self.model.count(State.WAITING) > 0

    def wording(self, path: str) -> str:
        """Return the explanation generated so far for a file that is being examined."""
        return self._wording.get(path, "")

    def add(self, paths: Iterable[str]) -> None:
        """Search files and folders, show what is found, and scan it if so set."""
        asked = tuple(paths)
        out_dir = self.out_dir or str(self._sessions_dir)
        self._searches = [search for search in self._searches if not search.ended]
        self._searches.append(
            self._jobs.start(
                Lane.FILES,
                lambda ctx: self._door.find(asked, out_dir, ctx),
                on_done=self._add_found,
                on_error=self._tell_search_failed,
                on_events=self._take,
            )
        )
        self.running_changed.emit()

    def scan(self) -> None:
        """Examine everything that waits; while a scan runs, what was added since comes next."""
        if self.running:
            self._again = True
            return
        waiting = self.model.in_state(State.WAITING)
        if not waiting:
            return
        try:
            self.out_dir = self.out_dir or str(_new_folder(self._sessions_dir))
        except StoreError as error:
            self.went_wrong.emit(error, self.tr("Starting the scan"))
            return
        depth = self._settings.depth
        request = ScanRequest(
            paths=tuple(exhibit.path for exhibit in waiting),
            out_dir=self.out_dir,
            explain=depth is Depth.FULL,
            triage=depth is Depth.TRIAGE,
        )
        self._asked = frozenset(request.paths)
        self._again = False

        def work(ctx: Context) -> ScanSummary:
            return self._door.scan(request, ctx)

        self._job = self._jobs.start(
            Lane.MODEL, work, on_done=self._done, on_error=self._ended, on_events=self._take
        )
        self.running_changed.emit()

    def stop(self) -> None:
        """Ask the running scan to stop; what was done is kept."""
        self._again = False
        for search in self._searches:
            search.cancel()
        if self._job is not None:
            self._job.cancel()

    @property
    def stopping(self) -> bool:
        """Whether what runs was asked to stop."""
        jobs = [self._job] if self._job else [s for s in self._searches if not s.ended]
        return bool(jobs) and all(job.context.cancelled for job in jobs)

    def load(self, out_dir: str) -> None:
        """Show the results of an earlier session instead of the open set."""
        self._jobs.start(
            Lane.FILES,
            lambda _: self._door.results(out_dir),
            on_done=lambda found: self._show_results(out_dir, found),
            on_error=lambda error: self.went_wrong.emit(error, self.tr("Opening the results")),
        )

    def clear(self) -> None:
        """Close the set; its results stay in their folder."""
        if self._job is not None:
            self._job.drop()
            self._job = None
        for search in self._searches:
            search.drop()
        self._searches.clear()
        self.out_dir = None
        self._wording.clear()
        self.model.clear()
        self.running_changed.emit()

    def write_report(self, out_file: str) -> None:
        """Write the PDF of what has been examined so far."""
        out_dir = self.out_dir
        if out_dir is None:
            return
        self._jobs.start(
            Lane.FILES,
            lambda ctx: self._door.write_report(out_dir, out_file, ctx),
            on_done=lambda _: self._tell_written(out_file),
            on_error=self._tell_report_failed,
            on_events=self._take,
        )

    def _tell_report_failed(self, error: BaseException) -> None:
        self.running_changed.emit()
        self.went_wrong.emit(error, self.tr("Writing the report"))

    def _tell_written(self, out_file: str) -> None:
        self.running_changed.emit()
        where = self.tr("It lies in {file}").format(file=printable(out_file))
        self.told.emit(self.tr("The report is written"), where)

    def _tell_search_failed(self, error: BaseException) -> None:
        self.running_changed.emit()
        self.went_wrong.emit(error, self.tr("Opening the pictures"))

    def _add_found(self, found: Found) -> None:
        self.running_changed.emit()
        was_empty = self.model.total == 0
        fresh = self.model.add(found.paths)
        if not found.paths:
            self.told.emit(
                self.tr("No pictures found"),
                self.tr(
                    "{ignored} files were looked at and none is a picture. JPEG, PNG, WebP, "
                    "TIFF, HEIC, AVIF and other image files can be examined."
                ).format(ignored=found.ignored),
            )
        elif was_empty:
            self.opened.emit(found.paths[0])
        if fresh and self._settings.scan_on_open:
            self.scan()

    def _show_results(self, out_dir: str, found: tuple[Examination, ...]) -> None:
        self.clear()
        self.out_dir = out_dir
        self.model.set_results(found)
        if found:
            self.opened.emit(found[0].facts.path)

    def _take(self, events: Events) -> None:
        # One batch, one change of each thing that is shown.
        finished = [event.examination for event in events if isinstance(event, Examined)]
        worded: dict[str, str] = {}
        for event in events:
            if isinstance(event, Started):
                self._mark(event.path, State.EXAMINING)
                self.started.emit(event.path)
            elif isinstance(event, Wording):
                self._wording[event.path] = self._wording.get(event.path, "") + event.text
                worded[event.path] = self._wording[event.path]
        self.model.set_results(finished)
        for examination in finished:
            path = examination.facts.path
            self._wording.pop(path, None)
            worded.pop(path, None)
            self.examined.emit(path)
        for path, text in worded.items():
            self.worded.emit(path, text)
        progress = [event for event in events if isinstance(event, Progress)]
        if progress:
            self.progressed.emit(progress[-1])

    def _mark(self, path: str, state: State) -> None:
        exhibit = self.model.exhibit(path)
        if exhibit is None:
            self.model.add((path,))
        self.model.set_state(path, state)

    def _done(self, _summary: ScanSummary) -> None:
        self._finish()
        late = any(
            exhibit.path not in self._asked for exhibit in self.model.in_state(State.WAITING)
        )
        if self._again and late:
            self.scan()

    def _ended(self, error: BaseException) -> None:
        self._finish()
        if not isinstance(error, Cancelled):
            self.went_wrong.emit(error, self.tr("Examining the pictures"))

    def _finish(self) -> None:
        self._job = None
        self._wording.clear()
        for exhibit in self.model.in_state(State.EXAMINING):
            self.model.set_state(exhibit.path, State.WAITING)
        self.running_changed.emit()


def _new_folder(sessions_dir: Path) -> Path:
    """Make a folder named by the time; the file system keeps two windows apart."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    folder, number = sessions_dir / stamp, 1
    while True:
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            number += 1
            folder = sessions_dir / f"{stamp}-{number}"
        except OSError as error:
            raise StoreError(
                f"The folder for results {folder} cannot be made ({error.strerror}): check the "
                "permissions and the space on the disk."
            ) from error
        else:
            return folder

"""The scans of the open case: what runs, what comes next, pausing, going on, trying again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.engine_door import Door
from app.exhibits import Exhibit, ExhibitModel, State
from app.jobs import Events, Job, Jobs, Lane
from app.settings import MODEL, Depth, Settings
from engine.errors import Cancelled
from engine.job import Examined, Progress, Started, Wording
from engine.scan_types import ScanRequest, ScanSummary
from engine.types import Examination


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One scan that is to be made."""

    paths: frozenset[str] | None
    """Files to examine; None means everything that waits when its turn comes."""
    again: bool = False
    """Whether files that have a result get a new one."""


class Queue(QObject):
    """Runs one scan after the other.

    Args:
        door: the engine.
        jobs: starts the work.
        settings: how much a scan does.
        model: the open case's exhibits.
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
    changed = Signal()
    """A scan started, ended, was paused or goes on."""
    written = Signal()
    """A scan ended, well or not; what it found is in the case."""
    finished = Signal(object)
    """Everything was done; the ScanSummary over all scans since the queue was empty."""
    failed = Signal(object)
    """The exception that ended a scan; a stopped one is no failure."""

    def __init__(self, door: Door, jobs: Jobs, settings: Settings, model: ExhibitModel) -> None:
        super().__init__()
        self._door, self._jobs, self._settings, self._model = door, jobs, settings, model
        self._job: Job[ScanSummary] | None = None
        self._batches: deque[Batch] = deque()
        self._asked: frozenset[str] = frozenset()
        self._wording: dict[str, str] = {}
        self._summary: ScanSummary | None = None
        self._before: dict[str, Examination] = {}
        """Earlier results of files that are being examined once more."""

    @property
    def running(self) -> bool:
        """Whether a scan runs, paused or not."""
        return self._job is not None

    @property
    def paused(self) -> bool:
        """Whether the scan was asked to wait."""
        return self._job is not None and self._job.context.paused

    @property
    def stopping(self) -> bool:
        """Whether the scan was asked to stop."""
        return self._job is not None and self._job.context.cancelled

    def wording(self, path: str) -> str:
        """Return the explanation generated so far for a file that is being examined."""
        return self._wording.get(path, "")

    def scan(self) -> None:
        """Examine everything that waits; while a scan runs, what was added since comes next."""
        self._enqueue(Batch(paths=None))

    def scan_these(self, paths: Iterable[str]) -> None:
        """Examine these files: those that wait, and those that have a result once more."""
        exhibits = [each for path in paths if (each := self._model.exhibit(path)) is not None]
        done = frozenset(each.path for each in exhibits if each.state is State.DONE)
        others = frozenset(each.path for each in exhibits) - done
        if others:
            self._enqueue(Batch(paths=others))
        if done:
            self._enqueue(Batch(paths=done, again=True))

    def pause(self) -> None:
        """Let the scan wait after the step at hand."""
        if self._job is not None:
            self._job.context.pause()
            self.changed.emit()

    def resume(self) -> None:
        """Let a paused scan go on."""
        if self._job is not None:
            self._job.context.resume()
            self.changed.emit()

    def stop(self) -> None:
        """Ask the running scan to stop; what was done is kept, what would come next is not done."""
        self._batches.clear()
        if self._job is not None:
            self._job.cancel()

    def drop(self) -> None:
        """Stop, and hear nothing more of it: the case is closed."""
        self._batches.clear()
        self._summary = None
        if self._job is not None:
            self._job.drop()
            self._tidy()

    def take(self, events: Events) -> None:
        """Show what work reported; one batch, one change of each thing that is shown."""
        finished = [event.examination for event in events if isinstance(event, Examined)]
        worded: dict[str, str] = {}
        for event in events:
            if isinstance(event, Started):
                self._mark(event.path)
                self.started.emit(event.path)
            elif isinstance(event, Wording):
                self._wording[event.path] = self._wording.get(event.path, "") + event.text
                worded[event.path] = self._wording[event.path]
        self._model.set_results(finished)
        for examination in finished:
            path = examination.facts.path
            self._before.pop(path, None)
            self._wording.pop(path, None)
            worded.pop(path, None)
            self.examined.emit(path)
        for path, text in worded.items():
            self.worded.emit(path, text)
        progress = [event for event in events if isinstance(event, Progress)]
        if progress:
            self.progressed.emit(progress[-1])

    def _enqueue(self, batch: Batch) -> None:
        if batch not in self._batches:
            self._batches.append(batch)
        if not self.running:
            self._start_next()

    def _start_next(self) -> bool:
        """Start the next scan that has anything to do; return whether there was one."""
        while self._batches:
            batch = self._batches.popleft()
            exhibits = self._waiting(batch)
            if exhibits:
                self._start(exhibits, again=batch.again)
                return True
        return False

    def _waiting(self, batch: Batch) -> list[Exhibit]:
        if batch.paths is not None:
            chosen = [each for each in self._model.exhibits if each.path in batch.paths]
            return [each for each in chosen if each.number is not None]
        # What the scan before left waiting would be left waiting again.
        return [
            each
            for each in self._model.in_state(State.WAITING)
            if each.number is not None and each.path not in self._asked
        ]

    def _start(self, exhibits: list[Exhibit], *, again: bool) -> None:
        depth = self._settings.depth
        request = ScanRequest(
            paths=(),
            out_dir=None,
            model=MODEL if depth is Depth.TRIAGE else self._settings.model,
            device=self._settings.device,
            explain=depth is Depth.FULL,
            triage=depth is Depth.TRIAGE,
            again=again,
        )
        numbers = tuple(each.number for each in exhibits if each.number is not None)
        self._asked = frozenset(each.path for each in exhibits)
        self._job = self._jobs.start(
            Lane.MODEL,
            lambda ctx: self._door.scan(request, numbers, ctx),
            on_done=self._done,
            on_error=self._ended,
            on_events=self.take,
        )
        self.changed.emit()

    def _mark(self, path: str) -> None:
        exhibit = self._model.exhibit(path)
        if exhibit is None:
            self._model.add((path,))
        elif exhibit.examination is not None:
            self._before[path] = exhibit.examination
        self._model.set_state(path, State.EXAMINING)

    def _done(self, summary: ScanSummary) -> None:
        self._tidy(keep_asked=True)
        self._summary = summary if self._summary is None else _sum(self._summary, summary)
        self.written.emit()
        if not self._start_next():
            whole, self._summary, self._asked = self._summary, None, frozenset()
            self.finished.emit(whole)

    def _ended(self, error: BaseException) -> None:
        self._batches.clear()
        self._summary = None
        self._tidy()
        self.written.emit()
        if not isinstance(error, Cancelled):
            self.failed.emit(error)

    def _tidy(self, *, keep_asked: bool = False) -> None:
        self._job = None
        self._wording.clear()
        if not keep_asked:
            self._asked = frozenset()
        # A file that was stopped in the middle has the result it had before, or none.
        left = self._model.in_state(State.EXAMINING)
        self._model.set_results(
            self._before[each.path] for each in left if each.path in self._before
        )
        for exhibit in left:
            if exhibit.path not in self._before:
                self._model.set_state(exhibit.path, State.WAITING)
        self._before.clear()
        self.changed.emit()


def _sum(one: ScanSummary, other: ScanSummary) -> ScanSummary:
    return ScanSummary(
        found=one.found + other.found,
        done=one.done + other.done,
        skipped=one.skipped + other.skipped,
        failed=one.failed + other.failed,
        elapsed_s=one.elapsed_s + other.elapsed_s,
        ignored=one.ignored + other.ignored,
        duplicates=one.duplicates + other.duplicates,
    )

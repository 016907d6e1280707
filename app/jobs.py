"""The only starter of threads: a lane for each kind of work, a thread for each lane.

A request goes to a lane, its response comes back on the GUI thread, and it is dropped there
when nobody wants it any more. Exceptions travel as objects.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from enum import StrEnum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from engine.job import Context, Event

PUMP_MS = 50
"""Time between two deliveries of events: the window repaints at most 20 times a second."""

T = TypeVar("T")

Events = tuple[Event, ...]


class Lane(StrEnum):
    """One thread each, so that what a lane's work holds (a model, a decoder) has one owner."""

    MODEL = "model"
    """Scans; owns the loaded model."""
    PICTURE = "picture"
    """What is shown large."""
    THUMBNAIL = "thumbnail"
    """The list's small pictures."""
    FILES = "files"
    """Searching folders, taking files in and checking them, exports."""
    TRACE = "trace"
    """Derived traces of the shown picture; each takes seconds."""
    CAMERA = "camera"
    """Exhibits compared with a camera's fingerprint: minutes, so that nothing else waits for it."""
    REPORT = "report"
    """Layout, rendering, writing and checking of reports; owns the layout that is shown."""
    CASE = "case"
    """Opening and closing the case, and its small records: nothing here takes long."""


class Job(Generic[T]):
    """Work that was handed to a lane.

    Args:
        on_done: called on the GUI thread with the result.
        on_error: called on the GUI thread with what was raised.
        on_events: called on the GUI thread with what was reported, in order.
    """

    def __init__(
        self,
        on_done: Callable[[T], None],
        on_error: Callable[[BaseException], None],
        on_events: Callable[[Events], None] | None,
    ) -> None:
        self.on_done = on_done
        self.on_error = on_error
        self.on_events = on_events
        self.events: deque[Event] = deque()
        self.context = Context(self.events.append)
        self.future: Future[T] | None = None
        self.wanted = True

    def cancel(self) -> None:
        """Ask the work to stop; its response still comes, usually as Cancelled."""
        self.context.cancel()

    @property
    def ended(self) -> bool:
        """Whether the work is over, its response delivered or not."""
        return self.future is not None and self.future.done()

    def drop(self) -> None:
        """Ask the work to stop, or never start, and ignore its response."""
        self.wanted = False
        self.context.cancel()
        if self.future is not None:
            self.future.cancel()


class Jobs(QObject):
    """Hands work to lanes and brings the responses to the GUI thread."""

    _ended = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._threads = {lane: ThreadPoolExecutor(1, f"{lane}-lane") for lane in Lane}
        self._running: list[Job[Any]] = []
        self._closed = False
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._pump = QTimer(self)
        self._pump.setInterval(PUMP_MS)
        self._pump.timeout.connect(self._deliver_events)

    def start(
        self,
        lane: Lane,
        work: Callable[[Context], T],
        *,
        on_done: Callable[[T], None],
        on_error: Callable[[BaseException], None],
        on_events: Callable[[Events], None] | None = None,
    ) -> Job[T]:
        """Run work on a lane, after what was handed to the same lane before.

        Args:
            lane: which thread.
            work: called on that thread with the context it reports to.
            on_done: called on the GUI thread with what the work returned.
            on_error: called on the GUI thread with what the work raised.
            on_events: called on the GUI thread with what was reported, at most every
                ``PUMP_MS``; everything is delivered before ``on_done``.

        Returns:
            The job, to cancel or drop it.
        """
        job = Job(on_done, on_error, on_events)
        if self._closed:
            # A timer may fire while the window closes; its work is never done.
            job.future = Future()
            job.drop()
            return job
        self._running.append(job)
        if on_events is not None:
            self._pump.start()
        job.future = self._threads[lane].submit(work, job.context)
        job.future.add_done_callback(lambda _: self._hand_over(job))
        return job

    @property
    def busy(self) -> bool:
        """Whether any response is still to come."""
        return bool(self._running)

    def close(self, last: Mapping[Lane, Callable[[], None]]) -> None:
        """Cancel everything, let each lane tidy up, and wait until all threads have ended.

        Nothing is delivered any more.

        Args:
            last: what a lane does at the end, such as closing the decoder it owns.
        """
        if self._closed:
            return
        self._closed = True
        self._pump.stop()
        for job in self._running:
            job.drop()
        endings = [self._threads[lane].submit(tidy) for lane, tidy in last.items()]
        for thread in self._threads.values():
            thread.shutdown(wait=True)
        self._running.clear()
        for ending in endings:
            ending.result()

    def _hand_over(self, job: Job[Any]) -> None:
        # Runs on the lane's thread, or on the GUI thread when waiting work was dropped.
        if not self._closed:
            self._ended.emit(job)

    @Slot(object)
    def _deliver(self, job: Job[Any]) -> None:
        if self._closed or job.future is None:
            return
        self._deliver_events_of(job)
        self._running.remove(job)
        if all(other.on_events is None for other in self._running):
            self._pump.stop()
        if not job.wanted or job.future.cancelled():
            return
        error = job.future.exception()
        if error is None:
            job.on_done(job.future.result())
        else:
            job.on_error(error)

    @Slot()
    def _deliver_events(self) -> None:
        for job in tuple(self._running):
            self._deliver_events_of(job)

    def _deliver_events_of(self, job: Job[Any]) -> None:
        batch = tuple(job.events.popleft() for _ in range(len(job.events)))
        if batch and job.wanted and job.on_events is not None:
            job.on_events(batch)

"""Long work: what it reports while it runs, and how it is paused and stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from engine.errors import Cancelled
from engine.types import Examination


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a long job is."""

    phase: str
    """What is being done, in words for a person."""
    done: int
    """Units finished, failures included."""
    total: int | None
    """Units in all; None while unknown."""
    failed: int = 0
    """Units that failed."""
    per_s: float | None = None
    """Units a second since the start; None while unknown."""
    left_s: float | None = None
    """Estimated seconds left; None while unknown."""
    skipped: int = 0
    """Units that an earlier run had done."""
    duplicates: int = 0
    """Units whose bytes were met before, so that nothing had to be done again."""
    so_far: int | None = None
    """Units found so far, while the search for more goes on; else None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Files were found; sent before the first is examined, and again by a long search."""

    paths: tuple[str, ...]
    """Files that will get a result and were not told of before, in the order of examination."""
    ignored: int
    """Files in the folders that are no images, so far."""
    earlier: int = 0
    """Files that were told of before."""
    final: bool = True
    """Whether the search is over."""

    @property
    def files(self) -> int:
        """How many files were found so far."""
        return self.earlier + len(self.paths)


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """One file is now being examined."""

    path: str
    """The file as it was named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A piece of generated explanation, as it is produced."""

    path: str
    """The file that is being explained."""
    text: str
    """The new characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One file is finished, well or not."""

    examination: Examination
    """The result, or the failure."""
    stored: bool = False
    """Whether it was read back from an earlier run; its heat map is then on disk only."""
    duplicate: bool = False
    """Whether it is the result of other files with the same bytes."""


Event = Progress | Found | Started | Wording | Examined


class Context:
    """What a long job is given: a place to report to, and the operator's wish to pause or stop.

    Args:
        listener: called with each event, on the thread that runs the job.
    """

    def __init__(self, listener: Callable[[Event], None] | None = None) -> None:
        self._listener = listener
        self._changed = threading.Condition()
        self._cancelled = False
        self._paused_at: float | None = None
        self._paused_s = 0.0
        self._resting = 0

    def cancel(self) -> None:
        """Ask the job to stop at its next report; callable from any thread."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()

    def pause(self) -> None:
        """Ask the job to wait at its next report or check; callable from any thread.

        What is being done at that moment is finished to the next step first.
        """
        with self._changed:
            if self._paused_at is None:
                self._paused_at = time.monotonic()

    def resume(self) -> None:
        """Let a paused job go on; callable from any thread."""
        with self._changed:
            if self._paused_at is not None:
                self._paused_s += time.monotonic() - self._paused_at
                self._paused_at = None
            self._changed.notify_all()

    @property
    def cancelled(self) -> bool:
        """Whether someone asked the job to stop."""
        return self._cancelled

    @property
    def paused(self) -> bool:
        """Whether someone asked the job to wait."""
        return self._paused_at is not None

    @property
    def resting(self) -> bool:
        """Whether the job has come to where it waits."""
        return self._resting > 0

    @property
    def paused_s(self) -> float:
        """Seconds spent in pauses so far, the present one included; no pace counts them."""
        with self._changed:
            now = 0.0 if self._paused_at is None else time.monotonic() - self._paused_at
            return self._paused_s + now

    def check(self) -> None:
        """Wait while the job is paused; then raise Cancelled if someone asked it to stop."""
        if self._paused_at is not None:
            self._rest()
        if self._cancelled:
            raise Cancelled("The work was stopped by the operator. What was done is kept.")

    def wait(self, seconds: float) -> None:
        """Wait; return early when someone asked the job to stop, which is then raised.

        Args:
            seconds: how long.

        Raises:
            Cancelled: someone asked the job to stop.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._cancelled, timeout=seconds)
        self.check()

    def report(self, event: Event) -> None:
        """Hand an event to the listener; waits while the job is paused.

        Raises:
            Cancelled: someone asked the job to stop.
        """
        self.check()
        if self._listener is not None:
            self._listener(event)

    def _rest(self) -> None:
        with self._changed:
            self._resting += 1
            try:
                self._changed.wait_for(lambda: self._cancelled or self._paused_at is None)
            finally:
                self._resting -= 1

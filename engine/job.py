"""Long work: what it reports while it runs, and how it is stopped."""

from __future__ import annotations

import threading
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The search is over; sent once, before the first file is examined."""

    paths: tuple[str, ...]
    """Every file that will get a result, in the order of examination."""
    ignored: int
    """Files in the folders that are no images."""


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


Event = Progress | Found | Started | Wording | Examined


class Context:
    """What a long job is given: a place to report to, and the operator's wish to stop.

    Args:
        listener: called with each event, on the thread that runs the job.
    """

    def __init__(self, listener: Callable[[Event], None] | None = None) -> None:
        self._listener = listener
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the job to stop at its next report; callable from any thread."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether someone asked the job to stop."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise Cancelled if someone asked the job to stop."""
        if self.cancelled:
            raise Cancelled("The work was stopped by the operator. What was done is kept.")

    def report(self, event: Event) -> None:
        """Hand an event to the listener.

        Raises:
            Cancelled: someone asked the job to stop.
        """
        self.check()
        if self._listener is not None:
            self._listener(event)

"""What the operator sees on a terminal or in a log while a command runs, and Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Protocol, TextIO

from engine.job import Context, Event, Found, Progress

BAR_CELLS = 24
"""Length of the bar, characters."""

TENTHS = 10
"""Plain output has one line for each tenth of a phase."""

STOPPING = b"\nStopping after this step; what is done is kept. Ctrl-C again stops at once.\n"


def out(text: str) -> None:
    """Write a line of results to stdout at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class Shows(Protocol):
    """What a command tells its progress to."""

    def __call__(self, event: Event) -> None:
        """Show an event, if it tells of progress."""
        ...

    def say(self, text: str) -> None:
        """Show a sentence for a person."""
        ...

    def clear(self) -> None:
        """Take away what is drawn over."""
        ...


class Reporter:
    """Shows events on stderr: one line that is drawn over on a terminal, plain lines elsewhere.

    Args:
        quiet: show nothing.
        stream: where to; stderr when None.
    """

    def __init__(self, *, quiet: bool, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._terminal = self._stream.isatty()
        self._drawn = 0
        self._phase: str | None = None
        self._tenth = -1

    def __call__(self, event: Event) -> None:
        """Show an event, if it tells of progress."""
        if isinstance(event, Found):
            if event.final:
                others = f", {event.ignored} other files left out" if event.ignored else ""
                self.say(f"Found {_count(event.files, 'image')}{others}.")
        elif isinstance(event, Progress) and not self._quiet:
            if self._terminal:
                self._draw(event)
            else:
                self._plain(event)

    def say(self, text: str) -> None:
        """Write a line of its own."""
        if not self._quiet:
            self.clear()
            self._stream.write(text + "\n")
            self._stream.flush()

    def clear(self) -> None:
        """Take the drawn line away, so that another may stand there."""
        if self._drawn:
            self._stream.write("\r" + " " * self._drawn + "\r")
            self._stream.flush()
            self._drawn = 0

    def _draw(self, progress: Progress) -> None:
        filled = _share(progress, BAR_CELLS)
        bar = "" if filled is None else f" [{'#' * filled}{'.' * (BAR_CELLS - filled)}]"
        text = f"{progress.phase}{bar} {_figures(progress)}"
        self.clear()
        self._stream.write(text)
        self._stream.flush()
        self._drawn = len(text)

    def _plain(self, progress: Progress) -> None:
        tenth = _share(progress, TENTHS)
        now = 0 if tenth is None else tenth
        if progress.phase == self._phase and now <= self._tenth:
            return
        self._phase, self._tenth = progress.phase, now
        self.say(f"{progress.phase}: {_figures(progress)}")


@contextmanager
def job(reporter: Shows, listener: Callable[[Event], None] | None = None) -> Iterator[Context]:
    """Give a context that Ctrl-C cancels; a second Ctrl-C interrupts at once.

    Args:
        reporter: shows the events, and is cleared at the end.
        listener: is told of each event before the reporter.
    """

    def tell(event: Event) -> None:
        if listener is not None:
            listener(event)
        reporter(event)

    ctx = Context(tell)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if ctx.cancelled:
            raise KeyboardInterrupt
        ctx.cancel()
        # Not through a buffered stream, which may be in the middle of a write.
        with suppress(OSError):
            os.write(2, STOPPING)

    # Python lets only the main thread handle signals.
    main_thread = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, stop) if main_thread else None
    try:
        yield ctx
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)
        reporter.clear()


def duration(seconds: float) -> str:
    """Return a length of time for a person: ``"8 s"``, ``"4 min"``, ``"2 h 10 min"``."""
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _figures(progress: Progress) -> str:
    total = "" if progress.total is None else f" of {progress.total}"
    if progress.so_far is not None:
        total = f" of {progress.so_far} found so far"
    parts = [f"{progress.done}{total}"] if progress.done or progress.total else []
    if progress.per_s is not None:
        parts.append(
            f"{progress.per_s:.1f}/s" if progress.per_s >= 1 else f"{1 / progress.per_s:.1f} s each"
        )
    if progress.left_s:
        parts.append(f"{duration(progress.left_s)} left")
    if progress.failed:
        parts.append(f"{progress.failed} failed")
    if progress.duplicates:
        parts.append(_count(progress.duplicates, "duplicate"))
    return ", ".join(parts) or "…"


def _share(progress: Progress, of: int) -> int | None:
    if not progress.total:
        return None
    return min(of, progress.done * of // progress.total)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

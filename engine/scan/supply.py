"""Files to examine, handed on while the search for more goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Condition
from types import TracebackType
from typing import Self

from engine.errors import Cancelled
from engine.job import Context, Found
from engine.scan.discovery import Candidate, Search

AT_FIRST = 1000
"""Steps of the search before anything else begins: most searches are over then, and their count
is known from the start."""

AHEAD = 50_000
"""Files that are found beyond those handed on, before the search waits; some 20 MB of names."""

LISTEN_S = 0.1
"""Longest time between two looks at whether the operator wants to stop."""


class Supply:
    """The files of a scan in the order of the search, which runs on a thread of its own.

    One thread begins it, takes and tells; leave the block to end a search that still runs.

    Args:
        search: finds them; None where they are known.
        known: the files, where there is nothing to search.
        ignored: files that were left out, where there is nothing to search.
    """

    def __init__(
        self, search: Search | None = None, known: Sequence[Candidate] = (), ignored: int = 0
    ) -> None:
        self._search = search
        self._steps: Iterator[Candidate | None] = iter(()) if search is None else search.steps()
        self._changed = Condition()
        self._ready = deque(known)
        self._news = [each.path for each in known]
        self._told = 0
        self._told_all = False
        self._found = len(known)
        self._ignored = ignored
        self._over = search is None
        self._closing = False
        self._quiet = Context()
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="searching")
        self._searching: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._quiet.cancel()
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._threads.shutdown(wait=True)

    @property
    def found(self) -> int:
        """How many files were found so far."""
        return self._found

    @property
    def total(self) -> int | None:
        """How many files there are; None while the search goes on."""
        with self._changed:
            return self._found if self._over else None

    @property
    def ignored(self) -> int:
        """How many files were left out so far."""
        return self._ignored

    def begin(self, ctx: Context) -> None:
        """Search a little, here; then go on elsewhere unless everything was found.

        Args:
            ctx: receives `Found` and progress, carries the wish to stop.

        Raises:
            Cancelled: the operator stopped the search.
        """
        if self._search is not None and not self._over:
            self._search.ctx = ctx
            for _ in range(AT_FIRST):
                if self._over:
                    break
                self._step()
            self._search.ctx = self._quiet
        self.tell(ctx)
        if not self._over:
            self._searching = self._threads.submit(self._go_on)

    def take(self, ctx: Context, *, wait: bool) -> Candidate | None:
        """Return the next file.

        Args:
            ctx: carries the wish to stop.
            wait: whether to wait for the search where it has not found one yet.

        Returns:
            The file; None at the end, and, without waiting, where there is none yet.

        Raises:
            Cancelled: the operator stopped the work.
        """
        while True:
            ctx.check()
            with self._changed:
                if self._ready:
                    self._changed.notify_all()
                    return self._ready.popleft()
                if self._over or not wait:
                    break
                self._changed.wait(LISTEN_S)
        if self._over and self._searching is not None:
            self._searching.result()
        return None

    def tell(self, ctx: Context) -> bool:
        """Report what was found since this was last told; return whether there was anything."""
        with self._changed:
            news, self._news = self._news, []
            ended = self._over and not self._told_all
            self._told_all = self._over
            ignored = self._ignored
        if not news and not ended:
            return False
        earlier, self._told = self._told, self._told + len(news)
        ctx.report(Found(paths=tuple(news), ignored=ignored, earlier=earlier, final=ended))
        return True

    def _step(self) -> None:
        try:
            step = next(self._steps)
        except StopIteration:
            self._end()
            return
        with self._changed:
            if self._search is not None:
                self._ignored = self._search.ignored
            if step is not None:
                self._ready.append(step)
                self._news.append(step.path)
                self._found += 1
                self._changed.notify_all()

    def _go_on(self) -> None:
        try:
            while not self._over:
                with self._changed:
                    self._changed.wait_for(lambda: self._closing or len(self._ready) < AHEAD)
                    if self._closing:
                        raise Cancelled("The scan was ended.")
                self._step()
        finally:
            self._end()

    def _end(self) -> None:
        with self._changed:
            if self._search is not None:
                self._ignored = self._search.ignored
            self._over = True
            self._changed.notify_all()

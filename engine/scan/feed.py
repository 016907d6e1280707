"""Decoding ahead: the next pictures are made ready while the model looks at this one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Self

from engine.errors import Cancelled
from engine.job import Context
from engine.scan.decoding_threads import DecodingThreads, result_of
from engine.scan.discovery import Candidate
from engine.scan.examining import IsDone, Prepared, prepare
from engine.scan.supply import Supply
from engine.scan.tracing import make_decoder, tracer
from engine.types import FileFacts, Image
from engine.vrm.examiner import Shown

AHEAD = 1
"""Pictures ready beyond those being decoded: each may hold up to 750 MB."""

HELD_BYTES = 2 << 30
"""Of pictures that wait for a model which takes many at once; more are not decoded then."""

Show = Callable[[Image], Shown | None]
"""Makes a picture ready for the model's device; called on decoding threads."""


class Feed:
    """Gives prepared files in order, from as many decoding processes as there are jobs.

    Args:
        supply: what to prepare, in order.
        jobs: decoding processes, at least 1.
        is_done: called on decoding threads with each file's hashes.
        traces: whether derived traces are computed, on those threads.
        show: makes pictures ready for the model, on those threads; None leaves that to the model.
        ahead: pictures ready beyond those being decoded; a model that takes many at once wants as
            many, so that its next batch is ready when it has done with one.
    """

    def __init__(
        self,
        supply: Supply,
        jobs: int,
        is_done: IsDone,
        *,
        traces: bool = False,
        show: Show | None = None,
        ahead: int = AHEAD,
    ) -> None:
        self._supply = supply
        self._is_done = is_done
        self._show = show
        self._most = jobs + max(AHEAD, ahead)
        self._largest_bytes = 0
        self._trace = tracer(self._check) if traces else None
        self._crew = DecodingThreads(partial(make_decoder, traces=traces), jobs, "decoding")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def prepared(self, ctx: Context) -> Iterator[Prepared]:
        """Yield every file, prepared, in order.

        Raises:
            Cancelled: the operator stopped the work.
        """
        waiting: deque[Future[Prepared]] = deque()
        while True:
            # What is ready goes on even where the search has found nothing more yet.
            self._fill(waiting, ctx, wait=not waiting)
            if not waiting:
                return
            ready = result_of(waiting.popleft(), ctx)
            self._largest_bytes = max(self._largest_bytes, _bytes_of(ready))
            # Two for one: what waits grows to the most while sizes become known.
            self._fill(waiting, ctx, wait=False, more=2)
            yield ready

    def _fill(
        self, waiting: deque[Future[Prepared]], ctx: Context, *, wait: bool, more: int = 0
    ) -> None:
        """Let files be prepared: as many as are decoded at a time, and more where there is room."""
        few = self._crew.count + AHEAD
        while len(waiting) < few or (more > 0 and self._has_room(waiting)):
            candidate = self._supply.take(ctx, wait=wait and not waiting)
            if candidate is None:
                return
            waiting.append(self._crew.threads.submit(self._prepare, candidate))
            more -= 1

    def _has_room(self, waiting: deque[Future[Prepared]]) -> bool:
        """Return whether another may wait; what is not decoded counts as the largest so far."""
        held = sum(
            _bytes_of(future.result()) if _is_ready(future) else self._largest_bytes
            for future in waiting
        )
        return len(waiting) < self._most and held < HELD_BYTES

    def close(self) -> None:
        """End the decoding processes, also in the middle of a file."""
        self._crew.close()

    def _prepare(self, candidate: Candidate) -> Prepared:
        if candidate.failure is not None:
            return Prepared(facts=FileFacts(path=candidate.path), failure=candidate.failure)
        with self._crew.decoder() as decoder:
            prepared = prepare(
                candidate.path, decoder, self._is_done, self._trace, self._crew.members.read
            )
        if self._show is None or prepared.image is None:
            return prepared
        return replace(prepared, shown=self._show(prepared.image))

    def _check(self) -> None:
        if self._crew.is_closing:
            raise Cancelled("The scan was ended.")


def _bytes_of(item: Prepared) -> int:
    return 0 if item.image is None else item.image.pixels.nbytes


def _is_ready(future: Future[Prepared]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None

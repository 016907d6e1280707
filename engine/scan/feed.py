"""Decoding ahead: the next pictures are made ready while the model looks at this one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from queue import SimpleQueue
from threading import Event
from types import TracebackType
from typing import Self

from engine.errors import Cancelled
from engine.images.decoder import Decoder
from engine.images.member_reader import MemberReader
from engine.job import Context
from engine.scan.discovery import Candidate
from engine.scan.examining import IsDone, Prepared, prepare
from engine.scan.supply import Supply
from engine.scan.tracing import make_decoder, tracer
from engine.types import FileFacts

AHEAD = 1
"""Pictures ready beyond those being decoded: each may hold up to 750 MB."""

LISTEN_S = 0.1
"""Longest time between two looks at whether the operator wants to stop."""


class Feed:
    """Gives prepared files in order, from as many decoding processes as there are jobs.

    Args:
        supply: what to prepare, in order.
        jobs: decoding processes, at least 1.
        is_done: called on decoding threads with each file's hashes.
        traces: whether derived traces are computed, on those threads.
    """

    def __init__(self, supply: Supply, jobs: int, is_done: IsDone, *, traces: bool = False) -> None:
        self._supply = supply
        self._is_done = is_done
        self._closing = Event()
        self._trace = tracer(self._check) if traces else None
        self._decoders = [make_decoder(traces=traces) for _ in range(jobs)]
        self._free: SimpleQueue[Decoder] = SimpleQueue()
        for decoder in self._decoders:
            self._free.put(decoder)
        self._members = MemberReader()
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="decoding")

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
            ready = _result(waiting.popleft(), ctx)
            self._fill(waiting, ctx, wait=False)
            yield ready

    def _fill(self, waiting: deque[Future[Prepared]], ctx: Context, *, wait: bool) -> None:
        while len(waiting) < len(self._decoders) + AHEAD:
            candidate = self._supply.take(ctx, wait=wait and not waiting)
            if candidate is None:
                return
            waiting.append(self._threads.submit(self._prepare, candidate))

    def close(self) -> None:
        """End the decoding processes, also in the middle of a file."""
        self._closing.set()
        for decoder in self._decoders:
            decoder.abort()
        self._members.abort()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for decoder in self._decoders:
            decoder.close()
        self._members.close()

    def _prepare(self, candidate: Candidate) -> Prepared:
        if candidate.failure is not None:
            return Prepared(facts=FileFacts(path=candidate.path), failure=candidate.failure)
        decoder = self._free.get()
        try:
            return prepare(
                candidate.path,
                decoder,
                self._is_done,
                self._trace,
                # Containers are gone through once, not once a member.
                self._members.read,
            )
        finally:
            self._free.put(decoder)

    def _check(self) -> None:
        if self._closing.is_set():
            raise Cancelled("The scan was ended.")


def _result(future: Future[Prepared], ctx: Context) -> Prepared:
    while True:
        ctx.check()
        if wait([future], timeout=LISTEN_S).done:
            return future.result()

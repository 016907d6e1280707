"""A scan whose files are examined by a crew: the same results in the same order."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any, Protocol

from engine.errors import InputError
from engine.images.member_reader import MemberReader
from engine.job import Context, Started
from engine.scan.decoding_threads import result_of
from engine.scan.discovery import Candidate
from engine.scan.doubles import Doubles
from engine.scan.examining import Prepared, failed
from engine.scan.supply import Supply
from engine.scan_types import Workers
from engine.types import Examination, Failure, FileFacts, ModelInfo, Settings

HASHING = 2
"""Threads that read ahead and hash."""


class Hands(Protocol):
    """Workers elsewhere; `engine.scan.crew.Crew` are those of Ray."""

    info: ModelInfo
    """The model, the same with every worker."""

    @property
    def workers(self) -> Workers:
        """How many were asked for, and which of them are not there."""
        ...

    @property
    def room(self) -> int:
        """How many files can be with the workers at a time."""
        ...

    def hand_out(self, path: str, sha256: str) -> Any:
        """Give a file to a worker and return what `wait_for` takes."""
        ...

    def wait_for(self, task: Any, ctx: Context) -> Examination:
        """Return a file's result; a lost worker's file is done elsewhere."""
        ...


Gather = Callable[[], AbstractContextManager[Hands]]
"""Gathers workers for the time of a block."""


def spread(
    supply: Supply,
    crew: Hands,
    doubles: Doubles,
    settings: Settings,
    ctx: Context,
) -> Generator[tuple[Prepared, Examination | None]]:
    """Yield every file with its examination, in order; see `engine.scan.judging.judged`.

    Files are read and hashed here, so that equal bytes are examined once and every file falls to
    the worker its hash names; they are decoded and judged by the workers.

    Args:
        supply: files in order.
        crew: the workers.
        doubles: knows what needs no examination.
        settings: what is asked.
        ctx: receives `Started`, carries the wish to stop.

    Raises:
        ModelError: no worker is left.
        Cancelled: the operator stopped the work.
    """
    members = MemberReader()
    threads = ThreadPoolExecutor(HASHING, thread_name_prefix="hashing")
    reading: deque[Future[Prepared]] = deque()
    waiting: deque[tuple[Prepared, Any]] = deque()
    try:
        while True:
            while len(reading) < HASHING + 1:
                candidate = supply.take(ctx, wait=not reading and not waiting)
                if candidate is None:
                    break
                reading.append(threads.submit(_read, candidate, doubles, members))
            if reading and len(waiting) < crew.room:
                for item in doubles.parted(iter([result_of(reading.popleft(), ctx)])):
                    waiting.append((item, _handed_out(item, crew, ctx)))
                continue
            if not waiting:
                return
            item, task = waiting.popleft()
            if task is not None:
                yield item, crew.wait_for(task, ctx)
            elif item.failure is not None:
                yield item, failed(item, settings)
            else:
                yield item, None
    finally:
        members.abort()
        threads.shutdown(wait=True, cancel_futures=True)
        members.close()


def _handed_out(item: Prepared, crew: Hands, ctx: Context) -> Any:
    if not item.elsewhere:
        return None
    ctx.report(Started(path=item.facts.path))
    return crew.hand_out(item.facts.path, str(item.facts.sha256))


def _read(candidate: Candidate, doubles: Doubles, members: MemberReader) -> Prepared:
    facts = FileFacts(path=candidate.path)
    if candidate.failure is not None:
        return Prepared(facts=facts, failure=candidate.failure)
    began = time.perf_counter()
    try:
        facts = members.read(candidate.path, candidate.container).facts
    except InputError as error:
        failure = Failure(kind=error.kind, message=str(error))
        return Prepared(facts=facts, failure=failure)
    took_ms = round((time.perf_counter() - began) * 1000, 3)
    return Prepared(facts=facts, elsewhere=not doubles.needless(facts), decode_ms=took_ms)

"""Several pictures at the same time, where a model lets itself be shared."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from engine.job import Context, Started
from engine.scan.decoding_threads import result_of
from engine.scan.examining import Prepared, judge, judge_batch
from engine.types import Examination, Settings
from engine.vrm.examiner import BatchExaminer, Examiner


def judged(
    prepared: Iterator[Prepared], examiner: Examiner, settings: Settings, ctx: Context
) -> Generator[tuple[Prepared, Examination | None]]:
    """Yield every prepared file with its examination, in order.

    A model of one thread examines on the calling thread, and in batches where it takes several
    pictures in one run. One that can be shared examines as
    many pictures side by side as it allows, while the calling thread writes results.

    Args:
        prepared: files in order.
        examiner: the loaded model.
        settings: what to ask; a model that is shared generates no text.
        ctx: receives `Started` and `Wording` on the calling thread, carries the wish to stop.

    Yields:
        The file, and its examination or None when an earlier run has done it.

    Raises:
        Cancelled: the operator stopped the work.
    """
    if isinstance(examiner, BatchExaminer):
        yield from _in_batches(prepared, examiner, settings, ctx)
        return
    if examiner.at_once == 1:
        for item in prepared:
            yield item, None if _is_stored(item) else judge(item, examiner, settings, ctx)
        return
    quiet = Context()
    waiting: deque[tuple[Prepared, Future[Examination] | None]] = deque()
    threads = ThreadPoolExecutor(examiner.at_once, thread_name_prefix="judging")
    try:
        for item in prepared:
            future = None
            if not _is_stored(item):
                ctx.report(Started(path=item.facts.path))
                future = threads.submit(judge, item, examiner, settings, quiet)
            waiting.append((item, future))
            if len(waiting) > examiner.at_once:
                yield _finished(*waiting.popleft(), ctx)
        while waiting:
            yield _finished(*waiting.popleft(), ctx)
    finally:
        quiet.cancel()
        threads.shutdown(wait=True, cancel_futures=True)


def _in_batches(
    prepared: Iterator[Prepared], examiner: BatchExaminer, settings: Settings, ctx: Context
) -> Generator[tuple[Prepared, Examination | None]]:
    """Gather as many files as the model takes at a time; what is stored rides along in order."""
    waiting: list[Prepared] = []
    fresh = 0
    for item in prepared:
        waiting.append(item)
        fresh += not _is_stored(item)
        if fresh >= examiner.batch:
            yield from _judged(waiting, examiner, settings, ctx)
            waiting, fresh = [], 0
    yield from _judged(waiting, examiner, settings, ctx)


def _judged(
    items: list[Prepared], examiner: BatchExaminer, settings: Settings, ctx: Context
) -> Generator[tuple[Prepared, Examination | None]]:
    fresh = [item for item in items if not _is_stored(item)]
    found = iter(judge_batch(fresh, examiner, settings, ctx) if fresh else [])
    for item in items:
        yield item, None if _is_stored(item) else next(found)


def _is_stored(item: Prepared) -> bool:
    return item.image is None and item.failure is None


def _finished(
    item: Prepared, future: Future[Examination] | None, ctx: Context
) -> tuple[Prepared, Examination | None]:
    return item, None if future is None else result_of(future, ctx)

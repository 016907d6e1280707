"""What a long job is given: pausing, going on, stopping."""

from __future__ import annotations

import threading

import pytest

from engine.errors import Cancelled
from engine.job import Context, Event, Progress

PATIENCE_S = 30.0
MOMENT_S = 0.05
STEP = Progress(phase="Working", done=1, total=2)


class Worker(threading.Thread):
    """Reports once; says whether it got through or was stopped."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self.over = threading.Event()
        self.stopped = False

    def run(self) -> None:
        try:
            self.ctx.report(STEP)
        except Cancelled:
            self.stopped = True
        self.over.set()


def test_a_paused_job_waits_until_it_is_resumed():
    told: list[Event] = []
    ctx = Context(told.append)
    ctx.pause()
    worker = Worker(ctx)
    worker.start()
    assert not worker.over.wait(MOMENT_S)
    assert ctx.paused
    assert told == []
    ctx.resume()
    assert worker.over.wait(PATIENCE_S)
    worker.join()
    assert told == [STEP]
    assert not ctx.paused
    assert not ctx.resting


def test_a_paused_job_can_be_stopped():
    ctx = Context()
    ctx.pause()
    worker = Worker(ctx)
    worker.start()
    ctx.cancel()
    assert worker.over.wait(PATIENCE_S)
    worker.join()
    assert worker.stopped


def test_pauses_are_measured():
    ctx = Context()
    assert ctx.paused_s == 0.0
    ctx.pause()
    ctx.pause()
    first = ctx.paused_s
    ctx.resume()
    ctx.resume()
    whole = ctx.paused_s
    assert 0.0 < first <= whole
    assert ctx.paused_s == whole


def test_what_is_not_paused_goes_through():
    ctx = Context()
    ctx.resume()
    ctx.check()
    ctx.report(STEP)
    ctx.cancel()
    with pytest.raises(Cancelled):
        ctx.check()

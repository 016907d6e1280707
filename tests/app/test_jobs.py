"""Lanes, responses and endings."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.jobs import Jobs, Lane
from engine.errors import Cancelled, InputError
from engine.job import Context, Started
from tests.app.fakes import Gate


@pytest.fixture
def jobs(qapp: object) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.close({})


def fail(error: BaseException) -> None:
    raise AssertionError from error


def test_response_comes_back_on_the_gui_thread(qtbot: QtBot, jobs: Jobs) -> None:
    threads: list[str] = []
    jobs.start(
        Lane.FILES,
        lambda _: threads.append(threading.current_thread().name),
        on_done=lambda _: threads.append(threading.current_thread().name),
        on_error=fail,
    )
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0].startswith("files-lane")
    assert threads[1] == threading.main_thread().name


def test_work_of_one_lane_runs_in_order_on_one_thread(qtbot: QtBot, jobs: Jobs) -> None:
    order: list[int] = []
    threads: set[int] = set()

    def work(number: int) -> None:
        threads.add(threading.get_ident())
        order.append(number)

    for number in range(20):
        jobs.start(Lane.MODEL, lambda _, n=number: work(n), on_done=lambda _: None, on_error=fail)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert order == list(range(20))
    assert len(threads) == 1


def test_all_events_come_in_order_before_the_result(qtbot: QtBot, jobs: Jobs) -> None:
    seen: list[str] = []

    def work(ctx: Context) -> str:
        for number in range(100):
            ctx.report(Started(path=str(number)))
        return "end"

    jobs.start(
        Lane.MODEL,
        work,
        on_done=seen.append,
        on_error=fail,
        on_events=lambda events: seen.extend(event.path for event in events),
    )
    qtbot.waitUntil(lambda: not jobs.busy)
    assert seen == [*map(str, range(100)), "end"]


def test_exception_travels_as_the_object_it_is(qtbot: QtBot, jobs: Jobs) -> None:
    error = InputError("The file is no image.", kind="not_an_image")
    caught: list[BaseException] = []

    def work(_: Context) -> None:
        raise error

    jobs.start(Lane.FILES, work, on_done=fail, on_error=caught.append)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert caught == [error]


def test_dropped_work_never_answers(qtbot: QtBot, jobs: Jobs, gate: Gate) -> None:
    answers: list[object] = []

    def work(ctx: Context) -> str:
        gate()
        ctx.report(Started(path="x"))
        return "late"

    running = jobs.start(Lane.PICTURE, work, on_done=answers.append, on_error=answers.append)
    waiting = jobs.start(Lane.PICTURE, work, on_done=answers.append, on_error=answers.append)
    qtbot.waitUntil(gate.reached.is_set)
    waiting.drop()
    running.drop()
    gate.open()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert answers == []


def test_cancelled_work_answers_with_cancelled(qtbot: QtBot, jobs: Jobs, gate: Gate) -> None:
    answers: list[BaseException] = []

    def work(ctx: Context) -> None:
        gate()
        ctx.check()

    job = jobs.start(Lane.MODEL, work, on_done=fail, on_error=answers.append)
    job.cancel()
    gate.open()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert [type(answer) for answer in answers] == [Cancelled]


def test_closing_drops_what_waits_and_tidies_up_on_the_lane(qapp: object) -> None:
    jobs = Jobs()
    ran: list[str] = []
    held = threading.Event()
    jobs.start(
        Lane.MODEL,
        lambda ctx: (held.set(), ctx_waits(ctx)),
        on_done=lambda _: ran.append("answered"),
        on_error=lambda _: ran.append("answered"),
    )
    jobs.start(Lane.MODEL, lambda _: ran.append("second"), on_done=fail, on_error=fail)
    assert held.wait(10)
    jobs.close({Lane.MODEL: lambda: ran.append(threading.current_thread().name[:10])})
    assert ran == ["model-lane"]


def ctx_waits(ctx: Context) -> None:
    """Work until the wish to stop is there, as generation does at each token."""
    tick = threading.Event()
    while not ctx.cancelled:
        tick.wait(0.001)
    ctx.check()


def test_error_while_tidying_up_is_not_swallowed(qapp: object) -> None:
    def tidy() -> None:
        raise InputError("The decoder did not end.")

    jobs = Jobs()
    with pytest.raises(InputError):
        jobs.close({Lane.PICTURE: tidy})
    assert not [t for t in threading.enumerate() if "-lane" in t.name]


def test_work_asked_for_after_closing_is_never_done(qapp: object) -> None:
    jobs, done = Jobs(), []
    jobs.close({})
    job = jobs.start(Lane.FILES, lambda _: done.append(1), on_done=done.append, on_error=fail)
    assert job.ended
    assert not jobs.busy
    assert done == []

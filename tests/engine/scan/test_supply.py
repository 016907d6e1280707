"""Files are examined while the search for more goes on."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from engine.cli.console import Reporter
from engine.cli.stream import JsonStream
from engine.errors import Cancelled, StoreError
from engine.job import Context, Event, Examined, Found, Progress
from engine.scan import supply as supplies
from engine.scan.discovery import Candidate, Search, discover
from engine.scan.pipeline import run
from engine.scan.supply import Supply
from engine.scan_types import ScanRequest
from tests.fakes import FakeExaminer

FILES = 6
LONG_S = 60.0
"""Longer than anything here may take."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    photos = tmp_path / "photos"
    for i in range(FILES):
        place = photos / f"{i % 2}" / f"{i}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 40), (40 * i, 0, 0)).save(place)
    return photos


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a search go on elsewhere after its first entry."""
    monkeypatch.setattr(supplies, "AT_FIRST", 1)


def request(folder: Path, **changes) -> ScanRequest:
    out = changes.pop("out", folder.parent / "out")
    return ScanRequest(paths=(str(folder),), out_dir=str(out), explain=False, **changes)


def names(out: Path) -> list[str]:
    lines = (out / "results.jsonl").read_text("ascii").splitlines()
    return [json.loads(line)["path"] for line in lines]


class Made:
    """A search that finds files of our making."""

    def __init__(self, steps: Iterator[Candidate | None]) -> None:
        self.ctx = Context()
        self.ignored = 0
        self._steps = steps

    def steps(self) -> Iterator[Candidate | None]:
        return self._steps


def endless() -> Iterator[Candidate]:
    number = 0
    while True:
        yield Candidate(path=f"{number}.png")
        number += 1


def waiting_search(monkeypatch: pytest.MonkeyPatch, go_on: threading.Event) -> list[bool]:
    """Let every search stop amid its files until told to go on."""
    steps, went_on = Search.steps, []

    def some(self: Search) -> Iterator[Candidate | None]:
        for number, step in enumerate(steps(self)):
            if number == 6:
                went_on.append(go_on.wait(LONG_S))
            yield step

    monkeypatch.setattr(Search, "steps", some)
    return went_on


def test_files_are_examined_before_the_search_is_over(early, folder, monkeypatch):
    go_on, events = threading.Event(), []

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, Examined):
            go_on.set()

    went_on = waiting_search(monkeypatch, go_on)
    summary = run(request(folder), FakeExaminer, Context(listen))
    assert went_on == [True]
    assert (summary.found, summary.done) == (FILES, FILES)
    shown = [event for event in events if isinstance(event, Progress)]
    first = next(each for each in shown if each.done == 1)
    assert first.total is None and first.left_s is None
    assert first.so_far is not None and 0 < first.so_far < FILES
    assert (shown[-1].done, shown[-1].total, shown[-1].so_far) == (FILES, FILES, None)


def test_what_was_found_is_told_once_each_and_in_order(early, folder):
    events: list[Event] = []
    stream = io.StringIO()
    program = JsonStream(stream)
    run(request(folder), FakeExaminer, Context(lambda each: (events.append(each), program(each))))
    told = [event for event in events if isinstance(event, Found)]
    expected = [each.path for each in discover([str(folder)], [], Context()).candidates]
    assert [path for event in told for path in event.paths] == expected
    assert [event.final for event in told] == [False] * (len(told) - 1) + [True]
    assert told[-1].files == FILES
    assert names(folder.parent / "out") == expected
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [each["files"] for each in lines if each["event"] == "found"] == [FILES]
    last = [each for each in lines if each["event"] == "progress"][-1]
    assert (last["found"], last["found_so_far"]) == (FILES, FILES)


def test_a_person_sees_that_the_count_is_open():
    stream = io.StringIO()
    reporter = Reporter(quiet=False, stream=stream)
    reporter(Found(paths=("a", "b"), ignored=0, final=False))
    reporter(Progress(phase="Examining", done=1, total=None, so_far=2))
    reporter(Found(paths=("c",), ignored=1, earlier=2))
    told = "Examining: 1 of 2 found so far\nFound 3 images, 1 other files left out.\n"
    assert stream.getvalue() == told


def test_a_scan_that_was_stopped_amid_the_search_goes_on(early, folder):
    def listen(event: Event) -> None:
        if isinstance(event, Examined):
            ctx.cancel()

    ctx = Context(listen)
    with pytest.raises(Cancelled):
        run(request(folder), FakeExaminer, ctx)
    summary = run(request(folder), FakeExaminer, Context())
    assert summary.skipped >= 1
    assert (summary.found, summary.skipped + summary.done) == (FILES, FILES)
    assert len(names(folder.parent / "out")) == FILES


def test_what_is_left_out_stays_so(early, folder):
    (folder / "note.txt").write_text("none")
    summary = run(request(folder, include=("[0-3].png",), since=1.0), FakeExaminer, Context())
    assert (summary.found, summary.ignored) == (4, FILES - 4 + 1)


def test_results_among_the_files_are_not_searched_as_they_grow(early, folder):
    summary = run(request(folder, out=folder / "2 out"), FakeExaminer, Context())
    assert (summary.found, summary.ignored) == (FILES, 0)


def test_a_search_does_not_run_far_ahead(early, monkeypatch):
    monkeypatch.setattr(supplies, "AHEAD", 3)
    ahead: list[int] = []
    taken = 0

    def watched() -> Iterator[Candidate]:
        for number, candidate in enumerate(endless()):
            ahead.append(number - taken)
            yield candidate
            if number == 50:
                return

    with Supply(Made(watched())) as supply:
        supply.begin(Context())
        while supply.take(Context(), wait=True) is not None:
            taken += 1
    assert taken == 51
    # One more is being taken while it is counted here.
    assert max(ahead) <= supplies.AHEAD + 1


def test_what_was_found_is_handed_on_before_a_search_that_broke_down_is_told(early):
    def broken() -> Iterator[Candidate | None]:
        yield Candidate(path="a.png")
        yield None
        raise StoreError("The disk went away.")

    with Supply(Made(broken())) as supply:
        supply.begin(Context())
        first = supply.take(Context(), wait=True)
        assert first is not None and first.path == "a.png"
        with pytest.raises(StoreError, match="went away"):
            supply.take(Context(), wait=True)


def test_nothing_yet_is_no_end(early):
    go_on = threading.Event()

    def late() -> Iterator[Candidate | None]:
        yield None
        go_on.wait(LONG_S)
        yield Candidate(path="a.png")

    with Supply(Made(late())) as supply:
        supply.begin(Context())
        assert supply.take(Context(), wait=False) is None
        assert supply.total is None
        go_on.set()
        assert supply.take(Context(), wait=True) == Candidate(path="a.png")


def test_leaving_ends_a_search_that_waits(early, monkeypatch):
    monkeypatch.setattr(supplies, "AHEAD", 1)
    with Supply(Made(endless())) as supply:
        supply.begin(Context())
        assert supply.take(Context(), wait=True) is not None
    assert supply.found < 100

"""Files with the same bytes are examined once and told of one by one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from engine import api
from engine.errors import InputError
from engine.job import Context, Event, Examined, Progress
from engine.scan_types import ScanRequest, ScanSummary
from tests.fakes import FakeExaminer

RED, BLUE = (230, 20, 20), (20, 20, 230)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    photos = tmp_path / "photos"
    photos.mkdir()
    Image.new("RGB", (96, 64), RED).save(photos / "a.png")
    Image.new("RGB", (96, 64), BLUE).save(photos / "b.png")
    shutil.copy(photos / "a.png", photos / "c.png")
    shutil.copy(photos / "a.png", photos / "d.png")
    return photos


def scan(folder: Path, examiner: FakeExaminer, ctx: Context | None = None, **more) -> ScanSummary:
    asked = ScanRequest(paths=(str(folder),), out_dir=str(folder.parent / "out"), **more)
    return api.scan(asked, ctx or Context(), factory=lambda *_key: examiner)


def lines(folder: Path) -> list[dict]:
    text = (folder.parent / "out" / "results.jsonl").read_text("ascii")
    return [json.loads(line) for line in text.splitlines()]


def seen(examiner: FakeExaminer) -> list[str]:
    return [Path(path).name for path in examiner.seen]


@pytest.mark.parametrize("at_once", [1, 3])
@pytest.mark.parametrize("jobs", [1, 3])
def test_the_same_bytes_are_examined_once_and_have_a_line_each(folder, at_once, jobs):
    examiner = FakeExaminer(triage=True, at_once=at_once)
    summary = scan(folder, examiner, triage=True, jobs=jobs)
    assert sorted(seen(examiner)) == ["a.png", "b.png"]
    assert (summary.found, summary.done, summary.duplicates, summary.failed) == (4, 4, 2, 0)
    found = lines(folder)
    assert [Path(line["path"]).name for line in found] == ["a.png", "b.png", "c.png", "d.png"]
    assert found[2]["p_ai"] == found[3]["p_ai"] == found[0]["p_ai"]
    assert found[2]["heatmap"] == found[0]["heatmap"]
    assert found[2]["findings"] == found[0]["findings"]


def test_a_copy_found_by_a_later_run_needs_no_examination(folder):
    scan(folder, FakeExaminer())
    shutil.copy(folder / "b.png", folder / "e.png")
    later = FakeExaminer()
    summary = scan(folder, later)
    assert seen(later) == []
    assert (summary.done, summary.skipped, summary.duplicates) == (1, 4, 1)


def test_events_tell_duplicates_apart_and_count_them(folder):
    events: list[Event] = []
    scan(folder, FakeExaminer(), Context(events.append))
    told = [event.duplicate for event in events if isinstance(event, Examined)]
    assert told == [False, False, True, True]
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert (last.done, last.duplicates, last.skipped) == (4, 2, 0)


def test_a_failure_of_the_first_is_the_failure_of_its_copies(folder):
    def refuse(image) -> None:
        if image.facts.path.endswith("a.png"):
            raise InputError("It cannot be examined.", kind="too_small")

    summary = scan(folder, FakeExaminer(before=refuse))
    assert (summary.done, summary.failed) == (1, 3)
    assert [line["status"] for line in lines(folder)] == ["failed", "ok", "failed", "failed"]


def test_asked_again_every_content_is_examined_once_more(folder):
    scan(folder, FakeExaminer())
    again = FakeExaminer()
    summary = scan(folder, again, again=True)
    assert seen(again) == ["a.png", "b.png"]
    assert (summary.done, summary.skipped, summary.duplicates) == (4, 0, 2)
    assert len(lines(folder)) == 8


def test_bytes_whose_first_place_now_holds_others_are_still_known(folder):
    scan(folder, FakeExaminer())
    for name in ("c.png", "d.png"):
        (folder / name).unlink()
    shutil.copy(folder / "a.png", folder / "z.png")
    Image.new("RGB", (40, 64), BLUE).save(folder / "a.png")
    later = FakeExaminer()
    summary = scan(folder, later)
    assert seen(later) == ["a.png"]
    assert (summary.done, summary.skipped, summary.duplicates) == (2, 1, 1)


def test_copies_in_a_case_are_exhibits_of_their_own_examined_once(folder, tmp_path):
    file = str(tmp_path / "x.residua")
    api.new_case(file, title="Copies", operator="A")
    examiner = FakeExaminer()
    asked = ScanRequest(paths=(str(folder),), out_dir=None)
    with api.open_case(file, operator="A") as case:
        summary = api.scan(asked, Context(), case=case, factory=lambda *_key: examiner)
        kept = case.examinations()
        assert all(case.heatmap(each) is not None for each in kept)
    assert seen(examiner) == ["a.png", "b.png"]
    assert summary.duplicates == 2
    assert [each.exhibit for each in kept] == [1, 2, 3, 4]


def scanned(file: str, examiner: FakeExaminer) -> tuple[ScanSummary, list[str | None]]:
    """Scan the exhibits of a case; return what holds of each: nothing, or why it failed."""
    with api.open_case(file, operator="A") as case:
        asked = ScanRequest(paths=(), out_dir=None)
        summary = api.scan(asked, Context(), case=case, factory=lambda *_key: examiner)
        failures = [each.examination.failure for each in case.contents().newest()]
    return summary, [failure and failure.kind for failure in failures]


@pytest.fixture
def taken_in(folder: Path, tmp_path: Path) -> str:
    file = str(tmp_path / "x.residua")
    api.new_case(file, title="Copies", operator="A")
    with api.open_case(file, operator="A") as case:
        api.add_to_case(case, (str(folder),), Context())
    return file


def test_exhibits_with_the_same_bytes_are_examined_once(taken_in):
    examiner = FakeExaminer()
    summary, failures = scanned(taken_in, examiner)
    assert seen(examiner) == ["a.png", "b.png"]
    assert summary.duplicates == 2
    assert failures == [None] * 4


def test_an_exhibit_that_was_changed_shares_nothing(folder, taken_in):
    # The first exhibit now has the bytes of the second: it is changed, and the second is not.
    shutil.copy(folder / "b.png", folder / "a.png")
    examiner = FakeExaminer()
    summary, failures = scanned(taken_in, examiner)
    assert failures == ["changed", None, None, None]
    assert "b.png" in seen(examiner)
    assert summary.duplicates == 1

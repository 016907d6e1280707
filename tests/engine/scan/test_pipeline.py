"""Whole scans with the fake model: what is written, what is told, what survives."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import api
from engine.errors import Cancelled, InputError, ModelError, StoreError
from engine.job import Context, Event, Examined, Found, Progress, Started, Wording
from engine.scan.discovery import Candidate
from engine.scan.feed import Feed
from engine.types import Outcome
from tests.engine.scan.scans import BLUE, RED, lines, request, scan
from tests.fakes import FakeExaminer, fake_factory


def test_every_image_gets_its_verdict_heat_map_and_explanation(folder):
    summary = scan(request(folder))
    assert (summary.found, summary.done, summary.skipped, summary.failed) == (3, 3, 0, 0)
    found = api.results(folder.parent / "out")
    assert [Path(e.facts.path).name for e in found] == ["a.png", "b.png", "c.png"]
    assert [e.verdict and e.verdict.outcome for e in found] == [
        Outcome.AI,
        Outcome.REAL,
        Outcome.INCONCLUSIVE,
    ]
    for examination in found:
        assert len(examination.explanation) == 3
        heatmap = api.heatmap(folder.parent / "out", examination)
        assert heatmap is not None
        assert heatmap.cells.shape == (8, 8)


def test_without_explanation_there_is_a_verdict_and_a_heat_map_only(folder):
    scan(request(folder, explain=False))
    found = api.results(folder.parent / "out")
    assert all(e.explanation == () and e.heatmap_file for e in found)


def test_triage_asks_for_no_explanation(folder):
    scan(request(folder, triage=True))
    first = lines(folder)[0]
    assert first["settings"] == {"explain": False, "triage": True, "traces": False}
    assert first["model"]["injection_layer"] is None


def test_events_come_in_order(folder):
    events: list[Event] = []
    scan(request(folder), ctx=Context(events.append))
    kinds = [type(event) for event in events]
    assert kinds[0] is Found
    assert events[0].paths == tuple(str(folder / name) for name in ("a.png", "b.png", "c.png"))
    per_file = [kind for kind in kinds[2:] if kind is not Wording]
    assert per_file == [Started, Examined, Progress] * 3
    first_word, first_done = kinds.index(Wording), kinds.index(Examined)
    assert kinds.index(Started) < first_word < first_done
    last = events[-1]
    assert (last.done, last.total, last.failed, last.left_s) == (3, 3, 0, 0.0)
    examined = [event for event in events if isinstance(event, Examined)]
    assert all(e.examination.heatmap is not None and not e.stored for e in examined)


def test_a_second_run_does_nothing_again(folder):
    scan(request(folder))
    before = lines(folder)
    examiner, events = FakeExaminer(), []
    summary = scan(request(folder), examiner, Context(events.append))
    assert (summary.found, summary.done, summary.skipped) == (3, 0, 3)
    assert examiner.seen == []
    assert lines(folder) == before
    stored = [event for event in events if isinstance(event, Examined)]
    assert [e.stored for e in stored] == [True] * 3
    assert stored[0].examination.verdict is not None
    assert not any(isinstance(event, Started) for event in events)


def test_only_what_is_new_or_changed_is_done_again(folder):
    scan(request(folder))
    Image.new("RGB", (48, 64), BLUE).save(folder / "a.png")
    Image.new("RGB", (48, 64), RED).save(folder / "d.png")
    examiner = FakeExaminer()
    summary = scan(request(folder), examiner)
    assert [Path(path).name for path in examiner.seen] == ["a.png", "d.png"]
    assert (summary.done, summary.skipped) == (2, 2)
    by_name = {Path(e.facts.path).name: e for e in api.results(folder.parent / "out")}
    assert by_name["a.png"].verdict.outcome is Outcome.REAL
    assert len(by_name) == 4


@pytest.mark.parametrize("change", ["model", "explain", "triage"])
def test_another_model_or_other_settings_examine_again(folder, change):
    scan(request(folder))
    examiner = FakeExaminer(sha256="1" * 64 if change == "model" else FakeExaminer().info.sha256)
    changes = {} if change == "model" else {change: change == "triage"}
    scan(request(folder, **changes), examiner)
    assert len(examiner.seen) == 3


def test_a_failed_file_is_tried_again_and_told_once(folder):
    (folder / "b.png").write_bytes(b"no picture")
    for _ in range(2):
        summary = scan(request(folder))
        assert summary.failed == 1
    assert sum(line["status"] == "failed" for line in lines(folder)) == 1
    Image.new("RGB", (96, 64), BLUE).save(folder / "b.png")
    summary = scan(request(folder))
    assert (summary.done, summary.skipped, summary.failed) == (1, 2, 0)


def test_an_examiner_s_known_failure_costs_one_file(folder):
    def refuse(image) -> None:
        if image.facts.path.endswith("b.png"):
            raise InputError("It cannot be examined.", kind="too_small")

    summary = scan(request(folder), FakeExaminer(before=refuse))
    assert (summary.done, summary.failed) == (2, 1)
    bad = lines(folder)[1]
    assert bad["error"] == {"kind": "too_small", "message": "It cannot be examined."}
    assert bad["sha256"] is not None


def test_a_bug_is_not_hidden_and_what_was_done_is_kept(folder):
    def crash(image) -> None:
        if image.facts.path.endswith("b.png"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        scan(request(folder), FakeExaminer(before=crash))
    assert [Path(line["path"]).name for line in lines(folder)] == ["a.png"]
    assert scan(request(folder)).skipped == 1


def test_cancelling_keeps_what_was_done(folder):
    ctx = Context(lambda event: ctx.cancel() if isinstance(event, Examined) else None)
    with pytest.raises(Cancelled):
        scan(request(folder), ctx=ctx)
    assert len(lines(folder)) == 1
    summary = scan(request(folder))
    assert (summary.done, summary.skipped) == (2, 1)


def test_cancelling_in_the_middle_of_an_explanation_stops_there(folder):
    words: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, Wording):
            words.append(event.text)
            ctx.cancel()

    ctx = Context(listen)
    with pytest.raises(Cancelled):
        scan(request(folder), ctx=ctx)
    assert len(words) == 1
    assert lines(folder) == []


def test_the_next_picture_is_decoded_while_the_model_works(folder):
    feeds: list[int] = []
    waiting = threading.Event()

    def before(image) -> None:
        # The model "works" on a.png until b.png was read and decoded by another thread.
        if image.facts.path.endswith("a.png"):
            assert waiting.wait(300)

    class Watched(Feed):
        def _prepare(self, candidate: Candidate):
            ready = super()._prepare(candidate)
            if candidate.path.endswith("b.png"):
                feeds.append(1)
                waiting.set()
            return ready

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.scan.pipeline.Feed", Watched)
        scan(request(folder), FakeExaminer(before=before))
    assert feeds == [1]


def test_several_decoding_processes_keep_the_order(folder):
    for i in range(12):
        Image.new("RGB", (40 + i, 40), RED).save(folder / f"d{i:02}.png")
    summary = scan(request(folder, jobs=3))
    assert summary.done == 15
    names = [Path(line["path"]).name for line in lines(folder)]
    assert names == sorted(names)


def test_the_same_picture_twice_gives_two_records_and_one_heat_map(folder):
    (folder / "copy.png").write_bytes((folder / "a.png").read_bytes())
    scan(request(folder))
    found = lines(folder)
    assert len(found) == 4
    assert found[0]["heatmap"] == found[3]["heatmap"]
    assert len(list((folder.parent / "out" / "heatmaps").iterdir())) == 3


def test_nothing_is_written_outside_the_results_folder(folder, tmp_path):
    def state() -> dict[str, tuple[int, bytes]]:
        return {
            str(path): (path.stat().st_mtime_ns, path.read_bytes())
            for path in sorted(tmp_path.rglob("*"))
            if path.is_file() and "out" not in path.parts
        }

    before = state()
    scan(request(folder))
    assert state() == before


def test_a_folder_without_images_is_no_failure(tmp_path):
    empty = tmp_path / "photos"
    empty.mkdir()
    (empty / "notes.txt").write_text("none")
    summary = scan(request(empty))
    assert (summary.found, summary.ignored) == (0, 1)
    assert api.results(tmp_path / "out") == ()


def test_a_model_that_cannot_be_loaded_ends_the_scan(folder):
    def factory(*_key: object) -> FakeExaminer:
        raise ModelError("The pack is missing.")

    with pytest.raises(ModelError):
        api.scan(request(folder), Context(), factory=factory)


def test_a_results_folder_in_use_is_refused(folder):
    refused: list[StoreError] = []

    def again(_image) -> None:
        with pytest.raises(StoreError) as caught:
            scan(request(folder))
        refused.append(caught.value)

    scan(request(folder), FakeExaminer(before=again))
    assert [error.kind for error in refused] == ["locked"] * 3


def test_no_jobs_are_refused(folder):
    with pytest.raises(InputError):
        scan(request(folder, jobs=0))


def test_an_engine_loads_its_model_once(folder):
    loaded: list[tuple[str, str, bool]] = []

    def factory(model: str, device: str, triage: bool) -> FakeExaminer:
        loaded.append((model, device, triage))
        return fake_factory(model, device, triage)

    with api.Engine(factory=factory) as engine:
        engine.scan(request(folder), Context())
        engine.scan(request(folder), Context())
        examination = engine.examine(str(folder / "a.png"), ctx=Context())
        engine.examine(str(folder / "a.png"), triage=True, ctx=Context())
    assert loaded == [("mini", "auto", False), ("mini", "auto", True)]
    assert examination.heatmap is not None
    assert examination.verdict is not None


def test_examining_one_file_stores_nothing(folder, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    events: list[Event] = []
    examination = api.examine(
        str(folder / "a.png"), ctx=Context(events.append), factory=fake_factory
    )
    assert examination.ok
    assert sorted(tmp_path.rglob("*")) == before
    assert [type(event) for event in events[:2]] == [Progress, Started]
    assert isinstance(events[-1], Examined)


def test_pictures_are_opened_and_shrunk(folder):
    with api.Pictures() as pictures:
        image = pictures.open(str(folder / "a.png"))
        small = pictures.thumbnail(str(folder / "a.png"), 48)
    assert image.pixels.shape == (64, 96, 3)
    assert small.shape == (32, 48, 3)
    assert (np.abs(small.astype(int) - RED) <= 1).all()

"""Models that are shared by threads, or take pictures in batches: the same results, in order."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import Cancelled
from engine.job import Context, Event, Examined, Wording
from engine.scan.discovery import Candidate
from engine.scan.feed import Feed
from engine.scan.supply import Supply
from tests.engine.scan.scans import RED, lines, request, scan
from tests.fakes import FakeBatchExaminer, FakeExaminer


def many(folder: Path, count: int) -> Path:
    for i in range(count):
        Image.new("RGB", (64, 64), (i * 20 % 256, 10, 200)).save(folder / f"m{i:02}.png")
    return folder


def test_a_shared_model_examines_side_by_side_and_results_keep_their_order(folder):
    meeting = threading.Barrier(3, timeout=300)
    asked = request(many(folder, 6), triage=True)
    main = threading.get_ident()
    threads: list[int] = []

    def before(_image):
        assert threading.get_ident() != main
        # Nobody passes before three pictures are being judged at the same time.
        meeting.wait()

    def listen(_event: Event) -> None:
        threads.append(threading.get_ident())

    examiner = FakeExaminer(triage=True, at_once=3, before=before)
    summary = scan(asked, examiner, Context(listen))
    assert (summary.done, summary.failed) == (9, 0)
    names = [Path(line["path"]).name for line in lines(folder)]
    assert names == sorted(names)
    assert len(names) == 9
    assert set(threads) == {main}


def test_a_shared_model_gives_what_one_thread_gives(folder):
    asked = request(many(folder, 4), triage=True)
    scan(asked, FakeExaminer(triage=True, at_once=2))
    together = [(x["path"], x["p_ai"]) for x in lines(folder)]
    alone = request(folder, triage=True)
    (folder.parent / "out" / "results.jsonl").unlink()
    scan(alone, FakeExaminer(triage=True))
    assert [(x["path"], x["p_ai"]) for x in lines(folder)] == together


def test_a_shared_model_leaves_out_what_is_done_and_notes_what_fails(folder):
    (folder / "b2.png").write_bytes(b"no picture")
    asked = request(folder, triage=True)
    scan(asked, FakeExaminer(triage=True, at_once=2))
    Image.new("RGB", (64, 64), RED).save(folder / "d.png")
    examiner = FakeExaminer(triage=True, at_once=2)
    summary = scan(asked, examiner)
    assert (summary.done, summary.skipped, summary.failed) == (1, 3, 1)
    assert [Path(path).name for path in examiner.seen] == ["d.png"]


def test_stopping_a_shared_model_keeps_what_was_done_and_ends_its_threads(folder):
    def listen(event: Event) -> None:
        if isinstance(event, Examined):
            ctx.cancel()

    ctx = Context(listen)
    with pytest.raises(Cancelled):
        scan(request(many(folder, 6), triage=True), FakeExaminer(triage=True, at_once=2), ctx)
    assert len(lines(folder)) == 1
    assert not [t for t in threading.enumerate() if t.name.startswith("judging")]


def test_a_model_of_batches_gives_what_one_picture_at_a_time_gives(folder):
    asked = request(many(folder, 4))
    examiner = FakeBatchExaminer(batch=3)
    heard = []
    scan(asked, examiner, Context(heard.append))
    together = [(x["path"], x["p_ai"], x["explanation"]) for x in lines(folder)]
    assert examiner.runs == [3, 3, 1]
    texts = {event.path for event in heard if isinstance(event, Wording)}
    assert texts == {path for path, _, _ in together}
    (folder.parent / "out" / "results.jsonl").unlink()
    scan(request(folder), FakeExaminer())
    assert [(x["path"], x["p_ai"], x["explanation"]) for x in lines(folder)] == together


def test_pictures_for_a_model_of_batches_are_made_ready_where_they_are_decoded(folder):
    examiner = FakeBatchExaminer(batch=3)
    scan(request(many(folder, 6)), examiner)
    assert len(examiner.given) == len(examiner.seen) == 9
    assert all(name.startswith("decoding") for name in examiner.shown_on)
    for path, shown in zip(examiner.seen, examiner.given, strict=True):
        assert np.array_equal(shown["pixels"], np.asarray(Image.open(path).convert("RGB")))


def test_a_whole_batch_is_made_ready_while_the_model_has_another(folder):
    """Six were taken; six more and one are prepared without any of them being asked for."""
    enough, ready = threading.Event(), []

    def show(image):
        ready.append(image.facts.path)
        if len(ready) == 13:
            enough.set()

    files = [Candidate(path=str(path)) for path in sorted(many(folder, 12).iterdir())]
    with Feed(Supply(known=files), 1, lambda _: False, show=show, ahead=6) as feed:
        coming = feed.prepared(Context())
        taken = [next(coming) for _ in range(6)]
        assert enough.wait(timeout=300)
    assert [item.facts.path for item in taken] == [file.path for file in files[:6]]
    assert len(ready) == 13


def test_pictures_that_wait_are_bounded_by_their_size(folder, monkeypatch):
    monkeypatch.setattr("engine.scan.feed.HELD_BYTES", 1)
    ready = []
    files = [Candidate(path=str(path)) for path in sorted(many(folder, 12).iterdir())]
    with Feed(Supply(known=files), 1, lambda _: False, show=ready.append, ahead=6) as feed:
        coming = feed.prepared(Context())
        for _ in range(6):
            next(coming)
    assert 6 <= len(ready) <= 6 + 2  # what was taken, one being decoded, and one beyond


def test_a_batch_notes_what_fails_and_leaves_out_what_is_done(folder):
    (folder / "b2.png").write_bytes(b"no picture")
    Image.new("RGB", (20, 64), RED).save(folder / "c2.png")
    asked = request(folder)
    summary = scan(asked, FakeBatchExaminer(batch=8))
    assert (summary.done, summary.failed) == (3, 2)
    Image.new("RGB", (64, 64), RED).save(folder / "d.png")
    examiner = FakeBatchExaminer(batch=8)
    summary = scan(asked, examiner)
    assert (summary.done, summary.skipped) == (1, 3)
    assert [Path(path).name for path in examiner.seen] == ["d.png"]

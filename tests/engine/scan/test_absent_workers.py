"""What a scan says of workers that could not be started or were lost; no cluster is needed."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest

from engine import __version__, api
from engine.job import Context
from engine.scan import crew as crews
from engine.scan.crew import Crew, _Hand, _ready
from engine.scan_types import ScanRequest, Workers
from engine.types import Settings
from tests.engine.cli.commands import run
from tests.fakes import FakeExaminer

HERE, THERE = "oak (10.0.0.1)", "elm (10.0.0.2)"


class Actor:
    """A worker that Ray's `get` below knows; one that is gone raises whenever it is asked."""

    def __init__(self, *, gone: bool = False) -> None:
        worker = crews.Worker(FakeExaminer, Settings(explain=False, triage=False), __version__)

        class info:  # noqa: N801 - as Ray names it
            @staticmethod
            def remote():
                return None if gone else worker.info

        class examine:  # noqa: N801
            @staticmethod
            def remote(path, sha256):
                return None if gone else lambda: worker.examine(path, sha256)

        self.info, self.examine = info, examine


def get(reference, timeout):
    if reference is None:
        raise crews.RayActorError
    return reference()


@pytest.fixture
def hands(monkeypatch) -> list[_Hand]:
    """Two workers, of which the second is gone."""
    monkeypatch.setattr(crews.ray, "get", get)
    return [
        _Hand(name="aa/0", actor=Actor(), machine=HERE),
        _Hand(name="bb/0", actor=Actor(gone=True), machine=THERE),
    ]


def crew_of(hands, missing=()) -> Crew:
    settings = Settings(explain=False, triage=False)
    return Crew(hands=hands, info=FakeExaminer().info, settings=settings, missing=missing)


@pytest.fixture
def spread(monkeypatch):
    """Let scans over workers be done by a crew that was made by hand."""

    def use(crew: Crew) -> None:
        @contextmanager
        def gathered(*_asked):
            yield crew

        monkeypatch.setattr(crews, "gathered", gathered)

    return use


def test_a_worker_that_cannot_be_started_is_named_with_its_machine(hands):
    ready, missing = _ready(hands)
    assert [hand.name for hand, _ in ready] == ["aa/0"]
    assert missing == (f"bb/0 on {THERE}",)


def test_a_scan_tells_who_was_not_started_and_who_was_lost(hands, spread, folder, tmp_path):
    spread(crew_of(hands, missing=("cc/0 on ash (10.0.0.3)",)))
    asked = ScanRequest(paths=(str(folder),), out_dir=str(tmp_path / "out"), distributed="auto")
    summary = api.scan(asked, Context(), factory=lambda *_key: FakeExaminer())
    assert (summary.done, summary.failed) == (3, 0)
    assert summary.workers == Workers(
        asked=3, missing=("cc/0 on ash (10.0.0.3)",), lost=(f"bb/0 on {THERE}",)
    )


def test_a_scan_without_workers_tells_of_none(folder, tmp_path):
    asked = ScanRequest(paths=(str(folder),), out_dir=str(tmp_path / "out"))
    assert api.scan(asked, Context(), factory=lambda *_key: FakeExaminer()).workers is None


def test_the_summary_line_names_workers_that_were_not_there(
    hands, spread, folder, tmp_path, capsys
):
    spread(crew_of(hands, missing=("cc/0 on ash (10.0.0.3)",)))
    assert run("scan", folder, "--out", tmp_path / "out", "--distributed", "auto") == 0
    assert (
        "1 of 3 workers were there to the end "
        f"(not started: cc/0 on ash (10.0.0.3); lost: bb/0 on {THERE})."
    ) in capsys.readouterr().err


def test_the_summary_line_is_silent_of_workers_that_were_all_there(
    hands, spread, folder, tmp_path, capsys
):
    spread(crew_of(hands[:1]))
    assert run("scan", folder, "--out", tmp_path / "out", "--distributed", "auto") == 0
    assert "workers" not in capsys.readouterr().err


def test_programs_are_told_of_workers_in_the_last_event(hands, spread, folder, tmp_path, capsys):
    spread(crew_of(hands))
    out = tmp_path / "out"
    run("scan", folder, "--out", out, "--distributed", "auto", "--progress", "json")
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (end,) = [each for each in events if each["event"] == "summary"]
    assert end["workers"] == {"asked": 2, "missing": [], "lost": [f"bb/0 on {THERE}"]}


def test_the_log_of_a_case_names_workers_that_were_lost(hands, spread, folder, tmp_path):
    spread(crew_of(hands))
    file = tmp_path / "a.residua-case"
    api.new_case(file, operator="Ada")
    with api.open_case(file, operator="Ada") as case:
        asked = ScanRequest(paths=(str(folder),), out_dir=None, distributed="auto")
        api.scan(asked, Context(), case=case, factory=lambda *_key: FakeExaminer())
        (end,) = [each for each in case.log() if each.action == "scan.end"]
    assert dict(end.details)["workers lost"] == f"bb/0 on {THERE}"
    assert "workers not started" not in dict(end.details)

"""The progress of a scan as lines of JSON."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from engine.__main__ import main
from engine.cli.stream import EVENTS
from tests.fakes import fake_factory


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.new("RGB", (96, 64), (230, 20, 20)).save(folder / "a.png")
    shutil.copy(folder / "a.png", folder / "b.png")
    (folder / "c.png").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("none")
    return folder


def scan(folder: Path, *options: str) -> int:
    out = folder.parent / "out"
    return main(["scan", str(folder), "--out", str(out), *options], factory=fake_factory)


def test_every_event_is_a_line_of_json_and_the_last_one_sums_up(photos, capsys):
    assert scan(photos, "--progress", "json") == 1
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {event["event"] for event in events} == set(EVENTS)
    assert events[0] == {"event": "found", "files": 3, "ignored": 1}
    told = {Path(e["path"]).name: e for e in events if e["event"] == "examined"}
    assert (told["a.png"]["verdict"], told["a.png"]["duplicate"]) == ("ai", False)
    assert (told["b.png"]["verdict"], told["b.png"]["duplicate"]) == ("ai", True)
    assert (told["c.png"]["status"], told["c.png"]["error"]["kind"]) == ("failed", "not_an_image")
    last = [e for e in events if e["event"] == "progress"][-1]
    assert (last["found"], last["done"], last["failed"], last["duplicates"]) == (3, 3, 1, 1)
    summary = next(e for e in events if e["event"] == "summary")
    assert summary["elapsed_s"] > 0
    del summary["elapsed_s"]
    assert summary == {
        "event": "summary",
        "found": 3,
        "done": 2,
        "skipped": 0,
        "duplicates": 1,
        "failed": 1,
        "ignored": 1,
    }


def test_a_second_run_tells_what_was_stored(photos, capsys):
    scan(photos, "--quiet")
    scan(photos, "--progress", "json")
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    stored = [e["stored"] for e in events if e["event"] == "examined"]
    assert stored == [True, True, False]
    assert [e for e in events if e["event"] == "progress"][-1]["skipped"] == 2


def test_a_name_that_is_not_utf_8_keeps_its_bytes(photos, capsys):
    name = b"p\xff.png"
    shutil.copy(photos / "a.png", os.fsencode(photos) + b"/" + name)
    scan(photos, "--progress", "json")
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    paths = [os.fsencode(e["path"]) for e in events if e["event"] == "examined"]
    assert any(path.endswith(name) for path in paths)


def test_quiet_silences_it(photos, capsys):
    scan(photos, "--quiet", "--progress", "json")
    assert capsys.readouterr().err == ""


def test_again_examines_what_is_done(photos, capsys):
    scan(photos, "--quiet")
    scan(photos, "--again")
    assert "2 examined (1 the same as others), 1 failed" in capsys.readouterr().err
    scan(photos)
    assert "0 examined, 1 failed, 2 already done before" in capsys.readouterr().err

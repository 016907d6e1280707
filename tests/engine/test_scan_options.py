"""Options of ``scan`` that choose files, on the command line."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from engine.__main__ import main
from engine.scan.selection import Selection
from tests.engine.images import made_containers as made
from tests.fakes import fake_factory


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path / "in"
    top.mkdir()
    (top / "a.jpg").write_bytes(made.jpeg(1))
    (top / "b.png.jpg").write_bytes(made.jpeg(2))
    (top / "c.zip").write_bytes(made.zipped({"d.jpg": made.jpeg(3)}))
    old = time.time() - 400 * 86_400
    os.utime(top / "a.jpg", (old, old))
    return top


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["a.jpg", "b.png.jpg", "c.zip!/d.jpg"]),
        (["--no-containers"], ["a.jpg", "b.png.jpg"]),
        (["--include", "a.*", "--include", "*.ZIP"], ["a.jpg"]),
        (["--exclude", "*.png.jpg", "--exclude", "*.zip"], ["a.jpg"]),
        (["--since", f"{time.strftime('%Y')}-01-01"], ["b.png.jpg", "c.zip!/d.jpg"]),
    ],
)
def test_options_choose_files(folder, tmp_path, options, expected):
    out = tmp_path / "out"
    assert main(["scan", str(folder), "--out", str(out), *options], factory=fake_factory) == 0
    lines = (out / "results.jsonl").read_text().splitlines()
    assert [os.path.relpath(json.loads(line)["path"], folder) for line in lines] == expected


def test_a_file_changed_at_that_very_moment_is_taken():
    since = Selection(since=1_000.0)
    assert since.takes("a.jpg", 1_000.0)
    assert not since.takes("a.jpg", 999.9)
    assert since.takes("a.jpg", None)


def test_a_date_that_is_none_is_refused(folder, tmp_path, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["scan", str(folder), "--out", str(tmp_path / "o"), "--since", "yesterday"])
    assert caught.value.code == 2
    assert "2026-01-31" in capsys.readouterr().err

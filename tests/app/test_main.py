"""The program as it is started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.__main__ import main
from engine.errors import StoreError

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM that can be caught")
def test_window_starts_and_ends_when_asked_to(qtbot: QtBot, tmp_path: Path) -> None:
    environment = {**os.environ, "RESIDUA_DATA": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(
        [sys.executable, "-m", "app"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    log = tmp_path / "logs" / "window.log"

    def shown() -> bool:
        assert process.poll() is None, process.stderr.read()
        return log.exists() and "The window is shown." in log.read_text(encoding="utf-8")

    qtbot.waitUntil(shown, timeout=300_000)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    assert (tmp_path / "settings.ini").exists()
    assert "ERROR" not in log.read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM that can be caught")
def test_window_that_is_asked_to_end_before_its_loop_runs_ends(tmp_path: Path) -> None:
    environment = {**os.environ, "RESIDUA_DATA": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    asked = (
        "import os, signal, sys\n"
        "from app import __main__ as program\n"
        "def opening(*_): os.kill(os.getpid(), signal.SIGTERM)\n"
        "program.Opening = opening\n"
        "sys.exit(program.main([]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "settings.ini").exists()


def test_a_window_that_is_only_tried_says_when_it_could_be_used_and_closes(tmp_path: Path) -> None:
    environment = {**os.environ, "RESIDUA_DATA": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "engine", "gui", "--check"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["usable_s"] > 0
    assert told["platform"] == "offscreen"


def test_folder_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    monkeypatch.setenv("RESIDUA_DATA", str(blocked))
    with pytest.raises(StoreError, match="RESIDUA_DATA"):
        main([])

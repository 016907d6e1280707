"""The self-test finds what is broken, and sees every attempt to reach a network."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest
from PIL import Image

from engine import api
from engine.errors import EngineError
from engine.job import Context
from engine.scan import selftest
from engine.scan.selftest import NetworkWatch, run_selftest
from tests.fakes import FakeExaminer, fake_factory


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    folder = tmp_path / "samples"
    folder.mkdir()
    for name, colour in (("a.png", (230, 20, 20)), ("b.jpg", (20, 20, 230)), ("c.jpg", (9, 9, 9))):
        Image.new("RGB", (96, 64), colour).save(folder / name)
    return folder


def outcomes(tmp_path: Path, samples: Path, factory=fake_factory) -> dict[str, str]:
    work = tmp_path / "work"
    work.mkdir()
    checks = run_selftest(work, samples, factory, Context())
    return {check.name: check.outcome for check in checks}


def test_a_sound_program_passes_all_but_the_packs_that_are_not_there(tmp_path, samples):
    assert outcomes(tmp_path, samples) == {
        "model packs": "fail",
        "sample scan": "pass",
        "fast path": "pass",
        "results format": "pass",
        "decoding process": "pass",
        "report": "pass",
        "no network": "pass",
    }


def test_a_model_that_goes_online_is_caught(tmp_path, samples):
    def dial(_image: object) -> None:
        with socket.socket() as connection:
            connection.connect(("192.0.2.1", 80))

    with pytest.raises(PermissionError, match=r"192\.0\.2\.1"):
        outcomes(tmp_path, samples, lambda *_key: FakeExaminer(before=dial))


def test_a_quiet_attempt_fails_the_network_check(tmp_path, samples):
    def dial(_image: object) -> None:
        with socket.socket() as connection, pytest.raises(PermissionError):
            connection.connect(("192.0.2.1", 80))

    found = outcomes(tmp_path, samples, lambda *_key: FakeExaminer(before=dial))
    assert found["no network"] == "fail"


def test_missing_samples_fail_the_scan_and_what_needs_it(tmp_path):
    found = outcomes(tmp_path, tmp_path / "nothing")
    assert found["sample scan"] == found["fast path"] == "fail"
    assert found["results format"] == found["report"] == "fail"
    assert found["no network"] == "pass"


def test_a_window_that_does_not_open_is_a_failed_check(tmp_path, samples):
    def broken(_folder: Path) -> str:
        raise EngineError("The window ended with exit code 1: no display")

    found = run_selftest(tmp_path, samples, fake_factory, Context(), broken)
    window = next(check for check in found if check.name == "window")
    assert window.outcome == "fail"
    assert "no display" in window.detail


def test_what_the_window_wrote_is_told_when_it_ends_badly(tmp_path, monkeypatch):
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\necho broken plugin >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(program))
    with pytest.raises(EngineError, match="exit code 3: broken plugin"):
        selftest.open_and_close(tmp_path / "window")


def test_the_watch_sees_names_and_addresses_and_lets_this_machine_be():
    with NetworkWatch() as watch:
        with pytest.raises(PermissionError):
            socket.getaddrinfo("example.invalid", 80)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
            with pytest.raises(PermissionError):
                datagram.sendto(b"x", ("192.0.2.1", 9))
            datagram.connect(("127.0.0.1", 9))
        assert socket.getaddrinfo("localhost", 80)
    assert len(watch.attempts) == 2


def test_a_closed_watch_is_idle():
    with NetworkWatch() as watch:
        pass
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
        datagram.connect(("192.0.2.1", 9))
    assert watch.attempts == []


@pytest.mark.weights
def test_the_real_program_passes(tmp_path):
    if not any(api.samples_dir().glob("*")):
        pytest.fail("resources/samples is empty")
    checks = list(api.selftest(tmp_path, Context()))
    assert [check for check in checks if check.outcome != "pass"] == []
    shutil.rmtree(tmp_path)
    assert selftest.PACKS == ("mini", "triage")

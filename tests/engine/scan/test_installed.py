"""What is installed, what this machine is, and what a maintainer is told of both."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine import api
from engine.__main__ import main


def test_known_models_are_listed_with_licence_size_and_range_when_nothing_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESIDUA_DATA", str(tmp_path))
    states = {state.name: state for state in api.installed_models()}
    assert {"mini", "triage"} <= states.keys()
    mini = states["mini"]
    assert not mini.ready
    assert "assemble" in mini.problem
    assert mini.sha256 == ""
    assert "Apache-2.0" in mini.licence
    assert mini.size_bytes > 100_000_000
    assert mini.memory_bytes >= mini.size_bytes
    assert all(part.source and part.licence and part.note for part in mini.parts)
    assert dict(mini.validated).keys() == {"min_side_px", "max_megapixels", "min_jpeg_quality"}
    assert mini.calibrated_on is not None


def test_a_broken_pack_is_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESIDUA_DATA", str(tmp_path))
    for name in ("mini", "of mine"):
        folder = tmp_path / "packs" / name
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text("{}")
    states = {state.name: state for state in api.installed_models()}
    assert "manifest" in states["mini"].problem
    assert "manifest" in states["of mine"].problem
    shutil.rmtree(tmp_path / "packs")
    assert "of mine" not in {state.name for state in api.installed_models()}


def test_the_machine_says_what_it_has_and_why_no_card_is_used() -> None:
    machine = api.machine()
    assert machine.processor
    assert machine.cores >= 1
    assert machine.memory_bytes > machine.memory_free_bytes > 0
    assert machine.disk_free_bytes > 0
    assert machine.gpu_reason.endswith(".")
    assert machine.gpus or "processor" in machine.gpu_reason


def test_diagnostics_tell_versions_devices_and_packs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "machine"]) == 0
    told = capsys.readouterr().out
    for start in (
        "Residua: ",
        "Python: ",
        "System: ",
        "Processor: ",
        "Memory: ",
        "Network: ",
        "Decoding process, ",
        "Model mini: ",
    ):
        assert any(line.startswith(start) for line in told.splitlines()), start

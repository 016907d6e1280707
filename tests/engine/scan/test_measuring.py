"""Benches that put a scan beside its parts, with the fake model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from engine.__main__ import main
from tests.fakes import FakeExaminer


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for i in range(3):
        Image.new("RGB", (64, 64), (80 * i, 0, 0)).save(folder / f"{i}.png")
    return folder


def run(*arguments: object) -> int:
    return main(
        [str(each) for each in arguments],
        factory=lambda _model, _device, triage: FakeExaminer(triage=triage, at_once=1 + triage),
    )


def test_a_scan_is_measured_against_the_model_alone(photos, capsys):
    asked = ("bench", "--against-model", "--triage", "--images", photos, "--turns", 1, "--quiet")
    assert run(*asked) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["pictures"] == "3 of photos"
    (pair,) = report["pairs"]
    assert (pair["mode"], pair["turns"]) == ("triage", 1)
    assert 0 < pair["lowest"] <= pair["ratio"] <= pair["highest"]
    assert pair["scan"]["images_per_s"] > 0


def test_a_picture_that_fails_cannot_be_measured_with(photos, capsys):
    (photos / "copy.png").write_bytes((photos / "0.png").read_bytes())
    asked = ("bench", "--against-model", "--triage", "--images", photos, "--turns", 1, "--quiet")
    assert run(*asked) == 2
    assert "1 were copies" in capsys.readouterr().err


@pytest.mark.parametrize(
    "asked",
    [("--against-model", "--limit", 1), ("--against-model", "--turns", 0), ("--workers", "0,1")],
)
def test_too_few_to_measure_are_refused(asked, photos, capsys):
    if "--workers" in asked:
        pytest.importorskip("ray", reason="Ray is not installed")
    assert run("bench", *asked, "--images", photos, "--quiet") == 2
    assert "use at least" in capsys.readouterr().err

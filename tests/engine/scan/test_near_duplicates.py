"""Near-duplicates of a scan: found from what the examinations hold, written beside them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import api
from engine.__main__ import main
from engine.job import Context
from tests.fakes import fake_examination, fake_factory


def picture(seed: int) -> Image.Image:
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((320, 240), Image.Resampling.BICUBIC)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    picture(1).save(folder / "a.png")
    picture(2).save(folder / "b.png")
    picture(1).save(folder / "c.jpg", quality=60)
    picture(1).resize((160, 120)).save(folder / "d.webp")
    Image.new("RGB", (96, 64), (90, 90, 90)).save(folder / "e.png")
    Image.new("RGB", (96, 64), (90, 90, 90)).resize((50, 50)).save(folder / "f.png")
    return folder


def test_a_scan_names_the_groups_beside_its_results(photos, tmp_path, capsys):
    out = tmp_path / "out"
    arguments = ["scan", str(photos), "--out", str(out), "--near-duplicates"]
    assert main(arguments, factory=fake_factory) == 0
    assert "1 group of near-duplicates" in capsys.readouterr().err
    (line,) = (out / "near-duplicates.jsonl").read_text("ascii").splitlines()
    group = json.loads(line)
    assert (group["schema"], group["group"]) == (1, 1)
    assert [Path(m["path"]).name for m in group["members"]] == ["a.png", "c.jpg", "d.webp"]
    centre = next(m for m in group["members"] if m["path"] == group["centre"])
    assert (centre["phash_bits"], centre["dhash_bits"]) == (0, 0)


def test_what_an_earlier_run_examined_counts_too(photos, tmp_path):
    out = tmp_path / "out"
    main(["scan", str(photos / "a.png"), "--out", str(out), "--quiet"], factory=fake_factory)
    main(
        ["scan", str(photos / "c.jpg"), "--out", str(out), "--quiet", "--near-duplicates"],
        factory=fake_factory,
    )
    assert len((out / "near-duplicates.jsonl").read_text("ascii").splitlines()) == 1


def test_it_needs_a_results_folder(photos, tmp_path, capsys):
    case = tmp_path / "x.residua"
    api.new_case(case, operator="A")
    arguments = ["scan", str(photos), "--case", str(case), "--near-duplicates"]
    assert main(arguments, factory=fake_factory) == 2
    assert "--out" in capsys.readouterr().err


def test_examinations_without_hashes_are_left_out():
    assert api.near_duplicates([fake_examination("a"), fake_examination("b")]) == ()


def test_the_measurement_finds_scaled_copies_and_misses_mirrored_ones(photos):
    measured = api.likeness_bench(photos, 10, Context())
    found = {kind.name: kind.found for kind in measured.kinds}
    assert (measured.pictures, measured.even) == (4, 2)
    assert found["half size"] == found["JPEG 70"] == 4
    assert found["mirrored"] == 0
    assert len(measured.near) == 3

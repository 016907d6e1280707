"""Composites with histories, and the weights and shares that follow from them."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.__main__ import main
from engine.errors import InputError
from engine.traces import edited
from engine.training import edits_cli
from engine.training.data import read_pool
from engine.training.edits import Sample, chosen, fit, left_out, versions, weighed
from tests.engine.traces import planting as plant


@pytest.fixture
def pool(tmp_path) -> Path:
    """Two JPEG photographs, a PNG one, and a generated picture."""
    manifest = tmp_path / "manifest.csv"
    with manifest.open("w", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["path", "label", "source_repo", "sha256"])
        for index in range(2):
            file = tmp_path / f"{index}.jpg"
            file.write_bytes(plant.jpeg(plant.photograph(320, 400, index), 75))
            table.writerow([file.name, "real", f"source-{index}", f"{index:02d}" * 32])
        Image.fromarray(plant.photograph(320, 400, 5)).save(tmp_path / "whole.png")
        table.writerow(["whole.png", "real", "source-0", "ab" * 32])
        Image.fromarray(plant.photograph(256, 256, 9)).save(tmp_path / "made.png")
        table.writerow(["made.png", "ai", "source-2", "cd" * 32])
    return manifest


def test_photographs_that_are_kept_as_jpeg_are_chosen(pool):
    images = read_pool(pool)
    found = chosen(images, ["source-0", "source-1"])
    assert sorted(image.path.name for image in found) == ["0.jpg", "1.jpg"]
    assert [image.source for image in chosen(images, ["source-1"])] == ["source-1"]


def test_a_composite_differs_from_its_twin_about_the_part_alone(pool):
    images = read_pool(pool)
    made = list(versions(images[0], 0, [images[3]], None))
    assert [v.name for v in made] == [
        "as it is", "jpeg 75", "jpeg 75", "lossless", "lossless", "brightened, jpeg 95",
    ]  # fmt: skip
    twin, part = (plant.of_bytes(v.data).pixels.astype(int) for v in made[3:5])
    apart = np.abs(twin - part).max(axis=2) > 0
    mask = made[4].mask
    assert 0.04 < mask.mean() < 0.26
    assert apart[mask].mean() > 0.8
    assert apart[~mask].mean() < 0.1
    again = list(versions(images[0], 0, [images[3]], None))
    assert [v.data for v in made] == [v.data for v in again]


def test_the_part_of_a_lossless_composite_is_weighed_in_its_place(pool):
    images = read_pool(pool)
    _, _, _, clean, part = list(versions(images[0], 1, [images[3]], None))[:5]
    sample = weighed("source-0", part)
    assert sample.map == "trace.lattice"
    assert sample.edited
    assert sample.in_place
    assert sample.signs[0] > 0.5
    assert weighed("source-0", clean).signs is None


def samples(source: str, seed: int) -> list[Sample]:
    random = np.random.default_rng(seed)
    made = []
    for edit in (True, False):
        for _ in range(40):
            apart = float(random.normal(0.8 if edit else 0.3, 0.1))
            signs = None if not edit and random.random() < 0.5 else (apart, 0.1, 0.4, 0.1)
            made.append(
                Sample(
                    source=source,
                    name="jpeg 90",
                    map="trace.dq",
                    edited=edit,
                    signs=signs,
                    in_place=edit,
                )
            )
    return made


def test_a_fit_parts_edits_from_untouched_files_of_a_source_it_never_saw():
    rows = [*samples("a", 0), *samples("b", 1), *samples("c", 2)]
    called = np.array(left_out(rows, 1.0))
    edit = np.array([s.edited for s in rows])
    assert called[edit].mean() > 0.9
    assert called[~edit].mean() < 0.1


def test_figures_name_each_kind_with_its_interval():
    rows = [*samples("a", 0), *samples("b", 1)]
    made = edits_cli.figures(rows, {"a": "train", "b": "test"})
    weights, bias, threshold = fit(samples("a", 0), 1.0)
    assert made["weights"]["apart"] == pytest.approx(weights[0], abs=0.01)
    assert (made["bias"], made["threshold"]) == (round(bias, 2), round(threshold, 2))
    told = made["test sources"]["edited, jpeg 90"]
    assert told["files"] == 40
    assert told["in place"]["low"] <= told["in place"]["value"] <= told["in place"]["high"]


def test_the_shipped_weights_name_every_sign():
    for weighing in edited.weighings().values():
        assert len(weighing.weights) == len(edited.SIGNS)
        assert 0 < weighing.called < 0.03 * weighing.untouched


def test_a_pool_without_photographs_is_refused(tmp_path, capsys):
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("path,label,source_repo\n")
    assert main(["evaluate-edits", str(manifest)]) == 2
    assert "no photograph kept as JPEG" in capsys.readouterr().err


def test_a_class_without_parts_is_refused():
    clean = [s for s in samples("a", 0) if not s.edited]
    with pytest.raises(InputError, match="neither class"):
        edits_cli.figures(clean, {"a": "train"})

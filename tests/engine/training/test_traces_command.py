"""Planting and measuring: what is planted is known, and figures say what they count."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from PIL import Image

from engine.__main__ import main
from engine.traces.derived import TRACERS
from engine.training.card import VIEWS
from engine.training.trace_measuring import Sample, map_auc, side_of, summarised
from engine.training.trace_plants import PLANTS, Planted
from engine.types import HeatMap
from tests.engine.traces import planting as plant


@pytest.fixture
def pool(tmp_path):
    """Photographs of two sources that lie on the test side."""
    names = [name for name in map("source-{}".format, range(40)) if side_of(name) == "test"][:2]
    manifest = tmp_path / "manifest.csv"
    with manifest.open("w", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["path", "label", "source_repo"])
        for index, name in enumerate(names):
            file = tmp_path / f"{index}.png"
            Image.fromarray(plant.photograph(448, 448, index)).save(file)
            table.writerow([file.name, "real", name])
    return manifest


@pytest.mark.parametrize("each", PLANTS, ids=lambda each: f"{each.method}: {each.name}")
def test_a_plant_changes_its_part_and_leaves_a_twin_of_the_same_kind(each):
    base, donor = plant.photograph(336, 336, 1), plant.photograph(336, 336, 2)
    first, again = (each.make(base, donor, np.random.default_rng(3)) for _ in range(2))
    assert isinstance(first, Planted)
    assert (first.data, first.clean) == (again.data, again.clean)
    made, clean = plant.of_bytes(first.data), plant.of_bytes(first.clean)
    assert made.pixels.shape == clean.pixels.shape
    assert (made.jpeg is None) == (clean.jpeg is None)
    if first.mask is not None:
        apart = np.abs(made.luma - clean.luma)
        assert first.mask.shape == apart.shape
        assert apart[first.mask].mean() > 3 * apart[~first.mask].mean()


def test_every_plant_is_for_a_method_there_is():
    assert {each.method for each in PLANTS} <= {each.method.name for each in TRACERS}


def test_a_map_that_is_the_mask_has_the_area_1_and_its_reverse_0():
    mask = np.zeros((64, 64), dtype=bool)
    mask[16:48, 16:48] = True
    cells = mask[::8, ::8].astype(np.float32)
    valid = np.ones(cells.shape, dtype=bool)
    for shown, expected in ((cells, 1.0), (1 - cells, 0.0), (cells * 0, 0.5)):
        heatmap = HeatMap(cells=shown, valid=valid, cell_px=(8, 8), method="")
        assert map_auc(heatmap, mask) == expected


def test_figures_count_pictures_that_were_found_and_false_alarms():
    samples = [
        Sample(
            source=f"s{n % 2}",
            planted=2.0,
            clean=1.0,
            planted_regions=True,
            clean_regions=n == 0,
            hit=n < 3,
            pixel_auc=0.75,
        )
        for n in range(4)
    ]
    measured = summarised(PLANTS[0], samples)
    assert (measured.pictures, measured.sources) == (4, 2)
    assert (measured.picture_auc.value, measured.pixel_auc.value) == (1.0, 0.75)
    assert (measured.found.value, measured.false_alarms.value) == (0.75, 0.25)
    assert measured.found.low <= 0.75 <= measured.found.high


def test_the_command_prints_a_line_a_plant_and_keeps_figures_for_the_tables(pool, tmp_path, capsys):
    speed, kept = tmp_path / "speed.json", tmp_path / "traces.json"
    figures = {"seconds": 0.5, "cpu_seconds": 0.4, "peak_memory_mb": 300}
    speed.write_text(
        json.dumps(
            {
                "machine": {"processor": "test", "cores": 2},
                "height": 3000,
                "width": 4000,
                "methods": [{"method": "trace.ghosts", **figures}],
            }
        )
    )
    options = ["--method", "ghosts", "--out", str(kept), "--speed", str(speed)]
    assert main(["evaluate-traces", str(pool), *options]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("trace.ghosts | part saved before")
    body = json.loads(kept.read_text())
    assert body["plants"][0]["pictures"] == 2
    assert "| ghosts | part saved before" in VIEWS["traces"](body)
    assert "0.40" in VIEWS["trace-speed"](body)


def test_a_pool_without_pictures_large_enough_cannot_run(tmp_path, capsys):
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("path,label,source_repo\n")
    assert main(["evaluate-traces", str(manifest)]) == 2
    assert "two are needed" in capsys.readouterr().err

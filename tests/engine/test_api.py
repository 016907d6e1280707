"""The door: what the window and other programs are promised."""

from __future__ import annotations

import inspect
import multiprocessing
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import api
from engine.errors import InputError, StoreError
from engine.job import Context
from engine.scan_types import ScanRequest
from engine.types import Outcome
from tests.fakes import fake_examination, fake_factory

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    photo = tmp_path / "photo.png"
    Image.new("RGB", (96, 64), (230, 20, 20)).save(photo)
    out = tmp_path / "out"
    api.scan(ScanRequest(paths=(str(photo),), out_dir=str(out)), Context(), factory=fake_factory)
    return out


def test_everything_the_door_names_is_there_and_explained():
    for name in api.__all__:
        thing = getattr(api, name)
        if inspect.isfunction(thing) or inspect.isclass(thing):
            assert inspect.getdoc(thing), name


def test_the_door_opens_without_heavy_libraries():
    heavy = ("torch", "transformers", "PIL", "reportlab", "cv2", "onnxruntime", "pikepdf")
    program = f"import sys, engine.api; print([n for n in {heavy!r} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_a_stored_heat_map_equals_the_one_in_memory_to_8_bits(scanned):
    (stored,) = api.results(scanned)
    heatmap = api.heatmap(scanned, stored)
    photo = stored.facts.path
    fresh = api.examine(photo, ctx=Context(), factory=fake_factory).heatmap
    assert heatmap is not None
    assert fresh is not None
    np.testing.assert_allclose(heatmap.cells, fresh.cells, atol=0.5 / 255)
    np.testing.assert_array_equal(heatmap.valid, fresh.valid)
    assert heatmap.cell_px == fresh.cell_px


def test_an_examination_without_heat_map_gives_none(scanned):
    assert api.heatmap(scanned, fake_examination()) is None


def test_a_lost_heat_map_is_told(scanned):
    (stored,) = api.results(scanned)
    assert stored.heatmap_file is not None
    (scanned / stored.heatmap_file).unlink()
    with pytest.raises(StoreError):
        api.heatmap(scanned, stored)


def test_a_record_that_points_out_of_its_folder_is_refused(scanned):
    (stored,) = api.results(scanned)
    for name in ("../secret.png", "/etc/secret.png", "heatmaps/../../secret.png"):
        with pytest.raises(StoreError):
            api.heatmap(scanned, replace(stored, heatmap_file=name))


def test_find_lists_what_a_scan_would_examine(tmp_path, scanned):
    (tmp_path / "notes.txt").write_text("x")
    found = api.find((str(tmp_path),), scanned, Context())
    assert found.paths == (str(tmp_path / "photo.png"),)
    assert found.ignored == 1


def test_a_heat_map_becomes_a_layer():
    heatmap = fake_examination().heatmap
    assert heatmap is not None
    assert api.overlay(heatmap, 64, 96).shape == (64, 96, 4)
    assert api.palette(5).shape == (5, 3)


def test_bands_differ_in_shape():
    shapes = {api.band_style(outcome).shape for outcome in (*Outcome, None)}
    assert len(shapes) == 4


def test_a_report_can_be_written_and_verified(scanned, tmp_path):
    pdf = tmp_path / "report.pdf"
    api.write_report(scanned, pdf, Context())
    outcomes = {check.outcome for check in api.verify_report(pdf, tmp_path)}
    assert "pass" in outcomes
    assert "fail" not in outcomes


def test_one_shot_pictures_leave_no_process_behind(scanned):
    photo = api.results(scanned)[0].facts.path
    assert api.open_image(photo).pixels.shape == (64, 96, 3)
    assert api.thumbnail(photo, 32).shape == (21, 32, 3)
    with pytest.raises(InputError):
        api.open_image(str(scanned))
    assert multiprocessing.active_children() == []


def test_the_samples_come_with_the_program():
    assert api.samples_dir().name == "samples"

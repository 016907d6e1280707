"""The shipped samples are what their tables say."""

import csv
import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.paths import resources_dir

SAMPLES = resources_dir() / "samples"
POOL = Path(__file__).resolve().parents[2] / "shared" / "data" / "pool" / "manifest.csv"
with (SAMPLES / "samples.csv").open(newline="", encoding="utf-8") as _stream:
    ROWS = list(csv.DictReader(_stream))
PICTURES = sorted(
    file.name for file in SAMPLES.iterdir() if file.suffix not in {".md", ".csv", ".txt"}
)


def pixels(name):
    with Image.open(SAMPLES / name) as picture:
        return np.asarray(picture.convert("RGB"), dtype=int)


def test_the_table_names_every_picture_once():
    assert sorted(row["file"] for row in ROWS) == PICTURES
    assert {row["label"] for row in ROWS} == {"real", "ai", "tampered"}


def test_every_picture_has_an_origin_and_a_licence():
    assert all(row["origin"] and row["licence"] and row["notes"] for row in ROWS)
    licences = {part for row in ROWS for part in row["licence"].split(" and ")}
    assert licences <= {"public domain", "CC0-1.0", "MIT", "CC0-1.0 (made for this project)"}


def test_the_readme_says_the_same_as_the_table():
    lines = (SAMPLES / "README.md").read_text(encoding="utf-8").splitlines()
    for row in ROWS:
        (line,) = [line for line in lines if line.startswith(f"| {row['file']} |")]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert cells[1] == row["label"]
        assert cells[3:5] == [row["origin"], row["licence"]]
        assert cells[5].startswith(row["notes"])
        with Image.open(SAMPLES / row["file"]) as picture:
            assert cells[2] == f"{picture.width} × {picture.height} {picture.format}"


def test_the_samples_are_small():
    assert sum(file.stat().st_size for file in SAMPLES.iterdir()) < 6_000_000


@pytest.mark.parametrize("row", [r for r in ROWS if r["mask"]], ids=lambda row: row["file"])
def test_a_mask_covers_what_was_changed_and_little_else(row):
    source = row["origin"].split(" from ")[1].split(" and ")[0]
    before, after = pixels(source), pixels(row["file"])
    with Image.open(SAMPLES / row["mask"]) as mask:
        inside = np.asarray(mask)
    assert inside.shape == after.shape[:2]
    assert 0 < inside.mean() < 0.5
    difference = np.abs(after - before).max(axis=2)
    # A JPEG differs a little everywhere; the others nowhere outside.
    outside_limit = 40 if row["file"].endswith(".jpg") else 1
    assert difference[~inside].max() <= outside_limit
    assert (difference[inside] > 0).mean() > 0.5


def test_masks_are_not_among_the_pictures_a_scan_finds():
    masks = {(SAMPLES / row["mask"]).resolve() for row in ROWS if row["mask"]}
    assert masks and not any(mask.is_relative_to(SAMPLES) for mask in masks)
    assert masks == {file.resolve() for file in (SAMPLES.parent / "sample-masks").iterdir()}


@pytest.mark.parametrize("name", [n for n in PICTURES if "-reconstructed" in n and "cup" not in n])
def test_a_reconstruction_is_aligned_with_its_original_and_differs_from_it(name):
    stem = name.split("-")[0]
    source = next(n for n in PICTURES if n.startswith(f"{stem}."))
    made = pixels(name)
    original = pixels(source)[: made.shape[0], : made.shape[1]]
    correlation = np.corrcoef(made.ravel(), original.ravel())[0, 1]
    assert correlation > 0.97
    assert np.abs(made - original).mean() > 0.5


@pytest.mark.parametrize("name", ["casio-church.jpg", "casio-prague.jpg"])
def test_camera_files_carry_their_exif(name):
    with Image.open(SAMPLES / name) as picture:
        exif = picture.getexif()
        assert exif[271].strip() == "CASIO COMPUTER CO.,LTD"
        assert exif[272].strip() == "QV-R51"
        assert 33434 in exif.get_ifd(0x8769)  # exposure time


@pytest.mark.shared
def test_no_sample_is_a_picture_of_the_development_data():
    if not POOL.is_file():
        pytest.skip(f"The development data are not there: {POOL} is missing.")
    with POOL.open(newline="", encoding="utf-8") as stream:
        pool = {row["sha256"] for row in csv.DictReader(stream)}
    assert len(pool) > 1000
    for name in PICTURES:
        assert hashlib.sha256((SAMPLES / name).read_bytes()).hexdigest() not in pool

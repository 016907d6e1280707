"""Heat map files: exact on the way back, honest to the eye."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from engine.errors import StoreError
from engine.evidence.heatmaps import LONG_SIDE_PX, encode_heatmap, read_heatmap, write_heatmap
from engine.types import HeatMap

SHA256 = "ab" * 32


def made(rows: int, cols: int, height: int, width: int, method: str = "test") -> HeatMap:
    random = np.random.default_rng(rows * 1000 + cols)
    return HeatMap(
        cells=random.random((rows, cols), dtype=np.float32),
        valid=random.random((rows, cols)) > 0.2,
        cell_px=(height / rows, width / cols),
        method=method,
    )


SIZES = [
    (14, 14, 480, 640),
    (7, 9, 33, 47),
    (1, 1, 32, 32),
    (32, 32, 32, 32),
    (33, 57, 3000, 4000),
    (14, 14, 32, 30_000),
    (64, 3, 5000, 40),
    (225, 301, 3601, 4801),
]


@pytest.mark.parametrize(("rows", "cols", "height", "width"), SIZES)
def test_a_stored_map_gives_its_grid_back_to_8_bits(rows, cols, height, width, tmp_path):
    heatmap = made(rows, cols, height, width)
    name = write_heatmap(tmp_path, SHA256, heatmap, height_px=height, width_px=width)
    back = read_heatmap(tmp_path / name)
    np.testing.assert_array_equal(back.valid, heatmap.valid)
    quantised = np.rint(heatmap.cells * 255) / np.float32(255)
    np.testing.assert_array_equal(back.cells[back.valid], quantised[heatmap.valid])
    assert back.cell_px == heatmap.cell_px
    assert back.method == heatmap.method


def test_writing_what_was_read_changes_nothing(tmp_path):
    name = write_heatmap(tmp_path, SHA256, made(14, 14, 480, 640), height_px=480, width_px=640)
    first = (tmp_path / name).read_bytes()
    back = read_heatmap(tmp_path / name)
    write_heatmap(tmp_path, SHA256, back, height_px=480, width_px=640)
    assert (tmp_path / name).read_bytes() == first


def test_the_file_is_a_grey_picture_of_the_original_s_size(tmp_path):
    heatmap = HeatMap(
        cells=np.array([[0.0, 1.0]], np.float32),
        valid=np.array([[True, False]]),
        cell_px=(40.0, 50.0),
        method="halves",
    )
    name = write_heatmap(tmp_path, SHA256, heatmap, height_px=40, width_px=100)
    assert name == f"heatmaps/{SHA256}.png"
    with Image.open(tmp_path / name) as image:
        assert (image.mode, image.size) == ("LA", (100, 40))
        pixels = np.asarray(image)
        text = image.text
    assert (pixels[:, :50] == (0, 255)).all()
    assert (pixels[:, 50:] == (0, 0)).all()
    assert text["residua:rows"] == "1"
    assert text["residua:cols"] == "2"
    assert text["residua:cell_px"] == "40.0 50.0"
    assert text["residua:method"] == "halves"
    assert text["residua:scale"] == "0..1"


def test_a_large_picture_s_map_is_scaled_down(tmp_path):
    name = write_heatmap(tmp_path, SHA256, made(3, 4, 6000, 8000), height_px=6000, width_px=8000)
    with Image.open(tmp_path / name) as image:
        assert image.size == (LONG_SIDE_PX, LONG_SIDE_PX * 3 // 4)


def test_a_method_of_any_letters_survives(tmp_path):
    heatmap = made(4, 4, 64, 64, method="|Δ| / |h|, ‖x‖ 中")
    name = write_heatmap(tmp_path, SHA256, heatmap, height_px=64, width_px=64)
    assert read_heatmap(tmp_path / name).method == heatmap.method


def test_nothing_but_the_heat_map_is_left_behind(tmp_path):
    write_heatmap(tmp_path, SHA256, made(4, 4, 64, 64), height_px=64, width_px=64)
    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))
    assert found == ["heatmaps", f"heatmaps/{SHA256}.png"]


def test_a_map_that_does_not_span_its_picture_is_a_bug(tmp_path):
    with pytest.raises(ValueError, match="spans"):
        write_heatmap(tmp_path, SHA256, made(4, 4, 64, 64), height_px=80, width_px=64)


@pytest.mark.parametrize("value", [1.5, -0.1, np.nan])
def test_a_valid_cell_outside_the_scale_is_a_bug(value, tmp_path):
    heatmap = HeatMap(
        cells=np.array([[value]], np.float32),
        valid=np.array([[True]]),
        cell_px=(64.0, 64.0),
        method="bad",
    )
    with pytest.raises(ValueError, match="outside"):
        write_heatmap(tmp_path, SHA256, heatmap, height_px=64, width_px=64)


def test_a_name_that_is_no_hash_is_a_bug(tmp_path):
    with pytest.raises(ValueError, match="sha256"):
        write_heatmap(tmp_path, "../escape", made(4, 4, 64, 64), height_px=64, width_px=64)


def test_an_unwritable_folder_is_told(tmp_path):
    (tmp_path / "heatmaps").write_text("in the way")
    with pytest.raises(StoreError):
        write_heatmap(tmp_path, SHA256, made(4, 4, 64, 64), height_px=64, width_px=64)


def test_other_files_are_refused(tmp_path):
    plain, text, cut = tmp_path / "plain.png", tmp_path / "text.png", tmp_path / "cut.png"
    Image.new("LA", (64, 64)).save(plain)
    text.write_text("no picture")
    name = write_heatmap(tmp_path, SHA256, made(9, 9, 90, 90), height_px=90, width_px=90)
    data = (tmp_path / name).read_bytes()
    cut.write_bytes(data[: len(data) // 2])
    for file in (plain, text, cut, tmp_path / "missing.png"):
        with pytest.raises(StoreError):
            read_heatmap(file)


@pytest.mark.parametrize(
    ("height", "width", "rows", "cols"), [(100, 70, 7, 5), (33, 40, 33, 1), (6000, 64, 3, 90)]
)
def test_other_programs_see_each_cell_at_its_place(height, width, rows, cols):
    heatmap = made(rows, cols, height, width)
    png = encode_heatmap(heatmap, height_px=height, width_px=width)
    with Image.open(io.BytesIO(png)) as image:
        pixels = np.asarray(image)
    down = ((np.arange(pixels.shape[0]) + 0.5) * rows / pixels.shape[0]).astype(int)
    right = ((np.arange(pixels.shape[1]) + 0.5) * cols / pixels.shape[1]).astype(int)
    grey = np.where(heatmap.valid, np.rint(np.where(heatmap.valid, heatmap.cells, 0) * 255), 0)
    assert (pixels[..., 0] == grey[down][:, right]).all()
    assert (pixels[..., 1] == np.where(heatmap.valid, 255, 0)[down][:, right]).all()

"""Planted manipulations are found by the methods that look at compression and noise; clean ones
stay quiet. Sizes and seeds vary; the scale of real photographs is measured elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from engine.traces import dq, dq_shifted, ela, ghosts, grid, noise, residual
from engine.traces.outliers import departures, deviations
from engine.traces.subject import Subject
from engine.types import Region, Status
from tests.engine.traces import planting as plant

SEEDS = (1, 2)
CASES = [(size, seed) for size in plant.SIZES for seed in SEEDS]


def scenes(size, seed):
    """A picture, another one, and the place where one is planted into the other."""
    height, width = size
    x, y, w, h = (side // 16 * 16 for side in (width // 4, height // 3, width // 3, height // 3))
    place = Region(x=x, y=y, w=w, h=h)
    return plant.photograph(*size, seed), plant.photograph(*size, seed + 100), place


def shifted(pixels, rows: int, cols: int):
    return np.roll(pixels, (rows, cols), axis=(0, 1))


def contrast(trace, place: Region) -> float:
    """Mean of the map inside the planted place over the mean outside, judged cells only."""
    heatmap = trace.heatmap
    rows, cols = heatmap.cells.shape
    y = (np.arange(rows) + 0.5) * heatmap.cell_px[0]
    x = (np.arange(cols) + 0.5) * heatmap.cell_px[1]
    inside = ((y >= place.y) & (y < place.y + place.h))[:, None] & (
        (x >= place.x) & (x < place.x + place.w)
    )
    cells, valid = heatmap.cells, heatmap.valid
    return float(cells[inside & valid].mean() / max(cells[~inside & valid].mean(), 1e-3))


def found(method, data: bytes, place: Region, least: float = 0.25):
    trace = method.find(plant.of_bytes(data), plant.nothing)
    assert trace.finding.status is Status.DERIVED, trace.finding.reason
    assert plant.overlap(trace.finding.regions, place) >= least, trace.finding
    assert contrast(trace, place) > 1.5
    return trace


def quiet(method, data: bytes):
    trace = method.find(plant.of_bytes(data), plant.nothing)
    assert trace.finding.regions == (), trace.finding
    return trace


@pytest.mark.parametrize(("size", "seed"), CASES)
@pytest.mark.parametrize("method", [ela, ghosts])
def test_a_part_that_was_saved_before_stands_out(method, size, seed):
    base, donor, place = scenes(size, seed)
    made = plant.pasted(base, plant.reread(donor, 60), place)
    found(method, plant.jpeg(made, 92), place, least=0.08)


@pytest.mark.parametrize(("size", "seed"), CASES)
@pytest.mark.parametrize("method", [ela, ghosts, dq, dq_shifted, grid, noise, residual])
def test_a_picture_saved_once_stays_quiet(method, size, seed):
    quiet(method, plant.jpeg(plant.photograph(*size, seed), 92))


@pytest.mark.parametrize(("size", "seed"), CASES)
@pytest.mark.parametrize("method", [ela, ghosts, dq_shifted, grid, noise, residual])
def test_a_picture_that_was_never_compressed_stays_quiet(method, size, seed):
    trace = method.find(Subject(plant.photograph(*size, seed)), plant.nothing)
    assert trace.finding.regions == (), trace.finding


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_a_part_replaced_between_two_savings_lacks_the_first(size, seed):
    base, donor, place = scenes(size, seed)
    made = plant.pasted(plant.reread(base, 70), donor, place)
    trace = found(dq, plant.jpeg(made, 92), place)
    assert "only one compression" in trace.finding.reason


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_a_picture_saved_twice_is_told_without_pointing_anywhere(size, seed):
    trace = quiet(dq, plant.jpeg(plant.reread(plant.photograph(*size, seed), 70), 92))
    assert "quantised before" in trace.finding.reason
    assert trace.curve.marks


def test_double_quantisation_needs_a_jpeg():
    trace = dq.find(Subject(plant.photograph()), plant.nothing)
    assert trace.finding.status is Status.NOT_AVAILABLE
    assert "not stored as JPEG" in trace.finding.reason


@pytest.mark.parametrize(("first", "second"), [(9, 4), (6, 3), (11, 5), (7, 2)])
def test_ratios_tell_how_often_each_value_comes_after_two_steps(first, second):
    wide = np.random.default_rng(0).uniform(-400, 400, 2_000_000)
    once = np.rint(wide / first) * first
    again = np.rint((once + np.random.default_rng(1).normal(0, dq.ERROR, wide.size)) / second)
    counts = np.bincount((again + 1000).astype(int), minlength=2001)[960:1041]
    expected = dq.ratios(first, second)
    measured = counts / (wide.size * second / 800)
    inner = slice(20, 61)
    assert np.abs(measured[inner] - expected[inner]).max() < 0.05


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_a_part_with_an_earlier_shifted_grid_stands_out(size, seed):
    base, donor, place = scenes(size, seed)
    pasted = shifted(plant.reread(donor, 60), 3, 5)
    trace = found(dq_shifted, plant.jpeg(plant.pasted(base, pasted, place), 96), place)
    assert ("grid", "starts in column 5, row 3") in trace.parameters


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_a_crop_of_a_jpeg_is_told_for_the_whole_picture(size, seed):
    cropped = plant.reread(plant.photograph(*size, seed), 60)[2:, 3:]
    trace = quiet(dq_shifted, plant.jpeg(cropped, 96))
    assert trace.finding.value >= dq_shifted.STANDS_OUT
    assert ("grid", "starts in column 5, row 6") in trace.parameters
    assert "whole picture" in trace.finding.reason


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_a_part_with_another_grid_stands_out(size, seed):
    base, donor, place = scenes(size, seed)
    made = plant.pasted(plant.reread(base, 85), shifted(plant.reread(donor, 80), 4, 2), place)
    trace = grid.find(Subject(made), plant.nothing)
    assert plant.overlap(trace.finding.regions, place) >= 0.4, trace.finding
    assert "column 2, row 4" in trace.finding.reason
    assert contrast(trace, place) > 3


@pytest.mark.parametrize("place", [(0, 0), (3, 6), (7, 1)])
def test_the_grid_of_a_picture_is_named(place):
    rows, cols = place
    picture = plant.reread(plant.photograph(), 85)[(8 - rows) % 8 :, (8 - cols) % 8 :]
    trace = grid.find(Subject(np.ascontiguousarray(picture)), plant.nothing)
    assert dict(trace.parameters)["grid of the picture"] == f"starts in column {cols}, row {rows}"


def test_no_grid_is_named_where_none_is():
    trace = grid.find(Subject(plant.photograph()), plant.nothing)
    assert dict(trace.parameters)["grid of the picture"] == "none found"


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_a_noisier_part_stands_out(size, seed):
    base, _, place = scenes(size, seed)
    loud = base + np.random.default_rng(seed).normal(0, 10, base.shape)
    made = plant.pasted(base, np.clip(np.rint(loud), 0, 255).astype(np.uint8), place)
    trace = noise.find(Subject(made), plant.nothing)
    assert plant.overlap(trace.finding.regions, place) >= 0.1, trace.finding
    assert "noisier" in trace.finding.reason


@pytest.mark.parametrize("deviation", [1.0, 3.0, 8.0])
def test_the_noise_level_is_the_noise_that_was_added(deviation):
    flat = 128 + np.random.default_rng(0).normal(0, deviation, (512, 512)).astype(np.float32)
    levels = noise.noise_levels(flat, plant.nothing)
    assert np.median(levels) == pytest.approx(deviation, rel=0.03)


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_a_smoothed_part_stands_out_in_the_residual(size, seed):
    base, _, place = scenes(size, seed)
    padded = np.pad(base.astype(float), ((1, 1), (1, 1), (0, 0)), mode="edge")
    soft = sum(padded[y : y + size[0], x : x + size[1]] for y in range(3) for x in range(3))
    made = plant.pasted(base, np.rint(soft / 9).astype(np.uint8), place)
    trace = residual.find(Subject(made), plant.nothing)
    assert plant.overlap(trace.finding.regions, place) >= 0.15, trace.finding
    assert contrast(trace, place) > 1.5


@pytest.mark.parametrize("method", [ela, ghosts, dq, dq_shifted, grid, noise, residual])
def test_a_flat_picture_and_a_small_one_give_no_evidence(method):
    for pixels in (np.full((512, 512, 3), 127, np.uint8), plant.photograph(40, 40)):
        trace = method.find(plant.of_bytes(plant.jpeg(pixels)), plant.nothing)
        assert trace.finding.regions == ()
        judged = trace.heatmap is not None and trace.heatmap.valid.any()
        assert trace.finding.status is Status.NOT_AVAILABLE or not judged


@pytest.mark.parametrize("method", [ela, ghosts, dq_shifted, grid, noise, residual])
def test_saturated_parts_are_masked(method):
    pixels = plant.photograph(*plant.SIZES[1])
    pixels[:320, :400] = 255
    trace = method.find(plant.of_bytes(plant.jpeg(pixels, 92)), plant.nothing)
    heatmap = trace.heatmap
    if heatmap is None:
        pytest.fail(f"{method.METHOD.name} has no map: {trace.finding.reason}")
    rows, cols = int(200 / heatmap.cell_px[0]), int(200 / heatmap.cell_px[1])
    assert not heatmap.valid[:rows, :cols].any()


def test_a_cell_is_compared_with_cells_of_alike_texture():
    random = np.random.default_rng(0)
    like = random.uniform(0, 1, (40, 40)).astype(np.float32)
    values = (3 * like + random.normal(0, 0.05, like.shape)).astype(np.float32)
    values[20, 20] += 1
    valid = np.ones(like.shape, dtype=bool)
    for made in (deviations(values, like, valid), departures(values, (like,), valid)):
        assert np.argmax(made) == 20 * 40 + 20
        assert made[20, 20] > 8
        assert np.median(np.abs(made)) < 1.2


@pytest.mark.parametrize("method", [ela, ghosts, dq_shifted, grid, noise, residual])
def test_a_method_asks_whether_to_stop(method):
    def stop():
        raise TimeoutError

    with pytest.raises(TimeoutError):
        method.find(plant.of_bytes(plant.jpeg(plant.photograph(), 92)), stop)

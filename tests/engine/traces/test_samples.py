"""Methods that look at samples: planted traces are found, clean pictures stay quiet."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter

from engine.errors import Cancelled
from engine.traces import (
    bit_planes,
    cfa,
    components,
    contrast,
    gradient,
    median_filtering,
    resampling,
    spectrum,
)
from engine.traces.derived import TRACERS
from engine.traces.subject import Subject
from engine.types import Region, Status
from tests.engine.traces import planting as plant
from tests.engine.traces import sensors

SEEDS = (0, 1, 2)
PLACE = Region(x=160, y=96, w=192, h=160)


def median(pixels, side: int = 3):
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.MedianFilter(side)))


def brighter(pixels, gamma: float = 0.8):
    table = np.rint(255 * (np.arange(256) / 255) ** gamma).astype(np.uint8)
    return table[pixels]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_patch_without_demosaicing_is_found_in_a_demosaiced_picture(seed):
    camera = sensors.bayer(plant.photograph(seed=seed, noise=0), seed)
    made = plant.pasted(camera, plant.photograph(seed=seed + 50), PLACE)
    trace = cfa.find(sensors.seen(made), plant.nothing)
    assert plant.overlap(trace.finding.regions, PLACE) > 0.7


@pytest.mark.parametrize("seed", SEEDS)
def test_a_patch_on_the_other_half_of_the_chequerboard_is_found(seed):
    camera = sensors.bayer(plant.photograph(seed=seed, noise=0), seed)
    other = sensors.bayer(plant.photograph(seed=seed + 50, noise=0), seed, corner=(0, 1))
    made = plant.pasted(camera, other, PLACE)
    trace = cfa.find(sensors.seen(made), plant.nothing)
    assert plant.overlap(trace.finding.regions, PLACE) > 0.7


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("corner", [(0, 0), (0, 1)])
def test_the_measured_half_of_green_is_told_and_no_place_accused(seed, corner):
    camera = sensors.bayer(plant.photograph(seed=seed, noise=0), seed, corner=corner)
    trace = cfa.find(sensors.seen(camera), plant.nothing)
    assert trace.finding.status is Status.DERIVED
    assert trace.finding.regions == ()
    # Green lies where x + y is odd when red lies in the corner.
    assert trace.parameters[0][1] == ("x + y odd" if corner == (0, 0) else "x + y even")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("quality", [None, 70])
def test_without_demosaicing_nothing_is_said_of_it(seed, quality):
    pixels = plant.photograph(seed=seed)
    if quality is not None:
        pixels = plant.reread(sensors.bayer(pixels, seed), quality)
    trace = cfa.find(sensors.seen(pixels), plant.nothing)
    assert trace.finding.status is Status.NOT_AVAILABLE
    assert "says nothing" in trace.finding.reason


def test_flat_and_saturated_parts_are_not_judged_for_demosaicing():
    scene = plant.photograph(noise=0)
    scene[:, :128] = 255
    camera = sensors.bayer(scene)
    camera[:, 128:256] = 90
    trace = cfa.find(sensors.seen(camera), plant.nothing)
    valid = trace.heatmap.valid
    # The edge between the two has texture.
    assert not valid[:, :7].any()
    assert not valid[:, 9:15].any()
    assert valid[:, 18:].mean() > 0.9


@pytest.mark.parametrize("seed", SEEDS)
def test_the_grid_of_an_uneven_enlargement_is_found_in_the_spectrum(seed):
    height, width = 512, 640
    small = plant.photograph(height // 4, width // 4, seed).astype(float)
    uneven = np.array([1.0, 1.02, 1.0, 0.98])
    large = np.kron(small, np.ones((4, 4, 1))) * np.tile(uneven, width // 4)[None, :, None]
    large = plant.photograph(height, width, seed) * 0.5 + large * 0.5
    made = np.clip(np.rint(large), 0, 255).astype(np.uint8)
    trace = spectrum.find(sensors.seen(made), plant.nothing)
    assert trace.finding.value > spectrum.LEAST_DB
    assert "grid" in trace.finding.reason


@pytest.mark.parametrize("seed", range(6))
def test_a_photograph_without_a_grid_has_no_peak(seed):
    trace = spectrum.find(sensors.seen(plant.photograph(512, 640, seed)), plant.nothing)
    assert trace.finding.value == "none"
    assert trace.curve.marks == ()


def test_a_wave_stands_out_in_the_radial_curve_at_its_frequency():
    rng = np.random.default_rng(0)
    wave = 6 * np.sin(2 * np.pi * 0.3125 * np.arange(640))
    luma = (rng.normal(128, 3, (512, 640)) + wave).astype(np.float32)
    found = spectrum.measure(luma, plant.nothing)
    assert (found.radial.argmax() + 1) / found.side_px == pytest.approx(0.3125, abs=0.01)


def test_a_small_flat_picture_has_no_spectrum():
    trace = spectrum.find(sensors.seen(np.full((64, 64, 3), 90, np.uint8)), plant.nothing)
    assert trace.finding.status is Status.NOT_AVAILABLE


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("factor", [1.2, 1.5, 1.8])
def test_an_enlarged_picture_tells_its_factor(seed, factor):
    large = sensors.scaled(plant.photograph(seed=seed), factor)
    trace = resampling.find(sensors.seen(large), plant.nothing)
    assert trace.curve.marks[0] == pytest.approx(1 - 1 / factor, abs=0.003)
    assert f"enlarged {factor:.3g} " in trace.finding.reason


@pytest.mark.parametrize("seed", SEEDS)
def test_an_enlarged_patch_is_found(seed):
    patch = sensors.scaled(plant.photograph(seed=seed + 50), 1.4)
    place = Region(x=224, y=192, w=256, h=224)
    made = sensors.moved_in(plant.photograph(512, 640, seed), patch, place)
    trace = resampling.find(sensors.seen(made), plant.nothing)
    assert plant.overlap(trace.finding.regions, place) > 0.5


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("quality", [None, 85])
def test_a_picture_that_was_not_resized_has_no_line(seed, quality):
    pixels = plant.photograph(512, 640, seed)
    if quality is not None:
        pixels = plant.reread(pixels, quality)
    trace = resampling.find(sensors.seen(pixels), plant.nothing)
    assert trace.finding.value == "none"
    assert trace.finding.regions == ()


def test_a_line_at_one_third_may_be_three_factors():
    assert resampling.factors(1 / 3) == "enlarged 1.5 or 3 times, or reduced to 0.75"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("side", [3, 5])
def test_a_median_filtered_patch_is_found(seed, side):
    pixels = plant.photograph(seed=seed)
    made = plant.pasted(pixels, median(pixels, side), PLACE)
    trace = median_filtering.find(sensors.seen(made), plant.nothing)
    assert plant.overlap(trace.finding.regions, PLACE) > 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_median_over_everything_is_told_of_the_whole_picture(seed):
    trace = median_filtering.find(sensors.seen(median(plant.photograph(seed=seed))), plant.nothing)
    assert trace.finding.value > median_filtering.WHOLE_RATIO
    assert trace.finding.regions == ()


@pytest.mark.parametrize("seed", range(5))
def test_smoothing_by_means_is_no_median(seed):
    smooth = Image.fromarray(plant.photograph(seed=seed)).filter(ImageFilter.GaussianBlur(0.8))
    trace = median_filtering.find(sensors.seen(np.asarray(smooth)), plant.nothing)
    assert trace.finding.value == "none"


def test_a_jpeg_is_not_searched_for_median_filtering():
    subject = plant.of_bytes(plant.jpeg(plant.photograph()))
    trace = median_filtering.find(subject, plant.nothing)
    assert trace.finding.status is Status.NOT_AVAILABLE


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("gamma", [0.8, 1.2])
def test_a_tone_curve_over_everything_is_found(seed, gamma):
    trace = contrast.find(sensors.seen(brighter(plant.photograph(seed=seed), gamma)), plant.nothing)
    assert trace.finding.value > contrast.LEAST_WHOLE


@pytest.mark.parametrize("seed", SEEDS)
def test_a_patch_with_its_own_tone_curve_is_found(seed):
    pixels = plant.photograph(960, 1280, seed)
    place = Region(x=320, y=256, w=384, h=320)
    made = plant.pasted(pixels, brighter(pixels, 0.75), place)
    trace = contrast.find(sensors.seen(made), plant.nothing)
    assert plant.overlap(trace.finding.regions, place) > 0.5


@pytest.mark.parametrize("seed", range(5))
def test_the_histogram_of_a_photograph_is_smooth(seed):
    trace = contrast.find(sensors.seen(plant.photograph(seed=seed)), plant.nothing)
    assert trace.finding.value == "none"


def test_random_samples_of_a_smooth_histogram_have_no_strength():
    rng = np.random.default_rng(0)
    counts = np.bincount(
        np.rint(rng.normal(128, 30, 200_000)).clip(0, 255).astype(int), minlength=256
    )
    assert contrast.strength(counts.astype(float)) < 0.001


def test_the_gradient_of_a_ramp_is_its_slope():
    ramp = np.tile(np.arange(64, dtype=np.float32) * 2, (32, 1))
    across, down = gradient.gradient(ramp)
    assert np.allclose(across[2:-2, 2:-2], 2)
    assert np.allclose(down[2:-2, 2:-2], 0)


def test_the_gradient_view_is_the_same_across_strips():
    tall = plant.photograph(gradient.STRIP_PX + 40, 96)
    whole = gradient.find(sensors.seen(tall), plant.nothing).picture
    top = gradient.STRIP_PX - 20
    part = gradient.find(sensors.seen(tall[top : top + 60]), plant.nothing).picture
    assert np.array_equal(whole[top + 2 : top + 58], part[2:58])


def test_components_are_the_directions_of_variance():
    rng = np.random.default_rng(0)
    made = (
        120
        + rng.normal(0, 30, (200, 200, 1)) * [1, 1, 1]
        + rng.normal(0, 5, (200, 200, 1)) * [1, -1, 0]
    )
    _, axes, variances = components.components(np.rint(made).clip(0, 255).astype(np.uint8))
    assert np.allclose(np.abs(axes[0]), 3**-0.5, atol=0.02)
    assert np.allclose(np.abs(axes[2]), np.array([1, 1, 2]) / 6**0.5, atol=0.02)
    assert variances[2] < 0.2


def test_a_foreign_colour_stands_out_in_the_last_component():
    grey = plant.photograph()
    mixed = grey.copy()
    mixed[100:160, 200:300, 0] = np.clip(mixed[100:160, 200:300, 0].astype(int) + 25, 0, 255)
    view = components.find(sensors.seen(mixed), plant.nothing).picture.astype(float)
    inside, outside = view[100:160, 200:300], view[:80]
    assert abs(inside.mean() - outside.mean()) > 10


def test_a_filled_area_is_told_by_its_last_bit_and_noise_is_not():
    pixels = plant.photograph()
    assert bit_planes.find(sensors.seen(pixels), plant.nothing).finding.regions == ()
    filled = pixels.copy()
    filled[64:224, 96:288] = 131
    trace = bit_planes.find(sensors.seen(filled), plant.nothing)
    assert plant.overlap(trace.finding.regions, Region(x=96, y=64, w=192, h=160)) > 0.9


def test_the_view_of_bits_shows_each_channels_last_bit():
    pixels = plant.photograph(64, 64)
    view = bit_planes.find(sensors.seen(pixels), plant.nothing).picture
    assert np.array_equal(view, (pixels & 1) * 255)


METHODS = (bit_planes, cfa, components, contrast, gradient, median_filtering, resampling, spectrum)


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.METHOD.name)
def test_a_method_stops_when_it_is_told_to(method):
    asked = []

    def stop():
        asked.append(1)
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        method.find(sensors.seen(plant.photograph(512, 640)), stop)
    assert asked


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.METHOD.name)
@pytest.mark.parametrize("size", [(1, 1), (7, 300), (33, 33), (129, 97)])
def test_small_and_odd_pictures_are_judged_or_declined(method, size):
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    assert method.find(Subject(pixels), plant.nothing).finding.status in (
        Status.DERIVED,
        Status.NOT_AVAILABLE,
    )


def test_every_method_is_in_the_one_list():
    assert {method.METHOD.name for method in METHODS} <= {t.method.name for t in TRACERS}

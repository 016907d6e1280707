"""The heat map's palette and layer, and the colours of the bands."""

from itertools import combinations

import numpy as np
import pytest

from engine.errors import InputError
from engine.images.colour import (
    DARK_GROUND,
    LEVELS,
    LIGHT_GROUND,
    band_style,
    oklab_path,
    overlay,
    palette,
)
from engine.types import HeatMap, Outcome

BANDS = (Outcome.AI, Outcome.INCONCLUSIVE, Outcome.REAL, None)

# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear sRGB.
DICHROMACIES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(srgb):
    c = np.asarray(srgb, dtype=float) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def luminance(srgb):
    return linear(srgb) @ [0.2126, 0.7152, 0.0722]


def rgb(code):
    return [int(code[i : i + 2], 16) for i in (1, 3, 5)]


def contrast(a, b):
    low, high = sorted((float(luminance(rgb(a))), float(luminance(rgb(b)))))
    return (high + 0.05) / (low + 0.05)


def oklab(linear_rgb):
    """Ottosson's forward matrices, so that the test does not lean on the code's inverse."""
    lms = (
        np.clip(linear_rgb, 0, None)
        @ np.array(
            [
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ]
        ).T
    )
    return (
        np.cbrt(lms)
        @ np.array(
            [
                [0.2104542553, 0.7936177850, -0.0040720468],
                [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ]
        ).T
    )


def a_map(cells, valid=None, cell_px=(16.0, 16.0)):
    cells = np.array(cells, dtype=np.float32)
    valid = np.ones(cells.shape, dtype=bool) if valid is None else np.array(valid)
    return HeatMap(cells=cells, valid=valid, cell_px=cell_px, method="test")


def test_palette_lightness_only_rises():
    grey = luminance(palette(LEVELS))
    assert np.all(np.diff(grey) > 0)


@pytest.mark.parametrize("vision", DICHROMACIES)
def test_palette_order_is_seen_with_every_colour_vision(vision):
    seen = oklab(linear(palette(32)) @ np.array(DICHROMACIES[vision]).T)
    assert np.all(np.diff(seen[:, 0]) > 0.005)


def test_palette_steps_are_equally_large():
    steps = np.linalg.norm(np.diff(oklab(linear(palette(24))), axis=0), axis=1)
    assert steps.max() / steps.min() < 1.15


def test_palette_stays_in_the_gamut_it_was_drawn_in():
    shown = oklab(linear(palette(64)))
    assert np.abs(shown - oklab_path(64)).max() < 0.01


def test_palette_runs_from_indigo_through_vermilion_to_pale_yellow():
    first, last = palette(2).astype(int)
    middle = palette(9)[5].astype(int)
    assert first[2] > first[0] > first[1]
    assert middle[0] > 2 * middle[1] > 0 and middle[0] > 2 * middle[2]
    assert last[0] > 230 and last[1] > 230 and last[2] < 210


@pytest.mark.parametrize("n", [0, 1, -3])
def test_palette_of_fewer_than_two_is_refused(n):
    with pytest.raises(InputError, match=str(n)):
        palette(n)


def test_overlay_cells_lie_where_they_belong():
    layer = overlay(a_map([[0.0, 1.0], [0.5, 0.25]], cell_px=(3.0, 5.0)), 6, 10)
    colours = palette(LEVELS)
    assert np.array_equal(layer[:3, :5, :3], np.broadcast_to(colours[0], (3, 5, 3)))
    assert np.array_equal(layer[:3, 5:, :3], np.broadcast_to(colours[-1], (3, 5, 3)))
    assert np.array_equal(layer[3:, :5, :3], np.broadcast_to(colours[128], (3, 5, 3)))
    assert np.array_equal(layer[3:, 5:, :3], np.broadcast_to(colours[64], (3, 5, 3)))


def test_overlay_at_half_size_keeps_the_places():
    heatmap = a_map([[0.0, 1.0], [1.0, 0.0]], cell_px=(50.0, 50.0))
    half = overlay(heatmap, 50, 50, picture_px=(100, 100))
    assert np.array_equal(half, overlay(heatmap, 100, 100)[::2, ::2])


def test_overlay_of_fractional_cells_takes_the_cell_of_the_centre():
    layer = overlay(a_map([[0.0, 1.0]], cell_px=(7.0, 3.5)), 7, 7)
    # Centres 0.5 .. 2.5 lie left of 3.5; the centre 3.5 belongs to the right-hand cell.
    assert np.array_equal(layer[0, :, 0] == palette(2)[1, 0], [False] * 3 + [True] * 4)


def test_overlay_is_never_stretched():
    quiet = overlay(a_map([[0.10, 0.12]]), 16, 32)
    assert np.array_equal(quiet[0, -1, :3], palette(LEVELS)[round(0.12 * 255)])


def test_overlay_opacity_grows_with_the_value():
    layer = overlay(a_map([np.linspace(0, 1, 11)]), 11, 110)
    alpha = layer[0, 5::10, 3].astype(int)
    assert np.all(np.diff(alpha) > 0)
    assert alpha[0] > 0 and alpha[-1] < 255


def test_overlay_hatches_where_there_is_no_evidence():
    layer = overlay(a_map([[0.5, np.nan]], valid=[[True, False]], cell_px=(64.0, 64.0)), 64, 128)
    assert len(np.unique(layer[:, :64].reshape(-1, 4), axis=0)) == 1
    hatched = layer[:, 64:]
    assert {0, 200} == set(np.unique(hatched[..., 3]))
    # Diagonal: moving one down and one left stays on the line.
    assert np.array_equal(hatched[1:, :-1], hatched[:-1, 1:])


def test_overlay_hatches_what_no_cell_covers():
    layer = overlay(a_map([[1.0]], cell_px=(16.0, 16.0)), 40, 40, picture_px=(40, 40))
    assert np.all(layer[:16, :16, 3] == layer[0, 0, 3])
    assert (layer[16:, :, 3] == 0).any() and (layer[:, 16:, 3] == 0).any()


@pytest.mark.parametrize("value", [-0.01, 1.01, np.nan])
def test_overlay_refuses_a_valid_cell_outside_the_scale(value):
    with pytest.raises(InputError, match="outside 0"):
        overlay(a_map([[value]]), 4, 4)


def test_overlay_of_nothing_is_refused():
    with pytest.raises(InputError, match="empty"):
        overlay(a_map([[0.5]]), 0, 4)


def test_overlay_leaves_the_map_as_it_was():
    heatmap = a_map([[0.2, 0.9]], valid=[[True, False]])
    heatmap.cells.setflags(write=False)
    overlay(heatmap, 9, 9)
    assert heatmap.cells.tolist() == np.array([[0.2, 0.9]], dtype=np.float32).tolist()


@pytest.mark.parametrize("band", BANDS)
def test_band_text_can_be_read_on_both_grounds(band):
    style = band_style(band)
    assert contrast(style.on_light, LIGHT_GROUND) >= 4.5
    assert contrast(style.on_dark, DARK_GROUND) >= 4.5


def test_bands_differ_without_colour():
    styles = [band_style(band) for band in BANDS]
    assert len({style.shape for style in styles}) == len({s.name for s in styles}) == 4


@pytest.mark.parametrize("ground", ["on_light", "on_dark"])
@pytest.mark.parametrize("vision", DICHROMACIES)
def test_the_three_bands_read_apart_with_every_colour_vision(vision, ground):
    matrix = np.array(DICHROMACIES[vision]).T
    seen = [oklab(linear(rgb(getattr(band_style(b), ground))) @ matrix) for b in BANDS[:3]]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 0.06

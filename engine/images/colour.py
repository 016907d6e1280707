"""Colours that carry meaning: the heat map's scale and the bands of a verdict.

This is the one place where they are defined; the window, the heat map files and the
report all take them from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import comb

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.types import HeatMap, Outcome

PALETTE_PATH = (
    (0.240, 0.13, 282.0),
    (0.370, 0.23, 304.0),
    (0.470, 0.22, 335.0),
    (0.580, 0.25, 20.0),
    (0.740, 0.22, 48.0),
    (0.830, 0.14, 82.0),
    (0.965, 0.07, 104.0),
)
"""Control points of the palette's Bezier curve: lightness 0..1, chroma, hue in degrees (OKLCH).

Chosen so that lightness rises all the way, which every kind of colour vision sees, and so
that the curve leaves the sRGB gamut by less than 1 % of a channel.
"""

PATH_SAMPLES = 4096
"""Points along the curve from which equal steps are picked."""

LEVELS = 256
"""Colours that ``overlay`` distinguishes between 0 and 1."""

ALPHA_LOW = 0.12
"""Opacity at value 0: the picture shows through, the tint still tells where the map lies."""

ALPHA_HIGH = 0.78
"""Opacity at value 1: the picture's edges can still be made out underneath."""

HATCHES_PER_SIDE = 28
"""Hatch lines along the shorter side of an overlay."""

HATCH_PERIOD_LEAST_PX = 8
"""Closest distance of two hatch lines; closer ones would blur into a tint."""

HATCH_LIGHT = (236, 236, 236, 200)
HATCH_DARK = (40, 40, 40, 200)
"""A light and a dark line side by side, so that one of them shows on any picture."""

LIGHT_GROUND = "#FFFFFF"
"""Paper, and the window's light ground."""

DARK_GROUND = "#1C1D1F"
"""The window's dark ground."""

_OKLAB_TO_LMS = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_LMS_TO_LINEAR_SRGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BandStyle:
    """How one band of the verdict looks; shape and name say the same without colour."""

    name: str
    """The band's name, for a person."""
    shape: str
    """The mark drawn beside it: ``"triangle"``, ``"diamond"``, ``"ring"`` or ``"cross"``."""
    on_light: str
    """``#rrggbb`` of text and mark on ``LIGHT_GROUND``, contrast at least 4.5:1."""
    on_dark: str
    """``#rrggbb`` of text and mark on ``DARK_GROUND``, contrast at least 4.5:1."""


_BANDS = {
    Outcome.AI: BandStyle(
        name="likely AI", shape="triangle", on_light="#971C0B", on_dark="#FF7452"
    ),
    Outcome.INCONCLUSIVE: BandStyle(
        name="inconclusive", shape="diamond", on_light="#946500", on_dark="#F6C04A"
    ),
    Outcome.REAL: BandStyle(
        name="no sign found", shape="ring", on_light="#3F5F82", on_dark="#9DB9D9"
    ),
}
_NOT_EXAMINED = BandStyle(name="not examined", shape="cross", on_light="#55585D", on_dark="#B4B4B4")


def band_style(outcome: Outcome | None) -> BandStyle:
    """Return how a band looks.

    Args:
        outcome: the verdict's outcome; None for a file that was not examined.

    Returns:
        Its name, shape and colours.
    """
    return _NOT_EXAMINED if outcome is None else _BANDS[outcome]


def palette(n: int) -> NDArray[np.uint8]:
    """Return n colours from dark indigo through vermilion to pale yellow.

    Neighbours are equally far apart in OKLab and lightness only rises, so the order can be
    read in grey, in print and with any colour vision.

    Args:
        n: how many colours, at least 2.

    Returns:
        [n, 3] uint8, sRGB; row 0 stands for 0, row n - 1 for 1.

    Raises:
        InputError: n is below 2.

    Source: OKLab, Bjorn Ottosson 2020 (public domain); the curve is this project's.
    """
    if n < 2:
        raise InputError(f"A palette of {n} colours was asked for: use at least 2.")
    return to_srgb(oklab_path(n))


def to_srgb(oklab: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return OKLab coordinates [n, 3] as sRGB [n, 3]; what no screen shows is cut off."""
    linear = oklab @ _OKLAB_TO_LMS.T
    linear = np.clip(linear**3 @ _LMS_TO_LINEAR_SRGB.T, 0.0, 1.0)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(srgb * 255), dtype=np.uint8)


def oklab_path(n: int) -> NDArray[np.float64]:
    """Return the palette's n colours as OKLab coordinates, equally spaced along the curve.

    Args:
        n: how many colours, at least 2.

    Returns:
        [n, 3]: lightness 0..1, a, b.
    """
    lightness, chroma, degrees = np.array(PALETTE_PATH).T
    hue = np.radians(degrees)
    control = np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=1)
    k = len(control) - 1
    t = np.linspace(0.0, 1.0, PATH_SAMPLES)[:, None]
    weights = np.concatenate([comb(k, i) * t**i * (1 - t) ** (k - i) for i in range(k + 1)], axis=1)
    curve = weights @ control
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    stops = np.linspace(0.0, lengths[-1], n)
    return np.stack([np.interp(stops, lengths, curve[:, axis]) for axis in range(3)], axis=1)


@cache
def _levels_rgba() -> NDArray[np.uint8]:
    """Return [LEVELS, 4]: the palette with its opacity."""
    alpha = np.linspace(ALPHA_LOW, ALPHA_HIGH, LEVELS) * 255
    rgba = np.concatenate([palette(LEVELS), np.rint(alpha)[:, None].astype(np.uint8)], axis=1)
    rgba.setflags(write=False)
    return rgba


def overlay(
    heatmap: HeatMap,
    height_px: int,
    width_px: int,
    *,
    picture_px: tuple[int, int] | None = None,
) -> NDArray[np.uint8]:
    """Return a heat map as a layer to lay over its picture.

    The scale is 0..1, never stretched. A pixel takes the colour of the cell its centre lies
    in; nothing is smoothed. Cells without evidence, and parts of the picture that no cell
    covers, are hatched.

    Args:
        heatmap: the map.
        height_px: height of the layer.
        width_px: width of the layer.
        picture_px: (height, width) of the picture in original pixels; None means that the
            grid spans the picture exactly, as this program's maps do.

    Returns:
        [height_px, width_px, 4] uint8, RGBA, alpha not premultiplied.

    Raises:
        InputError: a size below 1 px, an empty map, or a value outside 0..1 in a valid cell.
    """
    rows, cols = heatmap.cells.shape
    if height_px < 1 or width_px < 1 or rows < 1 or cols < 1:
        raise InputError(
            f"A layer of {height_px} x {width_px} px from {rows} x {cols} cells: "
            "neither can be empty."
        )
    row = _cell_of_pixel(height_px, rows, heatmap.cell_px[0], picture_px and picture_px[0])
    col = _cell_of_pixel(width_px, cols, heatmap.cell_px[1], picture_px and picture_px[1])
    covered = (row < rows)[:, None] & (col < cols)[None, :]
    row, col = np.minimum(row, rows - 1), np.minimum(col, cols - 1)
    rgba: NDArray[np.uint8] = _levels_rgba()[_level(heatmap)][row][:, col]
    judged = heatmap.valid[row][:, col] & covered
    if not judged.all():
        blank = ~judged
        rgba[blank] = hatching(height_px, width_px)[blank]
    return rgba


def _level(heatmap: HeatMap) -> NDArray[np.intp]:
    """Return [rows, cols] palette indices; cells that are not valid get 0."""
    cells = np.where(heatmap.valid, heatmap.cells, 0.0)
    if not np.all((cells >= 0.0) & (cells <= 1.0)):
        raise InputError(
            f"A heat map by {heatmap.method!r} has values outside 0..1 or not a number: "
            "the scale is fixed, so it cannot be shown."
        )
    level: NDArray[np.intp] = np.rint(cells * (LEVELS - 1)).astype(np.intp)
    return level


def _cell_of_pixel(
    side_px: int, cells: int, cell_px: float, picture_side_px: int | None
) -> NDArray[np.intp]:
    """Return [side_px]: the index of the cell each pixel's centre lies in; may pass the grid."""
    original_px = cells * cell_px if picture_side_px is None else picture_side_px
    centres = (np.arange(side_px) + 0.5) * (original_px / side_px)
    index: NDArray[np.intp] = np.floor(centres / cell_px).astype(np.intp)
    return index


def hatching(height_px: int, width_px: int) -> NDArray[np.uint8]:
    """Return [height_px, width_px, 4]: diagonal lines on a clear ground."""
    period = max(HATCH_PERIOD_LEAST_PX, min(height_px, width_px) // HATCHES_PER_SIDE)
    line = max(2, period // 4)
    phase = np.add.outer(np.arange(height_px), np.arange(width_px)) % period
    rgba = np.zeros((height_px, width_px, 4), dtype=np.uint8)
    rgba[phase < line] = HATCH_LIGHT
    rgba[(phase >= line) & (phase < 2 * line)] = HATCH_DARK
    return rgba

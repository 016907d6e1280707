"""Colours of what a probability rests on: two hues away from nothing, with a number at each end.

The places that push towards AI are vermilion, those that push towards real blue: hues that every
common kind of colour vision tells apart. They differ in lightness too, so that the sign is left
where colour is not, in print.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.images.colour import hatching, to_srgb
from engine.rest_types import Occlusion

TOWARDS_REAL = (0.70, 0.145, 240.0)
NOTHING = (0.95, 0.0, 0.0)
TOWARDS_AI = (0.54, 0.215, 33.0)
"""Ends and middle of the scale: lightness 0..1, chroma, hue in degrees (OKLCH). Between them the
colour goes straight through OKLab."""
LEVELS = 257
"""Colours from one end to the other; the middle one is exactly nothing."""
ALPHA_LEAST, ALPHA_MOST = 0.5, 0.86
"""Opacity in the middle and at both ends: a pale veil, so that the picture's own colours are not
taken for the map's."""
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
EDGE = (255, 255, 255, 150)
"""The line between two blocks."""


def diverging(n: int) -> NDArray[np.uint8]:
    """Return n colours from "towards real" to "towards AI".

    Args:
        n: how many colours, at least 2.

    Returns:
        [n, 3] uint8, sRGB; the middle one means no change.

    Raises:
        InputError: n is below 2.

    Source: OKLab, Bjorn Ottosson 2020 (public domain); the colours are this project's.
    """
    if n < 2:
        raise InputError(f"A palette of {n} colours was asked for: use at least 2.")
    points = np.array([_oklab(*each) for each in (TOWARDS_REAL, NOTHING, TOWARDS_AI)])
    at = np.linspace(-1.0, 1.0, n)
    return to_srgb(np.stack([np.interp(at, (-1.0, 0.0, 1.0), axis) for axis in points.T], axis=1))


def diverging_overlay(
    found: Occlusion, height_px: int, width_px: int, *, picture_px: tuple[int, int]
) -> NDArray[np.uint8]:
    """Return what a probability rests on as a layer to lay over the picture.

    A pixel takes the colour of the block its centre lies in; nothing is smoothed. Blocks are parted
    by thin lines. What the verdict does not read is hatched.

    Args:
        found: the changes.
        height_px: height of the layer.
        width_px: width of the layer.
        picture_px: (height, width) of the picture in original pixels.

    Returns:
        [height_px, width_px, 4] uint8, RGBA, alpha not premultiplied.

    Raises:
        InputError: a size below 1 px.
    """
    if height_px < 1 or width_px < 1:
        raise InputError(f"A layer of {height_px} x {width_px} px: neither can be below 1.")
    rows, cols = found.changes.shape
    row = _blocks(height_px, picture_px[0], found.area.y, found.block_px[0], rows)
    col = _blocks(width_px, picture_px[1], found.area.x, found.block_px[1], cols)
    inside = (row >= 0)[:, None] & (col >= 0)[None]
    shares = np.clip(found.changes / found.scale, -1.0, 1.0)
    level = np.rint((shares + 1) / 2 * (LEVELS - 1)).astype(np.intp)
    rgba: NDArray[np.uint8] = _levels_rgba()[level][row][:, col]
    rgba[_edges(row)[:, None] | _edges(col)[None]] = EDGE
    judged = found.read[row][:, col] & inside
    if not judged.all():
        rgba[~judged] = hatching(height_px, width_px)[~judged]
    return rgba


def over_grey(
    found: Occlusion, pixels: NDArray[np.uint8], *, picture_px: tuple[int, int]
) -> NDArray[np.uint8]:
    """Return the picture without its colours under the layer: [h, w, 3].

    In grey no colour of the picture is taken for one of the map.

    Args:
        found: the changes.
        pixels: [h, w, 3], sRGB, of any size.
        picture_px: (height, width) of the picture in original pixels.

    Source: luma, ITU-R BT.601, section 2.5.1.
    """
    height, width = pixels.shape[:2]
    layer = diverging_overlay(found, height, width, picture_px=picture_px)
    alpha = layer[..., 3:].astype(np.float32) / 255
    grey = (pixels @ LUMA)[..., None]
    return np.rint(grey * (1 - alpha) + layer[..., :3] * alpha).astype(np.uint8)


@cache
def _levels_rgba() -> NDArray[np.uint8]:
    """Return [LEVELS, 4]: the palette with its opacity."""
    far = np.abs(np.linspace(-1.0, 1.0, LEVELS))
    alpha = (ALPHA_LEAST + far * (ALPHA_MOST - ALPHA_LEAST)) * 255
    rgba = np.concatenate([diverging(LEVELS), np.rint(alpha)[:, None].astype(np.uint8)], axis=1)
    rgba.setflags(write=False)
    return rgba


def _blocks(
    side_px: int, picture_side_px: int, start: float, block_px: float, count: int
) -> NDArray[np.intp]:
    """Return [side_px]: the block of each pixel's centre; -1 outside."""
    centres = (np.arange(side_px) + 0.5) * (picture_side_px / side_px)
    index = np.floor((centres - start) / block_px).astype(np.intp)
    return np.where((index >= 0) & (index < count), index, -1)


def _edges(index: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return where a new block begins."""
    return np.concatenate([[False], index[1:] != index[:-1]])


def _oklab(lightness: float, chroma: float, degrees: float) -> tuple[float, float, float]:
    hue = np.radians(degrees)
    return lightness, float(chroma * np.cos(hue)), float(chroma * np.sin(hue))

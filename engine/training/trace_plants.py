"""Pictures with known manipulations for the methods of derived traces, and their clean twins.

A plant makes three things of one or two photographs: the file that was manipulated, the same file
without the manipulation (everything else alike, so that nothing but the plant tells them apart),
and the mask of the manipulated part. Another method gets another plant: one line in `PLANTS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]

GRID_PX = 16
"""Regions start and end on it where the plant keeps the grid of blocks."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Planted:
    """One manipulated file."""

    data: bytes
    """The manipulated file."""
    clean: bytes
    """The same file without the manipulation."""
    mask: Mask | None
    """[height, width] the manipulated part; None where the whole picture is."""


Make = Callable[[Pixels, Pixels, np.random.Generator], Planted]
"""Plants into the first picture, with the second where a donor is needed; both of one size and
without history (reduced in size, so that no grid and no quantisation is left)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """One way to manipulate, and the method it is for."""

    name: str
    """What was done, in words for a table."""
    method: str
    """Name of the method that ought to see it."""
    reported: str
    """What the paper reports on which data, copied from it; empty where it was not at hand."""
    make: Make
    native: bool = False
    """Whether pictures are taken as they are: methods that look for resizing, and those that are
    not disturbed by an earlier compression, are measured so."""


def jpeg(pixels: Pixels, quality: int) -> bytes:
    """Return a picture as JPEG with 4:2:0 subsampling, as most programs save it."""
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def png(pixels: Pixels) -> bytes:
    """Return a picture as PNG."""
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def saved(pixels: Pixels, quality: int) -> Pixels:
    """Return a picture as it comes out of one compression."""
    with Image.open(BytesIO(jpeg(pixels, quality))) as opened:
        return np.asarray(opened.convert("RGB"))


def part(shape: tuple[int, ...], random: np.random.Generator, grid_px: int = GRID_PX) -> Mask:
    """Return a mask with a box of 1/16 to 1/5 of the picture.

    Args:
        shape: of the picture.
        random: says where.
        grid_px: what its edges are multiples of.
    """
    height, width = shape[:2]
    area = random.uniform(1 / 16, 1 / 5)
    ratio = random.uniform(0.6, 1.6)
    h = int(np.clip(height * np.sqrt(area * ratio), 96, height * 0.7)) // grid_px * grid_px
    w = int(np.clip(width * np.sqrt(area / ratio), 96, width * 0.7)) // grid_px * grid_px
    y = int(random.integers(0, (height - h) // grid_px + 1)) * grid_px
    x = int(random.integers(0, (width - w) // grid_px + 1)) * grid_px
    mask = np.zeros((height, width), dtype=np.bool_)
    mask[y : y + h, x : x + w] = True
    return mask


def mixed(base: Pixels, donor: Pixels, mask: Mask) -> Pixels:
    """Return the base with the donor where the mask is set."""
    return np.where(mask[..., None], donor, base)


def _shift(pixels: Pixels, rows: int, cols: int) -> Pixels:
    return np.ascontiguousarray(np.roll(pixels, (rows, cols), axis=(0, 1)))


def _off_grid(random: np.random.Generator) -> tuple[int, int]:
    """Return a shift that is not on the grid of blocks."""
    place = int(random.integers(1, 64))
    return place // 8, place % 8


def resaved_part(base: Pixels, donor: Pixels, random: np.random.Generator) -> Planted:
    """A part from another picture that was saved more strongly before; saved at 90 after."""
    mask, quality = part(base.shape, random), int(random.integers(60, 81))
    made = mixed(base, saved(donor, quality), mask)
    return Planted(data=jpeg(made, 90), clean=jpeg(base, 90), mask=mask)


def replaced_part(base: Pixels, donor: Pixels, random: np.random.Generator) -> Planted:
    """A part replaced in a picture saved at 60 to 85, then saved at 92."""
    mask, quality = part(base.shape, random), int(random.integers(60, 86))
    before = saved(base, quality)
    return Planted(data=jpeg(mixed(before, donor, mask), 92), clean=jpeg(before, 92), mask=mask)


def shifted_part(base: Pixels, donor: Pixels, random: np.random.Generator) -> Planted:
    """A part from another JPEG, its grid shifted; saved at 95 after."""
    mask, quality = part(base.shape, random), int(random.integers(50, 76))
    pasted = _shift(saved(donor, quality), *_off_grid(random))
    return Planted(data=jpeg(mixed(base, pasted, mask), 95), clean=jpeg(base, 95), mask=mask)


def cropped(base: Pixels, _donor: Pixels, random: np.random.Generator) -> Planted:
    """The whole picture saved at 50 to 75, cropped off its grid, saved at 95."""
    rows, cols = _off_grid(random)
    before = saved(base, int(random.integers(50, 76)))[rows:, cols:]
    return Planted(data=jpeg(before, 95), clean=jpeg(base[rows:, cols:], 95), mask=None)


def foreign_grid(base: Pixels, donor: Pixels, random: np.random.Generator) -> Planted:
    """A part from another JPEG, its grid shifted, in a JPEG; kept without loss after."""
    mask = part(base.shape, random)
    before = saved(base, int(random.integers(75, 93)))
    pasted = _shift(saved(donor, int(random.integers(70, 91))), *_off_grid(random))
    return Planted(data=png(mixed(before, pasted, mask)), clean=png(before), mask=mask)


def noisier_part(base: Pixels, _donor: Pixels, random: np.random.Generator) -> Planted:
    """Noise of 3 grey levels over the picture, of 5 to 8 in a part; saved at 95."""
    mask = part(base.shape, random)
    even = base + random.normal(0, 3, base.shape)
    more = base + random.normal(0, float(random.uniform(5, 8)), base.shape)
    clean, other = (np.clip(np.rint(each), 0, 255).astype(np.uint8) for each in (even, more))
    return Planted(data=jpeg(mixed(clean, other, mask), 95), clean=jpeg(clean, 95), mask=mask)


def smoothed_part(base: Pixels, _donor: Pixels, random: np.random.Generator) -> Planted:
    """Noise of 3 grey levels over the picture, a part smoothed; saved at 95."""
    mask = part(base.shape, random)
    even = base + random.normal(0, 3, base.shape)
    clean = np.clip(np.rint(even), 0, 255).astype(np.uint8)
    sigma = float(random.uniform(0.7, 1.2))
    smooth = np.asarray(cv2.GaussianBlur(clean, (0, 0), sigma), dtype=np.uint8)
    return Planted(data=jpeg(mixed(clean, smooth, mask), 95), clean=jpeg(clean, 95), mask=mask)


PLANTS: tuple[Plant, ...] = (
    Plant(
        name="part saved before at 60-80, all saved at 90",
        method="trace.ela",
        reported="",
        make=resaved_part,
    ),
    Plant(
        name="part saved before at 60-80, all saved at 90",
        method="trace.ghosts",
        reported="",
        make=resaved_part,
    ),
    Plant(
        name="part replaced in a JPEG of 60-85, saved at 92",
        method="trace.dq",
        reported="",
        make=replaced_part,
    ),
    Plant(
        name="part of a JPEG of 50-75 off the grid, saved at 95",
        method="trace.dq_shifted",
        reported="",
        make=shifted_part,
    ),
    Plant(
        name="JPEG of 50-75 cropped off the grid, saved at 95",
        method="trace.dq_shifted",
        reported="",
        make=cropped,
    ),
    Plant(
        name="part of a JPEG of 70-90 off the grid in a JPEG of 75-92",
        method="trace.grid",
        reported="",
        make=foreign_grid,
    ),
    Plant(
        name="part with noise of 5-8 levels among 3, saved at 95",
        method="trace.noise",
        reported="",
        make=noisier_part,
    ),
    Plant(
        name="part smoothed among noise of 3 levels, saved at 95",
        method="trace.noise",
        reported="",
        make=smoothed_part,
    ),
    Plant(
        name="part of a JPEG of 50-75 off the grid, saved at 95",
        method="trace.residual",
        reported="",
        make=shifted_part,
    ),
    Plant(
        name="part smoothed among noise of 3 levels, saved at 95",
        method="trace.residual",
        reported="",
        make=smoothed_part,
    ),
)
"""The one list of plants; a method may have several, and one without any has no figure."""

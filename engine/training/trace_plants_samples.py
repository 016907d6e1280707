"""Plants for the methods that look at samples: demosaicing, resampling, copies, tone curves."""

from __future__ import annotations

import cv2
import numpy as np

from engine.training.trace_plants import (
    Mask,
    Pixels,
    Plant,
    Planted,
    jpeg,
    mixed,
    part,
    png,
    saved,
)

COPY_PX = (96, 160)
"""Least and greatest diameter of a copied disc."""

TRIES = 40
"""Places that are tried for a copy whose source has texture and does not touch it."""

LEAST_TEXTURE = 8.0
"""Standard deviation of what is copied, levels: nobody could tell where calm areas come from."""


def demosaiced(pixels: Pixels) -> Pixels:
    """Return a picture as a sensor with a Bayer pattern sees it, interpolated bilinearly."""
    raw = np.empty(pixels.shape[:2], dtype=np.uint8)
    raw[0::2, 0::2] = pixels[0::2, 0::2, 0]
    raw[0::2, 1::2] = pixels[0::2, 1::2, 1]
    raw[1::2, 0::2] = pixels[1::2, 0::2, 1]
    raw[1::2, 1::2] = pixels[1::2, 1::2, 2]
    return np.asarray(cv2.cvtColor(raw, cv2.COLOR_BayerRGGB2RGB), dtype=np.uint8)


def undemosaiced_part(base: Pixels, donor: Pixels, random: np.random.Generator) -> Planted:
    """A part without demosaicing in a demosaiced picture, kept without loss."""
    mask, whole = part(base.shape, random), demosaiced(base)
    return Planted(data=png(mixed(whole, donor, mask)), clean=png(whole), mask=mask)


def undemosaiced_part_95(base: Pixels, donor: Pixels, random: np.random.Generator) -> Planted:
    """The same, saved at 95."""
    mask, whole = part(base.shape, random), demosaiced(base)
    return Planted(data=jpeg(mixed(whole, donor, mask), 95), clean=jpeg(whole, 95), mask=mask)


def generator_grid(base: Pixels, _donor: Pixels, random: np.random.Generator) -> Planted:
    """Enlarged twice by a transposed convolution whose kernel is 1 to 4 % uneven; saved at 90."""
    height, width = (side // 2 * 2 for side in base.shape[:2])
    small = cv2.resize(base, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    spread = np.zeros((height, width, 3), dtype=np.float32)
    spread[::2, ::2] = small
    kernel = np.outer([1, 2, 1], [1, 2, 1]).astype(np.float32) / 4
    uneven = 1 + random.uniform(0.01, 0.04) * random.choice([-1, 1], (3, 3))
    large = cv2.filter2D(spread, cv2.CV_32F, (kernel * uneven).astype(np.float32))
    noisy = large + random.normal(0, 1.5, large.shape)
    made = np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
    return Planted(data=jpeg(made, 90), clean=jpeg(base, 90), mask=None)


def _enlarged(pixels: Pixels, random: np.random.Generator) -> Pixels:
    factor = float(random.uniform(1.1, 1.9))
    height, width = pixels.shape[:2]
    size = (round(width * factor), round(height * factor))
    large = cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC)
    return np.ascontiguousarray(large[:height, :width])


def enlarged_part(base: Pixels, donor: Pixels, random: np.random.Generator) -> Planted:
    """A part enlarged 1.1 to 1.9 times, kept without loss."""
    mask = part(base.shape, random)
    return Planted(
        data=png(mixed(base, _enlarged(donor, random), mask)), clean=png(base), mask=mask
    )


def enlarged(base: Pixels, _donor: Pixels, random: np.random.Generator) -> Planted:
    """The whole picture enlarged 1.1 to 1.9 times, saved at 90."""
    return Planted(data=jpeg(_enlarged(base, random), 90), clean=jpeg(base, 90), mask=None)


def median_part(base: Pixels, _donor: Pixels, random: np.random.Generator) -> Planted:
    """A part filtered by a median of 3 x 3, kept without loss."""
    mask = part(base.shape, random)
    filtered = np.asarray(cv2.medianBlur(base, 3), dtype=np.uint8)
    return Planted(data=png(mixed(base, filtered, mask)), clean=png(base), mask=mask)


def median_filtered(base: Pixels, _donor: Pixels, _random: np.random.Generator) -> Planted:
    """All of it filtered by a median of 3 x 3, kept without loss."""
    filtered = np.asarray(cv2.medianBlur(base, 3), dtype=np.uint8)
    return Planted(data=png(filtered), clean=png(base), mask=None)


def _toned(pixels: Pixels, random: np.random.Generator) -> Pixels:
    gamma = float(random.choice([0.7, 0.8, 1.2, 1.3]))
    table = np.rint(255 * (np.arange(256) / 255) ** gamma).astype(np.uint8)
    return table[pixels]


def toned_part(base: Pixels, _donor: Pixels, random: np.random.Generator) -> Planted:
    """A part changed by a gamma of .7 to 1.3, kept without loss."""
    mask = part(base.shape, random)
    return Planted(data=png(mixed(base, _toned(base, random), mask)), clean=png(base), mask=mask)


def toned(base: Pixels, _donor: Pixels, random: np.random.Generator) -> Planted:
    """All of it changed by a gamma of .7 to 1.3, kept without loss."""
    return Planted(data=png(_toned(base, random)), clean=png(base), mask=None)


def _copied(
    pixels: Pixels,
    random: np.random.Generator,
    turn_degrees: float,
    scale: float,
    *,
    mirrored: bool = False,
) -> tuple[Pixels, Mask]:
    """Return a picture with a disc copied within it, and where the copy lies."""
    height, width = pixels.shape[:2]
    radius = int(random.integers(COPY_PX[0], COPY_PX[1] + 1)) // 2
    best: tuple[float, tuple[int, ...]] = (-1.0, (radius, radius, width - radius, height - radius))
    for _ in range(TRIES):
        reach = int(radius * max(1.0, scale)) + 1
        sx, tx = (int(v) for v in random.integers(reach, width - reach, 2))
        sy, ty = (int(v) for v in random.integers(reach, height - reach, 2))
        texture = float(pixels[sy - radius : sy + radius, sx - radius : sx + radius].std())
        if np.hypot(tx - sx, ty - sy) > radius * (1 + scale) + 8 and texture > best[0]:
            best = texture, (sx, sy, tx, ty)
        if best[0] >= LEAST_TEXTURE:
            break
    sx, sy, tx, ty = best[1]
    matrix = cv2.getRotationMatrix2D((float(sx), float(sy)), turn_degrees, scale)
    if mirrored:
        # Left and right about the disc's own middle, before it is turned.
        matrix = matrix @ np.array([[-1, 0, 2 * sx], [0, 1, 0], [0, 0, 1]], dtype=np.float64)
    matrix[:, 2] += (tx - sx, ty - sy)
    source = np.zeros((height, width), dtype=np.uint8)
    cv2.circle(source, (sx, sy), radius, 255, -1)
    copy = cv2.warpAffine(source, matrix, (width, height)) > 127
    moved = cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC)
    made = mixed(pixels, np.asarray(moved, dtype=np.uint8), np.asarray(copy))
    return made, np.asarray(copy)


def copied_part(base: Pixels, _donor: Pixels, random: np.random.Generator) -> Planted:
    """A disc copied within the picture, saved at 85."""
    made, mask = _copied(base, random, 0.0, 1.0)
    return Planted(data=jpeg(made, 85), clean=jpeg(base, 85), mask=mask)


def turned_copy(base: Pixels, _donor: Pixels, random: np.random.Generator) -> Planted:
    """A disc copied within the picture, turned and scaled by .8 to 1.25, saved at 85."""
    turn, scale = float(random.uniform(-180, 180)), float(random.uniform(0.8, 1.25))
    made, mask = _copied(base, random, turn, scale)
    return Planted(data=jpeg(made, 85), clean=jpeg(base, 85), mask=mask)


def mirrored_copy(base: Pixels, _donor: Pixels, random: np.random.Generator) -> Planted:
    """A disc copied within the picture, mirrored, saved at 85."""
    made, mask = _copied(base, random, 0.0, 1.0, mirrored=True)
    return Planted(data=jpeg(made, 85), clean=jpeg(base, 85), mask=mask)


def mirrored_turned_copy(base: Pixels, _donor: Pixels, random: np.random.Generator) -> Planted:
    """A disc copied within the picture, mirrored, turned and scaled by .8 to 1.25, saved at 85."""
    turn, scale = float(random.uniform(-180, 180)), float(random.uniform(0.8, 1.25))
    made, mask = _copied(base, random, turn, scale, mirrored=True)
    return Planted(data=jpeg(made, 85), clean=jpeg(base, 85), mask=mask)


def copy_from_jpeg(base: Pixels, _donor: Pixels, random: np.random.Generator) -> Planted:
    """A disc copied within a picture saved at 75, kept without loss."""
    before = saved(base, 75)
    made, mask = _copied(before, random, 0.0, 1.0)
    return Planted(data=png(made), clean=png(before), mask=mask)


SAMPLE_PLANTS: tuple[Plant, ...] = (
    Plant(
        name="part without demosaicing, without loss",
        method="trace.cfa",
        reported="",
        make=undemosaiced_part,
        native=True,
    ),
    Plant(
        name="part without demosaicing, saved at 95",
        method="trace.cfa",
        reported="",
        make=undemosaiced_part_95,
        native=True,
    ),
    Plant(
        name="enlarged twice by an uneven transposed convolution, saved at 90",
        method="trace.spectrum",
        reported="",
        make=generator_grid,
        native=True,
    ),
    Plant(
        name="part enlarged 1.1 to 1.9 times, without loss",
        method="trace.resampling",
        reported="",
        make=enlarged_part,
        native=True,
    ),
    Plant(
        name="all enlarged 1.1 to 1.9 times, saved at 90",
        method="trace.resampling",
        reported="",
        make=enlarged,
        native=True,
    ),
    Plant(
        name="part filtered by a median of 3 x 3, without loss",
        method="trace.median",
        reported="",
        make=median_part,
        native=True,
    ),
    Plant(
        name="all filtered by a median of 3 x 3, without loss",
        method="trace.median",
        reported="",
        make=median_filtered,
        native=True,
    ),
    Plant(
        name="part changed by a gamma of .7 to 1.3, without loss",
        method="trace.contrast",
        reported="",
        make=toned_part,
        native=True,
    ),
    Plant(
        name="all changed by a gamma of .7 to 1.3, without loss",
        method="trace.contrast",
        reported="",
        make=toned,
        native=True,
    ),
    Plant(
        name="disc of 96 to 160 px copied, saved at 85",
        method="trace.copy_move",
        reported="",
        make=copied_part,
        native=True,
    ),
    Plant(
        name="disc copied, turned and scaled, saved at 85",
        method="trace.copy_move",
        reported="",
        make=turned_copy,
        native=True,
    ),
    Plant(
        name="disc copied and mirrored, saved at 85",
        method="trace.copy_move",
        reported="",
        make=mirrored_copy,
        native=True,
    ),
    Plant(
        name="disc copied, mirrored, turned and scaled, saved at 85",
        method="trace.copy_move",
        reported="",
        make=mirrored_turned_copy,
        native=True,
    ),
    Plant(
        name="disc copied in a JPEG of 75, without loss",
        method="trace.copy_move",
        reported="",
        make=copy_from_jpeg,
        native=True,
    ),
)
"""Measured beside `engine.training.trace_plants.PLANTS`."""

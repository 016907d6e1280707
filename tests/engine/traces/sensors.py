"""What cameras and editors do to samples, for the tests of derived traces."""

from __future__ import annotations

import numpy as np
from PIL import Image

from engine.traces.subject import Subject
from engine.types import Region


def bayer(pixels, seed: int = 0, noise: float = 2.0, corner: tuple[int, int] = (0, 0)):
    """Return [h, w, 3] as a sensor with a Bayer pattern sees it, interpolated bilinearly.

    ``corner`` is where red lies in the first square of 2 x 2.
    """
    rng = np.random.default_rng(seed)
    raw = pixels + rng.normal(0, noise, pixels.shape)
    y, x = np.indices(pixels.shape[:2])
    row, col = (y + corner[0]) % 2, (x + corner[1]) % 2
    seen = ((row == 0) & (col == 0), row != col, (row == 1) & (col == 1))
    kernel = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])
    planes = []
    for channel, here in enumerate(seen):
        known = np.where(here, raw[..., channel], 0)
        planes.append(_summed(known, kernel) / _summed(here.astype(float), kernel))
    for channel, here in enumerate(seen):
        planes[channel][here] = raw[..., channel][here]
    return np.clip(np.rint(np.stack(planes, axis=-1)), 0, 255).astype(np.uint8)


def _summed(plane, kernel):
    padded = np.pad(plane, 1, mode="reflect")
    h, w = plane.shape
    return sum(
        kernel[dy, dx] * padded[dy : dy + h, dx : dx + w] for dy in range(3) for dx in range(3)
    )


def scaled(pixels, factor: float):
    """Return a picture enlarged or reduced bicubically."""
    height, width = pixels.shape[:2]
    size = round(width * factor), round(height * factor)
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC))


def moved_in(into, patch, region: Region):
    """Return a copy with the first rows and columns of ``patch`` put at a place."""
    made = into.copy()
    made[region.y : region.y + region.h, region.x : region.x + region.w] = patch[
        : region.h, : region.w
    ]
    return made


def seen(pixels) -> Subject:
    """Return a picture that was never compressed, as methods see it."""
    return Subject(np.ascontiguousarray(pixels))

"""Pictures for derived traces: made photographs, and what is done to them."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from engine.images.decoder import Inspected
from engine.images.pixels import decode
from engine.traces.coefficients import measure
from engine.traces.derived import subject
from engine.traces.subject import Subject
from engine.types import FileFacts, Region
from engine.types import Image as Decoded

SIZES = ((384, 512), (640, 800))
"""(height, width) of made photographs; both are small enough for the default tests."""


def photograph(height: int = 384, width: int = 512, seed: int = 0, noise: float = 2.0):
    """Return [height, width, 3]: texture with the spectrum of nature, a sky, sensor noise."""
    rng = np.random.default_rng(seed)
    fy, fx = np.meshgrid(np.fft.fftfreq(height), np.fft.rfftfreq(width), indexing="ij")
    radius = np.maximum(np.hypot(fy, fx), 1 / max(height, width))
    layers = []
    shape = height, width
    shared = _coloured(rng, radius, 1.25, shape)
    for _ in range(3):
        layers.append(0.8 * shared + 0.2 * _coloured(rng, radius, 1.5, shape))
    picture = np.stack(layers, axis=-1) * 38 + 118
    calm = np.clip(_coloured(rng, radius, 2.2, shape), -1, 1)[..., None]
    picture = picture * (0.6 + 0.4 * calm) + (1 - (0.6 + 0.4 * calm)) * 118
    picture += rng.normal(0, noise, picture.shape)
    return np.clip(np.rint(picture), 8, 247).astype(np.uint8)


def _coloured(rng, radius, slope: float, shape: tuple[int, int]):
    white = np.fft.rfft2(rng.normal(size=shape))
    layer = np.fft.irfft2(white / radius**slope, s=shape)
    return layer / layer.std()


def jpeg(pixels, quality: int = 90, **options) -> bytes:
    out = BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality, **options)
    return out.getvalue()


def reread(pixels, quality: int = 90, **options):
    """Return a picture as it comes out of one compression."""
    return np.asarray(Image.open(BytesIO(jpeg(pixels, quality, **options))).convert("RGB"))


def of_bytes(data: bytes) -> Subject:
    """Return a file as methods see it; read here instead of in a child."""
    decoded = decode(data)
    pixels = np.asarray(decoded.picture)
    image = Decoded(facts=FileFacts(path="planted"), pixels=pixels)
    return subject(Inspected(image=image, report=None, measured=measure(data, decoded)))


def nothing() -> None:
    """A check that never ends the work."""


def overlap(found: tuple[Region, ...], planted: Region) -> float:
    """Return the best intersection over union of any found box with the planted one."""
    best = 0.0
    for box in found:
        w = min(box.x + box.w, planted.x + planted.w) - max(box.x, planted.x)
        h = min(box.y + box.h, planted.y + planted.h) - max(box.y, planted.y)
        if w > 0 and h > 0:
            best = max(best, w * h / (box.w * box.h + planted.w * planted.h - w * h))
    return best


def pasted(into, patch, region: Region):
    """Return a copy in which the same place of another picture was pasted."""
    made = into.copy()
    rows, cols = slice(region.y, region.y + region.h), slice(region.x, region.x + region.w)
    made[rows, cols] = patch[rows, cols]
    return made

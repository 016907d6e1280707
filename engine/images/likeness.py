"""How a picture looks, in two numbers of 64 bits: close numbers mean that pictures look alike.

pHash says which low frequencies of the picture lie above their median, dHash where its
brightness rises from left to right. Compression, scaling and slight changes of tone move few
bits of either; a different picture with nearly the same pHash hardly ever has nearly the same
dHash as well. Turned, mirrored and strongly cropped pictures are not recognised.

Source: ImageHash (BSD-2-Clause), `phash` and `dhash` with 8 x 8 bits; pHash after C. Zauner,
Implementation and Benchmarking of Perceptual Image Hash Functions, 2010, section 3.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

SHORT_SIDE_PX = 128
"""A picture is averaged down until its shorter side is about this long, four times what the
hashes look at; more would cost time and change nothing."""

LEAST_CONTRAST = 4.0
"""Standard deviation of grey levels below which a picture is too even to have a look: its
bits would be decided by noise. An empty sky has 3 to 8."""

PHASH_SIDE_PX = 32
"""Side of the picture that pHash takes frequencies of."""

PHASH_FREQUENCIES = 8
"""Lowest ones that it keeps, each way."""

DECIMALS = 6
"""Frequencies that a picture does not have come out as rounding errors far below; they are 0."""

_TEXT = re.compile(r"pHash ([0-9a-f]{16}), dHash ([0-9a-f]{16})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Two perceptual hashes of one picture."""

    phash: int
    """64 bits, of low frequencies."""
    dhash: int
    """64 bits, of horizontal differences."""

    def __str__(self) -> str:
        """Return both in hex, as `parsed` reads them."""
        return f"pHash {self.phash:016x}, dHash {self.dhash:016x}"


def likeness(pixels: NDArray[np.uint8]) -> Likeness | None:
    """Return how a picture looks.

    Args:
        pixels: [height, width, 3], sRGB.

    Returns:
        Its hashes; None when the picture is too even to have a look.
    """
    picture = Image.fromarray(pixels)
    factor = min(picture.size) // SHORT_SIDE_PX
    small = (picture.reduce(factor) if factor > 1 else picture).convert("L")
    if float(np.asarray(small).std()) < LEAST_CONTRAST:
        return None
    return Likeness(phash=int(str(phash(small)), 16), dhash=int(str(imagehash.dhash(small)), 16))


def phash(grey: Image.Image) -> imagehash.ImageHash:
    """Return ImageHash's pHash by products with cosines.

    ImageHash takes the transform from scipy, whose import takes every decoding process half a
    second.
    """
    size = (PHASH_SIDE_PX, PHASH_SIDE_PX)
    samples = np.asarray(grey.resize(size, Image.Resampling.LANCZOS), dtype=np.float64)
    odd = 2 * np.arange(PHASH_SIDE_PX) + 1
    cosines = np.cos(np.outer(np.arange(PHASH_FREQUENCIES), odd) * np.pi / (2 * PHASH_SIDE_PX))
    low = np.round(cosines @ samples @ cosines.T, DECIMALS)
    return imagehash.ImageHash(low > np.median(low))


def parsed(text: str) -> Likeness | None:
    """Return what `str` of a likeness wrote; None when the text is none."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    return Likeness(phash=int(found[1], 16), dhash=int(found[2], 16))

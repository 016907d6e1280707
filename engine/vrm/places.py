"""Places of a picture in words, and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.types import Region

PLACES = {
    (0, 0): "upper left",
    (0, 1): "upper middle",
    (0, 2): "upper right",
    (1, 0): "middle left",
    (1, 1): "centre",
    (1, 2): "middle right",
    (2, 0): "lower left",
    (2, 1): "lower middle",
    (2, 2): "lower right",
}
"""Words of each third of the picture, (row, column)."""


def place_words(weight: NDArray[np.floating]) -> str:
    """Return the words of the third in which the weight's centre lies.

    Args:
        weight: [h, w], >= 0, not all zero.
    """
    height, width = weight.shape
    total = float(weight.sum())
    y = float((weight.sum(1) * (np.arange(height) + 0.5)).sum()) / total / height
    x = float((weight.sum(0) * (np.arange(width) + 0.5)).sum()) / total / width
    return PLACES[min(2, int(y * 3)), min(2, int(x * 3))]


def third_words(region: Region, size: tuple[int, int]) -> str:
    """Return the words of the third in which a region's centre lies.

    Args:
        region: in original pixels.
        size: (height, width) of the picture, px.
    """
    return PLACES[third(region, size)]


def third(region: Region, size: tuple[int, int]) -> tuple[int, int]:
    """Return (row, column) of the third in which a region's centre lies; as ``third_words``."""
    row = int(3 * (region.y + region.h / 2) / size[0])
    column = int(3 * (region.x + region.w / 2) / size[1])
    return min(2, max(0, row)), min(2, max(0, column))


def named_places(sentence: str) -> tuple[tuple[int, int], ...]:
    """Return the (row, column) of every place a sentence names, in reading order."""
    low = sentence.lower()
    return tuple(place for place, words in PLACES.items() if words in low)


def named_place(sentence: str) -> tuple[int, int] | None:
    """Return the first place a sentence names, or None when it names none."""
    named = named_places(sentence)
    return named[0] if named else None

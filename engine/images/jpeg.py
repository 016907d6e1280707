"""How strongly a JPEG was compressed, from its luminance quantisation table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# fmt: off
LUMINANCE_TABLE = np.array([
    16, 11, 10, 16,  24,  40,  51,  61,
    12, 12, 14, 19,  26,  58,  60,  55,
    14, 13, 16, 24,  40,  57,  69,  56,
    14, 17, 22, 29,  51,  87,  80,  62,
    18, 22, 37, 56,  68, 109, 103,  77,
    24, 35, 55, 64,  81, 104, 113,  92,
    49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103,  99,
])
"""[64] the luminance table at quality 50, row by row. Source: ITU-T T.81, table K.1."""
# fmt: on


def luminance_table(quality: int) -> NDArray[np.int64]:
    """Return the IJG library's luminance table at a quality.

    Args:
        quality: 1..100.

    Returns:
        [64], 1..255, row by row.

    Source: Independent JPEG Group, jpeg_quality_scaling (the formula only).
    """
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    scaled: NDArray[np.int64] = (LUMINANCE_TABLE * scale + 50) // 100
    return scaled.clip(1, 255)


def estimate_quality(table: Sequence[int]) -> int:
    """Return the IJG quality whose luminance table is nearest to a given one.

    The tables of qualities 1..100 are compared by the sum of squared differences; of equals
    the higher quality is returned. Encoders with tables of their own (cameras, Photoshop)
    thereby get the nearest quality on the common scale.

    Args:
        table: 64 divisors, row by row.

    Returns:
        1..100.
    """
    given = np.asarray(table, dtype=np.int64)
    qualities = range(100, 0, -1)
    distances = [int(((given - luminance_table(q)) ** 2).sum()) for q in qualities]
    return qualities[int(np.argmin(distances))]

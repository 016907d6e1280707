"""The 8x8 discrete cosine transform of JPEG, on whole pictures at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STRIP_ROWS = 64
"""Rows of blocks that are transformed at a time, to bound memory."""


def basis() -> NDArray[np.float32]:
    """Return [8, 8] the orthonormal DCT-II: row u is the cosine of frequency u.

    Source: ITU-T T.81, A.3.3.
    """
    u, x = np.mgrid[0:8, 0:8]
    scale = np.where(u == 0, np.sqrt(1 / 8), np.sqrt(2 / 8))
    return np.asarray(scale * np.cos((2 * x + 1) * u * np.pi / 16), dtype=np.float32)


def to_blocks(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return [rows, cols, 8, 8] whole blocks of [height, width]; a view where possible."""
    rows, cols = luma.shape[0] // 8, luma.shape[1] // 8
    whole = luma[: rows * 8, : cols * 8]
    return whole.reshape(rows, 8, cols, 8).swapaxes(1, 2)


def coefficients(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the DCT of whole blocks, level-shifted by 128.

    Args:
        luma: [height, width] 0..255; the grid starts at (0, 0).

    Returns:
        [rows, cols, 8, 8], vertical frequency first.
    """
    rows, cols = luma.shape[0] // 8, luma.shape[1] // 8
    d = basis()
    made = np.empty((rows, cols, 8, 8), dtype=np.float32)
    for top in range(0, rows, STRIP_ROWS):
        strip = luma[top * 8 : min(top + STRIP_ROWS, rows) * 8, : cols * 8] - np.float32(128)
        made[top : top + STRIP_ROWS] = _both_ways(to_blocks(strip), d)
    return made


def decoded_luma(quantised: NDArray[np.int16], table: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return the luma that quantised coefficients stand for, rounded and clipped to 0..255.

    Args:
        quantised: [rows, cols, 8, 8].
        table: [8, 8] divisors.

    Returns:
        [8 rows, 8 cols].
    """
    rows, cols = quantised.shape[:2]
    d = basis()
    steps = table.astype(np.float32)
    luma = np.empty((rows * 8, cols * 8), dtype=np.float32)
    for top in range(0, rows, STRIP_ROWS):
        strip = _both_ways(quantised[top : top + STRIP_ROWS] * steps, d.T) + np.float32(128)
        np.rint(strip, out=strip)
        np.clip(strip, 0, 255, out=strip)
        lines = strip.shape[0] * 8
        luma[top * 8 : top * 8 + lines] = strip.swapaxes(1, 2).reshape(lines, cols * 8)
    return luma


def _both_ways(blocks: NDArray[np.float32], d: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return d @ block @ d.T for [n, m, 8, 8] blocks, as one large product."""
    # One product of [blocks, 64] by [64, 64] is what BLAS is fast at.
    kernel = np.kron(d, d).T
    flat = np.ascontiguousarray(blocks).reshape(-1, 64)
    return np.asarray(flat @ kernel, dtype=np.float32).reshape(blocks.shape)

"""The invisible watermark of Stable Diffusion's scripts: known messages by DWT and DCT.

The message is repeated over blocks of 4 x 4 Haar coefficients of the colour channel U, one bit in
the coefficient of largest magnitude besides the first: its remainder by 36 is 9 for a zero, 27 for
a one. It survives neither scaling nor cropping, and strong compression rarely.
"""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

from engine.traces.made import NONE, Method
from engine.traces.rules import Message, rules
from engine.traces.specimen import Specimen
from engine.types import Finding

METHOD = Method(
    name="watermark.dwt_dct",
    version="1",
    source="invisible-watermark, dwtDct (format); resources/provenance/watermarks.toml",
)

SCALE = 36.0
"""Step between two values that mean the same bit."""

BLOCK = 4
MIN_SIDE_PX = 256
"""Below this the original encoder refuses to work."""

MAX_BLOCKS = 1 << 15
"""Blocks that are read: each bit of the longest message then has 240 votes."""

MIN_VOTES = 8
"""Votes a bit needs."""

MAX_CHANCE = 1e-7
"""Greatest chance of so many right bits at random at which a message counts as found."""


def find(specimen: Specimen) -> tuple[Finding, ...]:
    """Look for the known messages."""
    height, width = specimen.pixels.shape[:2]
    if min(height, width) < MIN_SIDE_PX:
        reason = (
            f"The picture has {width} × {height} px; the watermark needs {MIN_SIDE_PX} px a side."
        )
        return (METHOD.not_available(reason),)
    bits = block_bits(specimen.pixels)
    found = []
    for message in rules().messages:
        right, chance = agreement(bits, message)
        if chance <= MAX_CHANCE:
            found.append(_found(message, right, chance))
    if found:
        return tuple(found)
    return (
        METHOD.observed(
            NONE,
            f"None of {len(rules().messages)} known messages (of {rules().watermarks_version}) is "
            "in the picture. They are lost by scaling, cropping and compression: their absence "
            "says nothing.",
        ),
    )


def block_bits(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return one bit a block, row by row, at most `MAX_BLOCKS`.

    Args:
        pixels: [height, width, 3], RGB.
    """
    height, width = (side // 4 * 4 for side in pixels.shape[:2])
    across = width // 2 // BLOCK
    down = min(height // 2 // BLOCK, max(1, MAX_BLOCKS // max(1, across)))
    low = _low_band(pixels[: down * 2 * BLOCK, : across * 2 * BLOCK])
    blocks = low.reshape(down, BLOCK, across, BLOCK).swapaxes(1, 2).reshape(-1, BLOCK * BLOCK)
    sizes = np.abs(blocks[:, 1:])
    largest = sizes.max(axis=1)
    bits: NDArray[np.bool_] = largest % SCALE > SCALE / 2
    return bits


def _low_band(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the Haar low band of channel U, [height / 2, width / 2].

    U is rounded to whole numbers, as the encoder's colour conversion does.
    """
    parts = pixels.astype(np.float32)
    luma = parts @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    u = np.clip(np.rint(0.492 * (parts[..., 2] - luma) + 128), 0, 255)
    low: NDArray[np.float32] = (u[::2, ::2] + u[1::2, ::2] + u[::2, 1::2] + u[1::2, 1::2]) / 2
    return low


def agreement(bits: NDArray[np.bool_], message: Message) -> tuple[int, float]:
    """Return how many bits of a message the blocks give back, and the chance of so many.

    Flat areas pull all votes to one side, so a fixed threshold loses bits: with m ones in the
    message, the m places with most votes are read as ones.

    Args:
        bits: one a block, in order.
        message: what was embedded again and again.

    Returns:
        (right bits, chance of at least so many from places drawn at random, 0..1); (0, 1.0) when
        there are too few blocks, or all votes are equal.
    """
    length, ones = len(message.bits), sum(message.bits)
    rounds = len(bits) // length
    if rounds < MIN_VOTES:
        return 0, 1.0
    votes = bits[: rounds * length].reshape(rounds, length).sum(axis=0)
    if int(votes.min()) == int(votes.max()):
        return 0, 1.0
    chosen = np.argsort(-votes, kind="stable")[:ones]
    hits = int(np.asarray(message.bits)[chosen].sum())
    ways = sum(comb(ones, k) * comb(length - ones, ones - k) for k in range(hits, ones + 1))
    return length - 2 * (ones - hits), ways / comb(length, ones)


def _found(message: Message, right: int, chance: float) -> Finding:
    return METHOD.observed(
        message.generator,
        f"{right} of {len(message.bits)} bits of the invisible message “{message.id}” are in the "
        f"picture; bits drawn at random fit so well once in {1 / chance:.0e} pictures.",
        source=message.source,
    )

"""Known invisible messages, planted by an encoder of our own, and pictures without one."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from engine.traces import watermark
from engine.traces.rules import Message, rules
from tests.engine.traces import made_files as made

SCALE, BLOCK = 36.0, 4


def planted(pixels: np.ndarray, message: Message) -> np.ndarray:
    """Embed a message as the published scripts do: colour conversion, Haar, one coefficient."""
    height, width = (side // 4 * 4 for side in pixels.shape[:2])
    rgb = pixels[:height, :width].astype(np.float64)
    luma = rgb @ [0.299, 0.587, 0.114]
    u = np.clip(np.rint(0.492 * (rgb[..., 2] - luma) + 128), 0, 255)
    v = np.clip(np.rint(0.877 * (rgb[..., 0] - luma) + 128), 0, 255)
    luma = np.clip(np.rint(luma), 0, 255)
    low = (u[::2, ::2] + u[1::2, ::2] + u[::2, 1::2] + u[1::2, 1::2]) / 2
    changed = low.copy()
    number = 0
    for i in range(low.shape[0] // BLOCK):
        for j in range(low.shape[1] // BLOCK):
            block = changed[i * BLOCK : (i + 1) * BLOCK, j * BLOCK : (j + 1) * BLOCK].reshape(-1)
            at = int(np.argmax(np.abs(block[1:]))) + 1
            bit = message.bits[number % len(message.bits)]
            target = (np.abs(block[at]) // SCALE + 0.25 + 0.5 * bit) * SCALE
            y, x = divmod(at, BLOCK)
            changed[i * BLOCK + y, j * BLOCK + x] = np.sign(block[at] or 1) * target
            number += 1
    u = np.clip(u + np.kron((changed - low) / 2, np.ones((2, 2))), 0, 255)
    u = np.rint(u)
    blue = luma + (u - 128) / 0.492
    red = luma + (v - 128) / 0.877
    green = (luma - 0.299 * red - 0.114 * blue) / 0.587
    out = pixels.copy()
    out[:height, :width] = np.clip(np.rint(np.dstack([red, green, blue])), 0, 255)
    return out


def muted(height: int = 512, width: int = 512, seed: int = 3) -> np.ndarray:
    """A picture without clipped colours."""
    return (made.scene(height, width, seed) * 0.5 + 60).astype(np.uint8)


@pytest.mark.parametrize("message", rules().messages, ids=lambda m: m.id)
def test_each_known_message_is_found_and_no_other(message):
    found = made.found_in(made.png(planted(muted(), message)))
    finding = made.only(found, "watermark.dwt_dct")
    assert finding.value == message.generator
    right, _ = watermark.agreement(watermark.block_bits(planted(muted(), message)), message)
    assert right == len(message.bits)


def test_the_message_survives_jpeg_of_high_quality():
    message = rules().messages[0]
    out = BytesIO()
    Image.fromarray(planted(muted(), message)).save(out, "JPEG", quality=97, subsampling="4:4:4")
    assert made.only(made.found_in(out.getvalue()), "watermark.dwt_dct").value == message.generator


@pytest.mark.parametrize("seed", range(12))
def test_pictures_without_a_message_stay_quiet(seed):
    found = made.found_in(made.png(made.scene(320, 400, seed)))
    assert made.only(found, "watermark.dwt_dct").value == "none"


@pytest.mark.parametrize("level", [0, 96, 255])
def test_flat_pictures_stay_quiet(level):
    found = made.found_in(made.png(np.full((300, 300, 3), level, dtype=np.uint8)))
    assert made.only(found, "watermark.dwt_dct").value == "none"


def test_a_message_with_too_few_votes_is_not_judged():
    bits = np.zeros(47 * watermark.MIN_VOTES, dtype=bool)
    assert watermark.agreement(bits, rules().messages[0]) == (0, 1.0)


def test_a_large_picture_is_read_in_part():
    bits = watermark.block_bits(np.zeros((4096, 4096, 3), dtype=np.uint8))
    assert len(bits) == watermark.MAX_BLOCKS

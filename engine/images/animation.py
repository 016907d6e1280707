"""Frames of animations (GIF, WebP, PNG, AVIF) as pictures of their own. In a confined child only.

A frame has no bytes of its own: it is drawn over those before it. Its bytes are its samples as a
viewer shows them, as binary PPM: decoded, laid over the frames before, transparency over
mid-grey, colour profile applied, upright, 8 bits. GIF and PNG are lossless and give the same bytes
everywhere; WebP and AVIF may differ by a level between versions of their libraries.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import BinaryIO

from PIL import Image

from engine.images import gif, hdr
from engine.images.formats import PILLOW
from engine.images.inner import Inner
from engine.images.limits import MAX_FILE_BYTES, MIN_SIDE_PX
from engine.images.refusals import known_failures, refuse_size
from engine.images.samples import to_rgb, turned

KINDS = ("GIF", "WEBP", "PNG", "AVIF")
"""Formats that may be animated."""

MAX_FRAMES = 10_000
"""How far frames are counted."""


def find(stream: BinaryIO, *, spread: int, number: int | None = None) -> Iterator[Inner]:
    """Yield frames behind the first, evenly spaced, the last among them; ``frame-7`` is the 7th.

    Args:
        stream: the file, seekable.
        spread: how many.
        number: instead, this frame alone.

    Raises:
        InputError: the file cannot be decoded.
        ValueError: it is too large.
    """
    stream.seek(0)
    data = stream.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise ValueError(f"it has more than {MAX_FILE_BYTES:,} bytes")
    count = _count(data)
    wanted = spaced(count, spread) if number is None else [number] * (1 < number <= count)
    for each in wanted:
        yield Inner(name=f"frame-{each}", read=partial(_read, data, each))


def spaced(count: int, spread: int) -> list[int]:
    """Return numbers of frames behind the first, evenly spaced up to the last.

    Args:
        count: frames in all, at least 1.
        spread: how many are wanted, at least 1.
    """
    chosen = max(0, min(spread, count - 1))
    return [1 + round(step * (count - 1) / chosen) for step in range(1, chosen + 1)]


def _count(data: bytes) -> int:
    with known_failures(data):
        source = Image.open(BytesIO(data), formats=PILLOW)
        if min(source.size) < MIN_SIDE_PX:
            return 1
        if source.format == "GIF":
            # Pillow would unpack every frame to count them.
            return gif.frames(data, MAX_FRAMES)
        return min(int(getattr(source, "n_frames", 1)), MAX_FRAMES)


def _read(data: bytes, number: int) -> bytes:
    """Return a frame as PPM.

    Raises:
        InputError: it cannot be decoded.
    """
    with known_failures(data):
        source = Image.open(BytesIO(data), formats=PILLOW)
        refuse_size(source.width, source.height, None)
        source.seek(number - 1)
        source.load()
        rgb, _ = to_rgb(source, hdr.coding_of(data, source.format or ""), [])
        upright = turned(rgb, source, [])
    head = f"P6\n{upright.width} {upright.height}\n255\n"
    return head.encode("ascii") + upright.tobytes()

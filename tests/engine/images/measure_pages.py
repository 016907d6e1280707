"""``python -m tests.engine.images.measure_pages``: what looking for further pictures costs.

A file of 100 pages of one megapixel, JPEG inside, one of a single page, a JPEG, and a GIF of 50
frames of a quarter megapixel; milliseconds of time, median of rounds.
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from engine.images import several
from engine.images.reading import read_head
from engine.images.unpacker import Container, Unpacker

PAGES, SIDE_PX, ROUNDS = 100, 1000, 5


def main() -> int:
    """Print milliseconds as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        many, one = Path(folder, "many.tif"), Path(folder, "one.tif")
        photo, moving = Path(folder, "one.jpg"), Path(folder, "moving.gif")
        moving.write_bytes(animated(50))
        many.write_bytes(scan(PAGES))
        one.write_bytes(scan(1))
        photo.write_bytes(camera())
        head, start = read_head(str(one), 512), read_head(str(photo), 512)
        found = {
            "bytes": many.stat().st_size,
            "seeing that a file has one page, ms": timed(
                lambda: [several.says_so(str(one), head) for _ in range(100)], 100
            ),
            "seeing that a JPEG has one picture, ms": timed(
                lambda: [several.says_so(str(photo), start) for _ in range(100)], 100
            ),
            "naming the pages, ms a file": through(many, names_only=True),
            "cutting and hashing a page, ms": through(many, names_only=False, pages=PAGES),
            "naming a frame of a GIF of 50, ms a file": through(moving, names_only=True, frames=1),
            "drawing and hashing its last frame, ms": through(moving, names_only=False, frames=1),
        }
    print(json.dumps(found, indent=1))  # noqa: T201
    return 0


def camera() -> bytes:
    """A JPEG with 60 kB of EXIF, as cameras write it."""
    stream = io.BytesIO()
    exif = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0" + bytes(60_000)
    Image.new("RGB", (SIDE_PX, SIDE_PX)).save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def scan(count: int) -> bytes:
    """A document of so many noisy pages."""
    random = np.random.default_rng(0)
    coarse = Image.fromarray(random.integers(0, 256, (50, 50, 3), dtype=np.uint8))
    smooth = np.asarray(coarse.resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC))
    noisy = np.clip(smooth + random.integers(-8, 9, smooth.shape), 0, 255).astype(np.uint8)
    page, stream = Image.fromarray(noisy), io.BytesIO()
    page.save(stream, "TIFF", save_all=True, append_images=[page] * (count - 1), compression="jpeg")
    return stream.getvalue()


def animated(count: int) -> bytes:
    """A GIF of so many frames that all differ."""
    random, stream = np.random.default_rng(1), io.BytesIO()
    frames = [
        Image.fromarray(random.integers(0, 256, (50, 50, 3), dtype=np.uint8)).resize((500, 500))
        for _ in range(count)
    ]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    return stream.getvalue()


def through(file: Path, *, names_only: bool, pages: int = 1, frames: int = 0) -> float:
    """Return milliseconds of going through a file with a process that runs already."""
    with Unpacker() as unpacker:

        def go() -> None:
            with Container(str(file)) as container:
                for _ in unpacker.entries(container, names_only=names_only, frames=frames):
                    pass

        go()
        return timed(go, pages)


def timed(call: Callable[[], object], each: int) -> float:
    """Return the median of rounds, in milliseconds of time each."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        call()
        rounds.append((time.perf_counter() - began) * 1000 / each)
    return round(statistics.median(rounds), 3)


if __name__ == "__main__":
    sys.exit(main())

"""``python -m tests.engine.images.measure``: processor time of decoding a 1-megapixel JPEG.

Time of the decoding process itself, so that other work on the machine does not count.
"""

from __future__ import annotations

import json
import statistics
import sys

import numpy as np
import psutil
from PIL import Image

from engine.images.decoder import Decoder
from engine.images.reading import Exhibit
from engine.traces.inspection import inspect
from engine.types import FileFacts

ROUNDS, EACH = 9, 30


def main() -> int:
    """Print milliseconds a picture, median of rounds, as JSON."""
    import io

    random = np.random.default_rng(0)
    coarse = Image.fromarray(random.integers(0, 256, (50, 50, 3), dtype=np.uint8))
    smooth = np.asarray(coarse.resize((1000, 1000), Image.Resampling.BICUBIC))
    noisy = np.clip(smooth + random.integers(-8, 9, smooth.shape), 0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(noisy).save(stream, "JPEG", quality=90)
    exhibit = Exhibit(facts=FileFacts(path="made.jpg"), data=stream.getvalue())
    found = {}
    for name, look in (("decode", None), ("decode and inspect", inspect)):
        with Decoder(inspect=look) as decoder:
            ask = decoder.decode if look is None else decoder.inspected
            ask(exhibit)
            child = psutil.Process(decoder.pid)
            found[f"{name}: start, s"] = round(spent_s(child), 2)
            rounds = []
            for _ in range(ROUNDS):
                before = spent_s(child)
                for _ in range(EACH):
                    ask(exhibit)
                rounds.append((spent_s(child) - before) / EACH * 1000)
            found[f"{name}: ms a picture"] = round(statistics.median(rounds), 2)
    print(json.dumps(found, indent=1))  # noqa: T201
    return 0


def spent_s(process: psutil.Process) -> float:
    """Return the processor time of a process so far."""
    times = process.cpu_times()
    return times.user + times.system


if __name__ == "__main__":
    sys.exit(main())

"""How long the facts of provenance take on a photograph of 12 megapixels; not a test.

python -m tests.engine.traces.measure [RUNS]

Prints processor milliseconds, the median of several runs: unlike wall time they hardly depend on
what else the machine does. The picture carries EXIF, XMP, a thumbnail and Content Credentials.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

from engine.traces import conflicts, exiftool
from engine.traces.inspection import ANALYSERS, analyse
from engine.traces.specimen import specimen
from tests.engine.traces import made_files as made
from tests.engine.traces.signing import authority, signed

SIDE_PX = (3000, 4000)


def of_children() -> float:
    """Return the processor seconds of child processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def median_ms(run: Callable[[], object], runs: int, clock: Callable[[], float]) -> float:
    taken = []
    for _ in range(runs):
        began = clock()
        run()
        taken.append(1000 * (clock() - began))
    return statistics.median(taken)


def main(runs: int) -> None:
    pixels = made.scene(*SIDE_PX)
    data = made.jpeg(pixels, quality=97)
    data = made.with_exif(data, **made.CAMERA, thumbnail=made.jpeg(pixels[::25, ::25]))
    data = made.with_xmp(data, 'xmp:CreatorTool="Residua tests"')
    data = signed(data, "image/jpeg", authority())
    take_apart = partial(specimen, data, "JPEG", pixels)
    subject = take_apart()
    found = analyse(subject)
    work = {
        "taking apart": take_apart,
        **{one.method.name: partial(one.analyse, subject) for one in ANALYSERS},
        "conflicts": partial(conflicts.find, subject, found),
        "all of it": lambda: analyse(take_apart()),
    }
    say(f"{SIDE_PX[1]} x {SIDE_PX[0]} px, {len(data) / 1e6:.1f} MB, median of {runs} runs, CPU ms")
    for name, run in work.items():
        say(f"{name:<28} {median_ms(run, runs, time.process_time):8.1f}")
    outside = median_ms(partial(exiftool.find, data), runs, of_children)
    say(f"{'ExifTool, a child process':<28} {outside:8.1f}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)

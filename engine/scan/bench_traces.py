"""Time and peak memory of each method of derived traces, on one made picture."""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import engine
from engine.errors import EngineError, InputError
from engine.images.decoder import Decoder
from engine.images.reading import read_exhibit
from engine.job import Context, Progress
from engine.scan.bench import Machine, machine
from engine.traces import derived
from engine.traces.coefficients import measure
from engine.types import Status

QUALITY = 90
"""JPEG quality of the made picture."""

LISTEN_S = 0.2
"""Longest time between two looks at whether the operator wants to stop."""

ALL = "all"
"""Name of the row in which the methods run one after the other in one process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodFigures:
    """One method, measured in a process of its own."""

    method: str
    """Its name, or ``"all"``."""
    seconds: float
    """Wall time, without decoding."""
    cpu_seconds: float
    """Time of all its threads together: what it costs on a machine with other work."""
    peak_memory_mb: int | None
    """Largest resident memory of its process, libraries and picture included; None on Windows."""
    failed: tuple[str, ...]
    """Methods that failed, with the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceBench:
    """All figures of one measurement."""

    version: str
    """Version of the program."""
    machine: Machine
    height: int
    """Of the picture, px."""
    width: int
    """Of the picture, px."""
    picture: str
    """How it was made, in words."""
    decode_seconds: float
    """Reading, decoding and coefficients in the decoding process."""
    methods: tuple[MethodFigures, ...]
    """In the order of the list, then all of them together."""


def run_bench(megapixels: float, ctx: Context) -> TraceBench:
    """Measure each method in a fresh process, then all in one.

    Args:
        megapixels: size of the picture, 0.1 to 60.
        ctx: receives progress, carries the wish to stop.

    Raises:
        InputError: the size is out of range.
        Cancelled: the operator stopped it.
    """
    most = derived.MAX_PIXELS / 1e6
    if not 0.1 <= megapixels <= most:
        raise InputError(f"{megapixels:g} megapixels were asked for: use 0.1 to {most:g}.")
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5 / 8) * 8
    width = round(megapixels * 1e6 / height / 8) * 8
    names = [tracing.method.name for tracing in derived.TRACERS]
    with tempfile.TemporaryDirectory(prefix="residua-bench-") as scratch:
        file = Path(scratch) / "made.jpg"
        ctx.report(Progress(phase="Making a picture", done=0, total=None))
        Image.fromarray(made_picture(height, width)).save(file, quality=QUALITY)
        with Decoder(measure=measure) as decoder:
            decoder.inspected(read_exhibit(str(file)))
            began = time.perf_counter()
            decoder.inspected(read_exhibit(str(file)))
            decoding_s = time.perf_counter() - began
        figures = []
        for done, chosen in enumerate([*([name] for name in names), names]):
            label = chosen[0] if done < len(names) else ALL
            ctx.report(Progress(phase=f"Measuring {label}", done=done, total=len(names) + 1))
            figures.append(_measured(label, chosen, file, ctx))
    return TraceBench(
        version=engine.__version__,
        machine=machine(),
        height=height,
        width=width,
        picture=f"made: texture, calm areas and noise, JPEG {QUALITY}",
        decode_seconds=round(decoding_s, 3),
        methods=tuple(figures),
    )


def made_picture(height: int, width: int, seed: int = 0) -> NDArray[np.uint8]:
    """Return [height, width, 3]: layers of texture from coarse to fine, and noise.

    Args:
        height: px.
        width: px.
        seed: the same seed gives the same picture.
    """
    random = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3), dtype=np.float32)
    for step, strength in ((256, 60.0), (64, 25.0), (16, 12.0), (4, 6.0)):
        rows, cols = max(2, height // step), max(2, width // step)
        for channel in range(3):
            coarse = random.normal(0, strength, (rows, cols)).astype(np.float32)
            layer = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
            picture[..., channel] += np.asarray(layer)
    picture += random.normal(0, 2.5, (height, width, 1)).astype(np.float32) + 120
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def _measured(label: str, names: list[str], file: Path, ctx: Context) -> MethodFigures:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_work, args=(theirs, names, str(file)), daemon=False)
    process.start()
    theirs.close()
    try:
        while not ours.poll(LISTEN_S):
            ctx.check()
        seconds, cpu_s, peak_mb, failed = ours.recv()
    except EOFError as error:
        raise EngineError(f"The measuring process of {label} broke down.") from error
    finally:
        process.kill()
        process.join()
        ours.close()
    return MethodFigures(
        method=label,
        seconds=round(seconds, 3),
        cpu_seconds=round(cpu_s, 3),
        peak_memory_mb=peak_mb,
        failed=tuple(failed),
    )


def _work(connection: Connection, names: list[str], file: str) -> None:
    """Trace in a fresh process and send (seconds, processor seconds, MB, failures)."""
    with Decoder(measure=measure) as decoder:
        inspected = decoder.inspected(read_exhibit(file))
    began, worked = time.perf_counter(), time.process_time()
    traces = derived.run(derived.subject(inspected), lambda: None, derived.named(names))
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - worked
    failed = [
        f"{trace.finding.analyser}: {trace.finding.reason}"
        for trace in traces
        if trace.finding.status is Status.FAILED
    ]
    connection.send((seconds, cpu_s, _peak_mb(), failed))


def _peak_mb() -> int | None:
    """Return this process's peak; what its parent took before counts where Linux inherits it."""
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text("ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(int(line.split()[1]) * 1024 / 1e6)
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - exists on POSIX only

    # Linux has told above; macOS counts in bytes.
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)

"""Speed and memory of each stage on this machine."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image as PilImage

import engine
from engine.errors import InputError
from engine.images.decoder import Decoder
from engine.job import Context, Progress
from engine.scan.discovery import discover
from engine.scan.pipeline import run
from engine.scan_types import ScanRequest
from engine.types import ModelInfo
from engine.vrm.examiner import Examiner

FULL_MODES = ("full", "no_explain")
"""Ways to scan that share the model with the language model in it."""
MODES = (*FULL_MODES, "triage")

MADE_SIDES_PX = (1000, 1000)
"""(height, width) of a made picture: 1 megapixel."""

MADE_QUALITY = 90
"""JPEG quality of made pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where the figures were measured."""

    processor: str
    """Name of the processor."""
    cores: int
    """Logical cores this process may use."""
    memory_mb: int | None
    """Physical memory; None where the system does not tell."""
    system: str
    """Operating system and version."""
    python: str
    """Version of Python."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One measured stage."""

    name: str
    """``decode``, or ``load`` and ``scan`` with ``full``, ``no_explain`` or ``triage``."""
    images: int
    """Pictures that went through; 0 for loading."""
    seconds: float
    """Wall time."""
    images_per_s: float | None
    """None for loading."""
    peak_memory_mb: int | None
    """Largest resident memory of this process so far; None where the system does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchReport:
    """All figures of one measurement."""

    version: str
    """Version of the program."""
    machine: Machine
    model: ModelInfo
    pictures: str
    """Which pictures were used, in words."""
    megapixels: float
    """Mean size of the pictures."""
    stages: tuple[Stage, ...]
    """In the order measured."""
    decoder_peak_memory_mb: int | None
    """Largest resident memory of a decoding process; None where the system does not tell."""


def run_bench(
    folder: Path | None,
    limit: int,
    load: Callable[[bool], Examiner],
    ctx: Context,
    *,
    modes: Sequence[str] = MODES,
) -> BenchReport:
    """Measure decoding, loading and scanning in each mode; see `engine.api.bench`.

    A scan is measured as it is done: decoding ahead, results and heat maps written to disk.
    One picture is examined before the clock starts, so that what is built on first use is
    not counted.

    Args:
        folder: pictures; made ones are used when it is None or has none.
        limit: pictures a stage, at least 1.
        load: gives the model, for the fast path when True.
        ctx: carries the wish to stop.
        modes: of `MODES`, at least one; which ways to scan are measured.
    """
    if limit < 1:
        raise InputError(f"{limit} pictures were asked for: use at least 1.")
    with tempfile.TemporaryDirectory(prefix="residua-bench-") as scratch:
        paths, described = pictures(folder, limit, Path(scratch) / "pictures", ctx)
        bench = _Bench(paths, Path(scratch), ctx)
        megapixels = bench.decode()
        full = [mode for mode in modes if mode in FULL_MODES]
        infos = [bench.model(load, triage=False, modes=full)] if full else []
        if "triage" in modes:
            infos.append(bench.model(load, triage=True, modes=("triage",)))
    return BenchReport(
        version=engine.__version__,
        machine=machine(),
        model=infos[0],
        pictures=described,
        megapixels=round(megapixels, 3),
        stages=tuple(bench.stages),
        decoder_peak_memory_mb=bench.decoder_peak_mb,
    )


class _Bench:
    """Collects stages as they are measured."""

    def __init__(self, paths: Sequence[str], scratch: Path, ctx: Context) -> None:
        self.stages: list[Stage] = []
        self.decoder_peak_mb: int | None = None
        self._paths = tuple(paths)
        self._scratch = scratch
        self._ctx = ctx

    def decode(self) -> float:
        """Measure reading, hashing and decoding; return the mean size in megapixels."""
        with Decoder() as decoder:
            decoder.decode_file(self._paths[0])
            began = time.perf_counter()
            pixels = [decoder.decode_file(path).pixels.size / 3 for path in self._paths]
            self._add("decode", len(self._paths), time.perf_counter() - began)
            self.decoder_peak_mb = _peak_of_process_mb(decoder.pid)
        return sum(pixels) / len(pixels) / 1e6

    def model(
        self, load: Callable[[bool], Examiner], *, triage: bool, modes: Sequence[str]
    ) -> ModelInfo:
        """Measure loading, then a scan in each mode."""
        self._ctx.report(Progress(phase="Loading the model", done=0, total=None))
        began = time.perf_counter()
        examiner = load(triage)
        self._add("load triage" if triage else "load full", 0, time.perf_counter() - began)
        for mode in modes:
            self._scan(examiner, mode, self._paths[:1])
            self._ctx.report(Progress(phase=f"Measuring {mode}", done=0, total=None))
            images, seconds = self._scan(examiner, mode, self._paths)
            self._add(f"scan {mode}", images, seconds)
        return examiner.info

    def _scan(self, examiner: Examiner, mode: str, paths: Sequence[str]) -> tuple[int, float]:
        """Scan into a folder that is thrown away; return pictures and seconds."""
        with tempfile.TemporaryDirectory(dir=self._scratch) as out_dir:
            request = ScanRequest(
                paths=tuple(paths),
                out_dir=out_dir,
                explain=mode == "full",
                triage=mode == "triage",
            )
            # The scan's own progress is no progress of the measurement; the wish to stop is.
            inner = Context(lambda _event: self._ctx.check())
            began = time.perf_counter()
            summary = run(request, lambda: examiner, inner)
            seconds = time.perf_counter() - began
        if summary.failed:
            raise InputError(
                f"{summary.failed} of {summary.found} pictures could not be examined: "
                "measure with others."
            )
        return summary.done, seconds

    def _add(self, name: str, images: int, seconds: float) -> None:
        self.stages.append(
            Stage(
                name=name,
                images=images,
                seconds=round(seconds, 4),
                images_per_s=round(images / seconds, 4) if images and seconds else None,
                peak_memory_mb=_peak_memory_mb(),
            )
        )


def pictures(folder: Path | None, limit: int, made: Path, ctx: Context) -> tuple[list[str], str]:
    """Return paths of at most ``limit`` pictures, and in words which they are."""
    found: list[str] = []
    if folder is not None and folder.is_dir():
        candidates = discover([str(folder)], [made], ctx).candidates
        found = [candidate.path for candidate in candidates][:limit]
    if folder is not None and found:
        return found, f"{len(found)} of {folder.name}"
    made.mkdir()
    random = np.random.default_rng(0)
    height, width = MADE_SIDES_PX
    for i in range(limit):
        coarse = random.integers(0, 256, (height // 20, width // 20, 3), dtype=np.uint8)
        smooth = PilImage.fromarray(coarse).resize((width, height), PilImage.Resampling.BICUBIC)
        grain = random.integers(-8, 9, (height, width, 3))
        pixels = np.clip(np.asarray(smooth) + grain, 0, 255).astype(np.uint8)
        path = made / f"made-{i:03}.jpg"
        PilImage.fromarray(pixels).save(path, quality=MADE_QUALITY)
        found.append(str(path))
    return found, f"{limit} made, 1 megapixel, JPEG {MADE_QUALITY}"


def machine() -> Machine:
    """Return where figures are measured."""
    cores = getattr(os, "sched_getaffinity", None)
    return Machine(
        processor=processor(),
        cores=len(cores(0)) if cores is not None else os.cpu_count() or 1,
        memory_mb=_memory_mb(),
        system=platform.platform(),
        python=platform.python_version(),
    )


def processor() -> str:
    """Return the name of the processor, as far as the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text("utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def _memory_mb() -> int | None:
    names = getattr(os, "sysconf_names", {})
    if "SC_PHYS_PAGES" not in names:
        return None
    return int(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e6)


def _peak_memory_mb() -> int | None:
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - exists on POSIX only

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KiB, macOS in bytes.
    return int(peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6)


def _peak_of_process_mb(pid: int | None) -> int | None:
    """Return another process's peak; getrusage would count its owner's pages as its own."""
    status = Path(f"/proc/{pid}/status")
    if not status.is_file():
        return None
    for line in status.read_text("ascii", errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(int(line.split()[1]) * 1024 / 1e6)
    return None

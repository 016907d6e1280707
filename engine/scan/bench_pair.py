"""A scan against the model alone, on the same files, in turns."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import engine
from engine.errors import InputError
from engine.images.decoder import Decoder
from engine.job import Context, Event, Examined, Progress
from engine.scan.bench import Machine, machine, pictures
from engine.scan.pipeline import run
from engine.scan_types import ScanRequest
from engine.types import Image, ModelInfo
from engine.vrm.examiner import Examiner

MODES = ("no_explain", "triage")
"""Ways to scan that are compared; text is left out, whose length differs from run to run."""

WITH_TRACES = "no_explain with derived traces"
"""As the first, with what a scan computes beside the model unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The model alone, or the scan, over all turns."""

    images_per_s: float
    """Median over turns."""
    processor_ms: float
    """Processor time a picture, child processes included; median over turns. What it costs,
    whoever else uses the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One way to scan, compared."""

    mode: str
    """Of `MODES`, or `WITH_TRACES`."""
    turns: int
    """How often each was measured, one right after the other, the first changing by turns."""
    alone: Side
    """The model on decoded pictures in memory, as many at a time as a scan gives it."""
    scan: Side
    """From files to results and heat maps on the disk."""
    ratio: float
    """Pace of the scan, from the first result to the last, over that of the model alone in the
    same turn, median; 1 is as fast."""
    lowest: float
    """The lowest of the turns."""
    highest: float
    """The highest of the turns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairReport:
    """All figures of one measurement."""

    version: str
    """Version of the program."""
    machine: Machine
    load: tuple[float, ...]
    """Processes of the machine that would run, mean of the last minute, at the beginning and at
    the end; empty where the system does not tell."""
    model: ModelInfo
    pictures: str
    """Which pictures were used, in words."""
    images: int
    """How many."""
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """One measurement of one side."""

    seconds: float
    """Per picture, from the first to the last result: starting a process is left out."""
    processor_s: float
    """Per picture."""


def run_bench(
    folder: Path | None,
    limit: int,
    turns: int,
    load: Callable[[bool], Examiner],
    ctx: Context,
    *,
    mode: str,
) -> PairReport:
    """Measure the scan and the model alone in turns; see `engine.api.bench_pair`.

    Args:
        folder: pictures; made ones are used when it is None or has none.
        limit: pictures, at least 2; they are held decoded in memory.
        turns: at least 1.
        load: gives the model, for the fast path when True.
        ctx: carries the wish to stop.
        mode: of `MODES`; the first is measured with and without derived traces.

    Raises:
        InputError: a number is too small, or a picture cannot be examined.
        Cancelled: the operator stopped it.
    """
    if limit < 2 or turns < 1:
        raise InputError(
            f"{limit} pictures in {turns} turns were asked for: use at least 2, in 1 or more."
        )
    loads = _load()
    with tempfile.TemporaryDirectory(prefix="residua-bench-") as scratch:
        paths, described = pictures(folder, limit, Path(scratch) / "pictures", ctx)
        with Decoder() as decoder:
            images = [decoder.decode_file(path) for path in paths]
        bench = _Bench(paths, images, Path(scratch), turns, ctx)
        ctx.report(Progress(phase="Loading the model", done=0, total=None))
        examiner = load(mode == "triage")
        pairs = [bench.pair(examiner, mode, traces=False)]
        if mode != "triage":
            pairs.append(bench.pair(examiner, mode, traces=True))
    return PairReport(
        version=engine.__version__,
        machine=machine(),
        load=(*loads, *_load()),
        model=examiner.info,
        pictures=described,
        images=len(paths),
        pairs=tuple(pairs),
    )


class _Bench:
    """Measures both sides on the same pictures."""

    def __init__(
        self, paths: list[str], images: list[Image], scratch: Path, turns: int, ctx: Context
    ) -> None:
        self._paths, self._images = tuple(paths), images
        self._scratch, self._turns, self._ctx = scratch, turns, ctx

    def pair(self, examiner: Examiner, mode: str, *, traces: bool) -> Pair:
        """Measure one way to scan; what is built on first use is built before."""
        request = ScanRequest(
            paths=self._paths, out_dir=None, explain=False, triage=mode == "triage", traces=traces
        )
        name = WITH_TRACES if traces else mode
        self._alone(examiner, self._images[:2])
        start_s = self._scanned(examiner, replace(request, paths=self._paths[:1]))[1]
        alone, scan = [], []
        for turn in range(self._turns):
            self._ctx.report(Progress(phase=f"Measuring {name}", done=turn, total=self._turns))
            if turn % 2:
                scan.append(self._scan(examiner, request, start_s))
            alone.append(self._alone(examiner, self._images))
            if not turn % 2:
                scan.append(self._scan(examiner, request, start_s))
        ratios = [a.seconds / s.seconds for a, s in zip(alone, scan, strict=True)]
        return Pair(
            mode=name,
            turns=self._turns,
            alone=_side(alone),
            scan=_side(scan),
            ratio=round(statistics.median(ratios), 3),
            lowest=round(min(ratios), 3),
            highest=round(max(ratios), 3),
        )

    def _alone(self, examiner: Examiner, images: Sequence[Image]) -> _Turn:
        def examine(image: Image) -> None:
            examiner.examine(
                image, explain=False, on_text=lambda _text: None, check=self._ctx.check
            )

        began, processor_s = time.perf_counter(), _processor_s()
        with ThreadPoolExecutor(examiner.at_once) as threads:
            list(threads.map(examine, images))
        return _Turn(
            seconds=(time.perf_counter() - began) / len(images),
            processor_s=(_processor_s() - processor_s) / len(images),
        )

    def _scan(self, examiner: Examiner, request: ScanRequest, start_s: float) -> _Turn:
        ends, processor_s = self._scanned(examiner, request)
        after_first = len(self._paths) - 1
        return _Turn(
            seconds=(ends[-1] - ends[0]) / after_first,
            processor_s=(processor_s - start_s) / after_first,
        )

    def _scanned(self, examiner: Examiner, request: ScanRequest) -> tuple[list[float], float]:
        """Scan; return when each picture was done, and the processor time of all of it."""
        ends: list[float] = []

        def listen(event: Event) -> None:
            # The scan's own progress is no progress of the measurement; the wish to stop is.
            self._ctx.check()
            if isinstance(event, Examined):
                ends.append(time.perf_counter())

        with tempfile.TemporaryDirectory(dir=self._scratch) as out_dir:
            before_s = _processor_s()
            asked = replace(request, out_dir=out_dir)
            summary = run(asked, lambda: examiner, Context(listen))
            processor_s = _processor_s() - before_s
        if summary.failed or summary.duplicates:
            raise InputError(
                f"Of {summary.found} pictures {summary.failed} could not be examined and "
                f"{summary.duplicates} were copies of others: measure with others."
            )
        return ends, processor_s


def _side(turns: Sequence[_Turn]) -> Side:
    return Side(
        images_per_s=round(statistics.median(1 / each.seconds for each in turns), 3),
        processor_ms=round(statistics.median(1000 * each.processor_s for each in turns), 2),
    )


def _processor_s() -> float:
    """Return the processor time of this process and of the children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _load() -> tuple[float, ...]:
    return () if sys.platform == "win32" else (round(os.getloadavg()[0], 2),)

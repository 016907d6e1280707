"""A scan over several workers on this machine: what each of them adds and costs."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

import engine
from engine.errors import InputError
from engine.job import Context, Event, Examined, Progress
from engine.scan.bench import Machine, machine, pictures
from engine.scan.crew import LOCAL, Factory, gathered
from engine.scan.pipeline import run
from engine.scan_types import ScanRequest
from engine.types import ModelInfo

HIRED = "ray::Worker"
"""How Ray calls the process of a worker of ours; idle ones have another name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewFigures:
    """One number of workers, measured."""

    workers: int
    """0: a scan without workers, as a single machine does it."""
    start_s: float
    """Wall time until every worker has its model; loading it, where there are none."""
    images_per_s: float
    """From the first result to the last."""
    head_ms: float
    """Processor time a picture of the process that hands out work and writes results; of the
    whole scan, decoding excepted, where there are no workers."""
    workers_ms: float
    """Processor time a picture of all workers with their decoding processes."""
    cluster_ms: float
    """Processor time a picture of what holds the cluster together."""
    head_mb: float
    """Memory of the first, pages that are shared counted once."""
    worker_mb: float
    """Memory a worker with its decoding process; of the decoding process, where there are none."""
    cluster_mb: float
    """Memory of what holds the cluster together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewReport:
    """All figures of one measurement."""

    version: str
    """Version of the program."""
    machine: Machine
    load: tuple[float, ...]
    """Processes of the machine that would run, mean of the last minute, at the beginning and at
    the end; empty where the system does not tell."""
    model: ModelInfo
    triage: bool
    """Whether the fast path was measured."""
    pictures: str
    """Which pictures were used, in words."""
    images: int
    """How many."""
    rows: tuple[CrewFigures, ...]


@dataclass(slots=True)
class _Costs:
    """Processor time and memory by part: this process, workers, the rest of the cluster."""

    head_s: float = 0.0
    workers_s: float = 0.0
    cluster_s: float = 0.0
    head_mb: float = 0.0
    workers_mb: float = 0.0
    cluster_mb: float = 0.0


def run_bench(
    folder: Path | None,
    limit: int,
    workers: Sequence[int],
    factory: Factory,
    ctx: Context,
    *,
    triage: bool,
) -> CrewReport:
    """Measure a scan without workers, then with each number of them; see `engine.api`.

    Each number has a cluster of its own on this machine, gathered anew. Processor time and
    memory are those between the first result and the last.

    Args:
        folder: pictures; made ones are used when it is None or has none.
        limit: pictures, at least 2.
        workers: numbers of workers, each at least 1.
        factory: loads the model; sent to the workers.
        ctx: carries the wish to stop.
        triage: whether the fast path is measured.

    Raises:
        InputError: a number is too small, or a picture cannot be examined.
        ModelError: a worker cannot load the model.
        Cancelled: the operator stopped it.
    """
    if limit < 2 or min(workers, default=0) < 1:
        raise InputError(
            f"{limit} pictures and workers {', '.join(map(str, workers))} were asked for: use at "
            "least 2 pictures and numbers of workers from 1."
        )
    loads = _load()
    with tempfile.TemporaryDirectory(prefix="residua-bench-") as scratch:
        paths, described = pictures(folder, limit, Path(scratch) / "pictures", ctx)
        bench = _Bench(tuple(paths), Path(scratch), factory, ctx, triage=triage)
        rows = [bench.alone()]
        rows += [bench.spread(count) for count in workers]
    return CrewReport(
        version=engine.__version__,
        machine=machine(),
        load=(*loads, *_load()),
        model=bench.model,
        triage=triage,
        pictures=described,
        images=len(paths),
        rows=tuple(rows),
    )


class _Bench:
    """Measures one number of workers after the other."""

    def __init__(
        self, paths: tuple[str, ...], scratch: Path, factory: Factory, ctx: Context, *, triage: bool
    ) -> None:
        self._paths, self._scratch, self._factory, self._ctx = paths, scratch, factory, ctx
        self._request = ScanRequest(
            paths=paths, out_dir=None, explain=False, triage=triage, traces=False
        )
        self.model: ModelInfo

    def alone(self) -> CrewFigures:
        """Measure without workers."""
        self._ctx.report(Progress(phase="Measuring without workers", done=0, total=None))
        began = time.perf_counter()
        examiner = self._factory()
        start_s = time.perf_counter() - began
        self.model = examiner.info

        def scan(request: ScanRequest, ctx: Context) -> None:
            run(request, lambda: examiner, ctx)

        return self._measured(0, start_s, scan)

    def spread(self, workers: int) -> CrewFigures:
        """Measure with so many workers."""
        self._ctx.report(Progress(phase=f"Measuring {workers} workers", done=0, total=None))
        began = time.perf_counter()
        with gathered(LOCAL, workers, self._factory, self._request.settings) as crew:
            start_s = time.perf_counter() - began

            def scan(request: ScanRequest, ctx: Context) -> None:
                run(request, self._factory, ctx, gather=lambda: nullcontext(crew))

            return self._measured(workers, start_s, scan)

    def _measured(
        self, workers: int, start_s: float, scan: Callable[[ScanRequest, Context], None]
    ) -> CrewFigures:
        at: list[float] = []
        costs: list[_Costs] = []

        def listen(event: Event) -> None:
            # The scan's own progress is no progress of the measurement; the wish to stop is.
            self._ctx.check()
            if not isinstance(event, Examined):
                return
            if event.examination.failure is not None or event.duplicate:
                raise InputError(
                    f"{event.examination.facts.path} failed or is a copy of another picture: "
                    "measure with others."
                )
            at.append(time.perf_counter())
            if len(at) in (1, len(self._paths)):
                costs.append(_costs(workers))

        with tempfile.TemporaryDirectory(dir=self._scratch) as out_dir:
            scan(replace(self._request, out_dir=out_dir), Context(listen))
        first, last = costs
        count = len(self._paths) - 1
        return CrewFigures(
            workers=workers,
            start_s=round(start_s, 2),
            images_per_s=round(count / (at[-1] - at[0]), 3),
            head_ms=round(1000 * (last.head_s - first.head_s) / count, 1),
            workers_ms=round(1000 * (last.workers_s - first.workers_s) / count, 1),
            cluster_ms=round(1000 * (last.cluster_s - first.cluster_s) / count, 1),
            head_mb=round(last.head_mb),
            worker_mb=round(last.workers_mb / max(1, workers)),
            cluster_mb=round(last.cluster_mb),
        )


def _costs(workers: int) -> _Costs:
    """Ask every process below this one what it has cost so far.

    Args:
        workers: 0 when processes below this one decode for it.
    """
    costs = _Costs()
    here = psutil.Process()
    costs.head_s, costs.head_mb = _cost(here)
    of_workers = set() if workers else {each.pid for each in here.children(recursive=True)}
    for each in here.children(recursive=True):
        try:
            if "".join(each.cmdline()).startswith(HIRED):
                of_workers |= {each.pid, *(child.pid for child in each.children())}
        except psutil.NoSuchProcess:
            continue
    for each in here.children(recursive=True):
        try:
            seconds, size_mb = _cost(each)
        except psutil.NoSuchProcess:
            continue
        if each.pid in of_workers:
            costs.workers_s += seconds
            costs.workers_mb += size_mb
        else:
            costs.cluster_s += seconds
            costs.cluster_mb += size_mb
    return costs


def _cost(process: psutil.Process) -> tuple[float, float]:
    times, memory = process.cpu_times(), process.memory_full_info()
    # Not every system tells how many processes share a page.
    size = getattr(memory, "pss", memory.uss)
    return times.user + times.system, size / 1e6


def _load() -> tuple[float, ...]:
    return () if sys.platform == "win32" else (round(os.getloadavg()[0], 2),)

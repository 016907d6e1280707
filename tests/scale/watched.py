"""A program whose whole tree of processes is measured while it runs, and killed if asked to."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What was seen at one moment."""

    at_s: float
    """Since the program was started."""
    memory_mb: float
    """Proportional set size of all its processes together; pages that two share count once."""
    largest_mb: float
    """Of the process that has most."""
    processes: int
    cpu_s: float
    """Processor time so far of the processes that live."""
    done: int
    """Whole lines of results."""
    load: float
    """Processes of the whole machine that would run, mean of the last minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended."""

    samples: tuple[Sample, ...]
    seconds: float
    cpu_s: float | None
    """Processor time of all its processes; None when it was killed, as nobody counted."""
    code: int
    """Exit code; negative for the signal that ended it."""
    killed: bool


class Lines:
    """Counts the whole lines of a file that grows."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._offset = 0
        self._count = 0

    def count(self) -> int:
        """Return how many there are now."""
        if self._file.is_file():
            with self._file.open("rb") as stream:
                stream.seek(self._offset)
                while piece := stream.read(1 << 20):
                    self._count += piece.count(b"\n")
                    self._offset += len(piece)
        return self._count


def run(
    command: Sequence[str],
    results: Path,
    log: Path,
    *,
    every_s: float,
    tell: Callable[[Sample], None],
    kill_at: int | None = None,
) -> Ended:
    """Run a program to its end, or until its results have ``kill_at`` lines; then kill -9 it all.

    Args:
        command: the program and its arguments.
        results: the file whose lines say how far it is.
        log: takes what it says on stdout and stderr.
        every_s: seconds between two samples.
        tell: is told of each sample.
        kill_at: lines at which it is killed; None lets it end.
    """
    lines = Lines(results)
    samples: list[Sample] = []
    before = _children_s()
    began = time.monotonic()
    killed = False
    with log.open("ab") as stream, subprocess.Popen(command, stdout=stream, stderr=stream) as child:
        process = psutil.Process(child.pid)
        while True:
            try:
                # A scan that is to be killed is looked at more often, so as to be hit in time.
                child.wait(every_s)
                break
            except subprocess.TimeoutExpired:
                sample = _sample(process, time.monotonic() - began, lines.count())
            if sample is not None:
                samples.append(sample)
                tell(sample)
                if kill_at is not None and sample.done >= kill_at:
                    _kill(process)
                    killed = True
                    break
        code = child.wait()
    return Ended(
        samples=tuple(samples),
        seconds=time.monotonic() - began,
        cpu_s=None if killed else _children_s() - before,
        code=code,
        killed=killed,
    )


def _sample(process: psutil.Process, at_s: float, done: int) -> Sample | None:
    """Measure a tree of processes; None when its root has just ended."""
    sizes: list[float] = []
    cpu_s = 0.0
    try:
        tree = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return None
    for each in tree:
        try:
            sizes.append(each.memory_full_info().pss / 1e6)
            times = each.cpu_times()
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
        cpu_s += times.user + times.system
    if not sizes:
        return None
    return Sample(
        at_s=round(at_s, 1), memory_mb=round(sum(sizes), 1), largest_mb=round(max(sizes), 1),
        processes=len(sizes), cpu_s=round(cpu_s, 1), done=done, load=round(os.getloadavg()[0], 2),
    )  # fmt: skip


def _kill(process: psutil.Process) -> None:
    """Send SIGKILL to a whole tree, its root first: nothing can tidy up."""
    tree = [process, *process.children(recursive=True)]
    for each in tree:
        try:
            each.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(tree[1:], timeout=10)


def _children_s() -> float:
    times = os.times()
    return times.children_user + times.children_system

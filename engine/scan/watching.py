"""Folders that fill up while a scan runs: what is new in them, once it has stopped growing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from engine.job import Context, Progress
from engine.scan.discovery import Candidate, Discovery

WATCHING = "Watching"

LEAST_S = 0.05
"""Shortest time between two looks."""

_Stamp = tuple[int, int] | None
"""(size, time of the last change in ns); None where there is no file to ask."""


def arrivals(
    look: Callable[[], Discovery], every_s: float, ctx: Context
) -> Iterator[tuple[Candidate, ...]]:
    """Yield files that are new or changed since they were yielded, as they come to rest.

    A file is at rest when two looks in a row find it with the same size and time; one that is
    still being copied waits for its turn.

    Args:
        look: searches; called again and again.
        every_s: seconds between two looks.
        ctx: carries the wish to stop, which ends this.

    Raises:
        Cancelled: the operator stopped the work.
    """
    before: dict[str, _Stamp] = {}
    done: dict[str, _Stamp] = {}
    while True:
        candidates = look().candidates
        now = {each.path: _stamp(each) for each in candidates}
        rested = tuple(
            each
            for each in candidates
            if each.path in before
            and before[each.path] == now[each.path]
            and (each.path not in done or done[each.path] != now[each.path])
        )
        before = now
        if rested:
            done.update((each.path, now[each.path]) for each in rested)
            yield rested
        ctx.report(Progress(phase=WATCHING, done=len(done), total=None))
        ctx.wait(max(LEAST_S, every_s))


def _stamp(candidate: Candidate) -> _Stamp:
    try:
        status = Path(candidate.container or candidate.path).stat()
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns

"""The main job: from files and folders to a results folder or a case."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from engine.errors import Cancelled, InputError
from engine.evidence.case_results import CaseResults
from engine.job import Context, Examined, Progress
from engine.scan.destinations import Destination, opened
from engine.scan.discovery import Discovery, Search, discover
from engine.scan.doubles import Doubles, MayShare
from engine.scan.examining import LOADING, Prepared
from engine.scan.feed import AHEAD, Feed
from engine.scan.inside import Inside
from engine.scan.judging import judged
from engine.scan.selection import Selection
from engine.scan.spreading import Gather, Hands, spread
from engine.scan.supply import Supply
from engine.scan.watching import arrivals
from engine.scan_types import ScanRequest, ScanSummary, Workers
from engine.types import Examination, FileFacts, ModelInfo
from engine.vrm.examiner import BatchExaminer, Examiner

EXAMINING = "Examining"


def run(
    request: ScanRequest,
    load: Callable[[], Examiner],
    ctx: Context,
    case: CaseResults | None = None,
    gather: Gather | None = None,
) -> ScanSummary:
    """Examine every image of a request; see `engine.api.Engine.scan`.

    Args:
        request: what to examine and how.
        load: gives the model; called once the results folder is ours.
        ctx: receives the events, carries the wish to stop.
        case: where results go as well, or alone when the request names no folder.
        gather: gathers workers on other machines, which then examine; the model is theirs.
    """
    if request.jobs < 1:
        raise InputError(f"{request.jobs} jobs were asked for: use at least 1.")
    began = time.monotonic()
    own = [Path(request.out_dir)] if request.out_dir is not None else []
    own += [case.case.copies] if case is not None else []
    with ExitStack() as stack:
        inside = stack.enter_context(Inside(_selection(request)))

        def look() -> Discovery:
            return discover(request.paths, own, ctx, _selection(request), inside)

        if request.watch_s is None:
            search = Search(request.paths, own, ctx, _selection(request), inside)
            supply = stack.enter_context(Supply(search))
        else:
            supply = stack.enter_context(Supply(ignored=look().ignored))
        supply.begin(ctx)
        results = stack.enter_context(opened(request.out_dir, case))
        if supply.total == 0 and request.watch_s is None:
            # Nothing to look at: the model would be loaded for nothing.
            elapsed_s = time.monotonic() - began - ctx.paused_s
            return _nothing(elapsed_s, supply.ignored)
        ctx.report(Progress(phase=LOADING, done=0, total=supply.total))
        share = _always if case is None else case.may_share
        if gather is None:
            place: _Place = _Here(load(), request)
        else:
            place = _Elsewhere(stack.enter_context(gather()), request)
        work = _Work(request, place, results, ctx, share=share)
        if request.watch_s is None:
            work.examine(supply)
        else:
            work.examine_arrivals(look, request.watch_s)
    elapsed_s = time.monotonic() - began - ctx.paused_s
    return work.tally.summary(elapsed_s, supply.ignored, place.workers)


def _nothing(elapsed_s: float, ignored: int) -> ScanSummary:
    return ScanSummary(found=0, done=0, skipped=0, failed=0, elapsed_s=elapsed_s, ignored=ignored)


Finished = Generator[tuple[Prepared, Examination | None]]


def _always(_facts: FileFacts) -> bool:
    """Let every file have the result of others with its bytes: there are no exhibits."""
    return True


class _Place(Protocol):
    """Where files are examined."""

    @property
    def info(self) -> ModelInfo: ...

    @property
    def workers(self) -> Workers | None: ...

    def finished(
        self, supply: Supply, doubles: Doubles, ctx: Context
    ) -> AbstractContextManager[Finished]: ...


class _Here:
    """On this machine: decoding processes feed one model."""

    def __init__(self, examiner: Examiner, request: ScanRequest) -> None:
        self._examiner, self._request = examiner, request

    @property
    def info(self) -> ModelInfo:
        return self._examiner.info

    @property
    def workers(self) -> None:
        return None

    @contextmanager
    def finished(self, supply: Supply, doubles: Doubles, ctx: Context) -> Iterator[Finished]:
        settings, jobs = self._request.settings, self._request.jobs
        show, ahead = None, AHEAD
        if isinstance(self._examiner, BatchExaminer) and self._examiner.batch > 1:
            show, ahead = self._examiner.show, self._examiner.batch
        with (
            Feed(
                supply, jobs, doubles.needless, traces=settings.traces, show=show, ahead=ahead
            ) as feed,
            closing(
                judged(doubles.parted(feed.prepared(ctx)), self._examiner, settings, ctx)
            ) as finished,
        ):
            yield finished


class _Elsewhere:
    """By workers, each with a model of its own."""

    def __init__(self, crew: Hands, request: ScanRequest) -> None:
        self._crew, self._request = crew, request

    @property
    def info(self) -> ModelInfo:
        return self._crew.info

    @property
    def workers(self) -> Workers:
        return self._crew.workers

    @contextmanager
    def finished(self, supply: Supply, doubles: Doubles, ctx: Context) -> Iterator[Finished]:
        with closing(spread(supply, self._crew, doubles, self._request.settings, ctx)) as finished:
            yield finished


class _Work:
    """Examines files into one destination with one model, and counts them."""

    def __init__(
        self,
        request: ScanRequest,
        place: _Place,
        results: Destination,
        ctx: Context,
        *,
        share: MayShare,
    ) -> None:
        self._request, self._place, self._results, self._ctx = request, place, results, ctx
        self._share = share
        self.tally = _Tally(ctx=ctx)

    def examine(self, supply: Supply) -> None:
        """Examine files in order, while the search for more may still go on."""
        doubles = Doubles(
            self._results,
            self._place.info.sha256,
            self._request.settings,
            again=self._request.again,
            share=self._share,
        )
        self.tally.begin(supply)
        with self._place.finished(supply, doubles, self._ctx) as finished:
            for prepared, fresh in finished:
                supply.tell(self._ctx)
                self._keep(doubles, prepared, fresh)
        if supply.tell(self._ctx):
            self._ctx.report(self.tally.progress())

    def examine_arrivals(self, look: Callable[[], Discovery], every_s: float) -> None:
        """Examine what comes into folders until the operator stops it, which is its good end."""
        with suppress(Cancelled):
            for candidates in arrivals(look, every_s, self._ctx):
                with Supply(known=candidates) as supply:
                    supply.begin(self._ctx)
                    self.examine(supply)

    def _keep(self, doubles: Doubles, prepared: Prepared, fresh: Examination | None) -> None:
        settled = None if fresh is not None else doubles.settled(prepared)
        stored = settled is not None and settled.stored
        examination = fresh if settled is None else settled.examination
        if examination is None:
            raise ValueError(f"{prepared.facts.path!r} came without a result.")
        if not stored:
            examination = self._results.add(examination)
        duplicate = settled is not None and not stored
        self.tally.count(examination, stored=stored, duplicate=duplicate)
        self._ctx.report(Examined(examination=examination, stored=stored, duplicate=duplicate))
        self._ctx.report(self.tally.progress())


def _selection(request: ScanRequest) -> Selection:
    return Selection(
        include=request.include,
        exclude=request.exclude,
        since=request.since,
        containers=request.containers,
        frames=request.frames,
    )


@dataclass(slots=True, kw_only=True)
class _Tally:
    """Counts files as they are finished and estimates what is left."""

    ctx: Context
    supply: Supply | None = None
    before: int = 0
    """Files of supplies before this one."""
    done: int = 0
    skipped: int = 0
    failed: int = 0
    duplicates: int = 0
    first_at: float | None = None

    @property
    def found(self) -> int:
        """Files found so far."""
        return self.before + (0 if self.supply is None else self.supply.found)

    def begin(self, supply: Supply) -> None:
        """Count the files of another supply from now on."""
        self.before, self.supply = self.found, supply

    def count(self, examination: Examination, *, stored: bool, duplicate: bool) -> None:
        """Count a file that is finished."""
        if stored:
            self.skipped += 1
            return
        self.duplicates += duplicate
        if examination.ok:
            self.done += 1
        else:
            self.failed += 1
        if self.first_at is None:
            self.first_at = self._now()

    def progress(self) -> Progress:
        """Return how far the scan is.

        The pace counts what was examined in this run after the first file, which takes
        longer than others: processes start, and a model builds what it needs once. Pauses
        are left out.
        """
        finished = self.done + self.skipped + self.failed
        elapsed = 0.0 if self.first_at is None else self._now() - self.first_at
        worked = self.done + self.failed - 1
        per_s = worked / elapsed if worked > 0 and elapsed > 0 else None
        searching = self.supply is not None and self.supply.total is None
        left = self.found - finished
        return Progress(
            phase=EXAMINING,
            done=finished,
            total=None if searching else self.found,
            so_far=self.found if searching else None,
            failed=self.failed,
            per_s=per_s,
            left_s=None if per_s is None or searching else left / per_s,
            skipped=self.skipped,
            duplicates=self.duplicates,
        )

    def summary(self, elapsed_s: float, ignored: int, workers: Workers | None) -> ScanSummary:
        """Return how the scan ended."""
        return ScanSummary(
            found=self.found,
            done=self.done,
            skipped=self.skipped,
            failed=self.failed,
            elapsed_s=elapsed_s,
            ignored=ignored,
            duplicates=self.duplicates,
            workers=workers,
        )

    def _now(self) -> float:
        return time.monotonic() - self.ctx.paused_s

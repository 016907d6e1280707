"""Many pictures compared with one camera's fingerprint, side by side as far as memory goes."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

import psutil

from engine.errors import Cancelled, InputError
from engine.images.decoder import Decoder
from engine.images.reading import Exhibit
from engine.job import Context, Progress
from engine.scan.decoding_threads import DecodingThreads, result_of
from engine.trace_types import CameraAnswer, Comparison, Trace
from engine.traces import derived, prnu
from engine.traces.coefficients import measure
from engine.traces.fingerprints import Fingerprint
from engine.traces.tracing import Tracing
from engine.types import Failure, Status

PHASE = "Comparing with the camera"

PACE_PICTURES = 4
"""Pictures after which a pace is told: processes start with the first ones."""

PICTURE_BYTES = 64
"""Of memory a pixel of the fingerprint, for one picture in work: two at 12 megapixels took 1.2 GB
here, 48 each (tests/engine/scan/measure_matching.py); the rest is the decoding process's."""

DECODED_BYTES = 750_000_000
"""Of memory at least, for one picture in work: a file may hold so much whatever is correlated."""

MOST_AT_ONCE = 16
"""What the reader of containers keeps for as many threads."""

WAITING = 4
"""Pictures that are handed out, for each that is compared at a time: answers are small, and a
large picture must not keep the others from going on."""

MEMORY_SHARE = 0.5
"""Of what is free, at most so much is used: other programs go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A picture that is to be compared."""

    path: str
    """The file, or the member of a container."""
    exhibit: int | None = None
    """Its number in a case."""
    sha256: str | None = None
    """What its bytes have to be; None takes them as they are."""
    failure: Failure | None = None
    """Set when it is known already that it cannot be read."""


def at_once(fingerprint: Fingerprint, free_bytes: int | None = None) -> int:
    """Return how many pictures are compared side by side.

    Args:
        fingerprint: its size is that of the largest pictures that are correlated.
        free_bytes: memory that is free; asked of the system when None.
    """
    free = psutil.virtual_memory().available if free_bytes is None else free_bytes
    each = max(DECODED_BYTES, PICTURE_BYTES * fingerprint.pattern.size)
    room = int(free * MEMORY_SHARE) // each
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    return max(1, min(cores, room, MOST_AT_ONCE))


def compared(
    wanted: Sequence[Wanted],
    fingerprint: Fingerprint,
    ctx: Context,
    known: Mapping[str, Comparison] | None = None,
    jobs: int | None = None,
) -> Generator[Comparison]:
    """Yield a comparison a picture, in order; one that fails is an answer like the others.

    Args:
        wanted: which pictures.
        fingerprint: of the camera.
        ctx: receives progress, carries the wish to stop.
        known: SHA-256 of a picture -> what an earlier run found; not computed again.
        jobs: pictures side by side; by cores and free memory when None.

    Raises:
        Cancelled: the operator stopped it; what was yielded before holds.
    """
    side_by_side = at_once(fingerprint) if jobs is None else jobs
    pace = _Pace(len(wanted), ctx)
    with _Matching(fingerprint, dict(known or {}), side_by_side) as matching:
        for comparison in matching.compared(wanted, ctx):
            yield comparison
            ctx.report(pace.progress(comparison))


def answered(
    wanted: Wanted,
    trace: Trace,
    sha256: str | None,
    fingerprint: Fingerprint,
    size: tuple[int, int],
) -> Comparison:
    """Return what a trace of the method says, as a comparison.

    Args:
        wanted: the picture.
        trace: of `prnu.tracing`.
        sha256: of the bytes that were looked at.
        fingerprint: of the camera.
        size: (height, width) of the picture as stored, px.
    """
    finding = trace.finding
    pce = finding.value if isinstance(finding.value, (int, float)) else None
    made = Comparison(
        path=wanted.path,
        exhibit=wanted.exhibit,
        sha256=sha256,
        answer=CameraAnswer.NOT_SHOWN,
        pce=None if pce is None else float(pce),
        missing=finding.regions,
        reason=finding.reason,
    )
    if finding.status is Status.FAILED:
        return replace(made, answer=CameraAnswer.FAILED)
    if made.pce is None:
        return replace(made, answer=CameraAnswer.UNDECIDED)
    if made.pce >= prnu.THRESHOLD:
        return replace(made, answer=CameraAnswer.SHOWN, shift=prnu.shift_of(trace))
    if _seems_scaled(size, fingerprint):
        height, width = fingerprint.pattern.shape
        said = (
            f"The pattern was not found (PCE {made.pce:.1f}), and the picture ({size[1]} × "
            f"{size[0]} px) has the proportions of the fingerprint ({width} × {height} px) at a "
            "smaller size: it was scaled as it seems, which removes the pattern. Get the picture "
            "at the camera's own size."
        )
        return replace(made, answer=CameraAnswer.UNDECIDED, reason=said)
    return made


def _seems_scaled(size: tuple[int, int], fingerprint: Fingerprint) -> bool:
    """Return whether a picture is smaller than the fingerprint, with its proportions."""
    height, width = size
    whole_h, whole_w = (int(side) for side in fingerprint.pattern.shape)
    if height >= whole_h and width >= whole_w:
        return False
    return (
        abs(height - whole_h * width / whole_w) <= 1 or abs(width - whole_w * height / whole_h) <= 1
    )


class _Pace:
    """How far comparing is, and how long it still takes; pauses do not count."""

    def __init__(self, total: int, ctx: Context) -> None:
        self._total, self._ctx, self._began = total, ctx, time.monotonic()
        self._done = self._worked = self._failed = 0

    def progress(self, comparison: Comparison) -> Progress:
        """Count a comparison; what the log or the fingerprint had answered makes no pace."""
        self._done += 1
        self._failed += comparison.answer is CameraAnswer.FAILED
        self._worked += not comparison.earlier and comparison.answer is not CameraAnswer.BEHIND
        elapsed_s = time.monotonic() - self._began - self._ctx.paused_s
        known = self._worked >= PACE_PICTURES and elapsed_s > 0
        per_s = self._worked / elapsed_s if known else None
        return Progress(
            phase=PHASE,
            done=self._done,
            total=self._total,
            failed=self._failed,
            per_s=per_s,
            left_s=None if per_s is None else (self._total - self._done) / per_s,
        )


class _Matching:
    """Threads that compare, each with a decoding process while it needs one."""

    def __init__(
        self, fingerprint: Fingerprint, known: dict[str, Comparison], side_by_side: int
    ) -> None:
        self._fingerprint, self._known = fingerprint, known
        self._behind = frozenset(fingerprint.sources)
        self._tracing: Tracing | None = None
        self._crew = DecodingThreads(partial(Decoder, measure=measure), side_by_side, "matching")

    def __enter__(self) -> _Matching:
        return self

    def __exit__(self, *_: object) -> None:
        self._crew.close()

    def compared(self, wanted: Sequence[Wanted], ctx: Context) -> Iterator[Comparison]:
        """Yield comparisons in order, while others are in work."""
        ctx.report(Progress(phase=PHASE, done=0, total=len(wanted)))
        if not all(self._settled(each, each.sha256) for each in wanted):
            # Once for all: a third of the work on a picture.
            spectrum = prnu.spectrum_of(self._fingerprint)
            self._tracing = prnu.tracing(self._fingerprint, spectrum)
        coming = iter(wanted)
        waiting: deque[Future[Comparison]] = deque()
        with derived.one_opencv_thread():
            for each in islice(coming, self._crew.count * WAITING):
                waiting.append(self._crew.threads.submit(self._one, each))
            while waiting:
                done = result_of(waiting.popleft(), ctx)
                for each in islice(coming, 1):
                    waiting.append(self._crew.threads.submit(self._one, each))
                if done.sha256 is not None and done.answer is not CameraAnswer.FAILED:
                    self._known.setdefault(done.sha256, done)
                yield done

    def _one(self, wanted: Wanted) -> Comparison:
        settled = self._settled(wanted, wanted.sha256)
        if settled is not None:
            return settled
        if wanted.failure is not None:
            return _failed(wanted, wanted.failure.message)
        try:
            exhibit = self._crew.members.read(wanted.path)
        except InputError as error:
            return _failed(wanted, str(error))
        sha256 = str(exhibit.facts.sha256)
        if wanted.sha256 is not None and sha256 != wanted.sha256:
            return _failed(
                wanted, "The file was changed since it was taken in: check the case's exhibits."
            )
        settled = self._settled(wanted, sha256)
        if settled is not None:
            return settled
        try:
            return self._looked_at(wanted, exhibit, sha256)
        except InputError as error:
            return replace(_failed(wanted, str(error)), sha256=sha256)

    def _settled(self, wanted: Wanted, sha256: str | None) -> Comparison | None:
        """Return what needs no looking at the picture with these bytes; else None."""
        if sha256 is None:
            return None
        known = self._known.get(sha256)
        if known is not None:
            return _again(wanted, known)
        if sha256 not in self._behind:
            return None
        return Comparison(
            path=wanted.path,
            exhibit=wanted.exhibit,
            sha256=sha256,
            answer=CameraAnswer.BEHIND,
            reason="The fingerprint was made of this picture: it would show its own noise.",
        )

    def _looked_at(self, wanted: Wanted, exhibit: Exhibit, sha256: str) -> Comparison:
        with self._crew.decoder() as decoder:
            picture = derived.subject(decoder.inspected(exhibit))
        assert self._tracing is not None
        (trace,) = derived.run(picture, self._check, (self._tracing,))
        size = picture.height, picture.width
        return answered(wanted, trace, sha256, self._fingerprint, size)

    def _check(self) -> None:
        if self._crew.is_closing:
            raise Cancelled("The comparison was ended.")


def _again(wanted: Wanted, known: Comparison) -> Comparison:
    """Return an earlier answer for the same bytes, under this picture's name."""
    return replace(
        known,
        path=wanted.path,
        exhibit=wanted.exhibit,
        earlier=known.earlier or bool(known.compared_utc),
    )


def _failed(wanted: Wanted, reason: str) -> Comparison:
    return Comparison(
        path=wanted.path, exhibit=wanted.exhibit, answer=CameraAnswer.FAILED, reason=reason
    )

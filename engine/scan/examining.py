"""One file from its bytes to its examination."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import engine
from engine.errors import Cancelled, EngineError, InputError
from engine.images.decoder import Decoder
from engine.images.reading import Exhibit
from engine.job import Context, Examined, Progress, Started, Wording
from engine.report.stated import stated
from engine.scan.explaining import explained
from engine.scan.tracing import Trace, tracer
from engine.traces.inspection import findings
from engine.types import Examination, Failure, FileFacts, Finding, Image, Settings
from engine.vrm.examiner import BatchExaminer, Examiner, Reading, Shown
from engine.vrm.locality import combined

LOADING = "Loading the model"
"""What a scan or an examination tells of while it loads the model."""

IsDone = Callable[[FileFacts], bool]
"""Whether a file with these hashes needs no examination any more."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """A file that was read, and decoded where that was needed and possible."""

    facts: FileFacts
    image: Image | None = None
    """None when it failed, or when an earlier run has done it."""
    failure: Failure | None = None
    findings: tuple[Finding, ...] = ()
    """Facts of provenance and derived traces; none of them moves a verdict."""
    decode_ms: float = 0.0
    """Wall time of reading, hashing, decoding and inspecting."""
    traces_ms: float = 0.0
    """Wall time of derived traces."""
    shown: Shown | None = None
    """The picture as the model takes it, where that was made ready on the decoding thread."""
    elsewhere: bool = False
    """Whether it is to be decoded and examined on another machine: no picture is here."""

    @property
    def is_due(self) -> bool:
        """Whether it is to be examined in this run."""
        return self.image is not None or self.elsewhere


Read = Callable[[str], Exhibit]
"""Reads an exhibit once, with its hashes; raises InputError."""


def prepare(
    path: str,
    decoder: Decoder,
    is_done: IsDone | None = None,
    trace: Trace | None = None,
    read: Read | None = None,
) -> Prepared:
    """Read, hash and decode a file, and look for traces where asked to.

    Args:
        path: the file.
        decoder: not in use by another thread, made by `make_decoder`.
        is_done: when it says yes to the hashes, decoding is left out.
        trace: computes derived traces; None leaves them out.
        read: reads the file; None lets the decoder do it.

    Raises:
        Cancelled: the decoder was aborted, or the operator stopped the work.
    """
    began = time.perf_counter()
    facts = FileFacts(path=path)
    try:
        exhibit = (read or decoder.read)(path)
        facts = exhibit.facts
        if is_done is not None and is_done(facts):
            return Prepared(facts=facts)
        inspected = decoder.inspected(exhibit)
    except InputError as error:
        return Prepared(facts=facts, failure=_failure(error), decode_ms=_ms_since(began))
    observed = findings(inspected, exhibit.data)
    decode_ms, began = _ms_since(began), time.perf_counter()
    derived = () if trace is None else trace(inspected)
    return Prepared(
        facts=inspected.image.facts,
        image=inspected.image,
        findings=(*observed, *derived),
        decode_ms=decode_ms,
        traces_ms=0.0 if trace is None else _ms_since(began),
    )


def judge(prepared: Prepared, examiner: Examiner, settings: Settings, ctx: Context) -> Examination:
    """Let the model examine a prepared file; a known failure becomes part of the result.

    Args:
        prepared: a file that is not done yet.
        examiner: the loaded model.
        settings: what to ask.
        ctx: receives `Started` and `Wording`, carries the wish to stop.

    Raises:
        Cancelled: the operator stopped the work.
    """
    path = prepared.facts.path
    began, paused_s = time.perf_counter(), ctx.paused_s
    ctx.report(Started(path=path))
    reading: Reading | EngineError | None = None
    if prepared.image is not None:
        try:
            seen = examiner.examine(
                prepared.image,
                explain=settings.explain,
                on_text=lambda text: ctx.report(Wording(path=path, text=text)),
                check=ctx.check,
            )
            reading = _explained(prepared, seen, ctx)
        except Cancelled:
            raise
        except EngineError as error:
            reading = error
    judged_ms = _ms_since(began + ctx.paused_s - paused_s)
    return _examination(prepared, reading, examiner, settings, judged_ms)


def judge_batch(
    batch: Sequence[Prepared], examiner: BatchExaminer, settings: Settings, ctx: Context
) -> list[Examination]:
    """Let a model examine several prepared files in one run; see `judge`.

    Each file's time is its share of the run.

    Raises:
        Cancelled: the operator stopped the work.
    """
    began, paused_s = time.perf_counter(), ctx.paused_s
    for item in batch:
        ctx.report(Started(path=item.facts.path))
    decoded = [item for item in batch if item.image is not None]

    def tell(index: int, text: str) -> None:
        ctx.report(Wording(path=decoded[index].facts.path, text=text))

    readings: Sequence[Reading | EngineError]
    try:
        readings = examiner.examine_many(
            [item.image for item in decoded if item.image is not None],
            [item.shown for item in decoded],
            explain=settings.explain,
            on_text=tell,
            check=ctx.check,
        )
    except Cancelled:
        raise
    except EngineError as error:
        readings = [error] * len(decoded)
    answers = iter([_explained(*pair, ctx) for pair in zip(decoded, readings, strict=True)])
    judged_ms = _ms_since(began + ctx.paused_s - paused_s) / len(batch)
    return [
        _examination(
            item, None if item.image is None else next(answers), examiner, settings, judged_ms
        )
        for item in batch
    ]


def _explained(
    prepared: Prepared, reading: Reading | EngineError, ctx: Context
) -> Reading | EngineError:
    """Return a reading with its explanation; what is no reading stays as it is."""
    if prepared.image is None or isinstance(reading, EngineError):
        return reading
    path = prepared.facts.path
    height, width = prepared.image.pixels.shape[:2]
    return explained(
        replace(reading, locality=combined(reading.locality, prepared.findings)),
        prepared.findings,
        (height, width),
        on_text=lambda text: ctx.report(Wording(path=path, text=text)),
        check=ctx.check,
    )


def _examination(
    prepared: Prepared,
    reading: Reading | EngineError | None,
    examiner: Examiner,
    settings: Settings,
    judged_ms: float,
) -> Examination:
    """Join a file, what the model said of it, and the circumstances."""
    failure = _failure(reading) if isinstance(reading, EngineError) else prepared.failure
    examination = Examination(
        facts=prepared.facts,
        failure=failure,
        model=examiner.info if prepared.image is not None else None,
        notes=prepared.image.notes if prepared.image is not None else (),
        examined_utc=datetime.now(UTC).isoformat(timespec="milliseconds"),
        tool_version=engine.__version__,
        settings=settings,
        findings=prepared.findings,
    )
    if isinstance(reading, Reading):
        examination = _with_reading(examination, reading)
    elapsed = replace(
        examination.elapsed,
        decode=prepared.decode_ms,
        total=round(prepared.decode_ms + prepared.traces_ms + judged_ms, 3),
    )
    return replace(examination, elapsed=elapsed)


def failed(prepared: Prepared, settings: Settings) -> Examination:
    """Return the result of a file that could not be read.

    Args:
        prepared: with its failure.
        settings: what was asked.
    """
    return Examination(
        facts=prepared.facts,
        failure=prepared.failure,
        examined_utc=datetime.now(UTC).isoformat(timespec="milliseconds"),
        tool_version=engine.__version__,
        settings=settings,
    )


def examine_file(
    path: str,
    load: Callable[[], Examiner],
    decoder: Decoder,
    settings: Settings,
    ctx: Context,
) -> Examination:
    """Examine one file; its heat map stays in memory.

    Args:
        path: the file.
        load: gives the model; not called for a file that cannot be read.
        decoder: not in use by another thread.
        settings: what to ask.
        ctx: receives the events, carries the wish to stop.

    Raises:
        ModelError: the model cannot be loaded.
        Cancelled: the operator stopped the work.
    """
    ctx.check()
    prepared = prepare(path, decoder, trace=tracer(ctx.check) if settings.traces else None)
    if prepared.failure is not None:
        examination = failed(prepared, settings)
    else:
        ctx.report(Progress(phase=LOADING, done=0, total=None))
        examination = judge(prepared, load(), settings, ctx)
    ctx.report(Examined(examination=examination))
    return examination


def _with_reading(examination: Examination, reading: Reading) -> Examination:
    found = (*examination.findings, *reading.findings)
    return replace(
        examination,
        statement=stated(found, reading.verdict, reading.locality),
        locality=reading.locality,
        explanation_kind=reading.explanation_kind,
        verdict=reading.verdict,
        condition=reading.condition,
        explanation=reading.explanation,
        dropped_sentences=reading.dropped_sentences,
        findings=found,
        heatmap=reading.heatmap,
        cell_px=reading.heatmap.cell_px,
        elapsed=reading.elapsed,
    )


def _failure(error: EngineError) -> Failure:
    return Failure(kind=error.kind, message=str(error))


def _ms_since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 3)

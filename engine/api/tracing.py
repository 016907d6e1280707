"""Derived traces of one picture, computed on demand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.job import Context, Progress

if TYPE_CHECKING:
    from engine.trace_types import Trace, Tracer
    from engine.traces.tracing import Tracing


def tracers() -> tuple[Tracer, ...]:
    """Return the methods of derived traces, in order: names, papers, parameters, limits."""
    from engine.traces.derived import TRACERS

    return tuple(tracing.described for tracing in TRACERS)


def trace(path: str, names: Sequence[str] | None, ctx: Context) -> tuple[Trace, ...]:
    """Compute derived traces of a file: the same file gives the same traces.

    Args:
        path: the file.
        names: which methods, such as ``("trace.ela",)``; None for all.
        ctx: receives `Progress` before each method, carries the wish to stop.

    Returns:
        One trace a method, in the order of `tracers`. A method that failed, or has nothing to
        look at, says so in its finding.

    Raises:
        InputError: the file cannot be read or decoded, or there is no such method.
        Cancelled: the operator stopped it.
    """
    from engine.images.decoder import Decoder
    from engine.traces import derived
    from engine.traces.coefficients import measure

    chosen = derived.named(names)
    ctx.report(Progress(phase="Decoding", done=0, total=None))
    with Decoder(measure=measure) as decoder:
        picture = derived.subject(decoder.inspected(decoder.read(path)))

    def tell(done: int, tracing: Tracing) -> None:
        ctx.report(Progress(phase=tracing.title, done=done, total=len(chosen)))

    return derived.run(picture, ctx.check, chosen, before=tell)


def write_traces(traces: Sequence[Trace], folder: Path) -> tuple[Path, ...]:
    """Write maps and views as PNG, curves as CSV and SVG; return the files.

    Args:
        traces: as `trace` returned them.
        folder: made if missing; files of the same name are replaced.

    Raises:
        StoreError: a file cannot be written.
    """
    from engine.exports import traces as exports

    return exports.write_traces(traces, folder)


def traces_to_json(traces: Sequence[Trace]) -> str:
    """Return traces as one JSON array; curves with their points, maps by their size."""
    from engine.exports.traces import to_record

    return json.dumps([to_record(each) for each in traces], indent=2, allow_nan=False)


def bench_traces(megapixels: float, ctx: Context) -> dict[str, Any]:
    """Measure each method of derived traces on a made picture; see `engine.scan.bench_traces`.

    Args:
        megapixels: size of the picture, 0.1 to 60.
        ctx: receives progress, carries the wish to stop.

    Raises:
        InputError: the size is out of range.
        Cancelled: the operator stopped it.
    """
    from engine.scan.bench_traces import run_bench

    return asdict(run_bench(megapixels, ctx))

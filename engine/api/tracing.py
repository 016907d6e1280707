"""Derived traces of one picture, computed on demand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.job import Context, Progress

if TYPE_CHECKING:
    from engine.traces.tracing import Tracing
    from engine.types import Trace, Tracer


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
    from engine.images.reading import read_exhibit
    from engine.traces import derived
    from engine.traces.coefficients import measure

    chosen = derived.named(names)
    ctx.report(Progress(phase="Decoding", done=0, total=None))
    with Decoder(measure=measure) as decoder:
        picture = derived.subject(decoder.inspected(read_exhibit(path)))

    def tell(done: int, tracing: Tracing) -> None:
        ctx.report(Progress(phase=tracing.title, done=done, total=len(chosen)))

    return derived.run(picture, ctx.check, chosen, before=tell)

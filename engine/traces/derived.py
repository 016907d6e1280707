"""Derived traces: methods that compute on samples and coefficients, and one way to run them.

Everything here can be recomputed from the file: maps are not stored by a scan. Nothing here
sees a model or changes what one says.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import cv2
import numpy as np

from engine.errors import InputError
from engine.images.decoder import Inspected
from engine.trace_types import Trace
from engine.traces import (
    bit_planes,
    cfa,
    components,
    contrast,
    copy_move,
    dq,
    dq_shifted,
    edited,
    ela,
    ghosts,
    gradient,
    grid,
    lattice,
    median_filtering,
    noise,
    resampling,
    residual,
    spectrum,
)
from engine.traces.coefficients import parse
from engine.traces.made import quoted
from engine.traces.subject import Check, Subject
from engine.traces.tracing import Tracing
from engine.traces.turning import upright, upright_region
from engine.types import HeatMap

TRACERS: tuple[Tracing, ...] = (
    edited.TRACING,
    ela.TRACING,
    ghosts.TRACING,
    dq.TRACING,
    dq_shifted.TRACING,
    lattice.TRACING,
    grid.TRACING,
    noise.TRACING,
    residual.TRACING,
    cfa.TRACING,
    spectrum.TRACING,
    resampling.TRACING,
    median_filtering.TRACING,
    contrast.TRACING,
    copy_move.TRACING,
    gradient.TRACING,
    components.TRACING,
    bit_planes.TRACING,
)
"""The one list, in the order in which findings are told."""

LIMIT_S = 60.0
"""Longest time one method may take on one picture: far more than any needs, so that a slow
machine finds the same as a fast one."""

MAX_PIXELS = 60_000_000
"""Pictures above are not traced: memory grows with the picture, and a method holds it several
times."""

SIDE_BY_SIDE = 2
"""Methods at the same time: more would need more memory than two cores have use for."""

TRACE_ERRORS = (
    ValueError,
    TypeError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RuntimeError,
    AssertionError,
    MemoryError,
    cv2.error,
)
"""What numerical code raises on a picture nobody thought of."""


class _TooLong(Exception):
    """A method has used up its time."""


def subject(inspected: Inspected) -> Subject:
    """Return what methods look at, from what the decoding child brought back.

    Args:
        inspected: by a decoder made with ``measure=coefficients.measure``.
    """
    pixels = inspected.image.pixels
    if inspected.measured is None:
        return Subject(pixels, no_jpeg=inspected.unmeasured or "No coefficients were read.")
    found = parse(inspected.measured, (pixels.shape[0], pixels.shape[1]))
    if isinstance(found, str):
        return Subject(pixels, no_jpeg=found)
    return Subject(pixels, found)


def named(names: Sequence[str] | None) -> tuple[Tracing, ...]:
    """Return methods by name, in the order of the list; all of them for None.

    Args:
        names: such as ``("trace.ela",)``; the prefix ``trace.`` may be left out.

    Raises:
        InputError: there is no such method.
    """
    if names is None:
        return TRACERS
    known = {tracing.method.name: tracing for tracing in TRACERS}
    wanted = {name if name in known else f"trace.{name}" for name in names}
    unknown = sorted(wanted - known.keys())
    if unknown:
        raise InputError(
            f"There is no method {unknown[0].removeprefix('trace.')!r}; "
            f"choose of: {', '.join(name.removeprefix('trace.') for name in known)}."
        )
    return tuple(tracing for tracing in TRACERS if tracing.method.name in wanted)


def run(
    picture: Subject,
    check: Check,
    tracers: Sequence[Tracing] | None = None,
    *,
    limit_s: float = LIMIT_S,
    before: Callable[[int, Tracing], None] = lambda _done, _tracing: None,
) -> tuple[Trace, ...]:
    """Run methods on a picture; one that fails becomes a finding, and the others go on.

    Args:
        picture: what to look at.
        check: raises when the operator wants to stop.
        tracers: which methods; None for all.
        limit_s: longest time of one method.
        before: called, on this thread, when a method is the next to be waited for, with how many
            are done.

    Returns:
        One trace a method, in order, upright, with ids ``T1``, ``T2``, ...

    Raises:
        Cancelled: the check said so.
    """
    chosen = TRACERS if tracers is None else tracers
    made = []
    with one_opencv_thread(), ThreadPoolExecutor(SIDE_BY_SIDE, "tracing") as threads:
        coming = [threads.submit(_attempt, each, picture, check, limit_s) for each in chosen]
        try:
            for done, (tracing, future) in enumerate(zip(chosen, coming, strict=True)):
                before(done, tracing)
                trace = future.result()
                made.append(replace(trace, finding=replace(trace.finding, id=f"T{done + 1}")))
        except BaseException:
            # Those that run hear of it by their own check; the others never begin.
            threads.shutdown(wait=True, cancel_futures=True)
            raise
    return tuple(made)


@contextmanager
def one_opencv_thread() -> Iterator[None]:
    """Keep OpenCV from parting each small step among threads that wait for each other."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(threads)


def _attempt(tracing: Tracing, picture: Subject, check: Check, limit_s: float) -> Trace:
    check()
    began = time.perf_counter()

    def watched() -> None:
        check()
        if time.perf_counter() - began > limit_s:
            raise _TooLong

    failed, unavailable = tracing.method.failed, tracing.method.not_available
    try:
        if picture.height * picture.width > MAX_PIXELS:
            trace = Trace(
                finding=unavailable(
                    f"The picture has {picture.height * picture.width / 1e6:.0f} megapixels; up "
                    f"to {MAX_PIXELS / 1e6:.0f} are traced. Examine a part of it."
                )
            )
        else:
            trace = _upright(tracing.find(picture, watched), picture)
    except _TooLong:
        trace = Trace(finding=failed(f"It took longer than {limit_s:g} s and was ended."))
    except TRACE_ERRORS as error:
        said = quoted(str(error)) or type(error).__name__
        trace = Trace(finding=failed(f"The method stopped: {said}."))
    return replace(
        trace,
        parameters=(*tracing.parameters, *trace.parameters),
        elapsed_ms=round((time.perf_counter() - began) * 1000, 3),
    )


def _upright(trace: Trace, picture: Subject) -> Trace:
    orientation = picture.orientation
    if orientation == 1:
        return trace
    size = (orientation, picture.height, picture.width)
    boxes = tuple(upright_region(region, *size) for region in trace.finding.regions)
    view = trace.picture
    if view is not None:
        view = np.ascontiguousarray(upright(view, orientation))
        view.setflags(write=False)
    return replace(
        trace,
        finding=replace(trace.finding, regions=boxes),
        heatmap=None if trace.heatmap is None else _upright_map(trace.heatmap, orientation),
        picture=view,
    )


def _upright_map(heatmap: HeatMap, orientation: int) -> HeatMap:
    height, width = heatmap.cell_px
    return replace(
        heatmap,
        cells=upright(heatmap.cells, orientation),
        valid=upright(heatmap.valid, orientation),
        cell_px=(width, height) if orientation >= 5 else (height, width),
    )

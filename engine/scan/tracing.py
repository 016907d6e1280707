"""Derived traces as part of an examination: their findings; maps are computed again on demand."""

from __future__ import annotations

from collections.abc import Callable

from engine.images.decoder import Decoder, Inspected
from engine.traces import derived
from engine.traces.coefficients import measure
from engine.traces.inspection import inspect
from engine.traces.subject import Check
from engine.types import Finding

Trace = Callable[[Inspected], tuple[Finding, ...]]
"""Looks for traces in what a decoder brought back."""


def make_decoder(*, traces: bool) -> Decoder:
    """Return a decoder that reads provenance and, for derived traces, coefficients.

    Args:
        traces: whether `tracer` is going to look at what it decodes.
    """
    return Decoder(inspect=inspect, measure=measure if traces else None)


def tracer(check: Check) -> Trace:
    """Return what finds derived traces, with all methods.

    Args:
        check: raises when the operator wants to stop.
    """

    def trace(inspected: Inspected) -> tuple[Finding, ...]:
        return tuple(each.finding for each in derived.run(derived.subject(inspected), check))

    return trace

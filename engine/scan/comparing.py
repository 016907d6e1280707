"""An examination beside the same one made again: what differs, and whether that is accepted.

The same weights, settings and bytes give the same numbers only on the same device with the
same number of threads: sums of floating-point numbers depend on their order, and in bfloat16
(8 bits of precision) a sum that falls on the other side of a rounding step moves what follows
from it. The tolerances say how far that may go.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.case_types import Difference
from engine.types import Examination, Finding, HeatMap, Status, Verdict

STORED_STEP = 0.5 / 255
"""A stored heat map is rounded to 8 bits."""


DERIVED_SHARE, DERIVED_LEAST = 0.01, 0.02
"""Derived values are rounded to two places and come from sums whose order depends on the
processor. Chosen, not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How far values may lie apart and still count as the same result."""

    p_ai: float
    """Calibrated probability, absolute."""
    log_odds: float
    """Each read-out, absolute."""
    heat: float
    """Each cell of the heat map, absolute, besides the rounding of the stored one."""


_EXACT = Tolerance(p_ai=0.001, log_odds=0.01, heat=0.005)
_ROUNDED = Tolerance(p_ai=0.02, log_odds=0.5, heat=0.05)

TOLERANCES = {"float32": _EXACT}
"""By number type of the stored examination. float32 rounds at 6e-8 of a value, so the order of
sums shows far behind the point; the rest leaves room for other processors. Chosen, not measured."""


def tolerance_for(dtype: str) -> Tolerance:
    """Return how far results may lie apart that were computed in a number type.

    In bfloat16 a logit between 16 and 32 has steps of .125, and a log-odds is the difference of
    two. The 19 samples examined with 2 threads and again with 1 lay apart by at most .25 in
    log-odds, .006 in probability and .012 in a cell of the map (`case recheck`, mini, Xeon with
    AMX); twice to four times that is allowed. Whole numbers of 8 bits (triage) get the same,
    which was not measured.

    Args:
        dtype: such as ``"float32"``, ``"bfloat16"`` or ``"int8"``.
    """
    return TOLERANCES.get(dtype, _ROUNDED)


def compare(
    before: Examination,
    now: Examination,
    heat_before: HeatMap | None,
    tolerance: Tolerance,
) -> tuple[Difference, ...]:
    """Compare a stored examination with the same one made again.

    Args:
        before: as stored.
        now: as made again, with its heat map in memory.
        heat_before: the stored heat map.
        tolerance: how far numbers may lie apart.

    Returns:
        Every value that was compared: verdict, probability, read-outs, heat map, findings and
        generated text.
    """
    return (
        *_verdict(before, now, tolerance),
        _heat(heat_before, now.heatmap, tolerance),
        *_findings(before, now, tolerance),
        _same("explanation", _text(before), _text(now)),
    )


def _verdict(before: Examination, now: Examination, tolerance: Tolerance) -> Iterator[Difference]:
    old, new = before.verdict, now.verdict
    if old is None or new is None:
        yield _same("verdict", _outcome(old), _outcome(new))
        return
    yield _same("verdict", _outcome(old), _outcome(new))
    yield _near("p_ai", old.p_ai, new.p_ai, tolerance.p_ai)
    for name in ("both", "semantic", "artifact"):
        first, second = getattr(old.read_outs, name), getattr(new.read_outs, name)
        yield _near(f"read_outs.{name}", first, second, tolerance.log_odds)


def _heat(before: HeatMap | None, now: HeatMap | None, tolerance: Tolerance) -> Difference:
    if before is None or now is None or before.cells.shape != now.cells.shape:
        return _same("heat map", _shape(before), _shape(now))
    both = before.valid & now.valid
    apart = np.abs(before.cells - now.cells)[both]
    largest = float(apart.max()) if apart.size else 0.0
    judged = int(np.count_nonzero(before.valid != now.valid))
    allowed = tolerance.heat + STORED_STEP
    return Difference(
        name="heat map",
        before=f"{before.cells.shape[0]} x {before.cells.shape[1]} cells",
        now=f"{now.cells.shape[0]} x {now.cells.shape[1]} cells",
        difference=largest if judged == 0 else math.inf,
        allowed=allowed,
        within=judged == 0 and largest <= allowed,
    )


def _findings(before: Examination, now: Examination, tolerance: Tolerance) -> Iterator[Difference]:
    new = {(each.analyser, each.id): each for each in now.findings}
    for old in before.findings:
        yield _finding(old, new.pop((old.analyser, old.id), None), tolerance)
    for added in new.values():
        yield _same(f"finding {added.analyser}", None, str(added.value))


def _finding(old: Finding, new: Finding | None, tolerance: Tolerance) -> Difference:
    name = f"finding {old.analyser}"
    if new is None:
        return _same(name, str(old.value), None)
    number = isinstance(old.value, float | int) and isinstance(new.value, float | int)
    if number and old.status is Status.DERIVED and old.status is new.status:
        was, now = float(old.value or 0), float(new.value or 0)
        return _near(name, was, now, DERIVED_LEAST + DERIVED_SHARE * abs(was))
    if number and old.status is Status.INFERRED and old.status is new.status:
        return _near(name, float(old.value or 0), float(new.value or 0), tolerance.log_odds)
    return _same(name, f"{old.status} {old.value}", f"{new.status} {new.value}")


def _near(name: str, before: float | None, now: float | None, allowed: float) -> Difference:
    if before is None or now is None:
        return _same(name, before and repr(before), now and repr(now))
    apart = abs(before - now)
    return Difference(
        name=name,
        before=f"{before:.6g}",
        now=f"{now:.6g}",
        difference=apart,
        allowed=allowed,
        within=apart <= allowed,
    )


def _same(name: str, before: str | float | None, now: str | float | None) -> Difference:
    return Difference(
        name=name,
        before="none" if before is None else str(before),
        now="none" if now is None else str(now),
        difference=None,
        allowed=None,
        within=before == now,
    )


def _outcome(verdict: Verdict | None) -> str | None:
    return None if verdict is None else str(verdict.outcome)


def _text(examination: Examination) -> str:
    return " ".join(sentence.text for sentence in examination.explanation)


def _shape(heat: HeatMap | None) -> str | None:
    return None if heat is None else f"{heat.cells.shape[0]} x {heat.cells.shape[1]} cells"

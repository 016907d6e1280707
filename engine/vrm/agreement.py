"""The same answers everywhere: how far precisions, devices and sizes of batch may differ.

A model gives the same answer wherever it runs, up to rounding. How much rounding can explain is
stated here, and `residua bench --agreement` and `residua golden` print what is measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch

from engine.vrm.examiner import Reading

FLOAT32_LOGITS = 1e-4
"""Largest difference of a logit between two ways of one computation in float32.

A sum rounds to 2^-24 of its size; a logit of a tiny checkpoint is of size 1 and passes some
hundred sums, in another order on another device or in another batch: 1e-6 to 1e-5. Measured on
the golden checkpoint, batch 1 against 32: 1.4e-6.
"""

BFLOAT16_LOGITS = 0.1
"""Largest difference of a logit of the golden checkpoint in bfloat16, or between its batches.

Each of the two additions of a layer rounds the stream of states to 2^-9 of its size; over the 20
layers that adds up to sqrt(40) x 2^-9 = .012 of a logit's spread (.65), and the largest of ten
thousand logits lies four to five times as far out, .04. Twice that is allowed. Measured: .048
against float32, .032 between batch 1 and 32.
"""

FLOAT32_LOG_ODDS = 1e-3
"""Largest difference of a picture's log-odds between two ways in float32.

Ten times `FLOAT32_LOGITS`: logits of real checkpoints are ten to thirty in size.
"""

BFLOAT16_LOG_ODDS = 1.0
"""Largest difference of a picture's log-odds when either side is bfloat16.

A logit between 16 and 32 is kept in steps of 1/8 there, and a read-out is the difference of two of
them: rounding the answer alone moves it by two steps, and what was rounded in the towers and some
thirty layers before by a few more. Eight are allowed. Measured on the mini with the sample
pictures: .56.
"""

FLOAT32_P, BFLOAT16_P = 1e-3, 0.1
"""Largest difference of a probability, in float32 and when either side is bfloat16.

A probability follows a log-odds by at most a quarter of its slope; the mini's calibration has a
slope of about one half. Measured there: .065, at p = .3.
"""

READ_OUTS = ("both", "semantic", "artifact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """Largest differences that rounding explains."""

    log_odds: float
    p_ai: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How far two ways to the same answers lie apart."""

    what: str
    """The two ways, in words."""
    answers: int
    """How many pictures were compared."""
    log_odds: Mapping[str, float]
    """Largest difference of each read-out."""
    p_ai: float | None
    """Largest difference of the probability; None where none was formed."""
    outcomes_changed: int | None
    """Pictures whose outcome differs; None where none was formed."""
    tolerance: Tolerance
    """What rounding explains."""
    within: bool
    """Whether neither a read-out nor a probability differs by more."""


def tolerance(*dtypes: str) -> Tolerance:
    """Return the largest differences that rounding explains.

    Args:
        dtypes: of both sides, such as ``"float32"``.
    """
    if all(dtype == "float32" for dtype in dtypes):
        return Tolerance(log_odds=FLOAT32_LOG_ODDS, p_ai=FLOAT32_P)
    return Tolerance(log_odds=BFLOAT16_LOG_ODDS, p_ai=BFLOAT16_P)


def logits_tolerance(dtype: torch.dtype) -> float:
    """Return the largest difference of a golden logit that rounding explains."""
    return FLOAT32_LOGITS if dtype is torch.float32 else BFLOAT16_LOGITS


def compared(
    what: str, first: Sequence[Reading], second: Sequence[Reading], allowed: Tolerance
) -> Difference:
    """Return how far two readings of the same pictures lie apart.

    Args:
        what: the two ways, in words.
        first: one a picture.
        second: as many, in the same order.
        allowed: the largest differences.
    """
    sides = [[_odds(reading) for reading in side] for side in (first, second)]
    pairs = list(zip(first, second, strict=True))
    bare = odds_compared(what, sides[0], sides[1], allowed)
    p = max(abs(a.verdict.p_ai - b.verdict.p_ai) for a, b in pairs)
    return replace(
        bare,
        p_ai=round(p, 6),
        outcomes_changed=sum(a.verdict.outcome != b.verdict.outcome for a, b in pairs),
        within=bare.within and p <= allowed.p_ai,
    )


def odds_compared(
    what: str,
    first: Sequence[Mapping[str, float]],
    second: Sequence[Mapping[str, float]],
    allowed: Tolerance,
) -> Difference:
    """Return how far log-odds lie apart, where no verdict was formed of them.

    Args:
        what: the two ways, in words.
        first: read-outs of each picture.
        second: as many, in the same order.
        allowed: the largest differences.
    """
    pairs = list(zip(first, second, strict=True))
    largest = {name: max(abs(a[name] - b[name]) for a, b in pairs) for name in first[0]}
    return Difference(
        what=what,
        answers=len(pairs),
        log_odds={name: round(value, 7) for name, value in largest.items()},
        p_ai=None,
        outcomes_changed=None,
        tolerance=allowed,
        within=all(value <= allowed.log_odds for value in largest.values()),
    )


def _odds(reading: Reading) -> dict[str, float]:
    found = {name: getattr(reading.verdict.read_outs, name) for name in READ_OUTS}
    return {name: value for name, value in found.items() if value is not None}

"""What the summary of a scan counts, one small value a file, so that 100,000 fit in memory."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.traces.made import NONE
from engine.types import Examination, Extent, Outcome, Status

NAMING = ("generator.", "label.")
"""Analysers whose findings name what made a picture."""

CONFLICT = "conflict."
"""Analysers that find facts which contradict each other."""

BINS = 20
"""Bars of the histogram of probabilities."""

QUALITIES = ((0, 65), (65, 75), (75, 85), (85, 95), (95, 101))
"""JPEG qualities, lower end in, upper end out; below 65 error rates were not measured."""

MEGAPIXELS = ((0.0, 0.5), (0.5, 2.0), (2.0, 8.0), (8.0, 16.0), (16.0, 50.0), (50.0, 1e9))
"""Sizes, lower end in, upper end out; above 50 error rates were not measured."""

Counts = dict[Outcome, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One file of a scan."""

    path: str
    sha256: str | None
    outcome: Outcome | None
    """None when it was not examined."""
    p_ai: float
    in_range: bool
    quality: int | None
    megapixels: float
    generator: str
    """What the metadata name as the maker; empty when they name none."""
    conflicts: int
    """Facts that contradict each other."""
    edited: bool
    """Whether a trace with measured error rates says that a part was edited."""
    failure: tuple[str, str] | None
    """(kind, message) when it was not examined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How many files of each band have something in common."""

    label: str
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """Which model made the results, and how."""

    model: str
    sha256: str
    device: str
    mode: str
    """In words."""


def lines(examinations: Iterable[Examination]) -> tuple[list[Line], list[Scanned]]:
    """Return one line a file, of its newest examination, and what made them.

    Args:
        examinations: in the order they were written; a later one of a file takes its place.
    """
    found: dict[str, Line] = {}
    made: dict[Scanned, None] = {}
    for each in examinations:
        key = os.path.abspath(each.facts.path)  # noqa: PTH100 - links must stay as they are
        found[key] = _line(each)
        if each.model is not None and each.settings is not None:
            made[_scanned(each)] = None
    return list(found.values()), sorted(made, key=lambda s: (s.model, s.sha256, s.mode))


def by_probability(found: Sequence[Line]) -> list[Bar]:
    """Return how probabilities lie, in `BINS` steps from 0 to 1."""
    bars = [_none() for _ in range(BINS)]
    for line in found:
        if line.outcome is not None:
            bars[min(BINS - 1, int(line.p_ai * BINS))][line.outcome] += 1
    return [Bar(label=f"{i / BINS:.2f}", counts=counts) for i, counts in enumerate(bars)]


def by_quality(found: Sequence[Line]) -> list[Bar]:
    """Return how JPEG qualities lie, and the formats without."""
    bars = []
    for low, high in QUALITIES:
        inside = [x for x in found if x.quality is not None and low <= x.quality < high]
        label = f"below {high}" if low == 0 else f"{low} and up" if high > 100 else f"{low}–{high}"
        bars.append(_bar(label, inside))
    return [*bars, _bar("no JPEG", [x for x in found if x.quality is None])]


def by_size(found: Sequence[Line]) -> list[Bar]:
    """Return how sizes lie, in megapixels."""
    bars = []
    for low, high in MEGAPIXELS:
        inside = [x for x in found if low <= x.megapixels < high]
        label = (
            f"below {high:g}"
            if low == 0
            else f"over {low:g}"
            if high > 1e6
            else f"{low:g}–{high:g}"
        )
        bars.append(_bar(label, inside))
    return bars


def by_range(found: Sequence[Line]) -> list[Bar]:
    """Return how many lie where error rates were measured, and how many outside."""
    return [
        _bar("inside the measured range", [x for x in found if x.in_range]),
        _bar("outside it", [x for x in found if not x.in_range]),
    ]


def bands(found: Sequence[Line]) -> Counts:
    """Return how many files are in each band."""
    return _bar("", found).counts


def copies(found: Sequence[Line]) -> int:
    """Return how many files have the bytes of another one that is counted already."""
    known = [line.sha256 for line in found if line.sha256 is not None]
    return len(known) - len(set(known))


def failures(found: Sequence[Line]) -> list[tuple[str, int]]:
    """Return (kind, count) of what was not examined, the most frequent first."""
    kinds = Counter(line.failure[0] for line in found if line.failure is not None)
    return sorted(kinds.items(), key=lambda item: (-item[1], item[0]))


def likely_ai(found: Sequence[Line]) -> list[Line]:
    """Return what is likely AI, the highest probability first."""
    return _highest(x for x in found if x.outcome is Outcome.AI)


def edited_in_part(found: Sequence[Line]) -> list[Line]:
    """Return what was edited in part, whatever the verdict, the highest probability first."""
    return _highest(x for x in found if x.edited)


def inconclusive(found: Sequence[Line]) -> list[Line]:
    """Return what is inconclusive, the highest probability first."""
    return _highest(x for x in found if x.outcome is Outcome.INCONCLUSIVE)


def told_by_metadata(found: Sequence[Line]) -> list[Line]:
    """Return files whose metadata name a generator or contradict each other."""
    told = [x for x in found if x.generator or x.conflicts]
    return sorted(told, key=lambda x: (not x.generator, -x.conflicts, -x.p_ai, x.path))


def _highest(found: Iterable[Line]) -> list[Line]:
    return sorted(found, key=lambda line: (-line.p_ai, line.path))


def _bar(label: str, found: Iterable[Line]) -> Bar:
    counts = _none()
    for line in found:
        if line.outcome is not None:
            counts[line.outcome] += 1
    return Bar(label=label, counts=counts)


def _none() -> Counts:
    return {Outcome.REAL: 0, Outcome.INCONCLUSIVE: 0, Outcome.AI: 0}


def _line(each: Examination) -> Line:
    verdict, condition, failure = each.verdict, each.condition, each.failure
    return Line(
        path=each.facts.path,
        sha256=each.facts.sha256,
        outcome=None if verdict is None else verdict.outcome,
        p_ai=0.0 if verdict is None else verdict.p_ai,
        in_range=verdict is not None and verdict.in_validated_range,
        quality=None if condition is None else condition.jpeg_quality,
        megapixels=0.0 if condition is None else condition.megapixels,
        generator=_generator(each),
        conflicts=sum(
            finding.analyser.startswith(CONFLICT) and finding.value != NONE
            for finding in each.findings
            if finding.status in (Status.OBSERVED, Status.DERIVED)
        ),
        edited=each.locality is not None and each.locality.extent is Extent.LOCAL,
        failure=None if failure is None else (failure.kind, failure.message),
    )


def _generator(each: Examination) -> str:
    for finding in each.findings:
        if (
            finding.analyser.startswith(NAMING)
            and finding.status is Status.OBSERVED
            and isinstance(finding.value, str)
            and finding.value != NONE
        ):
            return finding.value
    return ""


def _scanned(each: Examination) -> Scanned:
    model, settings = each.model, each.settings
    if model is None or settings is None:
        raise ValueError("Nothing was computed.")
    mode = (
        "fast path, without the language model"
        if settings.triage
        else "with explanation"
        if settings.explain
        else "verdict and heat map"
    )
    return Scanned(model=model.name, sha256=model.sha256, device=model.device, mode=mode)

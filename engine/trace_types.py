"""The values of derived traces that cross the engine's door."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.types import Finding, HeatMap, Region


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """A function that a trace is read from, to be drawn."""

    x: NDArray[np.float64]
    """[n], rising, read-only."""
    y: NDArray[np.float64]
    """[n], read-only."""
    x_label: str
    """What x is, with its unit, such as ``"frequency, cycles per pixel"``."""
    y_label: str
    """What y is, with its unit."""
    marks: tuple[float, ...] = ()
    """Positions on x that the finding speaks of."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """What one method of derived traces says of a picture, and what it looks like."""

    finding: Finding
    """DERIVED, NOT_AVAILABLE or FAILED; regions in original pixels."""
    heatmap: HeatMap | None = None
    """Where something stands out; None where the method has no map."""
    curve: Curve | None = None
    """None where the method has no curve."""
    picture: NDArray[np.uint8] | None = None
    """[h, w] or [h, w, 3], read-only: a view to look at, such as a bit plane; else None."""
    parameters: tuple[tuple[str, str], ...] = ()
    """(name, value) of everything that decides the result beside the picture."""
    elapsed_ms: float = 0.0
    """Wall time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracer:
    """A method of derived traces, described."""

    name: str
    """Such as ``"trace.ela"``; what `engine.api.trace` is asked for."""
    title: str
    """For a person."""
    version: str
    """Changes when the same picture may give another result."""
    principle: str
    """What it looks at, in a sentence or two."""
    limits: str
    """What it cannot see, and what innocent causes look the same."""
    source: str
    """Paper."""
    parameters: tuple[tuple[str, str], ...] = ()
    """(name, value) that are the same for every picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraFingerprint:
    """The pattern of a camera's sensor that was made of its pictures."""

    sha256: str
    """Of the file it is kept in."""
    height: int
    """px, as files store the pictures."""
    width: int
    """px, as files store the pictures."""
    pictures: int
    """How many went into it."""
    left_out: tuple[tuple[str, str], ...]
    """(path, reason) of what could not be used."""
    made_utc: str
    """ISO 8601."""


class CameraAnswer(StrEnum):
    """What a comparison of one picture with a camera's fingerprint says."""

    SHOWN = "shown"
    """The camera's pattern is in the picture."""
    NOT_SHOWN = "not_shown"
    """It was not found. That does not say that another camera was used."""
    BEHIND = "behind"
    """The picture is one of those the fingerprint was made of: it would show its own noise."""
    UNDECIDED = "undecided"
    """It cannot be told: too small, larger than the fingerprint, or scaled as it seems."""
    FAILED = "failed"
    """The file could not be read or decoded, or the method stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One picture, compared with one camera's fingerprint."""

    path: str
    """The picture; as it was named, or where the case holds it."""
    exhibit: int | None = None
    """Its number in the case; None outside of one."""
    sha256: str | None = None
    """Of its bytes as they were read; None where they could not be."""
    answer: CameraAnswer
    pce: float | None = None
    """Signed peak to correlation energy; None where nothing was correlated."""
    shift: tuple[int, int] | None = None
    """(down, across): where the picture's corner lies in the fingerprint, px as stored; only with
    the answer SHOWN."""
    missing: tuple[Region, ...] = ()
    """Where the pattern is missing although it should show; original pixels."""
    reason: str = ""
    """What was found, or why it cannot be told: a sentence or two."""
    earlier: bool = False
    """Whether it was compared before, and the custody log gave the answer."""
    compared_utc: str = ""
    """When, by the log; empty while it is not logged."""

    @property
    def is_cut(self) -> bool:
        """Whether the picture shows the pattern as a part of a larger one."""
        return self.shift is not None and self.shift != (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonSummary:
    """What many comparisons with one camera come to."""

    shown: int
    not_shown: int
    behind: int
    undecided: int
    failed: int
    """Files with each answer, see `CameraAnswer`."""
    earlier: int
    """How many of them were answered by the log."""
    correlated: int
    """Different pictures that a peak was measured for: the family of tests."""
    threshold: float
    """PCE from which the pattern counts as shown."""
    false_most: float | None
    """Upper limit of the chance that at least one picture of the family is accepted although
    another camera took it, 0..1, as far as false acceptances were measured; None where the
    measurement is too small for so many comparisons to be limited by it."""
    measured_false: int
    """False acceptances in the measurement behind that limit."""
    measured_trials: int
    """Comparisons in the measurement behind that limit."""

    @property
    def total(self) -> int:
        """How many files there were."""
        return self.shown + self.not_shown + self.behind + self.undecided + self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFingerprint:
    """A camera's fingerprint that is kept beside a case, as the log names it."""

    sha256: str
    """Of its file."""
    camera: str
    """Which camera, in the operator's words."""
    pictures: int
    """How many went into it."""
    size: str
    """Of the pictures, px, such as ``"4032 x 3024"``."""
    made_utc: str
    """ISO 8601, by the log."""
    operator: str
    """Who made it."""
    state: Literal["present", "missing", "changed"]
    """Of its file beside the case; ``changed`` is only known where files were read."""
    sources: tuple[str, ...] = ()
    """SHA-256 of the pictures behind it; empty where files were not read, or not as they were."""
    compared: int = 0
    """Different pictures that were tested with it, by the log."""
    shown: int = 0
    """How many of those showed its pattern when they were tested last."""
    summary: ComparisonSummary | None = None
    """What the comparisons come to."""
    comparisons: tuple[Comparison, ...] = ()
    """The last one of each picture, by the log, in the order of exhibits."""

"""What an explanation may rest on, and the values that it is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.types import Finding, HeatMap, Locality, Region, Status, Verdict
from engine.vrm.heat import HOT
from engine.vrm.places import third_words

MOST_OF_PICTURE = 0.5
"""A place with at least this share of the picture has no direction."""
SAME_PLACE = 0.5
"""Two places are the same one when at least this share of the smaller lies in the other."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """Everything that an explanation may rest on."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    """Of all analysers and of the model."""
    size: tuple[int, int]
    """(height, width) of the picture, px."""
    hot_share: float | None
    """Share of the heat map's judged cells that are hot; None where none can be judged."""
    locality: Locality | None = None

    def finding(self, analyser: str) -> Finding | None:
        """Return the first usable finding of an analyser."""
        usable = (Status.OBSERVED, Status.DERIVED, Status.INFERRED)
        found = (f for f in self.findings if f.analyser == analyser and f.status in usable)
        return next(found, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One sentence that the findings allow."""

    text: str
    """Ends with a full stop."""
    cites: tuple[str, ...]
    """Ids of findings."""
    regions: tuple[Region, ...] = ()
    """Places it speaks of, each of a finding it cites."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place in the explanation, of which at most one claim is told."""

    name: str
    claims: tuple[Claim, ...]
    """Every one of them is true; the first is told where nobody chooses."""
    fresh: bool = False
    """Whether a claim is left out once everything it cites was told by another one."""
    chosen: bool = True
    """Whether a language model chooses; otherwise the first claim is told."""


def ground_of(
    verdict: Verdict,
    findings: tuple[Finding, ...],
    heatmap: HeatMap,
    size: tuple[int, int],
    locality: Locality | None = None,
) -> Ground:
    """Return what an examination allows to be said.

    Args:
        verdict: of the picture.
        findings: of all analysers and of the model.
        heatmap: of the picture.
        size: (height, width) of the picture, px.
        locality: whether a part was edited.
    """
    judged = int(heatmap.valid.sum())
    hot = int((heatmap.valid & (heatmap.cells >= HOT)).sum())
    return Ground(
        verdict=verdict,
        findings=findings,
        size=size,
        hot_share=hot / judged if judged else None,
        locality=locality,
    )


def where_words(region: Region, size: tuple[int, int]) -> str | None:
    """Return the words of a region's place, None where it takes most of the picture.

    Args:
        region: in original pixels.
        size: (height, width) of the picture, px.
    """
    if region.w * region.h >= MOST_OF_PICTURE * size[0] * size[1]:
        return None
    return third_words(region, size)


def same_place(one: Region, other: Region) -> bool:
    """Return whether two places are the same one, as `SAME_PLACE` says."""
    across = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    down = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    if across <= 0 or down <= 0:
        return False
    return across * down >= SAME_PLACE * min(one.w * one.h, other.w * other.h)


def without(slot: Slot, told: tuple[Claim, ...]) -> Slot:
    """Return a slot without what was told already."""
    known = [set(claim.cites) for claim in told] if slot.fresh else []
    left = (
        claim
        for claim in slot.claims
        if claim not in told and not any(cites.issuperset(claim.cites) for cites in known)
    )
    return replace(slot, claims=tuple(left))

"""What the mini saw in one picture, and what follows from it: heat map, places, locality."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from engine.types import Extent, Finding, HeatMap, Image, Locality, Region
from engine.vrm import heat
from engine.vrm.contrast import map_values
from engine.vrm.findings import standout_finding
from engine.vrm.standout import place, spread

UNDECIDED = (
    "On composites, what was measured here tells a locally edited photograph from an untouched one "
    "hardly better than chance, so no outcome is drawn from it; a place to look at first is among "
    "the findings."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """What the artifact path and the semantic path saw in one picture."""

    boxes: tuple[Region, ...]
    semantic: Tensor
    """V_o's tokens [V, 49, d]."""
    artifact: Tensor
    """V_a + R's tokens [V, 49, d]."""
    log_odds: dict[str, float]
    """``artifact``, ``residual`` and ``probe``; later also ``both`` and ``semantic``."""
    token_logits: list[heat.Floats]
    """[7, 7] each view."""
    cell_logits: heat.Floats
    """[H // 16, W // 16]."""
    looked_at: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
    """[H // 16, W // 16]."""
    contrasts: list[heat.Floats]
    """[14, 14] each view: log-odds of each patch beyond its view's own."""
    relative: heat.Floats | None = None
    """[H // 16, W // 16], how places differ from the rest; None without the head for it."""


def _judged(seen: Seen, image: Image) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    rows, cols = seen.looked_at.shape
    covered = heat.covered(seen.boxes, rows, cols)
    return np.asarray(heat.evidence_mask(image.pixels) & seen.looked_at & covered)


def pointing(seen: Seen, image: Image) -> tuple[Finding, ...]:
    """Return the finding of the place that differs most; none without the head for it."""
    if seen.relative is None:
        return ()
    height, width = image.pixels.shape[:2]
    judged = _judged(seen, image)
    found = place(seen.relative, judged, height, width)
    return (standout_finding(found, spread(seen.relative, judged)),)


def locality(seen: Seen, image: Image) -> Locality | None:
    """Return whether traces stand out in places; None without the head that looks for it.

    It is never decided: on composites the measurement parts edited from untouched photographs
    hardly better than chance (docs/log.md), so that a threshold would accuse photographs.
    """
    if seen.relative is None:
        return None
    score = spread(seen.relative, _judged(seen, image))
    return Locality(extent=Extent.UNDECIDED, score=score, reason=UNDECIDED)


def heat_map(seen: Seen, image: Image, p_ai: float) -> HeatMap:
    """Return the picture's map: what sets each patch apart, about the picture's own level.

    Args:
        seen: what was seen in the picture.
        image: the picture.
        p_ai: its calibrated probability.
    """
    rows, cols = seen.cell_logits.shape
    values = map_values(p_ai, seen.contrasts, seen.boxes, rows, cols)
    valid = heat.evidence_mask(image.pixels) & seen.looked_at
    height, width = image.pixels.shape[:2]
    side = len(seen.contrasts[0])
    method = f"patch contrast; one patch covers {seen.boxes[0].h / side:.0f} px"
    return heat.build(values, valid, height, width, method)

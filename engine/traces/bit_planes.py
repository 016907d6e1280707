"""Bit planes: the last bit of every sample, which in a photograph is noise.

Where the last bit has a pattern the samples did not come from a sensor as they are: synthetic
areas, flat fills, strongly compressed or clipped parts, some hidden messages.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.trace_types import Trace
from engine.traces.made import Method
from engine.traces.subject import Check, Subject, cell_means
from engine.traces.tracing import Tracing, heat, regions, traced

METHOD = Method(
    name="trace.bits",
    version="1",
    source="Fridrich, Steganography in Digital Media, Cambridge University Press 2010, section "
    "5.1 (least significant bits of photographs)",
)

CELL_PX = 32
ORDERED = 0.85
"""Share of equal neighbours in the last bit from which a cell is ordered; noise has .5."""

LEAST_REGION_CELLS = 8


def find(subject: Subject, check: Check) -> Trace:
    """Show the last bit of red, green and blue, and find where green's is ordered."""
    last = np.bitwise_and(subject.pixels, np.uint8(1))
    view = np.multiply(last, np.uint8(255), dtype=np.uint8)
    check()
    if min(subject.height, subject.width) < CELL_PX:
        return traced(METHOD.not_available(f"A side is shorter than {CELL_PX} px."), picture=view)
    order = equal_neighbours(np.ascontiguousarray(last[..., 1]), check)
    valid = ~subject.saturated(CELL_PX)
    if not valid.any():
        return traced(METHOD.not_available("All of the picture is saturated."), picture=view)
    boxes = regions((order >= ORDERED) & valid, CELL_PX, subject, least_cells=LEAST_REGION_CELLS)
    whole = float(order[valid].mean())
    return traced(
        METHOD.derived(round(100 * whole, 1), _reason(whole, len(boxes)), unit="%", regions=boxes),
        heatmap=heat(2 * order - 1, valid, subject, "order of the last bit"),
        picture=view,
    )


def _reason(whole: float, places: int) -> str:
    said = (
        f"Neighbours have the same last bit in {100 * whole:.0f} % of the cases; pure noise gives "
        "50 %. Saturated areas are left out."
    )
    if not places:
        return said
    where = "One place is" if places == 1 else f"{places} places are"
    return (
        f"{said} {where} nearly without noise: filled, drawn or generated areas look so, and so "
        "do even walls and skies after compression or noise reduction."
    )


def equal_neighbours(bits: NDArray[np.uint8], check: Check) -> NDArray[np.float32]:
    """Return, per cell, how often a bit equals its right and lower neighbour: 0..1.

    Args:
        bits: [H, W], 0 or 1.
        check: raises when the work is to be stopped.

    Returns:
        [H // 32, W // 32].
    """
    right = cell_means((bits == np.roll(bits, -1, axis=1)).astype(np.float32), CELL_PX)
    check()
    below = cell_means((bits == np.roll(bits, -1, axis=0)).astype(np.float32), CELL_PX)
    return np.asarray((right + below) / 2, dtype=np.float32)


TRACING = Tracing(
    method=METHOD,
    title="Bit planes",
    principle="Shows the last bit of every sample; in a photograph it is noise, and order in it "
    "means that the samples were computed.",
    limits="Compression and noise reduction order the last bit of every calm area; the number "
    "describes the picture and accuses nothing.",
    parameters=(("cell", f"{CELL_PX} px"), ("ordered from", f"{100 * ORDERED:.0f} %")),
    find=find,
)

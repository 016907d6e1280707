"""Demosaicing: does green alternate between measured and interpolated pixels, and where not?

A sensor measures green at every second pixel, in a chequerboard; the camera's program interpolates
the others. An interpolated pixel is predicted by its neighbours better than a measured one. Where
the difference is missing, or the chequerboard is the other way round, the place was not taken with
the rest of the picture, or was worked on later.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.trace_types import Trace
from engine.traces.made import Method
from engine.traces.subject import Check, Subject
from engine.traces.tracing import Tracing, heat, regions, traced

METHOD = Method(
    name="trace.cfa",
    version="1",
    source="Ferrara, Bianchi, De Rosa, Piva, Image Forgery Localization via Fine-Grained Analysis "
    "of CFA Artifacts, IEEE TIFS 7(5), 2012",
)

CELL_PX = 16
"""Side of a cell. Ferrara et al. go down to 8; 16 has four times the pixels and half the noise."""

WINDOW_SIGMA_PX = 2.0
"""Of the Gaussian window in which variances are taken; the paper's 7 x 7 window has about this."""

ROUNDING = 0.1
"""Variance that rounding to whole levels adds to a prediction error: (1 + 1/4) / 12."""

LEAST_VARIANCE = 0.6
"""Mean variance of the prediction error below which a cell is too flat to be judged, levels²."""

LEAST_CELLS = 64
"""Cells with evidence that a picture must have."""

SPREAD_ABSENT = 0.07
"""Standard deviation of a cell's imbalance, after the median of 3 x 3 cells, where nothing was
demosaiced: .05 to .08 in resized and compressed photographs; docs/log.md."""

LEAST_AGREEMENT = 0.6
"""Share of cells that must prefer the same half of the chequerboard for a trace to be there. Cells
are nearly independent: at 64 cells, chance alone reaches .6 once in ten pictures, .7 never."""

LEAST_SIGNIFICANCE = 6.0
"""Standard deviations by which that share must exceed one half."""

LEAST_STRENGTH = 0.2
"""Median imbalance from which cells with and without the trace can be told apart: three times
`SPREAD_ABSENT`."""

HOT = 0.9
"""Probability of absence from which a cell belongs to a region."""

LEAST_REGION_CELLS = 9
"""Smaller groups of cells are not told: the median of 3 x 3 cells makes no smaller shapes safe."""

ROUNDS = 25
"""Steps of expectation and maximisation; the means move by less than .001 after ten."""

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lattice:
    """What the chequerboard of green tells of a picture."""

    imbalance: Plane
    """[rows, cols], mean logarithm of (variance on the dominant lattice / on the other)."""
    judged: NDArray[np.bool_]
    """[rows, cols], False where a cell is too flat."""
    even: bool
    """Whether the measured pixels are those whose x + y is even."""
    strength: float
    """Median of ``imbalance`` over judged cells, >= 0; 0 without demosaicing."""
    agreement: float
    """Share of judged cells whose imbalance has the dominant sign, .5..1."""


def find(subject: Subject, check: Check) -> Trace:
    """Look for places without the demosaicing that the rest of the picture has."""
    if min(subject.height, subject.width) < 8 * CELL_PX:
        return traced(METHOD.not_available(f"A side is shorter than {8 * CELL_PX} px."))
    green = cv2.extractChannel(subject.pixels, 1).astype(np.float32)
    lattice = imbalance(green, ~subject.saturated(CELL_PX), check)
    judged = int(lattice.judged.sum())
    if judged < LEAST_CELLS:
        return traced(
            METHOD.not_available(
                f"Only {judged} cells of {CELL_PX} px have texture and are not saturated; "
                f"{LEAST_CELLS} are needed."
            )
        )
    significance = 2 * (lattice.agreement - 0.5) * judged**0.5
    if lattice.agreement < LEAST_AGREEMENT or significance < LEAST_SIGNIFICANCE:
        return traced(
            METHOD.not_available(
                "Green does not alternate between measured and interpolated pixels "
                f"({100 * lattice.agreement:.0f} % of the cells agree on a lattice; chance gives "
                "50 %). "
                "Resizing and JPEG compression below a quality of about 90 take this away from "
                "any photograph, and generated pictures never had it: its absence says nothing."
            )
        )
    chosen = (
        ("measured pixels", "x + y even" if lattice.even else "x + y odd"),
        ("strength", f"{lattice.strength:.3f}, log ratio of variances"),
    )
    there = (
        f"Green alternates between measured and interpolated pixels, as a camera's demosaicing "
        f"leaves it ({100 * lattice.agreement:.0f} % of the cells agree on the lattice)"
    )
    if lattice.strength < LEAST_STRENGTH:
        finding = METHOD.not_available(
            f"{there}, but too faintly to say of a place whether it is missing there."
        )
        return traced(finding, parameters=chosen)
    absent = absence(lattice.imbalance, lattice.judged)
    check()
    missing = (absent > HOT) & lattice.judged
    boxes = regions(missing, CELL_PX, subject, least_cells=LEAST_REGION_CELLS)
    share = round(100 * float(missing.sum()) / judged, 1)
    return traced(
        METHOD.derived(share, _reason(there, lattice, len(boxes)), unit="%", regions=boxes),
        heatmap=heat(absent, lattice.judged, subject, "probability that demosaicing is missing"),
        parameters=chosen,
    )


def _reason(there: str, lattice: Lattice, places: int) -> str:
    left_out = 100 * (1 - lattice.judged.mean())
    masked = f" {left_out:.0f} % of the picture is too flat or saturated to judge."
    if not places:
        return f"{there}, and wherever it can be judged.{masked}"
    where = "in one place" if places == 1 else f"in {places} places"
    return (
        f"{there}; {where} it is missing or displaced. What was pasted, generated or retouched "
        "there looks so. So does what a camera or editor smoothed, sharpened or straightened in "
        f"one place only.{masked}"
    )


def imbalance(green: Plane, usable: NDArray[np.bool_], check: Check) -> Lattice:
    """Compare the prediction error on both halves of the chequerboard.

    Args:
        green: [H, W], 0..255.
        usable: [H // CELL_PX, W // CELL_PX], cells that are not saturated.
        check: raises when the work is to be stopped.

    Source: Ferrara, Bianchi, De Rosa, Piva, Image Forgery Localization via Fine-Grained Analysis of
    CFA Artifacts, IEEE TIFS 7(5), 2012, section III.
    """
    rows, cols = green.shape[0] // CELL_PX, green.shape[1] // CELL_PX
    green = green[: rows * CELL_PX, : cols * CELL_PX]
    cross = np.array([[0, -0.25, 0], [-0.25, 1, -0.25], [0, -0.25, 0]], dtype=np.float32)
    energy = cv2.filter2D(green, cv2.CV_32F, cross, borderType=cv2.BORDER_REFLECT_101)
    np.multiply(energy, energy, out=energy)
    check()
    halves = []
    for corner in (0, 1):
        # Both phases of one half of the chequerboard, at half the resolution.
        both = energy[::2, corner::2] + energy[1::2, 1 - corner :: 2]
        local = cv2.GaussianBlur(both, (0, 0), WINDOW_SIGMA_PX / 2)
        halves.append(np.asarray(local / 2 + np.float32(ROUNDING), dtype=np.float32))
        check()
    even, odd = halves
    variance = _cells(even + odd) / 2
    ratio = _cells(np.log(even) - np.log(odd))
    judged = usable & (variance >= LEAST_VARIANCE)
    median = float(np.median(ratio[judged])) if judged.any() else 0.0
    sign = 1.0 if median >= 0 else -1.0
    signed: Plane = np.asarray(ratio * sign, dtype=np.float32)
    return Lattice(
        imbalance=signed,
        judged=judged,
        even=sign > 0,
        strength=abs(median),
        agreement=float((signed[judged] > 0).mean()) if judged.any() else 0.5,
    )


def _cells(half_size: Plane) -> Plane:
    rows, cols = (2 * side // CELL_PX for side in half_size.shape)
    means = cv2.resize(half_size, (cols, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(means, dtype=np.float32)


def absence(values: Plane, judged: NDArray[np.bool_]) -> Plane:
    """Return the probability, per cell, that no demosaicing of the dominant lattice is there.

    Two normal distributions share the judged cells: one about zero (absent), whose spread is known,
    and one about a positive mean (present), which is fitted.

    Args:
        values: [rows, cols], `Lattice.imbalance`.
        judged: [rows, cols], what is fitted to.

    Source: Ferrara et al. 2012, section III.C; there both spreads are fitted.
    """
    filled = np.where(judged, values, np.median(values[judged])).astype(np.float32)
    smooth = np.asarray(cv2.medianBlur(filled, 3), dtype=np.float32)
    x = smooth[judged].astype(np.float64)
    present, spread, share = float(np.median(x)), float(x.std()) + 1e-3, 0.05
    for _ in range(ROUNDS):
        kept = 1 - _posterior(x, present, spread, share)
        share = float(np.clip(1 - kept.mean(), 0.01, 0.5))
        present = float((kept * x).sum() / kept.sum())
        spread = float(np.sqrt((kept * (x - present) ** 2).sum() / kept.sum()))
        spread = max(spread, SPREAD_ABSENT)
    found = _posterior(smooth.astype(np.float64), present, spread, share)
    return found.astype(np.float32)


def _posterior(
    x: NDArray[np.float64], present: float, spread: float, share: float
) -> NDArray[np.float64]:
    # Beyond either mean a cell is no less typical: below zero lies the other lattice.
    absent = share / SPREAD_ABSENT * np.exp(-0.5 * (np.maximum(x, 0) / SPREAD_ABSENT) ** 2)
    here = (1 - share) / spread * np.exp(-0.5 * (np.minimum(x - present, 0) / spread) ** 2)
    return np.asarray(absent / (absent + here + 1e-300))


TRACING = Tracing(
    method=METHOD,
    title="Demosaicing (CFA)",
    principle="A sensor measures green at every second pixel and the camera interpolates the rest; "
    "an interpolated pixel is predicted by its neighbours better than a measured one.",
    limits="Needs a picture at the camera's own size, uncompressed or JPEG of high quality. Flat "
    "and saturated areas are not judged. Local smoothing, sharpening and lens correction look like "
    "an edit; a paste from another picture of the same camera on the same lattice stays unseen.",
    parameters=(
        ("cell", f"{CELL_PX} px"),
        ("window", f"Gaussian, sigma {WINDOW_SIGMA_PX:g} px"),
        ("least strength for a map", f"{LEAST_STRENGTH:g}"),
        ("probability of a region", f"{HOT:g}"),
    ),
    find=find,
)

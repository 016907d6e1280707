"""Double quantisation on another grid: an earlier compression whose blocks lay elsewhere.

The means of the blocks of an earlier grid keep to multiples of its step, though the picture was
compressed again on another grid. All 64 grids are tried: where the means of one are more periodic
than those of the others, the picture, or a part of it, was compressed on it before.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.trace_types import Curve, Trace
from engine.traces.made import Method
from engine.traces.subject import DARKEST, LIGHTEST, Check, Subject
from engine.traces.tracing import Tracing, curve, heat, regions, traced
from engine.types import Region

METHOD = Method(
    name="trace.dq_shifted",
    version="1",
    source=(
        "Bianchi, Piva, Detection of Nonaligned Double JPEG Compression Based on Integer "
        "Periodicity Maps, IEEE TIFS 7(2), 2012"
    ),
)
STEPS = np.arange(3, 41)
"""Steps of the earlier compression that are tried, DCT units."""

VALUES = 2048
"""Whole values a block's mean may take: eight times the samples' 256."""

FLAT_VARIANCE = 1.0
"""Blocks with less keep to the last compression's multiples on every grid."""

LEAST_BLOCKS = 400
"""Blocks a grid needs to be judged."""

NEIGHBOURS = 7
"""Blocks a side over which phases are averaged."""

STANDS_OUT = 7.0
"""Deviation among the grids, robust standard deviations, from which on one counts as found."""

CANDIDATE = 3.5
"""Deviation from which on a grid is looked for in parts."""

MOST_CANDIDATES = 4
LOCAL = 0.4
"""Mean phase from which on a neighbourhood shows the grid beyond its neighbouring grids; 0 is
chance, 1 no rounding at all."""

LEAST_PART = 80
"""Connected blocks that make a part."""

EVERYWHERE = 0.6
"""Share of the judged blocks from which on the whole picture is meant."""

PARAMETERS = (
    ("steps tried", f"{STEPS[0]} to {STEPS[-1]}"),
    ("neighbourhood", f"{NEIGHBOURS} x {NEIGHBOURS} blocks"),
    ("found from", f"{STANDS_OUT} standard deviations among the grids"),
    ("in parts from", f"{CANDIDATE} standard deviations and a mean phase of {LOCAL}"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Periodicity:
    """The grid and step whose block means are the most periodic."""

    row: int
    """First row of the grid, 0..7."""
    col: int
    """First column of the grid, 0..7."""
    step: int
    """Of the earlier compression, DCT units."""
    deviation: float
    """From the other grids, robust standard deviations."""
    strengths: NDArray[np.float64]
    """[steps] periodicity of the grid's means, 0..1."""


def find(subject: Subject, check: Check) -> Trace:
    """Look for an earlier compression on another grid, in all of the picture or in a part."""
    if min(subject.height, subject.width) < 160:
        return traced(METHOD.not_available("It needs 160 px a side."))
    check()
    means, usable = block_means(subject.luma)
    candidates = strongest(means, usable, check, exclude_own=subject.jpeg is not None)
    if not candidates:
        return traced(METHOD.not_available("Too little of the picture has texture."))
    best = candidates[0]
    phase, valid = local_phase(means, usable, best)
    found: tuple[Region, ...] = ()
    for each in candidates:
        check()
        own, judged = local_phase(means, usable, each)
        found = regions((own >= LOCAL) & judged, 8, subject, least_cells=LEAST_PART)
        if found and each.deviation >= CANDIDATE:
            best, phase, valid = each, own, judged
            break
        found = ()
    shown = best.deviation >= STANDS_OUT or bool(found)
    share = float((phase >= LOCAL / 2)[valid].mean()) if valid.any() else 0.0
    everywhere = share > EVERYWHERE
    reason = (
        _reason(best, everywhere)
        if shown
        else "No grid stands out: no earlier compression on another grid shows."
    )
    return traced(
        METHOD.derived(
            round(best.deviation, 1), reason, unit="sd", regions=() if everywhere else found
        ),
        heatmap=heat(phase, valid, subject, "periodicity of block means on another grid"),
        curve=_curve(best, shown),
        parameters=(
            ("grid", f"starts in column {best.col}, row {best.row}"),
            ("step", str(best.step)),
        ),
    )


def _curve(best: Periodicity, shown: bool) -> Curve:
    return curve(
        1 / STEPS[::-1],
        best.strengths[::-1],
        "frequency, periods per DCT unit",
        f"periodicity of the means of the grid at column {best.col}, row {best.row}",
        (1 / best.step,) if shown else (),
    )


def block_means(luma: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return DC coefficients of the blocks at every pixel, and which can be judged.

    Args:
        luma: [height, width] 0..255.

    Returns:
        [height - 7, width - 7] level-shifted DC, DCT units; False where flat or saturated.
    """
    height, width = luma.shape[0] - 7, luma.shape[1] - 7
    shifted = luma - np.float32(128)
    sums = cv2.boxFilter(shifted, -1, (8, 8), anchor=(0, 0), normalize=False)[:height, :width]
    squares = cv2.sqrBoxFilter(shifted, cv2.CV_32F, (8, 8), anchor=(0, 0), normalize=False)
    variance = squares[:height, :width] / 64 - (sums / 64) ** 2
    low = cv2.erode(luma, np.ones((8, 8), np.uint8), anchor=(0, 0))[:height, :width]
    high = cv2.dilate(luma, np.ones((8, 8), np.uint8), anchor=(0, 0))[:height, :width]
    usable = (variance > FLAT_VARIANCE) & (low >= DARKEST) & (high <= LIGHTEST)
    return np.asarray(sums / 8, dtype=np.float32), np.asarray(usable)


def strongest(
    means: NDArray[np.float32], usable: NDArray[np.bool_], check: Check, *, exclude_own: bool
) -> tuple[Periodicity, ...]:
    """Return the grids that differ most from the others; none with too few blocks.

    Args:
        means: as `block_means` returns them.
        usable: likewise.
        check: called for each row of grids.
        exclude_own: leave the grid at (0, 0) out, which the last compression used.
    """
    waves = np.exp(-2j * np.pi * np.outer(np.arange(VALUES) - VALUES // 2, 1 / STEPS))
    found = np.zeros((8, 8, STEPS.size))
    for row in range(8):
        check()
        for col in range(8):
            chosen = means[row::8, col::8][usable[row::8, col::8]]
            if chosen.size < LEAST_BLOCKS:
                return ()
            places = np.rint(chosen).astype(np.intp) + VALUES // 2
            counts = np.bincount(np.clip(places, 0, VALUES - 1), minlength=VALUES)
            found[row, col] = np.abs(counts @ waves) / chosen.size
    flat = found.reshape(64, -1)
    middle = np.median(flat, axis=0)
    spread = np.median(np.abs(flat - middle), axis=0) * 1.4826
    # What chance alone leaves of a mean of so many unit vectors.
    chance = 0.5 / np.sqrt(means.size / 64)
    deviation = ((flat - middle) / np.maximum(spread, chance)).reshape(found.shape)
    # Neighbours of the grid of the last compression inherit from it: only peaks count.
    around = [np.roll(found, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1) if x or y]
    deviation[found < np.max(around, axis=0)] = 0
    if exclude_own:
        deviation[0, 0] = 0
    # Of one grid, only its strongest step.
    steps = deviation.argmax(axis=2)
    order = np.argsort(-deviation.max(axis=2), axis=None, kind="stable")[:MOST_CANDIDATES]
    made = []
    for row, col in zip(*np.unravel_index(order, (8, 8)), strict=True):
        index = int(steps[row, col])
        made.append(
            Periodicity(
                row=int(row),
                col=int(col),
                step=int(STEPS[index]),
                deviation=float(deviation[row, col, index]),
                strengths=found[row, col],
            )
        )
    return tuple(made)


def local_phase(
    means: NDArray[np.float32], usable: NDArray[np.bool_], best: Periodicity
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return [rows, cols] how well neighbourhoods keep to the step, and where that holds.

    In smooth areas the means of all grids are alike, and so is their phase: what the four
    diagonal neighbours of the grid show as well is taken off.
    """
    own, judged = _phase(means, usable, best.step, (best.row, best.col))
    beside = [
        _phase(means, usable, best.step, ((best.row + y) % 8, (best.col + x) % 8))[0]
        for y in (-2, 2)
        for x in (-2, 2)
    ]
    return np.asarray(own - np.maximum(0, np.max(beside, axis=0)), dtype=np.float32), judged


def _phase(
    means: NDArray[np.float32], usable: NDArray[np.bool_], step: int, start: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    rows, cols = means.shape[0] // 8 - 1, means.shape[1] // 8 - 1
    chosen = means[start[0] :: 8, start[1] :: 8][:rows, :cols]
    judged = usable[start[0] :: 8, start[1] :: 8][:rows, :cols]
    wave = np.where(judged, np.cos(2 * np.pi / step * np.rint(chosen)), 0).astype(np.float32)
    size = (NEIGHBOURS, NEIGHBOURS)
    share = cv2.blur(judged.astype(np.float32), size, borderType=cv2.BORDER_CONSTANT)
    phase = cv2.blur(wave, size, borderType=cv2.BORDER_CONSTANT) / np.maximum(share, 1e-3)
    return np.asarray(phase, dtype=np.float32), np.asarray(share > 0.4)


def _reason(best: Periodicity, everywhere: bool) -> str:
    where = f"starts in column {best.col}, row {best.row}, with a step of {best.step}"
    if everywhere:
        return (
            f"The whole picture was compressed before on a grid that {where}: it was cropped or "
            "shifted and saved again, which is common and harmless."
        )
    return (
        f"A part was compressed before on a grid that {where}, which the rest was not. Parts "
        "pasted from another JPEG do that; so do pictures set into pictures and collages."
    )


TRACING = Tracing(
    method=METHOD,
    title="Double quantisation, shifted grid",
    principle=(
        "The means of blocks of an earlier JPEG grid keep to multiples of its step; all 64 grids "
        "are compared."
    ),
    limits=(
        "The earlier compression must have been coarser than the last. Resizing, blur or "
        "brightness changes after it hide it. A part under about a hundredth of the picture "
        "does not show."
    ),
    parameters=PARAMETERS,
    find=find,
)

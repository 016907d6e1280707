"""An earlier JPEG compression in a file without loss: where the picture lacks it.

A picture that was a JPEG once, and was kept without loss afterwards, still has the coefficients of
its blocks on multiples of the quantiser's steps. A part that was made or pasted after decoding has
not. The steps are read from the coefficients' own periodicity; each block then says whether its
coefficients lie on them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.trace_types import Trace
from engine.traces.dct import basis
from engine.traces.jpeg_file import ZIGZAG
from engine.traces.made import NONE, Method
from engine.traces.subject import Check, Subject
from engine.traces.tracing import Tracing, heat, regions, traced

METHOD = Method(
    name="trace.lattice",
    version="1",
    source=(
        "Fan, de Queiroz, Identification of Bitmap Compression History: JPEG Detection and "
        "Quantizer Estimation, IEEE TIP 12(2), 2003 (the steps; the map of blocks and its "
        "thresholds are this project's)"
    ),
)
FREQUENCIES = tuple(int(place) for place in ZIGZAG[1:22])
"""The 21 lowest frequencies besides the mean, as places row by row."""

STEPS = tuple(range(3, 49))
"""Steps that are tried. Steps of 1 and 2 drown in the rounding of decoded samples."""

LEAST_ON_STEP = 0.35
"""Mean cosine of coefficients on a step, from which the picture was quantised with it: rounding to
whole samples leaves .45 at a step of 3 and .97 at 10, chance 0."""

LEAST_VALUES = 200
"""Coefficients away from zero that a frequency needs."""

LEAST_FREQUENCIES = 3
NEIGHBOURS = 7
"""Blocks a side over which evidence is summed."""

LEAST_COUNTED = 30
"""Coefficients away from zero that a neighbourhood needs."""

STANDS_OUT = 0.7
"""Place between on the steps (0) and off them (1) from which on a part is pointed out."""

PARAMETERS = (
    ("frequencies", f"the {len(FREQUENCIES)} lowest besides the mean"),
    ("steps tried", f"{STEPS[0]} to {STEPS[-1]}"),
    ("neighbourhood", f"{NEIGHBOURS} x {NEIGHBOURS} blocks"),
    ("stands out from", f"{STANDS_OUT} of the way from on the steps to off them"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A quantiser's step that one frequency shows."""

    index: int
    """In `FREQUENCIES`."""
    step: int
    on: float
    """Mean cosine of the coefficients' places between its multiples; 1 on them, 0 by chance."""


def find(subject: Subject, check: Check) -> Trace:
    """Read the steps of an earlier compression, and where coefficients do not lie on them.

    `engine.traces.edited` builds on it: it is computed once a picture.
    """
    return subject.shared(METHOD.name, _find, check)


def _find(subject: Subject, check: Check) -> Trace:
    if subject.jpeg is not None:
        return traced(
            METHOD.not_available(
                "The picture is stored as JPEG: its blocks lie on the file's own steps; an earlier "
                "compression is looked for by double quantisation."
            )
        )
    if min(subject.height, subject.width) < 16 * NEIGHBOURS:
        return traced(METHOD.not_available(f"It needs {16 * NEIGHBOURS} px a side."))
    values = coefficients(subject.luma, check)
    found = steps(values, check)
    if len(found) < LEAST_FREQUENCIES:
        return traced(
            METHOD.derived(
                NONE,
                "No trace of an earlier JPEG compression on a grid that starts in the corner. One "
                "of very fine steps, a cut or a change of size would not show here.",
            )
        )
    return _located(subject, values, found, check)


def coefficients(luma: NDArray[np.float32], check: Check) -> NDArray[np.float32]:
    """Return [rows, cols, frequencies] of the blocks on the grid that starts in the corner.

    Args:
        luma: [height, width] 0..255.
        check: called for each strip.
    """
    d = basis()
    rows, cols = luma.shape[0] // 8, luma.shape[1] // 8
    kernel = np.kron(d, d)[list(FREQUENCIES)].T
    made = np.empty((rows, cols, len(FREQUENCIES)), dtype=np.float32)
    for row in range(0, rows, 32):
        check()
        count = min(32, rows - row)
        strip = luma[row * 8 : (row + count) * 8, : cols * 8]
        blocks = strip.reshape(count, 8, cols, 8).swapaxes(1, 2).reshape(-1, 64)
        made[row : row + count] = (blocks @ kernel).reshape(count, cols, -1)
    return made


def steps(values: NDArray[np.float32], check: Check) -> tuple[Step, ...]:
    """Return the steps that frequencies show.

    What lies on multiples of a step lies on those of its divisors as well: the largest that
    holds nearly as well as the best is the quantiser's.

    Args:
        values: as `coefficients` returns them.
        check: called for each frequency.
    """
    found = []
    for index in range(len(FREQUENCIES)):
        check()
        x = np.abs(values[..., index].ravel())
        best: Step | None = None
        for step in STEPS:
            away = x[x > 0.6 * step]
            if len(away) < LEAST_VALUES:
                break
            on = float(np.cos(away * np.float32(2 * np.pi / step)).mean())
            if on >= LEAST_ON_STEP and (best is None or on > best.on - 0.1):
                best = Step(index=index, step=step, on=on if best is None else max(on, best.on))
        if best is not None:
            found.append(best)
    return tuple(found)


def off_steps(
    values: NDArray[np.float32], found: tuple[Step, ...], check: Check
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return [rows, cols] places between on the steps (0) and off them (1), and where they hold.

    Args:
        values: as `coefficients` returns them.
        found: steps that the picture shows.
        check: called for each frequency.
    """
    evidence = np.zeros(values.shape[:2], dtype=np.float32)
    counted = np.zeros(values.shape[:2], dtype=np.float32)
    for each in found:
        check()
        x = np.abs(values[..., each.index])
        away = x > np.float32(0.6 * each.step)
        cosine = np.cos(x * np.float32(2 * np.pi / each.step)) / np.float32(each.on)
        evidence += np.where(away, cosine, 0)
        counted += away
    size = (NEIGHBOURS, NEIGHBOURS)
    told = cv2.boxFilter(evidence, -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT)
    enough = cv2.boxFilter(counted, -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT)
    score = 1 - np.clip(told / np.maximum(enough, 1), 0, 1)
    return score.astype(np.float32), np.asarray(enough >= LEAST_COUNTED)


def _located(
    subject: Subject, values: NDArray[np.float32], found: tuple[Step, ...], check: Check
) -> Trace:
    score, enough = off_steps(values, found, check)
    saturated = subject.saturated(8)[: score.shape[0], : score.shape[1]]
    valid = enough & ~saturated
    hot = (score >= STANDS_OUT) & valid
    boxes = regions(hot, 8, subject, least_cells=NEIGHBOURS**2)
    apart = float(hot.sum() / max(1, int(valid.sum())))
    shown = ", ".join(str(each.step) for each in found[:6])
    said = (
        f"The picture was a JPEG before it was stored without loss (steps {shown} of the first "
        "frequencies that tell)."
    )
    if boxes:
        said += (
            " A part is not on those steps, as one that was made or pasted in after decoding is; "
            "so is one that was only brightened, retouched or written on."
        )
    else:
        said += " No coherent part lacks them: converting a JPEG does this everywhere."
    return traced(
        METHOD.derived(
            round(apart if boxes else 0.0, 3), said, unit="share standing out", regions=boxes
        ),
        heatmap=heat(score, valid, subject, "off the steps of the picture's earlier compression"),
        parameters=(("frequencies that tell", str(len(found))),),
    )


TRACING = Tracing(
    method=METHOD,
    title="Earlier JPEG in a lossless file",
    principle=(
        "A decoded JPEG keeps its coefficients on multiples of the quantiser's steps as long as "
        "it is stored without loss; what was put in afterwards does not lie on them."
    ),
    limits=(
        "Needs a file without loss whose earlier grid starts in the corner. Changing size, turning "
        "by other than 90 degrees or a tone curve over all removes the steps; saving at fine steps "
        "(quality 97 and above) never leaves any."
    ),
    parameters=PARAMETERS,
    find=find,
)

"""JPEG ghosts: parts that were once compressed more strongly than the picture is now.

The coefficients are quantised with each of a row of coarser qualities. Where a part went through
one of them before, its coefficients already lie on that quality's multiples, and the error dips
there. Cells are compared at each quality with cells of alike texture.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.images.jpeg import estimate_quality, luminance_table
from engine.trace_types import Trace
from engine.traces.dct import basis
from engine.traces.jpeg_file import ZIGZAG
from engine.traces.made import Method
from engine.traces.outliers import LEAST_CELLS, deviations, smoothed
from engine.traces.subject import Check, Subject
from engine.traces.tracing import Tracing, curve, heat, regions, traced

METHOD = Method(
    name="trace.ghosts",
    version="1",
    source=(
        "Farid, Exposing Digital Forgeries From JPEG Ghosts, IEEE TIFS 4(1), 2009 (the comparison "
        "of cells is this project's)"
    ),
)
QUALITIES = tuple(range(46, 97, 2))
"""IJG qualities that are tried; those at the picture's own or above are left out."""

BELOW_OWN = 4
"""How far below the picture's own quality the first one lies that can be told apart."""

FREQUENCIES = tuple(int(place) for place in ZIGZAG[1:16])
"""The 15 lowest besides the mean: the others are mostly zero and tell nothing."""

CELL_PX = 16
NEIGHBOURS = 5
"""Cells a side over which dips are averaged."""

STANDS_OUT = 4.0
"""Mean deviation of a neighbourhood from which on it is pointed out."""

FULL = 8.0
FLOOR = 0.05
"""Squared error that rounding to whole samples leaves."""

PARAMETERS = (
    ("qualities", f"{QUALITIES[0]} to {QUALITIES[-1]} in steps of 2, below the picture's own"),
    ("frequencies", "the 15 lowest besides the mean"),
    ("cell", f"{CELL_PX} px"),
    ("neighbourhood", f"{NEIGHBOURS} x {NEIGHBOURS} cells"),
    ("stands out from", f"{STANDS_OUT} standard deviations"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ghost:
    """The quality at which some part differs most."""

    quality: int
    stands: NDArray[np.float32]
    """[rows, cols] mean deviation of each neighbourhood; positive where the error dips."""


def find(subject: Subject, check: Check) -> Trace:
    """Look for a quality at which a part's error dips and the rest's does not."""
    if min(subject.height, subject.width) < CELL_PX * NEIGHBOURS:
        return traced(METHOD.not_available(f"It needs {CELL_PX * NEIGHBOURS} px a side."))
    own = 101 if subject.jpeg is None else estimate_quality(subject.jpeg.table.ravel().tolist())
    tried = [quality for quality in QUALITIES if quality <= own - BELOW_OWN]
    valid = subject.judgeable(CELL_PX)
    if len(tried) < 3 or int(valid.sum()) < LEAST_CELLS:
        reason = (
            f"The picture itself has quality {own}; coarser ones would have removed what is to see."
            if len(tried) < 3
            else "Too little of the picture has texture: nothing can be compared."
        )
        return traced(METHOD.not_available(reason))
    errors = requantised_errors(subject, tried, check)
    texture = np.log(subject.texture(CELL_PX) + 0.05)
    ghost = strongest(errors, tried, texture, valid, check)
    strength = np.abs(ghost.stands)
    peak = float(ghost.stands.flat[int(np.argmax(strength))])
    hot = strength >= STANDS_OUT
    found = regions(hot, CELL_PX, subject, least_cells=NEIGHBOURS**2 // 2)
    shown = errors[:, hot].mean(axis=1) if hot.any() else errors[:, valid].mean(axis=1)
    return traced(
        METHOD.derived(
            round(peak, 2), _reason(ghost.quality, peak, bool(found)), unit="sd", regions=found
        ),
        heatmap=heat(strength / FULL, valid, subject, "dip of the error at one quality"),
        curve=curve(
            tried,
            np.exp(shown),
            "quality, 1..100",
            "squared error of a block, grey levels squared",
            (float(ghost.quality),) if found else (),
        ),
        parameters=(
            ("quality of the map", str(ghost.quality)),
            ("own quality", str(min(own, 100))),
        ),
    )


def requantised_errors(subject: Subject, qualities: list[int], check: Check) -> NDArray[np.float32]:
    """Return [qualities, rows, cols]: logarithm of the mean squared error of cells.

    Args:
        subject: the picture.
        qualities: IJG qualities.
        check: called for each strip of blocks.
    """
    rows, cols = subject.height // CELL_PX, subject.width // CELL_PX
    tables = [luminance_table(q)[list(FREQUENCIES)].astype(np.float32) for q in qualities]
    made = np.empty((len(qualities), rows, cols), dtype=np.float32)
    for top in range(0, rows, 8):
        check()
        count = min(8, rows - top)
        blocks = _low_frequencies(subject, top * 2, count * 2, cols * 2)
        for index, table in enumerate(tables):
            scaled = blocks / table
            scaled -= np.rint(scaled)
            scaled *= table
            error = np.einsum("rcf,rcf->rc", scaled, scaled)
            cells = cv2.resize(error, (cols, count), interpolation=cv2.INTER_AREA)
            made[index, top : top + count] = np.log(cells / len(FREQUENCIES) + FLOOR)
    return made


def _low_frequencies(subject: Subject, first: int, count: int, cols: int) -> NDArray[np.float32]:
    """Return [count, cols, frequencies] of rows of blocks; exact for a JPEG."""
    places = list(FREQUENCIES)
    if subject.jpeg is not None:
        stored = subject.jpeg.luma[first : first + count, :cols].reshape(count, cols, 64)
        steps = subject.jpeg.table.ravel()[places].astype(np.float32)
        return np.asarray(stored[..., places] * steps, dtype=np.float32)
    d = basis()
    strip = subject.luma[first * 8 : (first + count) * 8, : cols * 8]
    blocks = strip.reshape(count, 8, cols, 8).swapaxes(1, 2).reshape(-1, 64)
    return np.asarray(blocks @ np.kron(d, d)[places].T).reshape(count, cols, -1)


def strongest(
    errors: NDArray[np.float32],
    qualities: list[int],
    texture: NDArray[np.float32],
    valid: NDArray[np.bool_],
    check: Check,
) -> Ghost:
    """Return the quality at which a neighbourhood's dip deviates most.

    Args:
        errors: as `requantised_errors` returns them.
        qualities: of their first axis.
        texture: [rows, cols], what makes cells comparable.
        valid: [rows, cols].
        check: called for each quality.
    """
    best = Ghost(quality=qualities[1], stands=np.zeros(valid.shape, dtype=np.float32))
    for index in range(1, len(qualities) - 1):
        check()
        dip = (errors[index - 1] + errors[index + 1]) / 2 - errors[index]
        stands = smoothed(deviations(dip, texture, valid, 0.02), valid, NEIGHBOURS)
        if np.abs(stands).max() > np.abs(best.stands).max():
            best = Ghost(quality=qualities[index], stands=stands)
    return best


def _reason(quality: int, peak: float, found: bool) -> str:
    if not found:
        return (
            "At no coarser quality does a coherent part's error dip apart from the rest: no ghost "
            "shows."
        )
    which = "dips, as if it had" if peak > 0 else "does not dip as the rest does, as if it had not"
    return (
        f"At quality {quality} the error of a part {which} been saved at that quality before "
        f"({peak:+.1f} standard deviations). Parts pasted from another JPEG, or replaced in one, "
        "do that; so may lettering, drawn graphics, and parts far out of focus."
    )


TRACING = Tracing(
    method=METHOD,
    title="JPEG ghosts",
    principle=(
        "Saved again at the quality a part once had, that part changes less than at neighbouring "
        "qualities: its error dips there."
    ),
    limits=(
        "Only for parts that were compressed more strongly than the picture is now, on the same "
        "grid of blocks. Cameras and Photoshop use tables of their own, at which the dip is weaker."
    ),
    parameters=PARAMETERS,
    find=find,
)

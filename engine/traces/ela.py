"""Error level analysis: how much each place changes when the picture is saved once more.

The picture is compressed as JPEG at a fixed quality and the difference is taken. Places that went
through another history of compression than the rest (pasted in, repainted) may change more or
less than places of the same texture. Texture itself changes the error far more than editing does,
so cells are compared with cells of alike texture, never with the whole picture.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.traces.made import Method
from engine.traces.outliers import LEAST_CELLS, deviations, smoothed
from engine.traces.subject import STRIP_CELLS, Check, Subject, cell_means
from engine.traces.tracing import Tracing, heat, regions, traced
from engine.types import Trace

METHOD = Method(
    name="trace.ela",
    version="1",
    source="Krawetz, A Picture's Worth: Digital Image Analysis and Forensics, 2007, section 4",
)
QUALITY = 90
"""Of the new compression."""

CELL_PX = 16
"""Side of a cell: two blocks, so that blocks are never split."""

NEIGHBOURS = 5
"""Cells a side over which deviations are averaged."""

STANDS_OUT = 3.5
"""Mean deviation of a neighbourhood from which on it is pointed out."""

FULL = 7.0
"""Mean deviation drawn as 1."""

GAIN = 12
"""Times by which the difference is enlarged in the view."""

PARAMETERS = (
    ("quality of the new compression", str(QUALITY)),
    ("cell", f"{CELL_PX} px"),
    ("neighbourhood", f"{NEIGHBOURS} x {NEIGHBOURS} cells"),
    ("stands out from", f"{STANDS_OUT} standard deviations"),
    ("gain of the view", str(GAIN)),
)


def find(subject: Subject, check: Check) -> Trace:
    """Compare each cell's error with that of cells of alike texture."""
    if min(subject.height, subject.width) // CELL_PX < NEIGHBOURS:
        return traced(METHOD.not_available(f"It needs {CELL_PX * NEIGHBOURS} px a side."))
    difference = resaved_difference(subject.pixels)
    check()
    error = np.log(mean_errors(difference) + 0.05)
    check()
    texture = np.log(subject.texture(CELL_PX) + 0.05)
    check()
    valid = subject.judgeable(CELL_PX)
    view = np.asarray(cv2.convertScaleAbs(difference, alpha=GAIN), dtype=np.uint8)
    if int(valid.sum()) < LEAST_CELLS:
        reason = "Too little of the picture has texture: nothing can be compared."
        return traced(METHOD.not_available(reason), picture=view)
    stands = smoothed(deviations(error, texture, valid, 0.02), valid, NEIGHBOURS)
    check()
    strength = np.abs(stands)
    peak = float(strength.max())
    found = regions(strength >= STANDS_OUT, CELL_PX, subject, least_cells=NEIGHBOURS**2 // 2)
    return traced(
        METHOD.derived(round(peak, 2), _reason(peak, bool(found)), unit="sd", regions=found),
        heatmap=heat(strength / FULL, valid, subject, "error level against texture"),
        picture=view,
    )


def resaved_difference(pixels: NDArray[np.uint8], quality: int = QUALITY) -> NDArray[np.uint8]:
    """Return [height, width, 3] absolute differences to the picture saved once more."""
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    done, packed = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise RuntimeError("The picture could not be compressed.")
    again = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    if again is None:
        raise RuntimeError("The picture saved once more could not be read.")
    return np.asarray(cv2.cvtColor(cv2.absdiff(bgr, again), cv2.COLOR_BGR2RGB), dtype=np.uint8)


def mean_errors(difference: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return [rows, cols]: the mean over whole cells and channels."""
    rows, cols = difference.shape[0] // CELL_PX, difference.shape[1] // CELL_PX
    made = np.empty((rows, cols), dtype=np.float32)
    for top in range(0, rows, STRIP_CELLS):
        strip = difference[top * CELL_PX : (top + STRIP_CELLS) * CELL_PX].astype(np.float32)
        made[top : top + STRIP_CELLS] = cell_means(strip, CELL_PX).mean(axis=2)
    return made


def _reason(peak: float, found: bool) -> str:
    said = (
        f"Saved again at quality {QUALITY}, the strongest neighbourhood deviates by {peak:.1f} sd"
    )
    if not found:
        return f"{said} from places of alike texture; nothing coherent stands out."
    return (
        f"{said} from places of alike texture. Pasted or repainted parts do that; so do lettering, "
        "sharp repeated patterns, sky beside foliage, and strongly coloured areas."
    )


TRACING = Tracing(
    method=METHOD,
    title="Error level analysis",
    principle=(
        "The picture is saved once more as JPEG; parts with another history of compression may "
        "change more or less than parts of the same texture."
    ),
    limits=(
        "Weak evidence by itself. Blind where the whole picture was saved several times or "
        "resized after editing; lettering, repeated patterns and saturated colours stand out "
        "in untouched pictures."
    ),
    parameters=PARAMETERS,
    find=find,
)

"""Error level analysis: how much each place changes when the picture is saved once more.

The picture is compressed as JPEG at a fixed quality and the difference is taken. Places that went
through another history of compression than the rest (pasted in, repainted) may change more or
less than places of the same texture. Texture itself changes the error far more than editing does,
so cells are compared with cells of alike fine structure, never with the whole picture.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.images.jpeg import estimate_quality
from engine.trace_types import Trace
from engine.traces.made import Method
from engine.traces.outliers import LEAST_CELLS, deviations, smoothed
from engine.traces.subject import STRIP_CELLS, Check, Subject, cell_means
from engine.traces.tracing import Tracing, heat, regions, traced

METHOD = Method(
    name="trace.ela",
    version="1",
    source="Krawetz, A Picture's Worth: Digital Image Analysis and Forensics, 2007, section 4",
)
QUALITIES = (75, 85)
"""Of the new compression; the second is used where the picture's own is near the first, at which
nothing but rounding would change. Of 75, 85, 90 and 95 the first told parts that were saved before
at 60 to 80 best."""

NEAR_OWN = 4
"""Qualities as near as this to the picture's own are not used."""

CELL_PX = 16
"""Side of a cell: two blocks, so that blocks are never split."""

NEIGHBOURS = 5
"""Cells a side over which deviations are averaged."""

LEAST_PART = 8
"""Connected cells that make a part."""

STANDS_OUT = 3.0
"""Mean deviation of a neighbourhood from which on it is pointed out."""

FULL = 6.0
"""Mean deviation drawn as 1."""

GAIN = 12
"""Times by which the difference is enlarged in the view."""

PARAMETERS = (
    ("cell", f"{CELL_PX} px"),
    ("neighbourhood", f"{NEIGHBOURS} x {NEIGHBOURS} cells"),
    ("stands out from", f"{STANDS_OUT} standard deviations"),
    ("gain of the view", str(GAIN)),
)


def find(subject: Subject, check: Check) -> Trace:
    """Compare each cell's error with that of cells of alike fine structure."""
    if min(subject.height, subject.width) // CELL_PX < NEIGHBOURS:
        return traced(METHOD.not_available(f"It needs {CELL_PX * NEIGHBOURS} px a side."))
    quality = chosen_quality(subject)
    view = amplified_difference(subject.pixels, quality)
    check()
    error = np.log(resaved_error(subject.luma, quality) + 0.05)
    check()
    structure = np.log(fine_structure(subject.luma) + 0.05)
    check()
    valid = subject.judgeable(CELL_PX)
    used = (("quality of the new compression", str(quality)),)
    if int(valid.sum()) < LEAST_CELLS:
        reason = "Too little of the picture has texture: nothing can be compared."
        return traced(METHOD.not_available(reason), picture=view, parameters=used)
    stands = smoothed(deviations(error, structure, valid, 0.02), valid, NEIGHBOURS)
    check()
    strength = np.abs(stands)
    peak = float(stands.flat[int(np.argmax(strength))])
    found = regions(strength >= STANDS_OUT, CELL_PX, subject, least_cells=LEAST_PART)
    reason = _reason(quality, peak, bool(found))
    return traced(
        METHOD.derived(round(peak, 2), reason, unit="sd", regions=found),
        heatmap=heat(strength / FULL, valid, subject, "error level against fine structure"),
        picture=view,
        parameters=used,
    )


def chosen_quality(subject: Subject) -> int:
    """Return the quality of the new compression."""
    if subject.jpeg is None:
        return QUALITIES[0]
    own = estimate_quality(subject.jpeg.table.ravel().tolist())
    return QUALITIES[0] if abs(own - QUALITIES[0]) > NEAR_OWN else QUALITIES[1]


def resaved_error(luma: NDArray[np.float32], quality: int) -> NDArray[np.float32]:
    """Return [rows, cols]: mean change of luma in whole cells when it is saved once more."""
    grey = luma.astype(np.uint8)
    return _strip_means(cv2.absdiff(grey, _saved(grey, quality)))


def fine_structure(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return [rows, cols]: mean magnitude of the Laplacian in whole cells.

    Structure as fine as this is what compression changes; it tells cells apart better than
    their whole texture does.
    """
    rows, cols = luma.shape[0] // CELL_PX, luma.shape[1] // CELL_PX
    made = np.empty((rows, cols), dtype=np.float32)
    for top in range(0, rows, STRIP_CELLS):
        strip = luma[top * CELL_PX : (top + STRIP_CELLS) * CELL_PX]
        lines = np.abs(cv2.Laplacian(strip, cv2.CV_32F))
        made[top : top + STRIP_CELLS] = cell_means(lines, CELL_PX)
    return made


def amplified_difference(pixels: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """Return [height, width, 3]: the change of each sample, enlarged, as examiners know it."""
    bgr = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), dtype=np.uint8)
    difference = cv2.absdiff(bgr, _saved(bgr, quality))
    enlarged = cv2.convertScaleAbs(difference, alpha=GAIN)
    return np.asarray(cv2.cvtColor(enlarged, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def _saved(picture: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    done, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    again = cv2.imdecode(packed, cv2.IMREAD_UNCHANGED) if done else None
    if again is None:
        raise RuntimeError("The picture could not be saved once more.")
    return np.asarray(again, dtype=np.uint8)


def _strip_means(values: NDArray[np.integer] | cv2.typing.MatLike) -> NDArray[np.float32]:
    rows, cols = values.shape[0] // CELL_PX, values.shape[1] // CELL_PX
    made = np.empty((rows, cols), dtype=np.float32)
    for top in range(0, rows, STRIP_CELLS):
        strip = values[top * CELL_PX : (top + STRIP_CELLS) * CELL_PX].astype(np.float32)
        made[top : top + STRIP_CELLS] = cell_means(strip, CELL_PX)
    return made


def _reason(quality: int, peak: float, found: bool) -> str:
    said = (
        f"Saved again at quality {quality}, the strongest part deviates by {peak:+.1f} standard "
        "deviations"
    )
    if not found:
        return f"{said} from places of alike structure; nothing coherent stands out."
    return (
        f"{said} from places of alike structure. Pasted or repainted parts do that; so do "
        "lettering, sharp repeated patterns, sky beside foliage, and strongly coloured areas."
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

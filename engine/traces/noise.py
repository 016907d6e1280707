"""Noise level: whether some part of the picture is noisier or calmer than the rest explains.

The finest diagonal band of a wavelet transform holds little of the scene and most of the noise;
the median of its magnitudes in a cell estimates the level. Sensors make more noise in bright
areas, and texture leaks into the band, so the level that brightness and coarse texture let expect
is fitted over the whole picture, and what departs from it is shown.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.trace_types import Trace
from engine.traces.made import Method
from engine.traces.outliers import LEAST_CELLS, departures, deviations, smoothed
from engine.traces.subject import Check, Subject, cell_deviations, cell_means
from engine.traces.tracing import Tracing, heat, regions, traced

METHOD = Method(
    name="trace.noise",
    version="1",
    source=(
        "Mahdian, Saic, Using noise inconsistencies for blind image forensics, Image and Vision "
        "Computing 27, 2009 (the fit to brightness and texture is this project's)"
    ),
)
CELL_PX = 16
NEIGHBOURS = 5
"""Cells a side over which departures are averaged."""

LEAST_PART = 8
"""Connected cells that make a part."""

STANDS_OUT = 2.2
"""Mean departure of a neighbourhood, in standard deviations of a cell, that is pointed out."""

FULL = 5.0
LEAST_LEVEL = 0.15
"""Noise below, in grey levels, is taken for none: compression has removed it."""

TO_SIGMA = 0.6745
"""Median magnitude to standard deviation, for a normal distribution."""

STRIP_CELLS = 16
HIGH_PASS = np.array([1 - 3**0.5, -(3 - 3**0.5), 3 + 3**0.5, -(1 + 3**0.5)]) / (4 * 2**0.5)
"""Wavelet filter with two vanishing moments. Source: Daubechies 1988, N = 2."""

PARAMETERS = (
    ("band", "finest diagonal, Daubechies filter of 4 taps"),
    ("cell", f"{CELL_PX} px"),
    ("neighbourhood", f"{NEIGHBOURS} x {NEIGHBOURS} cells"),
    ("stands out from", f"{STANDS_OUT} standard deviations"),
)


def find(subject: Subject, check: Check) -> Trace:
    """Compare each cell's noise with what its brightness and coarse texture let expect."""
    if min(subject.height, subject.width) < CELL_PX * NEIGHBOURS:
        return traced(METHOD.not_available(f"It needs {CELL_PX * NEIGHBOURS} px a side."))
    levels = noise_levels(subject.luma, check)
    valid = subject.judgeable(CELL_PX) & (levels > LEAST_LEVEL)
    if int(valid.sum()) < LEAST_CELLS:
        reason = "Compression or smoothing has left too little noise to compare."
        return traced(METHOD.not_available(reason))
    brightness = cell_means(subject.luma, CELL_PX)
    check()
    coarse = cell_deviations(cell_means(subject.luma, 4), CELL_PX // 4)
    check()
    texture = np.log(coarse + 0.5)
    features = (brightness / 255, (brightness / 255) ** 2, texture)
    rest = departures(np.log(levels + 1e-3), features, valid)
    # Texture that leaks into the band spreads the levels of textured cells alone.
    stands = smoothed(deviations(rest, texture, valid, 0.05), valid, NEIGHBOURS)
    strength = np.abs(stands)
    peak = float(stands.flat[int(np.argmax(strength))])
    found = regions(strength >= STANDS_OUT, CELL_PX, subject, least_cells=LEAST_PART)
    typical = float(np.median(levels[valid]))
    return traced(
        METHOD.derived(
            round(peak, 2), _reason(typical, peak, bool(found)), unit="sd", regions=found
        ),
        heatmap=heat(strength / FULL, valid, subject, "noise level against brightness and texture"),
    )


def noise_levels(luma: NDArray[np.float32], check: Check) -> NDArray[np.float32]:
    """Return [rows, cols]: noise of whole cells, grey levels.

    Args:
        luma: [height, width] 0..255.
        check: called for each strip.
    """
    rows, cols = luma.shape[0] // CELL_PX, luma.shape[1] // CELL_PX
    made = np.empty((rows, cols), dtype=np.float32)
    kernel = HIGH_PASS.astype(np.float32)
    half = CELL_PX // 2
    for top in range(0, rows, STRIP_CELLS):
        check()
        strip = luma[top * CELL_PX : min(rows, top + STRIP_CELLS) * CELL_PX, : cols * CELL_PX]
        band = np.abs(cv2.sepFilter2D(strip, -1, kernel, kernel)[::2, ::2])
        count = strip.shape[0] // CELL_PX
        cells = band.reshape(count, half, cols, half).swapaxes(1, 2).reshape(count, cols, -1)
        middle = half * half // 2
        made[top : top + count] = np.partition(cells, middle, axis=2)[..., middle] / TO_SIGMA
    return made


def _reason(typical: float, peak: float, found: bool) -> str:
    said = f"Typical noise is {typical:.1f} grey levels"
    if not found:
        return f"{said}; no coherent part has more or less than its surroundings explain."
    which = "noisier" if peak > 0 else "calmer"
    return (
        f"{said}; a part is {which} than its brightness and texture explain ({peak:+.1f} standard "
        "deviations). Pasted, smoothed or generated parts do that; so do sharp against blurred "
        "depth of field, fine regular texture, and local noise reduction in phones."
    )


TRACING = Tracing(
    method=METHOD,
    title="Noise level",
    principle=(
        "Noise of one exposure depends on brightness alone; a part from elsewhere, or one that "
        "was smoothed, has another level."
    ),
    limits=(
        "Compression removes noise and with it the evidence. Depth of field, fine texture and a "
        "phone's own local noise reduction look the same."
    ),
    parameters=PARAMETERS,
    find=find,
)

"""Median filtering: neighbouring samples that are equal more often than a photograph lets them be.

A median passes one of its inputs on, and neighbouring windows share most of theirs: where there is
texture, differences of 0 become frequent against differences of 1. Smoothing by means does not do
that. Median filters wipe over retouched places and traces of resizing.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.trace_types import Trace
from engine.traces.made import NONE, Method
from engine.traces.subject import Check, Subject, cell_means
from engine.traces.tracing import Tracing, heat, regions, traced

METHOD = Method(
    name="trace.median",
    version="1",
    source="Kirchner, Fridrich, On Detection of Median Filtering in Digital Images, SPIE 7541, "
    "2010, section 3; Cao et al., Forensic Detection of Median Filtering, ICME 2010",
)

CELL_PX = 32
"""Side of a cell; counts are taken over 3 x 3 cells around each."""

LEAST_DEVIATION = 3.0
"""Standard deviation in 7 x 7 samples from which there is texture: flat places have equal
neighbours by nature."""

LEAST_TEXTURED = 0.25
"""Share of textured samples a window must have."""

PRIOR = 4.0
"""Added to either count, so that windows with few small differences do not decide."""

LEAST_RATIO, CERTAIN_RATIO = 0.45, 0.9
"""Logarithm of the ratio from which a window may stand out, and from which it does."""

LEAST_DEVIATIONS = 6.0
"""Between the two a window must lie so many robust standard deviations over the picture's median:
6 % of 150 photographs then have such a place, and 82 % of those in which one was filtered by 3 x 3,
66 % by 5 x 5; docs/log.md."""

TO_DEVIATION = 1.4826
"""Median absolute deviation to standard deviation, for a normal distribution."""

FULL_RATIO = 1.8
"""Drawn as 1."""

LEAST_REGION_CELLS = 6
WHOLE_RATIO = 0.55
"""Median of all windows from which the picture as a whole seems filtered."""

LEAST_WINDOWS = 16


def find(subject: Subject, check: Check) -> Trace:
    """Compare how often neighbours are equal with how often they differ by one."""
    if subject.jpeg is not None:
        return traced(
            METHOD.not_available(
                "The file is a JPEG: compression after a median filter removes what this method "
                "looks at, even at a quality of 95."
            )
        )
    if min(subject.height, subject.width) < 4 * CELL_PX:
        return traced(METHOD.not_available(f"A side is shorter than {4 * CELL_PX} px."))
    ratio, valid = equal_ratio(np.ascontiguousarray(subject.pixels[..., 1]), check)
    valid &= ~subject.saturated(CELL_PX)
    if int(valid.sum()) < LEAST_WINDOWS:
        return traced(METHOD.not_available("Too little of the picture has texture to judge."))
    middle = float(np.median(ratio[valid]))
    if middle >= WHOLE_RATIO:
        return traced(
            METHOD.derived(
                round(middle, 2),
                "Neighbouring samples are equal unusually often all over the picture: a median "
                "filter may have gone over all of it. Noise reduction of cameras and phones, "
                "few grey levels and drawn pictures look alike.",
                unit=UNIT,
            ),
            heatmap=heat(ratio / FULL_RATIO, valid, subject, "equal neighbours, log ratio / 1.8"),
        )
    spread = TO_DEVIATION * float(np.median(np.abs(ratio[valid] - middle)))
    least = min(CERTAIN_RATIO, max(LEAST_RATIO, middle + LEAST_DEVIATIONS * spread))
    boxes = regions((ratio >= least) & valid, CELL_PX, subject, least_cells=LEAST_REGION_CELLS)
    peak = float(ratio[valid].max())
    return traced(
        METHOD.derived(
            round(peak, 2) if boxes else NONE,
            _reason(len(boxes), 1 - float(valid.mean())),
            unit=UNIT if boxes else None,
            regions=boxes,
        ),
        heatmap=heat(ratio / FULL_RATIO, valid, subject, "equal neighbours, log ratio / 1.8"),
    )


def _reason(places: int, masked: float) -> str:
    left_out = (
        f" {100 * masked:.0f} % of the picture has too little texture to judge." if masked else ""
    )
    if not places:
        return f"Nowhere are neighbouring samples equal unusually often.{left_out}"
    where = "one place" if places == 1 else f"{places} places"
    return (
        f"In {where} with texture, neighbouring samples are equal unusually often, as a median "
        "filter leaves them. Retouching brushes and noise reduction of a part do that, and so do "
        f"printed or drawn surfaces, screens and out-of-focus parts.{left_out}"
    )


def equal_ratio(
    green: NDArray[np.uint8], check: Check
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return log(2 h0 / h1) over windows of 3 x 3 cells, and where there is texture.

    h0 and h1 count differences of 0 and of 1 level, either sign, between textured neighbours in
    both directions; of smooth distributions the logarithm is about 0. Green stands for all colours.

    Args:
        green: [H, W].
        check: raises when the work is to be stopped.

    Returns:
        Both [H // 32, W // 32].

    Source: Kirchner and Fridrich 2010, equation 6, restricted to texture as in Cao et al. 2010.
    """
    textured = _textured(green)
    check()
    zeros = np.zeros((green.shape[0] // CELL_PX, green.shape[1] // CELL_PX), dtype=np.float32)
    ones = np.zeros_like(zeros)
    for shifted in (np.roll(green, -1, axis=1), np.roll(green, -1, axis=0)):
        difference = cv2.absdiff(green, shifted)
        zeros += cell_means(((difference == 0) & textured).astype(np.float32), CELL_PX)
        check()
        ones += cell_means(((difference == 1) & textured).astype(np.float32), CELL_PX)
        check()
    share = cell_means(textured.astype(np.float32), CELL_PX)
    prior = PRIOR / (3 * CELL_PX) ** 2
    ratio = np.log((2 * cv2.blur(zeros, (3, 3)) + prior) / (cv2.blur(ones, (3, 3)) + prior))
    return ratio.astype(np.float32), np.asarray(cv2.blur(share, (3, 3)) >= LEAST_TEXTURED)


def _textured(green: NDArray[np.uint8]) -> NDArray[np.bool_]:
    level = green.astype(np.float32)
    mean = cv2.blur(level, (7, 7))
    square = cv2.blur(level * level, (7, 7))
    return np.asarray(square - mean * mean > LEAST_DEVIATION**2)


UNIT = "log ratio"

TRACING = Tracing(
    method=METHOD,
    title="Median filtering",
    principle="A median passes samples on unchanged, so neighbours are equal more often than "
    "in a photograph; where there is texture that shows.",
    limits="Sees nothing in JPEG files: any compression after the filter hides it. A median of "
    "5 x 5 shows less than one of 3 x 3. Noise reduction and drawn surfaces look alike.",
    parameters=(
        ("window", f"{3 * CELL_PX} px every {CELL_PX} px"),
        ("texture from", f"{LEAST_DEVIATION:g} levels in 7 x 7"),
        ("stands out from", f"{LEAST_RATIO:g} to {CERTAIN_RATIO:g}"),
    ),
    find=find,
)

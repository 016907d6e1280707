"""Luminance gradient: the direction in which each place gets brighter, as a picture to look at.

Light falls on all parts of a scene from the same sources; noise, blur and outlines of parts that
were put together differ in this view more clearly than in the picture.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.trace_types import Trace
from engine.traces.made import Method
from engine.traces.subject import Check, Subject
from engine.traces.tracing import Tracing, traced

METHOD = Method(
    name="trace.gradient",
    version="1",
    source="Scharr, Optimale Operatoren in der Digitalen Bildverarbeitung, Heidelberg 2000 (the "
    "operator); Krawetz, A Picture's Worth, 2007 (the view)",
)

SCHARR_SUM = 32.0
"""Sum of the operator's weights on a step of one level a pixel."""

FULL_LOG = float(np.log1p(40.0))
"""Logarithm of the gradient, levels a pixel, that is drawn as full blue."""

STRIP_PX = 512


def find(subject: Subject, check: Check) -> Trace:
    """Show the gradient; the number is its median magnitude."""
    view = np.empty((subject.height, subject.width, 3), dtype=np.uint8)
    sampled = []
    for top in range(0, subject.height, STRIP_PX):
        check()
        bottom = min(top + STRIP_PX, subject.height)
        above, below = max(top - 1, 0), min(bottom + 1, subject.height)
        across, down = gradient(subject.luma[above:below])
        inner = slice(top - above, top - above + bottom - top)
        view[top:bottom], magnitude = _coloured(across[inner], down[inner])
        sampled.append(magnitude[::4, ::4].ravel())
    median = float(np.median(np.concatenate(sampled)))
    return traced(
        METHOD.derived(
            round(median, 2),
            f"Half of the picture changes by less than {median:.1f} levels a pixel. Red tells "
            "the direction across, green the direction down, blue the strength; look for parts "
            "whose grain, sharpness or shading does not go with what is around them.",
            unit="levels/px",
        ),
        picture=view,
    )


def gradient(luma: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the change of brightness (across, down): both [H, W], levels a pixel."""
    across = cv2.Scharr(luma, cv2.CV_32F, 1, 0, scale=1 / SCHARR_SUM)
    down = cv2.Scharr(luma, cv2.CV_32F, 0, 1, scale=1 / SCHARR_SUM)
    return np.asarray(across, dtype=np.float32), np.asarray(down, dtype=np.float32)


def _coloured(
    across: NDArray[np.float32], down: NDArray[np.float32]
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    magnitude = cv2.magnitude(across, down)
    scale = 127.5 / (magnitude + np.float32(0.5))
    strength = np.log1p(magnitude) * np.float32(255 / FULL_LOG)
    channels = [across * scale + 127.5, down * scale + 127.5, np.minimum(strength, 255)]
    drawn = cv2.merge([np.asarray(c, dtype=np.float32) for c in channels])
    return drawn.astype(np.uint8), np.asarray(magnitude, dtype=np.float32)


TRACING = Tracing(
    method=METHOD,
    title="Luminance gradient",
    principle="Shows the direction and strength of every change of brightness as a colour.",
    limits="A view for a trained eye; the number describes the picture and accuses nothing.",
    parameters=(("operator", "Scharr, 3 x 3"), ("full blue", "40 levels/px")),
    find=find,
)

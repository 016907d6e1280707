"""Principal components: the picture along the colour direction in which it varies least.

Nearly all of a photograph's variation lies in brightness and one or two directions of colour. What
is left along the last component is noise, compression and light that has another colour.
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
    name="trace.components",
    version="1",
    source="Pearson, On Lines and Planes of Closest Fit, Phil. Mag. 2(11), 1901; Krawetz, A "
    "Picture's Worth, 2007, section 5 (the view)",
)

MOST_SAMPLES = 400_000
STRETCH = (1.0, 99.0)
"""Percentiles that are drawn black and white."""

STRIP_PX = 512


def find(subject: Subject, check: Check) -> Trace:
    """Show the last component; the number is its share of the variance."""
    mean, axes, variances = components(subject.pixels)
    check()
    total = float(variances.sum())
    if total < 1e-6:
        return traced(METHOD.not_available("All samples have one colour."))
    last = axes[2].astype(np.float32)[None]
    offset = -float(mean @ axes[2])
    projected = np.empty((subject.height, subject.width), dtype=np.float32)
    for top in range(0, subject.height, STRIP_PX):
        check()
        strip = subject.pixels[top : top + STRIP_PX].astype(np.float32)
        projected[top : top + STRIP_PX] = cv2.transform(strip, last).reshape(strip.shape[:2])
    projected += np.float32(offset)
    low, high = np.percentile(projected[::4, ::4], STRETCH)
    view = np.clip((projected - low) * np.float32(255 / max(high - low, 1e-6)), 0, 255)
    share = 100 * float(variances[2]) / total
    return traced(
        METHOD.derived(
            round(share, 3),
            f"The last of three colour components holds {share:.2g} % of the variance. Look for "
            "parts whose grain or shade differs from their surroundings in it; coloured light "
            "and coloured objects do so as well.",
            unit="%",
        ),
        picture=view.astype(np.uint8),
        parameters=(("direction", "({:.3f}, {:.3f}, {:.3f}) of R, G, B".format(*axes[2])),),
    )


def components(
    pixels: NDArray[np.uint8],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return mean, directions (rows, by falling variance) and variances of the colours.

    Args:
        pixels: [H, W, 3]; evenly spread samples are taken of large pictures.

    Returns:
        [3], [3, 3] with orthonormal rows whose largest entry is positive, [3] levels².
    """
    flat = pixels.reshape(-1, 3)
    # A prime step, so that samples do not line up in columns.
    step = max(1, len(flat) // MOST_SAMPLES)
    chosen = flat[:: step + (step > 1 and step % 2 == 0)].astype(np.float64)
    mean = chosen.mean(axis=0)
    covariance = (chosen - mean).T @ (chosen - mean) / len(chosen)
    variances, columns = np.linalg.eigh(covariance)
    axes = columns.T[::-1].copy()
    largest = axes[np.arange(3), np.abs(axes).argmax(axis=1)]
    axes *= np.sign(largest)[:, None]
    return mean, axes, np.maximum(variances[::-1], 0)


TRACING = Tracing(
    method=METHOD,
    title="Principal components",
    principle="Shows the picture along the direction of colour in which it varies least, where "
    "noise, compression and foreign light remain.",
    limits="A view for a trained eye; the number describes the picture and accuses nothing.",
    parameters=(("stretched", f"percentiles {STRETCH[0]:g} to {STRETCH[1]:g}"),),
    find=find,
)

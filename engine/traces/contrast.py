"""Contrast enhancement: a histogram with gaps and peaks, which no sensor makes.

A tone curve maps 256 levels onto fewer or more: where it is steep, levels stay empty, where it is
flat, several fall together. The spectrum of the histogram then has power at high frequencies.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.trace_types import Trace
from engine.traces.made import NONE, Method
from engine.traces.subject import Check, Subject
from engine.traces.tracing import Tracing, curve, heat, regions, traced

METHOD = Method(
    name="trace.contrast",
    version="1",
    source="Stamm, Liu, Forensic Detection of Image Manipulation Using Statistical Intrinsic "
    "Fingerprints, IEEE TIFS 5(3), 2010, section IV",
)

LEVELS = 256
CELL_PX = 64
"""Histograms are taken over 2 x 2 cells, 128 px; the paper's local test uses 100 px and more."""

HIGH = 64
"""Of 128 frequencies of a histogram those from here on are high (the paper's cut-off, pi / 2)."""

TAPER_LEVELS = 12
"""Over so many levels the histogram is faded out at both ends, where clipped samples pile up."""

LEAST_SHARE = 0.2
"""Share of samples that differ from a neighbour that a window must have."""

LEAST_WHOLE = 0.012
"""Strength from which the picture stands out: of 100 photographs the largest had .009, changed by
gamma .8 and 1.2 the smallest .013. See docs/log.md."""

LEAST_WINDOW = 0.022
"""Strength from which a window stands out: 1 % of windows reach .03 by chance, single ones."""

FULL = 0.06
"""Strength drawn as 1."""

LEAST_REGION_CELLS = 6

Counts = NDArray[np.float64]


def find(subject: Subject, check: Check) -> Trace:
    """Look for gaps and peaks in the histograms of the picture and its parts."""
    if min(subject.height, subject.width) < 2 * CELL_PX:
        return traced(METHOD.not_available(f"A side is shorter than {2 * CELL_PX} px."))
    counts = cell_counts(np.ascontiguousarray(subject.pixels[..., 1]), check)
    total = counts.sum(axis=(0, 1))
    if total.sum() < LEAST_SHARE * subject.height * subject.width:
        return traced(METHOD.not_available("Too few samples differ from their neighbours."))
    whole = float(strength(total))
    drawn = curve(np.arange(LEVELS), total / total.sum(), "green, 0..255", "share of samples")
    windows = _windows(counts)
    valid = (windows.sum(axis=-1) >= LEAST_SHARE * (2 * CELL_PX) ** 2) & ~subject.saturated(CELL_PX)
    local = strength(windows)
    shown = heat(local / FULL, valid, subject, "gaps and peaks of the histogram")
    if whole >= LEAST_WHOLE:
        return traced(
            METHOD.derived(round(whole, 4), _whole_reason(total), unit=UNIT),
            heatmap=shown,
            curve=drawn,
        )
    hot = (local >= LEAST_WINDOW) & valid
    boxes = regions(hot, CELL_PX, subject, least_cells=LEAST_REGION_CELLS)
    peak = round(float(local[valid].max()), 4) if boxes else NONE
    return traced(
        METHOD.derived(
            peak, _part_reason(len(boxes), subject), unit=UNIT if boxes else None, regions=boxes
        ),
        heatmap=shown,
        curve=drawn,
    )


def _whole_reason(total: Counts) -> str:
    inner = np.nonzero(total > total.max() / 100)[0]
    span = total[inner[0] : inner[-1] + 1]
    empty = int((span < span.mean() / 50).sum())
    return (
        f"The histogram has gaps and peaks all over ({empty} of {len(span)} levels are empty): "
        "brightness or contrast was changed after the picture had been reduced to 256 levels. "
        "That is what editing programs and scanners do every day; it says nothing of the content."
    )


def _part_reason(places: int, subject: Subject) -> str:
    if places:
        where = "one place" if places == 1 else f"{places} places"
        return (
            f"In {where} the histogram has gaps and peaks that the rest lacks: brightness or "
            "contrast was changed there alone, as when a pasted part is fitted in. Lettering, "
            "screens and drawn surfaces, which have few levels, look alike."
        )
    blind = " JPEG compression after the change hides it." if subject.jpeg is not None else ""
    return f"Histograms are smooth; no change of brightness or contrast shows.{blind}"


def cell_counts(green: NDArray[np.uint8], check: Check) -> Counts:
    """Return histograms of the samples that differ from a neighbour, faded out at both ends.

    Even areas would put peaks into the histogram that no tone curve made.

    Args:
        green: [H, W].
        check: raises when the work is to be stopped.

    Returns:
        [H // 64, W // 64, 256].
    """
    rows, cols = green.shape[0] // CELL_PX, green.shape[1] // CELL_PX
    differs = (green != np.roll(green, -1, axis=1)) | (green != np.roll(green, -1, axis=0))
    levels = np.arange(LEVELS)
    taper = np.clip((np.minimum(levels, LEVELS - 1 - levels) - 2) / TAPER_LEVELS, 0, 1)
    counts = np.zeros((rows, cols, LEVELS))
    columns = np.arange(cols * CELL_PX) // CELL_PX * LEVELS
    for row in range(rows):
        check()
        lines = slice(row * CELL_PX, (row + 1) * CELL_PX)
        places = green[lines, : cols * CELL_PX] + columns[None]
        chosen = places[differs[lines, : cols * CELL_PX]]
        counts[row] = np.bincount(chosen, minlength=cols * LEVELS).reshape(cols, LEVELS)
    return np.asarray(counts * taper)


def _windows(counts: Counts) -> Counts:
    """Return the counts of the 2 x 2 cells around each cell's corners, averaged over four."""
    padded = np.pad(counts, ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows, cols = counts.shape[:2]
    total = np.zeros_like(counts)
    for dy, down in ((0, 1), (1, 2), (2, 1)):
        for dx, across in ((0, 1), (1, 2), (2, 1)):
            total += down * across / 4 * padded[dy : dy + rows, dx : dx + cols]
    return total


def strength(counts: Counts) -> Counts:
    """Return the amplitude of a histogram's high frequencies, over the number of samples.

    What so many samples drawn at random from a smooth histogram would have is taken off.

    Args:
        counts: [..., 256].

    Returns:
        [...], 0 for a smooth histogram, about .02 to .05 after a change of contrast by 15 %.

    Source: Stamm and Liu 2010, equations 10 to 13; taking off the noise is this program's.
    """
    number = np.maximum(counts.sum(axis=-1), 1)
    spectrum = np.abs(np.fft.rfft(counts, axis=-1))[..., HIGH:] ** 2
    excess = np.maximum(spectrum.mean(axis=-1) - number, 0)
    return np.asarray(np.sqrt(excess) / number)


UNIT = "share of samples"

TRACING = Tracing(
    method=METHOD,
    title="Contrast and brightness",
    principle="A tone curve applied to 256 levels leaves gaps and peaks in the histogram; a "
    "photograph's histogram is smooth.",
    limits="Any JPEG compression after the change hides it, and a change made before the picture "
    "was reduced to 256 levels never shows. Pictures with few levels look alike.",
    parameters=(
        ("window", f"{2 * CELL_PX} px every {CELL_PX} px"),
        ("stands out from, whole", f"{LEAST_WHOLE:g}"),
        ("stands out from, window", f"{LEAST_WINDOW:g}"),
    ),
    find=find,
)

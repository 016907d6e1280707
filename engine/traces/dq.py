"""Double quantisation on the same grid: parts that lack the picture's earlier compression.

A coefficient that was quantised with step Q1 and again with Q2 takes some values too often and
others hardly ever. From each coefficient's histogram, and what it would be after a single
compression (measured on the same picture with the grid shifted by four pixels), Q1 and the share
of doubly quantised blocks are estimated. Each block then speaks for one or two compressions; parts
that were replaced before the last saving have been quantised once.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import special

from engine.trace_types import Curve, Trace
from engine.traces.coefficients import Coefficients
from engine.traces.dct import basis
from engine.traces.jpeg_file import ZIGZAG
from engine.traces.made import Method
from engine.traces.subject import Check, Subject
from engine.traces.tracing import Tracing, curve, heat, regions, traced

METHOD = Method(
    name="trace.dq",
    version="1",
    source=(
        "Bianchi, Piva, Image Forgery Localization via Block-Grained Analysis of JPEG Artifacts, "
        "IEEE TIFS 7(3), 2012, aligned case; Lin, He, Tang, Tang, Pattern Recognition 42, 2009"
    ),
)
FREQUENCIES = tuple(int(place) for place in ZIGZAG[1:11])
"""The ten lowest frequencies besides the mean, as places row by row."""

REACH = 40
"""Quantised values beyond are left out."""

MOST_Q1 = 40
"""Largest first step that is tried."""

ERROR = 0.35
"""Standard deviation of rounding and clipping between the compressions, in DCT units."""

LEAST_GAIN = 0.6
"""Share of the difference between the histograms that a first step has to explain."""

LEAST_SHARE = 0.08
"""Doubly quantised share below which the fit is chance."""

LEAST_INFORMATIVE = 0.03
"""Bits a first step has to move the histogram; below nothing could be told apart."""

NEIGHBOURS = 7
"""Blocks a side over which evidence is summed."""

LEAST_VALUES = 60
"""Values besides zero a neighbourhood needs."""

STANDS_OUT = 0.7
"""Place between two compressions (0) and one (1) from which on a part is pointed out."""

PARAMETERS = (
    ("frequencies", "the 10 lowest besides the mean"),
    ("first steps tried", f"1 to {MOST_Q1}"),
    ("neighbourhood", f"{NEIGHBOURS} x {NEIGHBOURS} blocks"),
    ("stands out from", f"{STANDS_OUT} of the way from two compressions to one"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """What one frequency tells of an earlier quantisation."""

    place: int
    """0..63, row by row."""
    q1: int
    """The first step."""
    share: float
    """Of values that were quantised twice, 0..1."""
    gain: float
    """Share of the squared difference that this explains, 0..1."""
    observed: NDArray[np.float64]
    """[2 REACH + 1] histogram of the quantised values, sums to 1."""
    single: NDArray[np.float64]
    """Likewise, as after one compression."""
    ratio: NDArray[np.float64]
    """Likewise, how much likelier each value is after two."""


def find(subject: Subject, check: Check) -> Trace:
    """Estimate an earlier compression on the same grid, and where it is missing.

    `engine.traces.edited` builds on it: it is computed once a picture.
    """
    return subject.shared(METHOD.name, _find, check)


def _find(subject: Subject, check: Check) -> Trace:
    jpeg = subject.jpeg
    if jpeg is None:
        return traced(METHOD.not_available(subject.no_jpeg))
    if min(jpeg.luma.shape[:2]) < 2 * NEIGHBOURS:
        return traced(METHOD.not_available(f"It needs {16 * NEIGHBOURS} px a side."))
    shifted = shifted_coefficients(subject.luma, check)
    fits = []
    for index, place in enumerate(FREQUENCIES):
        check()
        step = int(jpeg.table.flat[place])
        values = jpeg.luma.reshape(-1, 64)[:, place]
        fits.append(fit(place, values, np.rint(shifted[index] / step).astype(np.int32), step))
    told = [each for each in fits if telling(each)]
    if len(told) < 2:
        reason = (
            "No trace of an earlier compression on the same grid. An earlier one of finer or equal "
            "steps, or on another grid, would not show here."
        )
        best = max(fits, key=lambda each: each.gain * each.share)
        return traced(METHOD.derived(0.0, reason, unit="share standing out"), curve=_curve(best))
    return _located(subject, jpeg, told, check)


def telling(found: Fit) -> bool:
    """Return whether a fit is no chance and tells one compression from two."""
    moved = float((found.single * np.abs(found.ratio - 1)).sum())
    return found.gain >= LEAST_GAIN and found.share >= LEAST_SHARE and moved >= LEAST_INFORMATIVE


def shifted_coefficients(luma: NDArray[np.float32], check: Check) -> NDArray[np.float32]:
    """Return [frequencies, blocks] of the picture without its first four rows and columns."""
    d = basis()
    rows, cols = (luma.shape[0] - 4) // 8, (luma.shape[1] - 4) // 8
    kernel = np.kron(d, d)[list(FREQUENCIES)].T
    made = np.empty((len(FREQUENCIES), rows * cols), dtype=np.float32)
    for row in range(0, rows, 32):
        check()
        count = min(32, rows - row)
        strip = luma[4 + row * 8 : 4 + (row + count) * 8, 4 : 4 + cols * 8]
        blocks = strip.reshape(count, 8, cols, 8).swapaxes(1, 2).reshape(-1, 64)
        made[:, row * cols : (row + count) * cols] = (blocks @ kernel).T
    return made


def fit(place: int, values: NDArray[np.integer], single: NDArray[np.integer], step: int) -> Fit:
    """Return the first step and the share of double quantisation that explain a histogram best.

    Args:
        place: of the frequency, 0..63.
        values: quantised coefficients.
        single: the same as after one compression.
        step: the second step, Q2.
    """
    h, g = _histogram(values), _histogram(single)
    best = Fit(
        place=place, q1=step, share=0.0, gain=0.0, observed=h, single=g, ratio=np.ones_like(g)
    )
    whole = float(((h - g) ** 2).sum())
    for q1 in range(2, MOST_Q1 + 1):
        if q1 == step:
            continue
        ratio = ratios(q1, step)
        doubled = g * ratio
        doubled /= max(float(doubled.sum()), 1e-9)
        direction = doubled - g
        length = float((direction**2).sum())
        if length < 1e-12 or whole < 1e-12:
            continue
        share = float(np.clip(((h - g) * direction).sum() / length, 0, 1))
        gain = 1 - float(((h - g - share * direction) ** 2).sum()) / whole
        if gain > best.gain:
            best = Fit(
                place=place, q1=q1, share=share, gain=gain, observed=h, single=g, ratio=ratio
            )
    return best


def ratios(q1: int, q2: int) -> NDArray[np.float64]:
    """Return [2 REACH + 1]: how much likelier each quantised value is after steps q1 and q2.

    Where the unquantised density hardly changes within a step, a value x collects what the first
    quantiser put on the multiples of q1 within q2 (x +- 1/2), blurred by rounding to whole
    samples in between.

    Source: Bianchi and Piva 2012, section III-A.
    """
    x = np.arange(-REACH, REACH + 1)[:, None]
    most = int((REACH + 1) * q2 / q1) + 1
    middles = np.arange(-most, most + 1)[None, :] * q1
    upper = special.ndtr((q2 * (x + 0.5) - middles) / ERROR)
    lower = special.ndtr((q2 * (x - 0.5) - middles) / ERROR)
    return np.asarray(q1 / q2 * (upper - lower).sum(axis=1))


def _histogram(values: NDArray[np.integer]) -> NDArray[np.float64]:
    inside = values[np.abs(values) <= REACH]
    counts = np.bincount(inside.astype(np.intp) + REACH, minlength=2 * REACH + 1)
    return np.asarray(counts / max(1, inside.size), dtype=np.float64)


def _located(subject: Subject, jpeg: Coefficients, told: list[Fit], check: Check) -> Trace:
    share = float(np.median([each.share for each in told]))
    score, enough = single_score(jpeg.luma, told, check)
    valid = enough.copy()
    saturated = subject.saturated(8)
    valid[: saturated.shape[0], : saturated.shape[1]] &= ~saturated
    # The rarer kind stands out: single parts of a picture saved twice, or the reverse.
    stands = score if share >= 0.5 else 1 - score
    hot = (stands >= STANDS_OUT) & valid
    found = regions(hot, 8, subject, least_cells=NEIGHBOURS**2)
    apart = float(hot.sum() / max(1, int(valid.sum())))
    steps = ", ".join(
        f"{each.q1} to {int(jpeg.table.flat[each.place])}"
        for each in sorted(told, key=lambda each: -each.gain)[:4]
    )
    said = (
        f"The coefficients were quantised before on the same grid (steps {steps}), in about "
        f"{100 * share:.0f} % of the picture."
    )
    if found:
        what = "only one compression" if share >= 0.5 else "an earlier compression"
        said += (
            f" A part shows {what}, as one that was replaced before the last saving does; so do "
            "parts so smooth or so bright that little is left to count."
        )
    else:
        said += " No coherent part differs: saving a photograph twice does this everywhere."
    return traced(
        METHOD.derived(
            round(apart if found else 0.0, 3), said, unit="share standing out", regions=found
        ),
        heatmap=heat(stands, valid, subject, "one compression against two"),
        curve=_curve(max(told, key=lambda each: each.gain)),
        parameters=(
            ("frequencies that tell", str(len(told))),
            ("quantised twice", f"{share:.2f} of the picture"),
        ),
    )


def single_score(
    luma: NDArray[np.int16], told: list[Fit], check: Check
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return [rows, cols] places between two compressions (0) and one (1), and where they hold.

    Args:
        luma: [rows, cols, 8, 8] quantised coefficients.
        told: fits that tell.
        check: called for each frequency.
    """
    rows, cols = luma.shape[:2]
    evidence = np.zeros((rows, cols), dtype=np.float32)
    values = np.zeros((rows, cols), dtype=np.float32)
    expected = {True: 0.0, False: 0.0}
    weight = {True: 0.0, False: 0.0}
    for each in told:
        check()
        level = np.log(np.clip(each.ratio, 0.05, 20))
        level[REACH] = 0
        x = luma.reshape(rows, cols, 64)[..., each.place]
        inside = (x != 0) & (np.abs(x) <= REACH)
        evidence += np.where(inside, level[np.clip(x, -REACH, REACH) + REACH], 0)
        values += inside
        for double in (True, False):
            chance = each.single * (each.ratio if double else 1)
            chance[REACH] = 0
            expected[double] += float((chance * level).sum())
            weight[double] += float(chance.sum())
    size = (NEIGHBOURS, NEIGHBOURS)
    told_sum = cv2.boxFilter(evidence, -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT)
    counted = cv2.boxFilter(values, -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT)
    two, one = (expected[double] / max(weight[double], 1e-9) for double in (True, False))
    mean = told_sum / np.maximum(counted, 1)
    score = np.clip((two - mean) / max(two - one, 1e-6), 0, 1)
    return score.astype(np.float32), np.asarray(counted >= LEAST_VALUES)


def _curve(found: Fit) -> Curve:
    x = np.arange(-20, 21)
    inside = slice(REACH - 20, REACH + 21)
    return curve(
        x,
        found.observed[inside],
        "quantised value, steps",
        f"share of blocks, frequency {found.place // 8} down {found.place % 8} across",
        tuple(float(v) for v in x[found.ratio[inside] < 0.5]) if telling(found) else (),
    )


TRACING = Tracing(
    method=METHOD,
    title="Double quantisation",
    principle=(
        "Saving a JPEG again leaves gaps and peaks in the histograms of its coefficients; a part "
        "replaced in between has none."
    ),
    limits=(
        "Shows only where the first compression had coarser or other steps than the last and the "
        "grid stayed. Saving an untouched photograph twice shows everywhere, and means nothing "
        "by itself."
    ),
    parameters=PARAMETERS,
    find=find,
)

"""Resampling: whether the picture, or a part, was enlarged, reduced or turned.

Interpolated samples are smoother than others, and how much repeats with the ratio of the two grids.
The mean magnitude of the second derivative along rows (or columns) therefore has a line in its
spectrum, at a frequency that tells the factor.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

from engine.trace_types import Trace
from engine.traces.made import NONE, Method
from engine.traces.subject import Check, Subject
from engine.traces.tracing import Tracing, curve, heat, regions, traced

METHOD = Method(
    name="trace.resampling",
    version="1",
    source="Gallagher, Detection of Linear and Cubic Interpolation in JPEG Compressed Images, CRV "
    "2005; Mahdian, Saic, Blind Authentication Using Periodic Properties of Interpolation, IEEE "
    "TIFS 3(3), 2008; Kirchner, ACM MM&Sec 2008",
)

CELL_PX = 32
"""Step between windows of the map."""

WINDOW_CELLS = 4
"""Side of a window in cells: 128 px have 55 frequencies and 128 rows to average."""

WINDOW_PX = CELL_PX * WINDOW_CELLS

SMALL_LOG = 2.0
"""Added to the second derivative before its logarithm, levels: below lies rounding."""

LOWEST = 0.06
"""Lowest frequency looked at, cycles a pixel: below lies the picture's content."""

BESIDE_BINS_WINDOW, BESIDE_BINS_WHOLE = 1.5, 4.5
"""Bins around multiples of 1/8 that are left out: JPEG's blocks have their lines there. Those of a
whole picture are blurred over more bins, since there are more."""

RING_BINS = 8
"""Bins on either side whose mean level a line is compared with."""

EULER = 0.5772156649

MOST_CHANCE = 1e-10
"""Greatest chance, in noise, at which a line of the whole picture counts. Content is no noise:
docs/log.md has what photographs give."""

LEAST_WINDOW_DB = 10.0
"""Mean rise of a line over 3 x 3 windows and both directions from which on a place is told: 7 % of
250 photographs reach it anywhere, half of them enlarged as a whole; docs/log.md."""

EMPTY_DB, FULL_DB = 5.0, 20.0
"""Rises that the map draws as 0 and as 1; half of all windows of photographs are below 3 dB."""

LEAST_REGION_CELLS = 9
WHOLE_SHARE = 0.5
"""Share of windows with the line above which the picture as a whole was resampled."""

Plane = NDArray[np.float32]


def find(subject: Subject, check: Check) -> Trace:
    """Look for the line of an interpolation in the whole picture and in every window."""
    if min(subject.height, subject.width) < 2 * WINDOW_PX:
        return traced(METHOD.not_available(f"A side is shorter than {2 * WINDOW_PX} px."))
    along = derivative(subject.luma)
    check()
    across = derivative(np.ascontiguousarray(subject.luma.T))
    check()
    whole = max((whole_line(logs) for logs in (along, across)), key=lambda line: line.rise_db)
    check()
    scores, _ = window_scores(along, across)
    check()
    drawn = curve(
        np.arange(len(whole.rise)) / whole.samples,
        whole.rise,
        "frequency, cycles per pixel",
        "rise over neighbouring frequencies, dB",
        (whole.frequency,) if whole.chance <= MOST_CHANCE else (),
    )
    share = float((scores >= LEAST_WINDOW_DB).mean())
    valid = subject.judgeable(CELL_PX)
    if share >= WHOLE_SHARE or (whole.chance <= MOST_CHANCE and not _hot(scores, valid).any()):
        return traced(
            METHOD.derived(round(whole.rise_db, 1), _whole_text(whole, share), unit="dB"),
            curve=drawn,
        )
    boxes = regions(_hot(scores, valid), CELL_PX, subject, least_cells=LEAST_REGION_CELLS)
    peak = float(scores.max())
    return traced(
        METHOD.derived(
            round(peak, 1) if boxes else NONE,
            _part_text(peak, len(boxes), 1 - float(valid.mean())),
            unit="dB" if boxes else None,
            regions=boxes,
        ),
        heatmap=heat(
            (_cells(scores) - EMPTY_DB) / (FULL_DB - EMPTY_DB),
            valid,
            subject,
            "line of an interpolation, 5 to 20 dB",
        ),
        curve=drawn,
    )


def _hot(scores: Plane, valid: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return (_cells(scores) >= LEAST_WINDOW_DB) & valid


def _cells(scores: Plane) -> Plane:
    """Return the mean of the two windows in whose middle each cell lies: [H / 32, W / 32]."""
    before = cv2.copyMakeBorder(scores, 2, 1, 2, 1, cv2.BORDER_REPLICATE)
    after = cv2.copyMakeBorder(scores, 1, 2, 1, 2, cv2.BORDER_REPLICATE)
    return np.asarray((before + after) / 2, dtype=np.float32)


def factors(frequency: float) -> str:
    """Return the factors of scaling that give a line at a frequency, in words.

    Args:
        frequency: cycles a pixel, 0..0.5.

    Source: Gallagher 2005, section 3: a line lies at 1 / factor, folded into 0..0.5.
    """
    larger = f"enlarged {1 / (1 - frequency):.3g} or {1 / frequency:.3g} times"
    return f"{larger}, or reduced to {1 / (1 + frequency):.3g}"


def _whole_text(line: Line, share: float) -> str:
    where = f" in {100 * share:.0f} % of the picture" if share >= WHOLE_SHARE else ""
    return (
        f"The second derivative repeats with {line.frequency:.4f} cycles per pixel{where}: as a "
        "whole it seems "
        f"to have been {factors(line.frequency)}. Programs, websites and cameras with digital zoom "
        "resize ordinary photographs every day; a compression before the resizing and regular "
        "patterns in the scene have such lines as well."
    )


def _part_text(peak: float, places: int, masked: float) -> str:
    left_out = (
        f" {100 * masked:.0f} % of the picture is too flat or saturated to judge." if masked else ""
    )
    if not places:
        return (
            "No line of an interpolation stands out. Strong compression and much reduction remove "
            f"it, so this does not say that nothing was resized.{left_out}"
        )
    where = "one place" if places == 1 else f"{places} places"
    return (
        f"In {where} the second derivative repeats regularly (up to {peak:.0f} dB), unlike in the "
        "rest. A part that was enlarged or turned and pasted in looks so; so do fences, fabrics, "
        f"screens and other regular patterns.{left_out}"
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """The strongest line of the whole picture in one direction."""

    rise: NDArray[np.float32]
    """[bins], dB over the neighbours."""
    samples: int
    """Length of the profile; bin k is k / samples cycles a pixel."""
    frequency: float
    """Cycles a pixel."""
    rise_db: float
    chance: float
    """In noise, over all frequencies looked at."""


def whole_line(logs: Plane) -> Line:
    """Return the strongest line of the mean over all rows.

    Args:
        logs: [H, W], `derivative` along rows.
    """
    n = logs.shape[1]
    rise = rises(levels(logs.mean(axis=0)))
    looked = looked_at(n, BESIDE_BINS_WHOLE)
    best = int(np.where(looked, rise, -np.inf).argmax())
    return Line(
        rise=rise,
        samples=n,
        frequency=best / n,
        rise_db=float(rise[best]),
        chance=chance(float(rise[best]), int(looked.sum())),
    )


def derivative(luma: Plane) -> Plane:
    """Return log(|second derivative| + `SMALL_LOG`) along rows: [H, W].

    The logarithm keeps single edges from outweighing thousands of ordinary samples.
    """
    kernel = np.array([[1, -2, 1]], dtype=np.float32)
    second = np.abs(cv2.filter2D(luma, cv2.CV_32F, kernel))
    second += np.float32(SMALL_LOG)
    return np.asarray(cv2.log(second, dst=second), dtype=np.float32)


def levels(profiles: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the power of each frequency, dB: [..., n // 2 + 1].

    Args:
        profiles: [..., n], means of `derivative` across the other axis.
    """
    n = profiles.shape[-1]
    x = profiles - profiles.mean(axis=-1, keepdims=True)
    spectrum = rfft(x * np.hanning(n).astype(np.float32), axis=-1)
    power = spectrum.real**2 + spectrum.imag**2
    return np.asarray(10 * np.log10(power + 1e-9), dtype=np.float32)


def rises(level: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far each frequency stands out from the mean level of its neighbours, dB.

    Args:
        level: [..., bins], dB.
    """
    ring = np.ones(2 * RING_BINS + 1, dtype=np.float32)
    ring[RING_BINS - 1 : RING_BINS + 2] = 0
    ring /= ring.sum()
    flat = np.ascontiguousarray(level.reshape(-1, level.shape[-1]))
    around = cv2.filter2D(flat, cv2.CV_32F, ring[None], borderType=cv2.BORDER_REFLECT_101)
    return np.asarray((flat - around).reshape(level.shape), dtype=np.float32)


def looked_at(n: int, beside: float) -> NDArray[np.bool_]:
    """Return [n // 2 + 1]: frequencies that neither content nor JPEG's blocks explain.

    Args:
        n: samples of a profile.
        beside: bins left out on either side of multiples of 1/8.
    """
    frequencies = np.arange(n // 2 + 1) / n
    far = np.abs(frequencies * 8 - np.rint(frequencies * 8)) / 8 * n > beside
    return np.asarray((frequencies >= LOWEST) & far)


def chance(rise_db: float, looked: int) -> float:
    """Return the chance of such a rise at any of the frequencies in noise, 0..1.

    A power is exponentially distributed; the mean of its logarithm lies Euler's constant below the
    logarithm of its mean.
    """
    ratio = 10 ** (rise_db / 10) * np.exp(-EULER)
    return float(min(1.0, looked * np.exp(-ratio)))


def window_levels(logs: Plane) -> NDArray[np.float32]:
    """Return the levels of every window along rows, dB: [rows, cols, bins].

    Args:
        logs: [H, W], `derivative` along rows.
    """
    down = logs.shape[0] // CELL_PX
    strips = np.add.reduceat(logs[: down * CELL_PX], np.arange(0, down * CELL_PX, CELL_PX), axis=0)
    count = down - WINDOW_CELLS + 1
    high = np.sum([strips[i : count + i] for i in range(WINDOW_CELLS)], axis=0, dtype=np.float32)
    parts = np.lib.stride_tricks.sliding_window_view(high, WINDOW_PX, axis=1)[:, ::CELL_PX]
    return levels(parts / np.float32(WINDOW_PX))


def window_scores(along: Plane, across: Plane) -> tuple[Plane, NDArray[np.intp]]:
    """Return the strongest line of each window in dB, and its bin: both [rows, cols].

    A line must stand at the same frequency in both directions and in neighbouring windows, as it
    does when a part was enlarged; single windows of fences or fabrics do not carry the mean.

    Args:
        along: [H, W], `derivative` along rows.
        across: [W, H], the same of columns, transposed.
    """
    level = (window_levels(along) + window_levels(across).swapaxes(0, 1)) / 2
    rise = rises(np.asarray(level, dtype=np.float32))
    for window_bin in range(rise.shape[-1]):
        rise[..., window_bin] = cv2.blur(
            np.ascontiguousarray(rise[..., window_bin]), (3, 3), borderType=cv2.BORDER_REFLECT
        )
    rise[..., ~looked_at(WINDOW_PX, BESIDE_BINS_WINDOW)] = -np.inf
    return np.asarray(rise.max(axis=-1)), rise.argmax(axis=-1)


TRACING = Tracing(
    method=METHOD,
    title="Resampling",
    principle="Interpolated samples are smoother than measured ones, in a rhythm that follows from "
    "the factor; the spectrum of the second derivative has a line there.",
    limits="Factors of exactly 2 lie where demosaicing has its own line and are not told; "
    "reducing to one half and JPEG below a quality of about 90 hide the line. Regular patterns in "
    "the scene, and a compression before the resizing, have lines too.",
    parameters=(
        ("window", f"{WINDOW_PX} px every {CELL_PX} px"),
        ("lowest frequency", f"{LOWEST:g} cycles/px"),
        ("least rise in windows", f"{LEAST_WINDOW_DB:g} dB"),
        ("greatest chance, whole picture", f"{MOST_CHANCE:g}"),
    ),
    find=find,
)

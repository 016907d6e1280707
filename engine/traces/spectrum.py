"""The spectrum of a picture's residual: peaks of a grid, and how its power falls with frequency.

Generators enlarge small maps step by step, and each step leaves copies of the spectrum at fractions
of the sampling rate: isolated peaks at 1/2, 1/4, 1/8. So do JPEG's blocks (1/8), demosaicing (1/2),
enlarging by an editor, printed screens and fabrics.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter
from scipy.special import gammaincc

from engine.trace_types import Trace
from engine.traces.made import NONE, Method
from engine.traces.subject import Check, Subject
from engine.traces.tracing import Tracing, curve, traced

METHOD = Method(
    name="trace.spectrum",
    version="1",
    source="Corvi et al., Intriguing Properties of Synthetic Images, CVPR workshops 2023; Durall, "
    "Keuper, Keuper, Watch Your Up-Convolution, CVPR 2020; Frank et al., Leveraging Frequency "
    "Analysis for Deep Fake Image Recognition, ICML 2020",
)

SIDES_PX = (256, 128, 64)
"""Sides of the windows; the first is taken that fits `ENOUGH_WINDOWS` times, or the last."""

ENOUGH_WINDOWS = 24
LEAST_WINDOWS = 9

MOST_WINDOWS = 240
"""Windows that are averaged at most, spread evenly; a 12-megapixel picture has 180."""

LEAST_DEVIATION = 0.4
"""Standard deviation of a window's residual, levels, below which it is flat."""

RING = 9
"""Side of the neighbourhood, in bins, whose median a peak is compared with."""

PERIODS = (2, 4, 8)
FRACTIONS = PERIODS[-1]
"""A grid that repeats after 2, 4 or 8 pixels, the steps of generators, has its peaks at multiples
of 1/8."""

Plane = NDArray[np.float32]

LEAST_DB = 6.0
"""How far a peak must stand out, dB: 5 % of 249 photographs have one; docs/log.md."""

MOST_CHANCE = 1e-6
"""Greatest chance, over all frequencies together, at which a peak counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """A frequency of a grid that stands out from its neighbours."""

    across: float
    """Cycles a pixel from left to right, 0..0.5."""
    down: float
    """Cycles a pixel from top to bottom, -0.5..0.5."""
    rise_db: float
    """Power over the median of the neighbourhood, dB."""
    chance: float
    """Chance of such a rise at any frequency of a grid, if powers were those of noise, 0..1."""

    @property
    def period_px(self) -> int:
        """Period of the coarsest grid it may belong to: 2, 4 or 8 px."""
        parts = [round(abs(f) * FRACTIONS) for f in (self.across, self.down)]
        return next(p for p in PERIODS if all(n * p % FRACTIONS == 0 for n in parts))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spectrum:
    """Mean power of a picture's residual."""

    power: Plane
    """[side, side], zero frequency in the middle, mean 1."""
    rise: Plane
    """[side, side // 2 + 1], zero frequency first: power over the median of the neighbourhood."""
    windows: int
    """How many windows were averaged."""
    radial: Plane
    """[side // 2], mean power, dB, of the rings of 1/side to 1/2 cycles a pixel."""

    @property
    def side_px(self) -> int:
        """Side of a window."""
        return len(self.power)


def find(subject: Subject, check: Check) -> Trace:
    """Show the spectrum and look for peaks of grids."""
    spectrum = measure(subject.luma, check)
    if spectrum is None:
        return traced(
            METHOD.not_available(
                f"Fewer than {LEAST_WINDOWS} windows of {SIDES_PX[-1]} px have texture: the "
                "picture is too small or too flat."
            )
        )
    found = peaks(spectrum)
    frequencies = np.arange(1, len(spectrum.radial) + 1) / spectrum.side_px
    marks = sorted({f for p in found for f in [np.hypot(p.across, p.down)] if f <= 0.5})
    strongest = round(found[0].rise_db, 1) if found else NONE
    return traced(
        METHOD.derived(strongest, _reason(found, subject), unit="dB" if found else None),
        curve=curve(
            frequencies,
            spectrum.radial,
            "frequency, cycles per pixel",
            "power of the residual, dB over its mean",
            tuple(float(mark) for mark in marks),
        ),
        picture=view(spectrum),
        parameters=(
            ("window", f"{spectrum.side_px} px, Hann"),
            ("windows", str(spectrum.windows)),
        ),
    )


def _reason(found: tuple[Peak, ...], subject: Subject) -> str:
    if not found:
        return (
            "No frequency of a grid of 2, 4 or 8 px stands out from its neighbours. Many "
            "generators leave none, and compression or scaling removes them: this says nothing "
            "of where the picture comes from."
        )
    told = "; ".join(
        f"({p.across:g}, {p.down:g}) cycles per pixel by {p.rise_db:.1f} dB" for p in found[:3]
    )
    chance = max(found[0].chance, 1e-99)
    if subject.jpeg is not None:
        causes = (
            "The file is a JPEG, whose blocks of 8 px leave such peaks in any picture; "
            "enlarging inside a generator may as well."
        )
    else:
        causes = (
            "Enlarging inside a generator leaves such peaks. So do an earlier JPEG compression "
            "(multiples of 1/8), demosaicing and enlarging by an editor (1/2), printed screens, "
            "fabrics and drawn patterns."
        )
    return (
        f"{len(found)} {'frequency' if len(found) == 1 else 'frequencies'} of a regular grid "
        f"stand out: {told}; noise would rise so once in {1 / chance:.0e} pictures. {causes}"
    )


def measure(luma: Plane, check: Check) -> Spectrum | None:
    """Return the mean power of a picture's residual; None when there are too few windows.

    Args:
        luma: [H, W], 0..255.
        check: raises when the work is to be stopped.

    Source: Corvi et al. 2023, section 3 (mean power of residuals); here the residual is what a
    median of 3 x 3 takes away, and each window counts alike. Welch, IEEE Trans. Audio 15(2), 1967
    (mean of windows).
    """
    height, width = luma.shape
    side = next(
        (s for s in SIDES_PX if (height // s) * (width // s) >= ENOUGH_WINDOWS), SIDES_PX[-1]
    )
    window = np.outer(np.hanning(side), np.hanning(side)).astype(np.float32)
    total, used = np.zeros((side, side // 2 + 1), dtype=np.float64), 0
    for y, x in _places(height, width, side):
        check()
        part = np.ascontiguousarray(luma[y : y + side, x : x + side])
        residual = part - cv2.medianBlur(part, 3)
        residual -= residual.mean()
        deviation = float(residual.std())
        if deviation < LEAST_DEVIATION:
            continue
        total += np.abs(np.fft.rfft2(residual * (window / deviation))) ** 2
        used += 1
    if used < LEAST_WINDOWS:
        return None
    half = total / used
    power = _whole(half)
    power /= power.mean()
    rise = (half / _background(half)).astype(np.float32)
    return Spectrum(power=power, rise=rise, windows=used, radial=_radial(power))


def _places(height: int, width: int, side: int) -> list[tuple[int, int]]:
    """Return corners of windows side by side, centred, thinned evenly to `MOST_WINDOWS`."""
    down, across = height // side, width // side
    top, left = (height - down * side) // 2, (width - across * side) // 2
    every = [(top + r * side, left + c * side) for r in range(down) for c in range(across)]
    if len(every) <= MOST_WINDOWS:
        return every
    return [every[i] for i in np.linspace(0, len(every) - 1, MOST_WINDOWS).astype(int)]


def _background(half: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the median around each bin: along axes and borders in one dimension, else in two."""
    whole = np.concatenate([half, _mirror(half)], axis=1)
    around = np.ones((RING, RING), dtype=bool)
    middle = RING // 2
    around[middle - 1 : middle + 2, middle - 1 : middle + 2] = False
    found = median_filter(whole, footprint=around, mode="wrap")
    # Edges in the picture put lines on both axes, and demosaicing on the borders of the spectrum,
    # three bins wide after the window's blur; where two lines cross, the stronger one counts.
    along = np.ones(2 * RING + 1, dtype=bool)
    along[RING - 1 : RING + 2] = False
    lines = np.zeros_like(whole)
    for line in (0, len(whole) // 2):
        for at in (line - 1, line, line + 1):
            row = median_filter(whole[at], footprint=along, mode="wrap")
            column = median_filter(whole[:, at], footprint=along, mode="wrap")
            lines[at] = np.maximum(lines[at], row)
            lines[:, at] = np.maximum(lines[:, at], column)
    found = np.where(lines > 0, lines, found)
    return np.asarray(found[:, : half.shape[1]])


def _mirror(half: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the columns that a real picture's transform leaves out."""
    return np.roll(half[::-1, -2:0:-1], 1, axis=0)


def _whole(half: NDArray[np.float64]) -> Plane:
    return np.fft.fftshift(np.concatenate([half, _mirror(half)], axis=1)).astype(np.float32)


def _radial(power: Plane) -> Plane:
    y, x = np.indices(power.shape) - len(power) // 2
    ring = np.rint(np.hypot(y, x)).astype(int).ravel()
    means = np.bincount(ring, weights=power.ravel()) / np.bincount(ring)
    return np.asarray(10 * np.log10(means[1 : len(power) // 2 + 1] + 1e-9), dtype=np.float32)


def peaks(spectrum: Spectrum) -> tuple[Peak, ...]:
    """Return the frequencies of grids that stand out significantly, strongest first.

    Under noise the mean of n powers is gamma distributed with shape n about its expectation; the
    chance is multiplied by the number of frequencies looked at.
    """
    side, n = spectrum.side_px, spectrum.windows
    step = side // FRACTIONS
    found, looked = [], 0
    for row in range(-side // 2, side // 2, step):
        for col in range(0, side // 2 + 1, step):
            # Of two mirrored frequencies one is looked at.
            if (row, col) == (0, 0) or (col in (0, side // 2) and -side // 2 < row < 0):
                continue
            looked += 1
            rise = float(spectrum.rise[row, col])
            # The median of a gamma distribution of shape n is about (n - 1/3) / n of its mean.
            chance = float(gammaincc(n, rise * (n - 1 / 3)))
            found.append((rise, chance, row, col))
    return tuple(
        Peak(
            across=col / side,
            down=row / side,
            rise_db=float(10 * np.log10(rise)),
            chance=min(1.0, chance * looked),
        )
        for rise, chance, row, col in sorted(found, reverse=True)
        if chance * looked <= MOST_CHANCE and rise >= 10 ** (LEAST_DB / 10)
    )


def view(spectrum: Spectrum) -> NDArray[np.uint8]:
    """Return the spectrum as a picture: [side, side], logarithm of power, middle 98 % stretched."""
    level = np.log(spectrum.power + 1e-9)
    low, high = np.percentile(level, (1, 99.8))
    return np.asarray(np.clip((level - low) / (high - low + 1e-9), 0, 1) * 255, dtype=np.uint8)


TRACING = Tracing(
    method=METHOD,
    title="Spectrum",
    principle="Enlarging inside a generator leaves copies of the spectrum at fractions of the "
    "sampling rate; they stand out as isolated peaks in the mean spectrum of the residual.",
    limits="Compression and scaling remove the peaks, and many generators leave none. JPEG's "
    "blocks, demosaicing, editors and patterns in the scene make peaks of their own.",
    parameters=(
        ("residual", "luma minus its median of 3 x 3"),
        ("grids", "2, 4, 8 px"),
        ("least rise", f"{LEAST_DB:g} dB"),
        ("greatest chance", f"{MOST_CHANCE:g}"),
    ),
    find=find,
)

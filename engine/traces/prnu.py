"""Sensor pattern noise (PRNU): was a picture taken with the camera whose fingerprint is given?

Each pixel of a sensor answers a little more or less to light than its neighbours, always the same
pixels. Means over a camera's pictures give that pattern; where a picture shows it, that place came
from that sensor.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft2, rfft2
from scipy.special import ndtr

from engine.trace_types import Trace
from engine.traces.fingerprints import DARKEST, LIGHTEST, Fingerprint
from engine.traces.made import Method
from engine.traces.subject import Check, Subject, cell_means
from engine.traces.tracing import Tracing, heat, regions, traced
from engine.traces.wavelets import noise_residual

METHOD = Method(
    name="trace.prnu",
    version="1",
    source="Chen, Fridrich, Goljan, Lukáš, Determining Image Origin and Integrity Using Sensor "
    "Noise, IEEE TIFS 3(1), 2008; Goljan, Fridrich, Filler, Large Scale Test of Sensor Fingerprint "
    "Camera Identification, SPIE 7254, 2009",
)

THRESHOLD = 60.0
"""Peak to correlation energy from which the camera is taken to be the same (the threshold of Goljan
et al. 2009). How often it is exceeded by chance here: docs/figures/prnu.json and docs/log.md."""

MEASURED_FALSE, MEASURED_TRIALS = 0, 5520
"""Wrong cameras that reached `THRESHOLD`, and comparisons with wrong cameras, at each of three
qualities; synthetic sensors, pictures of 256 px: docs/figures/prnu.json. The chance of `Match`
stands for white noise and is not told: the highest peak measured among these, 30, should have
come once in 8,800 such measurements."""

FALSE_MOST = 0.000668
"""Upper end of the exact 95 % interval of that share (Clopper and Pearson)."""

PEAK_PX = 11
"""Side of the neighbourhood of the peak that does not count as noise."""

CELL_PX = 32
WINDOW_CELLS = 4
"""The pattern is looked for in windows of 128 px, as in Chen et al. 2008, section VI."""

LEAST_EXPECTED = 4.0
"""Deviations at which the pattern must be expected in a window for it to be judged."""

SPREAD_ABSENT = 1.2
"""Deviation of a window's correlation without pattern, in units of white noise's; residuals are
not white. Synthetic sensors give 1.1."""

SHOWING = 3.0
"""Deviations from which a window shows the pattern without any doubt."""

SPREAD_PRESENT = 0.25
"""Deviation of the correlation with pattern, as a share of what is expected: what the model of one
attenuation leaves open. Synthetic sensors give .2, real ones were not measured."""

PRIOR_ABSENT = 0.05
HOT = 0.8
LEAST_REGION_CELLS = 9

SHIFT = "shift"
"""Name of the parameter that says where a picture lies in the fingerprint."""

Plane = NDArray[np.float32]
Spectrum = NDArray[np.complex64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How well a picture's noise fits a fingerprint."""

    pce: float
    """Signed peak to correlation energy."""
    chance: float
    """Chance of such a peak without the pattern, over all places looked at, 0..1."""
    shift: tuple[int, int]
    """(down, across), where the picture's corner lies in the fingerprint, px."""


TITLE = "Sensor pattern noise"
PRINCIPLE = (
    "Every sensor has its own pattern of slightly more and less sensitive pixels; it is in each of "
    "its pictures, and in no other camera's."
)
LIMITS = (
    "Needs the picture at the camera's own size, or a cut of it; scaling, strong compression, "
    "night shots and phones that align several exposures weaken or remove the pattern. Its absence "
    "does not say that another camera was used."
)


def tracing(fingerprint: Fingerprint, spectrum: Spectrum | None = None) -> Tracing:
    """Return the method for one camera.

    Args:
        fingerprint: of the camera in question.
        spectrum: of its pattern, by `spectrum_of`, where many pictures are compared with it.
    """
    return Tracing(
        method=METHOD,
        title=TITLE,
        principle=PRINCIPLE,
        limits=LIMITS,
        parameters=(
            ("fingerprint", fingerprint.sha256),
            ("pictures behind it", str(len(fingerprint.sources))),
            ("threshold", f"PCE {THRESHOLD:g}"),
            ("window", f"{CELL_PX * WINDOW_CELLS} px every {CELL_PX} px"),
        ),
        find=partial(find, fingerprint=fingerprint, spectrum=spectrum),
    )


def spectrum_of(fingerprint: Fingerprint) -> Spectrum:
    """Return the Fourier transform of a pattern: what `match` needs of it for every picture."""
    spectrum = np.asarray(rfft2(fingerprint.pattern), dtype=np.complex64)
    spectrum.setflags(write=False)
    return spectrum


def family_most(comparisons: int) -> float | None:
    """Return an upper limit of the chance of a false acceptance in a family of comparisons.

    Args:
        comparisons: different pictures compared with one camera.

    Returns:
        0..1; None where it would be 1 or more: so few measured comparisons limit nothing then.

    Source: Bonferroni's inequality, which needs no independence, over `FALSE_MOST`.
    """
    most = comparisons * FALSE_MOST
    return most if most < 1 else None


def find(
    subject: Subject, check: Check, *, fingerprint: Fingerprint, spectrum: Spectrum | None = None
) -> Trace:
    """Look for a camera's pattern in a picture and in its parts; see `tracing`."""
    pattern = fingerprint.pattern
    if subject.height > pattern.shape[0] or subject.width > pattern.shape[1]:
        return traced(
            METHOD.not_available(
                f"The picture ({subject.width} × {subject.height} px) is larger than the "
                f"fingerprint ({pattern.shape[1]} × {pattern.shape[0]} px): it was not taken at "
                "the size that the fingerprint was made at."
            )
        )
    if min(subject.height, subject.width) < CELL_PX * WINDOW_CELLS:
        return traced(METHOD.not_available(f"A side is shorter than {CELL_PX * WINDOW_CELLS} px."))
    residual = noise_residual(subject.luma, check)
    residual[(subject.luma < DARKEST) | (subject.luma > LIGHTEST)] = 0
    found = match(residual, subject.luma, pattern, check, spectrum)
    value, chosen = round(found.pce, 1), ((SHIFT, "{}, {} px".format(*found.shift)),)
    if found.pce < THRESHOLD:
        return traced(METHOD.derived(value, _unlike(found), unit="PCE"), parameters=chosen)
    top, left = found.shift
    here = pattern[top : top + subject.height, left : left + subject.width]
    expected, score = local_scores(residual, subject.luma * here)
    check()
    valid = (expected >= LEAST_EXPECTED) & ~subject.saturated(CELL_PX)
    absent = absence(expected, score)
    boxes = regions((absent >= HOT) & valid, CELL_PX, subject, least_cells=LEAST_REGION_CELLS)
    return traced(
        METHOD.derived(
            value, _alike(found, len(boxes), float(valid.mean())), unit="PCE", regions=boxes
        ),
        heatmap=heat(absent, valid, subject, "probability that the sensor's pattern is missing"),
        parameters=chosen,
    )


def _unlike(found: Match) -> str:
    return (
        f"The camera's pattern was not found (PCE {found.pce:.1f}, threshold {THRESHOLD:g}). The "
        "picture may come from another camera; one of the same camera that was resized, strongly "
        "compressed, turned or taken with digital stabilisation looks the same."
    )


def _alike(found: Match, places: int, judged: float) -> str:
    cut = "" if found.shift == (0, 0) else ", as a cut of a larger picture"
    said = (
        f"The camera's pattern is in the picture{cut} (PCE {found.pce:.0f}, threshold "
        f"{THRESHOLD:g}). {100 * (1 - judged):.0f} % of it is too dark, flat, bright or busy to "
        "judge apart."
    )
    if not places:
        return f"{said} Wherever it can be judged, the pattern is there."
    where = "one place" if places == 1 else f"{places} places"
    return (
        f"{said} In {where} it is missing although it should show: that part may come from "
        "elsewhere or have been repainted; local noise reduction and strong texture do that too."
    )


def shift_of(trace: Trace) -> tuple[int, int] | None:
    """Return (down, across), px, from the parameters of a trace of `find`; None without one."""
    for name, value in trace.parameters:
        if name == SHIFT:
            down, across = value.removesuffix(" px").split(", ")
            return int(down), int(across)
    return None


def match(
    residual: Plane,
    luma: Plane,
    pattern: Plane,
    check: Check,
    spectrum: Spectrum | None = None,
) -> Match:
    """Correlate a picture's noise with a fingerprint.

    A picture of the fingerprint's size is compared as it lies; of a smaller one every place in the
    fingerprint is tried.

    Args:
        residual: [H, W], noise; 0 where saturated.
        luma: [H, W], 0..255.
        pattern: [H' >= H, W' >= W], the fingerprint, mean 0.
        check: raises when the work is to be stopped.
        spectrum: of the pattern, by `spectrum_of`; computed when None.

    Source: Goljan, Fridrich, Filler 2009, section 2; the statistic is correlated in the form
    sum (W I) K, which allows every shift at once.
    """
    weighted = residual * (luma * np.float32(1 / 255))
    weighted -= weighted.mean()
    whole = np.zeros(pattern.shape, dtype=np.float32)
    whole[: luma.shape[0], : luma.shape[1]] = weighted
    product = np.conj(rfft2(whole))
    check()
    product *= rfft2(pattern) if spectrum is None else spectrum
    check()
    surface = irfft2(product, s=pattern.shape)
    check()
    down = pattern.shape[0] - luma.shape[0] + 1
    across = pattern.shape[1] - luma.shape[1] + 1
    allowed = surface[:down, :across]
    top, left = (int(i) for i in np.unravel_index(int(allowed.argmax()), allowed.shape))
    peak = float(surface[top, left])
    energy = float(np.sum(np.square(surface, dtype=np.float64)))
    rows = np.arange(top - PEAK_PX // 2, top + PEAK_PX // 2 + 1) % surface.shape[0]
    cols = np.arange(left - PEAK_PX // 2, left + PEAK_PX // 2 + 1) % surface.shape[1]
    near = surface[np.ix_(rows, cols)].astype(np.float64)
    noise = (energy - float(np.sum(near**2))) / (surface.size - near.size)
    pce = float(np.sign(peak) * peak**2 / max(noise, 1e-30))
    chance = float(down * across * ndtr(-np.sign(peak) * abs(pce) ** 0.5))
    return Match(pce=pce, chance=min(1.0, chance), shift=(top, left))


def local_scores(residual: Plane, expected: Plane) -> tuple[Plane, Plane]:
    """Return what correlation is expected of each window, and what it is, in deviations.

    Args:
        residual: [H, W], the picture's noise W.
        expected: [H, W], luma times fingerprint, I K.

    Returns:
        Both [H // 32, W // 32]. W is taken for a I K + noise with one attenuation a: the median
        of those windows that show the pattern; then the correlation should be a |I K| / |W|.

    Source: Chen et al. 2008, section VI; the attenuation takes the place of their correlation
    predictor, which has to be trained on other pictures of the camera.
    """
    cross, power, noise = (
        _windows(product)
        for product in (residual * expected, expected * expected, residual * residual)
    )
    tiny = np.float32(1e-12)
    side = np.float32(CELL_PX * WINDOW_CELLS)
    score = side * cross / np.sqrt(power * noise + tiny)
    showing = score >= SHOWING
    slopes = cross[showing] / power[showing]
    attenuation = float(np.median(slopes)) if len(slopes) else 0.0
    predicted = side * attenuation * np.sqrt(power / (noise + tiny))
    return np.asarray(predicted, dtype=np.float32), np.asarray(score, dtype=np.float32)


def _windows(product: Plane) -> Plane:
    """Return means over the two windows in whose middle each cell lies."""
    means = cell_means(product, CELL_PX)
    five = np.array([0.5, 1, 1, 1, 0.5], dtype=np.float32) / 4
    return np.asarray(cv2.sepFilter2D(means, cv2.CV_32F, five, five), dtype=np.float32)


def absence(expected: Plane, score: Plane) -> Plane:
    """Return the probability that the pattern is missing in each window.

    Without pattern the score is normal about 0; with it, about what is expected, and no less
    likely above.

    Args:
        expected: [rows, cols], deviations.
        score: [rows, cols], deviations.
    """
    spread = np.maximum(SPREAD_ABSENT, SPREAD_PRESENT * expected)
    missing = (
        PRIOR_ABSENT / SPREAD_ABSENT * np.exp(-0.5 * (np.maximum(score, 0) / SPREAD_ABSENT) ** 2)
    )
    below = np.minimum(score - expected, 0) / spread
    present = (1 - PRIOR_ABSENT) / spread * np.exp(-0.5 * below**2)
    return np.asarray(missing / (missing + present + 1e-30), dtype=np.float32)

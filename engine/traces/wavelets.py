"""What a wavelet denoiser takes away from a picture: sensor noise, among it the sensor's pattern.

Source: Mıhçak, Kozintsev, Ramchandran, Spatially Adaptive Statistical Modeling of Wavelet Image
Coefficients, ICASSP 1999; Lukáš, Fridrich, Goljan, Digital Camera Identification from Sensor
Pattern Noise, IEEE TIFS 1(2), 2006, appendix A.
"""

from __future__ import annotations

import cv2
import numpy as np
import pywt
from numpy.typing import NDArray

from engine.traces.subject import Check

WAVELET = "db4"
"""Daubechies with eight taps, as in both papers."""

DEPTH = 4
SIDES = (3, 5, 7, 9)
"""Windows in which the variance of coefficients is taken; the smallest estimate counts."""

NOISE_DEVIATION = 3.0
"""Standard deviation of the noise that is looked for, levels; the papers use 2 to 5."""

LEAST_SIDE_PX = 128
"""Below, the coarsest coefficients would be all border."""

Plane = NDArray[np.float32]


def noise_residual(luma: Plane, check: Check, deviation: float = NOISE_DEVIATION) -> Plane:
    """Return the noise of a picture: [H, W], levels, about zero.

    Args:
        luma: [H, W], 0..255, a side of `LEAST_SIDE_PX` or more.
        check: raises when the work is to be stopped.
        deviation: standard deviation of the noise.
    """
    height, width = luma.shape
    step = 1 << DEPTH
    padded = np.pad(luma, ((0, -height % step), (0, -width % step)), mode="symmetric")
    coarse, *details = pywt.wavedec2(padded, WAVELET, mode="periodization", level=DEPTH)
    check()
    kept: list[object] = [np.zeros_like(coarse)]
    for bands in details:
        kept.append(tuple(noise_share(band, deviation**2) for band in bands))
        check()
    made = pywt.waverec2(kept, WAVELET, mode="periodization")
    check()
    return np.ascontiguousarray(made[:height, :width], dtype=np.float32)


def noise_share(band: Plane, variance: float) -> Plane:
    """Return the part of coefficients that a Wiener filter takes for noise.

    Args:
        band: [h, w], coefficients.
        variance: of the noise, in the band's units squared.
    """
    return np.asarray(band * (variance / (signal_variance(band, variance) + variance)))


def signal_variance(band: Plane, variance: float) -> Plane:
    """Return the smallest local variance over windows beyond that of the noise: [h, w], >= 0."""
    squares = band * band
    least = cv2.blur(squares, (SIDES[0], SIDES[0]))
    for side in SIDES[1:]:
        least = cv2.min(least, cv2.blur(squares, (side, side)))
    return np.asarray(np.maximum(least - np.float32(variance), 0), dtype=np.float32)

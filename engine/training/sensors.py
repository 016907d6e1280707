"""How often a camera is rightly and wrongly recognised: synthetic sensors, real scenes.

Every camera is a random pattern of sensitivities, put on photographs of the pool together with
shot noise before they are saved as JPEG. Real cameras of one model share more than these do (lens,
demosaicing, compression), so that false acceptances here are a lower bound.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage
from scipy.stats import beta

from engine.errors import InputError
from engine.traces.fingerprints import Estimator
from engine.traces.prnu import THRESHOLD, match
from engine.traces.subject import Subject
from engine.traces.wavelets import noise_residual
from engine.training.data import PoolImage, load_rgb, read_pool

SIDE_PX = 256
"""Side of the pictures: what most of the pool has."""

STRENGTH = 0.006
"""Standard deviation of relative sensitivity."""

NOISE = 2.0
"""Standard deviation of shot noise, levels."""

CAMERAS = 24
PICTURES = 20
"""Behind a fingerprint."""

TESTS = 10
"""Of each camera."""

QUALITIES = (None, 90, 75)
TEST_SHARE = 1 / 3
CONFIDENCE = 0.95

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Part of a number of trials, with the exact interval of Clopper and Pearson."""

    hits: int
    trials: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorFigures:
    """How recognition did at one JPEG quality."""

    quality: int | None
    """None: without loss."""
    accepted: Share
    """Right cameras at `THRESHOLD` or more."""
    wrongly_accepted: Share
    """Wrong cameras at `THRESHOLD` or more."""
    least_right: float
    """Smallest PCE of a right camera."""
    median_right: float
    greatest_wrong: float
    """Largest PCE of a wrong camera."""


def share(hits: int, trials: int) -> Share:
    """Return a share with its exact interval."""
    rest = 1 - CONFIDENCE
    low = 0.0 if hits == 0 else float(beta.ppf(rest / 2, hits, trials - hits + 1))
    high = 1.0 if hits == trials else float(beta.ppf(1 - rest / 2, hits + 1, trials - hits))
    return Share(hits=hits, trials=trials, value=hits / trials, low=low, high=high)


def scenes(pool: Sequence[PoolImage], count: int) -> list[Pixels]:
    """Return middles of photographs, one each, in an order that does not depend on the source.

    Args:
        pool: rows of a manifest; only real photographs are used.
        count: how many.

    Raises:
        InputError: there are fewer.
    """
    made: list[Pixels] = []
    for image in sorted(pool, key=lambda each: each.sha256):
        if image.label != "real" or len(made) == count:
            continue
        pixels = load_rgb(image.path)
        top, left = ((side - SIDE_PX) // 2 for side in pixels.shape[:2])
        if min(top, left) >= 0:
            made.append(pixels[top : top + SIDE_PX, left : left + SIDE_PX])
    if len(made) < count:
        raise InputError(
            f"The pool has {len(made)} photographs of {SIDE_PX} px a side; {count} are needed."
        )
    return made


def shot(scene: Pixels, pattern: Plane, seed: int, quality: int | None) -> Pixels:
    """Return a scene as a camera sees and saves it.

    Args:
        scene: [H, W, 3].
        pattern: [H, W], relative sensitivity.
        seed: of the shot noise.
        quality: JPEG quality; None for no compression.
    """
    noise = np.random.default_rng([seed, 9]).normal(0, NOISE, scene.shape)
    seen = np.clip(np.rint(scene * (1 + pattern[..., None]) + noise), 0, 255).astype(np.uint8)
    if quality is None:
        return seen
    stream = BytesIO()
    PilImage.fromarray(seen).save(stream, "JPEG", quality=quality)
    return np.asarray(PilImage.open(stream).convert("RGB"))


def measured(pictures: Sequence[Pixels], quality: int | None, cameras: int) -> SensorFigures:
    """Make fingerprints and compare every test picture with every camera.

    Args:
        pictures: scenes; of the first `TEST_SHARE` of them come test pictures, of the others
            fingerprints: a scene on both sides is recognised whatever the camera.
        quality: JPEG quality of all pictures; None for no compression.
        cameras: how many.
    """
    each, apart = PICTURES + TESTS, round(len(pictures) * TEST_SHARE)
    patterns, residuals = [], []
    for camera in range(cameras):
        truth = np.random.default_rng([camera, 7]).normal(0, STRENGTH, (SIDE_PX, SIDE_PX))
        random = np.random.default_rng([camera, 8])
        behind = apart + random.permutation(len(pictures) - apart)[:PICTURES]
        own = [*behind, *random.permutation(apart)[:TESTS]]
        estimator = Estimator(SIDE_PX, SIDE_PX)
        for n, index in enumerate(own):
            seen = shot(pictures[index], truth.astype(np.float32), camera * each + n, quality)
            luma = Subject(seen).luma
            if n < PICTURES:
                estimator.add(luma, _go_on)
            else:
                residuals.append((camera, noise_residual(luma, _go_on), luma))
        patterns.append(estimator.pattern(_go_on))
    right: list[float] = []
    wrong: list[float] = []
    for camera, residual, luma in residuals:
        for other, pattern in enumerate(patterns):
            pce = match(residual, luma, pattern, _go_on).pce
            (right if other == camera else wrong).append(pce)
    return SensorFigures(
        quality=quality,
        accepted=share(sum(pce >= THRESHOLD for pce in right), len(right)),
        wrongly_accepted=share(sum(pce >= THRESHOLD for pce in wrong), len(wrong)),
        least_right=round(min(right), 1),
        median_right=round(float(np.median(right)), 1),
        greatest_wrong=round(max(wrong), 1),
    )


def _go_on() -> None:
    """Let the work go on."""


def main(argv: Sequence[str]) -> int:
    """Run ``evaluate-prnu``; the first argument is its name."""
    parser = argparse.ArgumentParser(
        prog=f"residua {argv[0]}", description="Sensor pattern noise on synthetic sensors."
    )
    parser.add_argument("manifest", type=Path, metavar="MANIFEST.csv")
    parser.add_argument("--cameras", type=int, default=CAMERAS, metavar="N")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="also keep the figures")
    options = parser.parse_args(argv[1:])
    if options.cameras < 2:
        raise InputError(f"--cameras {options.cameras}: use 2 or more.")
    pictures = scenes(read_pool(options.manifest), 10 * (PICTURES + TESTS))
    found = []
    for quality in QUALITIES:
        figures = measured(pictures, quality, options.cameras)
        found.append(figures)
        sys.stdout.write(_line(figures) + "\n")
        sys.stdout.flush()
    if options.out is not None:
        body = {
            "side_px": SIDE_PX,
            "strength": STRENGTH,
            "noise": NOISE,
            "pictures_a_fingerprint": PICTURES,
            "threshold": THRESHOLD,
            "figures": [asdict(each) for each in found],
        }
        options.out.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    return 0


def _line(each: SensorFigures) -> str:
    saved = "without loss" if each.quality is None else f"JPEG {each.quality}"
    right, wrong = each.accepted, each.wrongly_accepted
    return (
        f"{saved} | right camera {right.hits} of {right.trials} ({right.low:.3f}-{right.high:.3f})"
        f", PCE {each.least_right} or more, median {each.median_right} | wrong camera "
        f"{wrong.hits} of {wrong.trials} (up to {wrong.high:.5f}), PCE up to {each.greatest_wrong}"
    )

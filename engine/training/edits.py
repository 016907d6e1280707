"""Composites with realistic histories, and what `engine.traces.edited` is fitted and measured on.

A photograph that is kept as JPEG gets a part from a picture of a generator, or from its own
reconstruction, and is saved again; the same photograph without the part is saved in the same way,
and in others that edit nothing. Weights are fitted per map; every source is left out in its turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.optimize import minimize

from engine.traces import dq, edited, lattice
from engine.traces.tracing import regions
from engine.training.augment import Pixels
from engine.training.data import PoolImage, dice, load_rgb
from engine.training.trace_measuring import subject_of
from engine.training.trace_plants import Mask, jpeg, png

PER_SOURCE = 45
LEAST_SIDE_PX, MOST_SIDE_PX = 256, 1024
QUALITIES = (75, 85, 90, 95, 98)
"""One of them for each photograph, in turn."""

EDGE_PX = 1.5
"""Deviation of the blur of a part's edge."""

IN_PLACE = 0.25
"""Intersection over union with the part, from which a place has found it."""

FALSE_ALARMS = 0.01
"""Share of the untouched files of the fitted sources that a threshold lets through."""

RIDGE = {"trace.dq": 1.0, "trace.lattice": 8.0}
RESAMPLES = 1000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Version:
    """One file made of a photograph."""

    name: str
    """History, such as ``"jpeg 90"``."""
    data: bytes
    mask: Mask | None
    """[height, width] the part; None where nothing was edited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a map says of one file."""

    source: str
    name: str
    map: str
    """Name of the map's method."""
    edited: bool
    signs: tuple[float, ...] | None
    """Of the largest part; None without one."""
    in_place: bool
    """Whether the largest part lies on the edited one."""


def chosen(pool: Sequence[PoolImage], sources: Sequence[str]) -> list[PoolImage]:
    """Return at most `PER_SOURCE` photographs of each source that are kept as JPEG."""
    made: list[PoolImage] = []
    counts: dict[str, int] = {}
    for image in sorted((i for i in pool if i.label == "real"), key=dice):
        if image.source not in sources or counts.get(image.source, 0) == PER_SOURCE:
            continue
        with Image.open(image.path) as opened:
            large, kind = min(opened.size) >= LEAST_SIDE_PX, opened.format
        if large and kind == "JPEG":
            counts[image.source] = counts.get(image.source, 0) + 1
            made.append(image)
    return made


def versions(
    image: PoolImage, turn: int, donors: Sequence[PoolImage], pairs: Path | None
) -> Iterator[Version]:
    """Yield the files made of one photograph.

    Args:
        image: the photograph.
        turn: its place in the row; decides quality and the further histories.
        donors: pictures of generators, of the same side of the split.
        pairs: folder of reconstructions, as `engine.training.pairs` makes them; None for none.
    """
    random = np.random.default_rng(int(dice(image)[:12], 16))
    raw = image.path.read_bytes()
    whole, cut = _within(subject_of(raw).pixels)
    part, mask = _foreign(whole, load_rgb(donors[int(random.integers(len(donors)))].path), random)
    own = None if pairs is None or cut else pairs / f"{image.sha256}.png"
    if own is not None and own.exists():
        mine, its_mask = _reconstructed(whole, own, random)
        if turn % 2 == 0:
            part, mask = mine, its_mask
    quality = QUALITIES[turn % len(QUALITIES)]
    yield Version(name="as it is", data=raw, mask=None)
    yield Version(name=f"jpeg {quality}", data=jpeg(whole, quality), mask=None)
    yield Version(name=f"jpeg {quality}", data=jpeg(part, quality), mask=mask)
    yield Version(name="lossless", data=png(whole), mask=None)
    yield Version(name="lossless", data=png(part), mask=mask)
    if turn % 3 == 0:
        toned = np.clip(whole * random.uniform(0.85, 1.15), 0, 255).astype(np.uint8)
        yield Version(name="brightened, jpeg 95", data=jpeg(toned, 95), mask=None)
    elif turn % 3 == 1:
        yield Version(name="cut, jpeg 95", data=jpeg(_plain(whole[3:, 5:]), 95), mask=None)
    else:
        small = _resized(whole, float(random.uniform(0.55, 0.9)))
        yield Version(name="reduced, jpeg 90", data=jpeg(small, 90), mask=None)


def _within(pixels: Pixels) -> tuple[Pixels, bool]:
    """Return the middle of a large picture, on its grid, and whether it was cut."""
    height, width = (min(MOST_SIDE_PX, side) for side in pixels.shape[:2])
    if (height, width) == pixels.shape[:2]:
        return pixels, False
    top, left = (
        (a - b) // 2 // 16 * 16 for a, b in zip(pixels.shape, (height, width), strict=False)
    )
    return _plain(pixels[top : top + height, left : left + width]), True


def _plain(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels)


def _resized(pixels: Pixels, factor: float) -> Pixels:
    size = round(pixels.shape[1] * factor), round(pixels.shape[0] * factor)
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))


def _shape(height: int, width: int, random: np.random.Generator) -> Mask:
    """Return an ellipse or box of 5 to 25 % of the area, anywhere."""
    area, stretch = random.uniform(0.05, 0.25) * height * width, np.exp(random.uniform(-0.5, 0.5))
    h, w = min(np.sqrt(area * stretch), height * 0.9), min(np.sqrt(area / stretch), width * 0.9)
    top, left = random.uniform(0, height - h), random.uniform(0, width - w)
    y, x = np.mgrid[:height, :width]
    if random.random() < 0.5:
        inside = ((y - top - h / 2) / (h / 2)) ** 2 + ((x - left - w / 2) / (w / 2)) ** 2 < 1
    else:
        inside = (y >= top) & (y < top + h) & (x >= left) & (x < left + w)
    return np.asarray(inside)


def _mixed(below: Pixels, above: Pixels, mask: Mask) -> Pixels:
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), EDGE_PX)[..., None]
    return np.asarray(np.rint(below * (1 - soft) + above * soft).astype(np.uint8))


def _foreign(whole: Pixels, donor: Pixels, random: np.random.Generator) -> tuple[Pixels, Mask]:
    """Return a photograph with a part of a generated picture, and where."""
    mask = _shape(whole.shape[0], whole.shape[1], random)
    ys, xs = np.nonzero(mask)
    rows, cols = slice(ys.min(), ys.max() + 1), slice(xs.min(), xs.max() + 1)
    high, wide = rows.stop - rows.start, cols.stop - cols.start
    factor = max(high / donor.shape[0], wide / donor.shape[1], 1e-3)
    if factor <= 1:
        factor = max(factor, random.uniform(factor, 1))
    if abs(factor - 1) > 1e-6:
        size = max(wide, round(donor.shape[1] * factor)), max(high, round(donor.shape[0] * factor))
        donor = np.asarray(Image.fromarray(donor).resize(size, Image.Resampling.LANCZOS))
    top = int(random.integers(0, donor.shape[0] - high + 1))
    left = int(random.integers(0, donor.shape[1] - wide + 1))
    above = whole.copy()
    above[rows, cols] = donor[top : top + high, left : left + wide]
    return _mixed(whole, above, mask), mask


def _reconstructed(whole: Pixels, file: Path, random: np.random.Generator) -> tuple[Pixels, Mask]:
    """Return a photograph with a part of its own reconstruction, and where."""
    with Image.open(file) as opened:
        fake = np.asarray(opened.convert("RGB"))
    height, width = fake.shape[:2]
    top, left = ((a - b) // 2 // 8 * 8 for a, b in zip(whole.shape, (height, width), strict=False))
    above, mask = whole.copy(), np.zeros(whole.shape[:2], np.bool_)
    above[top : top + height, left : left + width] = fake
    mask[top : top + height, left : left + width] = _shape(height, width, random)
    return _mixed(whole, above, mask), mask


def weighed(source: str, version: Version) -> Sample:
    """Return what the map that fits a file says of it."""
    subject = subject_of(version.data)
    method = lattice if subject.jpeg is None else dq
    heatmap = method.find(subject, _go_on).heatmap
    part = None if heatmap is None else edited.largest(heatmap)
    in_place = False
    if part is not None and version.mask is not None:
        (box,) = regions(part.cells, 8, subject, least_cells=1, most=1)
        found = np.zeros(version.mask.shape, np.bool_)
        found[box.y : box.y + box.h, box.x : box.x + box.w] = True
        both, either = (found & version.mask).sum(), (found | version.mask).sum()
        in_place = bool(both / either > IN_PLACE)
    return Sample(
        source=source,
        name=version.name,
        map=method.METHOD.name,
        edited=version.mask is not None,
        signs=None if part is None else (part.apart, part.stray, part.core, part.others),
        in_place=in_place,
    )


def _go_on() -> None:
    return None


def fit(samples: Sequence[Sample], ridge: float) -> tuple[NDArray[np.float64], float, float]:
    """Return weights, bias and threshold for the files of one map.

    Args:
        samples: of one map.
        ridge: penalty on weights of standardised signs; both classes weigh alike.
    """
    told = [s for s in samples if s.signs is not None]
    x = np.array([s.signs for s in told], np.float64)
    y = np.array([s.edited for s in told], np.float64)
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    z = (x - mean) / spread
    weight = np.where(y > 0, 1 / y.sum(), 1 / (1 - y).sum()) * len(y) / 2

    def loss(w: NDArray[np.float64]) -> float:
        odds = z @ w[:-1] + w[-1]
        return float(
            (weight * (np.logaddexp(0, odds) - y * odds)).sum() + ridge * (w[:-1] ** 2).sum() / 2
        )

    w = minimize(loss, np.zeros(x.shape[1] + 1)).x
    weights, bias = w[:-1] / spread, float(w[-1] - (w[:-1] * mean / spread).sum())
    clean = sorted((_odds(s, weights, bias) for s in samples if not s.edited), reverse=True)
    return weights, bias, clean[int(FALSE_ALARMS * len(clean))]


def _odds(sample: Sample, weights: NDArray[np.float64], bias: float) -> float:
    return -np.inf if sample.signs is None else bias + float(np.dot(weights, sample.signs))


def left_out(samples: Sequence[Sample], ridge: float) -> list[bool]:
    """Return which files are called edited by a fit and a threshold without their source."""
    called = [False] * len(samples)
    for source in sorted({s.source for s in samples}):
        weights, bias, threshold = fit([s for s in samples if s.source != source], ridge)
        for index, sample in enumerate(samples):
            if sample.source == source:
                called[index] = _odds(sample, weights, bias) > threshold
    return called

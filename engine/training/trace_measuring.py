"""What the methods of derived traces see of planted manipulations, and what of clean pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.images.decoder import Inspected
from engine.images.pixels import decode
from engine.trace_types import Trace
from engine.traces import derived
from engine.traces.coefficients import measure
from engine.traces.subject import Subject
from engine.training.data import PoolImage, load_rgb
from engine.training.metrics import Figure, auc
from engine.training.trace_plants import Mask, Pixels, Plant
from engine.types import FileFacts, HeatMap, Image, Region, Status

REDUCED = 0.75
"""Pictures are reduced by this first: no grid and no quantisation is left."""

LEAST_SIDE_PX = 320
"""Smaller side of a reduced picture."""

MOST_OF_SOURCE = 20
"""Pictures of one source at most, so that none decides the figures."""

FOUND_SHARE = 0.3
"""A box has found the part when this share of it and of the part lies in both."""

RESAMPLES = 1000
SIDES = ("tuning", "test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a method said of one planted picture and its clean twin."""

    source: str
    planted: float
    """Magnitude of the value; 0 where the method had nothing to look at."""
    clean: float
    planted_regions: bool
    clean_regions: bool
    hit: bool
    """Whether a region found the part; where all of the picture is meant, whether the method
    said more of it than of any of its own thresholds."""
    pixel_auc: float | None
    """Of the map against the mask, over judged cells; None without a mask or a map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The figures of one plant."""

    plant: str
    method: str
    reported: str
    pictures: int
    sources: int
    picture_auc: Figure
    """Planted against clean, by the magnitude of the value."""
    pixel_auc: Figure | None
    """Mean over pictures."""
    found: Figure | None
    """Share of planted pictures with a region on the part; None without a mask."""
    false_alarms: Figure
    """Share of clean pictures with any region."""


def side_of(source: str) -> str:
    """Return on which side a source lies; by its name alone, so that nothing can be chosen."""
    return SIDES[hashlib.sha256(source.encode()).digest()[0] % 2]


def pictures(
    pool: Sequence[PoolImage], side: str, limit: int | None, *, native: bool = False
) -> list[tuple[str, Pixels]]:
    """Return (source, reduced photograph) of one side, spread over its sources.

    Args:
        pool: rows of a manifest; only real photographs are used.
        side: of `SIDES`.
        limit: pictures at most; None for all.
        native: take photographs as they are instead.

    Raises:
        InputError: there are fewer than two.
    """
    chosen: dict[str, list[PoolImage]] = {}
    for image in sorted(pool, key=lambda each: each.sha256):
        if image.label == "real" and side_of(image.source) == side:
            chosen.setdefault(image.source, []).append(image)
    made: list[tuple[str, Pixels]] = []
    for turn in range(MOST_OF_SOURCE * 20):
        for source in sorted(chosen):
            if turn >= len(chosen[source]) or sum(s == source for s, _ in made) >= MOST_OF_SOURCE:
                continue
            if limit is not None and len(made) >= limit:
                break
            loaded = load_rgb(chosen[source][turn].path)
            reduced = loaded if native else _reduced(loaded)
            if min(reduced.shape[:2]) >= LEAST_SIDE_PX:
                made.append((source, reduced))
    if len(made) < 2:
        least = LEAST_SIDE_PX / (1 if native else REDUCED)
        raise InputError(
            f"The pool has {len(made)} photographs of at least {least:.0f} px on the {side} side: "
            "two are needed."
        )
    return made


def _reduced(pixels: Pixels) -> Pixels:
    height, width = (int(side * REDUCED) // 16 * 16 for side in pixels.shape[:2])
    if not height or not width:
        return np.zeros((0, 0, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA))


def sampled(plant: Plant, chosen: Sequence[tuple[str, Pixels]]) -> list[Sample]:
    """Plant into each picture, with another one as donor, and trace both files.

    Args:
        plant: what to do.
        chosen: (source, picture) as `pictures` returns them.
    """
    made = []
    for index, (source, base) in enumerate(chosen):
        # The same pictures and places whatever else is measured.
        random = np.random.default_rng([index, *plant.name.encode()[:32]])
        donor = fitted(chosen[(index + 1 + len(chosen) // 2) % len(chosen)][1], base.shape)
        planted = plant.make(base, donor, random)
        after, before = (traced(data, plant.method) for data in (planted.data, planted.clean))
        made.append(_sample(source, after, before, planted.mask))
    return made


def traced(data: bytes, method: str) -> Trace:
    """Trace a file that was made here; no child process is needed for it."""
    (trace,) = derived.run(subject_of(data), lambda: None, derived.named([method]))
    return trace


def subject_of(data: bytes) -> Subject:
    """Return a file that was made here as methods see it; no child process is needed for it."""
    decoded = decode(data)
    image = Image(facts=FileFacts(path="planted"), pixels=np.asarray(decoded.picture))
    return derived.subject(Inspected(image=image, report=None, measured=measure(data, decoded)))


def fitted(donor: Pixels, shape: tuple[int, ...]) -> Pixels:
    """Return a donor of a size, mirrored at its edges where it is too small."""
    height, width = shape[:2]
    down, across = max(0, height - donor.shape[0]), max(0, width - donor.shape[1])
    while down or across:
        step = (min(down, donor.shape[0] - 1), min(across, donor.shape[1] - 1))
        donor = np.pad(donor, ((0, step[0]), (0, step[1]), (0, 0)), mode="reflect")
        down, across = down - step[0], across - step[1]
    return np.ascontiguousarray(donor[:height, :width])


def _sample(source: str, after: Trace, before: Trace, mask: Mask | None) -> Sample:
    return Sample(
        source=source,
        planted=_magnitude(after),
        clean=_magnitude(before),
        planted_regions=bool(after.finding.regions),
        clean_regions=bool(before.finding.regions),
        hit=mask is not None and any(_hits(box, mask) for box in after.finding.regions),
        pixel_auc=None if mask is None or after.heatmap is None else map_auc(after.heatmap, mask),
    )


def _magnitude(trace: Trace) -> float:
    value = trace.finding.value
    judged = trace.finding.status is Status.DERIVED and isinstance(value, int | float)
    return abs(float(value)) if judged and value is not None else 0.0


def _hits(box: Region, mask: Mask) -> bool:
    inside = int(mask[box.y : box.y + box.h, box.x : box.x + box.w].sum())
    return inside >= FOUND_SHARE * box.w * box.h and inside >= FOUND_SHARE * int(mask.sum())


def map_auc(heatmap: HeatMap, mask: Mask) -> float | None:
    """Return the area under the ROC curve of a map's cells; None when one class is missing.

    Args:
        heatmap: of the manipulated picture.
        mask: [height, width]; a cell belongs to the part when most of it does.
    """
    rows, cols = heatmap.cells.shape
    share = cv2.resize(mask.astype(np.float32), (cols, rows), interpolation=cv2.INTER_AREA)
    inside = (share > 0.5)[heatmap.valid]
    if inside.all() or not inside.any():
        return None
    return auc(heatmap.cells[heatmap.valid].astype(np.float64), inside)


def summarised(plant: Plant, samples: Sequence[Sample]) -> Measured:
    """Return the figures of one plant, with intervals over pictures.

    Args:
        plant: what was done.
        samples: at least two.
    """
    planted = np.array([each.planted for each in samples])
    clean = np.array([each.clean for each in samples])
    pixel = np.array([np.nan if s.pixel_auc is None else s.pixel_auc for s in samples])
    hits = np.array([each.hit for each in samples], dtype=np.float64)
    alarms = np.array([each.clean_regions for each in samples], dtype=np.float64)

    def ranked(pick: NDArray[np.intp]) -> float:
        both = np.concatenate([planted[pick], clean[pick]])
        return auc(both, np.repeat([True, False], len(pick)))

    masked = bool(np.isfinite(pixel).any())
    return Measured(
        plant=plant.name,
        method=plant.method,
        reported=plant.reported,
        pictures=len(samples),
        sources=len({each.source for each in samples}),
        picture_auc=_interval(ranked, len(samples)),
        pixel_auc=_interval(lambda p: _mean(pixel[p]), len(samples)) if masked else None,
        found=_interval(lambda p: float(hits[p].mean()), len(samples)) if masked else None,
        false_alarms=_interval(lambda p: float(alarms[p].mean()), len(samples)),
    )


def _mean(values: NDArray[np.float64]) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else 0.5


def _interval(measure_of: Callable[[NDArray[np.intp]], float], count: int) -> Figure:
    random = np.random.default_rng(0)
    values = [measure_of(random.integers(0, count, count)) for _ in range(RESAMPLES)]
    low, high = (float(v) for v in np.quantile(values, (0.025, 0.975)))
    return Figure(value=measure_of(np.arange(count)), low=low, high=high)

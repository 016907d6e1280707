"""Photographs with known processing: what was done to a part of them, and where.

Every photograph of a side is processed in a few of the ways of `KINDS`, which one follows from its
place in the row; where there is a reconstruction of it, a part of that is put in as well. The truth
about such a picture is known: which part was touched, and how. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from engine.training import trace_plants as plants
from engine.training import trace_plants_samples as of_samples
from engine.training.composites import aligned, centre
from engine.training.data import PoolImage, dice, load_rgb
from engine.training.trace_measuring import fitted
from engine.training.trace_plants import (
    GRID_PX,
    Make,
    Mask,
    Pixels,
    Planted,
    jpeg,
    mixed,
    part,
    saved,
)

LEAST_SIDE_PX, MOST_SIDE_PX = 320, 384
"""Of photographs; the centre square is taken, as it is kept: one view of the model covers it."""

EACH = 2
"""Ways in which each photograph is processed, besides its reconstruction."""

RECONSTRUCTED, UNTOUCHED = "reconstructed", "untouched"


def untouched(base: Pixels, _donor: Pixels, random: np.random.Generator) -> Planted:
    """Saved at 75 to 95, nothing else."""
    data = jpeg(base, int(random.integers(75, 96)))
    return Planted(data=data, clean=data, mask=np.zeros(base.shape[:2], np.bool_))


KINDS: dict[str, Make] = {
    "saved twice": plants.resaved_part,
    "replaced": plants.replaced_part,
    "off the grid": plants.shifted_part,
    "foreign grid": plants.foreign_grid,
    "noisier": plants.noisier_part,
    "blurred": plants.smoothed_part,
    "without demosaicing": of_samples.undemosaiced_part,
    "enlarged": of_samples.enlarged_part,
    "median": of_samples.median_part,
    "toned": of_samples.toned_part,
    "copied": of_samples.copied_part,
    "copied and turned": of_samples.turned_copy,
    UNTOUCHED: untouched,
}
"""Name of what was done to a part -> how."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """One file of which is known what was done to it, and where."""

    sha256: str
    """Of the photograph."""
    source: str
    kind: str
    """Of `KINDS`, or `RECONSTRUCTED`."""
    data: bytes
    mask: Mask
    """[height, width], True where it was processed; nowhere in an untouched one."""

    @property
    def name(self) -> str:
        """Photograph and kind in one word, fit for a file's name."""
        return f"{self.sha256[:16]}-{self.kind.replace(' ', '_')}"


def photographs(pool: Sequence[PoolImage], per_source: int) -> list[PoolImage]:
    """Return at most so many large enough photographs of each source, the same ones every time.

    Args:
        pool: rows of one side of the split.
        per_source: of each source at most.
    """
    chosen: list[PoolImage] = []
    counts: dict[str, int] = {}
    for image in sorted((i for i in pool if i.label == "real"), key=dice):
        if counts.get(image.source, 0) == per_source:
            continue
        with Image.open(image.path) as opened:
            large = min(opened.size) >= LEAST_SIDE_PX
        if large:
            counts[image.source] = counts.get(image.source, 0) + 1
            chosen.append(image)
    return chosen


def scenes(images: Sequence[PoolImage], pairs: Path | None) -> Iterator[Scene]:
    """Yield the files made of photographs; the same ones every time.

    Args:
        images: of one side of the split; parts are taken from its own photographs alone.
        pairs: folder of reconstructions, as `engine.training.composites` makes them.
    """
    names = list(KINDS)
    for turn, image in enumerate(images):
        base = square(load_rgb(image.path))
        other = images[(turn + 1 + len(images) // 2) % len(images)]
        donor = fitted(square(load_rgb(other.path)), base.shape)
        for step in range(EACH):
            kind = names[(turn * EACH + step) % len(names)]
            random = np.random.default_rng([int(dice(image)[:12], 16), step])
            made = KINDS[kind](base, donor, random)
            assert made.mask is not None
            yield _scene(image, kind, made.data, made.mask)
    if pairs is not None:
        for image, real, fake in aligned(images, pairs):
            yield _reconstructed(image, square(real), square(fake))


def square(pixels: Pixels) -> Pixels:
    """Return the centre of a picture, at most `MOST_SIDE_PX` a side."""
    side = min(*pixels.shape[:2], MOST_SIDE_PX) // GRID_PX * GRID_PX
    return centre(pixels, side, side)


def _reconstructed(image: PoolImage, real: Pixels, fake: Pixels) -> Scene:
    """Return a photograph that was a JPEG, with a part of its reconstruction in it."""
    random = np.random.default_rng(int(dice(image)[12:24], 16))
    before, mask = saved(real, int(random.integers(70, 91))), part(real.shape, random)
    made = jpeg(mixed(before, fake, mask), int(random.choice([90, 95])))
    return _scene(image, RECONSTRUCTED, made, mask)


def _scene(image: PoolImage, kind: str, data: bytes, mask: Mask) -> Scene:
    return Scene(sha256=image.sha256, source=image.source, kind=kind, data=data, mask=mask)

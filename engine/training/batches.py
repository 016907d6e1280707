"""Training batches: matched groups of a real photograph, its reconstruction and an AI picture."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.errors import InputError
from engine.training.augment import SIDES_PX, Pixels, Recipe, apply, draw_recipe
from engine.training.data import PoolImage, load_rgb
from engine.training.pairs import pair_file
from engine.vrm.artifact import CELL_PX
from engine.vrm.views import pixel_tensor, view_tensor

TILE_PX = 512
GROUPS = 6
COMPOSITES = 4
SIDE_WEIGHTS = (0.1, 0.15, 0.2, 0.2, 0.25, 0.1)

REAL, RECONSTRUCTED, GENERATED, COMPOSITE = range(4)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """What one step sees; B = 3 x GROUPS + COMPOSITES."""

    view: Tensor
    """[B, 3, 224, 224], 0..1."""
    native: Tensor
    """[B, 3, side, side], 0..1."""
    kind: Tensor
    """[B] int: REAL, RECONSTRUCTED, GENERATED or COMPOSITE."""
    mask: Tensor
    """[B, side / 16, side / 16], share of generated pixels in each residual cell."""
    captions: tuple[str | None, ...]
    """One true caption where there is one and the crop shows most of the picture."""
    recipes: tuple[Recipe, ...]
    """How each sample was treated."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Entry:
    pixels: Pixels
    row: PoolImage
    weight: float


class Store:
    """Decoded training pictures in memory.

    Args:
        images: rows of one side of the split.
        pairs: folder of reconstructions; photographs without one take no part in groups.
    """

    def __init__(self, images: list[PoolImage], pairs: Path) -> None:
        self._pairs = pairs
        counts: dict[tuple[str, str], int] = {}
        for image in images:
            counts[image.source, image.label] = counts.get((image.source, image.label), 0) + 1
        with ThreadPoolExecutor(4) as pool:
            pixels = list(pool.map(lambda i: load_rgb(i.path), images))
        self.real: list[_Entry] = []
        self.ai: list[_Entry] = []
        for image, rgb in zip(images, pixels, strict=True):
            if image.label == "real" and not pair_file(pairs, image).exists():
                continue
            weight = counts[image.source, image.label] ** -0.5
            parts = tiles(rgb) if image.tile_grid else [rgb]
            target = self.real if image.label == "real" else self.ai
            target.extend(_Entry(pixels=p, row=image, weight=weight / len(parts)) for p in parts)

    def draw(
        self, rng: np.random.Generator, *, real: bool, side_px: int, count: int
    ) -> list[_Entry]:
        """Draw entries whose short side is at least ``side_px``, sources evened out.

        Raises:
            InputError: there are not as many.
        """
        entries = [
            e for e in (self.real if real else self.ai) if min(e.pixels.shape[:2]) >= side_px
        ]
        if len(entries) < count:
            kind = "photographs with a reconstruction" if real else "AI pictures"
            raise InputError(
                f"The training side has {len(entries)} {kind} of at least {side_px} px; a batch "
                f"takes {count}: add pictures."
            )
        weights = np.array([e.weight for e in entries])
        picks = rng.choice(len(entries), size=count, p=weights / weights.sum(), replace=False)
        return [entries[int(i)] for i in picks]

    def reconstruction(self, entry: _Entry) -> Pixels:
        """Return the aligned fake of a photograph."""
        return load_rgb(pair_file(self._pairs, entry.row))


def tiles(rgb: Pixels) -> list[Pixels]:
    """Cut a collage into its 512-px tiles."""
    height, width = rgb.shape[:2]
    return [
        rgb[y : y + TILE_PX, x : x + TILE_PX]
        for y in range(0, height - TILE_PX // 2, TILE_PX)
        for x in range(0, width - TILE_PX // 2, TILE_PX)
    ]


def draw_mask(rng: np.random.Generator, height: int, width: int) -> NDArray[np.bool_]:
    """Return a random box of about 8 to 45 % of the area, or the ellipse inside it.

    What of a long one would reach over the edge is cut.
    """
    share = rng.uniform(0.08, 0.45)
    aspect = float(np.exp(rng.uniform(-0.5, 0.5)))
    h, w = (share**0.5) * height * aspect, (share**0.5) * width / aspect
    cy, cx = (
        rng.uniform(h / 2, max(h / 2 + 1, height - h / 2)),
        rng.uniform(w / 2, max(w / 2 + 1, width - w / 2)),
    )
    yy, xx = np.mgrid[:height, :width]
    dy, dx = (yy - cy) / (h / 2), (xx - cx) / (w / 2)
    if rng.random() < 0.5:
        return np.asarray((dy**2 + dx**2) < 1)
    return np.asarray(np.maximum(np.abs(dy), np.abs(dx)) < 1)


class Batches:
    """Endless batches, reproducible by seed and step.

    Args:
        store: decoded pictures.
        seed: of the whole run.
        ease: share of groups without shrinking and compression; see ``draw_recipe``.
    """

    def __init__(self, store: Store, seed: int, *, ease: float = 0.0) -> None:
        self._store = store
        self._seed = seed
        self._ease = ease

    def at(self, step: int) -> Batch:
        """Return the batch of a step; the same step always gives the same batch."""
        rng = np.random.default_rng((self._seed, step))
        side = int(rng.choice(SIDES_PX, p=SIDE_WEIGHTS))
        rows: list[tuple[Pixels, int, NDArray[np.bool_] | None, str | None, Recipe]] = []
        reals = self._store.draw(rng, real=True, side_px=side, count=GROUPS + COMPOSITES)
        fakes = self._store.draw(rng, real=False, side_px=side, count=GROUPS)
        for real, fake in zip(reals[:GROUPS], fakes, strict=True):
            recipe = draw_recipe(rng, side, ease=self._ease)
            caption = _caption(rng, real.row, recipe)
            recon = self._store.reconstruction(real)
            had = real.row.jpeg_history
            rows.append((apply(real.pixels, recipe, had_jpeg=had), REAL, None, caption, recipe))
            rows.append(
                (apply(recon, recipe, had_jpeg=False), RECONSTRUCTED, None, caption, recipe)
            )
            shown = apply(fake.pixels, recipe, had_jpeg=fake.row.jpeg_history)
            rows.append((shown, GENERATED, None, _caption(rng, fake.row, recipe), recipe))
        for real in reals[GROUPS:]:
            rows.append(self._composite(rng, real, side))
        return _collate(rows, side)

    def _composite(
        self, rng: np.random.Generator, real: _Entry, side: int
    ) -> tuple[Pixels, int, NDArray[np.bool_], str | None, Recipe]:
        recipe = draw_recipe(rng, side, ease=self._ease)
        recon = self._store.reconstruction(real)
        mask = draw_mask(rng, *real.pixels.shape[:2])
        mixed = np.where(mask[..., None], recon, real.pixels)
        shown = apply(mixed, recipe, had_jpeg=False)
        clean = Recipe(
            side_px=side,
            shrink=recipe.shrink,
            kernel=recipe.kernel,
            place=recipe.place,
            aligned=recipe.aligned,
            history=None,
            flip=recipe.flip,
            chain=(),
        )
        as_rgb = np.repeat((mask * 255).astype(np.uint8)[..., None], 3, axis=2)
        moved = apply(as_rgb, clean, had_jpeg=True)[..., 0] > 127
        return shown, COMPOSITE, moved, _caption(rng, real.row, recipe), recipe

    def run(self, first: int, last: int) -> Iterator[tuple[int, Batch]]:
        """Yield (step, batch) for steps first..last-1, preparing the next in the background."""
        with ThreadPoolExecutor(1) as pool:
            waiting = [pool.submit(self.at, s) for s in range(first, min(first + 2, last))]
            for step in range(first, last):
                batch = waiting.pop(0).result()
                if step + 2 < last:
                    waiting.append(pool.submit(self.at, step + 2))
                yield step, batch


def _caption(rng: np.random.Generator, row: PoolImage, recipe: Recipe) -> str | None:
    """Return a caption only when the crop still shows what it speaks of."""
    if not row.captions or recipe.shrink < 0.6:
        return None
    return row.captions[int(rng.integers(len(row.captions)))]


def _collate(
    rows: list[tuple[Pixels, int, NDArray[np.bool_] | None, str | None, Recipe]], side: int
) -> Batch:
    n = side // CELL_PX
    masks = []
    for _, kind, mask, _, _ in rows:
        if mask is not None:
            masks.append(mask.reshape(n, CELL_PX, n, CELL_PX).mean((1, 3)))
        else:
            masks.append(np.full((n, n), float(kind in (RECONSTRUCTED, GENERATED))))
    return Batch(
        view=torch.stack([view_tensor(r[0]) for r in rows]),
        native=torch.stack([pixel_tensor(r[0]) for r in rows]),
        kind=torch.tensor([r[1] for r in rows]),
        mask=torch.tensor(np.stack(masks), dtype=torch.float32),
        captions=tuple(r[3] for r in rows),
        recipes=tuple(r[4] for r in rows),
    )

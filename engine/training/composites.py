"""Composites with known masks: real photographs whose own reconstruction shows through a mask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image as PilImage

from engine.errors import InputError
from engine.images.decoder import Decoder
from engine.training.augment import Pixels, encode
from engine.training.batches import draw_mask
from engine.training.data import PoolImage, dice
from engine.training.evaluate import Log
from engine.training.pairs import pair_file, reconstruct, variant_of
from engine.training.taef import Taef2
from engine.vrm.artifact import CELL_PX

CROP_PX = 512
"""Longest side of what is reconstructed of a larger photograph: its centre, at native size."""
MIN_SIDE_PX = 224
"""Shorter photographs take no part: a token would be smaller than the least mask."""
PER_SOURCE = 28
"""Photographs of one source at most, so that none dominates."""
QUALITY = 90
"""JPEG quality of the composites: what stands in the picture, not in the file, must be found."""
FURTHER_QUALITIES = (70, 80, 90, 95)
JPEG_BLOCK_PX = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Composite:
    """A picture of which is known where it was generated."""

    sha256: str
    """Of the photograph."""
    source: str
    pixels: Pixels
    """[H, W, 3], after JPEG at QUALITY."""
    mask: NDArray[np.bool_]
    """[H, W], True where it was generated."""

    def swapped_shares(self) -> NDArray[np.float64]:
        """Return the share of generated pixels in each residual cell: [H // 16, W // 16]."""
        rows, cols = self.mask.shape[0] // CELL_PX, self.mask.shape[1] // CELL_PX
        blocks = self.mask[: rows * CELL_PX, : cols * CELL_PX]
        cells = blocks.reshape(rows, CELL_PX, cols, CELL_PX)
        return np.asarray(cells.mean(axis=(1, 3), dtype=np.float64))


def choose(images: Iterable[PoolImage], per_source: int = PER_SOURCE) -> list[PoolImage]:
    """Return at most so many real photographs of each source, the same ones every time."""
    groups: dict[str, list[PoolImage]] = {}
    for image in images:
        if image.label == "real":
            groups.setdefault(image.source, []).append(image)
    return [i for group in groups.values() for i in sorted(group, key=dice)[:per_source]]


def make_missing(images: Sequence[PoolImage], weights: Path, folder: Path, log: Log) -> None:
    """Reconstruct the centre of every photograph that has no reconstruction yet.

    Args:
        images: real photographs, as ``choose`` returns them.
        weights: folder of the autoencoder's safetensors.
        folder: where ``<sha256>.png`` goes.
        log: told how far it is.

    Raises:
        InputError: a photograph cannot be decoded.
    """
    todo = [i for i in images if not pair_file(folder, i).exists()]
    if not todo:
        return
    folder.mkdir(parents=True, exist_ok=True)
    model = Taef2(weights).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    torch.manual_seed(0)
    with Decoder() as decoder:
        for n, image in enumerate(todo, 1):
            pixels = decoder.decode_file(str(image.path)).pixels
            if min(pixels.shape[:2]) >= MIN_SIDE_PX:
                side = tuple(min(s, CROP_PX) for s in pixels.shape[:2])
                made = reconstruct(model, centre(pixels, side[0], side[1]), variant_of(image))
                _write(made, pair_file(folder, image))
            log(f"reconstructed {n}/{len(todo)}")


def _write(pixels: Pixels, file: Path) -> None:
    partial = file.with_suffix(".partial")
    PilImage.fromarray(pixels).save(partial, format="PNG", compress_level=1)
    partial.replace(file)


def centre(pixels: Pixels, height: int, width: int) -> Pixels:
    """Return the centre of a picture; its origin keeps the phase of JPEG's blocks."""
    y = (pixels.shape[0] - height) // 2 // JPEG_BLOCK_PX * JPEG_BLOCK_PX
    x = (pixels.shape[1] - width) // 2 // JPEG_BLOCK_PX * JPEG_BLOCK_PX
    return np.ascontiguousarray(pixels[y : y + height, x : x + width])


def _mask(image: PoolImage, height: int, width: int) -> NDArray[np.bool_]:
    """Return where a picture shows its reconstruction; the same every time.

    Of every two pictures one is generated outside the drawn shape instead of inside: shapes lie
    about the centre more often than not, and a map that always shows the centre, without having
    looked, would point better than any that has.
    """
    number = int(dice(image)[:16], 16)
    mask = draw_mask(np.random.default_rng(number), height, width)
    return ~mask if number % 2 else mask


def composites(images: Iterable[PoolImage], folder: Path) -> Iterator[Composite]:
    """Yield a composite of every photograph that has a reconstruction.

    Args:
        images: real photographs.
        folder: of reconstructions.

    Raises:
        InputError: a file cannot be decoded, or a reconstruction is larger than its photograph.
    """
    for image, real, fake in aligned(images, folder):
        yield composed(image, real, fake, _mask(image, *real.shape[:2]), QUALITY)


def untouched(images: Iterable[PoolImage], folder: Path) -> Iterator[Composite]:
    """Yield the same parts of the same photographs with nothing generated; as ``composites``."""
    for image, real, fake in aligned(images, folder):
        yield composed(image, real, fake, np.zeros(real.shape[:2], np.bool_), QUALITY)


def further(images: Iterable[PoolImage], folder: Path) -> Iterator[Composite]:
    """Yield a second composite of each photograph, for training; as ``composites``.

    The shape is another one, generated on the other side of its edge, and the quality is drawn.
    """
    for image, real, fake in aligned(images, folder):
        rng = np.random.default_rng(int(dice(image)[:12], 16))
        shape = draw_mask(rng, *real.shape[:2])
        inside = int(dice(image)[:16], 16) % 2
        quality = int(rng.choice(FURTHER_QUALITIES))
        yield composed(image, real, fake, shape if inside else ~shape, quality)


def aligned(
    images: Iterable[PoolImage], folder: Path
) -> Iterator[tuple[PoolImage, Pixels, Pixels]]:
    """Yield photographs with the part that was reconstructed, and its reconstruction.

    Args:
        images: real photographs.
        folder: of reconstructions; photographs without one are left out.

    Raises:
        InputError: as ``composites``.
    """
    with Decoder() as decoder:
        for image in images:
            file = pair_file(folder, image)
            if not file.exists():
                continue
            fake = decoder.decode_file(str(file)).pixels
            whole = decoder.decode_file(str(image.path)).pixels
            height, width = fake.shape[:2]
            if height > whole.shape[0] or width > whole.shape[1]:
                raise InputError(
                    f"The reconstruction {file} is larger than its photograph: take it away."
                )
            yield image, centre(whole, height, width), fake


def composed(
    image: PoolImage, real: Pixels, fake: Pixels, mask: NDArray[np.bool_], quality: int
) -> Composite:
    """Return a composite: the photograph, and its reconstruction where the mask is True."""
    mixed = PilImage.fromarray(np.where(mask[..., None], fake, real))
    pixels = np.asarray(encode(mixed, "JPEG", quality))
    return Composite(sha256=image.sha256, source=image.source, pixels=pixels, mask=mask)

"""What the layer analysis and the ablations look at: small sets, the towers' tokens kept.

The towers are the slow half and stay frozen here, so that every picture goes through them once;
after that only the decoder runs. Training samples are the matched groups of ``batches``; what is
measured comes from the calibration side, so that the figures may guide choices.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from engine.errors import InputError
from engine.training.augment import HISTORY_QUALITY, Pixels, encode
from engine.training.batches import COMPOSITE, GENERATED, REAL, RECONSTRUCTED, Batches, Store, tiles
from engine.training.data import PoolImage, load_rgb
from engine.training.pairs import make_pairs, pair_file
from engine.vrm.artifact import CELL_PX
from engine.vrm.mini import VIEW_PX
from engine.vrm.views import view_tensor

Log = Callable[[str], None]

CROP_PX = 384
"""Training pictures are cut to their centre of this side, so that reconstructions are cheap."""
PAIR_PX = 256
"""Side of the centre crops of the measured pairs (D2)."""
SQUARE_PX = 1024
"""Side of the centre square of other measured pictures, at most; shown whole, as in a scan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many pictures take part."""

    train_reals: int = 160
    """Photographs that are reconstructed for training."""
    train_of_source: int = 24
    """Photographs of one source among them, at most."""
    steps: int = 32
    """Training batches; each gives 6 groups of a photograph, its reconstruction, an AI picture."""
    of_source: int = 40
    """Measured pictures of one source and class, at most."""
    pairs_of_source: int = 24
    """Measured photographs of one source that get a reconstruction, at most."""
    held_out_captions: int = 120
    """Captioned photographs that nothing here is trained on."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """Pictures after the towers; N of them."""

    grid: Tensor
    """[N, 49, width] bfloat16: V_o's pooled states, which the projector reads."""
    tokens: dict[str, Tensor]
    """[N, 49, d] bfloat16, by kind: frozen artifact tokens."""
    kind: Tensor
    """[N] int: REAL, RECONSTRUCTED or GENERATED."""
    sources: tuple[str, ...]
    """Of each picture; folds and intervals go by this."""
    captions: tuple[tuple[str, ...], ...]
    """True captions of each picture; may be empty."""
    prompt: Tensor | None = None
    """[N, L, d] bfloat16: what the first trained layer is given on the forensic prompt, where it
    is kept because the layers below are frozen."""

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def fake(self) -> Tensor:
        """[N] bool."""
        return self.kind != REAL

    def only(self, chosen: Tensor) -> Samples:
        """Return the samples at the given indices (or where a bool mask is true)."""
        where = chosen.nonzero()[:, 0] if chosen.dtype == torch.bool else chosen
        return Samples(
            grid=self.grid[where],
            tokens={name: t[where] for name, t in self.tokens.items()},
            kind=self.kind[where],
            sources=tuple(self.sources[int(i)] for i in where),
            captions=tuple(self.captions[int(i)] for i in where),
            prompt=None if self.prompt is None else self.prompt[where],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shown:
    """One picture on its way into the towers."""

    view: Tensor
    """[3, 224, 224], 0..1."""
    native: Pixels
    """The same part of the picture as it is, [H, W, 3]."""
    kind: int
    source: str
    captions: tuple[str, ...] = ()


def by_hash(images: Iterable[PoolImage]) -> list[PoolImage]:
    """Return the images in the order of their hashes: a shuffle that never changes."""
    return sorted(images, key=lambda i: i.sha256)


def capped(images: Iterable[PoolImage], most: int) -> list[PoolImage]:
    """Return at most so many images of each source and class, the first by hash."""
    counts: dict[tuple[str, str], int] = {}
    chosen = []
    for image in by_hash(images):
        key = (image.source, image.label)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= most:
            chosen.append(image)
    return chosen


def crop_pool(images: list[PoolImage], folder: Path, side_px: int) -> list[PoolImage]:
    """Write the centre of each picture as PNG; returns rows that point there.

    Args:
        images: rows; of collages the first tile is taken.
        folder: where ``<sha256>.png`` goes; files that are there are not made again.
        side_px: longest side that is kept; native pixels, origins on multiples of 8.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for image in images:
        target = folder / f"{image.sha256}.png"
        if not target.exists():
            partial = target.with_suffix(".partial")
            Image.fromarray(_centre(_one_picture(image), side_px)).save(
                partial, format="PNG", compress_level=1
            )
            partial.replace(target)
        rows.append(replace(image, path=target, tile_grid=False))
    return rows


def _one_picture(image: PoolImage) -> Pixels:
    pixels = load_rgb(image.path)
    return tiles(pixels)[0] if image.tile_grid and min(pixels.shape[:2]) > VIEW_PX else pixels


def _centre(pixels: Pixels, side_px: int) -> Pixels:
    height, width = pixels.shape[:2]
    h, w = min(height, side_px), min(width, side_px)
    y, x = (height - h) // 16 * 8, (width - w) // 16 * 8
    return np.ascontiguousarray(pixels[y : y + h, x : x + w])


def _square(pixels: Pixels, side_px: int) -> Pixels:
    """Return the centre square, sides a multiple of the residual cell."""
    side = min(*pixels.shape[:2], side_px) // CELL_PX * CELL_PX
    return _centre(pixels, side)


def _as_jpeg(pixels: Pixels, image: PoolImage, *, had_jpeg: bool) -> Pixels:
    """Give pictures without a JPEG history one, of a quality that their hash decides."""
    if had_jpeg:
        return pixels
    low, high = HISTORY_QUALITY
    quality = low + int(image.sha256[:8], 16) % (high - low)
    return np.asarray(encode(Image.fromarray(pixels), "JPEG", quality))


def choose_reals(images: list[PoolImage], sizes: Sizes) -> list[PoolImage]:
    """Return the photographs that training pairs are made of, sources evened out."""
    reals = capped((i for i in images if i.label == "real"), sizes.train_of_source)
    return by_hash(reals)[: sizes.train_reals]


def train_samples(
    images: list[PoolImage], weights: Path, work: Path, sizes: Sizes, *, seed: int, log: Log
) -> Iterator[Shown]:
    """Yield matched training groups: photograph, its reconstruction, AI picture, and so on.

    Args:
        images: the training side.
        weights: the autoencoder's folder.
        work: gets ``crops/`` and ``pairs/``.
        sizes: how many.
        seed: of the batches.
        log: told how far it is.

    Raises:
        InputError: there are too few pictures for a batch.
    """
    reals = choose_reals(images, sizes)
    fakes = capped((i for i in images if i.label == "ai"), sizes.of_source)
    crops = crop_pool(reals + fakes, work / "crops", CROP_PX)
    make_pairs(crops, weights, work / "pairs", log)
    by_digest = {i.sha256: i for i in crops}
    batches = Batches(Store(list(by_digest.values()), work / "pairs"), seed)
    for _, batch in batches.run(0, sizes.steps):
        for i, kind in enumerate(batch.kind.tolist()):
            if kind != COMPOSITE:
                native = (batch.native[i].permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()
                yield Shown(view=batch.view[i], native=native, kind=kind, source="train")


def d1_samples(images: list[PoolImage], sizes: Sizes) -> Iterator[Shown]:
    """Yield real and AI pictures, each the centre square of the whole, JPEG histories evened."""
    for image in capped(images, sizes.of_source):
        pixels = _as_jpeg(_one_picture(image), image, had_jpeg=image.jpeg_history)
        if min(pixels.shape[:2]) < 4 * CELL_PX:
            continue
        square = _square(pixels, SQUARE_PX)
        kind = REAL if image.label == "real" else GENERATED
        yield Shown(view=view_tensor(square), native=square, kind=kind, source=image.source)


def d2_samples(
    images: list[PoolImage], weights: Path, work: Path, sizes: Sizes, log: Log
) -> Iterator[Shown]:
    """Yield photographs, each followed by its own reconstruction, aligned pixel by pixel."""
    reals = capped((i for i in images if i.label == "real"), sizes.pairs_of_source)
    crops = crop_pool(reals, work / "crops-measured", PAIR_PX)
    make_pairs(crops, weights, work / "pairs-measured", log)
    for crop in crops:
        real = load_rgb(crop.path)
        if min(real.shape[:2]) < 4 * CELL_PX:
            continue
        fake = load_rgb(pair_file(work / "pairs-measured", crop))
        for pixels, kind in ((real, REAL), (fake, RECONSTRUCTED)):
            had = crop.jpeg_history and kind == REAL
            square = _square(_as_jpeg(pixels, crop, had_jpeg=had), PAIR_PX)
            yield Shown(view=view_tensor(square), native=square, kind=kind, source=crop.source)


def captioned_photographs(images: list[PoolImage]) -> list[PoolImage]:
    """Return the photographs of the source that has most captions, in the order of hashes.

    Raises:
        InputError: no photograph has a caption.
    """
    found = [i for i in images if i.captions and i.label == "real" and not i.tile_grid]
    if not found:
        raise InputError("No photograph of the training side has a caption: forgetting needs some.")
    names = [i.source for i in found]
    most = max(sorted(set(names)), key=names.count)
    return by_hash(i for i in found if i.source == most)


def caption_samples(images: list[PoolImage]) -> Iterator[Shown]:
    """Yield the middle square of each captioned photograph."""
    for image in images:
        square = _square(load_rgb(image.path), SQUARE_PX)
        yield Shown(
            view=view_tensor(square),
            native=square,
            kind=REAL,
            source=image.source,
            captions=image.captions,
        )


def save_samples(samples: Samples, file: Path) -> None:
    """Write samples as safetensors, replacing the file at once."""
    tensors = {f"tokens.{name}": t.contiguous() for name, t in samples.tokens.items()}
    tensors |= {"grid": samples.grid.contiguous(), "kind": samples.kind.contiguous()}
    said = json.dumps({"sources": samples.sources, "captions": samples.captions})
    partial = file.with_suffix(".partial")
    save_file(tensors, partial, metadata={"samples": said})
    partial.replace(file)


def load_samples(file: Path) -> Samples:
    """Read what ``save_samples`` wrote."""
    with safe_open(file, framework="pt") as opened:
        said = json.loads(opened.metadata()["samples"])
        tensors = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
    return Samples(
        grid=tensors["grid"],
        tokens={k[7:]: t for k, t in tensors.items() if k.startswith("tokens.")},
        kind=tensors["kind"],
        sources=tuple(said["sources"]),
        captions=tuple(tuple(c) for c in said["captions"]),
    )

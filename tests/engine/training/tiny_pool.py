"""A pool of a few made-up pictures on disk, with a manifest, and batches made of nothing."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from engine.training.batches import COMPOSITE, GENERATED, REAL, RECONSTRUCTED, Batch
from engine.training.data import PoolImage
from engine.training.pairs import pair_file

COLUMNS = ("path", "sha256", "label", "source_repo", "generator", "caption", "format", "notes")


def noise(height: int, width: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def write_manifest(folder: Path, rows: list[dict[str, str]]) -> Path:
    file = folder / "manifest.csv"
    with file.open("w", newline="", encoding="utf-8") as f:
        writer = csv.DictWriter(f, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return file


def pool_image(
    path: Path, label: str = "real", source: str = "a/b", **changes: object
) -> PoolImage:
    values = {
        "path": path,
        "sha256": hashlib.sha256(path.name.encode()).hexdigest(),
        "label": label,
        "generator": "",
        "source": source,
        "captions": (),
        "jpeg_history": False,
        "tile_grid": False,
    }
    return PoolImage(**{**values, **changes})


def write_pool(
    folder: Path, *, real: int = 6, ai: int = 3, size: tuple[int, int] = (150, 180)
) -> tuple[list[PoolImage], Path]:
    """Write noise pictures and reconstructions; returns the rows and the folder of pairs."""
    pairs = folder / "pairs"
    pairs.mkdir()
    rows = []
    for n in range(real + ai):
        label = "real" if n < real else "ai"
        path = folder / f"{label}{n}.png"
        Image.fromarray(noise(*size, n)).save(path)
        captions = (f"caption {n}", f"words {n}") if n % 2 else ()
        rows.append(pool_image(path, label, source=f"s/{n % 2}", captions=captions))
        if label == "real":
            Image.fromarray(noise(*size, 100 + n)).save(pair_file(pairs, rows[-1]))
    return rows, pairs


class MadeUpBatches:
    """Four small samples a step, one of each kind; may be stopped before a step.

    Args:
        stop_before: step at which the operator interrupts.
    """

    def __init__(self, stop_before: int | None = None) -> None:
        self.stop_before = stop_before

    def at(self, step: int) -> Batch:
        generator = torch.Generator().manual_seed(step)
        mask = torch.zeros(4, 4, 4)
        mask[1], mask[2], mask[3, :2, :2] = 1.0, 1.0, 1.0
        return Batch(
            view=torch.rand(4, 3, 224, 224, generator=generator),
            native=torch.rand(4, 3, 64, 64, generator=generator),
            kind=torch.tensor([REAL, RECONSTRUCTED, GENERATED, COMPOSITE]),
            mask=mask,
            captions=("a dog", None, "a real picture", None),
            recipes=(),
        )

    def run(self, first: int, last: int) -> Iterator[tuple[int, Batch]]:
        for step in range(first, last):
            if step == self.stop_before:
                raise KeyboardInterrupt
            yield step, self.at(step)


class BrightTower:
    """A tower of twelve depths whose states tell a view's brightness, and how often it ran."""

    def __init__(self, width=4, side_px=32):
        self.width, self.side_px, self.ran = width, side_px, 0

    def states(self, view):
        self.ran += 1
        states = np.full((5, self.width), view.mean() / 255, np.float32)
        states[1:] += np.arange(4)[:, None]
        return [states * depth for depth in range(1, 13)]

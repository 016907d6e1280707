"""The development pool, read by source; what a training run may see is decided here."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engine.errors import InputError

Side = Literal["train", "calibration", "test"]

MAX_SIDE_PX = 1024
"""Pictures are kept in memory; from larger ones the centre is cut at native resolution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolImage:
    """One row of the pool's manifest."""

    path: Path
    sha256: str
    label: str
    """``"real"``, ``"ai"`` or ``"tampered"``."""
    generator: str
    source: str
    """Where it came from; splits are made by this."""
    captions: tuple[str, ...]
    jpeg_history: bool
    """Whether the pixels carry lossy compression of a JPEG file, going by the format."""
    tile_grid: bool
    """A collage of 512-px tiles."""


def read_pool(folder: Path) -> list[PoolImage]:
    """Return the rows of ``folder/manifest.csv`` in file order.

    Raises:
        InputError: there is no manifest.
    """
    manifest = folder / "manifest.csv"
    if not manifest.is_file():
        raise InputError(f"No manifest.csv in {folder}: name the folder of a training pool.")
    with manifest.open(newline="", encoding="utf-8") as f:
        return [_row(folder, row) for row in csv.DictReader(f)]


def _row(folder: Path, row: dict[str, str]) -> PoolImage:
    captions = tuple(c.strip() for c in row["caption"].split(" | ") if c.strip())
    return PoolImage(
        path=folder / row["path"],
        sha256=row["sha256"],
        label=row["label"],
        generator=row["generator"],
        source=row["source_repo"],
        captions=captions,
        jpeg_history=row["format"] == "JPEG",
        tile_grid="layout=grid" in row["notes"],
    )


def split(pool: list[PoolImage], splits_file: Path) -> dict[Side, list[PoolImage]]:
    """Divide the pool by source.

    Args:
        pool: rows.
        splits_file: TOML with the lists ``test`` and ``calibration`` of source names.

    Returns:
        The three sides; no source is on two of them. Face swaps ("tampered") are left out.

    Raises:
        InputError: a source is listed on two sides.
    """
    named = tomllib.loads(splits_file.read_text(encoding="utf-8"))
    test, calibration = set(named["test"]), set(named["calibration"])
    if twice := test & calibration:
        raise InputError(f"Sources on two sides in {splits_file}: {sorted(twice)}.")
    sides: dict[Side, list[PoolImage]] = {"train": [], "calibration": [], "test": []}
    for image in pool:
        if image.label == "tampered":
            continue
        side: Side = (
            "test"
            if image.source in test
            else "calibration"
            if image.source in calibration
            else "train"
        )
        sides[side].append(image)
    return sides


def load_rgb(path: Path, max_side_px: int = MAX_SIDE_PX) -> NDArray[np.uint8]:
    """Read a pool picture as RGB [height, width, 3]; too large ones are cut to their centre."""
    with Image.open(path) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    width, height = picture.size
    if max(width, height) > max_side_px:
        w, h = min(width, max_side_px), min(height, max_side_px)
        # Origins on multiples of 8 keep the JPEG block phase.
        x, y = (width - w) // 16 * 8, (height - h) // 16 * 8
        picture = picture.crop((x, y, x + w, y + h))
    return np.asarray(picture)

"""The development pool, read by source; what a training run may see is decided here."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engine.errors import InputError

Side = Literal["train", "calibration", "test"]
SIDES: tuple[Side, ...] = ("train", "calibration", "test")
PROBE_ALONE = "probe"
"""List of a split that no side has: sources that the probe was fitted on and no other stage saw."""
LABELS = ("real", "ai", "tampered")

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
    real_class: str = ""
    """What kind of photograph a real one is, such as ``"phone, night"``; "" where not stated."""


def read_pool(manifest: Path) -> list[PoolImage]:
    """Return the rows of a manifest in file order.

    Args:
        manifest: CSV with at least ``path`` (relative to the manifest, or absolute) and
            ``label`` (real, ai or tampered); ``source_repo``, ``generator``, ``caption``,
            ``format``, ``sha256``, ``notes`` and ``real_class`` are used where they are there.

    Raises:
        InputError: there is no such file, it is not UTF-8, it lacks a column, or a label is
            unknown.
    """
    if not manifest.is_file():
        raise InputError(f"No manifest at {manifest}: name a CSV file with path and label.")
    try:
        # "utf-8-sig": the mark that spreadsheets put first is no part of a column's name.
        with manifest.open(newline="", encoding="utf-8-sig") as f:
            reader = csv.DictReader(f, restval="")
            if missing := {"path", "label"} - set(reader.fieldnames or ()):
                raise InputError(f"{manifest} lacks the column {', '.join(sorted(missing))}.")
            return [_row(manifest, row) for row in reader]
    except UnicodeDecodeError as e:
        raise InputError(f"{manifest} is not UTF-8 ({e}): save it as UTF-8.") from e


def _row(manifest: Path, row: dict[str, str]) -> PoolImage:
    label = row["label"]
    if label not in LABELS:
        raise InputError(
            f"{manifest} labels {row['path']} {label!r}: use {', '.join(LABELS)}. "
            "A label that is not known would be counted as one of these."
        )
    captions = tuple(c.strip() for c in row.get("caption", "").split(" | ") if c.strip())
    return PoolImage(
        path=manifest.parent / row["path"],
        sha256=row.get("sha256") or row["path"],
        label=label,
        generator=row.get("generator", ""),
        source=row.get("source_repo", ""),
        captions=captions,
        jpeg_history=row.get("format") == "JPEG",
        tile_grid="layout=grid" in row.get("notes", ""),
        real_class=row.get("real_class", ""),
    )


def read_pools(manifest: Path, more: Iterable[Path] = ()) -> list[PoolImage]:
    """Return the rows of a manifest and of others beside it, each picture once.

    Args:
        manifest: as for ``read_pool``.
        more: further manifests, such as ``gather`` writes.

    Raises:
        InputError: as ``read_pool``.
    """
    images: dict[str, PoolImage] = {}
    for file in (manifest, *more):
        for image in read_pool(file):
            images.setdefault(image.sha256, image)
    return list(images.values())


def untampered(pool: Iterable[PoolImage]) -> list[PoolImage]:
    """Return the real and AI pictures in their order; face swaps are neither."""
    return [image for image in pool if image.label != "tampered"]


def named_sources(splits_file: Path) -> set[str]:
    """Return every source that had a part in the shipped weights, if only in the probe.

    Raises:
        InputError: the file cannot be read, or lacks a list.
    """
    return {source for sources in _lists(splits_file).values() for source in sources}


def _lists(splits_file: Path) -> dict[str, list[str]]:
    try:
        named = tomllib.loads(splits_file.read_text(encoding="utf-8"))
        return {
            **{side: list(named[side]) for side in SIDES},
            PROBE_ALONE: list(named.get(PROBE_ALONE, [])),
        }
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise InputError(
            f"The split {splits_file} cannot be used ({e}): it needs {', '.join(SIDES)}."
        ) from e


def split(pool: list[PoolImage], splits_file: Path) -> dict[Side, list[PoolImage]]:
    """Divide a pool by source.

    Args:
        pool: rows.
        splits_file: TOML with the lists ``train``, ``calibration`` and ``test`` of sources.

    Returns:
        The three sides; a source that is on no list is on the test side, since nothing was
        trained on it. Face swaps ("tampered") are left out.

    Raises:
        InputError: the file cannot be read, lacks a list, or names a source twice.
    """
    lists = _lists(splits_file)
    side_of: dict[str, Side] = {}
    for side in SIDES:
        for source in lists[side]:
            if source in side_of:
                raise InputError(f"{source} is named twice in {splits_file}.")
            side_of[source] = side
    sides: dict[Side, list[PoolImage]] = {side: [] for side in SIDES}
    for image in untampered(pool):
        sides[side_of.get(image.source, "test")].append(image)
    return sides


def load_rgb(path: Path, max_side_px: int = MAX_SIDE_PX) -> NDArray[np.uint8]:
    """Read a pool picture as RGB [height, width, 3]; too large ones are cut to their centre.

    Raises:
        InputError: there is no such file, or it cannot be decoded.
    """
    try:
        with Image.open(path) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except OSError as e:
        raise InputError(f"The pool picture {path} cannot be read ({e}): see its manifest.") from e
    width, height = picture.size
    if max(width, height) > max_side_px:
        w, h = min(width, max_side_px), min(height, max_side_px)
        # Origins on multiples of 8 keep the JPEG block phase.
        x, y = (width - w) // 16 * 8, (height - h) // 16 * 8
        picture = picture.crop((x, y, x + w, y + h))
    return np.asarray(picture)


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file, 64 hexadecimal digits.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def dice(image: PoolImage) -> str:
    """Return a number for a picture that depends on its content alone, 64 hexadecimal digits."""
    return hashlib.sha256(image.sha256.encode()).hexdigest()

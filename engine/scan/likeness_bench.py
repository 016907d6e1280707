"""How well near-duplicates are found: changed copies that are missed, others taken for one."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

from engine.errors import InputError
from engine.images.alike import DHASH_MOST, PHASH_MOST, distance, near_pairs
from engine.images.decoder import Decoder
from engine.images.likeness import Likeness, likeness
from engine.job import Context, Progress
from engine.scan.discovery import discover

PHASE = "Changing pictures"

SEARCHED = 100_000
"""Made-up pictures among which the speed of the search is measured."""

Change = Callable[[Image.Image], Image.Image]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One way of changing a picture, and how often the copy was still found."""

    name: str
    pictures: int
    """Pictures changed in this way."""
    found: int
    """Copies that were near-duplicates of their original."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LikenessReport:
    """What was measured."""

    phash_most: int
    dhash_most: int
    pictures: int
    """Pictures that have a look."""
    even: int
    """Pictures that are too even to have one."""
    kinds: tuple[Kind, ...]
    pairs: int
    """Pairs of two different files."""
    near: tuple[tuple[str, str], ...]
    """Pairs of different files that were taken for near-duplicates, to be looked at."""
    searched: int
    """Made-up pictures among which pairs were searched for."""
    search_s: float
    """Wall time of that."""


def _jpeg(quality: int) -> Change:
    return lambda picture: _coded(picture, "JPEG", quality)


def _coded(picture: Image.Image, name: str, quality: int) -> Image.Image:
    stream = io.BytesIO()
    picture.save(stream, name, quality=quality)
    return Image.open(stream).convert("RGB")


def _scaled(factor: float) -> Change:
    def change(picture: Image.Image) -> Image.Image:
        width, height = (max(16, round(side * factor)) for side in picture.size)
        return picture.resize((width, height), Image.Resampling.BICUBIC)

    return change


def _cropped(share: float) -> Change:
    def change(picture: Image.Image) -> Image.Image:
        x, y = round(picture.width * share), round(picture.height * share)
        return picture.crop((x, y, picture.width - x, picture.height - y))

    return change


CHANGES: tuple[tuple[str, Change], ...] = (
    ("half size", _scaled(0.5)),
    ("quarter size", _scaled(0.25)),
    ("double size", _scaled(2.0)),
    ("JPEG 70", _jpeg(70)),
    ("JPEG 30", _jpeg(30)),
    ("WebP 50", lambda picture: _coded(picture, "WEBP", 50)),
    ("half size, JPEG 50", lambda picture: _jpeg(50)(_scaled(0.5)(picture))),
    ("20 % brighter", lambda picture: ImageEnhance.Brightness(picture).enhance(1.2)),
    ("25 % more contrast", lambda picture: ImageEnhance.Contrast(picture).enhance(1.25)),
    ("grey", lambda picture: picture.convert("L").convert("RGB")),
    ("1 % cropped from each side", _cropped(0.01)),
    ("2 % cropped from each side", _cropped(0.02)),
    ("3 % cropped from each side", _cropped(0.03)),
    ("5 % cropped from each side", _cropped(0.05)),
    ("mirrored", lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)),
)
"""What happens to pictures on their way, and what is known not to be found."""


def likeness_bench(folder: Path, limit: int, ctx: Context) -> LikenessReport:
    """Measure near-duplicates on the pictures of a folder.

    Args:
        folder: pictures; ``limit`` of them are drawn, the same ones each time.
        limit: at least 2.
        ctx: receives progress, carries the wish to stop.

    Raises:
        InputError: fewer than two pictures are there, or asked for.
        Cancelled: the operator stopped it.
    """
    paths = [each.path for each in discover([str(folder)], [], ctx).candidates]
    random.Random(0).shuffle(paths)
    if min(limit, len(paths)) < 2:
        raise InputError(
            f"{min(limit, len(paths))} pictures of {folder} would be compared: use at least 2."
        )
    looks: list[Likeness] = []
    names: list[str] = []
    found = dict.fromkeys((name for name, _ in CHANGES), 0)
    even = 0
    with Decoder() as decoder:
        for index, path in enumerate(paths[:limit]):
            ctx.report(Progress(phase=PHASE, done=index, total=min(limit, len(paths))))
            try:
                pixels = decoder.decode_file(path).pixels
            except InputError:
                continue
            look = likeness(pixels)
            if look is None:
                even += 1
                continue
            looks.append(look)
            names.append(Path(path).name)
            picture = Image.fromarray(pixels)
            for name, change in CHANGES:
                found[name] += _is_near(look, likeness(np.asarray(change(picture))))
    first, second = near_pairs(looks)
    return LikenessReport(
        phash_most=PHASH_MOST,
        dhash_most=DHASH_MOST,
        pictures=len(looks),
        even=even,
        kinds=tuple(
            Kind(name=name, pictures=len(looks), found=count) for name, count in found.items()
        ),
        pairs=len(looks) * (len(looks) - 1) // 2,
        near=tuple((names[a], names[b]) for a, b in zip(first, second, strict=True)),
        searched=SEARCHED,
        search_s=round(_search_s(SEARCHED), 2),
    )


def _is_near(look: Likeness, other: Likeness | None) -> bool:
    if other is None:
        return False
    phash, dhash = distance(look, other)
    return phash <= PHASH_MOST and dhash <= DHASH_MOST


def _search_s(count: int) -> float:
    """Return how long the search takes among so many pictures that were made up."""
    drawn = random.Random(0)
    looks: Sequence[Likeness] = [
        Likeness(phash=drawn.getrandbits(64), dhash=drawn.getrandbits(64)) for _ in range(count)
    ]
    began = time.perf_counter()
    near_pairs(looks)
    return time.perf_counter() - began

"""A nested folder of small made files: the same seed gives the same bytes everywhere."""

from __future__ import annotations

import io
import random
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

FOLDER_FILES = 100
"""Files a folder; folders lie three deep."""
SIDES_PX = (208, 304)
"""Shortest and longest side of a picture; 256 px on the mean."""
COARSE = 12
"""Random grey levels a side that a picture is made of: what perceptual hashes look at."""
GRAIN_PX = 512
"""Side of the noise that is laid over the pictures, shifted for each."""
ALIKE_EVERY = 50
"""Each of so many contents is the one before, coded once more: a near-duplicate."""
NONE_SHARE = 0.003
"""Share of files that are no pictures and are called what they are."""
BROKEN_SHARE = 0.003
"""Share of files that are called pictures and are none."""
BATCH = 500
"""Contents a task of the processes that make them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How many files of each kind a tree has."""

    files: int
    contents: int
    """Distinct pictures; other pictures are copies of these."""
    copies: int
    none: int
    """Files that are no pictures, by name and by first bytes."""
    broken: int
    """Files with the ending of a picture that cannot be decoded."""
    alike: int
    """Contents that are another content coded once more."""


def planned(files: int, copied_share: float = 0.5) -> Plan:
    """Return how a tree of so many files is made up."""
    none, broken = max(1, round(files * NONE_SHARE)), max(1, round(files * BROKEN_SHARE))
    pictures = files - none - broken
    copies = round(pictures * copied_share)
    contents = pictures - copies
    return Plan(
        files=files, contents=contents, copies=copies, none=none, broken=broken,
        alike=sum(1 for index in range(contents) if is_alike(index)),
    )  # fmt: skip


def grow(top: Path, plan: Plan, seed: int, processes: int) -> None:
    """Write a tree below ``top``, which must not exist."""
    places = _places(plan.files, seed)
    homes = [next(places) for _ in range(plan.contents)]
    tasks = [
        (top, seed, start, homes[start : start + BATCH]) for start in range(0, len(homes), BATCH)
    ]
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(_make, tasks))
    drawn = random.Random(seed + 1)
    for number in range(plan.copies):
        original = top / _named(homes[drawn.randrange(plan.contents)], top)
        copy = top / f"{next(places)} copy {number}{original.suffix}"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original, copy)
    for number in range(plan.none):
        _write(top / f"{next(places)} note.txt", f"Note {number}: no picture.\n".encode())
    for number in range(plan.broken):
        _write(top / f"{next(places)} broken.jpg", _broken(number, drawn))


def content(seed: int, index: int) -> tuple[bytes, str]:
    """Return the bytes of a picture and its ending."""
    alike = is_alike(index)
    drawn = np.random.default_rng((seed, index - 1 if alike else index))
    height, width = (int(side) for side in drawn.integers(*SIDES_PX, endpoint=True, size=2))
    coarse = drawn.integers(0, 256, (COARSE, COARSE, 3), dtype=np.uint8)
    smooth = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    down, right = (int(shift) for shift in drawn.integers(0, GRAIN_PX, size=2))
    grain = np.roll(_grain(), (down, right), axis=(0, 1))[:height, :width]
    pixels = np.clip(np.asarray(smooth, dtype=np.int16) + grain, 0, 255).astype(np.uint8)
    kind = drawn.random()
    stream = io.BytesIO()
    picture = Image.fromarray(pixels)
    if alike:
        picture.save(stream, "JPEG", quality=60)
        return stream.getvalue(), ".jpg"
    if kind < 0.7:
        picture.save(stream, "JPEG", quality=int(drawn.integers(75, 96)))
        return stream.getvalue(), ".jpg"
    if kind < 0.85:
        picture.save(stream, "PNG", compress_level=1)
        return stream.getvalue(), ".png"
    picture.save(stream, "WEBP", quality=85, method=0)
    return stream.getvalue(), ".webp"


@cache
def _grain() -> np.ndarray:
    """Return the noise, [h, w, 1] of int16; made once a process."""
    return np.random.default_rng(0).integers(-6, 7, (GRAIN_PX, GRAIN_PX, 1), dtype=np.int16)


def _make(task: tuple[Path, int, int, list[str]]) -> None:
    top, seed, start, homes = task
    for index, home in enumerate(homes, start=start):
        data, ending = content(seed, index)
        _write(top / f"{home}{ending}", data)


def _named(home: str, top: Path) -> str:
    for ending in (".jpg", ".png", ".webp"):
        if (top / f"{home}{ending}").is_file():
            return f"{home}{ending}"
    raise FileNotFoundError(home)


def _places(files: int, seed: int) -> Iterator[str]:
    """Yield a name without ending for each file, in an order that mixes folders."""
    numbers = list(range(files))
    random.Random(seed).shuffle(numbers)
    for number in numbers:
        folder, place = divmod(number, FOLDER_FILES)
        yield f"{folder // 100:02}/{folder // 10 % 10}/{folder % 10}/{place:02}"


def is_alike(index: int) -> bool:
    """Return whether a content is the one before, coded once more."""
    return index % ALIKE_EVERY == ALIKE_EVERY - 1


def _broken(number: int, drawn: random.Random) -> bytes:
    """Return what cannot be decoded: text, a bare head, random bytes behind one, nothing."""
    heads = (
        f"This is text {number}.".encode(),
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + str(number).encode(),
        b"\x89PNG\r\n\x1a\n" + drawn.randbytes(500),
        b"",
    )
    return heads[number % len(heads)]


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)

"""Thousands of exhibits that nobody examined: for measuring and looking at the window."""

from __future__ import annotations

import random
import zlib

import numpy as np
from numpy.typing import NDArray

from app.exhibits import Exhibit, State
from engine.types import (
    Condition,
    Examination,
    Failure,
    FileFacts,
    Finding,
    Outcome,
    ReadOuts,
    Status,
    Verdict,
)
from tests.app.fake_door import FakeDoor

FOLDERS = ("harbour", "market", "square at night", "from the editor")
TAGS = ("checked", "ask source", "publish")
GENERATORS = ("Midjourney", "Stable Diffusion", "DALL-E")
FORMATS = ("JPEG", "JPEG", "JPEG", "PNG", "WEBP")


def exhibits(count: int, seed: int = 1) -> list[Exhibit]:
    """Return so many exhibits: most of them examined, some waiting, a few failed."""
    drawn = random.Random(seed)
    return [_exhibit(number, drawn) for number in range(1, count + 1)]


def _exhibit(number: int, drawn: random.Random) -> Exhibit:
    folder = f"/evidence/{drawn.choice(FOLDERS)}"
    name = f"IMG_{4000 + number:05d}.{drawn.choice(('jpg', 'jpg', 'png'))}"
    exhibit = Exhibit(path=f"{folder}/{name}", name=name, number=number, folder=folder)
    exhibit.sha256 = f"{number:064x}"
    kind = drawn.random()
    if kind > 0.97:
        exhibit.state = State.WAITING
    elif kind > 0.955:
        exhibit.state = State.FAILED
        message = "The file ends in the middle of the picture: get the original again."
        exhibit.examination = Examination(
            facts=FileFacts(path=exhibit.path), failure=Failure(kind="truncated", message=message)
        )
    else:
        exhibit.state, exhibit.examination = State.DONE, _examination(exhibit, drawn)
    exhibit.stars = drawn.choice((0, 0, 0, 0, 1, 2, 3, 4, 5))
    exhibit.tags = tuple(sorted(drawn.sample(TAGS, drawn.choice((0, 0, 0, 1, 2)))))
    exhibit.near = drawn.randint(1, 400) if drawn.random() > 0.85 else None
    return exhibit


def _examination(exhibit: Exhibit, drawn: random.Random) -> Examination:
    p_ai = drawn.betavariate(0.5, 0.7)
    quality = drawn.randint(40, 98)
    inside = quality >= 65
    outcome = Outcome.AI if p_ai > 0.8 else Outcome.REAL if p_ai < 0.2 else Outcome.INCONCLUSIVE
    outcome = outcome if inside else Outcome.INCONCLUSIVE
    width = drawn.choice((800, 1600, 4032, 6000))
    named = drawn.random() > 0.93
    finding = Finding(
        id="P1",
        analyser="generator.text",
        version="1",
        status=Status.OBSERVED,
        value=drawn.choice(GENERATORS) if named else "none",
    )
    return Examination(
        facts=FileFacts(
            path=exhibit.path,
            sha256=exhibit.sha256,
            bytes=123456,
            format=drawn.choice(FORMATS),
            width=width,
            height=width * 3 // 4,
        ),
        verdict=Verdict(
            outcome=outcome,
            p_ai=p_ai,
            p_ai_interval=(max(0.0, p_ai - 0.06), min(1.0, p_ai + 0.07)),
            band_reason="Drawn at random.",
            in_validated_range=inside,
            read_outs=ReadOuts(both=None, semantic=None, artifact=0.0),
        ),
        condition=Condition(jpeg_quality=quality, megapixels=width * width * 0.75e-6),
        findings=(finding,),
    )


class SyntheticDoor(FakeDoor):
    """A door whose pictures are made of the path's hash, in landscape and portrait."""

    def thumbnail(self, path: str, side_px: int, sha256: str | None = None) -> NDArray[np.uint8]:
        random_of = np.random.default_rng(zlib.crc32(path.encode()))
        coarse = random_of.integers(30, 226, (3, 4, 3))
        rows = np.linspace(0, 2, side_px * 3 // 4)
        cols = np.linspace(0, 3, side_px)
        low_r, low_c = np.floor(rows).astype(int), np.floor(cols).astype(int)
        low_r, low_c = np.minimum(low_r, 1), np.minimum(low_c, 2)
        fr, fc = (rows - low_r)[:, None, None], (cols - low_c)[None, :, None]
        a = coarse[low_r][:, low_c] * (1 - fr) + coarse[low_r + 1][:, low_c] * fr
        b = coarse[low_r][:, low_c + 1] * (1 - fr) + coarse[low_r + 1][:, low_c + 1] * fr
        picture = (a * (1 - fc) + b * fc).astype(np.uint8)
        upright = zlib.crc32(path.encode()) % 5 == 0
        return np.ascontiguousarray(np.rot90(picture)) if upright else picture

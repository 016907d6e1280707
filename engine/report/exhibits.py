"""What a report is made from: the exhibits with their words, pictures and heat maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from engine.errors import StoreError
from engine.evidence.heatmaps import read_heatmap
from engine.images.colour import overlay
from engine.job import Context, Progress
from engine.report.fonts import Fonts
from engine.report.originals import Original, Source, as_jpeg, laid_over, shrunk
from engine.report.wording import Phrases, phrases
from engine.types import Examination, HeatMap

THUMB_SIDE_PX = 150
FIGURE_SIDES_PX = ((60, 720), (200, 540), (500, 400))
"""(up to so many exhibits, longest side of their pictures): bounds the size of a report."""
FIGURE_SIDE_LEAST_PX = 260


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exhibit:
    """One file of the report."""

    number: int
    """From 1, in the order of the results."""
    examination: Examination
    words: Phrases
    original: Original | None
    """The file as it is now, without its pixels; None when it was not examined."""
    thumb: bytes | None
    """JPEG; None when there is no picture to show."""
    picture: bytes | None
    """JPEG of the whole picture."""
    overlaid: bytes | None
    """JPEG of the picture under its heat map; the map on grey when the picture is not shown."""
    heatmap: HeatMap | None
    heatmap_note: str
    """Why there is no heat map; empty when there is one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """Everything the pages are made from."""

    exhibits: tuple[Exhibit, ...]
    fonts: Fonts
    created: datetime
    """With time zone: the place where the report was made."""
    records_sha256: str
    """Of the attached records."""
    tool_version: str
    environment: tuple[tuple[str, str], ...]
    """(name, version) of what the report was made with."""


def gather(
    examinations: Sequence[Examination], *, out_dir: Path, source: Source, ctx: Context
) -> tuple[Exhibit, ...]:
    """Return the exhibits with their pictures, downscaled.

    Args:
        examinations: in the order of their numbers.
        out_dir: the results folder, which heat map files are relative to.
        source: returns originals.
        ctx: receives progress, carries the wish to stop.

    Raises:
        Cancelled: the operator stopped it.
    """
    side_px = figure_side_px(len(examinations))
    exhibits = []
    for index, examination in enumerate(examinations):
        ctx.report(Progress(phase="reading exhibits", done=index, total=len(examinations)))
        exhibits.append(_exhibit(index + 1, examination, out_dir, source, side_px))
    return tuple(exhibits)


def figure_side_px(count: int) -> int:
    """Return the longest side of the pictures in a report of so many exhibits.

    Args:
        count: exhibits.
    """
    return next((side for most, side in FIGURE_SIDES_PX if count <= most), FIGURE_SIDE_LEAST_PX)


def _exhibit(
    number: int, examination: Examination, out_dir: Path, source: Source, side_px: int
) -> Exhibit:
    words = phrases(examination)
    if not examination.ok:
        return Exhibit(
            number=number, examination=examination, words=words, original=None, thumb=None,
            picture=None, overlaid=None, heatmap=None, heatmap_note="Not examined.",
        )  # fmt: skip
    original = source(examination, side_px)
    heatmap, note = _heatmap(examination, out_dir)
    pixels = original.pixels
    return Exhibit(
        number=number,
        examination=examination,
        words=words,
        original=Original(state=original.state, detail=original.detail),
        thumb=None if pixels is None else as_jpeg(shrunk(pixels, THUMB_SIDE_PX)),
        picture=None if pixels is None else as_jpeg(pixels),
        overlaid=None if heatmap is None else _overlaid(examination, heatmap, original, side_px),
        heatmap=heatmap,
        heatmap_note=note,
    )


def _heatmap(examination: Examination, out_dir: Path) -> tuple[HeatMap | None, str]:
    if examination.heatmap is not None:
        return examination.heatmap, ""
    if examination.heatmap_file is None:
        return None, "No heat map was made for this exhibit."
    try:
        return read_heatmap(out_dir / examination.heatmap_file), ""
    except StoreError as error:
        return None, f"The stored heat map cannot be shown: {error}"


def _overlaid(
    examination: Examination, heatmap: HeatMap, original: Original, side_px: int
) -> bytes:
    """Return the heat map on the picture, or on grey of the picture's shape."""
    facts = examination.facts
    pixels = original.pixels
    if pixels is None:
        height, width = facts.height or side_px, facts.width or side_px
        scale = min(1.0, side_px / max(height, width))
        size = (max(1, round(height * scale)), max(1, round(width * scale)), 3)
        pixels = np.full(size, 128, dtype=np.uint8)
    known = (facts.height, facts.width) if facts.height and facts.width else None
    layer = overlay(heatmap, pixels.shape[0], pixels.shape[1], picture_px=known)
    return as_jpeg(laid_over(pixels, layer))

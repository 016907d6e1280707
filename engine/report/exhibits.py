"""What a report is made from: the exhibits with their words, pictures and heat maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.case_types import Exhibit as TakenIn
from engine.case_types import Recheck, Recipe
from engine.errors import StoreError
from engine.images.colour import overlay
from engine.job import Context, Progress
from engine.mark_types import Annotation, SentenceEdit
from engine.report.contents import Contents, Part, Picture, Sheet, digest
from engine.report.fonts import Fonts
from engine.report.ledger import Ledger
from engine.report.originals import Original, Source, as_jpeg, laid_over, shrunk
from engine.report.wording import Phrases, phrases
from engine.traces import derived
from engine.types import Examination, HeatMap

THUMB_SIDE_PX = 150
FIGURE_SIDES_PX = ((60, 720), (200, 540), (500, 400))
"""(up to so many exhibits, longest side of their pictures): bounds the size of a report."""
FIGURE_SIDE_LEAST_PX = 260


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Item:
    """One exhibit as it comes from a results folder or a case."""

    number: int
    """Exhibit number."""
    examination: Examination
    heatmap: Callable[[], HeatMap | None]
    """Reads the stored heat map; None when there is none, StoreError when it is damaged."""
    file: str
    """Where the bytes that were examined lie now."""
    taken_in: TakenIn | None = None
    """As the case holds it."""
    recipe: Recipe | None = None
    operator: str = ""
    rechecks: tuple[Recheck, ...] = ()
    edits: tuple[SentenceEdit, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    rating: int = 0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exhibit:
    """One exhibit on the pages."""

    sheet: Sheet
    words: Phrases

    @property
    def number(self) -> int:
        """Exhibit number."""
        return self.sheet.number

    @property
    def examination(self) -> Examination:
        """The result or the failure."""
        return self.sheet.examination


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """Everything the pages are made from."""

    contents: Contents
    exhibits: tuple[Exhibit, ...]
    fonts: Fonts
    records_sha256: str
    """Of the attached records."""
    jpegs: Mapping[str, bytes]
    """sha256 -> JPEG data; what is not in it is drawn as an empty frame of the same size."""
    ledger: Ledger = field(default_factory=Ledger)


def make_report(
    contents: Contents, jpegs: Mapping[str, bytes], records_sha256: str, fonts: Fonts
) -> Report:
    """Return what pages are made from.

    Args:
        contents: all values.
        jpegs: the pictures, by their hash.
        records_sha256: of the attached records.
        fonts: the registered fonts.
    """
    exhibits = tuple(
        Exhibit(sheet=sheet, words=phrases(sheet.examination)) for sheet in contents.sheets
    )
    return Report(
        contents=contents,
        exhibits=exhibits,
        fonts=replace(fonts, glyph_texts={}),
        records_sha256=records_sha256,
        jpegs=jpegs,
    )


def gather(
    items: Sequence[Item], *, source: Source, ctx: Context
) -> tuple[tuple[Sheet, ...], dict[str, bytes]]:
    """Return the exhibits' sheets, and their pictures, downscaled, by hash.

    Args:
        items: in the order of their numbers.
        source: returns originals.
        ctx: receives progress, carries the wish to stop.

    Raises:
        Cancelled: the operator stopped it.
    """
    side_px = figure_side_px(len(items))
    sheets, jpegs = [], {}
    for index, item in enumerate(items):
        ctx.report(Progress(phase="reading exhibits", done=index, total=len(items)))
        sheet, pictures = _sheet(item, source, side_px)
        sheets.append(sheet)
        jpegs.update(pictures)
    return tuple(sheets), jpegs


def figure_side_px(count: int) -> int:
    """Return the longest side of the pictures in a report of so many exhibits.

    Args:
        count: exhibits.
    """
    return next((side for most, side in FIGURE_SIDES_PX if count <= most), FIGURE_SIDE_LEAST_PX)


def _sheet(item: Item, source: Source, side_px: int) -> tuple[Sheet, dict[str, bytes]]:
    taken_in = None if item.taken_in is None else replace(item.taken_in, custody=())
    bare = Sheet(
        number=item.number, examination=item.examination, state="", state_detail="", thumb=None,
        picture=None, overlaid=None, map_method="", map_cell_px=None, map_note="Not examined.",
        part=None, part_note="",
        taken_in=taken_in, recipe=item.recipe, operator=item.operator, rechecks=item.rechecks,
        edits=item.edits, annotations=item.annotations, rating=item.rating, tags=item.tags,
    )  # fmt: skip
    if not item.examination.ok:
        return bare, {}
    there = replace(item.examination, facts=replace(item.examination.facts, path=item.file))
    original = source(there, side_px)
    heatmap, note = _heatmap(item)
    pixels, pictures = original.pixels, dict[str, bytes]()
    thumb = None if pixels is None else shrunk(pixels, THUMB_SIDE_PX)
    over = None if heatmap is None else _overlaid(item.examination, heatmap, original, side_px)
    part, part_note = _part(item.examination, original, side_px, pictures)
    sheet = replace(
        bare,
        # Without the map in memory, so that the sheet equals what is read back of it.
        examination=_without_map(item.examination),
        state=str(original.state),
        state_detail=original.detail,
        thumb=_kept(thumb, pictures),
        picture=_kept(pixels, pictures),
        overlaid=_kept(over, pictures),
        map_method=heatmap.method if heatmap else "",
        map_cell_px=heatmap.cell_px if heatmap else None,
        map_note=note,
        part=part,
        part_note=part_note,
    )
    return sheet, pictures


def _without_map(examination: Examination) -> Examination:
    heatmap = examination.heatmap
    if heatmap is None:
        return examination
    return replace(examination, heatmap=None, cell_px=heatmap.cell_px)


def _kept(pixels: NDArray[np.uint8] | None, pictures: dict[str, bytes]) -> Picture | None:
    if pixels is None:
        return None
    jpeg = as_jpeg(pixels)
    sha256 = digest(jpeg)
    pictures[sha256] = jpeg
    return Picture(width=pixels.shape[1], height=pixels.shape[0], sha256=sha256)


def _part(
    examination: Examination, original: Original, side_px: int, pictures: dict[str, bytes]
) -> tuple[Part | None, str]:
    """Return what shows an edited part that leads, or why nothing does."""
    if not examination.leading_trace:
        return None, ""
    trace = original.part
    if trace is None:
        return None, "The edited part is outlined alone: the original cannot be looked at now."
    if trace.heatmap is None:
        return None, f"The edited part is outlined alone: {trace.finding.reason}"
    shown = _kept(_overlaid(examination, trace.heatmap, original, side_px), pictures)
    assert shown is not None
    return Part(
        picture=shown,
        title=derived.named([trace.finding.analyser])[0].title,
        method=trace.heatmap.method,
        cell_px=trace.heatmap.cell_px,
    ), ""


def _heatmap(item: Item) -> tuple[HeatMap | None, str]:
    if item.examination.heatmap is not None:
        return item.examination.heatmap, ""
    try:
        heatmap = item.heatmap()
    except StoreError as error:
        return None, f"The stored heat map cannot be shown: {error}"
    return heatmap, "" if heatmap else "No heat map was made for this exhibit."


def _overlaid(
    examination: Examination, heatmap: HeatMap, original: Original, side_px: int
) -> NDArray[np.uint8]:
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
    return laid_over(pixels, layer)

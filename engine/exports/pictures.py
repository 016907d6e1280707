"""Small pictures of exhibits for an export that carries everything in itself."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from engine.case_types import CaseExamination, Exhibit, ExhibitState
from engine.errors import InputError, StoreError
from engine.evidence.case_store import Case
from engine.images.colour import overlay
from engine.images.decoder import Decoder
from engine.job import Context, Progress
from engine.report.originals import as_jpeg, laid_over

SIDE_PX = 520
"""Longest side of a picture."""

PHASE = "Reading exhibits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """One exhibit to look at, as data URLs."""

    picture: str | None
    """The picture; None when its bytes are not those that were taken in, or it has none."""
    overlaid: str | None
    """The picture under its heat map."""
    why: str
    """Why there is no picture; empty when there is one."""


def views(
    case: Case,
    exhibits: tuple[Exhibit, ...],
    newest: Mapping[int | None, CaseExamination],
    ctx: Context,
) -> dict[int, Views]:
    """Return pictures of exhibits by their numbers.

    Args:
        case: open.
        exhibits: as a check has just found them; others than those present are not read.
        newest: examination of each exhibit number.
        ctx: receives progress, carries the wish to stop.
    """
    made = {}
    with Decoder() as decoder:
        for index, exhibit in enumerate(exhibits):
            ctx.report(Progress(phase=PHASE, done=index, total=len(exhibits)))
            made[exhibit.number] = _views(case, exhibit, newest.get(exhibit.number), decoder)
    return made


def _views(
    case: Case, exhibit: Exhibit, examined: CaseExamination | None, decoder: Decoder
) -> Views:
    if exhibit.state is not ExhibitState.PRESENT:
        why = f"Not shown: the file is {str(exhibit.state).replace('_', ' ')}."
        return Views(picture=None, overlaid=None, why=why)
    try:
        pixels = decoder.thumbnail(exhibit.working_file, SIDE_PX)
    except InputError as error:
        return Views(picture=None, overlaid=None, why=f"Not shown: {error}")
    picture = _url(as_jpeg(pixels))
    try:
        heatmap = None if examined is None else case.heatmap(examined)
    except StoreError as error:
        return Views(picture=picture, overlaid=None, why=f"No heat map: {error}")
    if heatmap is None or examined is None:
        return Views(picture=picture, overlaid=None, why="")
    facts = examined.examination.facts
    known = (facts.height, facts.width) if facts.height and facts.width else None
    layer = overlay(heatmap, pixels.shape[0], pixels.shape[1], picture_px=known)
    return Views(picture=picture, overlaid=_url(as_jpeg(laid_over(pixels, layer))), why="")


def _url(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"

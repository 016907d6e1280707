"""What the examiner set on an exhibit, on an exported page."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from engine.mark_types import Annotation, Standing
from engine.mark_words import STARS_MOST, Shape
from engine.report.marked import drawn_at
from engine.report.wording import place, printable
from engine.types import FileFacts

HEAD_SHARE = 0.025
"""Length of an arrow's head, as a share of the picture's longer side."""

TEXT_SHARE = 0.04
"""Height of the numbers, as a share of the picture's longer side."""


def drawings(exhibit: int, holds: Standing, facts: FileFacts | None) -> str:
    """Return what was drawn over a picture as SVG that lies on it; empty when there is nothing.

    Args:
        exhibit: its number.
        holds: what the examiner set.
        facts: of the picture; its size is what the drawings refer to.
    """
    drawn = [each for each in holds.annotations if each.exhibit == exhibit]
    if not drawn or facts is None or not facts.width or not facts.height:
        return ""
    side = max(facts.width, facts.height)
    shapes = "".join(_shape(each, number, side) for number, each in enumerate(drawn, 1))
    return (
        f"<svg viewBox='0 0 {facts.width} {facts.height}' role='img' "
        f"aria-label='What the examiner drew'>{shapes}</svg>"
    )


def marks(exhibit: int, holds: Standing) -> Iterator[str]:
    """Return rating, tags, drawings, bookmarks and notes of an exhibit.

    Args:
        exhibit: its number.
        holds: what the examiner set.
    """
    stars, tags = holds.stars(exhibit), holds.tags_of(exhibit)
    if stars:
        yield f"<p class='small'>Rating: {stars} of {STARS_MOST}</p>"
    if tags:
        yield f"<p class='small'>Tags: {_text(', '.join(tags))}</p>"
    drawn = [each for each in holds.annotations if each.exhibit == exhibit]
    kept = [each for each in holds.bookmarks if each.exhibit == exhibit]
    if drawn or kept:
        yield "<h4>Marks of the examiner</h4><ol>"
        for each in drawn:
            yield f"<li>{escape(str(each.shape))}, {escape(drawn_at(each))}: {_text(each.text)} "
            yield f"<small>{_text(each.author)}, {escape(each.written_utc)}</small></li>"
        for mark in kept:
            where = place(mark.region) if mark.region is not None else "whole picture"
            yield f"<li>bookmark, {escape(where)}: {_text(mark.name)} {_text(mark.comment)} "
            yield f"<small>{_text(mark.author)}, {escape(mark.written_utc)}</small></li>"
        yield "</ol>"
    for note in holds.notes:
        if note.exhibit == exhibit:
            yield f"<p class='note'>{_text(note.text)} <small>{_text(note.author)}, "
            yield f"{escape(note.written_utc)}</small></p>"


def _shape(each: Annotation, number: int, side: int) -> str:
    (x0, y0), (x1, y1) = each.start, each.end
    size = side * TEXT_SHARE
    label = f"<text x='{x0}' y='{y0 + size:.1f}' font-size='{size:.1f}'>{number}</text>"
    thin = "vector-effect='non-scaling-stroke'"
    if each.shape is Shape.BOX:
        return f"<rect x='{x0}' y='{y0}' width='{x1 - x0}' height='{y1 - y0}' {thin}/>{label}"
    if each.shape is Shape.ARROW:
        angle, length = math.atan2(y0 - y1, x0 - x1), side * HEAD_SHARE
        barbs = [
            (x1 + length * math.cos(angle + turn), y1 + length * math.sin(angle + turn))
            for turn in (-0.4, 0.4)
        ]
        way = "".join(f"M{x:.1f} {y:.1f}L{x1} {y1}" for x, y in ((x0, y0), *barbs))
        return f"<path d='{way}' {thin}/>{label}"
    return label


def _text(text: str) -> str:
    return escape(printable(text))

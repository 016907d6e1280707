"""What the examiner set on an exhibit: rating, tags, drawings over the picture, bookmarks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from reportlab.lib.colors import white
from reportlab.platypus import CondPageBreak, KeepTogether, Spacer

from engine.mark_types import Annotation, Bookmark
from engine.mark_words import STARS_MOST, Shape
from engine.report.exhibits import Exhibit, Report
from engine.report.figures import Figure
from engine.report.fonts import BOLD, clipped
from engine.report.page import CELL, CONTENT_W, INK, NOTE, STEP, STRONG, SUBHEADING, paragraph
from engine.report.tables import ruled, whole_second
from engine.report.wording import place

FIGURE_H = 330.0
"""Tallest figure, pt."""

HEAD_PT = 9.0
"""Length of an arrow's head, pt."""

ROOM = 120.0
"""Room for the heading and the first row, pt."""


def drawn_at(annotation: Annotation) -> str:
    """Return where something is drawn, in original pixels.

    Args:
        annotation: a box (``"x 12, y 40, 100 × 80 px"``), an arrow
            (``"from x 12, y 40 to x 112, y 120"``) or a text (``"x 12, y 40"``).
    """
    (x0, y0), (x1, y1) = annotation.start, annotation.end
    if annotation.shape is Shape.BOX:
        return f"x {x0}, y {y0}, {x1 - x0} × {y1 - y0} px"
    if annotation.shape is Shape.ARROW:
        return f"from x {x0}, y {y0} to x {x1}, y {y1}"
    return f"x {x0}, y {y0}"


def marked(report: Report, exhibit: Exhibit) -> list[Any]:
    """Return the flowables of what the examiner set on an exhibit; nothing when there is none.

    Args:
        report: what the pages are made from.
        exhibit: any; without a picture the drawings are listed alone.
    """
    sheet, case = exhibit.sheet, report.contents.case
    kept = [] if case is None else [b for b in case.bookmarks if b.exhibit == exhibit.number]
    if not (sheet.annotations or sheet.rating or sheet.tags or kept):
        return []
    fonts = report.fonts
    head: list[Any] = [paragraph(fonts, "Marks of the examiner", SUBHEADING)]
    if sheet.rating:
        head.append(paragraph(fonts, f"Rating: {sheet.rating} of {STARS_MOST}."))
    if sheet.tags:
        head.append(paragraph(fonts, clipped(f"Tags: {', '.join(sheet.tags)}.")))
    parts: list[Any] = [CondPageBreak(ROOM), KeepTogether([*head, *_figure(report, exhibit)])]
    rows = [
        *(_row(report, str(n), each) for n, each in enumerate(sheet.annotations, 1)),
        *(_bookmark_row(report, each) for each in kept),
    ]
    if rows:
        parts.append(ruled(report, ("No.", "What", "Where", "Said of it"), rows, (30, 62, 150)))
    return parts


def _figure(report: Report, exhibit: Exhibit) -> list[Any]:
    sheet, facts = exhibit.sheet, exhibit.examination.facts
    if sheet.picture is None or not sheet.annotations:
        return []
    known = (facts.height, facts.width) if facts.height and facts.width else None
    figure = Annotated(
        report,
        sheet.picture,
        width=CONTENT_W,
        max_height=FIGURE_H,
        original_px=known,
        annotations=sheet.annotations,
    )
    letter = "c" if exhibit.sheet.part is None else "d"
    said = f"Figure {exhibit.number}{letter}. The picture with what the examiner drew over it."
    return [Spacer(1, STEP), figure, Spacer(1, STEP), paragraph(report.fonts, said, NOTE)]


def _row(report: Report, number: str, drawn: Annotation) -> list[Any]:
    return [
        paragraph(report.fonts, number, STRONG),
        paragraph(report.fonts, str(drawn.shape), CELL),
        paragraph(report.fonts, drawn_at(drawn), CELL),
        _said(report, drawn.text, drawn.author, drawn.written_utc),
    ]


def _bookmark_row(report: Report, kept: Bookmark) -> list[Any]:
    where = place(kept.region) if kept.region is not None else "whole picture"
    said = ": ".join(part for part in (kept.name, kept.comment) if part)
    return [
        "",
        paragraph(report.fonts, f"bookmark ({clipped(kept.method, 40)})", CELL),
        paragraph(report.fonts, where, CELL),
        _said(report, said, kept.author, kept.written_utc),
    ]


def _said(report: Report, text: str, author: str, utc: str) -> list[Any]:
    fonts = report.fonts
    by = f"{clipped(author, 80) or '–'}, {whole_second(utc)} UTC"
    return [paragraph(fonts, clipped(text, 1_000) or "–", CELL), paragraph(fonts, by, NOTE)]


class Annotated(Figure):
    """A picture with numbered drawings.

    Args:
        report: has the pictures, and learns where they are drawn.
        picture: which one; the height follows from it.
        width: of the figure, pt.
        max_height: pt; a tall picture gets narrower.
        original_px: (height, width) of the original, which the drawings refer to.
        annotations: drawing i gets the number i + 1.
    """

    def __init__(
        self,
        report: Report,
        picture: Any,
        *,
        width: float,
        max_height: float,
        original_px: tuple[int, int] | None,
        annotations: Sequence[Annotation],
    ) -> None:
        super().__init__(
            report, picture, width=width, max_height=max_height, original_px=original_px
        )
        self._annotations = annotations

    def draw(self) -> None:
        """Draw the picture and what was drawn over it."""
        super().draw()
        canvas = self.canv
        inside = canvas.beginPath()
        inside.rect(0, 0, self.width, self.height)
        canvas.clipPath(inside, stroke=0, fill=0)
        for number, each in enumerate(self._annotations, 1):
            start, end = self._point(each.start), self._point(each.end)
            if each.shape is Shape.BOX:
                self._box(start, end)
            elif each.shape is Shape.ARROW:
                self._arrow(start, end)
            self._tag(str(number), *start)

    def _point(self, at: tuple[int, int]) -> tuple[float, float]:
        height_px, width_px = self._original_px
        return at[0] * self.width / width_px, self.height - at[1] * self.height / height_px

    def _box(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        (x0, y0), (x1, y1) = start, end
        for colour, line in ((INK, 2.4), (white, 1.0)):
            self.canv.setStrokeColor(colour)
            self.canv.setLineWidth(line)
            self.canv.rect(x0, y1, x1 - x0, y0 - y1, stroke=1, fill=0)

    def _arrow(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        angle = math.atan2(start[1] - end[1], start[0] - end[0])
        barbs = [
            (end[0] + HEAD_PT * math.cos(angle + turn), end[1] + HEAD_PT * math.sin(angle + turn))
            for turn in (-0.4, 0.4)
        ]
        for colour, line in ((INK, 2.8), (white, 1.2)):
            self.canv.setStrokeColor(colour)
            self.canv.setLineWidth(line)
            for tail in (start, *barbs):
                self.canv.line(*tail, *end)

    def _tag(self, number: str, x: float, y: float) -> None:
        canvas, size = self.canv, 7.5
        box = canvas.stringWidth(number, BOLD, size) + 5
        left = min(max(x, 0.0), self.width - box)
        bottom = min(max(y - 10, 0.0), self.height - 10)
        canvas.setFillColor(INK)
        canvas.rect(left, bottom, box, 10, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.setFont(BOLD, size)
        canvas.drawString(left + 2.5, bottom + 2.3, number)

"""The page: sizes, greys, paragraph styles, running heads and outline entries."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph

from engine.report.fonts import BOLD, ITALIC, MONO, SANS, Fonts
from engine.report.ledger import Ledger
from engine.report.shaped import ShapedParagraph, needs_shaping

PAGE_W, PAGE_H = A4
MARGIN = 18 * mm
TOP, BOTTOM = 24 * mm, 20 * mm
CONTENT_W = PAGE_W - 2 * MARGIN

INK = HexColor("#16181D")
MUTED = HexColor("#565B63")
RULE = HexColor("#CDD1D6")
PANEL = HexColor("#F4F5F6")

STEP = 4.0
"""Unit of all distances, pt."""

FURNITURE_PT = 7.5
"""Size of running heads and feet."""

TOTAL_FORM = "residua-total-pages"
"""Name of the drawing that holds the number of pages, known only at the end."""

CHAPTER_FORM = "residua-page-of-"
"""Begins the name of a drawing that holds the page of a chapter."""


def _style(name: str, font: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        fontName=font,
        fontSize=size,
        leading=leading,
        textColor=more.pop("colour", INK),
        **more,
    )


BODY = _style("body", SANS, 9, 13)
SMALL = _style("small", SANS, 7.5, 10.5)
NOTE = _style("note", SANS, 7.5, 10.5, colour=MUTED)
LABEL = _style("label", BOLD, 7.5, 10.5, colour=MUTED)
CELL = _style("cell", SANS, 8, 11)
LEAD = _style("lead", BOLD, 11, 15)
STRONG = _style("strong", BOLD, 8, 11)
CODE = _style("code", MONO, 6.5, 9)
QUOTE = _style("quote", ITALIC, 9, 13)
STRUCK = _style("struck", ITALIC, 8, 11, colour=MUTED)
ITEM = _style("item", SANS, 9, 13, leftIndent=11, firstLineIndent=-11)
TITLE = _style("title", BOLD, 24, 30)
HEADING = _style("heading", BOLD, 15, 20, spaceAfter=2 * STEP)
SUBHEADING = _style(
    "subheading", BOLD, 10, 14, spaceBefore=3 * STEP, spaceAfter=STEP, keepWithNext=1
)

# The check of a report finds what it reads back by these sizes, which nothing else uses: text
# that comes from outside, such as a file's name, is printed in other sizes and cannot pose.
RECORD_PT, HASH_PT, RESULT_PT, VERDICT_PT, SEAL_PT = 5.9, 6.4, 8.2, 16.0, 6.6
RECORD = _style("record", MONO, RECORD_PT, 8.5, colour=MUTED)
HASH = _style("hash", MONO, HASH_PT, 9)
RESULT = _style("result", BOLD, RESULT_PT, 11)
VERDICT = _style("verdict", BOLD, VERDICT_PT, 20)
NUMBER = _style("number", BOLD, VERDICT_PT, 20, alignment=TA_RIGHT)
SEAL = _style("seal", MONO, SEAL_PT, 10)


def paragraph(
    fonts: Fonts, text: str, style: ParagraphStyle = BODY, *, link: str | None = None
) -> Flowable:
    """Return plain text as a paragraph.

    Args:
        fonts: the registered fonts.
        text: plain text from anywhere; mark-up in it is shown, not obeyed.
        style: one of this module's.
        link: key of the chapter that a click leads to.
    """
    if needs_shaping(fonts, text):
        return ShapedParagraph(fonts, text, style)
    marked = fonts.marked(text, style.fontName)
    return Paragraph(marked if link is None else f'<a href="#{link}">{marked}</a>', style)


class Chapter(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """Takes no room; names the pages from here on and adds an outline entry.

    Args:
        title: entry of the outline.
        key: unique name to link to.
        running: what the page head shows; may be empty.
        level: depth of the entry.
        ledger: learns the page.
    """

    def __init__(
        self, title: str, key: str, running: str, level: int = 0, ledger: Ledger | None = None
    ) -> None:
        super().__init__()
        self.title, self.key, self.running, self.level = title, key, running, level
        self._ledger = ledger
        self.keepWithNext = True

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Take no room."""
        return 0.0, 0.0

    def draw(self) -> None:
        """Set the bookmark where the chapter starts."""
        self.canv.bookmarkPage(self.key)
        self.canv.addOutlineEntry(self.title, self.key, level=self.level)
        if self._ledger is not None:
            self._ledger.chapters[self.key] = self.canv.getPageNumber()


class PageOf(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """The page number of a chapter, filled in when all pages are drawn.

    Args:
        key: of the chapter.
        width: pt; the number ends at the right edge.
    """

    def __init__(self, key: str, width: float) -> None:
        super().__init__()
        self._key, self.width, self.height = key, width, CELL.leading

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return its size."""
        return self.width, self.height

    def draw(self) -> None:
        """Refer to the drawing that holds the number."""
        self.canv.saveState()
        self.canv.translate(self.width, self.height - CELL.fontSize)
        self.canv.doForm(CHAPTER_FORM + self._key)
        self.canv.restoreState()


class Total(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """Takes no room; put at the very end, it draws the numbers that heads and lists ask for.

    Args:
        ledger: knows the pages of the chapters.
    """

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self._ledger = ledger

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Take no room."""
        return 0.0, 0.0

    def draw(self) -> None:
        """Define the drawings that pages refer to."""
        canvas = self.canv
        canvas.beginForm(TOTAL_FORM)
        canvas.setFont(SANS, FURNITURE_PT)
        canvas.setFillColor(MUTED)
        canvas.drawString(0, 0, str(canvas.getPageNumber()))
        canvas.endForm()
        for key, page in self._ledger.chapters.items():
            canvas.beginForm(CHAPTER_FORM + key, -60, -10, 0, 20)
            canvas.setFont(SANS, CELL.fontSize)
            canvas.setFillColor(INK)
            canvas.drawRightString(0, 0, str(page))
            canvas.endForm()


class ReportTemplate(BaseDocTemplate):  # type: ignore[misc]  # reportlab is untyped
    """Lays out A4 pages with a running head and "page x of y".

    Args:
        file: receives the PDF.
        head: left part of the running head.
        foot: left part of the foot.
        expected_pages: about how many; it decides how much room "of y" gets.
    """

    def __init__(self, file: BytesIO, *, head: str, foot: str, expected_pages: int) -> None:
        super().__init__(
            file, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=TOP,
            bottomMargin=BOTTOM, allowSplitting=1, initialFontName=SANS, invariant=1,
        )  # fmt: skip
        self._head, self._foot = head, foot
        self._running, self._running_page = "", 0
        self._total_digits = "0" * len(str(expected_pages))
        frame = Frame(
            MARGIN, BOTTOM, CONTENT_W, PAGE_H - TOP - BOTTOM,
            leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
        )  # fmt: skip
        self.addPageTemplates([PageTemplate(id="page", frames=[frame], onPageEnd=self._furnish)])

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        """Follow the chapters: the head names the first that begins on a page, or an exhibit."""
        if isinstance(flowable, Chapter) and (flowable.level or self._running_page != self.page):
            self._running, self._running_page = flowable.running, self.page

    def _furnish(self, canvas: Any, _document: BaseDocTemplate) -> None:
        """Draw head and foot of a finished page."""
        page = canvas.getPageNumber()
        canvas.saveState()
        canvas.setFont(SANS, FURNITURE_PT)
        canvas.setFillColor(MUTED)
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.5)
        if page > 1:
            top = PAGE_H - 14 * mm
            canvas.drawString(MARGIN, top, self._head)
            canvas.drawRightString(PAGE_W - MARGIN, top, self._running)
            canvas.line(MARGIN, top - 5, PAGE_W - MARGIN, top - 5)
        canvas.setFont(MONO, SEAL_PT)
        canvas.drawString(MARGIN, 11 * mm, self._foot)
        canvas.setFont(SANS, FURNITURE_PT)
        x = PAGE_W - MARGIN - canvas.stringWidth(self._total_digits, SANS, FURNITURE_PT)
        canvas.drawRightString(x, 11 * mm, f"page {page} of ")
        canvas.translate(x, 11 * mm)
        canvas.doForm(TOTAL_FORM)
        canvas.restoreState()

"""Paragraphs in scripts whose letters join, stack or run from right to left.

Letters are shaped by HarfBuzz, one run of a font and a direction at a time, and drawn glyph by
glyph. Each glyph has a code of its own in a private area; the file says for each which text it
stands for, and for each run its text in reading order, so that search and copying work.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import uharfbuzz as hb
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import Flowable

from engine.report.bidi import MIRRORED, levels, visual
from engine.report.fonts import SHAPED, Fonts, glyph_code
from engine.report.wording import printable

_WORD = re.compile(r"[^\s/\\_.,;-]*[\s/\\_.,;-]*", re.DOTALL)
"""A stretch after which a line may break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    """One glyph of a shaped run, in thousandths of the font's size."""

    gid: int
    advance: float
    x: float
    y: float
    cluster: int
    """Index of the first character it belongs to, within the run."""


def needs_shaping(fonts: Fonts, text: str) -> bool:
    """Return whether a text has letters that must be shaped.

    Args:
        fonts: the registered fonts.
        text: plain text.
    """
    return any(ord(letter) in fonts.shaped for letter in text)


def shape(font: str, text: str, *, leftwards: bool) -> list[Glyph]:
    """Return the glyphs of one run, from left to right.

    Args:
        font: name of a font for shaping.
        text: in reading order, one script.
        leftwards: whether it runs from right to left.
    """
    face = pdfmetrics.getFont(font).hbFace
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if leftwards else "ltr"
    hb.shape(hb.Font(face), buffer)
    scale = 1000 / face.upem
    return [
        Glyph(
            gid=info.codepoint,
            advance=place.x_advance * scale,
            x=place.x_offset * scale,
            y=place.y_offset * scale,
            cluster=info.cluster,
        )
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]


class ShapedParagraph(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """A paragraph like those of the layout library, for text that must be shaped.

    Args:
        fonts: the registered fonts.
        text: plain text; what cannot be seen is written out first.
        style: font, size, leading, colour and space around it are used.
    """

    def __init__(self, fonts: Fonts, text: str, style: ParagraphStyle) -> None:
        super().__init__()
        self.style, self._fonts = style, fonts
        self._text = fonts.writable(printable(text), style.fontName)
        self._lines: list[str] = []
        self.keepWithNext = getattr(style, "keepWithNext", 0)

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Break the text into lines and return its size."""
        self._lines = self._broken(width)
        self.width, self.height = width, len(self._lines) * self.style.leading
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """Return two paragraphs, the first of which fits the height; none when no line does."""
        self.wrap(width, height)
        fit = int(height / self.style.leading)
        if fit < 1 or fit >= len(self._lines):
            return []
        parts = ("".join(self._lines[:fit]), "".join(self._lines[fit:]))
        return [ShapedParagraph(self._fonts, part, self.style) for part in parts]

    def draw(self) -> None:
        """Draw the lines."""
        style = self.style
        self.canv.setFillColor(style.textColor)
        y = self.height - style.fontSize
        for line in self._lines:
            self._draw_line(line.rstrip(), y)
            y -= style.leading

    def _broken(self, width: float) -> list[str]:
        lines, now, used = [], "", 0.0
        for word in _WORD.findall(self._text):
            for part in self._parts(word, width):
                wide = self._width(part)
                if now and used + self._width(part.rstrip()) > width:
                    lines.append(now)
                    now, used = "", 0.0
                now, used = now + part, used + wide
        return [*lines, now] if now or not lines else lines

    def _parts(self, word: str, width: float) -> list[str]:
        """Return a word, cut between letters where it is longer than a line."""
        if self._width(word) <= width:
            return [word] if word else []
        parts, now = [], ""
        for letter in word:
            if now and not unicodedata.combining(letter) and self._width(now + letter) > width:
                parts.append(now)
                now = ""
            now += letter
        return [*parts, now]

    def _runs(self, line: str) -> list[tuple[str, str, bool]]:
        """Return (font, text, leftwards) from left to right."""
        found = levels(line)
        runs = []
        for start, end, level in visual(found):
            pieces = self._fonts.pieces(line[start:end], self.style.fontName)
            leftwards = bool(level % 2)
            runs += [
                (font, text, leftwards)
                for font, text in (reversed(pieces) if leftwards else pieces)
            ]
        return runs

    def _width(self, text: str) -> float:
        size = self.style.fontSize
        wide = 0.0
        for font, run, leftwards in self._runs(text):
            if font in SHAPED:
                glyphs = shape(font, run, leftwards=leftwards)
                wide += sum(glyph.advance for glyph in glyphs) * size / 1000
            else:
                wide += pdfmetrics.stringWidth(run, font, size)
        return wide

    def _draw_line(self, line: str, y: float) -> None:
        canvas, size, x = self.canv, self.style.fontSize, 0.0
        for font, run, leftwards in self._runs(line):
            canvas.setFont(font, size)
            if font not in SHAPED:
                # A run of neutral signs inside text from right to left is turned round.
                shown = run[::-1].translate(MIRRORED) if leftwards else run
                canvas.drawString(x, y, shown)
                x += pdfmetrics.stringWidth(shown, font, size)
                continue
            glyphs = shape(font, run, leftwards=leftwards)
            canvas.addLiteral(f"/Span <</ActualText <{_utf16(run)}>>> BDC")
            for glyph in glyphs:
                code = glyph_code(font, glyph.gid)
                meant = self._fonts.letters[font].get(glyph.gid) or _meant(glyphs, glyph, run)
                self._fonts.glyph_texts.setdefault(code, meant)
                at = x + glyph.x * size / 1000, y + glyph.y * size / 1000
                canvas.drawString(*at, chr(code))
                x += glyph.advance * size / 1000
            canvas.addLiteral("EMC")


def _meant(glyphs: Sequence[Glyph], glyph: Glyph, run: str) -> str:
    """Return the text of the cluster that a glyph belongs to."""
    after = [each.cluster for each in glyphs if each.cluster > glyph.cluster]
    return run[glyph.cluster : min(after, default=len(run))] or "\u200b"


def _utf16(text: str) -> str:
    return (b"\xfe\xff" + text.encode("utf-16-be")).hex().upper()

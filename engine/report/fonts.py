"""The report's fonts, and text marked up so that every character has a glyph."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

import uharfbuzz as hb
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from engine import paths
from engine.errors import StoreError
from engine.report.wording import printable

SANS, BOLD, ITALIC, MONO = "ResiduaSans", "ResiduaSans-Bold", "ResiduaSans-Italic", "ResiduaMono"
SYMBOLS, CJK = "ResiduaSigns", "ResiduaCJK"

FILES = {
    SANS: "NotoSans-Regular.ttf",
    BOLD: "NotoSans-Bold.ttf",
    ITALIC: "NotoSans-Italic.ttf",
    MONO: "IBMPlexMono-Regular.ttf",
    SYMBOLS: "ResiduaSymbols.ttf",
    CJK: "DroidSansFallback-CJK.ttf",
}

SHAPED = {
    f"Residua{script}": f"NotoSans{script}-Regular.ttf"
    for script in (
        "Arabic", "Hebrew", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Tamil", "Telugu",
        "Kannada", "Malayalam", "Thai",
    )
}  # fmt: skip
"""Fonts whose letters join, stack or run from right to left: they are drawn glyph by glyph."""

GLYPH_CODES, GLYPHS_MOST = 0xF0000, 0x2000
"""Private codes of glyphs: the first, and how many each font gets."""

COMMON_SIGNS = 0x250
"""Up to here a font for shaping leaves letters and signs to the others."""

LONGEST_TEXT = 900
"""Characters of one text from outside (a value, a reason) that are printed; the attached
records hold the rest."""

LONGEST_NAME = 420
"""Characters of a path or name that are printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fonts:
    """The registered fonts; made by ``load_fonts``."""

    glyphs: dict[str, frozenset[int]]
    """Code points each font has."""
    shaped: dict[int, str]
    """Code point -> font, for those that must be shaped."""
    letters: dict[str, dict[int, str]]
    """Font for shaping -> glyph -> the letter that it is when it stands alone."""
    glyph_texts: dict[int, str]
    """Code of a glyph that was drawn -> the text it stands for; filled while pages are drawn,
    so each report has one of its own."""

    def marked(self, text: str, font: str = SANS) -> str:
        """Return text as Platypus mark-up in which every character has a glyph.

        A character that the wanted font lacks is taken from the others in turn; one that none
        has is written as its code point.

        Args:
            text: plain text from anywhere; what cannot be seen is written out first.
            font: the font wanted, one of this module's names.
        """
        chain = (font, SANS, SYMBOLS, CJK)
        pieces = ((self._font_of(character, chain), character) for character in printable(text))
        runs = []
        for name, run in groupby(pieces, key=lambda piece: piece[0]):
            letters = "".join(letter if name else _code_point(letter) for _, letter in run)
            runs.append(
                escape(letters)
                if name in {None, font}
                else f'<font name="{name}">{escape(letters)}</font>'
            )
        return "".join(runs)

    def writable(self, text: str, font: str = SANS) -> str:
        """Return text in which what no font has is written as its code point.

        Args:
            text: printable text.
            font: the font wanted.
        """
        chain = (font, SANS, SYMBOLS, CJK)
        return "".join(
            letter
            if ord(letter) in self.shaped or self._font_of(letter, chain)
            else _code_point(letter)
            for letter in text
        )

    def pieces(self, text: str, font: str) -> list[tuple[str, str]]:
        """Return (font, text) of the stretches of a text that one font can show.

        Args:
            text: writable text.
            font: the font wanted.
        """
        chain = (font, SANS, SYMBOLS, CJK)
        named = [(self.shaped.get(ord(c)) or self._font_of(c, chain) or font, c) for c in text]
        return [
            (name, "".join(letter for _, letter in run))
            for name, run in groupby(named, key=lambda pair: pair[0])
        ]

    def plain(self, text: str, font: str = SANS) -> str:
        """Return text for drawing in one font alone: what it lacks is written as code points.

        Args:
            text: plain text from anywhere.
            font: one of this module's names.
        """
        have = self.glyphs[font]
        return "".join(
            letter if ord(letter) in have else _code_point(letter) for letter in printable(text)
        )

    def _font_of(self, character: str, chain: tuple[str, ...]) -> str | None:
        code = ord(character)
        return next((name for name in chain if code in self.glyphs[name]), None)


@cache
def load_fonts(folder: Path | None = None) -> Fonts:
    """Register the report's fonts with the PDF library.

    Args:
        folder: where the font files lie; the shipped ones when None.

    Raises:
        StoreError: a file is missing or is no TrueType font.
    """
    folder = folder or paths.resources_dir() / "fonts"
    glyphs = {}
    for name, file in FILES.items():
        font = _font(name, folder / file)
        glyphs[name] = frozenset(font.face.charToGlyph)
        for bold, italic in ((0, 0), (0, 1), (1, 0), (1, 1)):
            addMapping(name, bold, italic, name)
    addMapping(SANS, 1, 0, BOLD)
    addMapping(SANS, 0, 1, ITALIC)
    have = frozenset().union(*glyphs.values())
    shaped, letters = dict[int, str](), dict[str, dict[int, str]]()
    for name, file in SHAPED.items():
        font = _font(name, folder / file)
        letters[name] = _give_codes(font)
        for code in font.face.charToGlyph:
            if COMMON_SIGNS < code < GLYPH_CODES and code not in have:
                shaped.setdefault(code, name)
    return Fonts(glyphs=glyphs, shaped=shaped, letters=letters, glyph_texts={})


def glyph_code(font: str, gid: int) -> int:
    """Return the private code under which a glyph is drawn.

    Args:
        font: name of a font for shaping.
        gid: index of the glyph.
    """
    return GLYPH_CODES + list(SHAPED).index(font) * GLYPHS_MOST + gid


def _font(name: str, file: Path) -> TTFont:
    try:
        font = TTFont(name, str(file))
    except (TTFError, OSError) as error:
        raise StoreError(
            f"The font {file} cannot be read ({error}): install the program again."
        ) from error
    pdfmetrics.registerFont(font)
    return font


def _give_codes(font: TTFont) -> dict[int, str]:
    """Let every glyph be drawn by a code of its own; return which letter each one is."""
    letters = {gid: chr(code) for code, gid in font.face.charToGlyph.items()}
    drawn = hb.Font(font.hbFace)
    scale = 1000 / font.hbFace.upem
    for gid in range(font.hbFace.glyph_count):
        code = glyph_code(font.fontName, gid)
        font.face.charToGlyph[code] = gid
        font.face.charWidths[code] = drawn.get_glyph_h_advance(gid) * scale
    return letters


def clipped(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return text, cut in the middle when it is too long for a page, saying so.

    Args:
        text: plain text.
        longest: characters that may be printed.
    """
    if len(text) <= longest:
        return text
    kept = longest // 2
    return f"{text[:kept]} […{len(text) - 2 * kept:,} characters…] {text[-kept:]}"


def _code_point(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")

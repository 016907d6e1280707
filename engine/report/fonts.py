"""The report's fonts, and text marked up so that every character has a glyph."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

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
        try:
            font = TTFont(name, str(folder / file))
        except (TTFError, OSError) as error:
            raise StoreError(
                f"The font {folder / file} cannot be read ({error}): install the program again."
            ) from error
        pdfmetrics.registerFont(font)
        glyphs[name] = frozenset(font.face.charToGlyph)
        for bold, italic in ((0, 0), (0, 1), (1, 0), (1, 1)):
            addMapping(name, bold, italic, name)
    addMapping(SANS, 1, 0, BOLD)
    addMapping(SANS, 0, 1, ITALIC)
    return Fonts(glyphs=glyphs)


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

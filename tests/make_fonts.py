"""Makes the changed fonts of resources/fonts; not a test. Needs fonttools, nothing else does.

    python tests/make_fonts.py NOTO_FOLDER DroidSansFallback.ttf DejaVuSans.ttf OUT_FOLDER
    python tests/make_fonts.py SCRIPTS_FOLDER OUT_FOLDER

NOTO_FOLDER holds the variable fonts ``NotoSans[wdth,wght].ttf`` and
``NotoSans-Italic[wdth,wght].ttf``; SCRIPTS_FOLDER the fonts of single scripts, such as
``NotoSansArabic-Regular.ttf``. resources/fonts/README.md names all origins.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

LATIN_GREEK_CYRILLIC = (
    (0x0020, 0x052F),
    (0x1C80, 0x1C8F),
    (0x1D00, 0x1DBF),
    (0x1E00, 0x20CF),
    (0x2100, 0x22FF),
    (0x2460, 0x24FF),
    (0x25A0, 0x25FF),
    (0x2C60, 0x2C7F),
    (0x2DE0, 0x2E5F),
    (0xA640, 0xA69F),
    (0xA720, 0xA7FF),
    (0xAB30, 0xAB6F),
    (0xFB00, 0xFB06),
    (0xFFFD, 0xFFFD),
)
SYMBOLS = (
    (0x0530, 0x058F),
    (0x10A0, 0x10FF),
    (0x2100, 0x27FF),
    (0x2900, 0x297F),
    (0x2A00, 0x2BFF),
)
SCRIPTS = (
    "Arabic",
    "Bengali",
    "Devanagari",
    "Gujarati",
    "Gurmukhi",
    "Hebrew",
    "Kannada",
    "Malayalam",
    "Tamil",
    "Telugu",
    "Thai",
)
CJK_FROM = 0x2E80
SYMBOL_NAMES = {
    1: "Residua Symbols",
    3: "Residua Symbols, subset of DejaVu Sans 2.37",
    4: "Residua Symbols",
    6: "ResiduaSymbols",
}


def characters(ranges):
    return [code for first, last in ranges for code in range(first, last + 1)]


def encodable(codec, lead=range(0x100)):
    """Characters of the basic plane that a codec can encode with a leading byte in ``lead``."""
    found = set()
    for code in range(CJK_FROM, 0xFFFF):
        try:
            if chr(code).encode(codec)[0] in lead:
                found.add(code)
        except UnicodeEncodeError:
            continue
    return found


def subset(font, codes, features=()):
    options = Options()
    options.layout_features = list(features)
    options.name_IDs = options.name_languages = ["*"]
    options.notdef_outline = True
    options.hinting = False
    options.recalc_timestamp = False
    options.drop_tables += ["STAT", "DSIG", "meta", "MVAR", "FFTM"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    return font


def scripts(folder, out):
    """Fonts whose letters are shaped keep all their glyphs and rules."""
    for name in SCRIPTS:
        file = f"NotoSans{name}-Regular.ttf"
        font = TTFont(folder / file, recalcTimestamp=False)
        subset(font, sorted(font.getBestCmap()), ["*"]).save(out / file)


def main(noto, droid, dejavu, out):
    for style, source, weight in (
        ("Regular", "NotoSans[wdth,wght].ttf", 400),
        ("Bold", "NotoSans[wdth,wght].ttf", 700),
        ("Italic", "NotoSans-Italic[wdth,wght].ttf", 400),
    ):
        font = TTFont(noto / source, recalcTimestamp=False)
        font = instancer.instantiateVariableFont(
            font, {"wght": weight, "wdth": 100}, updateFontNames=True
        )
        features = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum", "liga"]
        subset(font, characters(LATIN_GREEK_CYRILLIC), features).save(out / f"NotoSans-{style}.ttf")
    cjk = encodable("gb2312") | (encodable("euc_jp") & encodable("shift_jis"))
    cjk |= encodable("euc_kr") | encodable("big5", range(0xA4, 0xC7))
    font = TTFont(droid, recalcTimestamp=False)
    subset(font, sorted(cjk)).save(out / "DroidSansFallback-CJK.ttf")
    have = set(TTFont(out / "NotoSans-Regular.ttf").getBestCmap())
    font = TTFont(dejavu, recalcTimestamp=False)
    subset(font, [code for code in characters(SYMBOLS) if code not in have])
    for record in font["name"].names:
        record.string = SYMBOL_NAMES.get(record.nameID, record.string)
    font.save(out / "ResiduaSymbols.ttf")


if __name__ == "__main__":
    arguments = [Path(argument) for argument in sys.argv[1:]]
    (scripts if len(arguments) == 2 else main)(*arguments)

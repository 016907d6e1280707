"""Scripts whose letters join, stack or run from right to left."""

import pypdfium2
import pytest

from engine.report.bidi import levels, visual
from engine.report.fonts import load_fonts
from engine.report.page import CELL, paragraph
from engine.report.shaped import ShapedParagraph, shape
from tests.engine.report.made import examination, failed
from tests.engine.report.reports import small, write


def drawn(text):
    """The text as it stands on a line, from left to right."""
    runs = visual(levels(text))
    return "".join(text[a:b][::-1] if level % 2 else text[a:b] for a, b, level in runs)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("abc", "abc"),
        ("אבג", "גבא"),
        ("אבג.jpg", "גבא.jpg"),
        ("אב 12", "12 בא"),
        ("a אב 12 גד b", "a דג 12 בא b"),
        ("/אב/גד/x", "/בא/דג/x"),
        ("אב גד", "דג בא"),
        ("12 אב", "12 בא"),
        ("אב (3)/x", ")3( בא/x"),  # the brackets go with their word; drawing mirrors them
        ("a (אב) b", "a (בא) b"),
    ],
)
def test_the_order_of_letters_follows_unicode(text, line):
    assert drawn(text) == line


def test_arabic_letters_join():
    load_fonts()
    joined = [glyph.gid for glyph in shape("ResiduaArabic", "ملف", leftwards=True)]
    alone = [shape("ResiduaArabic", letter, leftwards=True)[0].gid for letter in "فلم"]
    assert len(joined) == 3 and not set(joined) & set(alone)


def test_indic_letters_stack():
    load_fonts()
    assert len(shape("ResiduaDevanagari", "क्ष", leftwards=False)) < 3


def test_only_what_must_be_shaped_is_shaped():
    fonts = load_fonts()
    assert isinstance(paragraph(fonts, "ملف"), ShapedParagraph)
    assert not isinstance(paragraph(fonts, "file Ω 漢字"), ShapedParagraph)


def test_a_long_name_breaks_into_lines_and_over_pages():
    fonts = load_fonts()
    text = "مجلد طويل جدا/" * 30
    flowable = paragraph(fonts, text, CELL)
    _, height = flowable.wrap(120, 1000)
    assert height > 10 * CELL.leading
    first, rest = flowable.split(120, height / 2)
    assert first.wrap(120, 1000)[1] + rest.wrap(120, 1000)[1] == height


def test_names_in_these_scripts_are_found_by_a_reader(tmp_path):
    names = ("ملف الصورة.jpg", "תמונה של הנמל.jpg", "चित्र क्षितिज.png", "ภาพถ่าย.jpg", "படம்.jpg")
    made = [small(examination(name, seed=seed)) for seed, name in enumerate(names)]
    file = write(tmp_path, [*made, failed("מסמך שבור.jpg", 9)])
    with pypdfium2.PdfDocument(file) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "\\u0" not in text
    for letter in "ملفתמונהचภபமמ":
        assert letter in text

"""Lays a report out again from its attached values, and compares every word and picture.

The pages follow from the values alone, so whatever the pages say differently was not written
by this program from these values. Pictures are compared by the hash of their data.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import pikepdf
from pikepdf import Name, Pdf

from engine import __version__
from engine.errors import InputError
from engine.job import Context
from engine.report.archival import archived
from engine.report.closing import signature_fields
from engine.report.contents import Contents, digest
from engine.report.exhibits import make_report
from engine.report.fonts import load_fonts
from engine.report.pages_text import Page, page_texts
from engine.report.pdf import laid_out, title

SHOWN = 60
"""Characters of a difference that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What a report's pages say that its values do not."""

    pages: int
    """Pages that were compared."""
    words: tuple[str, ...]
    """A phrase for each page whose words differ."""
    pictures: tuple[str, ...]
    """A phrase for each page whose pictures differ."""
    shown: int
    """Pictures that were compared."""


def compare(data: bytes, pages: Sequence[Page], contents: Contents, attached: bytes) -> Differences:
    """Compare the pages of a report with what its values give.

    Args:
        data: the report.
        pages: the text of its pages.
        contents: what the attached records hold.
        attached: the attached records' bytes.

    Raises:
        InputError: another version of the program wrote it, whose words may be others.
    """
    if contents.tool_version != __version__:
        raise InputError(
            f"version {contents.tool_version} wrote the report, this is {__version__}: its words "
            "may be others"
        )
    report = make_report(contents, {}, digest(attached), load_fonts())
    again = archived(
        laid_out(report, Context()),
        attached,
        title=title(contents),
        created=datetime.fromisoformat(contents.created),
        tool_version=contents.tool_version,
        glyph_texts=report.fonts.glyph_texts,
        fields=signature_fields(report.ledger),
    )
    wanted, found = ([page[0] for page in each] for each in (page_texts(again), pages))
    by_page: dict[int, list[str]] = defaultdict(list)
    for page, sha256 in report.ledger.pictures:
        by_page[page].append(sha256)
    drawn = _drawn(data)
    return Differences(
        pages=len(found),
        words=tuple(_words(wanted, found)),
        pictures=tuple(_pictures(by_page, drawn)),
        shown=sum(map(len, drawn)),
    )


def _words(wanted: Sequence[str], found: Sequence[str]) -> list[str]:
    problems = []
    if len(wanted) != len(found):
        problems.append(f"{len(found)} pages where the records give {len(wanted)}")
    for number, (want, got) in enumerate(zip(wanted, found, strict=False), 1):
        if want != got:
            at = next(
                (i for i, (a, b) in enumerate(zip(want, got, strict=False)) if a != b),
                min(len(want), len(got)),
            )
            start = max(0, at - 12)
            problems.append(
                f"page {number} says “{got[start : start + SHOWN]}”, the records give "
                f"“{want[start : start + SHOWN]}”"
            )
    return problems


def _pictures(wanted: dict[int, list[str]], found: Sequence[Sequence[str]]) -> list[str]:
    return [
        f"page {number} does not show the pictures that the records name"
        for number, drawn in enumerate(found, 1)
        if list(drawn) != wanted.get(number, [])
    ]


def _drawn(data: bytes) -> list[list[str]]:
    """Return the hashes of the JPEG pictures on each page, in the order of drawing.

    The program's icon, which is no JPEG, is left out on the cover; any other picture that is no
    JPEG is named by the hash of its data too, and so differs from every hash of the records.
    """
    hashes: dict[tuple[int, int], str] = {}
    pages = []
    with Pdf.open(BytesIO(data)) as pdf:
        for index, page in enumerate(pdf.pages):
            resources = page.get("/Resources", pikepdf.Dictionary())
            forms = resources.get("/XObject", pikepdf.Dictionary())
            drawn = []
            for name in _used(page):
                picture = forms.get(name)
                if picture is None or picture.get("/Subtype") != Name.Image:
                    continue
                jpeg = picture.get("/Filter") == Name.DCTDecode
                if not jpeg and index == 0:
                    continue
                if picture.objgen not in hashes:
                    hashes[picture.objgen] = digest(picture.read_raw_bytes())
                drawn.append(hashes[picture.objgen])
            pages.append(drawn)
    return pages


_DO = re.compile(rb"(/[^\s/<>\[\]()]+)\s+Do\b")


def _used(page: pikepdf.Page) -> list[str]:
    contents = page.Contents
    parts = contents if isinstance(contents, pikepdf.Array) else [contents]
    code = b"\n".join(part.read_bytes() for part in parts)
    return [name.decode("latin-1") for name in _DO.findall(code)]

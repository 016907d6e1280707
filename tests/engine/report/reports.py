"""Reports written for a test, and what can be read back from them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from pypdf import PdfReader

from engine.job import Context
from engine.report.originals import Original, State, shrunk
from engine.report.pdf import write_pdf
from tests.engine.report.made import facts, heatmap, picture

CREATED = datetime(2026, 10, 5, 16, 3, 22, tzinfo=timezone(timedelta(hours=2)))
assert CREATED.astimezone(UTC).hour == 14


def shown(examination, side_px):
    """A source that always has the original."""
    known = examination.facts
    pixels = picture(int(known.sha256[:4], 16), known.height, known.width)
    return Original(state=State.SAME, detail="", pixels=shrunk(pixels, side_px))


def small(made, height=90, width=120):
    """The examination as one of a small picture with its heat map in memory."""
    return replace(
        made,
        facts=replace(made.facts, height=height, width=width),
        heatmap=heatmap(1, height, width, 6, 8),
    )


def write(folder, examinations, name="report.pdf", source=shown, ctx=None, key=None):
    file = folder / name
    write_pdf(
        examinations,
        out_dir=folder,
        out_file=file,
        ctx=ctx or Context(),
        source=source,
        created=CREATED,
        key=key,
    )
    return file


def pages(file):
    return [page.extract_text() for page in PdfReader(file).pages]


def words(file):
    """All text on one line, as a reader takes it in."""
    return " ".join(" ".join(pages(file)).split())


__all__ = ["CREATED", "facts", "pages", "shown", "small", "words", "write"]

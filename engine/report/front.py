"""The report's first part: the question, how to read the report, the exhibits, their custody."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import PageBreak, Spacer, Table

from engine.case_types import PROPOSITIONS
from engine.case_types import Exhibit as TakenIn
from engine.log_types import LogEntry
from engine.report import prose
from engine.report.cover import title_of
from engine.report.exhibits import Exhibit, Report
from engine.report.figures import Figure, Mark
from engine.report.fonts import LONGEST_NAME, clipped
from engine.report.page import (
    CODE,
    CONTENT_W,
    HASH,
    HEADING,
    NOTE,
    QUOTE,
    RESULT,
    SMALL,
    STEP,
    STRONG,
    SUBHEADING,
    Chapter,
    paragraph,
)
from engine.report.tables import (
    ORDER,
    PLAIN,
    TIGHT,
    chapter,
    outcome,
    ruled,
    stated_beside,
    whole_second,
)
from engine.report.wording import HEADLINES, byte_size

THUMB_PT = 46.0
HASH_W = 126.0
"""Room for 32 hex digits."""

ENTRIES_MOST = 12
"""Entries of the log printed for one exhibit; the attached log has all."""

HELD = {
    "reference": "referred to where it lies, opened for reading only",
    "copy": "evidentiary copy, examined on a working copy",
}


def front(report: Report) -> list[Any]:
    """Return the flowables of the first part.

    Args:
        report: what the pages are made from.
    """
    return [*_question(report), *_exhibits(report), *_custody(report)]


def _question(report: Report) -> list[Any]:
    fonts, case = report.fonts, report.contents.case
    title = title_of(report, "question")
    asked = case.info.question if case else ""
    worded = case.info.propositions if case else PROPOSITIONS
    propositions = [
        [paragraph(fonts, name, STRONG), paragraph(fonts, text)]
        for name, text in zip(("H1", "H2"), worded, strict=True)
    ]
    reading: list[Any] = []
    for text in prose.HOW_TO_READ:
        reading += [paragraph(fonts, text), Spacer(1, 2 * STEP)]
    marks = [[Mark(which), paragraph(fonts, HEADLINES[which])] for which in ORDER if which]
    reading.insert(4, Table(marks, colWidths=[18, CONTENT_W - 18], style=PLAIN, hAlign="LEFT"))
    reading.insert(5, Spacer(1, 2 * STEP))
    return [
        Chapter(title, "question", title, ledger=report.ledger),
        paragraph(fonts, title, HEADING),
        *(
            [paragraph(fonts, f"Asked: “{clipped(asked)}”", QUOTE), Spacer(1, STEP)]
            if asked
            else []
        ),
        paragraph(fonts, prose.QUESTION),
        Spacer(1, STEP),
        Table(propositions, colWidths=[28, CONTENT_W - 28], style=PLAIN, hAlign="LEFT"),
        Spacer(1, STEP),
        paragraph(fonts, prose.SUPPORT),
        paragraph(fonts, "How to read this report", SUBHEADING),
        *reading,
        PageBreak(),
    ]


def _exhibits(report: Report) -> list[Any]:
    title = title_of(report, "exhibits")
    heads = ("No.", "Picture", "File", "Hashes", "Result")
    widths = (26, THUMB_PT + 10, 146, 36 + HASH_W + 2 * STEP)
    rows = [_row(report, exhibit) for exhibit in report.exhibits]
    return [
        Chapter(title, "exhibits", title, ledger=report.ledger),
        paragraph(report.fonts, title, HEADING),
        ruled(report, heads, rows, widths),
    ]


def _row(report: Report, exhibit: Exhibit) -> list[Any]:
    fonts, sheet = report.fonts, exhibit.sheet
    facts = exhibit.examination.facts
    size = f"{facts.width} × {facts.height} px" if facts.width and facts.height else ""
    told = " · ".join(part for part in (facts.format, size) if part)
    path = sheet.taken_in.path if sheet.taken_in else facts.path
    file = [
        paragraph(fonts, clipped(exhibit.words.name, LONGEST_NAME), STRONG),
        paragraph(fonts, clipped(path, LONGEST_NAME), CODE),
        Spacer(1, 2),
        paragraph(fonts, byte_size(facts.bytes) if facts.bytes is not None else "–", SMALL),
    ]
    if told:
        file.append(paragraph(fonts, told, SMALL))
    if sheet.taken_in and sheet.taken_in.source:
        file.append(paragraph(fonts, f"Source: {clipped(sheet.taken_in.source, 200)}", SMALL))
    elif facts.container_sha256:
        file.append(paragraph(fonts, "In a file with SHA-256", SMALL))
        file.append(paragraph(fonts, facts.container_sha256, CODE))
    if sheet.state_detail:
        file.append(paragraph(fonts, clipped(sheet.state_detail), SMALL))
    named = (("SHA-256", facts.sha256), ("SHA-1", facts.sha1), ("MD5", facts.md5))
    said = [exhibit.words.headline, exhibit.words.probability or ""]
    result = [Mark(outcome(exhibit)), Spacer(1, 2)]
    result += [paragraph(fonts, line, RESULT) for line in said if line]
    if beside := stated_beside(exhibit):
        result += [Spacer(1, 2), paragraph(fonts, f"{clipped(beside, 200)}.", SMALL)]
    hashes = [
        [paragraph(fonts, name, NOTE), paragraph(fonts, digest or "none", HASH)]
        for name, digest in named
    ]
    return [
        _number(report, exhibit),
        _thumb(report, exhibit),
        file,
        Table(hashes, colWidths=[36, HASH_W], style=TIGHT),
        result,
    ]


def _number(report: Report, exhibit: Exhibit) -> Any:
    """Return the number, linked to the exhibit's pages where it has some."""
    link = f"exhibit-{exhibit.number}" if exhibit.examination.ok else None
    return paragraph(report.fonts, str(exhibit.number), STRONG, link=link)


def _thumb(report: Report, exhibit: Exhibit) -> Any:
    picture = exhibit.sheet.thumb
    if picture is None:
        return paragraph(report.fonts, exhibit.sheet.state or "no picture", NOTE)
    return Figure(report, picture, width=THUMB_PT, max_height=THUMB_PT)


def _custody(report: Report) -> list[Any]:
    """Return how each exhibit was held and by whom; nothing without a case."""
    if report.contents.case is None or "custody" in report.contents.left_out:
        return []
    rows = [
        _held(report, exhibit, exhibit.sheet.taken_in)
        for exhibit in report.exhibits
        if exhibit.sheet.taken_in
    ]
    return [
        *chapter(report, title_of(report, "custody"), "custody"),
        paragraph(report.fonts, prose.CUSTODY),
        Spacer(1, 2 * STEP),
        ruled(
            report, ("No.", "How it is held", "Entries of the log that name it"), rows, (26, 176)
        ),
    ]


def _held(report: Report, exhibit: Exhibit, taken_in: TakenIn) -> list[Any]:
    fonts, case = report.fonts, report.contents.case
    assert case is not None
    operator = taken_in.added_by or "an operator without name"
    checked = f" ({whole_second(taken_in.checked_utc)} UTC)" if taken_in.checked_utc else ""
    state = f"Last check of its bytes: {taken_in.state.replace('_', ' ')}{checked}."
    held = [
        paragraph(fonts, clipped(exhibit.words.name, 120), STRONG),
        paragraph(
            fonts,
            f"Taken in {whole_second(taken_in.added_utc)} UTC by {clipped(operator, 120)}; "
            f"{HELD[taken_in.held]}.",
            SMALL,
        ),
        paragraph(fonts, f"{state} {clipped(taken_in.state_detail, 300)}".strip(), SMALL),
    ]
    named = [
        entry
        for entry in case.log
        if any(o.kind == "exhibit" and o.id == str(exhibit.number) for o in entry.objects)
    ]
    lines = [paragraph(fonts, _line(entry), SMALL) for entry in named[:ENTRIES_MOST]]
    if len(named) > ENTRIES_MOST:
        more = f"and {len(named) - ENTRIES_MOST:,} more in the attached log"
        lines.append(paragraph(fonts, more, NOTE))
    return [
        paragraph(fonts, str(exhibit.number), STRONG),
        held,
        lines or [paragraph(fonts, "none", NOTE)],
    ]


def _line(entry: LogEntry) -> str:
    operator = clipped(entry.operator, 60) or "–"
    return f"{entry.seq} · {whole_second(entry.utc)} UTC · {operator} · {entry.action}"

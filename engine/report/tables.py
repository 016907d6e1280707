"""Tables, lists and headings that several parts of a report share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from reportlab.platypus import CondPageBreak, LongTable, Spacer, Table, TableStyle

from engine.report.exhibits import Exhibit, Report
from engine.report.fonts import SANS, clipped
from engine.report.page import (
    BODY,
    CELL,
    CONTENT_W,
    HEADING,
    INK,
    LABEL,
    PANEL,
    RULE,
    STEP,
    Chapter,
    paragraph,
)
from engine.report.wording import printable
from engine.types import Outcome

ORDER = (Outcome.AI, Outcome.INCONCLUSIVE, Outcome.REAL, None)
"""Outcomes as they are listed; None is not examined."""

CHAPTER_ROOM = 150.0
"""Room a chapter needs to begin on a page, pt."""

LABEL_W = 112.0
"""Width of the names in a list of facts, pt."""

DROP = 1.2
"""How much lower a label stands, so that it shares the line of larger text beside it, pt."""

PLAIN = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, -1), SANS),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2 * STEP),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
    ]
)
TIGHT = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, -1), SANS),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]
)
RULED = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, -1), SANS),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), STEP),
        ("RIGHTPADDING", (0, 0), (-1, -1), STEP),
        ("TOPPADDING", (0, 0), (-1, -1), STEP),
        ("BOTTOMPADDING", (0, 0), (-1, -1), STEP),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
        ("BACKGROUND", (0, 0), (-1, 0), PANEL),
        ("LINEABOVE", (0, 0), (-1, 0), 0.8, INK),
    ]
)


def outcome(exhibit: Exhibit) -> Outcome | None:
    """Return an exhibit's outcome; None when it was not examined.

    Args:
        exhibit: one file.
    """
    verdict = exhibit.examination.verdict
    return verdict.outcome if verdict else None


def stated_beside(exhibit: Exhibit) -> str:
    """Return what must be said beside an exhibit's outcome wherever that stands; else nothing.

    Args:
        exhibit: one file.
    """
    stated = exhibit.words.stated
    return stated.headline if stated and (stated.leads or stated.conflict) else ""


def facts(
    report: Report, rows: Iterable[tuple[str, str]], *, width: float = CONTENT_W, size: Any = CELL
) -> Any:
    """Return (name, value) pairs as a table without rules.

    Args:
        report: for its fonts.
        rows: plain text; long values are cut in the middle, saying so.
        width: pt.
        size: style of the values.
    """
    fonts = report.fonts
    cells = [
        [paragraph(fonts, name, LABEL), paragraph(fonts, clipped(value), size)]
        for name, value in rows
    ]
    label_w = min(LABEL_W, width * 0.4)
    table = Table(cells, colWidths=[label_w, width - label_w], style=PLAIN, hAlign="LEFT")
    table.setStyle(TableStyle([("TOPPADDING", (0, 0), (0, -1), 1.5 + DROP)]))
    return table


def ruled(
    report: Report, heads: Sequence[str], rows: Sequence[Any], widths: Sequence[float]
) -> Any:
    """Return a table with rules that breaks over pages, its head repeated.

    Args:
        report: for its fonts.
        heads: titles of the columns.
        rows: cells, flowables.
        widths: of the columns but the last, pt; the last takes what is left.
    """
    head = [paragraph(report.fonts, text, LABEL) for text in heads]
    rest = CONTENT_W - sum(widths)
    return LongTable([head, *rows], colWidths=[*widths, rest], repeatRows=1, style=RULED)


def listed(report: Report, lines: Sequence[str]) -> list[Any]:
    """Return sentences as a numbered list.

    Args:
        report: for its fonts.
        lines: a sentence or more each.
    """
    rows = [
        [paragraph(report.fonts, f"{index}.", LABEL), paragraph(report.fonts, line, BODY)]
        for index, line in enumerate(lines, 1)
    ]
    if not rows:
        return []
    table = Table(rows, colWidths=[18, CONTENT_W - 18], style=PLAIN, hAlign="LEFT")
    table.setStyle(TableStyle([("TOPPADDING", (0, 0), (0, -1), 1.5 + DROP)]))
    return [table]


def chapter(report: Report, title: str, key: str, *, room: float = CHAPTER_ROOM) -> list[Any]:
    """Return a heading, on a new page where little room is left.

    Args:
        report: for fonts and ledger.
        title: of the chapter.
        key: unique name to link to.
        room: that must be left on the page, pt.
    """
    return [
        CondPageBreak(room),
        Spacer(1, 6 * STEP),
        Chapter(title, key, title, ledger=report.ledger),
        paragraph(report.fonts, title, HEADING),
    ]


def spans(numbers: list[int]) -> str:
    """Return numbers with runs joined: ``"1 to 4, 7"``.

    Args:
        numbers: of exhibits, in any order.
    """
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in spans)


def whole_second(stamp: str | None) -> str:
    """Return an ISO 8601 time in UTC for a person: ``"2026-11-23 22:15:04"``.

    Args:
        stamp: ends in ``Z``; an en dash is returned for None and for what is no time.
    """
    if stamp is None:
        return "–"
    try:
        return f"{datetime.fromisoformat(stamp.replace('Z', '+00:00')):%Y-%m-%d %H:%M:%S}"
    except ValueError:
        return printable(stamp)

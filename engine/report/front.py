"""The report's first part: cover, how to read it, the question, the table of exhibits."""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from io import BytesIO
from typing import Any

from reportlab.platypus import Image, LongTable, PageBreak, Paragraph, Spacer, Table, TableStyle

from engine import paths
from engine.report import prose
from engine.report.exhibits import Exhibit, Report
from engine.report.figures import Mark, Share
from engine.report.fonts import LONGEST_NAME, SANS, clipped
from engine.report.page import (
    BODY,
    CODE,
    CONTENT_W,
    HASH,
    HEADING,
    INK,
    LABEL,
    NOTE,
    PANEL,
    RESULT,
    RULE,
    SMALL,
    STEP,
    STRONG,
    SUBHEADING,
    TITLE,
    Chapter,
    paragraph,
)
from engine.report.wording import HEADLINES, NOT_EXAMINED, byte_size
from engine.types import Outcome

ORDER = (Outcome.AI, Outcome.INCONCLUSIVE, Outcome.REAL, None)
ICON = "residua-256.png"
THUMB_PT = 46.0
HASH_W = 126.0
"""Room for 32 hex digits."""

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


def front(report: Report) -> list[Any]:
    """Return the flowables of the first part.

    Args:
        report: what the pages are made from.
    """
    return [*_cover(report), *_reading(report), *_exhibits(report)]


def outcome(exhibit: Exhibit) -> Outcome | None:
    """Return an exhibit's outcome; None when it was not examined.

    Args:
        exhibit: one file.
    """
    verdict = exhibit.examination.verdict
    return verdict.outcome if verdict else None


def _cover(report: Report) -> list[Any]:
    fonts, count = report.fonts, len(report.exhibits)
    icon = Image(str(paths.resources_dir() / "icons" / ICON), width=44, height=44, hAlign="LEFT")
    models = sorted({e.examination.model.name for e in report.exhibits if e.examination.model})
    utc = report.created.astimezone(UTC)
    facts = (
        ("Made, UTC", f"{utc:%Y-%m-%d %H:%M:%S}"),
        ("Made, local time", f"{report.created:%Y-%m-%d %H:%M:%S %z}"),
        ("Exhibits", str(count)),
        ("Examined with", f"{prose.TOOL} {report.tool_version}, model {', '.join(models) or '–'}"),
        ("Attached records", f"SHA-256 {report.records_sha256}"),
    )
    rows = [[paragraph(fonts, name, LABEL), paragraph(fonts, text)] for name, text in facts]
    return [
        Chapter("Cover", "cover", ""),
        Spacer(1, 14 * STEP),
        icon,
        Spacer(1, 5 * STEP),
        paragraph(fonts, prose.TITLE, TITLE),
        Spacer(1, 6 * STEP),
        Table(rows, colWidths=[100, CONTENT_W - 100], style=PLAIN, hAlign="LEFT"),
        Spacer(1, 10 * STEP),
        *_summary(report),
        Spacer(1, 10 * STEP),
        paragraph(fonts, prose.UNSIGNED, NOTE),
        PageBreak(),
    ]


def _summary(report: Report) -> list[Any]:
    fonts = report.fonts
    counted = Counter(outcome(exhibit) for exhibit in report.exhibits)
    rows = [
        [
            Mark(which),
            paragraph(fonts, str(counted[which]), STRONG),
            paragraph(fonts, HEADLINES[which] if which else NOT_EXAMINED),
        ]
        for which in ORDER
    ]
    return [
        paragraph(fonts, "Results in short", SUBHEADING),
        Share([(which, counted[which]) for which in ORDER], CONTENT_W),
        Spacer(1, 2 * STEP),
        Table(rows, colWidths=[18, 32, CONTENT_W - 50], style=PLAIN, hAlign="LEFT"),
    ]


def _reading(report: Report) -> list[Any]:
    fonts = report.fonts
    propositions = [
        [paragraph(fonts, name, STRONG), paragraph(fonts, text)]
        for name, text in prose.PROPOSITIONS
    ]
    parts: list[Any] = [
        Chapter("How to read this report", "reading", "How to read this report"),
        paragraph(fonts, "How to read this report", HEADING),
    ]
    for text in prose.HOW_TO_READ:
        parts += [paragraph(fonts, text), Spacer(1, 2 * STEP)]
    marks = [[Mark(which), paragraph(fonts, HEADLINES[which])] for which in ORDER if which]
    parts.insert(6, Spacer(1, 2 * STEP))
    parts.insert(6, Table(marks, colWidths=[18, CONTENT_W - 18], style=PLAIN, hAlign="LEFT"))
    return [
        *parts,
        paragraph(fonts, "The question", SUBHEADING),
        paragraph(fonts, prose.QUESTION),
        Spacer(1, STEP),
        Table(propositions, colWidths=[28, CONTENT_W - 28], style=PLAIN, hAlign="LEFT"),
        Spacer(1, STEP),
        paragraph(fonts, prose.SUPPORT),
        PageBreak(),
    ]


def _exhibits(report: Report) -> list[Any]:
    fonts = report.fonts
    heads = ("No.", "Picture", "File", "Hashes", "Result")
    widths = (26, THUMB_PT + 10, 146, 36 + HASH_W + 2 * STEP)
    rows = [[paragraph(fonts, head, LABEL) for head in heads]]
    rows += [_row(report, exhibit) for exhibit in report.exhibits]
    table = LongTable(rows, colWidths=[*widths, CONTENT_W - sum(widths)], repeatRows=1, style=RULED)
    return [
        Chapter("Exhibits", "exhibits", "Exhibits"),
        paragraph(fonts, "Exhibits", HEADING),
        table,
    ]


def _row(report: Report, exhibit: Exhibit) -> list[Any]:
    fonts, facts = report.fonts, exhibit.examination.facts
    size = f"{facts.width} × {facts.height} px" if facts.width and facts.height else ""
    told = " · ".join(part for part in (facts.format, size) if part)
    file = [
        paragraph(fonts, clipped(exhibit.words.name, LONGEST_NAME), STRONG),
        paragraph(fonts, clipped(facts.path, LONGEST_NAME), CODE),
        Spacer(1, 2),
        paragraph(fonts, byte_size(facts.bytes) if facts.bytes is not None else "–", SMALL),
    ]
    if told:
        file.append(paragraph(fonts, told, SMALL))
    if exhibit.original and exhibit.original.detail:
        file.append(paragraph(fonts, exhibit.original.detail, SMALL))
    named = (("SHA-256", facts.sha256), ("SHA-1", facts.sha1), ("MD5", facts.md5))
    said = [exhibit.words.headline, exhibit.words.probability or ""]
    result = [Mark(outcome(exhibit)), Spacer(1, 2)]
    result += [paragraph(fonts, line, RESULT) for line in said if line]
    return [
        _number(exhibit),
        _thumb(report, exhibit),
        file,
        Table(
            [
                [paragraph(fonts, name, NOTE), paragraph(fonts, digest or "none", HASH)]
                for name, digest in named
            ],
            colWidths=[36, HASH_W],
            style=TIGHT,
        ),
        result,
    ]


def _number(exhibit: Exhibit) -> Paragraph:
    """Return the number, linked to the exhibit's pages where it has some."""
    number = exhibit.number
    link = f'<a href="#exhibit-{number}">{number}</a>'
    return Paragraph(link if exhibit.examination.ok else str(number), STRONG)


def _thumb(report: Report, exhibit: Exhibit) -> Any:
    if exhibit.thumb is None:
        text = exhibit.original.state.value if exhibit.original else "no picture"
        return paragraph(report.fonts, text, NOTE)
    return Image(BytesIO(exhibit.thumb), width=THUMB_PT, height=THUMB_PT, kind="proportional")


def listed(report: Report, lines: tuple[str, ...]) -> list[Any]:
    """Return sentences as a numbered list.

    Args:
        report: for its fonts.
        lines: a sentence or more each.
    """
    rows = [
        [paragraph(report.fonts, f"{index}.", LABEL), paragraph(report.fonts, line, BODY)]
        for index, line in enumerate(lines, 1)
    ]
    return [Table(rows, colWidths=[18, CONTENT_W - 18], style=PLAIN, hAlign="LEFT")] if rows else []

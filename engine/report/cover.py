"""The first page: case, persons, dates, results in short, contents."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any

from reportlab.platypus import PageBreak, Spacer, Table, TableStyle

from engine.evidence.camera_records import COMPARISONS
from engine.report import prose
from engine.report.exhibits import Report
from engine.report.figures import Icon, Mark, Share
from engine.report.fonts import clipped
from engine.report.page import (
    BODY,
    CELL,
    CONTENT_W,
    ITEM,
    NOTE,
    RULE,
    STEP,
    STRONG,
    SUBHEADING,
    TITLE,
    Chapter,
    PageOf,
    paragraph,
)
from engine.report.tables import ORDER, PLAIN, facts, outcome, spans, stated_beside
from engine.report.wording import HEADLINES, NOT_EXAMINED

CHAPTERS = (
    ("question", "The question, and how to read this report"),
    ("exhibits", "Exhibits"),
    ("custody", "Custody of the exhibits"),
    ("methods", "Methods"),
    ("results", "Results, exhibit by exhibit"),
    ("cameras", "Cameras compared with the pictures"),
    ("failures", "Files that were not examined"),
    ("limitations", "Limitations and other explanations"),
    ("conclusion", "Conclusion"),
    ("reproducing", "Reproducing and checking this report"),
    ("decisions", "Appendix: how facts and verdict are stated together"),
    ("log", "Extract of the custody log"),
    ("declaration", "Declaration, review and signature"),
)
"""(key, title) of all chapters, in their order."""

PARTS = {
    "custody": "the table of custody",
    "notes": "notes of the examiner",
    "decisions": "the decision table",
    "log": "entries of the custody log",
}
"""What may be left out, as the cover names it."""

NUMBER_W = 30.0
BESIDE_MOST = 6
"""Different statements that the cover repeats beside the counts."""
NUMBERS_MOST = 30
"""Numbers that the cover lists one by one when not all exhibits are reported on."""


def chapters(report: Report) -> tuple[tuple[str, str], ...]:
    """Return (key, title) of the chapters that a report has.

    Args:
        report: one with a case has custody and log too, and cameras where any was compared.
    """
    case = report.contents.case
    left_out = set() if case else {"custody", "log"}
    if case is None or not any(entry.action in COMPARISONS for entry in case.log):
        left_out.add("cameras")
    # The log stays: its head and its check are always printed.
    left_out |= {"custody", "decisions"} & set(report.contents.left_out)
    if not any(exhibit.examination.ok for exhibit in report.exhibits):
        left_out.add("results")
    return tuple(pair for pair in CHAPTERS if pair[0] not in left_out)


def title_of(report: Report, key: str) -> str:
    """Return a chapter's title with its number: ``"2  Exhibits"``.

    Args:
        report: which chapters there are.
        key: of the chapter.
    """
    keys = [name for name, _ in chapters(report)]
    return f"{keys.index(key) + 1}  {dict(CHAPTERS)[key]}"


def cover(report: Report) -> list[Any]:
    """Return the flowables of the cover.

    Args:
        report: what the pages are made from.
    """
    fonts, case = report.fonts, report.contents.case
    return [
        Chapter("Cover", "cover", ""),
        Spacer(1, 4 * STEP),
        Icon(38),
        Spacer(1, 4 * STEP),
        paragraph(fonts, prose.TITLE, TITLE),
        Spacer(1, 5 * STEP),
        facts(report, _about(report), size=BODY),
        Spacer(1, 6 * STEP),
        *_summary(report),
        Spacer(1, 5 * STEP),
        *_contents(report),
        Spacer(1, 6 * STEP),
        paragraph(fonts, _standing(report), NOTE),
        *([] if case else [paragraph(fonts, prose.NO_CASE, NOTE)]),
        PageBreak(),
    ]


def _about(report: Report) -> list[tuple[str, str]]:
    contents = report.contents
    created = datetime.fromisoformat(contents.created)
    numbers = [exhibit.number for exhibit in report.exhibits]
    span = str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"
    models = sorted({e.examination.model.name for e in report.exhibits if e.examination.model})
    utc = f"{created.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    rows = [
        *_case(report),
        ("Report made", f"{utc} UTC, {created:%Y-%m-%d %H:%M:%S %z} local time"),
        ("Exhibits", _which(report, numbers, span)),
        (
            "Examined with",
            f"{prose.TOOL} {contents.tool_version}, model {', '.join(models) or '–'}",
        ),
    ]
    if contents.left_out:
        names = (PARTS[part] for part in PARTS if part in contents.left_out)
        rows.append(("Left out by choice", "; ".join(names)))
    if contents.signer:
        rows.append(("Signed by", f"{contents.signer.subject} (electronic signature)"))
    return rows


def _which(report: Report, numbers: list[int], span: str) -> str:
    in_case = report.contents.in_case
    if len(numbers) == in_case:
        return f"{len(numbers)}, numbered {span}"
    listed = ", ".join(map(str, numbers[:NUMBERS_MOST]))
    more = f" and {len(numbers) - NUMBERS_MOST} more" if len(numbers) > NUMBERS_MOST else ""
    return f"{len(numbers)} of the {in_case} of the case: {listed}{more}"


def _case(report: Report) -> list[tuple[str, str]]:
    case = report.contents.case
    if case is None:
        return [
            (name, prose.NOT_STATED) for name in ("Case", "Requester", "Laboratory", "Examiner")
        ]
    info = case.info
    opened = f"{_day(info.created_utc)} UTC, {_day(info.created_local)} local time"
    named = " · ".join(text for text in (info.number, info.title) if text)
    people = (
        ("Requester", info.requester),
        ("Laboratory", info.laboratory),
        ("Examiner", info.examiner),
        ("Reviewer", info.reviewer),
    )
    return [
        ("Case", named or prose.NOT_STATED),
        *((name, text or prose.NOT_STATED) for name, text in people),
        ("Case opened", opened),
    ]


def _day(stamp: str) -> str:
    """Return an ISO time for a person, its offset kept."""
    when = datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    offset = "" if stamp.endswith("Z") else f"{when: %z}"
    return f"{when:%Y-%m-%d %H:%M:%S}{offset}"


def _standing(report: Report) -> str:
    signer = report.contents.signer
    if signer is None:
        return prose.UNSIGNED
    return prose.SIGNED.format(
        subject=clipped(signer.subject, 200), sha256=signer.certificate_sha256
    )


def _summary(report: Report) -> list[Any]:
    fonts = report.fonts
    counted = Counter(outcome(exhibit) for exhibit in report.exhibits)
    rows = [
        [
            Mark(which),
            paragraph(fonts, str(counted[which]), STRONG),
            paragraph(fonts, HEADLINES[which] if which else NOT_EXAMINED, CELL),
        ]
        for which in ORDER
    ]
    return [
        paragraph(fonts, "Results in short", SUBHEADING),
        Share([(which, counted[which]) for which in ORDER], CONTENT_W),
        Spacer(1, 2 * STEP),
        Table(rows, colWidths=[18, 32, CONTENT_W - 50], style=PLAIN, hAlign="LEFT"),
        *_beside(report),
    ]


def _beside(report: Report) -> list[Any]:
    """Return what is stated beside outcomes, so that no count is read without it."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for exhibit in report.exhibits:
        if beside := stated_beside(exhibit):
            numbers[beside].append(exhibit.number)
    if not numbers:
        return []
    fonts, most = report.fonts, sorted(numbers.items(), key=lambda item: item[1])
    told = [
        f"{clipped(beside, 160)}: {'exhibit' if len(of) == 1 else 'exhibits'} {spans(of)}."
        for beside, of in most[:BESIDE_MOST]
    ]
    if len(most) > BESIDE_MOST:
        told.append(f"{len(most) - BESIDE_MOST} more statements stand with their exhibits.")
    return [
        Spacer(1, 2 * STEP),
        paragraph(fonts, "Stated beside these results:", CELL),
        *(paragraph(fonts, f"–  {clipped(line, 400)}", ITEM) for line in told),
    ]


def _contents(report: Report) -> list[Any]:
    fonts = report.fonts
    rows = [
        [
            paragraph(fonts, str(number), CELL),
            paragraph(fonts, title, CELL, link=key),
            PageOf(key, NUMBER_W),
        ]
        for number, (key, title) in enumerate(chapters(report), 1)
    ]
    table = Table(rows, colWidths=[18, CONTENT_W - 18 - NUMBER_W, NUMBER_W], style=PLAIN)
    table.setStyle(
        TableStyle(
            [("LINEBELOW", (0, 0), (-1, -1), 0.3, RULE), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]
        )
    )
    return [paragraph(fonts, "Contents", SUBHEADING), table]

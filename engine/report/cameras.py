"""The chapter on cameras: whose sensor pattern is in which picture, by the custody log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from reportlab.platypus import CondPageBreak, Spacer

from engine.evidence.camera_records import (
    COMPARISONS,
    MADE,
    METHOD,
    REMOVED,
    comparisons_of,
    summarised,
)
from engine.log_types import LogEntry
from engine.report.camera_words import (
    ANSWERS,
    comparison_details,
    counts_text,
    family_text,
    pce_text,
)
from engine.report.cover import title_of
from engine.report.exhibits import Report
from engine.report.fonts import LONGEST_NAME, clipped
from engine.report.page import CELL, NOTE, STEP, STRONG, SUBHEADING, paragraph
from engine.report.tables import chapter, facts, ruled, spans, whole_second
from engine.report.wording import printable
from engine.trace_types import CameraAnswer, Comparison
from engine.traces import prnu

LISTED = (CameraAnswer.SHOWN, CameraAnswer.UNDECIDED, CameraAnswer.FAILED)
"""Answers with a line of their own; the others are named by their numbers."""

ROWS_MOST = 200
"""Lines for one camera; the attached log has all."""

CAMERA_ROOM = 180.0
"""Room a camera needs to begin on a page, pt."""


def cameras(report: Report) -> list[Any]:
    """Return the flowables of the chapter; none where nothing was compared with a camera.

    Args:
        report: what the pages are made from.
    """
    case = report.contents.case
    if case is None or not any(entry.action in COMPARISONS for entry in case.log):
        return []
    held = [each.sheet.taken_in for each in report.exhibits if each.sheet.taken_in]
    found = comparisons_of(case.log, held)
    parts = [
        *chapter(report, title_of(report, "cameras"), "cameras"),
        paragraph(report.fonts, f"{prnu.PRINCIPLE} {prnu.LIMITS}"),
        paragraph(report.fonts, f"Method: {METHOD}. {prnu.METHOD.source}.", NOTE),
    ]
    families = {sha256: tuple(each.values()) for sha256, each in found.items() if each}
    for sha256, compared in families.items():
        parts += _camera(report, case.log, sha256, compared)
    return [*parts, *_altogether(report, families.values())]


def _altogether(report: Report, families: Collection[tuple[Comparison, ...]]) -> list[Any]:
    """Return the limit over all cameras; nothing for one, which has told it."""
    if len(families) < 2:
        return []
    tests = sum(summarised(each).correlated for each in families)
    most = prnu.family_most(tests)
    limit = (
        f"is at most {most:.2g} at 95 % confidence" if most else "has no limit that was measured"
    )
    said = (
        f"Over all {len(families)} cameras together, {tests:,} comparisons, the chance of at least "
        f"one false acceptance {limit}."
    )
    return [Spacer(1, 2 * STEP), paragraph(report.fonts, said)]


def _camera(
    report: Report, log: Sequence[LogEntry], sha256: str, compared: tuple[Comparison, ...]
) -> list[Any]:
    fonts, summary = report.fonts, summarised(compared)
    name, about = _about(log, sha256)
    shown = _reported(report, compared)
    beyond = len(compared) - len(shown)
    said = [counts_text(summary), family_text(summary)]
    if beyond:
        said.append(f"{beyond:,} of them are not among the exhibits of this report.")
    return [
        CondPageBreak(CAMERA_ROOM),
        paragraph(fonts, clipped(name, 120), SUBHEADING),
        facts(report, about),
        Spacer(1, STEP),
        paragraph(fonts, " ".join(said)),
        Spacer(1, STEP),
        *_table(report, [each for each in shown if each.answer in LISTED]),
        *_named(report, "The pattern was not found in", shown, CameraAnswer.NOT_SHOWN),
        *_named(report, "Behind the fingerprint are", shown, CameraAnswer.BEHIND),
    ]


def _about(log: Sequence[LogEntry], sha256: str) -> tuple[str, list[tuple[str, str]]]:
    """Return a camera's name, and what the log says of its fingerprint."""
    named, rows = "A camera without a name", [("Fingerprint, SHA-256", sha256)]
    for entry in log:
        if not entry.objects or entry.objects[0].sha256 != sha256:
            continue
        told = dict(entry.details)
        by = f"{whole_second(entry.utc)} UTC by {printable(entry.operator) or '–'}"
        if entry.action == MADE:
            named = printable(told.get("camera", "")) or named
            size = printable(told.get("size", "")).replace(" x ", " × ")
            rows.append(("Made", f"{by}, of {told.get('pictures', '–')} pictures of {size} px"))
        elif entry.action == REMOVED:
            rows.append(("Removed from the case", by))
    return named, rows


def _reported(report: Report, compared: Iterable[Comparison]) -> list[Comparison]:
    """Return the comparisons of the exhibits that are reported on, and of files of no exhibit."""
    numbers = {exhibit.number for exhibit in report.exhibits}
    chosen = [each for each in compared if each.exhibit is None or each.exhibit in numbers]
    return sorted(
        chosen,
        key=lambda each: (
            list(CameraAnswer).index(each.answer),
            -(each.pce or 0.0),
            each.exhibit or 0,
        ),
    )


def _table(report: Report, listed: Sequence[Comparison]) -> list[Any]:
    if not listed:
        return []
    fonts = report.fonts
    names = {exhibit.number: exhibit.words.name for exhibit in report.exhibits}
    rows = [
        [
            paragraph(fonts, "–" if each.exhibit is None else str(each.exhibit), STRONG),
            paragraph(fonts, clipped(_name(each, names), LONGEST_NAME), CELL),
            paragraph(fonts, ANSWERS[each.answer], CELL),
            paragraph(fonts, "–" if each.pce is None else pce_text(each.pce), CELL),
            paragraph(fonts, clipped(comparison_details(each), 300), NOTE),
        ]
        for each in listed[:ROWS_MOST]
    ]
    heads = ("No.", "Picture", "Pattern", "PCE", "Where, or why it cannot be told")
    parts = [ruled(report, heads, rows, (30, 130, 62, 56))]
    if len(listed) > ROWS_MOST:
        more = f"{len(listed) - ROWS_MOST:,} more are in the attached log."
        parts.append(paragraph(fonts, more, NOTE))
    return parts


def _name(comparison: Comparison, names: dict[int, str]) -> str:
    known = None if comparison.exhibit is None else names.get(comparison.exhibit)
    return known or printable(comparison.path)


def _named(
    report: Report, words: str, compared: Iterable[Comparison], answer: CameraAnswer
) -> list[Any]:
    """Return a sentence that names exhibits by number; nothing for none."""
    which = [each for each in compared if each.answer is answer]
    if not which:
        return []
    numbers = [each.exhibit for each in which if each.exhibit is not None]
    others = len(which) - len(numbers)
    told = f"{'exhibit' if len(numbers) == 1 else 'exhibits'} {spans(numbers)}" if numbers else ""
    more = f"{others:,} {'file' if others == 1 else 'files'} that are no exhibits" if others else ""
    highest = max((each.pce for each in which if each.pce is not None), default=None)
    ending = "" if highest is None else f" (highest PCE {pce_text(highest)})"
    said = f"{words} {' and '.join(part for part in (told, more) if part)}{ending}."
    return [Spacer(1, STEP), paragraph(report.fonts, said)]

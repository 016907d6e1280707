"""The decision table as the report prints it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from reportlab.platypus import Spacer

from engine.report import prose
from engine.report.cover import title_of
from engine.report.decisions import Row, table
from engine.report.exhibits import Report
from engine.report.page import CELL, NOTE, SMALL, STEP, STRONG, paragraph
from engine.report.tables import chapter, ruled

PLACEHOLDER = ("{fact}", "[the fact]")
WORDS = {"provenance": "facts", "contradiction": "contradiction", "outcome": "verdict"}


def decision_table(report: Report) -> list[Any]:
    """Return the flowables of the appendix with the decision table.

    Args:
        report: for its fonts, and to name the exhibits of each row.
    """
    if "decisions" in report.contents.left_out:
        return []
    fonts, made = report.fonts, table()
    used: dict[str, list[int]] = defaultdict(list)
    others = set()
    for exhibit in report.exhibits:
        statement = exhibit.examination.statement
        if statement is not None:
            used[statement.row].append(exhibit.number)
            others |= {statement.table} - {made.version}
    rows = [
        [
            [
                paragraph(fonts, row.id, STRONG),
                *(paragraph(fonts, line, NOTE) for line in _used(used[row.id])),
            ],
            [paragraph(fonts, line, SMALL) for line in _asked(row)],
            [
                paragraph(fonts, row.headline.replace(*PLACEHOLDER), CELL),
                paragraph(fonts, row.explanation.replace(*PLACEHOLDER), NOTE),
            ],
        ]
        for row in made.rows
    ]
    older = f" Some exhibits were stated by version {', '.join(sorted(others))}." if others else ""
    return [
        *chapter(report, title_of(report, "decisions"), "decisions"),
        paragraph(fonts, prose.DECISIONS.format(version=made.version) + older),
        Spacer(1, 2 * STEP),
        ruled(report, ("Row", "Holds for", "Statement"), rows, (104, 130)),
    ]


def _used(numbers: list[int]) -> list[str]:
    return [f"exhibit {', '.join(map(str, numbers))}"] if numbers else []


def _asked(row: Row) -> list[str]:
    lines = [
        f"{WORDS.get(axis, axis)}: {', '.join(value.replace('_', ' ') for value in values)}"
        for axis, values in row.asked()
    ]
    return [*lines, "conflict"] if row.conflict else lines

"""A case as CSV, a row an exhibit, safe to open in a spreadsheet.

A spreadsheet runs a cell that begins like a formula. Text that does, in a file name for
instance, gets an apostrophe before it, which spreadsheets show as text; numbers are written by
this program alone and stay numbers.
"""

from __future__ import annotations

import csv
from io import StringIO

from engine.case_types import CaseContents, CaseExamination, Exhibit
from engine.mark_types import Standing
from engine.report.marked import drawn_at
from engine.report.wording import printable
from engine.types import Examination

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Characters that begin a formula, their full-width forms included (OWASP, CSV injection)."""

COLUMNS = (
    "exhibit", "name", "path", "source", "bytes", "sha256", "sha1", "md5", "held", "state",
    "added_utc", "added_by", "verdict", "p_ai", "log_odds_both", "log_odds_semantic",
    "log_odds_artifact", "in_validated_range", "reason", "failure", "format", "width", "height",
    "jpeg_quality", "model", "weights_sha256", "device", "explanation", "findings", "notes",
    "examined_utc", "tool_version", "rechecks", "rating", "tags", "annotations",
)  # fmt: skip

Cell = str | int | float | None


def to_csv(contents: CaseContents) -> str:
    """Return a case as CSV: UTF-8 text with a byte order mark, lines ended by CR LF.

    Args:
        contents: of the case; the newest examination of an exhibit is what its row says.
    """
    file = StringIO()
    file.write("\ufeff")
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    newest = {each.exhibit: each for each in contents.newest()}
    holds = contents.standing()
    for exhibit in contents.exhibits:
        row = {
            **_exhibit(exhibit),
            **_examined(newest.get(exhibit.number)),
            **_marks(exhibit.number, holds),
        }
        writer.writerow([safe(row.get(name)) for name in COLUMNS])
    for lost in (each for each in contents.newest() if each.exhibit is None):
        row = {"path": lost.examination.facts.path, **_examined(lost)}
        writer.writerow([safe(row.get(name)) for name in COLUMNS])
    return file.getvalue()


def safe(value: Cell) -> str | int | float:
    """Return a cell that no spreadsheet takes for a formula.

    Args:
        value: text from anywhere, or a number.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    text = printable(value)
    # What was a tab or a line feed is written out by now, and begins with a backslash.
    risky = text.lstrip().startswith(FORMULA_STARTS) or value.startswith(FORMULA_STARTS)
    return f"'{text}" if risky else text


def _marks(exhibit: int, holds: Standing) -> dict[str, Cell]:
    drawn = (each for each in holds.annotations if each.exhibit == exhibit)
    return {
        "notes": " | ".join(each.text for each in holds.notes if each.exhibit == exhibit),
        "rating": holds.stars(exhibit) or None,
        "tags": " | ".join(holds.tags_of(exhibit)),
        "annotations": " | ".join(
            f"{each.shape} {drawn_at(each)} {each.text}".strip() for each in drawn
        ),
    }


def _exhibit(exhibit: Exhibit) -> dict[str, Cell]:
    return {
        "exhibit": exhibit.number,
        "name": exhibit.name,
        "path": exhibit.path,
        "source": exhibit.source,
        "bytes": exhibit.bytes,
        "sha256": exhibit.sha256,
        "sha1": exhibit.sha1,
        "md5": exhibit.md5,
        "held": str(exhibit.held),
        "state": str(exhibit.state),
        "added_utc": exhibit.added_utc,
        "added_by": exhibit.added_by,
    }


def _examined(kept: CaseExamination | None) -> dict[str, Cell]:
    if kept is None:
        return {}
    examination = kept.examination
    verdict, model, failure = examination.verdict, examination.model, examination.failure
    row: dict[str, Cell] = {
        "failure": None if failure is None else f"{failure.kind}: {failure.message}",
        "format": examination.facts.format,
        "width": examination.facts.width,
        "height": examination.facts.height,
        "jpeg_quality": _quality(examination),
        "explanation": " ".join(sentence.text for sentence in examination.explanation),
        "findings": " | ".join(
            f"{each.id} {each.analyser} {each.value}" for each in examination.findings
        ),
        "examined_utc": examination.examined_utc,
        "tool_version": examination.tool_version,
        "rechecks": " | ".join(
            f"{each.utc} {each.failure or ('agrees' if each.agrees else 'differs')}"
            for each in kept.rechecks
        ),
    }
    if model is not None:
        row |= {"model": model.name, "weights_sha256": model.sha256, "device": model.device}
    if verdict is not None:
        row |= {
            "verdict": str(verdict.outcome),
            "p_ai": verdict.p_ai,
            "log_odds_both": verdict.read_outs.both,
            "log_odds_semantic": verdict.read_outs.semantic,
            "log_odds_artifact": verdict.read_outs.artifact,
            "in_validated_range": "yes" if verdict.in_validated_range else "no",
            "reason": verdict.band_reason,
        }
    return row


def _quality(examination: Examination) -> int | None:
    return None if examination.condition is None else examination.condition.jpeg_quality

"""The end of a report: extract of the custody log, declaration, review, places to sign."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer, Table, TableStyle

from engine.log_types import LISTED, LogEntry
from engine.report import prose
from engine.report.archival import SignatureField
from engine.report.cover import title_of
from engine.report.exhibits import Report
from engine.report.fonts import SANS, clipped
from engine.report.ledger import Ledger
from engine.report.page import (
    BODY,
    CELL,
    CODE,
    CONTENT_W,
    LABEL,
    MUTED,
    NOTE,
    RULE,
    STEP,
    SUBHEADING,
    Total,
    paragraph,
)
from engine.report.tables import PLAIN, chapter, facts, ruled, whole_second

FIRST_ENTRIES, LAST_ENTRIES = 12, 28
"""Entries at the log's beginning and end that are printed; the attached log has all."""

EXAMINER_FIELD, REVIEWER_FIELD = "Examiner", "Reviewer"
COLUMN_W = (CONTENT_W - 6 * STEP) / 2
BOX_H = 62.0


def closing(report: Report) -> list[Any]:
    """Return the flowables of the report's end.

    Args:
        report: what the pages are made from.
    """
    return [*_log(report), *_declaration(report), Total(report.ledger)]


def signature_fields(ledger: Ledger) -> tuple[SignatureField, ...]:
    """Return the fields where the drawn places to sign are.

    Args:
        ledger: of the pages that were laid out.
    """
    return tuple(
        SignatureField(name=name, title=f"Signature of the {name.lower()}", page=page - 1, box=box)
        for name, (page, box) in ledger.boxes.items()
    )


def _log(report: Report) -> list[Any]:
    case, fonts = report.contents.case, report.fonts
    if case is None:
        return []
    # The whole log is attached either way, and its head is printed.
    entries = () if "log" in report.contents.left_out else case.log
    left_out = max(0, len(entries) - FIRST_ENTRIES - LAST_ENTRIES)
    shown = entries if not left_out else entries[:FIRST_ENTRIES]
    rows = [_entry(report, entry) for entry in shown]
    if left_out:
        gap = f"{left_out:,} entries are left out here; the attached log has all."
        rows.append(["", "", "", paragraph(fonts, gap, NOTE), ""])
        rows += [_entry(report, entry) for entry in entries[-LAST_ENTRIES:]]
    state = (
        "Every entry follows from the one before."
        if not case.problems
        else "THE LOG IS NOT AS IT WAS WRITTEN: " + " ".join(p.message for p in case.problems)
    )
    heads = ("Entry", "UTC", "Operator", "Action and objects", "Hash")
    return [
        *chapter(report, title_of(report, "log"), "log"),
        paragraph(fonts, prose.LOG),
        Spacer(1, 2 * STEP),
        facts(
            report,
            [
                ("Entries", f"{case.head.entries:,}"),
                ("Head, SHA-256", case.head.hash),
                ("Check when made", state),
                *_stamps(report),
            ],
        ),
        Spacer(1, 2 * STEP),
        ruled(report, heads, rows, (34, 84, 70, 169))
        if rows
        else paragraph(fonts, "The entries are left out by choice; the attached log has all."),
    ]


def _stamps(report: Report) -> list[tuple[str, str]]:
    case = report.contents.case
    stamps = case.timestamps if case else ()
    if not stamps:
        return [("Time stamp", "none")]
    return [
        (
            "Time stamp",
            f"over entry {stamp.seq} ({stamp.hash}): "
            + (
                f"{whole_second(stamp.stamped_utc)} UTC by {stamp.authority}, serial {stamp.serial}"
                if stamp.answered
                else f"requested {whole_second(stamp.requested_utc)} UTC, not answered"
            ),
        )
        for stamp in stamps
    ]


def _entry(report: Report, entry: LogEntry) -> list[Any]:
    fonts = report.fonts
    objects = ", ".join(f"{each.kind} {each.id}" for each in entry.objects)
    told = ((name, value) for name, value in entry.details if name != LISTED)
    details = "; ".join(f"{name}: {clipped(value, 120)}" for name, value in told)
    about = [paragraph(fonts, clipped(f"{entry.action} {objects}", 200), CELL)]
    if details:
        about.append(paragraph(fonts, clipped(details, 600), NOTE))
    return [
        paragraph(fonts, str(entry.seq), CELL),
        paragraph(fonts, whole_second(entry.utc), CELL),
        paragraph(fonts, clipped(entry.operator, 60) or "–", CELL),
        about,
        paragraph(fonts, entry.hash, CODE),
    ]


class SignatureBox(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """A frame to sign in, on paper or electronically.

    Args:
        ledger: learns where it is.
        name: of the signature field.
        caption: small text at the lower edge, drawn as it is.
        inside: what the frame holds; nothing when it is still to be signed.
    """

    def __init__(
        self, ledger: Ledger, name: str, caption: str, inside: Flowable | None = None
    ) -> None:
        super().__init__()
        self._ledger, self._name, self._caption = ledger, name, caption
        self._inside = inside
        self.width, self.height = COLUMN_W, BOX_H

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return its size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the frame and remember where it is."""
        canvas = self.canv
        left, bottom = canvas.absolutePosition(0, 0)
        sides = (left, bottom, left + self.width, bottom + self.height)
        box = (round(sides[0], 2), round(sides[1], 2), round(sides[2], 2), round(sides[3], 2))
        self._ledger.boxes[self._name] = (canvas.getPageNumber(), box)
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.6)
        canvas.rect(0, 0, self.width, self.height, stroke=1, fill=0)
        canvas.setFillColor(MUTED)
        canvas.setFont(SANS, 6.5)
        canvas.drawString(4, 4, self._caption)
        if self._inside is not None:
            _, height = self._inside.wrap(self.width - 16, self.height)
            self._inside.drawOn(canvas, 8, self.height - 8 - height)


def _declaration(report: Report) -> list[Any]:
    fonts, case, signer = report.fonts, report.contents.case, report.contents.signer
    info = case.info if case else None
    columns = [
        _person(report, "Examiner", info.examiner if info else "", EXAMINER_FIELD, _by(report)),
        _person(report, "Reviewer", info.reviewer if info else "", REVIEWER_FIELD, None),
    ]
    both = Table(
        [[columns[0], "", columns[1]]],
        colWidths=[COLUMN_W, 6 * STEP, COLUMN_W],
        style=PLAIN,
        hAlign="LEFT",
    )
    signed = [
        ("Signed electronically", f"by {signer.subject}, as this report was made"),
        ("Issuer", signer.issuer),
        ("Certificate", f"serial {signer.serial}, valid {signer.valid}"),
        ("Certificate, SHA-256", signer.certificate_sha256),
    ] if signer else [("Signed electronically", prose.NOT_SIGNED)]  # fmt: skip
    return [
        CondPageBreak(400),
        *chapter(report, title_of(report, "declaration"), "declaration"),
        *(paragraph(fonts, text, BODY) for text in prose.DECLARATION),
        Spacer(1, 2 * STEP),
        facts(report, signed),
        Spacer(1, 3 * STEP),
        KeepTogether([both]),
    ]


def _by(report: Report) -> Any:
    """Return what stands in the examiner's frame when the report is signed as it is made."""
    signer = report.contents.signer
    if signer is None:
        return None
    return paragraph(report.fonts, f"Signed electronically by {clipped(signer.subject, 120)}", CELL)


def _person(report: Report, role: str, name: str, field: str, inside: Any) -> list[Any]:
    fonts = report.fonts
    rows = [
        [paragraph(fonts, label, LABEL), paragraph(fonts, clipped(value, 200), CELL)]
        for label, value in (("Name", name), ("Place, date", ""))
    ]
    lines = Table(
        rows,
        colWidths=[62, COLUMN_W - 62],
        rowHeights=None if len(name) > 60 else 20,
        style=PLAIN,
        hAlign="LEFT",
    )
    lines.setStyle(
        TableStyle(
            [("LINEBELOW", (1, 0), (1, -1), 0.6, RULE), ("VALIGN", (0, 0), (-1, -1), "BOTTOM")]
        )
    )
    return [
        paragraph(fonts, role, SUBHEADING),
        lines,
        Spacer(1, 2 * STEP),
        SignatureBox(report.ledger, field, f"Signature of the {role.lower()}", inside),
    ]

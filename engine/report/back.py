"""The report's last part: failures, limitations, methods, how to reproduce and to check it."""

from __future__ import annotations

import shlex
from typing import Any

from reportlab.platypus import CondPageBreak, LongTable, PageBreak, Spacer, Table

from engine.report import prose
from engine.report.bundle import RECORDS_NAME
from engine.report.exhibits import Report
from engine.report.fonts import LONGEST_NAME, clipped
from engine.report.front import PLAIN, RULED, listed
from engine.report.marks import record_text, seal_text
from engine.report.page import (
    CELL,
    CODE,
    CONTENT_W,
    HEADING,
    LABEL,
    RECORD,
    SEAL,
    STEP,
    STRONG,
    SUBHEADING,
    Chapter,
    Total,
    paragraph,
)
from engine.report.wording import printable
from engine.types import ModelInfo
from engine.vrm.packs.catalogue import read_catalogue

CHAPTER_ROOM = 200.0
"""Room a chapter needs to begin on a page, pt."""


def back(report: Report) -> list[Any]:
    """Return the flowables of the last part.

    Args:
        report: what the pages are made from.
    """
    return [
        PageBreak(),
        *_failures(report),
        *_limitations(report),
        *_methods(report),
        *_reproducing(report),
        Total(),
    ]


def _failures(report: Report) -> list[Any]:
    fonts = report.fonts
    failed = [exhibit for exhibit in report.exhibits if not exhibit.examination.ok]
    parts = _chapter(report, "Files that were not examined", "failures")
    if not failed:
        return [*parts, paragraph(fonts, "None: every file was examined.")]
    rows = [[paragraph(fonts, head, LABEL) for head in ("No.", "File", "Reason")]]
    for exhibit in failed:
        failure = exhibit.examination.failure
        assert failure is not None
        file = [
            paragraph(fonts, clipped(exhibit.words.name, LONGEST_NAME), STRONG),
            paragraph(fonts, record_text(exhibit.number, exhibit.examination), RECORD),
        ]
        reason = [
            paragraph(fonts, clipped(failure.kind, 60).replace("_", " "), STRONG),
            paragraph(fonts, clipped(failure.message), CELL),
        ]
        rows.append([paragraph(fonts, str(exhibit.number), STRONG), file, reason])
    widths = [30, 300, CONTENT_W - 330]
    return [*parts, LongTable(rows, colWidths=widths, repeatRows=1, style=RULED)]


def _limitations(report: Report) -> list[Any]:
    fonts = report.fonts
    return [
        *_chapter(report, "Limitations and other explanations", "limitations"),
        *listed(report, prose.LIMITATIONS),
        paragraph(fonts, "Other explanations to consider", SUBHEADING),
        *listed(report, prose.OTHER_EXPLANATIONS),
    ]


def _methods(report: Report) -> list[Any]:
    fonts = report.fonts
    rows = [
        [paragraph(fonts, name, STRONG), paragraph(fonts, text)] for name, text in prose.METHODS
    ]
    found = {e.examination.model for e in report.exhibits if e.examination.model}
    models: list[Any] = []
    for model in sorted(found, key=lambda each: (each.name, each.sha256, each.device)):
        models += _model(report, model)
    return [
        *_chapter(report, "Methods", "methods"),
        Table(rows, colWidths=[74, CONTENT_W - 74], style=PLAIN, hAlign="LEFT"),
        Spacer(1, STEP),
        paragraph(fonts, prose.PUBLISHED),
        *models,
    ]


def _model(report: Report, model: ModelInfo) -> list[Any]:
    fonts = report.fonts
    layer = model.injection_layer
    facts = [
        ("Name", model.name),
        ("Weights, SHA-256", model.sha256),
        ("Injection before layer", "none" if layer is None else str(layer)),
        ("Fusion", model.fusion or "none"),
        ("Device, number type", f"{model.device}, {model.dtype}"),
        ("Prompt, SHA-256", model.prompt_sha256 or "none"),
    ]
    pack = read_catalogue().get(model.name)
    for part in pack.parts if pack else ():
        facts.append((f"Licence, {part.name}", f"{part.licence}. {part.licence_note}"))
    rows = [[paragraph(fonts, name, LABEL), paragraph(fonts, text, CELL)] for name, text in facts]
    return [
        paragraph(fonts, f"Model {clipped(model.name, 80)}", SUBHEADING),
        Table(rows, colWidths=[110, CONTENT_W - 110], style=PLAIN, hAlign="LEFT"),
    ]


def _reproducing(report: Report) -> list[Any]:
    fonts = report.fonts
    versions = [
        [paragraph(fonts, name, LABEL), paragraph(fonts, text, CELL)]
        for name, text in report.environment
    ]
    return [
        *_chapter(report, "Reproducing and checking this report", "checking"),
        paragraph(fonts, "Made with"),
        Table(versions, colWidths=[110, CONTENT_W - 110], style=PLAIN, hAlign="LEFT"),
        paragraph(fonts, "Commands", SUBHEADING),
        *(paragraph(fonts, command, CODE) for command in _commands(report)),
        paragraph(fonts, "Checking", SUBHEADING),
        paragraph(fonts, prose.CHECKING.format(name=RECORDS_NAME)),
        Spacer(1, STEP),
        paragraph(fonts, seal_text(report.records_sha256), SEAL),
    ]


def _commands(report: Report) -> list[str]:
    """Return the commands that make these results again from the same files."""
    scans = set()
    for exhibit in report.exhibits:
        model, settings = exhibit.examination.model, exhibit.examination.settings
        words = ["residua", "scan", "FILES", "--out", "RESULTS"]
        if model is not None:
            words += ["--model", printable(model.name), "--device", model.device.partition(":")[0]]
        if settings is not None and settings.triage:
            words.append("--triage")
        elif settings is not None and not settings.explain:
            words.append("--no-explain")
        if exhibit.examination.ok:
            scans.add(shlex.join(words))
    return [
        *sorted(scans),
        "residua report RESULTS --out REPORT.pdf",
        "residua verify REPORT.pdf --evidence FOLDER",
    ]


def _chapter(report: Report, title: str, key: str) -> list[Any]:
    """Return a heading, on a new page where little room is left."""
    return [
        CondPageBreak(CHAPTER_ROOM),
        Spacer(1, 6 * STEP),
        Chapter(title, key, title),
        paragraph(report.fonts, title, HEADING),
    ]

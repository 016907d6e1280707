"""The report's last part: failures, limitations, conclusion, how to reproduce and check it."""

from __future__ import annotations

import shlex
from collections import defaultdict
from typing import Any

from reportlab.platypus import CondPageBreak, Spacer, TableStyle

from engine.case_types import Recipe
from engine.mark_types import Note
from engine.report import prose
from engine.report.appendix import decision_table
from engine.report.archival import RECORDS_NAME
from engine.report.cover import title_of
from engine.report.detector import ratio_of
from engine.report.exhibits import Exhibit, Report
from engine.report.figures import Mark
from engine.report.fonts import LONGEST_NAME, clipped
from engine.report.marked import marked
from engine.report.marks import record_text, seal_text
from engine.report.page import (
    CELL,
    CODE,
    NOTE,
    RECORD,
    SEAL,
    STEP,
    STRONG,
    SUBHEADING,
    paragraph,
)
from engine.report.tables import (
    chapter,
    facts,
    listed,
    outcome,
    ruled,
    spans,
    stated_beside,
    whole_second,
)
from engine.report.wording import printable
from engine.types import Outcome


def back(report: Report) -> list[Any]:
    """Return the flowables of the last part but log and declaration.

    Args:
        report: what the pages are made from.
    """
    return [
        *_failures(report),
        *_limitations(report),
        *_conclusion(report),
        *_reproducing(report),
        *decision_table(report),
    ]


def _failures(report: Report) -> list[Any]:
    fonts = report.fonts
    failed = [exhibit for exhibit in report.exhibits if not exhibit.examination.ok]
    parts = chapter(report, title_of(report, "failures"), "failures")
    if not failed:
        return [*parts, paragraph(fonts, "None: every file was examined.")]
    rows = []
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
    marks = [part for exhibit in failed for part in _marks(report, exhibit)]
    return [*parts, ruled(report, ("No.", "File", "Reason"), rows, (30, 300)), *marks]


def _marks(report: Report, exhibit: Exhibit) -> list[Any]:
    parts = marked(report, exhibit)
    name = f"On exhibit {exhibit.number}, which was not examined:"
    return [Spacer(1, STEP), paragraph(report.fonts, name, NOTE), *parts] if parts else []


def _limitations(report: Report) -> list[Any]:
    fonts = report.fonts
    return [
        *chapter(report, title_of(report, "limitations"), "limitations"),
        *listed(report, prose.LIMITATIONS),
        paragraph(fonts, "Other explanations to consider", SUBHEADING),
        *listed(report, prose.OTHER_EXPLANATIONS),
    ]


def _conclusion(report: Report) -> list[Any]:
    fonts = report.fonts
    rows = [
        [
            paragraph(fonts, str(exhibit.number), STRONG),
            Mark(outcome(exhibit)),
            paragraph(fonts, clipped(exhibit.words.name, 120), CELL),
            paragraph(fonts, concluded(report, exhibit), CELL),
        ]
        for exhibit in report.exhibits
    ]
    table = ruled(report, ("No.", "", "File", "Conclusion"), rows, (26, 20, 150))
    table.setStyle(TableStyle([("TOPPADDING", (1, 1), (1, -1), 1.5 * STEP)]))
    return [
        *chapter(report, title_of(report, "conclusion"), "conclusion"),
        paragraph(fonts, prose.CONCLUSION),
        Spacer(1, 2 * STEP),
        table,
        *_notes(report),
    ]


def concluded(report: Report, exhibit: Exhibit) -> str:
    """Return what is concluded of an exhibit, limited to the scale.

    Args:
        report: for the error rates.
        exhibit: any.
    """
    which, ratio = outcome(exhibit), ratio_of(report, exhibit)
    if which is None or ratio is None:
        return "Not examined: nothing follows about its origin."
    words = exhibit.words
    said = f"{words.headline} ({words.probability}). {ratio.words}"
    if which is Outcome.INCONCLUSIVE:
        said = f"Inconclusive ({words.probability}): no conclusion between H1 and H2."
    beside = stated_beside(exhibit)
    if words.stated is None or not beside:
        return said
    return f"{said} {words.stated.label.capitalize()}: {clipped(beside)}."


def _notes(report: Report) -> list[Any]:
    case, fonts = report.contents.case, report.fonts
    if case is None:
        return []
    if not case.notes:
        return []
    rows = [
        [
            paragraph(fonts, _subject(note), CELL),
            [
                paragraph(fonts, clipped(note.text, 2_000), CELL),
                paragraph(
                    fonts, f"{note.author or '–'}, {whole_second(note.written_utc)} UTC", NOTE
                ),
            ],
        ]
        for note in case.notes
    ]
    return [
        CondPageBreak(90),
        paragraph(fonts, "Notes of the examiner", SUBHEADING),
        ruled(report, ("About", "Note"), rows, (90,)),
    ]


def _subject(note: Note) -> str:
    return "the case" if note.exhibit is None else f"exhibit {note.exhibit}"


def _reproducing(report: Report) -> list[Any]:
    fonts, contents = report.fonts, report.contents
    return [
        *chapter(report, title_of(report, "reproducing"), "reproducing"),
        paragraph(fonts, "Made with"),
        facts(report, contents.environment),
        *_recipes(report),
        CondPageBreak(90),
        paragraph(fonts, "Commands", SUBHEADING),
        paragraph(fonts, f"This report: {clipped(contents.command) or 'not recorded'}", CODE),
        *(paragraph(fonts, command, CODE) for command in _commands(report)),
        paragraph(fonts, "Checking", SUBHEADING),
        paragraph(fonts, prose.CHECKING.format(name=RECORDS_NAME)),
        Spacer(1, STEP),
        paragraph(fonts, seal_text(report.records_sha256), SEAL),
    ]


def _recipes(report: Report) -> list[Any]:
    """Return how the examinations were computed, once for all exhibits done the same way."""
    fonts = report.fonts
    by_recipe: dict[Recipe, list[int]] = defaultdict(list)
    for exhibit in report.exhibits:
        if exhibit.sheet.recipe is not None:
            by_recipe[exhibit.sheet.recipe].append(exhibit.number)
    parts: list[Any] = []
    for recipe, numbers in by_recipe.items():
        rows = [
            ("Exhibits", spans(numbers)),
            ("Method", f"{recipe.method}, version {recipe.version}"),
            ("Parameters", "; ".join(f"{name} = {value}" for name, value in recipe.parameters)),
            ("Model, weights", f"{recipe.model}, SHA-256 {recipe.weights_sha256}"),
            ("Device, number type", f"{recipe.device}, {recipe.dtype}, {recipe.threads} threads"),
            (
                "Seed",
                "none: nothing is drawn at random" if recipe.seed is None else f"{recipe.seed}",
            ),
            ("Libraries", ", ".join(f"{name} {version}" for name, version in recipe.libraries)),
            ("Machine", recipe.machine),
        ]
        parts += [CondPageBreak(130), paragraph(fonts, "Examined with", SUBHEADING)]
        parts.append(facts(report, rows))
    return [*parts, *_rechecks(report)]


def _rechecks(report: Report) -> list[Any]:
    fonts, rows = report.fonts, []
    for exhibit in report.exhibits:
        for recheck in exhibit.sheet.rechecks:
            said = "agrees within the tolerances" if recheck.agrees else "DIFFERS"
            worst = [
                f"{d.name}: {d.before} then, {d.now} now"
                for d in recheck.differences
                if not d.within
            ]
            told = "; ".join([recheck.failure or said, *worst, *recheck.changes])
            cells = (str(exhibit.number), whole_second(recheck.utc), recheck.operator or "–", told)
            rows.append([paragraph(fonts, clipped(text, 600), CELL) for text in cells])
    if not rows:
        return []
    heads = ("Exhibit", "UTC", "Operator", "Examined again")
    return [
        CondPageBreak(90),
        paragraph(fonts, "Examinations that were run again", SUBHEADING),
        ruled(report, heads, rows, (44, 96, 110)),
    ]


def _commands(report: Report) -> list[str]:
    """Return the commands that make these results again from the same files."""
    if report.contents.case is not None:
        name = report.contents.case.file_name
        recheck = shlex.join(["residua", "case", "recheck", name])
        again = [recheck, shlex.join(["residua", "report", name, "--out", "REPORT.pdf"])]
        return [*map(printable, again), "residua verify REPORT.pdf --evidence FOLDER"]
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

"""The pages of one exhibit."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import (
    CondPageBreak,
    KeepTogether,
    PageBreak,
    Spacer,
    Table,
    TableStyle,
)

from engine.report.cover import title_of
from engine.report.detector import detector
from engine.report.exhibits import Exhibit, Report
from engine.report.explanation import explanation
from engine.report.figures import Figure, Legend, Mark, band_colour
from engine.report.fonts import LONGEST_NAME, SANS, clipped
from engine.report.marked import marked
from engine.report.marks import record_text
from engine.report.page import (
    CELL,
    CODE,
    CONTENT_W,
    HEADING,
    INK,
    ITEM,
    LABEL,
    LEAD,
    NOTE,
    NUMBER,
    PANEL,
    QUOTE,
    RECORD,
    SMALL,
    STEP,
    STRONG,
    SUBHEADING,
    VERDICT,
    Chapter,
    paragraph,
)
from engine.report.phrase_parts import StatementPhrase
from engine.report.reliability import interval_text
from engine.report.tables import outcome, ruled, whole_second
from engine.report.wording import WHOLE_FILE, explained_regions, region_label

FIGURE_W = (CONTENT_W - 4 * STEP) / 2
FIGURE_H = 270.0
"""Tallest figure, so that the verdict and both pictures share the first page."""


FINDINGS_ROOM = 110.0
"""Room for the heading of the findings and their first row, pt."""
HEAD_OF_TABLE = SUBHEADING.clone("head-of-table", keepWithNext=0)


def results(report: Report) -> list[Any]:
    """Return the flowables of all examined exhibits, each starting on a new page.

    Args:
        report: what the pages are made from.
    """
    examined = [exhibit for exhibit in report.exhibits if exhibit.examination.ok]
    flowables: list[Any] = []
    for exhibit in examined:
        flowables += _exhibit_pages(report, exhibit, first=exhibit is examined[0])
    return flowables


def _exhibit_pages(report: Report, exhibit: Exhibit, *, first: bool) -> list[Any]:
    fonts, number = report.fonts, exhibit.number
    short = clipped(exhibit.words.name, 60)
    title = title_of(report, "results")
    begins = [
        Chapter(title, "results", title, ledger=report.ledger),
        paragraph(fonts, title, HEADING),
    ]
    return [
        PageBreak(),
        *(begins if first else ()),
        Chapter(f"Exhibit {number}: {short}", f"exhibit-{number}", f"Exhibit {number}", level=1),
        paragraph(fonts, f"Exhibit {number}", LABEL),
        paragraph(fonts, clipped(exhibit.words.name, LONGEST_NAME), HEADING),
        *_said(report, exhibit),
        *_figures(report, exhibit),
        *detector(report, exhibit),
        *_findings(report, exhibit),
        *explanation(report, exhibit),
        *marked(report, exhibit),
        *_limits(report, exhibit),
    ]


def _said(report: Report, exhibit: Exhibit) -> list[Any]:
    """Return verdict and statement, the leading one first."""
    stated = exhibit.words.stated
    verdict = _verdict(report, exhibit)
    if stated is None:
        return verdict
    panel = _statement(report, stated)
    return [*panel, *verdict] if stated.leads else [*verdict, *panel]


def _statement(report: Report, stated: StatementPhrase) -> list[Any]:
    """Return what facts and verdict say together; a conflict has a heavy edge."""
    fonts = report.fonts
    text = [
        paragraph(fonts, stated.label, LABEL),
        paragraph(fonts, f"{clipped(stated.headline)}.", LEAD),
        paragraph(fonts, clipped(stated.explanation)),
        paragraph(fonts, f"Rests on: {clipped(stated.cited, 200)}.", NOTE),
    ]
    edge = ("LINEBEFORE", (0, 0), (0, -1), 3 if stated.conflict else 1, INK)
    table = Table([[text]], colWidths=[CONTENT_W], style=TableStyle([*_panel(), edge]))
    return [table, Spacer(1, 3 * STEP)]


def _verdict(report: Report, exhibit: Exhibit) -> list[Any]:
    fonts, words = report.fonts, exhibit.words
    style = VERDICT.clone("band", textColor=band_colour(outcome(exhibit)))
    number = NUMBER.clone("band-number", textColor=band_colour(outcome(exhibit)))
    aside = NOTE.clone("band-interval", alignment=number.alignment)
    made = exhibit.examination.verdict
    between = interval_text(made) if made and made.in_validated_range else ""
    head = Table(
        [
            [
                Mark(outcome(exhibit), 15),
                paragraph(fonts, words.headline, style),
                [
                    paragraph(fonts, words.probability or "", number),
                    *([paragraph(fonts, between, aside)] if between else []),
                ],
            ],
            ["", paragraph(fonts, f"Band: {words.band} ({words.shape}). {clipped(words.reason)}")],
        ],
        colWidths=[28, CONTENT_W - 128, 100],
        style=TableStyle(
            [
                *_panel(),
                ("SPAN", (1, 1), (2, 1)),
                ("TOPPADDING", (0, 0), (0, 0), 10),
                ("BOTTOMPADDING", (0, 0), (-1, 0), 2),
                ("TOPPADDING", (0, 1), (-1, 1), 0),
                ("LINEBEFORE", (0, 0), (0, -1), 3, band_colour(outcome(exhibit))),
            ]
        ),
    )
    return [
        head,
        Spacer(1, 2 * STEP),
        paragraph(fonts, "To quote", LABEL),
        paragraph(fonts, clipped(words.statement), QUOTE),
        paragraph(fonts, record_text(exhibit.number, exhibit.examination), RECORD),
        Spacer(1, 3 * STEP),
    ]


def _panel() -> list[tuple[Any, ...]]:
    return [
        ("BACKGROUND", (0, 0), (-1, -1), PANEL),
        ("FONTNAME", (0, 0), (-1, -1), SANS),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2 * STEP),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2 * STEP),
        ("TOPPADDING", (0, 0), (-1, -1), 2 * STEP),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2 * STEP),
    ]


def _figures(report: Report, exhibit: Exhibit) -> list[Any]:
    fonts, sheet, facts = report.fonts, exhibit.sheet, exhibit.examination.facts
    known = (facts.height, facts.width) if facts.height and facts.width else None
    regions = explained_regions(exhibit.examination)
    left: list[Any] = []
    right: list[Any] = []
    for picture, column, missing in (
        (sheet.picture, left, sheet.state_detail),
        (sheet.overlaid, right, sheet.map_note),
    ):
        if picture is None:
            column.append(paragraph(fonts, clipped(missing), NOTE))
        else:
            column.append(
                Figure(
                    report,
                    picture,
                    width=FIGURE_W,
                    max_height=FIGURE_H,
                    original_px=known,
                    regions=regions,
                )
            )
            column.append(Spacer(1, STEP))
    left.append(paragraph(fonts, _picture_caption(exhibit, len(regions)), NOTE))
    if sheet.map_cell_px is not None:
        right.append(Legend(sheet.map_cell_px, FIGURE_W))
        right.append(paragraph(fonts, _map_caption(exhibit), NOTE))
    pair = _pair(left, right)
    return [pair, *_part(report, exhibit), Spacer(1, 3 * STEP)]


def _part(report: Report, exhibit: Exhibit) -> list[Any]:
    """Return the picture of the edited part that a leading statement speaks of, and its words."""
    fonts, sheet, facts = report.fonts, exhibit.sheet, exhibit.examination.facts
    part = sheet.part
    if part is None:
        return [paragraph(fonts, clipped(sheet.part_note), NOTE)] if sheet.part_note else []
    figure = Figure(
        report,
        part.picture,
        width=FIGURE_W,
        max_height=FIGURE_H,
        original_px=(facts.height, facts.width) if facts.height and facts.width else None,
        regions=explained_regions(exhibit.examination),
    )
    caption = (
        f"Figure {sheet.number}c. {clipped(part.title, 120)}: what the statement above speaks of. "
        f"Method: {clipped(part.method, 120)}."
    )
    words = [
        Legend(part.cell_px, FIGURE_W, of="unlike the rest"),
        paragraph(fonts, caption, NOTE),
    ]
    return [Spacer(1, 2 * STEP), _pair([figure], words)]


def _pair(left: list[Any], right: list[Any]) -> Table:
    return Table(
        [[left, "", right]],
        colWidths=[FIGURE_W, 4 * STEP, FIGURE_W],
        style=TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), SANS),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
            ]
        ),
    )


def _picture_caption(exhibit: Exhibit, regions: int) -> str:
    facts = exhibit.examination.facts
    size = f"{facts.width} × {facts.height} px" if facts.width and facts.height else "size unknown"
    number, picture = exhibit.number, exhibit.sheet.picture
    shown = (
        f"Figure {number}a. The picture ({size}), scaled for print."
        if picture
        else f"Size: {size}."
    )
    if not regions or not picture:
        return shown
    letters = "A" if regions == 1 else f"A to {region_label(regions - 1)}"
    return f"{shown} Outlined: {letters}, the places that statement and explanation speak of."


def _map_caption(exhibit: Exhibit) -> str:
    sheet = exhibit.sheet
    ground = "" if sheet.picture else " Drawn on grey, since the picture is not shown."
    return f"Figure {sheet.number}b. Heat map. Method: {clipped(sheet.map_method, 120)}.{ground}"


def _findings(report: Report, exhibit: Exhibit) -> list[Any]:
    fonts, groups = report.fonts, exhibit.words.findings
    if not groups:
        return [
            paragraph(fonts, "Results by status", SUBHEADING),
            paragraph(fonts, "No other analyser examined this exhibit."),
        ]
    rows: list[list[Any]] = []
    styles: list[tuple[Any, ...]] = []
    for group in groups:
        at = len(rows) + 1
        styles += [("SPAN", (0, at), (-1, at)), ("NOSPLIT", (0, at), (0, at + 1))]
        rows.append([paragraph(fonts, f"{group.title}: {group.meaning}", STRONG), "", "", ""])
        for finding in group.findings:
            meaning = [paragraph(fonts, clipped(finding.meaning) or "–", CELL)]
            if finding.where != WHOLE_FILE:
                meaning.append(paragraph(fonts, f"Where: {clipped(finding.where, 200)}", NOTE))
            rows.append(
                [
                    paragraph(fonts, clipped(finding.id, 12), CODE),
                    paragraph(fonts, clipped(finding.name, 80), CELL),
                    paragraph(fonts, clipped(finding.value, 400), CELL),
                    meaning,
                ]
            )
    table = ruled(report, ("Id", "Analyser, version", "Value", "Meaning"), rows, (28, 100, 96))
    table.setStyle(TableStyle(styles))
    return [
        CondPageBreak(FINDINGS_ROOM),
        paragraph(fonts, "Results by status", HEAD_OF_TABLE),
        table,
    ]


def _limits(report: Report, exhibit: Exhibit) -> list[Any]:
    fonts = report.fonts
    lines = [paragraph(fonts, f"–  {line}", ITEM) for line in exhibit.words.limitations]
    when = exhibit.examination.examined_utc
    told = f"Examined {f'{whole_second(when)} UTC' if when else 'at an unknown time'} in "
    seconds = exhibit.examination.elapsed.total / 1000
    return [
        KeepTogether(
            [
                paragraph(fonts, "Limitations of this result", SUBHEADING),
                *lines,
                Spacer(1, STEP),
                paragraph(fonts, f"{told}{seconds:.1f} s.", SMALL),
            ]
        )
    ]

"""The pages of one exhibit."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import (
    CondPageBreak,
    KeepTogether,
    LongTable,
    PageBreak,
    Spacer,
    Table,
    TableStyle,
)

from engine.report import prose
from engine.report.exhibits import Exhibit, Report
from engine.report.figures import Figure, Legend, Mark, ReadOutChart, band_colour
from engine.report.fonts import LONGEST_NAME, SANS, clipped
from engine.report.front import PLAIN, RULED, outcome
from engine.report.marks import record_text
from engine.report.page import (
    CELL,
    CODE,
    CONTENT_W,
    HEADING,
    ITEM,
    LABEL,
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
from engine.report.wording import (
    explained_regions,
    model_line,
    place,
    region_label,
)
from engine.types import Examination, Sentence

FIGURE_W = (CONTENT_W - 4 * STEP) / 2
FIGURE_H = 270.0
"""Tallest figure, so that the verdict and both pictures share the first page."""


FINDINGS_ROOM = 110.0
"""Room for the heading of the findings and their first row, pt."""
HEAD_OF_TABLE = SUBHEADING.clone("head-of-table", keepWithNext=0)

SENTENCES = TableStyle(
    [
        ("BACKGROUND", (0, 0), (-1, -1), PANEL),
        ("FONTNAME", (0, 0), (-1, -1), SANS),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2 * STEP),
        ("RIGHTPADDING", (0, 0), (-1, -1), STEP),
        ("TOPPADDING", (0, 0), (-1, -1), STEP),
        ("BOTTOMPADDING", (0, 0), (-1, -1), STEP),
    ]
)


def exhibit_pages(report: Report, exhibit: Exhibit) -> list[Any]:
    """Return the flowables of an examined exhibit, starting on a new page.

    Args:
        report: for its fonts.
        exhibit: an examined one.
    """
    fonts, number = report.fonts, exhibit.number
    short = clipped(exhibit.words.name, 60)
    return [
        PageBreak(),
        Chapter(f"Exhibit {number}: {short}", f"exhibit-{number}", f"Exhibit {number}"),
        paragraph(fonts, f"Exhibit {number}", LABEL),
        paragraph(fonts, clipped(exhibit.words.name, LONGEST_NAME), HEADING),
        *_verdict(report, exhibit),
        *_figures(report, exhibit),
        *_measures(report, exhibit),
        *_explanation(report, exhibit),
        *_findings(report, exhibit),
        *_limits(report, exhibit),
    ]


def _verdict(report: Report, exhibit: Exhibit) -> list[Any]:
    fonts, words = report.fonts, exhibit.words
    style = VERDICT.clone("band", textColor=band_colour(outcome(exhibit)))
    number = NUMBER.clone("band-number", textColor=band_colour(outcome(exhibit)))
    head = Table(
        [
            [
                Mark(outcome(exhibit), 15),
                paragraph(fonts, words.headline, style),
                paragraph(fonts, words.probability or "", number),
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
    fonts, facts = report.fonts, exhibit.examination.facts
    known = (facts.height, facts.width) if facts.height and facts.width else None
    regions = explained_regions(exhibit.examination)
    left: list[Any] = []
    right: list[Any] = []
    for jpeg, column, missing in (
        (exhibit.picture, left, exhibit.original.detail if exhibit.original else ""),
        (exhibit.overlaid, right, exhibit.heatmap_note),
    ):
        if jpeg is None:
            column.append(paragraph(fonts, clipped(missing), NOTE))
        else:
            column.append(
                Figure(
                    jpeg, width=FIGURE_W, max_height=FIGURE_H, original_px=known, regions=regions
                )
            )
            column.append(Spacer(1, STEP))
    left.append(paragraph(fonts, _picture_caption(exhibit, len(regions)), NOTE))
    if exhibit.heatmap is not None:
        right.append(Legend(exhibit.heatmap, FIGURE_W))
        right.append(paragraph(fonts, _map_caption(exhibit), NOTE))
    pair = Table(
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
    return [pair, Spacer(1, 3 * STEP)]


def _picture_caption(exhibit: Exhibit, regions: int) -> str:
    facts = exhibit.examination.facts
    size = f"{facts.width} × {facts.height} px" if facts.width and facts.height else "size unknown"
    shown = f"The picture ({size}), scaled for print." if exhibit.picture else f"Size: {size}."
    if not regions or not exhibit.picture:
        return shown
    letters = "A" if regions == 1 else f"A to {region_label(regions - 1)}"
    return f"{shown} Outlined: {letters}, the places the explanation speaks of."


def _map_caption(exhibit: Exhibit) -> str:
    method = exhibit.heatmap.method if exhibit.heatmap else ""
    ground = "" if exhibit.picture else " Drawn on grey, since the picture is not shown."
    return f"Method: {clipped(method, 120)}.{ground}"


def _measures(report: Report, exhibit: Exhibit) -> list[Any]:
    fonts, words = report.fonts, exhibit.words
    verdict = exhibit.examination.verdict
    assert verdict is not None
    left = [
        paragraph(fonts, "Read-outs", SUBHEADING),
        ReadOutChart(verdict.read_outs, FIGURE_W),
        *(paragraph(fonts, line, NOTE) for line in words.read_outs),
    ]
    right = [
        paragraph(fonts, "Condition", SUBHEADING),
        paragraph(fonts, words.condition),
        Spacer(1, STEP),
        paragraph(fonts, words.coverage),
    ]
    if exhibit.examination.notes:
        right += [
            Spacer(1, STEP),
            paragraph(fonts, clipped(" ".join(exhibit.examination.notes)), NOTE),
        ]
    both = Table(
        [[left, "", right]], colWidths=[FIGURE_W, 4 * STEP, FIGURE_W], style=PLAIN, hAlign="LEFT"
    )
    return [KeepTogether([both])]


def _explanation(report: Report, exhibit: Exhibit) -> list[Any]:
    fonts, examination = report.fonts, exhibit.examination
    if not examination.explanation and not examination.dropped_sentences:
        return []
    regions = explained_regions(examination)
    letters = {region: region_label(index) for index, region in enumerate(regions)}
    rows = [
        [
            paragraph(fonts, f"{index}", LABEL),
            paragraph(fonts, clipped(sentence.text)),
            paragraph(fonts, _cited(sentence, [letters[r] for r in sentence.regions]), CELL),
        ]
        for index, sentence in enumerate(examination.explanation, 1)
    ]
    parts: list[Any] = [
        paragraph(fonts, "Explanation", SUBHEADING),
        paragraph(fonts, f"{prose.GENERATED}. {prose.GENERATED_NOTE}", NOTE),
        Spacer(1, STEP),
    ]
    if rows:
        parts.append(Table(rows, colWidths=[22, CONTENT_W - 102, 80], style=SENTENCES))
    places = " · ".join(f"{letters[region]}: {place(region)}" for region in regions)
    if places:
        parts += [Spacer(1, STEP), paragraph(fonts, f"Places: {clipped(places)}.", NOTE)]
    return [*parts, paragraph(fonts, _origin(examination), NOTE)]


def _cited(sentence: Sentence, letters: list[str]) -> str:
    return " ".join(f"[{mark}]" for mark in (*letters, *sentence.cites))


def _origin(examination: Examination) -> str:
    dropped = examination.dropped_sentences
    told = (
        f"{dropped} {'sentence was' if dropped == 1 else 'sentences were'} dropped by the checks."
    )
    model = examination.model
    if model is None:
        return told
    prompt = model.prompt_sha256 or "not recorded"
    return f"Model: {model_line(model)}. Prompt SHA-256: {prompt}. {told}"


def _findings(report: Report, exhibit: Exhibit) -> list[Any]:
    fonts, groups = report.fonts, exhibit.words.findings
    if not groups:
        return [
            paragraph(fonts, "Findings", SUBHEADING),
            paragraph(fonts, "No other analyser examined this exhibit."),
        ]
    rows = [[paragraph(fonts, head, LABEL) for head in ("Id", "Analyser", "Value", "Meaning")]]
    styles: list[tuple[Any, ...]] = []
    for group in groups:
        styles.append(("SPAN", (0, len(rows)), (-1, len(rows))))
        rows.append([paragraph(fonts, f"{group.title}: {group.meaning}", STRONG), "", "", ""])
        for finding in group.findings:
            meaning = [paragraph(fonts, clipped(finding.meaning) or "–", CELL)]
            meaning.append(paragraph(fonts, f"Where: {clipped(finding.where, 200)}", NOTE))
            if finding.source:
                meaning.append(paragraph(fonts, f"Source: {clipped(finding.source, 300)}", NOTE))
            rows.append(
                [
                    paragraph(fonts, clipped(finding.id, 12), CODE),
                    paragraph(fonts, clipped(finding.name, 80), CELL),
                    paragraph(fonts, clipped(finding.value, 400), CELL),
                    meaning,
                ]
            )
    table = LongTable(rows, colWidths=[34, 96, 110, CONTENT_W - 240], repeatRows=1, style=RULED)
    table.setStyle(TableStyle(styles))
    return [CondPageBreak(FINDINGS_ROOM), paragraph(fonts, "Findings", HEAD_OF_TABLE), table]


def _limits(report: Report, exhibit: Exhibit) -> list[Any]:
    fonts = report.fonts
    lines = [paragraph(fonts, f"–  {line}", ITEM) for line in exhibit.words.limitations]
    timing = exhibit.examination.elapsed
    made = f"Examined {exhibit.examination.examined_utc or 'at an unknown time'} (UTC) in "
    return [
        KeepTogether([paragraph(fonts, "Limitations of this result", SUBHEADING), *lines]),
        Spacer(1, STEP),
        paragraph(fonts, f"{made}{timing.total / 1000:.1f} s.", SMALL),
    ]

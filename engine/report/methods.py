"""How the exhibits were examined: methods, models, their error rates."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import CondPageBreak, Spacer, Table

from engine.report import prose
from engine.report.cover import title_of
from engine.report.exhibits import Report
from engine.report.fonts import clipped
from engine.report.page import CELL, CONTENT_W, NOTE, STEP, STRONG, SUBHEADING, paragraph
from engine.report.rates import ModelCard
from engine.report.reliability import rate_text, weighed_text
from engine.report.tables import PLAIN, chapter, facts, ruled
from engine.types import ModelInfo
from engine.vrm.packs.catalogue import read_catalogue


def methods(report: Report) -> list[Any]:
    """Return the flowables of the methods.

    Args:
        report: what the pages are made from.
    """
    fonts = report.fonts
    within = any(each.examination.facts.container_sha256 for each in report.exhibits)
    told = (*prose.METHODS[:1], prose.MEMBERS, *prose.METHODS[1:]) if within else prose.METHODS
    rows = [[paragraph(fonts, name, STRONG), paragraph(fonts, text)] for name, text in told]
    found = {e.examination.model for e in report.exhibits if e.examination.model}
    models: list[Any] = []
    for model in sorted(found, key=lambda each: (each.name, each.sha256, each.device)):
        models += _model(report, model)
    return [
        *chapter(report, title_of(report, "methods"), "methods"),
        Table(rows, colWidths=[74, CONTENT_W - 74], style=PLAIN, hAlign="LEFT"),
        Spacer(1, STEP),
        *(paragraph(fonts, line) for line in prose.REFERENCES),
        *models,
        *_analysers(report),
    ]


def _analysers(report: Report) -> list[Any]:
    """Return what the findings' methods rest on, once for all exhibits."""
    fonts = report.fonts
    rest: dict[str, dict[str, None]] = {}
    for exhibit in report.exhibits:
        for group in exhibit.words.findings:
            for finding in group.findings:
                if finding.source:
                    rest.setdefault(finding.name, {})[finding.source] = None
    if not rest:
        return []
    rows = [
        [
            paragraph(fonts, clipped(name, 80), CELL),
            [paragraph(fonts, clipped(source, 300), CELL) for source in sources],
        ]
        for name, sources in sorted(rest.items())
    ]
    return [
        CondPageBreak(80),
        paragraph(fonts, "What the findings' methods rest on", SUBHEADING),
        ruled(report, ("Analyser, version", "Rests on"), rows, (140,)),
    ]


def _model(report: Report, model: ModelInfo) -> list[Any]:
    layer, card = model.injection_layer, _card(report, model)
    rows = [
        ("Name", model.name),
        ("Weights, SHA-256", model.sha256),
        ("Injection before layer", "none" if layer is None else str(layer)),
        ("Fusion", model.fusion or "none"),
        ("Device, number type", f"{model.device}, {model.dtype}"),
        ("Prompt, SHA-256", model.prompt_sha256 or "none"),
        ("Asked for", _asked(report, model)),
    ]
    pack = read_catalogue().get(model.name)
    for part in pack.parts if pack else ():
        rows.append((f"Licence, {part.name}", f"{part.licence}. {part.licence_note}"))
    if card is not None:
        rows += _calibration(card)
    return [
        CondPageBreak(140),
        paragraph(report.fonts, f"Model {clipped(model.name, 80)}", SUBHEADING),
        facts(report, rows),
        *_rates(report, card),
    ]


def _card(report: Report, model: ModelInfo) -> ModelCard | None:
    return next((c for c in report.contents.cards if c.weights_sha256 == model.sha256), None)


def _asked(report: Report, model: ModelInfo) -> str:
    """Return which parameters this model was run with, over all exhibits."""
    asked = set()
    for exhibit in report.exhibits:
        settings = exhibit.examination.settings
        if exhibit.examination.model == model and settings is not None:
            explained = "verdict, heat map and explanation" if settings.explain else ""
            asked.add("triage" if settings.triage else explained or "verdict and heat map")
    return "; ".join(sorted(asked)) or "not recorded"


def _calibration(card: ModelCard) -> list[tuple[str, str]]:
    counts = (
        f"{card.real:,} real and {card.ai:,} generated pictures"
        if card.real is not None and card.ai is not None
        else "numbers of real and generated pictures not recorded"
    )
    low, high = card.thresholds
    weighed = ("p is calculated from", weighed_text(card))
    return [
        *([weighed] if card.weighs else []),
        ("Calibration", f"{card.fitted_on}; {counts}; for equal priors"),
        ("Thresholds", f"no sign found up to p = {low:.4f}, likely AI from p = {high:.4f} on"),
    ]


def _rates(report: Report, card: ModelCard | None) -> list[Any]:
    fonts = report.fonts
    heading = paragraph(fonts, "Error rates of this model, by condition", SUBHEADING)
    if card is None or not card.rates:
        return [heading, paragraph(fonts, prose.NO_RATES, CELL)]
    rows = []
    for rates in card.rates:
        measured = [
            (rates.condition, rate_text(rates.real_called_ai), rate_text(rates.ai_called_ai)),
            *(
                (
                    f"{rates.condition}, {group.name}",
                    rate_text(group.called_ai) if group.kind == "real" else "–",
                    rate_text(group.called_ai) if group.kind == "ai" else "–",
                )
                for group in rates.groups
            ),
        ]
        rows += [[paragraph(fonts, text, CELL) for text in line] for line in measured]
    heads = ("Condition", "Real pictures called AI", "Generated pictures called AI")
    return [
        CondPageBreak(80),
        heading,
        ruled(report, heads, rows, (130, 175)),
        paragraph(fonts, prose.RATES_NOTE, NOTE),
    ]

"""What the detector says of one exhibit: scores, probability, ratio, coverage, error rates."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import KeepTogether, Spacer, Table

from engine.report.exhibits import Exhibit, Report
from engine.report.figures import ReadOutChart
from engine.report.fonts import clipped
from engine.report.page import CONTENT_W, NOTE, STEP, SUBHEADING, paragraph
from engine.report.rates import ModelCard, matched_rates
from engine.report.ratio import LikelihoodRatio, likelihood_ratio
from engine.report.reliability import basis_text, errors_text, ratio_text, thresholds_text
from engine.report.tables import PLAIN, facts
from engine.types import Outcome, Status, Verdict

COLUMN_W = (CONTENT_W - 4 * STEP) / 2

BESIDE = {"probe": "linear probe", "residual": "residual net"}
"""Log-odds that the chart shows only where p is calculated from them."""

MEASURED = {
    "min_side_px": "sides of at least {} px",
    "max_megapixels": "at most {} megapixels",
    "min_jpeg_quality": "JPEG quality of at least {}",
}
"""Limits of the validated range, in words."""


def detector(report: Report, exhibit: Exhibit) -> list[Any]:
    """Return the flowables of an exhibit's detector results.

    Args:
        report: for fonts and error rates.
        exhibit: an examined one.
    """
    fonts, words = report.fonts, exhibit.words
    verdict = exhibit.examination.verdict
    assert verdict is not None
    card = report.contents.card(exhibit.examination)
    basis = basis_text(card, exhibit.examination)
    left = [
        paragraph(fonts, "Raw scores", SUBHEADING),
        ReadOutChart(bars(card, exhibit, verdict), COLUMN_W),
        *(paragraph(fonts, line, NOTE) for line in words.read_outs),
        *([paragraph(fonts, basis, NOTE)] if basis else []),
    ]
    right = [
        paragraph(fonts, "Condition of the picture", SUBHEADING),
        paragraph(fonts, words.condition),
        Spacer(1, STEP),
        paragraph(fonts, words.coverage),
    ]
    if exhibit.examination.notes:
        notes = clipped(" ".join(exhibit.examination.notes))
        right += [Spacer(1, STEP), paragraph(fonts, notes, NOTE)]
    both = Table(
        [[left, "", right]], colWidths=[COLUMN_W, 4 * STEP, COLUMN_W], style=PLAIN, hAlign="LEFT"
    )
    rows = facts(report, _rows(report, exhibit, verdict))
    heading = paragraph(fonts, "Detector results", SUBHEADING)
    return [KeepTogether([both]), KeepTogether([heading, rows])]


def ratio_of(report: Report, exhibit: Exhibit) -> LikelihoodRatio | None:
    """Return the likelihood ratio that may be stated; None when nothing was examined.

    Args:
        report: for the error rates.
        exhibit: any.
    """
    verdict = exhibit.examination.verdict
    if verdict is None:
        return None
    card = report.contents.card(exhibit.examination)
    return likelihood_ratio(verdict, card, matched_rates(card, exhibit.examination))


def bars(
    card: ModelCard | None, exhibit: Exhibit, verdict: Verdict
) -> tuple[tuple[str, float | None], ...]:
    """Return (name, log-odds) of the chart; what p is calculated from stands first.

    Args:
        card: what is known of the model; None when nothing is.
        exhibit: an examined one.
        verdict: its.
    """
    bars: list[tuple[str, float | None]] = [
        ("both paths", verdict.read_outs.both),
        ("semantic alone", verdict.read_outs.semantic),
        ("artifact alone", verdict.read_outs.artifact),
    ]
    for finding in exhibit.examination.findings:
        name = finding.analyser.removeprefix("vrm.")
        if card is not None and name in BESIDE and name in card.weighs:
            value = finding.value
            bars.insert(0, (BESIDE[name], value if isinstance(value, float) else None))
    return tuple(bars)


def _rows(report: Report, exhibit: Exhibit, verdict: Verdict) -> list[tuple[str, str]]:
    card = report.contents.card(exhibit.examination)
    matched = matched_rates(card, exhibit.examination)
    ratio = likelihood_ratio(verdict, card, matched)
    return [
        ("Calibrated probability", f"{exhibit.words.probability} ({verdict.p_ai:.6f})"),
        ("Band", f"{exhibit.words.band}. {thresholds_text(card)}"),
        ("Likelihood ratio", ratio_text(ratio)),
        ("Training coverage", _coverage(card)),
        ("Error rates", errors_text(verdict, card, matched)),
        ("Declined", _declined(exhibit, verdict)),
    ]


def _coverage(card: ModelCard | None) -> str:
    if card is None:
        return "Not known here: these weights ship no figures."
    span = ", ".join(
        MEASURED[name].format(value) if name in MEASURED else f"{name.replace('_', ' ')} {value}"
        for name, value in card.validated
    )
    return f"Calibrated on {card.fitted_on}. Measured range: {span}."


def _declined(exhibit: Exhibit, verdict: Verdict) -> str:
    """Return what said nothing; the reasons of analysers stand with their findings."""
    told = []
    if verdict.outcome is Outcome.INCONCLUSIVE:
        told.append(f"The verdict. {exhibit.words.reason}")
    silent = [
        f"{finding.id} {finding.analyser}"
        for finding in exhibit.examination.findings
        if finding.status in (Status.NOT_AVAILABLE, Status.FAILED)
    ]
    if silent:
        told.append(f"{', '.join(silent)}: for reasons given with each, under “Results by status”.")
    return " ".join(told) or "Nothing declined."

"""What the detector says of one exhibit: scores, probability, ratio, coverage, error rates."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import KeepTogether, Spacer, Table

from engine.report.exhibits import Exhibit, Report
from engine.report.figures import ReadOutChart
from engine.report.fonts import clipped
from engine.report.page import CONTENT_W, NOTE, STEP, SUBHEADING, paragraph
from engine.report.rates import ErrorRates, ModelCard, Rate, matched_rates
from engine.report.ratio import LikelihoodRatio, figure, likelihood_ratio
from engine.report.tables import PLAIN, facts
from engine.types import Outcome, Status, Verdict

COLUMN_W = (CONTENT_W - 4 * STEP) / 2


def detector(report: Report, exhibit: Exhibit) -> list[Any]:
    """Return the flowables of an exhibit's detector results.

    Args:
        report: for fonts and error rates.
        exhibit: an examined one.
    """
    fonts, words = report.fonts, exhibit.words
    verdict = exhibit.examination.verdict
    assert verdict is not None
    left = [
        paragraph(fonts, "Raw scores", SUBHEADING),
        ReadOutChart(verdict.read_outs, COLUMN_W),
        *(paragraph(fonts, line, NOTE) for line in words.read_outs),
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


def rate_text(rate: Rate | None) -> str:
    """Return a rate in words: ``".067 (95 % interval .036 to .109, 165 pictures)"``.

    Args:
        rate: None is "not measured".
    """
    if rate is None:
        return "not measured"
    value, low, high = (f"{x:.3f}".removeprefix("0") for x in (rate.value, rate.low, rate.high))
    return f"{value} (95 % interval {low} to {high}, {rate.n:,} pictures)"


def _rows(report: Report, exhibit: Exhibit, verdict: Verdict) -> list[tuple[str, str]]:
    card = report.contents.card(exhibit.examination)
    matched = matched_rates(card, exhibit.examination)
    ratio = likelihood_ratio(verdict, card, matched)
    return [
        ("Calibrated probability", f"{exhibit.words.probability} ({verdict.p_ai:.6f})"),
        ("Band", f"{exhibit.words.band}. {_thresholds(card)}"),
        ("Likelihood ratio", _ratio(ratio)),
        ("Training coverage", _coverage(card)),
        ("Error rates", _errors(verdict, card, matched)),
        ("Declined", _declined(exhibit, verdict)),
    ]


def _thresholds(card: ModelCard | None) -> str:
    if card is None:
        return "The thresholds are not known here: these weights ship no figures."
    low, high = (f"{x:.3f}".removeprefix("0") for x in card.thresholds)
    return f"Likely AI from p = {high} on, no sign found up to p = {low}."


def _ratio(ratio: LikelihoodRatio) -> str:
    if ratio.value is None or ratio.unbounded is None:
        return ratio.words
    bound = f" {ratio.bound} Unbounded: {figure(_two_digits(ratio.unbounded))}." * bool(ratio.bound)
    return f"{figure(ratio.value)} (P1 against P2). {ratio.words}{bound}"


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}") if value >= 1 else 1 / float(f"{1 / value:.2g}")


def _coverage(card: ModelCard | None) -> str:
    if card is None:
        return "Not known here: these weights ship no figures."
    span = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in card.validated)
    return f"Calibrated on {card.fitted_on}. Measured range: {span}."


def _errors(verdict: Verdict, card: ModelCard | None, matched: ErrorRates | None) -> str:
    if matched is not None:
        return (
            f"In the condition that matches this picture, “{matched.condition}”: real pictures "
            f"called AI {rate_text(matched.real_called_ai)}; generated pictures called AI "
            f"{rate_text(matched.ai_called_ai)}."
        )
    if not verdict.in_validated_range:
        return "Not measured: the picture lies outside the measured range."
    if verdict.read_outs.both is None:
        return "Not measured for triage, in which the language model takes no part."
    if card is None or not card.rates:
        return "Not measured: no error rates ship with these weights."
    return "Not measured in a condition like that of this picture."


def _declined(exhibit: Exhibit, verdict: Verdict) -> str:
    told = []
    if verdict.outcome is Outcome.INCONCLUSIVE:
        told.append(f"The verdict. {exhibit.words.reason}")
    for finding in exhibit.examination.findings:
        if finding.status in (Status.NOT_AVAILABLE, Status.FAILED):
            told.append(f"{finding.id} {finding.analyser}: {finding.reason}")
    return " ".join(told) or "Nothing declined."

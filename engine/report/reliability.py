"""How far a verdict can be relied on: its interval, likelihood ratio and error rates, in words."""

from __future__ import annotations

from dataclasses import dataclass

from engine.report.rates import ErrorRates, ModelCard, Rate, matched_rates, read_card
from engine.report.ratio import LikelihoodRatio, figure, likelihood_ratio
from engine.report.wording import log_odds, probability
from engine.types import Examination, ModelInfo, Verdict

READ_OUTS = {
    "both": "both paths together",
    "semantic": "the semantic path",
    "artifact": "the artifact path",
    "residual": "the residual network",
    "probe": "the linear probe on the unadapted tower",
}
"""What a model measures, in words, by the name its calibration gives it."""

SHOWN = frozenset(("both", "semantic", "artifact"))
"""Those that are a verdict's read-outs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """What may be said of a verdict beside its probability; sentences for a person."""

    interval: str
    """Such as ``"between .42 and .61"``; empty where none was fitted."""
    likelihood_ratio: str
    """In figures, such as ``"6.5"``; empty where none may be stated."""
    support: str
    """In words of the scale, or why no ratio is stated."""
    bound: str
    """What bounds the ratio; empty when nothing did."""
    error_rates: str
    """In the condition that matches the picture, or why there are none."""
    thresholds: str
    """From where on the bands begin."""
    weighed: str
    """What p is calculated from, and what does not move it; empty when not recorded."""
    read_outs_idle: bool
    """Whether the verdict's three read-outs are known not to move p."""


class Reliabilities:
    """Reads what ships with each model's weights once. One thread uses it."""

    def __init__(self) -> None:
        self._cards: dict[str, ModelCard | None] = {}

    def of(self, examination: Examination) -> Reliability | None:
        """Return what may be said of a verdict; None where there is none.

        Args:
            examination: a finished one.

        Raises:
            ModelError: the figures that ship with the weights are broken.
        """
        verdict = examination.verdict
        if verdict is None:
            return None
        card = None if examination.model is None else self._card(examination.model)
        matched = matched_rates(card, examination)
        ratio = likelihood_ratio(verdict, card, matched)
        return Reliability(
            interval=interval_text(verdict),
            likelihood_ratio="" if ratio.value is None else figure(ratio.value),
            support=ratio.words,
            bound=ratio.bound,
            error_rates=errors_text(verdict, card, matched),
            thresholds=thresholds_text(card),
            weighed=(basis := basis_text(card, examination)),
            read_outs_idle=bool(basis and card and not SHOWN & set(card.weighs)),
        )

    def _card(self, model: ModelInfo) -> ModelCard | None:
        if model.sha256 not in self._cards:
            self._cards[model.sha256] = read_card(model)
        return self._cards[model.sha256]


def interval_text(verdict: Verdict) -> str:
    """Return the interval of a probability: ``"between .42 and .61"``; empty without one."""
    if verdict.p_ai_interval is None:
        return ""
    low, high = (
        probability(p).removeprefix("p ").removeprefix("= ") for p in verdict.p_ai_interval
    )
    return f"between {low} and {high}"


def weighed_text(card: ModelCard) -> str:
    """Return the names of the log-odds that p is calculated from, in words."""
    return " and ".join(READ_OUTS.get(name, name) for name in card.weighs)


def basis_text(card: ModelCard | None, examination: Examination) -> str:
    """Return what p is calculated from and what does not move it; empty when not recorded.

    Args:
        card: what is known of the model; None when nothing is.
        examination: a finished one.
    """
    verdict = examination.verdict
    if card is None or not card.weighs or verdict is None or verdict.read_outs.both is None:
        return ""
    values = {each.analyser.removeprefix("vrm."): each.value for each in examination.findings}
    weighed = []
    for name in card.weighs:
        value = values.get(name)
        figure = f" ({log_odds(value)})" if isinstance(value, int | float) else ""
        weighed.append(f"{READ_OUTS.get(name, name)}{figure}")
    idle = [words for name, words in READ_OUTS.items() if name not in card.weighs]
    shown = f" For comparison only, without any weight in p: {', '.join(idle)}." if idle else ""
    return f"p is calculated from {' and '.join(weighed)}.{shown}"


def rate_text(rate: Rate | None) -> str:
    """Return a rate in words: ``".067 (95 % interval .036 to .109, 165 pictures)"``.

    Args:
        rate: None is "not measured".
    """
    if rate is None:
        return "not measured"
    value, low, high = (f"{x:.3f}".removeprefix("0") for x in (rate.value, rate.low, rate.high))
    return f"{value} (95 % interval {low} to {high}, {rate.n:,} pictures)"


def thresholds_text(card: ModelCard | None) -> str:
    """Return from where on the bands begin, in words."""
    if card is None:
        return "The thresholds are not known here: these weights ship no figures."
    low, high = (f"{x:.3f}".removeprefix("0") for x in card.thresholds)
    return f"Likely AI from p = {high} on, no sign found up to p = {low}."


def ratio_text(ratio: LikelihoodRatio) -> str:
    """Return a likelihood ratio in figures and words."""
    if ratio.value is None or ratio.unbounded is None:
        return ratio.words
    bound = f" {ratio.bound} Unbounded: {figure(_two_digits(ratio.unbounded))}." * bool(ratio.bound)
    return f"{figure(ratio.value)} (H1 against H2). {ratio.words}{bound}"


def errors_text(verdict: Verdict, card: ModelCard | None, matched: ErrorRates | None) -> str:
    """Return the error rates that apply to a verdict, or why there are none, in words.

    Args:
        verdict: of the picture.
        card: what is known of the model; None when nothing is.
        matched: in the condition that matches the picture; None when not measured.
    """
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


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}") if value >= 1 else 1 / float(f"{1 / value:.2g}")

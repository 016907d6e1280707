"""The layer analysis: what each depth tells, what training forgets, and what the paper claimed.

Four decoders with the same projector, trained on the same samples in the same order: none of
it, every weight, adapters on all layers, and Deep-VRM (artifact tokens injected before layer K,
the layers below frozen, adapters from K on).

Source: layer analysis and forgetting table of arXiv 2606.15880.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from engine.training.forgetting import Memory, kept_share, memory_of
from engine.training.layers_models import TASKS, Measured
from engine.training.layers_probe import (
    NEAR_BEST,
    READ,
    Curve,
    adjacent_cka,
    choose_layer,
    cka_between,
    curve_of,
)
from engine.training.metrics import Figure, auc, bootstrap
from engine.training.variants import Variant
from engine.vrm.mini_config import MiniConfig

BASE, DIRECT, LORA, INJECTED = "base", "direct fine-tuning", "LoRA, all layers", "Deep-VRM"

DESTROYED_BELOW = 0.5
KEPT_FROM = 0.9
"""Shares of the base's picture use. In the paper 30 % of the host's score (MME 506 of 1677) counts
as destroyed and 98 % (1636) as kept."""


def variants(config: MiniConfig) -> tuple[Variant, ...]:
    """Return the four models of the analysis."""
    k = config.injection_layer
    return (
        Variant(name=BASE, learning="nothing"),
        Variant(name=DIRECT, learning="everything"),
        Variant(name=LORA, learning="adapters", adapted_from=0),
        Variant(
            name=INJECTED,
            learning="adapters",
            adapted_from=k,
            injected_before=k,
            fusion=config.fusion,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReport:
    """What was measured of one model."""

    train_loss: float
    """Of the last quarter of the steps, nats; NaN for the base."""
    detection: Mapping[str, Figure]
    """Area under the ROC curve of its log-odds of "fake" on D1 and D2."""
    probes: Mapping[str, Mapping[str, Curve]]
    """By task, then by what the probe reads."""
    adjacent: Mapping[str, tuple[float, ...]]
    """Similarity of each depth with the next, by what is read."""
    to_base: Mapping[str, tuple[float, ...]]
    """Similarity with the base at each depth, by what is read."""
    memory: Memory
    kept: Figure
    """Share of the base's picture use that is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim of the paper, and whether it holds here."""

    claim: str
    holds: bool
    because: str
    """The figures, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerReport:
    """The whole analysis."""

    layers: int
    """Decoder layers, D."""
    in_use: int
    """K of the shipped model."""
    models: Mapping[str, ModelReport]
    by_rule: Mapping[str, int | None]
    """K by the rule on the base, by what the probe reads; None where no layer fulfils it."""
    by_rule_and_seed: Mapping[str, tuple[int | None, ...]]
    """The same from each seed's folds alone: how much the rule hangs on chance."""
    near_best: Mapping[str, int]
    """First depth within half a point of the base's best D1 probe."""
    claims: tuple[Claim, ...]


def analyse(measured: Mapping[str, Measured], *, layers: int, in_use: int) -> LayerReport:
    """Return the report of all four models.

    Args:
        measured: by name, the base among them.
        layers: of the decoder, D.
        in_use: K of the shipped model.
    """
    base = measured[BASE]
    models = {name: report_of(model, base) for name, model in measured.items()}
    return conclude(layers, in_use, models)


def report_of(model: Measured, base: Measured) -> ModelReport:
    """Return one model's figures, compared with the base's."""
    return ModelReport(
        train_loss=model.train_loss,
        detection={
            task: bootstrap(auc, model.states[task].log_odds, model.hits[task, "both"].fake)
            for task in TASKS
        },
        probes={t: {w: curve_of(model.hits[t, w]) for w in READ} for t in TASKS},
        adjacent={w: adjacent_cka(model.states["D1"], w) for w in READ},
        to_base={w: cka_between(base.states["D1"], model.states["D1"], w) for w in READ},
        memory=memory_of(model.scores),
        kept=kept_share(model.scores, base.scores),
    )


def conclude(layers: int, in_use: int, models: Mapping[str, ModelReport]) -> LayerReport:
    """Return the report: K by the rule, and whether the paper's claims hold."""
    base = models[BASE]
    d1 = base.probes["D1"]
    near = {
        what: int(np.argmax(np.array(d1[what].accuracy) >= max(d1[what].accuracy) - NEAR_BEST))
        for what in READ
    }
    by_seed = {
        what: tuple(choose_layer(a, base.adjacent[what]) for a in d1[what].by_seed) for what in READ
    }
    claims = (
        semantic_claim(d1["both"], near["both"], layers),
        flat_claim(base.probes["D2"]["both"]),
        destroyed_claim(models[DIRECT].kept, models[DIRECT].memory, base.memory),
        kept_claim(models[INJECTED].kept, models[INJECTED].memory, base.memory),
    )
    return LayerReport(
        layers=layers,
        in_use=in_use,
        models=models,
        by_rule={what: choose_layer(d1[what].accuracy, base.adjacent[what]) for what in READ},
        by_rule_and_seed=by_seed,
        near_best=near,
        claims=claims,
    )


def semantic_claim(d1: Curve, near_best: int, layers: int) -> Claim:
    """Judge "semantics form early to middle": D1 rises, and is there by .57 of the depth."""
    by = round(0.57 * layers)
    return Claim(
        claim="Semantic traces (D1) form in the early to middle layers.",
        holds=d1.rise.low > 0 and near_best <= by,
        because=f"from the first three layers to the middle third the probe changes by "
        f"{_points(d1.rise)} points, from there to the last third by {_points(d1.late_change)}; "
        f"within half a point of its best from depth {near_best} on (at most {by} would do)",
    )


def flat_claim(d2: Curve) -> Claim:
    """Judge "D2 stays flat": neither change differs from zero."""
    flat = all(c.low <= 0 <= c.high for c in (d2.rise, d2.late_change))
    return Claim(
        claim="Reconstruction traces (D2) stay flat over depth.",
        holds=flat,
        because=f"the probe changes by {_points(d2.rise)} points early to middle and by "
        f"{_points(d2.late_change)} from there on; it lies between "
        f"{100 * min(d2.accuracy):.1f} % and {100 * max(d2.accuracy):.1f} %",
    )


def destroyed_claim(kept: Figure, now: Memory, before: Memory) -> Claim:
    """Judge "direct fine-tuning destroys what the model knew": less than half is left."""
    return Claim(
        claim="Direct fine-tuning destroys the captioning ability.",
        holds=kept.high < DESTROYED_BELOW,
        because=_memory_words(kept, now, before),
    )


def kept_claim(kept: Figure, now: Memory, before: Memory) -> Claim:
    """Judge "residual injection keeps what the model knew": nine tenths are left."""
    return Claim(
        claim="Residual injection keeps the captioning ability.",
        holds=kept.value >= KEPT_FROM,
        because=_memory_words(kept, now, before),
    )


def _memory_words(kept: Figure, now: Memory, before: Memory) -> str:
    return (
        f"caption loss {before.caption_loss} -> {now.caption_loss} nats a token, worth of the "
        f"true picture {before.picture_use} -> {now.picture_use}, share kept {kept}; recall @5 "
        f"{before.recall['evened @5']} -> {now.recall['evened @5']}"
    )


def _points(change: Figure) -> str:
    return f"{100 * change.value:+.1f} ({100 * change.low:+.1f} to {100 * change.high:+.1f})"


def as_json(report: LayerReport) -> dict[str, object]:
    """Return the report as JSON can hold it; what is not a number becomes None."""
    return {key: plain(value) for key, value in asdict(report).items()}


def plain(value: object) -> object:
    """Return a value as JSON can hold it."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, float):
        return round(value, 5) if np.isfinite(value) else None
    return value

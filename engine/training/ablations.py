"""What each part of the injection is worth: one thing changed at a time, all else the same."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from torch import Tensor

from engine.training.descent import Log
from engine.training.forgetting import caption_losses
from engine.training.layers_towers import Sets
from engine.training.metrics import Bools, Figure, Floats, auc, bootstrap, difference, share
from engine.training.variants import Decoder, Plan, Variant, log_odds, train_decoder
from engine.vrm.mini_config import MiniConfig

REFERENCE = "reference"
DEPTH_SHARES = (0.25, 0.4, 0.75)


def ablations(config: MiniConfig, layers: int) -> tuple[Variant, ...]:
    """Return the models of the table; the first is the reference, as the program is.

    Args:
        config: the mini's shape; its K and fusion are the reference's.
        layers: of the decoder, D.
    """
    k = config.injection_layer
    ours = Variant(name=REFERENCE, adapted_from=k, injected_before=k, fusion=config.fusion)
    others = {round(s * layers) for s in DEPTH_SHARES} | {0, 2, layers - 1}
    return (
        ours,
        replace(ours, name="no injection", injected_before=None),
        *(
            replace(ours, name=f"K = {other}", adapted_from=other, injected_before=other)
            for other in sorted(others - {k})
        ),
        *(
            replace(ours, name=f"fusion: {mode}", fusion=mode)
            for mode in ("mean", "add", "gated")
            if mode != config.fusion
        ),
        replace(ours, name="tokens: V_a only", tokens="V_a"),
        replace(ours, name="tokens: R only", tokens="R"),
        replace(ours, name="tokens: V_o repeated", tokens="V_o"),
        replace(ours, name="tokens: of another picture", shuffled=True),
        replace(ours, name="layers below K adapted too", adapted_from=0),
        replace(ours, name="trained without pairs", pairs=False),
        replace(ours, name="R on the resized view", tokens="R resized"),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """What one model said; N1 and N2 pictures, M captions."""

    name: str
    train_loss: float
    """Of the last quarter of the steps, nats."""
    d1: Floats
    """[N1] log-odds of "fake"."""
    d2: Floats
    """[N2]."""
    captions: Floats
    """[M] nats a token with the true picture."""
    captions_moved: Floats
    """[M] with another picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    name: str
    train_loss: float
    d1_auc: Figure
    """On real and AI pictures of sources not trained on."""
    d1_difference: Figure
    """Less the reference's, the same pictures resampled."""
    d2_auc: Figure
    """On photographs of such sources and their reconstructions."""
    d2_difference: Figure
    caption_loss: Figure
    """Held-out captions, nats a token."""
    picture_use: Figure
    """Caption loss with another picture less that with the true one."""


def run_ablations(
    base: Path,
    config: MiniConfig,
    sets: Sets,
    projector: dict[str, Tensor],
    *,
    layers: int,
    plan: Plan,
    kept: Path,
    log: Log,
    only: tuple[str, ...] = (),
) -> list[Row]:
    """Train and measure every model of the table.

    Args:
        base: the pack's folder.
        config: the mini's shape.
        sets: the cached samples, with every kind of artifact tokens.
        projector: the caption-trained projector's tensors.
        layers: of the decoder.
        plan: of the training.
        kept: folder that keeps each model's outcome; what is there is not run again.
        log: told how far it is.
        only: names of the models wanted beside the reference; () for all.

    Returns:
        A row for each model, the reference first.
    """
    kept.mkdir(parents=True, exist_ok=True)
    outcomes = []
    quick: Sets | None = None
    table = ablations(config, layers)
    for n, variant in enumerate(table, 1):
        if only and variant.name not in (REFERENCE, *only):
            continue
        file = kept / f"{n:02d}.json"
        outcome = read_outcome(file, variant, plan)
        if outcome is None:
            decoder = Decoder(base, config, variant, projector)
            if variant.adapted_from == config.injection_layer:
                # Frozen below the same layer as the reference: those layers run once for all.
                quick = quick or _with_prompts(decoder, sets)
                outcome = _one(decoder, quick, plan, log)
            else:
                outcome = _one(decoder, sets, plan, log)
            write_outcome(file, outcome, variant, plan)
        odds = auc(outcome.d1, sets.d1.fake.numpy()), auc(outcome.d2, sets.d2.fake.numpy())
        log(f"{n}/{len(table)} {variant.name}: D1 {odds[0]:.3f}, D2 {odds[1]:.3f}")
        outcomes.append(outcome)
    return rows_of(outcomes, sets.d1.fake.numpy(), sets.d2.fake.numpy())


def _with_prompts(decoder: Decoder, sets: Sets) -> Sets:
    return replace(
        sets,
        train=decoder.with_prompt(sets.train),
        d1=decoder.with_prompt(sets.d1),
        d2=decoder.with_prompt(sets.d2),
    )


def _one(decoder: Decoder, sets: Sets, plan: Plan, log: Log) -> Outcome:
    loss = train_decoder(decoder, sets.train, plan, log)
    return Outcome(
        name=decoder.variant.name,
        train_loss=loss,
        d1=log_odds(decoder, sets.d1).double().numpy(),
        d2=log_odds(decoder, sets.d2).double().numpy(),
        captions=caption_losses(decoder, sets.held_out),
        captions_moved=caption_losses(decoder, sets.held_out, moved=1),
    )


def _settings(variant: Variant, plan: Plan) -> str:
    return f"{variant} {plan}"


def write_outcome(file: Path, outcome: Outcome, variant: Variant, plan: Plan) -> None:
    """Keep an outcome with the settings it came from, replacing the file at once."""
    body = {
        "settings": _settings(variant, plan),
        "name": outcome.name,
        "train_loss": outcome.train_loss,
        "d1": outcome.d1.tolist(),
        "d2": outcome.d2.tolist(),
        "captions": outcome.captions.tolist(),
        "captions_moved": outcome.captions_moved.tolist(),
    }
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(body), encoding="utf-8")
    partial.replace(file)


def read_outcome(file: Path, variant: Variant, plan: Plan) -> Outcome | None:
    """Return a kept outcome, or None when there is none of these very settings."""
    if not file.exists():
        return None
    body = json.loads(file.read_text(encoding="utf-8"))
    if body["settings"] != _settings(variant, plan):
        return None
    arrays = ("d1", "d2", "captions", "captions_moved")
    return Outcome(
        name=body["name"],
        train_loss=body["train_loss"],
        **{name: np.array(body[name]) for name in arrays},
    )


def rows_of(outcomes: list[Outcome], d1_fake: Bools, d2_fake: Bools) -> list[Row]:
    """Return the table of outcomes; the first is the reference."""
    first = outcomes[0]
    return [
        Row(
            name=o.name,
            train_loss=o.train_loss,
            d1_auc=bootstrap(auc, o.d1, d1_fake),
            d1_difference=difference(first.d1, o.d1, d1_fake),
            d2_auc=bootstrap(auc, o.d2, d2_fake),
            d2_difference=difference(first.d2, o.d2, d2_fake),
            caption_loss=share(o.captions),
            picture_use=share(o.captions_moved - o.captions),
        )
        for o in outcomes
    ]


def markdown(rows: Iterable[Row]) -> str:
    """Return the table in Markdown."""
    lines = [
        "| model | D1 AUC | less reference | D2 AUC | less reference | caption loss | "
        "worth of the picture |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        reference = row.name == REFERENCE
        cells = (
            row.name,
            str(row.d1_auc),
            "" if reference else signed(row.d1_difference),
            str(row.d2_auc),
            "" if reference else signed(row.d2_difference),
            str(row.caption_loss),
            signed(row.picture_use),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def signed(figure: Figure) -> str:
    """Return a difference with its interval, signs shown."""
    return f"{figure.value:+.3f} ({figure.low:+.3f} to {figure.high:+.3f})"


def found(rows: Iterable[Row]) -> list[str]:
    """Return in words which changes make a difference whose interval leaves zero out."""
    said = []
    for row in rows:
        for task, change in (("D1", row.d1_difference), ("D2", row.d2_difference)):
            if row.name != REFERENCE and (change.low > 0 or change.high < 0):
                word = "better" if change.low > 0 else "worse"
                said.append(f"{row.name}: {task} {word} by {signed(change)}")
    return said

"""Each model of the layer analysis: trained, measured, and kept on disk until all are there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from torch import Tensor

from engine.training.descent import Log
from engine.training.forgetting import Scores, caption_scores
from engine.training.layers_probe import READ, DecoderStates, Hits, probe_hits, states_of
from engine.training.layers_towers import Sets
from engine.training.variants import Decoder, Plan, Variant, train_decoder
from engine.vrm.mini_config import MiniConfig

TASKS = ("D1", "D2")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """What was measured of one model, before anything is compared."""

    train_loss: float
    """Of the last quarter of the steps, nats; NaN for a model that is not trained."""
    states: dict[str, DecoderStates]
    """By task."""
    hits: dict[tuple[str, str], Hits]
    """By task and by what the probe reads."""
    scores: Scores
    """Of held-out captions."""


def measure_model(
    base: Path,
    config: MiniConfig,
    variant: Variant,
    sets: Sets,
    projector: dict[str, Tensor],
    *,
    plan: Plan,
    kept: Path,
    log: Log,
) -> Measured:
    """Train a model and measure it; or read what an earlier call kept.

    Args:
        base: the pack's folder.
        config: the mini's shape.
        variant: which model.
        sets: the cached samples.
        projector: the caption-trained projector's tensors.
        plan: of the training.
        kept: folder; gets one file for each model.
        log: told how far it is.
    """
    kept.mkdir(parents=True, exist_ok=True)
    file = kept / f"{variant.name.replace(', ', ' ').replace(' ', '-')}.npz"
    settings = f"{variant} {plan}"
    if file.exists() and (found := read_measured(file, settings)) is not None:
        log(f"{variant.name}: already there")
        return found
    decoder = Decoder(base, config, variant, projector)
    loss = train_decoder(decoder, sets.train, plan, log)
    scores = caption_scores(decoder, sets.held_out)
    log(f"{variant.name}: captions scored")
    tasks = {"D1": sets.d1, "D2": sets.d2}
    states = {task: states_of(decoder, samples) for task, samples in tasks.items()}
    log(f"{variant.name}: states of {sum(len(s) for s in tasks.values())} pictures")
    hits = {
        (task, what): probe_hits(states[task], what, samples)
        for task, samples in tasks.items()
        for what in READ
    }
    log(f"{variant.name}: probes fitted")
    measured = Measured(train_loss=loss, states=states, hits=hits, scores=scores)
    write_measured(file, measured, settings)
    return measured


def write_measured(file: Path, measured: Measured, settings: str) -> None:
    """Keep a model's measurements with the settings they came from, replacing the file at once."""
    arrays: dict[str, np.ndarray] = {
        "settings": np.array(settings),
        "train_loss": np.array(measured.train_loss),
        "groups": np.array(len(measured.scores.log_p)),
    }
    for task, states in measured.states.items():
        arrays |= {
            f"states.{task}.visual": states.visual,
            f"states.{task}.last": states.last,
            f"states.{task}.log_odds": states.log_odds,
        }
    for (task, what), hits in measured.hits.items():
        arrays |= {
            f"hits.{task}.{what}.right": hits.right,
            f"hits.{task}.{what}.auc": hits.auc,
            f"hits.{task}.{what}.fake": hits.fake,
            f"hits.{task}.{what}.groups": hits.groups,
        }
    pairs = zip(measured.scores.log_p, measured.scores.lengths, strict=True)
    for i, (log_p, lengths) in enumerate(pairs):
        arrays |= {f"scores.{i}.log_p": log_p, f"scores.{i}.lengths": lengths}
    partial = file.with_suffix(".partial.npz")
    with partial.open("wb") as out:
        np.savez(out, allow_pickle=False, **arrays)
    partial.replace(file)


def read_measured(file: Path, settings: str) -> Measured | None:
    """Return a model's kept measurements, or None when they come from other settings."""
    with np.load(file, allow_pickle=False) as kept:
        if str(kept["settings"]) != settings:
            return None
        states = {
            task: DecoderStates(
                visual=kept[f"states.{task}.visual"],
                last=kept[f"states.{task}.last"],
                log_odds=kept[f"states.{task}.log_odds"],
            )
            for task in TASKS
        }
        hits = {
            (task, what): Hits(
                right=kept[f"hits.{task}.{what}.right"],
                auc=kept[f"hits.{task}.{what}.auc"],
                fake=kept[f"hits.{task}.{what}.fake"],
                groups=kept[f"hits.{task}.{what}.groups"],
            )
            for task in TASKS
            for what in READ
        }
        numbers = range(int(kept["groups"]))
        scores = Scores(
            log_p=tuple(kept[f"scores.{i}.log_p"] for i in numbers),
            lengths=tuple(kept[f"scores.{i}.lengths"] for i in numbers),
        )
        return Measured(
            train_loss=float(kept["train_loss"]), states=states, hits=hits, scores=scores
        )

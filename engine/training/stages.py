"""Stages 2 and 3 of the mini's training: the artifact path, then what the decoder says.

Stage 2 trains the artifact path with its own read-outs. Stage 3 trains the fusion and the later
layers (verdicts, places, captions); below the injection layer everything stays frozen.

Source: two-stage schedule of arXiv 2606.15880; losses and batches are this project's.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from engine.training.batches import COMPOSITE, GENERATED, REAL, RECONSTRUCTED, Batch, Batches
from engine.training.captions import text_loss
from engine.training.descent import Log, Plan, Stage, descend
from engine.vrm.mini import DESCRIBE, GRID, LOCATE, QUESTION, Mini, normalise
from engine.vrm.places import place_words

TEXT_SAMPLES = 8
SEMANTIC_ONLY_SHARE = 0.2
ALL_OVER_SHARE = 0.85
EASE = 0.6
"""Share of easy groups in R's own start: on compressed pixels alone it learnt nothing in 250
steps, on clean ones it learns in 60."""
ARTIFACT_PARTS = ("merger.", "heads.", "residual.", "tower.")
LANGUAGE_PARTS = ("fusion.", "language.")


def train_residual(model: Mini, batches: Batches, work: Path, plan: Plan, log: Log) -> None:
    """Before stage 2: R alone, so that V_a's merger meets features that tell something.

    Args:
        model: the mini.
        batches: with a share ``EASE`` of easy groups.
        work: folder of the run; leaves ``residual.safetensors``.
        plan: how long.
        log: told how far it is.
    """

    def losses(batch: Batch, _step: int) -> dict[str, Tensor]:
        return residual_losses(model, batch, model.residual.cells(batch.native))

    def own(name: str) -> bool:
        return name.startswith("residual.")

    model.residual.train()
    stage = Stage(name="residual", steps=plan.residual_steps, own=own)
    descend(model, stage, losses, batches, work=work, log=log)
    model.residual.eval()


def train_artifact(model: Mini, batches: Batches, work: Path, plan: Plan, log: Log) -> None:
    """Stage 2: V_a, R and their heads learn to tell generated pixels, without the decoder.

    Continues from ``work/stage2.pt`` when there is one; leaves ``stage2.safetensors``.
    """

    def losses(batch: Batch, _step: int) -> dict[str, Tensor]:
        cells = model.residual.cells(batch.native)
        shared = model.shared_states(normalise(batch.view))
        return artifact_losses(model, batch, cells, model.artifact_tokens(shared, cells))

    def own(name: str) -> bool:
        return name.startswith(ARTIFACT_PARTS)

    model.residual.train()
    descend(
        model,
        Stage(name="stage2", steps=plan.artifact_steps, own=own),
        losses,
        batches,
        work=work,
        log=log,
    )
    model.residual.eval()


def train_language(model: Mini, batches: Batches, work: Path, plan: Plan, log: Log) -> None:
    """Stage 3: the fusion and the layers from K on learn verdicts, places and captions.

    The artifact path is left as stage 2 made it. Continues from ``work/stage3.pt`` when there
    is one; leaves ``stage3.safetensors``.
    """
    generator = torch.Generator().manual_seed(plan.seed + 1)
    # Drawn for the whole stage at once, so that a stage that is continued goes on alike.
    draws = [float(torch.rand((), generator=generator)) for _ in range(plan.language_steps)]

    def losses(batch: Batch, step: int) -> dict[str, Tensor]:
        with torch.no_grad():
            cells = model.residual.cells(batch.native)
            shared = model.shared_states(normalise(batch.view))
            semantic = model.semantic_tokens(shared)
            artifact = model.artifact_tokens(shared, cells)
        alone = draws[step] < SEMANTIC_ONLY_SHARE
        return language_losses(
            model, batch, semantic, artifact, alone=alone, describe=step % 2 == 0
        )

    def own(name: str) -> bool:
        return name.startswith(LANGUAGE_PARTS)

    descend(
        model,
        Stage(name="stage3", steps=plan.language_steps, own=own),
        losses,
        batches,
        work=work,
        log=log,
    )


def artifact_losses(
    model: Mini, batch: Batch, cells: Tensor, artifact: Tensor
) -> dict[str, Tensor]:
    """Return the weighted losses of the artifact path's own read-outs."""
    token_logits, picture_logits = model.heads(artifact)
    target = (batch.kind != REAL).float()
    place_weight = _place_weight(batch)[:, None]
    token_mask = functional.adaptive_avg_pool2d(batch.mask[:, None], (GRID, GRID)).flatten(1)
    return {
        "artifact": _weighted(picture_logits, target, verdict_weights(batch.kind)),
        "tokens": 0.5 * _weighted(token_logits, token_mask, place_weight),
        **residual_losses(model, batch, cells),
    }


def residual_losses(model: Mini, batch: Batch, cells: Tensor) -> dict[str, Tensor]:
    """Return the weighted losses of R's own read-outs: cells [B, C, h, w]."""
    target = (batch.kind != REAL).float()
    logits = model.residual.cell_logits(cells)
    place_weight = _place_weight(batch)[:, None, None]
    return {
        "residual": _weighted(model.residual.logit(cells), target, verdict_weights(batch.kind)),
        "cells": 0.5 * _weighted(logits, batch.mask, place_weight),
    }


def _place_weight(batch: Batch) -> Tensor:
    """Return sample weights of the losses by place: composites know more than whole pictures."""
    return torch.where(batch.kind == COMPOSITE, 2.0, 0.5)


def language_losses(
    model: Mini,
    batch: Batch,
    semantic: Tensor,
    artifact: Tensor,
    *,
    alone: bool,
    describe: bool,
) -> dict[str, Tensor]:
    """Return the weighted losses of what the decoder says.

    Args:
        model: the mini.
        batch: of B samples.
        semantic: V_o's tokens [B, 49, d].
        artifact: V_a + R's tokens [B, 49, d].
        alone: the verdict with the injection off; then reconstructions do not count, because
            nothing in the semantic path could tell them.
        describe: captions; otherwise sentences about places.
    """
    losses: dict[str, Tensor] = {}
    target = (batch.kind != REAL).float()
    weight = verdict_weights(batch.kind)
    if alone:
        weight = weight * (batch.kind != RECONSTRUCTED)
    ids = model.prompt_ids(QUESTION).expand(len(batch.kind), -1)
    hidden = model.answer(semantic, None if alone else artifact, ids)
    logits = model.logits(hidden[:, -1])
    losses["semantic" if alone else "both"] = _weighted(model.log_odds(logits), target, weight)
    words = torch.tensor([model.word_ids[int(t)] for t in target])
    spelled = functional.cross_entropy(logits.float(), words, reduction="none")
    losses["word"] = 0.1 * (spelled * weight).sum() / weight.sum().clamp(min=1e-6)
    text = explanation_loss(model, batch, semantic, artifact, describe=describe)
    if text is not None:
        losses["describe" if describe else "locate"] = 0.25 * text
    return losses


def explanation_loss(
    model: Mini, batch: Batch, semantic: Tensor, artifact: Tensor, *, describe: bool
) -> Tensor | None:
    """Return the loss of captions or of place sentences; None when no sample has a caption."""
    if describe:
        chosen = [i for i, c in enumerate(batch.captions) if c is not None][:TEXT_SAMPLES]
        answers = [batch.captions[i] or "" for i in chosen]
    else:
        order = torch.argsort((batch.kind != COMPOSITE).int(), stable=True)
        chosen = [int(i) for i in order[:TEXT_SAMPLES]]
        answers = [place_answer(batch.mask[i]) for i in chosen]
    if not chosen:
        return None
    question = DESCRIBE if describe else LOCATE
    return text_loss(model, semantic[chosen], artifact[chosen], question, answers)


def place_answer(mask: Tensor) -> str:
    """Return the true sentence about where generated pixels lie: mask [h, w], 0..1."""
    share = float(mask.mean())
    if share > ALL_OVER_SHARE:
        return "Generator traces lie all over the picture."
    if share < 0.01:
        return "No generator traces stand out."
    return f"Generator traces lie in the {place_words(mask.numpy())}."


def verdict_weights(kind: Tensor) -> Tensor:
    """Return sample weights: both classes count the same, composites have no verdict."""
    weight = torch.zeros(len(kind))
    weight[kind == REAL] = 1.0
    weight[kind == RECONSTRUCTED] = 0.4
    weight[kind == GENERATED] = 0.6
    return weight


def _weighted(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    each = functional.binary_cross_entropy_with_logits(logits.float(), target, reduction="none")
    weight = weight.expand_as(each)
    return (each * weight).sum() / weight.sum().clamp(min=1e-6)

"""The mini's training recipe, from captions to verdicts; one readable pass from top to bottom.

Stage 1 teaches the projector what pictures show (captions; the towers and the language model
frozen). Stage 2 trains the artifact path with its own read-outs. Stage 3 trains the fusion and the
later layers (verdicts, places, captions); below the injection layer everything stays frozen.

Source: two-stage schedule of arXiv 2606.15880; losses and batches are this project's.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from engine.training.batches import COMPOSITE, GENERATED, REAL, RECONSTRUCTED, Batch, Batches
from engine.training.data import PoolImage, load_rgb
from engine.vrm.mini import DESCRIBE, GRID, LOCATE, QUESTION, Mini, normalise, read_trained
from engine.vrm.places import place_words
from engine.vrm.views import cover_views, view_tensor

STAGE_FILES = ("stage1.safetensors", "stage2.safetensors", "stage3.safetensors")
IGNORED = -100
LOGGED_EVERY = 20
SAVED_EVERY = 60
WARMUP_STEPS = 60
TEXT_SAMPLES = 8
SEMANTIC_ONLY_SHARE = 0.2
ALL_OVER_SHARE = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long each stage is."""

    caption_steps: int = 500
    caption_batch: int = 16
    artifact_steps: int = 900
    language_steps: int = 300
    seed: int = 0


Log = Callable[[str], None]


def save_trained(model: Mini, file: Path, dtype: torch.dtype = torch.float32) -> None:
    """Write the trained tensors as safetensors, replacing the file at once."""
    partial = file.with_suffix(".partial")
    state = {k: v.to(dtype).contiguous() for k, v in model.trained_state().items()}
    save_file(state, partial)
    partial.replace(file)


def text_batch(model: Mini, question: str, answers: list[str]) -> tuple[Tensor, Tensor]:
    """Return (ids [B, L], labels [B, L]) of a prompt with answers, padded on the right."""
    prompt = model.prompt_ids(question)[0]
    end = model.tokenizer.convert_tokens_to_ids("<|im_end|>")
    rows = [
        torch.tensor([*model.tokenizer.encode(a, add_special_tokens=False), end]) for a in answers
    ]
    longest = max(len(r) for r in rows)
    ids = torch.full((len(rows), len(prompt) + longest), end)
    labels = torch.full_like(ids, IGNORED)
    for i, row in enumerate(rows):
        ids[i, : len(prompt)] = prompt
        ids[i, len(prompt) : len(prompt) + len(row)] = row
        labels[i, len(prompt) : len(prompt) + len(row)] = row
    return ids, labels


def text_loss(
    model: Mini, semantic: Tensor, artifact: Tensor | None, question: str, answers: list[str]
) -> Tensor:
    """Return the mean cross-entropy a token of the answers, nats."""
    ids, labels = text_batch(model, question, answers)
    hidden = model.answer(semantic, artifact, ids)
    wanted = labels[:, 1:] != IGNORED
    logits = model.logits(hidden[:, :-1][wanted]).float()
    return functional.cross_entropy(logits, labels[:, 1:][wanted])


@torch.no_grad()
def caption_views(images: list[PoolImage], log: Log) -> Tensor:
    """Return views for V_o as [N, 3, 224, 224] uint8: the middle square of each picture."""
    views = torch.empty(len(images), 3, 224, 224, dtype=torch.uint8)
    for i, image in enumerate(images):
        rgb = load_rgb(image.path)
        boxes = cover_views(*rgb.shape[:2])
        views[i] = (view_tensor(rgb, boxes[len(boxes) // 2]) * 255).round().to(torch.uint8)
    log(f"stage 1: {len(images)} captioned pictures")
    return views


def caption_loss(model: Mini, views: Tensor, captions: list[str], *, shuffled: bool) -> float:
    """Return the caption loss a token with the artifact path off.

    Args:
        model: the mini.
        views: [N, 3, 224, 224] uint8.
        captions: N of them.
        shuffled: give every caption another picture: the control that must be worse.

    Returns:
        Mean over captions, nats a token.
    """
    order = torch.arange(len(captions)).roll(1 if shuffled else 0)
    total = 0.0
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for i in range(0, len(captions), 16):
            part = normalise(views[order[i : i + 16]].float() / 255)
            semantic = model.semantic_tokens(model.shared_states(part))
            loss = text_loss(model, semantic, None, DESCRIBE, captions[i : i + 16])
            total += float(loss) * len(part)
    return total / len(captions)


def train_captions(
    model: Mini,
    images: list[PoolImage],
    held_out: list[PoolImage],
    *,
    work: Path,
    plan: Plan,
    log: Log,
) -> None:
    """Stage 1: the projector learns captions.

    Args:
        model: the mini.
        images: captioned pictures of the training side.
        held_out: captioned pictures of other sources.
        work: where ``stage1.safetensors`` goes.
        plan: how long.
        log: told how far it is.
    """
    done = work / "stage1.safetensors"
    if done.exists():
        model.load_trained(read_trained(done))
        log("stage 1: already there")
        return
    views = caption_views(images, log)
    test_views = caption_views(held_out, log)
    test_captions = [i.captions[0] for i in held_out]
    parameters = _train_only(model, lambda name: name.startswith("projector."))
    optimiser = torch.optim.AdamW(parameters, lr=2e-3, weight_decay=1e-3)
    generator = torch.Generator().manual_seed(plan.seed)
    clock = _Clock(plan.caption_steps, log)
    weights = _source_weights(images)
    for step in range(plan.caption_steps):
        _set_rate(optimiser, step, plan.caption_steps)
        pick = torch.multinomial(weights, plan.caption_batch, generator=generator)
        captions = [_one_caption(images[int(i)], generator) for i in pick]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            shared = model.shared_states(normalise(views[pick].float() / 255))
            semantic = model.semantic_tokens(shared)
            loss = text_loss(model, semantic, None, DESCRIBE, captions)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        clock.tick(step, caption=float(loss.detach()))
    right = caption_loss(model, test_views, test_captions, shuffled=False)
    wrong = caption_loss(model, test_views, test_captions, shuffled=True)
    log(f"stage 1: held-out caption loss {right:.3f}, pictures shuffled {wrong:.3f}")
    _write_json(work / "stage1.json", {"caption_loss": right, "caption_loss_shuffled": wrong})
    save_trained(model, done)


ARTIFACT_PARTS = ("merger.", "heads.", "residual.", "tower.")
LANGUAGE_PARTS = ("fusion.", "language.")


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
    _descend(
        model,
        _Stage(name="stage2", steps=plan.artifact_steps, own=own),
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

    def losses(batch: Batch, step: int) -> dict[str, Tensor]:
        with torch.no_grad():
            cells = model.residual.cells(batch.native)
            shared = model.shared_states(normalise(batch.view))
            semantic = model.semantic_tokens(shared)
            artifact = model.artifact_tokens(shared, cells)
        return language_losses(model, batch, semantic, artifact, step=step, generator=generator)

    def own(name: str) -> bool:
        return name.startswith(LANGUAGE_PARTS)

    _descend(
        model,
        _Stage(name="stage3", steps=plan.language_steps, own=own),
        losses,
        batches,
        work=work,
        log=log,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    name: str
    steps: int
    own: Callable[[str], bool]
    """Which of this project's parameters it trains."""


def _descend(
    model: Mini,
    stage: _Stage,
    losses_of: Callable[[Batch, int], dict[str, Tensor]],
    batches: Batches,
    *,
    work: Path,
    log: Log,
) -> None:
    """Run one stage's steps from where its snapshot is."""
    weights, snapshot = work / f"{stage.name}.safetensors", work / f"{stage.name}.pt"
    trained = _train_only(model, stage.own)
    optimiser = torch.optim.AdamW(_parameter_groups(model), weight_decay=1e-3)
    first = 0
    if snapshot.exists():
        saved = torch.load(snapshot, weights_only=True)
        first = int(saved["step"])
        optimiser.load_state_dict(saved["optimiser"])
        model.load_trained(read_trained(weights))
        log(f"{stage.name}: continues at step {first} of {stage.steps}")
    clock = _Clock(stage.steps, log)
    for step, batch in batches.run(first, stage.steps):
        _set_rate(optimiser, step, stage.steps)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            losses = losses_of(batch, step)
        optimiser.zero_grad()
        torch.stack(list(losses.values())).sum().backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        clock.tick(step, **{k: float(v.detach()) for k, v in losses.items()})
        if (step + 1) % SAVED_EVERY == 0 or step + 1 == stage.steps:
            save_trained(model, weights)
            torch.save({"step": step + 1, "optimiser": optimiser.state_dict()}, snapshot)


def artifact_losses(
    model: Mini, batch: Batch, cells: Tensor, artifact: Tensor
) -> dict[str, Tensor]:
    """Return the weighted losses of the artifact path's own read-outs."""
    token_logits, picture_logits = model.heads(artifact)
    target = (batch.kind != REAL).float()
    weight = verdict_weights(batch.kind)
    place_weight = torch.where(batch.kind == COMPOSITE, 2.0, 0.5)[:, None]
    token_mask = functional.adaptive_avg_pool2d(batch.mask[:, None], (GRID, GRID)).flatten(1)
    cell_logits = model.residual.cell_logits(cells)
    return {
        "artifact": _weighted(picture_logits, target, weight),
        "residual": _weighted(model.residual.logit(cells), target, weight),
        "tokens": 0.5 * _weighted(token_logits, token_mask, place_weight),
        "cells": 0.5 * _weighted(cell_logits, batch.mask, place_weight[..., None]),
    }


def language_losses(
    model: Mini,
    batch: Batch,
    semantic: Tensor,
    artifact: Tensor,
    *,
    step: int,
    generator: torch.Generator,
) -> dict[str, Tensor]:
    """Return the weighted losses of what the decoder says.

    In a share of the steps the injection is off; then reconstructions do not count, because
    nothing in the semantic path could tell them.
    """
    losses: dict[str, Tensor] = {}
    target = (batch.kind != REAL).float()
    weight = verdict_weights(batch.kind)
    alone = bool(torch.rand((), generator=generator) < SEMANTIC_ONLY_SHARE)
    if alone:
        weight = weight * (batch.kind != RECONSTRUCTED)
    ids = model.prompt_ids(QUESTION).expand(len(batch.kind), -1)
    hidden = model.answer(semantic, None if alone else artifact, ids)
    logits = model.logits(hidden[:, -1])
    losses["semantic" if alone else "both"] = _weighted(model.log_odds(logits), target, weight)
    words = torch.tensor([model.word_ids[int(t)] for t in target])
    spelled = functional.cross_entropy(logits.float(), words, reduction="none")
    losses["word"] = 0.1 * (spelled * weight).sum() / weight.sum().clamp(min=1e-6)
    describe = step % 2 == 0
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


def _train_only(model: Mini, wanted: Callable[[str], bool]) -> list[torch.nn.Parameter]:
    """Let gradients reach this project's own parameters that are wanted, and no others."""
    ours = set(model.trained_state())
    chosen = []
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name in ours and wanted(name))
        if parameter.requires_grad:
            chosen.append(parameter)
    return chosen


RATES = {"lora": 4e-4, "merger.": 6e-4, "heads.": 6e-4, "residual.": 2e-3, "fusion.": 3e-3}
"""Peak learning rates by the part of a parameter's name."""


def _parameter_groups(model: Mini) -> list[dict[str, object]]:
    """Return optimiser groups of what is being trained, each with its peak rate."""
    groups: dict[str, list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            key = "lora" if "lora_" in name else name.split(".")[0] + "."
            groups.setdefault(key, []).append(parameter)
    return [{"params": p, "lr": RATES[k], "peak": RATES[k]} for k, p in groups.items()]


def _set_rate(optimiser: torch.optim.Optimizer, step: int, steps: int) -> None:
    """Warm up, then fall along a half cosine to a twentieth."""
    warm = min(1.0, (step + 1) / WARMUP_STEPS)
    fall = 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / steps))
    for group in optimiser.param_groups:
        group["lr"] = group.setdefault("peak", group["lr"]) * warm * fall


def _source_weights(images: list[PoolImage]) -> Tensor:
    counts: dict[str, int] = {}
    for image in images:
        counts[image.source] = counts.get(image.source, 0) + 1
    return torch.tensor([counts[i.source] ** -0.5 for i in images])


def _one_caption(image: PoolImage, generator: torch.Generator) -> str:
    pick = int(torch.randint(len(image.captions), (), generator=generator))
    return image.captions[pick]


def _write_json(file: Path, values: dict[str, float]) -> None:
    file.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


class _Clock:
    """Says every few steps how the losses stand and how long it will take."""

    def __init__(self, steps: int, log: Log) -> None:
        self._steps, self._log = steps, log
        self._begin, self._count = time.monotonic(), 0
        self._sums: dict[str, list[float]] = {}

    def tick(self, step: int, **losses: float) -> None:
        self._count += 1
        for name, value in losses.items():
            self._sums.setdefault(name, []).append(value)
        if (step + 1) % LOGGED_EVERY and step + 1 != self._steps:
            return
        each = (time.monotonic() - self._begin) / self._count
        means = " ".join(f"{k} {sum(v) / len(v):.3f}" for k, v in sorted(self._sums.items()))
        left = each * (self._steps - step - 1) / 60
        self._log(f"step {step + 1}/{self._steps} {means} ({each:.2f} s a step, {left:.1f} min)")
        self._sums.clear()

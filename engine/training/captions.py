"""Stage 1: the projector learns what pictures show; tower and language model are frozen."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from engine.training.data import PoolImage, load_rgb
from engine.training.descent import Clock, Log, Plan, save_trained, set_rate, train_only
from engine.vrm.mini import DESCRIBE, Mini, normalise, read_trained
from engine.vrm.views import cover_views, view_tensor

IGNORED = -100


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
    parameters = train_only(model, lambda name: name.startswith("projector."))
    optimiser = torch.optim.AdamW(parameters, lr=2e-3, weight_decay=1e-3)
    generator = torch.Generator().manual_seed(plan.seed)
    clock = Clock(plan.caption_steps, log)
    weights = _source_weights(images)
    for step in range(plan.caption_steps):
        set_rate(optimiser, step, plan.caption_steps)
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

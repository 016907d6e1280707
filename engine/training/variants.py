"""Small variants of the mini that differ in one thing, all trained on the same cached samples.

Only the forensic question is learnt: no captions, no places, so that what a variant forgets shows.
Towers and artifact path are frozen; their tokens come from ``layers_towers``.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engine.training.batches import RECONSTRUCTED
from engine.training.descent import Clock, Log
from engine.training.layers_data import Samples
from engine.training.stages import verdict_weights
from engine.vrm.fusion import FusionMode, Injection
from engine.vrm.mini import QUESTION, Mini
from engine.vrm.mini_config import MiniConfig

Learning = Literal["nothing", "everything", "adapters"]

RATES = {"everything": 1e-4, "adapters": 4e-4, "fusion": 1e-2}
"""Peak rates: of the whole decoder, which is the paper's for its adapters; of adapters and fusion
as in ``descent``."""
WARMUP_SHARE = 0.1
ANSWER_BATCH = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What one model of a comparison is."""

    name: str
    learning: Learning = "adapters"
    """What of the decoder is trained: nothing, every weight, or adapters."""
    adapted_from: int = 0
    """First decoder layer with adapters; those below are frozen."""
    injected_before: int | None = None
    """K; None: no artifact tokens."""
    fusion: FusionMode = "gated"
    tokens: str = "both"
    """Kind of artifact tokens, ``"V_o"`` for the semantic ones once more."""
    shuffled: bool = False
    """Give every picture another one's artifact tokens, in training and measuring."""
    pairs: bool = True
    """Whether reconstructions are trained on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the variants are trained."""

    batch: int = 18
    epochs: int = 1
    seed: int = 0


class Decoder:
    """A mini as one variant asks for it, fed with cached samples.

    Args:
        base: the pack's folder.
        config: the mini's shape.
        variant: what to make.
        projector: the caption-trained projector's tensors; None: fresh.

    Attributes:
        model: the mini; its trained artifact path is not used.
        variant: as given.
    """

    def __init__(
        self,
        base: Path,
        config: MiniConfig,
        variant: Variant,
        projector: dict[str, Tensor] | None,
    ) -> None:
        self.variant = variant
        gc.collect()  # the decoder before this one, which took part in cycles of hooks
        with torch.random.fork_rng():
            torch.manual_seed(0)
            first = variant.adapted_from if variant.learning == "adapters" else None
            shape = replace(config, fusion=variant.fusion)
            if first is not None:  # the mini adapts the layers from its K on
                shape = replace(shape, injection_layer=first)
            self.model = Mini(base, shape, torch.bfloat16).eval()
        k = variant.injected_before
        if k is not None:
            self.model.injection.remove()
            layer = self.model.language.model.layers[k]
            self.model.injection = Injection(layer, self.model.fusion)
        self.model.requires_grad_(False)
        if projector is not None:
            self.model.projector.load_state_dict(projector)
        if variant.learning == "everything":
            self.model.language.float()

    @property
    def width(self) -> int:
        """Width d of the decoder."""
        return int(self.model.language.config.hidden_size)

    @property
    def layers(self) -> int:
        """Number of decoder layers."""
        return int(self.model.language.config.num_hidden_layers)

    def trained(self) -> dict[str, list[torch.nn.Parameter]]:
        """Let gradients reach what the variant trains; returns it by the key of its rate."""
        groups: dict[str, list[torch.nn.Parameter]] = {}
        for name, parameter in self.model.named_parameters():
            key = self._group(name)
            parameter.requires_grad_(key is not None)
            if key is not None:
                groups.setdefault(key, []).append(parameter)
        return groups

    def _group(self, name: str) -> str | None:
        if name.startswith("fusion."):
            return "fusion" if self.variant.injected_before is not None else None
        if not name.startswith("language.") or self.variant.learning == "nothing":
            return None
        adapter = "lora_" in name
        return self.variant.learning if adapter == (self.variant.learning == "adapters") else None

    def semantic(self, samples: Samples) -> Tensor:
        """Return V_o's tokens [N, 49, d]."""
        with autocast():
            out: Tensor = self.model.projector(samples.grid.float())
        return out

    def artifact(self, samples: Samples) -> Tensor | None:
        """Return the tokens to inject [N, 49, d], or None when the variant injects nothing."""
        if self.variant.injected_before is None:
            return None
        if self.variant.tokens == "V_o":
            with torch.no_grad():
                return self.semantic(samples).float()
        return samples.tokens[self.variant.tokens].float()

    def hidden(self, samples: Samples, artifact: Tensor | None, ids: Tensor) -> Tensor:
        """Return the last hidden states [N, L, d] on a prompt [1, L].

        Where the samples keep what the first trained layer is given, only the layers from there
        on run: the same numbers in less time.
        """
        rows = ids.expand(len(samples), -1)
        if samples.prompt is None:
            return self.model.answer(self.semantic(samples), artifact, rows)
        with self._from_layer(self.variant.adapted_from), self.model.injecting(artifact, rows):
            out = self.model.language.model(inputs_embeds=samples.prompt, use_cache=False)
        hidden: Tensor = out.last_hidden_state
        return hidden

    @torch.no_grad()
    def with_prompt(self, samples: Samples) -> Samples:
        """Return the samples with what the first trained layer is given on the forensic prompt."""
        model, k = self.model, self.variant.adapted_from
        ids = model.prompt_ids(QUESTION)
        kept: list[Tensor] = []
        hook = model.language.model.layers[k].register_forward_pre_hook(
            lambda _, args, kwargs: kept.append(args[0] if args else kwargs["hidden_states"]),
            with_kwargs=True,
        )
        try:
            for chosen in batches_of(len(samples), ANSWER_BATCH):
                part = samples.only(chosen)
                with autocast():
                    model.answer(self.semantic(part), None, ids.expand(len(part), -1))
        finally:
            hook.remove()
        return replace(samples, prompt=torch.cat(kept))

    @contextmanager
    def _from_layer(self, first: int) -> Iterator[None]:
        """Run the decoder without the layers below ``first`` inside the block."""
        stack = self.model.language.model
        layers = stack.layers
        stack.layers = layers[first:]
        try:
            yield
        finally:
            stack.layers = layers


def autocast() -> torch.autocast:
    """Return the arithmetic that every variant is trained and measured in."""
    return torch.autocast("cpu", dtype=torch.bfloat16)


def batches_of(count: int, size: int) -> Iterator[Tensor]:
    """Yield indices 0..count-1 in order, ``size`` at a time."""
    for start in range(0, count, size):
        yield torch.arange(start, min(start + size, count))


def shuffled_order(count: int, seed: int) -> Tensor:
    """Return a permutation of 0..count-1 that leaves none in its place (count >= 2)."""
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
    out = torch.empty_like(order)
    out[order] = order.roll(1)
    return out


def with_tokens_moved(samples: Samples, seed: int) -> Samples:
    """Return the samples with artifact tokens that belong to other pictures."""
    order = shuffled_order(len(samples), seed)
    moved = {name: t[order] for name, t in samples.tokens.items()}
    return replace(samples, tokens=moved)


def train_decoder(decoder: Decoder, train: Samples, plan: Plan, log: Log) -> float:
    """Teach a variant the forensic question.

    Every variant sees the same groups in the same order; without pairs, the same groups without
    their reconstructions.

    Args:
        decoder: fresh.
        train: groups in the order they were made.
        plan: batch, epochs, seed.
        log: told how far it is.

    Returns:
        Mean loss of the last quarter of the steps, nats.
    """
    groups = decoder.trained()
    if not groups:
        return float("nan")
    steps = _schedule(len(train), plan)
    optimiser = torch.optim.AdamW(
        [{"params": p, "lr": RATES[k], "peak": RATES[k]} for k, p in groups.items()],
        weight_decay=1e-3,
    )
    parameters = [p for group in groups.values() for p in group]
    losses: list[float] = []
    clock = Clock(len(steps), log)
    seen = with_tokens_moved(train, plan.seed) if decoder.variant.shuffled else train
    for step, chosen in enumerate(steps):
        part = seen.only(chosen)
        if not decoder.variant.pairs:
            part = part.only(part.kind != RECONSTRUCTED)
        set_rate(optimiser, step, len(steps))
        loss = _forensic_loss(decoder, part)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        losses.append(float(loss.detach()))
        clock.tick(step, loss=losses[-1])
    decoder.model.requires_grad_(False)
    return float(np.mean(losses[-max(1, len(losses) // 4) :]))


def _schedule(count: int, plan: Plan) -> list[Tensor]:
    """Return the indices of each step: the groups in order, in a new order each later epoch."""
    parts = list(batches_of(count, plan.batch))
    generator = torch.Generator().manual_seed(plan.seed)
    steps = list(parts)
    for _ in range(1, plan.epochs):
        steps += [parts[int(i)] for i in torch.randperm(len(parts), generator=generator)]
    return steps


def set_rate(optimiser: torch.optim.Optimizer, step: int, steps: int) -> None:
    """Warm up over a tenth of the steps, then fall along a half cosine to a twentieth."""
    warm = min(1.0, (step + 1) / (WARMUP_SHARE * steps))
    fall = 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / steps))
    for group in optimiser.param_groups:
        group["lr"] = group["peak"] * warm * fall


def _forensic_loss(decoder: Decoder, part: Samples) -> Tensor:
    """Return the weighted cross-entropy of the one-word answer, as in supervised tuning."""
    ids = decoder.model.prompt_ids(QUESTION)
    with autocast():
        hidden = decoder.hidden(part, decoder.artifact(part), ids)
        logits = decoder.model.logits(hidden[:, -1])
    words = torch.tensor([decoder.model.word_ids[int(f)] for f in part.fake])
    each = functional.cross_entropy(logits.float(), words, reduction="none")
    weight = verdict_weights(part.kind)
    real = ~part.fake
    weight[~real] *= weight[real].sum() / weight[~real].sum()  # without pairs fakes weigh less
    return (each * weight).sum() / weight.sum()


@torch.no_grad()
def log_odds(decoder: Decoder, samples: Samples, seed: int = 0) -> Tensor:
    """Return the decoder's log-odds of "fake" for each sample, [N]."""
    seen = with_tokens_moved(samples, seed) if decoder.variant.shuffled else samples
    ids = decoder.model.prompt_ids(QUESTION)
    parts = []
    for chosen in batches_of(len(seen), ANSWER_BATCH):
        part = seen.only(chosen)
        with autocast():
            hidden = decoder.hidden(part, decoder.artifact(part), ids)
            parts.append(decoder.model.log_odds(decoder.model.logits(hidden[:, -1])))
    return torch.cat(parts)

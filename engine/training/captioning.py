"""Captions of cached pictures: their likelihood, and a projector that learns them.

The prompt with the picture runs once, whatever the number of captions that follow it: it is five
times as long as they are.
"""

from __future__ import annotations

import torch
from torch import Tensor

from engine.training.captions import IGNORED, text_batch
from engine.training.descent import Clock, Log
from engine.training.layers_data import Samples
from engine.training.variants import Decoder, Plan, autocast, set_rate
from engine.vrm.mini import DESCRIBE

RATE = 2e-3
PICTURES = 8
"""Pictures of one step of the projector's training."""
CAPTIONS = 5
"""Captions of each of them."""


def caption_likelihoods(decoder: Decoder, samples: Samples, ids: Tensor, labels: Tensor) -> Tensor:
    """Return log-likelihoods of captions given pictures, nats.

    The artifact path is as the variant has it: on, where it injects.

    Args:
        decoder: any variant.
        samples: B pictures.
        ids: [B * n, L] from ``text_batch``, the n captions of a picture one after the other.
        labels: [B * n, L], of the same.

    Returns:
        [B * n], summed over a caption's tokens.
    """
    model = decoder.model
    prompt = model.prompt_ids(DESCRIBE).expand(len(samples), -1)
    length, each = prompt.shape[1], len(ids) // len(samples)
    with autocast():
        with model.injecting(decoder.artifact(samples), prompt):
            first = model.language.model(
                inputs_embeds=model.embed(prompt, decoder.semantic(samples)), use_cache=True
            )
        cache = first.past_key_values
        cache.batch_repeat_interleave(each)
        rest = model.language.model(input_ids=ids[:, length:], past_key_values=cache)
        start = first.last_hidden_state[:, -1:].repeat_interleave(each, dim=0)
        hidden = torch.cat([start, rest.last_hidden_state[:, :-1]], dim=1)
        wanted = labels[:, length:]
        known = wanted != IGNORED
        logits = model.logits(hidden[known]).float()
    told = logits.log_softmax(-1).gather(1, wanted[known][:, None])[:, 0]
    return torch.zeros(len(ids)).index_add(0, known.nonzero()[:, 0], told)


def train_projector(
    decoder: Decoder, captions: Samples, steps: int, plan: Plan, log: Log
) -> dict[str, Tensor]:
    """Teach a fresh projector captions through the frozen decoder.

    Args:
        decoder: a variant that learns nothing, with a fresh projector.
        captions: photographs, each with captions.
        steps: of 8 pictures with 5 captions each.
        plan: its seed is used.
        log: told how far it is.

    Returns:
        The projector's tensors.
    """
    parameters = list(decoder.model.projector.parameters())
    for parameter in parameters:
        parameter.requires_grad_(True)
    groups = [{"params": parameters, "lr": RATE, "peak": RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=1e-3)
    generator = torch.Generator().manual_seed(plan.seed)
    clock = Clock(steps, log)
    for step in range(steps):
        set_rate(optimiser, step, steps)
        part = captions.only(torch.randint(len(captions), (PICTURES,), generator=generator))
        said = [c for own in part.captions for c in _some(own, generator)]
        ids, labels = text_batch(decoder.model, DESCRIBE, said)
        loss = -caption_likelihoods(decoder, part, ids, labels).sum() / (labels != IGNORED).sum()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        clock.tick(step, caption=float(loss.detach()))
    decoder.model.requires_grad_(False)
    return {k: v.detach().clone() for k, v in decoder.model.projector.state_dict().items()}


def _some(own: tuple[str, ...], generator: torch.Generator) -> list[str]:
    """Return CAPTIONS captions in a drawn order, again from the first where there are fewer."""
    order = torch.randperm(len(own), generator=generator).tolist()
    return [own[order[i % len(own)]] for i in range(CAPTIONS)]

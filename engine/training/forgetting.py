"""What a decoder still knows of pictures: captions, and which picture each of them fits.

Every picture's likelihood of every caption of its group is computed once. From that matrix come
the caption loss with the true picture, with other pictures, and retrieval by rank.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from engine.errors import InputError
from engine.training.captioning import caption_likelihoods
from engine.training.captions import IGNORED, text_batch
from engine.training.layers_data import Samples
from engine.training.metrics import RESAMPLES, Figure, share
from engine.training.variants import Decoder, autocast, batches_of
from engine.vrm.mini import DESCRIBE

Floats = NDArray[np.float64]

GROUP = 30
"""Captions that each picture ranks: the true one and 29 of other photographs."""
TOP = (1, 5)
CAPTION_BATCH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What a decoder knows of held-out photographs."""

    caption_loss: Figure
    """Nats a token, with the true picture."""
    other_pictures: Figure
    """The same with the pictures of the other captions, averaged."""
    picture_use: Figure
    """Their difference, caption by caption: what looking at the picture is worth."""
    recall: dict[str, Figure]
    """Share of pictures whose true caption is among the first 1 or 5 of the group, by likelihood
    ("likelihood @1") and with each caption's mean over pictures taken off ("evened @1")."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scores:
    """Likelihoods of captions given pictures, group by group."""

    log_p: tuple[Floats, ...]
    """[n, n] for each group: row picture, column caption, nats; the diagonal is true."""
    lengths: tuple[Floats, ...]
    """[n] tokens of each caption."""

    @property
    def true_loss(self) -> Floats:
        """[N] nats a token with the true picture."""
        pairs = zip(self.log_p, self.lengths, strict=True)
        return np.concatenate([-np.diag(s) / n for s, n in pairs])

    @property
    def other_loss(self) -> Floats:
        """[N] nats a token with the group's other pictures, averaged."""
        pairs = zip(self.log_p, self.lengths, strict=True)
        return np.concatenate(
            [-(s.sum(0) - np.diag(s)) / (len(s) - 1) / lengths for s, lengths in pairs]
        )

    def ranks(self, *, evened: bool) -> Floats:
        """Return the rank of each picture's true caption in its group, from 0."""
        found = []
        for s in self.log_p:
            scores = s - s.mean(0, keepdims=True) if evened else s
            found.append((scores > np.diag(scores)[:, None]).sum(1))
        return np.concatenate(found).astype(np.float64)


@torch.no_grad()
def caption_scores(decoder: Decoder, held_out: Samples, group: int = GROUP) -> Scores:
    """Return every picture's likelihood of every first caption of its group.

    The artifact path is as the variant has it: on, where it injects.

    Args:
        decoder: any variant.
        held_out: captioned photographs; what does not fill a group is left out.
        group: captions that each picture ranks.

    Raises:
        InputError: there are fewer photographs than a group has.
    """
    if len(held_out) < group:
        raise InputError(
            f"{len(held_out)} captioned photographs are held out, ranking takes {group}: hold "
            "out more."
        )
    log_p, lengths = [], []
    for chosen in batches_of(len(held_out) // group * group, group):
        part = held_out.only(chosen)
        said = [c[0] for c in part.captions]
        ids, labels = text_batch(decoder.model, DESCRIBE, said)
        rows = [
            caption_likelihoods(decoder, part.only(torch.tensor([i])), ids, labels)
            for i in range(group)
        ]
        log_p.append(torch.stack(rows).double().numpy())
        lengths.append((labels != IGNORED).sum(1).double().numpy())
    return Scores(log_p=tuple(log_p), lengths=tuple(lengths))


@torch.no_grad()
def caption_losses(decoder: Decoder, held_out: Samples, *, moved: int = 0) -> Floats:
    """Return the loss of each photograph's first caption, [N] nats a token.

    Args:
        decoder: any variant.
        held_out: captioned photographs.
        moved: give every caption the picture so many places on; 0: its own.
    """
    shown = held_out.only(torch.arange(len(held_out)).roll(-moved))
    losses = []
    for chosen in batches_of(len(held_out), CAPTION_BATCH):
        part = shown.only(chosen)
        said = [held_out.captions[int(i)][0] for i in chosen]
        ids, labels = text_batch(decoder.model, DESCRIBE, said)
        known = labels[:, 1:] != IGNORED
        with autocast():
            hidden = decoder.model.answer(decoder.semantic(part), decoder.artifact(part), ids)
            logits = decoder.model.logits(hidden[:, :-1][known]).float()
        each = functional.cross_entropy(logits, labels[:, 1:][known], reduction="none")
        rows = known.nonzero()[:, 0]
        losses.append(torch.zeros(len(part)).index_add(0, rows, each) / known.sum(1))
    return torch.cat(losses).double().numpy()


def memory_of(scores: Scores) -> Memory:
    """Return the figures of a decoder's scores, each with its bootstrap interval."""
    true, other = scores.true_loss, scores.other_loss
    recall = {
        f"{name} @{top}": share((scores.ranks(evened=evened) < top).astype(np.float64))
        for name, evened in (("likelihood", False), ("evened", True))
        for top in TOP
    }
    return Memory(
        caption_loss=share(true),
        other_pictures=share(other),
        picture_use=share(other - true),
        recall=recall,
    )


def kept_share(after: Scores, before: Scores) -> Figure:
    """Return how much of the worth of looking is left: picture use after / before.

    The interval resamples photographs, the same ones in both.
    """
    now, then = after.other_loss - after.true_loss, before.other_loss - before.true_loss
    rng = np.random.default_rng(0)
    values = []
    for _ in range(RESAMPLES):
        pick = rng.integers(0, len(now), len(now))
        values.append(now[pick].mean() / then[pick].mean())
    low, high = np.quantile(values, (0.025, 0.975))
    return Figure(value=float(now.mean() / then.mean()), low=float(low), high=float(high))

"""Cached samples made of nothing, for a tiny decoder."""

from __future__ import annotations

import torch

from engine.training.batches import GENERATED, REAL, RECONSTRUCTED
from engine.training.layers_data import Samples
from engine.training.layers_towers import TOKEN_KINDS, Sets
from engine.vrm.mini import TOKENS
from tests.engine.vrm.tiny_mini import WIDTH

WORDS = ("a dog", "a real picture", "traces left", "fake", "a centre", "dog left")


def samples(kinds, *, seed=0, sources=1, captions=False) -> Samples:
    """Return samples of the given kinds, sources in turn; everything drawn."""
    generator = torch.Generator().manual_seed(seed)
    count = len(kinds)

    def drawn(*shape):
        return torch.randn(*shape, generator=generator).to(torch.bfloat16)

    return Samples(
        grid=drawn(count, TOKENS, WIDTH),
        tokens={kind: drawn(count, TOKENS, WIDTH) for kind in TOKEN_KINDS},
        kind=torch.tensor(kinds),
        sources=tuple(f"s{i % sources}" for i in range(count)),
        captions=tuple((WORDS[i % len(WORDS)],) if captions else () for i in range(count)),
    )


def sets() -> Sets:
    """Return small sets of every kind, so many sources that folds can be made of them."""
    return Sets(
        train=samples([REAL, RECONSTRUCTED, GENERATED] * 4),
        d1=samples([REAL, GENERATED] * 6, seed=1, sources=6),
        d2=samples([REAL, RECONSTRUCTED] * 6, seed=2, sources=6),
        captions=samples([REAL] * 6, seed=3, captions=True),
        held_out=samples([REAL] * 6, seed=4, captions=True),
    )

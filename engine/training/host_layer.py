"""K of a host, measured: where its own semantic understanding has formed.

Source: the rule of this project's layer analysis (`engine.training.layers_probe.choose_layer`);
the analysis itself follows arXiv 2606.15880.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch

from engine.errors import InputError
from engine.training.host_training import Sample
from engine.training.layers_probe import choose_layer, linear_cka, probe_scores
from engine.vrm.host_inputs import HostInputs
from engine.vrm.published import PUBLISHED_PROMPT
from engine.vrm.published_looking import on_device
from engine.vrm.wrapper import DeepVrm

SEEDS = 3
BEFORE_MEASURING = 0.57
"""Share of the layers that is taken where the rule finds no layer (16 of 28, as published)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLayer:
    """K of a host, and what it was chosen by."""

    layer: int
    by_rule: bool
    """False: no depth fulfilled the rule, and the published share of the depth was taken."""
    accuracy: tuple[float, ...]
    """Balanced accuracy of the probe at depths 0 to D, mean of the seeds."""
    adjacent: tuple[float, ...]
    """Similarity of each depth with the next."""


@torch.no_grad()
def choose_host_layer(
    vrm: DeepVrm, inputs: HostInputs, samples: Sequence[Sample], check: Callable[[], None]
) -> HostLayer:
    """Probe the host alone at every depth and choose K by the rule.

    Args:
        vrm: the untrained model; its injection stays closed.
        inputs: prepares its pictures.
        samples: D1, of at least two sources with both classes among them.
        check: raises Cancelled.

    Raises:
        InputError: the samples lack a class, or come from one source.
    """
    fake = np.array([sample.fake for sample in samples])
    groups = np.unique([sample.source for sample in samples], return_inverse=True)[1]
    if len(set(groups)) < 2 or fake.all() or not fake.any():
        raise InputError("Choosing K takes both classes, and pictures of several sources.")
    rows = []
    for sample in samples:
        check()
        asked = on_device(inputs.prepare(sample.load(), PUBLISHED_PROMPT), vrm)
        full = vrm.host.complete(vrm.model, asked)
        mask = vrm.host.image_mask(vrm.model, full)[0]
        states = vrm.model(
            **full, use_cache=False, output_hidden_states=True, logits_to_keep=1
        ).hidden_states
        rows.append(
            np.stack(
                [torch.cat([h[0][mask].mean(0), h[0, -1]]).float().cpu().numpy() for h in states]
            )
        )
    found = np.stack(rows, axis=1)  # [D + 1, N, 2 d]
    accuracy = tuple(
        float(np.mean([_balanced(depth, fake, groups, seed) for seed in range(SEEDS)]))
        for depth in found
    )
    adjacent = tuple(linear_cka(a, b) for a, b in pairwise(found))
    layers = len(found) - 1
    by_rule = choose_layer(accuracy, adjacent)
    # K = D would inject behind the last layer, and DeepStack has its own first layers.
    possible = by_rule is not None and vrm.host.first_layer(vrm.model) <= by_rule < layers
    return HostLayer(
        layer=by_rule if possible and by_rule is not None else round(BEFORE_MEASURING * layers),
        by_rule=possible,
        accuracy=accuracy,
        adjacent=adjacent,
    )


def _balanced(
    features: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    fake: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    groups: np.ndarray[tuple[int, ...], np.dtype[np.intp]],
    seed: int,
) -> float:
    right = (probe_scores(features, fake, groups, seed) > 0) == fake
    return float((right[fake].mean() + right[~fake].mean()) / 2)

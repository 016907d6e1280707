"""What a verdict costs in operations and memory traffic, reckoned from a model's sizes.

The measurement counts operations as they run (`engine.vrm.speed`); this module reckons the same
from the configuration, so that they can be told for a size that no machine at hand can hold. A test
holds the two together on a tiny model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from transformers import Qwen2_5_VLForConditionalGeneration

from engine.vrm.hosts import host_of
from engine.vrm.published import PUBLISHED_LAYER
from engine.vrm.random_host import TEXT_TOKENS, random_config, side_of

BYTES = 2
"""Of a weight in bfloat16."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """Operations (a multiplication and an addition count as two), 1e9, and bytes of one picture."""

    shape: str
    parameters: int
    """Of the host and V_a together."""
    tokens: int
    """Visual tokens of the picture."""
    length: int
    """Positions of the prompt, the visual tokens included."""
    tower_gflop: float
    """One tower (V_o or V_a): linear layers over all patches."""
    tower_attention_gflop: float
    """One tower: products of attention, in windows where the tower has them."""
    decoder_gflop: float
    """One run of the decoder over the prompt: linear layers."""
    decoder_attention_gflop: float
    """One run of the decoder: products of attention, the whole square as kernels count it."""
    head_gflop: float
    """The vocabulary's logits at one position."""
    verdict_gflop: float
    """One order of the answers: both towers, one run, one position of logits."""
    both_orders_gflop: float
    """The towers serve both orders; the decoder runs twice."""
    all_read_outs_gflop: float
    """With the injection off, the content hidden, and the map: one more run, and the layers from K
    on three times more (forward twice, once backward to the states)."""
    weight_gb: float
    """Weights in bfloat16, 1e9 bytes: what a batch reads from memory at least once."""
    operations_per_byte: float
    """Of a verdict of a single picture, over the bytes of the weights it reads."""


def operations(shape: str) -> Operations:
    """Reckon the operations of one verdict for a published size.

    Args:
        shape: of `engine.vrm.random_host.SHAPES`.

    Raises:
        InputError: an unknown shape.
    """
    config = random_config(shape)
    with torch.device("meta"):
        model = Qwen2_5_VLForConditionalGeneration(config)
    patches = side_of(shape) ** 2
    merge: int = config.vision_config.spatial_merge_size
    tokens = patches // merge**2
    length = tokens + TEXT_TOKENS
    host = host_of(model)
    layers = host.layers(model)
    text = config.get_text_config()
    decoder = _linear(layers, length)
    attention = 4.0 * length**2 * text.hidden_size * len(layers)
    head = 2.0 * model.get_output_embeddings().weight.numel()
    tower = _tower(model.model.visual, patches, merge)
    looking = _tower_attention(config.vision_config, patches)
    run = decoder + attention + head
    towers = 2 * (tower + looking)
    late = (len(layers) - PUBLISHED_LAYER) / len(layers) * (decoder + attention)
    weights = sum(p.numel() for p in model.parameters())
    everything = weights + sum(p.numel() for p in model.model.visual.parameters())
    return Operations(
        shape=shape,
        parameters=everything,
        tokens=tokens,
        length=length,
        tower_gflop=_giga(tower),
        tower_attention_gflop=_giga(looking),
        decoder_gflop=_giga(decoder),
        decoder_attention_gflop=_giga(attention),
        head_gflop=_giga(head),
        verdict_gflop=_giga(towers + run),
        both_orders_gflop=_giga(towers + 2 * run),
        all_read_outs_gflop=_giga(towers + 3 * run + 3 * late),
        weight_gb=round(everything * BYTES / 1e9, 3),
        operations_per_byte=round((towers + run) / (everything * BYTES), 1),
    )


def matrices_of_verdict(shape: str) -> float:
    """Return the operations of one verdict without the products of attention."""
    found = operations(shape)
    towers = 2 * found.tower_gflop
    return 1e9 * (towers + found.decoder_gflop + found.head_gflop)


def _linear(module: nn.Module, positions: int) -> float:
    """Return the operations of all linear layers, each at every position."""
    return sum(
        2.0 * m.weight.numel() * positions for m in module.modules() if isinstance(m, nn.Linear)
    )


def _tower(tower: nn.Module, patches: int, merge: int) -> float:
    """Return the operations of a tower: the merger sees patches joined, the others each patch."""
    total = 0.0
    for name, module in tower.named_modules():
        if isinstance(module, nn.Linear | nn.Conv3d):
            seen = patches // merge**2 if "merger" in name else patches
            total += 2.0 * module.weight.numel() * seen
    return total


def _tower_attention(vision: Any, patches: int) -> float:
    """Return the operations of a tower's attention: within windows, and in some blocks between all.

    Windows at the border are counted whole: at most a few parts in a hundred too much.
    """
    whole = len(vision.fullatt_block_indexes)
    window = min(patches, (vision.window_size // vision.patch_size) ** 2)
    within: float = 4.0 * patches * window * vision.hidden_size * (vision.depth - whole)
    between: float = 4.0 * patches**2 * vision.hidden_size * whole
    return within + between


def _giga(value: float) -> float:
    return round(value / 1e9, 6)

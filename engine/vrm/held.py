"""Holding a decoder's weights in fewer bits, or away from the device.

Needs torchao (extra ``gpu``), which is imported here and nowhere else.
Source of the 8- and 4-bit forms: torchao's weight-only configurations; activations stay as they
are, so that a picture's answer does not depend on the others of its batch.
"""

from __future__ import annotations

from typing import Any

import torch
from accelerate import cpu_offload
from torch import nn
from torchao.quantization import Int4WeightOnlyConfig, Int8WeightOnlyConfig, quantize_

from engine.vrm.memory import Weights
from engine.vrm.wrapper import DeepVrm

INT4_GROUP = 128
"""Values that share a scale in 4 bits."""


def hold(vrm: DeepVrm, weights: Weights, device: torch.device) -> DeepVrm:
    """Put a model's weights where and how they are to be held.

    The towers, the fusion, embeddings and norms are left as they are; it is the decoder's linear
    layers that are large.

    Args:
        vrm: on the processor, without adapters.
        weights: int8, int4 or offload.
        device: where the model runs.

    Returns:
        The same model, changed.
    """
    if weights is Weights.OFFLOAD:
        return _offloaded(vrm, device)
    config: Any = (
        Int8WeightOnlyConfig()
        if weights is Weights.INT8
        else Int4WeightOnlyConfig(group_size=INT4_GROUP, int4_packing_format="tile_packed_to_4d")
    )
    for layer in vrm.host.layers(vrm.model):
        # A layer at a time: the device never holds more than one in full.
        layer.to(device)
        quantize_(layer, config, filter_fn=_is_linear)
    return vrm.to(device)


def _is_linear(module: nn.Module, _name: str) -> bool:
    return isinstance(module, nn.Linear)


def _offloaded(vrm: DeepVrm, device: torch.device) -> DeepVrm:
    layers = vrm.host.layers(vrm.model)
    kept = list(layers)
    try:
        # Out of reach of .to(): only what is small goes to the device for good.
        for i in range(len(kept)):
            layers[i] = nn.Identity()
        vrm.to(device)
    finally:
        for i, layer in enumerate(kept):
            layers[i] = layer
    for layer in kept:
        cpu_offload(layer, execution_device=device)
    return vrm

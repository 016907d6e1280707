"""The mini's frozen base: its language model and vision tower as a pack holds them."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn
from transformers import CLIPVisionConfig, CLIPVisionModel, LlamaConfig, LlamaForCausalLM

from engine.errors import ModelError
from engine.vrm.packs.expanding import read_weights

QUICK_GELU = 1.702
"""CLIP's activation is x * sigmoid(1.702 x)."""


def load_language(folder: Path, dtype: torch.dtype) -> LlamaForCausalLM:
    """Return a pack's language model; its weights are expanded before they are handed over.

    Raises:
        ModelError: its weights are missing or broken.
    """
    config, weights = LlamaConfig.from_pretrained(folder), read_weights(folder)
    return LlamaForCausalLM.from_pretrained(None, config=config, state_dict=weights, dtype=dtype)


def load_tower(folder: Path, dtype: torch.dtype) -> CLIPVisionModel:
    """Load the tower alone; the pack also holds CLIP's projection, which nothing here uses.

    Raises:
        ModelError: its weights are missing or broken.
    """
    tower = CLIPVisionModel(CLIPVisionConfig.from_pretrained(folder))
    state = {
        name.removeprefix("vision_model."): tensor
        for name, tensor in read_weights(folder).items()
        if not name.startswith("visual_projection.")
    }
    tower.load_state_dict(state)
    return tower.to(dtype)


def fuse_activation(tower: nn.Module) -> None:
    """Turn x * sigmoid(1.702 x) into SiLU by moving the factor into the weights.

    The same function (up to rounding) in one operation instead of three: a third of the
    tower's time on a CPU goes into the activation otherwise.

    Raises:
        ModelError: the tower has another activation, which this would change without a word.
    """
    activation = tower.config.hidden_act  # type: ignore[union-attr]
    if activation != "quick_gelu":
        raise ModelError(f"The vision tower's activation is {activation!r}: quick_gelu is needed.")
    for block in tower.encoder.layers:  # type: ignore[union-attr]
        mlp = block.mlp
        mlp.fc1.weight.data.mul_(QUICK_GELU)
        mlp.fc1.bias.data.mul_(QUICK_GELU)
        mlp.fc2.weight.data.div_(QUICK_GELU)
        mlp.activation_fn = nn.SiLU()

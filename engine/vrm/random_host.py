"""Randomly initialised models of a published size: the same in speed and memory as trained ones."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

from engine.errors import InputError
from engine.vrm.published import PUBLISHED_LAYER
from engine.vrm.wrapper import DeepVrm

TEXT_TOKENS = 40
"""Length of the question with its chat template, about."""

_IDS = {
    "image_token_id": 120,
    "video_token_id": 121,
    "vision_start_token_id": 118,
    "vision_end_token_id": 119,
}
_7B_TEXT = {
    "vocab_size": 152064,
    "hidden_size": 3584,
    "intermediate_size": 18944,
    "num_hidden_layers": 28,
    "num_attention_heads": 28,
    "num_key_value_heads": 4,
    "rope_parameters": {
        "rope_type": "default",
        "mrope_section": [16, 24, 24],
        "rope_theta": 1e6,
    },
}
_TINY_TEXT = {
    "vocab_size": 128,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 20,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
    "rope_parameters": {"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 1e4},
}
_TINY_TOWER = {
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_heads": 2,
    "out_hidden_size": 32,
    "patch_size": 4,
    "depth": 3,
    "window_size": 16,
    "fullatt_block_indexes": [1],
}
SHAPES: dict[str, tuple[dict[str, Any], dict[str, Any], int]] = {
    "7b": (_7B_TEXT, {"hidden_size": 1280, "out_hidden_size": 3584}, 36),
    "tiny": (_TINY_TEXT, _TINY_TOWER, 8),
}
"""Name -> text configuration, tower configuration, patches a side of the picture."""


def random_config(shape: str) -> Qwen2_5_VLConfig:
    """Return the configuration of a published size.

    Raises:
        InputError: an unknown shape.
    """
    if shape not in SHAPES:
        raise InputError(f"Unknown shape {shape!r}: known are {', '.join(SHAPES)}.")
    text, vision, _ = SHAPES[shape]
    return Qwen2_5_VLConfig(text_config=dict(text), vision_config=dict(vision), **_IDS)


def side_of(shape: str) -> int:
    """Return the patches along a side of a shape's picture."""
    return SHAPES[shape][2]


def random_vrm(shape: str, device: torch.device, dtype: torch.dtype, seed: int = 0) -> DeepVrm:
    """Return a model of a published shape with random weights, in evaluation mode.

    Args:
        shape: of `SHAPES`; ``"7b"`` is that of arXiv 2606.15880.
        device: where it is made.
        dtype: of its weights.
        seed: of the weights.

    Raises:
        InputError: an unknown shape.
    """
    config = random_config(shape)
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []), device:
            torch.manual_seed(seed)
            model = Qwen2_5_VLForConditionalGeneration(config)
    finally:
        torch.set_default_dtype(before)
    model.generation_config.eos_token_id = None  # what it generates must not end early
    return DeepVrm(model.eval(), layer=PUBLISHED_LAYER, fusion="mean").eval()


def random_inputs(shape: str, batch: int, device: torch.device, seed: int = 0) -> dict[str, Tensor]:
    """Return inputs of a published shape: a question with one picture of 512 x 512 px a row.

    Args:
        shape: of `SHAPES`; a picture of ``"tiny"`` is 32 x 32 px.
        batch: rows.
        device: where they go.
        seed: of pixels and words.
    """
    _, vision, side = SHAPES[shape]
    patch = vision.get("patch_size", 14)
    generator = torch.Generator().manual_seed(seed)
    words = torch.randint(3, 118, (batch, TEXT_TOKENS), generator=generator)
    image = torch.full((batch, side * side // 4), _IDS["image_token_id"])
    pixels = torch.randn(batch * side * side, 3 * 2 * patch * patch, generator=generator)
    inputs = {
        "input_ids": torch.cat([words[:, :-4], image, words[:, -4:]], dim=1),
        "pixel_values": pixels,
        "image_grid_thw": torch.tensor([[1, side, side]] * batch),
    }
    return {name: tensor.to(device) for name, tensor in inputs.items()}

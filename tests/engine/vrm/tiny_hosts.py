"""Every host family as a tiny random model, with inputs built by hand."""

from __future__ import annotations

from typing import Any

import torch
import transformers
from torch import Tensor, nn

WIDTH = 32
LAYERS = 6
IMAGE = 120
_TEXT = {
    "vocab_size": 128,
    "hidden_size": WIDTH,
    "intermediate_size": 48,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}
_ROPE = {"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 1e4}
_QWEN_IDS = {
    "image_token_id": IMAGE,
    "video_token_id": 121,
    "vision_start_token_id": 118,
    "vision_end_token_id": 119,
}
_VIT = {
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}
QWEN_TOWER = {
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_heads": 2,
    "out_hidden_size": WIDTH,
    "patch_size": 4,
}


def qwen25_config(**text: Any) -> Any:
    return transformers.Qwen2_5_VLConfig(
        text_config={**_TEXT, "rope_parameters": dict(_ROPE), **text},
        vision_config={**QWEN_TOWER, "depth": 3, "window_size": 16, "fullatt_block_indexes": [1]},
        **_QWEN_IDS,
    )


def _qwen25() -> Any:
    return transformers.Qwen2_5_VLForConditionalGeneration(qwen25_config())


def _qwen3() -> Any:
    tower = {
        **QWEN_TOWER,
        "depth": 4,
        "num_position_embeddings": 16,
        "deepstack_visual_indexes": [0, 1, 2],
    }
    text = {**_TEXT, "head_dim": 8, "rope_parameters": dict(_ROPE)}
    config = transformers.Qwen3VLConfig(text_config=text, vision_config=tower, **_QWEN_IDS)
    return transformers.Qwen3VLForConditionalGeneration(config)


def _internvl() -> Any:
    config = transformers.InternVLConfig(
        text_config={"model_type": "qwen2", **_TEXT},
        vision_config={**_VIT, "image_size": [16, 16], "patch_size": [4, 4]},
        image_token_id=IMAGE,
    )
    return transformers.InternVLForConditionalGeneration(config)


def _smolvlm() -> Any:
    config = transformers.SmolVLMConfig(
        text_config={"model_type": "llama", **_TEXT},
        vision_config={**_VIT, "image_size": 16, "patch_size": 4},
        image_token_id=IMAGE,
        scale_factor=2,
        pad_token_id=0,
    )
    return transformers.SmolVLMForConditionalGeneration(config)


def _llava() -> Any:
    tower = {"model_type": "siglip_vision_model", **_VIT, "image_size": 16, "patch_size": 4}
    config = transformers.LlavaOnevisionConfig(
        text_config={"model_type": "qwen2", **_TEXT},
        vision_config=tower,
        image_token_id=IMAGE,
        video_token_id=121,
        image_grid_pinpoints=[[16, 16], [16, 32], [32, 32]],
    )
    return transformers.LlavaOnevisionForConditionalGeneration(config)


_MAKERS = {
    "qwen2_5_vl": _qwen25,
    "qwen3_vl": _qwen3,
    "internvl": _internvl,
    "smolvlm": _smolvlm,
    "llava_onevision": _llava,
}
FAMILIES = tuple(_MAKERS)


def randomise(model: nn.Module, seed: int = 0) -> None:
    """Give every matrix weights large enough that outputs depend on all inputs."""
    generator = torch.Generator().manual_seed(seed)
    for p in model.parameters():
        if p.ndim > 1:
            nn.init.normal_(p, std=1.5 / p[0].numel() ** 0.5, generator=generator)


def tiny(family: str) -> Any:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = _MAKERS[family]().eval()
    randomise(model)
    return model


def tiny_inputs(family: str, batch: int = 1, seed: int = 0) -> dict[str, Tensor]:
    """A prompt of text, an image and text for each of ``batch`` rows."""
    generator = torch.Generator().manual_seed(seed)

    def noise(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator)

    inputs: dict[str, Tensor]
    if family.startswith("qwen"):
        grid = torch.tensor([[1, 4, 8]] * batch)
        inputs, count = {"pixel_values": noise(32 * batch, 96), "image_grid_thw": grid}, 8
    elif family == "internvl":
        inputs, count = {"pixel_values": noise(batch, 3, 16, 16)}, 4
    elif family == "smolvlm":
        inputs, count = {"pixel_values": noise(batch, 1, 3, 16, 16)}, 4
    else:  # a base view, a 2 x 2 grid of crops, and a line break after each row of 8 tokens
        sizes = torch.tensor([[32, 32]] * batch)
        inputs, count = {"pixel_values": noise(batch, 5, 3, 16, 16), "image_sizes": sizes}, 88
    text = torch.randint(3, 118, (batch, 9), generator=generator)
    image = torch.full((batch, count), IMAGE)
    inputs["input_ids"] = torch.cat([text[:, :7], image, text[:, 7:]], dim=1)
    return inputs

"""Rebuilds a CLIP vision tower from an ONNX export with int8 weights.

The result is kept in float16, whose 11 bits hold an 8-bit step times a scale better than
bfloat16's 8.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor

from engine.errors import ModelError
from engine.vrm.packs.clip_export import (
    CLIP_MEAN,
    CLIP_STD,
    HEAD_WIDTH,
    Export,
    no_tower,
    read_export,
)


def convert_vision(
    source: Path, folder: Path, on_step: Callable[[int, int], None] | None = None
) -> None:
    """Write a CLIP vision tower's folder from its int8 ONNX export.

    Args:
        source: the ONNX file.
        folder: an empty folder; gets ``model.safetensors`` (float16, key names of
            CLIPVisionModelWithProjection), ``config.json`` and ``preprocessor_config.json``.
        on_step: called with (tensors done, tensors in all).

    Raises:
        ModelError: the file is no ONNX file, or not a CLIP vision tower of this kind.
    """
    export = read_export(source)
    tensors = _tensors(export, on_step)
    try:
        config = _config(tensors)
    except KeyError as error:
        raise no_tower(source, error) from error
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    _write_json(folder / "config.json", config)
    _write_json(folder / "preprocessor_config.json", _preprocessor(config["image_size"]))


def _tensors(export: Export, on_step: Callable[[int, int], None] | None) -> dict[str, Tensor]:
    total = len(export.plain) + len(export.linears)
    tensors: dict[str, Tensor] = {}

    def keep(name: str, values: NDArray[Any]) -> None:
        tensors[name] = _half(name, values)
        if on_step is not None:
            on_step(len(tensors), total)

    for name, values in export.plain.items():
        keep(name, values)
    for name, linear in export.linears.items():
        keep(f"{name}.weight", linear.weight())
    return tensors


def _half(name: str, values: NDArray[Any]) -> Tensor:
    half = torch.from_numpy(np.array(values, dtype=np.float32)).to(torch.float16)
    if not bool(torch.isfinite(half).all()):
        raise ModelError(f"{name} holds values that float16 cannot hold: the file is not sound.")
    return half


def _config(tensors: dict[str, Tensor]) -> dict[str, Any]:
    patches = tensors["vision_model.embeddings.patch_embedding.weight"]
    positions = tensors["vision_model.embeddings.position_embedding.weight"]
    width, channels, patch, _ = patches.shape
    side = round((positions.shape[0] - 1) ** 0.5)
    layers = len([name for name in tensors if name.endswith(".self_attn.q_proj.weight")])
    return {
        "architectures": ["CLIPVisionModelWithProjection"],
        "model_type": "clip_vision_model",
        "hidden_size": width,
        "intermediate_size": tensors["vision_model.encoder.layers.0.mlp.fc1.weight"].shape[0],
        "num_hidden_layers": layers,
        "num_attention_heads": max(1, width // HEAD_WIDTH),
        "projection_dim": tensors["visual_projection.weight"].shape[0],
        "image_size": side * patch,
        "patch_size": patch,
        "num_channels": channels,
        "hidden_act": "quick_gelu",
        "layer_norm_eps": 1e-5,
        "attention_dropout": 0.0,
        "dtype": "float16",
    }


def _preprocessor(side_px: int) -> dict[str, Any]:
    return {
        "image_processor_type": "CLIPImageProcessor",
        "do_resize": True,
        "size": {"shortest_edge": side_px},
        "do_center_crop": True,
        "crop_size": {"height": side_px, "width": side_px},
        "resample": 3,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": CLIP_MEAN,
        "image_std": CLIP_STD,
        "do_convert_rgb": True,
    }


def _write_json(file: Path, body: dict[str, Any]) -> None:
    file.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8", newline="\n")

"""Keeps a CLIP vision tower of an ONNX export with int8 weights as packed weights.

They expand to float16, whose 11 bits hold an 8-bit step times a scale better than bfloat16's 8.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import ModelError
from engine.vrm.packs.clip_export import (
    CLIP_MEAN,
    CLIP_STD,
    HEAD_WIDTH,
    Export,
    no_tower,
    packed_export,
    read_export,
)
from engine.vrm.packs.packed import PACKED_NAME, write_packed

FLOAT16_MAX = 65504.0


def convert_vision(
    source: Path, folder: Path, on_step: Callable[[int, int], None] | None = None
) -> None:
    """Write a CLIP vision tower's folder from its int8 ONNX export.

    Args:
        source: the ONNX file.
        folder: an empty folder; gets ``packed.safetensors`` (expands to float16, key names of
            CLIPVisionModelWithProjection), ``config.json`` and ``preprocessor_config.json``.
        on_step: called with (tensors done, tensors in all).

    Raises:
        ModelError: the file is no ONNX file, not a CLIP vision tower of this kind, or holds
            values that float16 cannot hold.
    """
    export = read_export(source)
    try:
        config = _config(export)
    except KeyError as error:
        raise no_tower(source, error) from error
    _refuse_large(export, on_step)
    write_packed(folder / PACKED_NAME, packed_export(export), "float16")
    _write_json(folder / "config.json", config)
    _write_json(folder / "preprocessor_config.json", _preprocessor(config["image_size"]))


def _refuse_large(export: Export, on_step: Callable[[int, int], None] | None) -> None:
    """Refuse weights that float16 cannot hold; packed ones are looked at by their bounds."""
    total = len(export.plain) + len(export.linears)
    bounds = dict(export.plain)
    # No 8-bit step is farther from its zero point than 255.
    bounds |= {name: linear.scale * 255 for name, linear in export.linears.items()}
    for done, (name, values) in enumerate(bounds.items(), start=1):
        if not np.abs(values).max() <= FLOAT16_MAX:
            raise ModelError(
                f"{name} holds values that float16 cannot hold: the file is not sound."
            )
        if on_step is not None:
            on_step(done, total)


def _config(export: Export) -> dict[str, Any]:
    patches = export.plain["vision_model.embeddings.patch_embedding.weight"]
    positions = export.plain["vision_model.embeddings.position_embedding.weight"]
    width, channels, patch, _ = patches.shape
    side = round((positions.shape[0] - 1) ** 0.5)
    layers = len([name for name in export.linears if name.endswith(".self_attn.q_proj")])
    hidden = export.linears["vision_model.encoder.layers.0.mlp.fc1"].quantised.shape[1]
    return {
        "architectures": ["CLIPVisionModelWithProjection"],
        "model_type": "clip_vision_model",
        "hidden_size": width,
        "intermediate_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": max(1, width // HEAD_WIDTH),
        "projection_dim": export.linears["visual_projection"].quantised.shape[1],
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

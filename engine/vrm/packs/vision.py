"""Rebuilds a CLIP vision tower from an ONNX export with int8 weights.

Each Linear of the export is a MatMulInteger node named by its layer, with weights
``..._quantized`` [in, out] (int8), ``..._zero_point`` and ``..._scale`` [out]; so
weight = ((q - zero_point) * scale) transposed. Norms, biases and embeddings are float32
under their own names. The result is kept in float16, whose 11 bits hold an 8-bit
step times a scale better than bfloat16's 8.

Source: ONNX operator MatMulInteger (onnx, Apache-2.0); CLIP, arXiv 2103.00020.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from onnx import numpy_helper
from safetensors.torch import save_file
from torch import Tensor

from engine.errors import ModelError

NODE_SUFFIX = "/MatMul_quant"
QUANTISED = "_quantized"
HEAD_WIDTH = 64
"""Width of an attention head in every CLIP tower."""
CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073]
CLIP_STD = [0.26862954, 0.26130258, 0.27577711]


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
    try:
        graph = onnx.load(str(source), load_external_data=False).graph
    except (DecodeError, OSError, ValueError) as error:
        raise ModelError(f"{source.name} is not a readable ONNX file: {error}.") from error
    tensors = _tensors(graph, on_step)
    try:
        config = _config(tensors)
    except KeyError as error:
        raise ModelError(f"{source.name} is no CLIP vision tower: {error} is missing.") from error
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    _write_json(folder / "config.json", config)
    _write_json(folder / "preprocessor_config.json", _preprocessor(config["image_size"]))


def dequantise(
    quantised: NDArray[np.int8], zero_point: NDArray[np.int8], scale: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return a Linear's weight [out, in] from int8 columns.

    Args:
        quantised: [in, out], int8 or uint8.
        zero_point: [out] or scalar, same type.
        scale: [out] or scalar, float32, > 0.
    """
    centred = quantised.astype(np.int32) - zero_point.astype(np.int32)
    return np.ascontiguousarray((centred.astype(np.float32) * scale).T)


def _tensors(
    graph: onnx.GraphProto, on_step: Callable[[int, int], None] | None
) -> dict[str, Tensor]:
    stored = {item.name: item for item in graph.initializer}
    linears = {
        _layer_name(node.name): node.input[1].removesuffix(QUANTISED)
        for node in graph.node
        if node.op_type == "MatMulInteger" and node.name.endswith(NODE_SUFFIX)
    }
    plain = [name for name in stored if name.startswith("vision_model.")]
    total = len(plain) + len(linears)
    tensors: dict[str, Tensor] = {}

    def keep(name: str, values: NDArray[Any]) -> None:
        tensors[name] = _half(name, values)
        if on_step is not None:
            on_step(len(tensors), total)

    for name in plain:
        keep(name, numpy_helper.to_array(stored[name]))
    for name, base in linears.items():
        try:
            parts = [stored[base + s] for s in (QUANTISED, "_zero_point", "_scale")]
        except KeyError as error:
            raise ModelError(f"The ONNX file has no tensor {error} for layer {name}.") from error
        keep(f"{name}.weight", dequantise(*(numpy_helper.to_array(p) for p in parts)))
    return tensors


def _layer_name(node_name: str) -> str:
    """Turn ``/vision_model/encoder/layers.0/mlp/fc1/MatMul_quant`` into the module's name."""
    return node_name.removesuffix(NODE_SUFFIX).strip("/").replace("/", ".")


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

"""Reads an ONNX export of a CLIP vision tower with int8 weights, without torch.

Each Linear of the export is a MatMulInteger node named by its layer, with weights
``..._quantized`` [in, out] (int8), ``..._zero_point`` and ``..._scale`` [out]; so
weight = ((q - zero_point) * scale) transposed. Norms, biases and embeddings are float32
under their own names.

Source: ONNX operator MatMulInteger (onnx, Apache-2.0); CLIP, arXiv 2103.00020.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from onnx import numpy_helper

from engine.errors import ModelError
from engine.vrm.packs.packed import INT8, SCALE, ZERO_POINT, Arrays, Packed

NODE_SUFFIX = "/MatMul_quant"
QUANTISED = "_quantized"
PLAIN = "vision_model."
HEAD_WIDTH = 64
"""Width of an attention head in every CLIP tower."""
CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073]
CLIP_STD = [0.26862954, 0.26130258, 0.27577711]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuantisedLinear:
    """A Linear's weight as the export stores it."""

    quantised: NDArray[np.int8]
    """[in, out]."""
    zero_point: NDArray[np.int8]
    """[out] or scalar."""
    scale: NDArray[np.float32]
    """[out] or scalar, > 0."""

    def columns(self) -> NDArray[np.float32]:
        """Return the weight as it is stored, [in, out]."""
        values = self.quantised.astype(np.float32)
        # Whole numbers: exact in float32.
        values -= self.zero_point.astype(np.float32)
        values *= self.scale
        return values


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Export:
    """What an int8 export of a tower holds."""

    plain: dict[str, NDArray[np.float32]]
    """Embeddings, norms and biases under the names that transformers gives them."""
    linears: dict[str, QuantisedLinear]
    """By the layer's name, such as ``vision_model.encoder.layers.0.mlp.fc1``."""


def read_export(source: Path) -> Export:
    """Read the tensors of an int8 export.

    Raises:
        ModelError: the file is no ONNX file, or a layer lacks one of its tensors.
    """
    try:
        graph = onnx.load(str(source), load_external_data=False).graph
    except (DecodeError, OSError, ValueError) as error:
        raise ModelError(f"{source.name} is not a readable ONNX file: {error}.") from error
    stored = {item.name: item for item in graph.initializer}
    bases = {
        _layer_name(node.name): node.input[1].removesuffix(QUANTISED)
        for node in graph.node
        if node.op_type == "MatMulInteger" and node.name.endswith(NODE_SUFFIX)
    }
    linears = {}
    for name, base in bases.items():
        try:
            parts = [stored[base + s] for s in (QUANTISED, "_zero_point", "_scale")]
        except KeyError as error:
            raise ModelError(f"The ONNX file has no tensor {error} for layer {name}.") from error
        quantised, zero_point, scale = (numpy_helper.to_array(p) for p in parts)
        linears[name] = QuantisedLinear(quantised=quantised, zero_point=zero_point, scale=scale)
    plain = {n: numpy_helper.to_array(t) for n, t in stored.items() if n.startswith(PLAIN)}
    return Export(plain=plain, linears=linears)


def packed_export(export: Export) -> Arrays:
    """Return an export's tensors by the names and kinds of `engine.vrm.packs.packed`."""
    arrays: Arrays = dict(export.plain)
    for name, linear in export.linears.items():
        arrays[f"{name}.weight:{INT8}"] = linear.quantised
        arrays[f"{name}.weight:{ZERO_POINT}"] = linear.zero_point
        arrays[f"{name}.weight:{SCALE}"] = linear.scale
    return arrays


def unpacked_export(packed: Packed) -> Export:
    """Return the export that packed weights were made of."""
    plain, linears = {}, {}
    for name, kind in packed.tensors():
        if kind != INT8:
            plain[name] = packed.arrays[name]
            continue
        quantised, zero, scale = (
            packed.arrays[f"{name}:{part}"] for part in (INT8, ZERO_POINT, SCALE)
        )
        linears[name.removesuffix(".weight")] = QuantisedLinear(
            quantised=quantised, zero_point=zero, scale=scale
        )
    return Export(plain=plain, linears=linears)


def no_tower(source: Path, missing: KeyError) -> ModelError:
    """Return the error of an export in which a tower's tensor is missing."""
    return ModelError(f"{source.name} is no CLIP vision tower: {missing} is missing.")


def _layer_name(node_name: str) -> str:
    """Turn ``/vision_model/encoder/layers.0/mlp/fc1/MatMul_quant`` into the module's name."""
    return node_name.removesuffix(NODE_SUFFIX).strip("/").replace("/", ".")

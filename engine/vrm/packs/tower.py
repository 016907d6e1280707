"""Makes an int8 ONNX graph of a CLIP vision tower that ONNX Runtime runs without torch.

The weights of an int8 export are quantised again, symmetrically, one scale a column, after
each input channel was divided by a factor that its weights are multiplied with: activations
of this tower have a few channels ten times as large as the others, which a common scale would
drown. Factors and ranges of activations were measured once (`Activations`) and are fixed, so
a picture's result never depends on what it is examined with, as it would with scales that are
taken from a batch. All arithmetic here is multiplying, dividing and rounding, element by
element, so the graph is the same, bit by bit, on every machine. It is made while a pack is
loaded: the pack keeps the export's own weights, which the mini's tower is expanded from too.

Source: SmoothQuant, arXiv 2211.10438 (moving scale from activations to weights); ONNX Runtime
operators QAttention and MatMulIntegerToFloat (MIT).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from engine.errors import ModelError
from engine.vrm.packs.clip_export import (
    CLIP_MEAN,
    CLIP_STD,
    HEAD_WIDTH,
    Export,
    no_tower,
    packed_export,
    read_export,
    unpacked_export,
)
from engine.vrm.packs.packed import PACKED_NAME, read_packed, write_packed

ACTIVATIONS_NAME = "activations.safetensors"
INPUT = "pixels"
STATE = "state_{}"
"""Name of the output with the states after a block, counted from 1."""
OPSET = 17
IR_VERSION = 9
MICROSOFT = "com.microsoft"
QUICK_GELU = 1.702
"""CLIP's activation is x * sigmoid(1.702 x); with the factor inside fc1 it is SiLU."""
INT8_MAX = 127
UINT8_MAX = 255
INLINE_BYTES = 1024
"""Smaller tensors lie in the graph itself: shapes must be known while it is planned."""
SITES = ("attention", "context", "fc1", "fc2")
"""Inputs of a block's Linears: of q, k and v; of the projection after them; of both in the MLP."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Activations:
    """How the inputs of a tower's Linears are brought to 8 bits; keys are ``0.fc1`` and so on."""

    factors: dict[str, Floats]
    """[in] each: what a channel is divided by before it is quantised, > 0."""
    ranges: dict[str, tuple[float, float]]
    """Lowest and highest value after that division; what lies outside is cut."""

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read what `write` wrote.

        Raises:
            ModelError: the file is missing or broken.
        """
        try:
            stored = load_file(file)
            names = [name.removesuffix(".factor") for name in stored if name.endswith(".factor")]
            return cls(
                factors={name: stored[f"{name}.factor"].astype(np.float32) for name in names},
                ranges={name: _pair(stored[f"{name}.range"]) for name in names},
            )
        except (OSError, SafetensorError, KeyError, ValueError) as error:
            raise ModelError(
                f"The ranges of activations in {file} cannot be read ({error}): reinstall the "
                "program."
            ) from error

    def write(self, file: Path) -> None:
        """Write the factors in half precision and the ranges as they are."""
        stored: dict[str, NDArray[Any]] = {}
        for name, factor in self.factors.items():
            stored[f"{name}.factor"] = factor.astype(np.float16)
            stored[f"{name}.range"] = np.array(self.ranges[name], np.float32)
        save_file(stored, file)


def _pair(values: NDArray[Any]) -> tuple[float, float]:
    low, high = values
    return float(low), float(high)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TowerGraph:
    """A tower's graph and the tensors that are handed to ONNX Runtime beside it."""

    model: onnx.ModelProto
    """Takes ``pixels`` [B, side, side, 3] uint8 and gives ``state_1`` to ``state_N``,
    [B, 1 + patches, width] float32: the states after each block, class token first."""
    tensors: dict[str, NDArray[Any]]
    """By the names that the graph knows them by."""


def convert_tower(
    source: Path,
    folder: Path,
    on_step: Callable[[int, int], None] | None = None,
    *,
    activations: Path,
) -> None:
    """Write what `read_tower` reads.

    Args:
        source: an int8 ONNX export of a CLIP vision tower.
        folder: gets ``packed.safetensors``, the very file that the mini's tower is kept in, and
            ``activations.safetensors``.
        on_step: called with (blocks done, blocks in all).
        activations: file that `Activations.write` wrote for this tower.

    Raises:
        ModelError: the source is no such export, or the activations are another tower's.
    """
    export = read_export(source)
    # Made once for nothing: what cannot be made of the weights is refused now.
    _made(export, activations, source, None, on_step)
    write_packed(folder / PACKED_NAME, packed_export(export), "float16")
    shutil.copyfile(activations, folder / ACTIVATIONS_NAME)


def read_tower(folder: Path, depth: int | None = None) -> TowerGraph:
    """Make the int8 graph of a pack's part.

    Args:
        folder: what `convert_tower` wrote.
        depth: the last block that is wanted; None takes all.

    Raises:
        ModelError: a file is missing or broken.
    """
    file = folder / PACKED_NAME
    return _made(unpacked_export(read_packed(file)), folder / ACTIVATIONS_NAME, file, depth, None)


def _made(
    export: Export,
    activations: Path,
    source: Path,
    depth: int | None,
    on_step: Callable[[int, int], None] | None,
) -> TowerGraph:
    try:
        return _Tower(export, Activations.read(activations), on_step).graph(depth)
    except KeyError as error:
        raise no_tower(source, error) from error


class _Tower:
    """Collects the nodes and tensors of a tower's graph."""

    def __init__(
        self,
        export: Export,
        activations: Activations,
        on_step: Callable[[int, int], None] | None,
    ) -> None:
        self._plain = export.plain
        self._linears = export.linears
        self._activations = activations
        self._on_step = on_step
        self._nodes: list[onnx.NodeProto] = []
        self._tensors: dict[str, NDArray[Any]] = {}
        self._width = export.plain["vision_model.embeddings.class_embedding"].shape[0]
        self._blocks = sum(name.endswith(".self_attn.q_proj") for name in export.linears)

    def graph(self, depth: int | None) -> TowerGraph:
        x = self._embed()
        outputs = []
        for block in range(min(self._blocks, depth or self._blocks)):
            x = self._block(block, x)
            outputs.append(helper.make_tensor_value_info(x, TensorProto.FLOAT, self._shape()))
            if self._on_step is not None:
                self._on_step(block + 1, self._blocks)
        side = self._side_px()
        pixels = helper.make_tensor_value_info(INPUT, TensorProto.UINT8, ["batch", side, side, 3])
        graph = helper.make_graph(self._nodes, "tower", [pixels], outputs)
        beside = {}
        for name, values in self._tensors.items():
            if values.nbytes < INLINE_BYTES:
                graph.initializer.append(numpy_helper.from_array(values, name))
            else:
                graph.initializer.append(_outside(name, values))
                beside[name] = values
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
        return TowerGraph(model=model, tensors=beside)

    def _side_px(self) -> int:
        positions = self._plain["vision_model.embeddings.position_embedding.weight"].shape[0]
        patch = self._plain["vision_model.embeddings.patch_embedding.weight"].shape[-1]
        return int(round((positions - 1) ** 0.5) * patch)

    def _shape(self) -> list[str | int]:
        positions = self._plain["vision_model.embeddings.position_embedding.weight"].shape[0]
        return ["batch", positions, self._width]

    def _keep(self, name: str, values: NDArray[Any]) -> str:
        """Store a tensor under its name; one that is there already is used again."""
        self._tensors.setdefault(name, np.ascontiguousarray(values))
        return name

    def _whole(self, name: str, *values: int) -> str:
        return self._keep(name, np.array(values, np.int64))

    def _node(self, op: str, name: str, inputs: Sequence[str], **attributes: Any) -> str:
        domain = MICROSOFT if op in ("QAttention", "MatMulIntegerToFloat", "QuickGelu") else ""
        self._nodes.append(
            helper.make_node(op, inputs, [name], name=name, domain=domain, **attributes)
        )
        return name

    def _embed(self) -> str:
        """Normalise pixels, embed patches, put the class token first, add positions."""
        node, keep = self._node, self._keep
        at = "vision_model.embeddings."
        mean, std = (np.array(v, np.float32)[:, None, None] for v in (CLIP_MEAN, CLIP_STD))
        x = node("Cast", "float", [INPUT], to=TensorProto.FLOAT)
        x = node("Transpose", "channels", [x], perm=[0, 3, 1, 2])
        x = node("Div", "scaled", [x, keep("spread", std * np.float32(UINT8_MAX))])
        x = node("Sub", "normalised", [x, keep("middle", mean / std)])
        kernel = self._plain[at + "patch_embedding.weight"]
        patch = kernel.shape[-1]
        x = node(
            "Conv",
            "patches",
            [x, keep(at + "patch_embedding.weight", kernel)],
            kernel_shape=[patch, patch],
            strides=[patch, patch],
        )
        x = node("Reshape", "patch_rows", [x, self._whole("patch_shape", 0, self._width, -1)])
        x = node("Transpose", "patch_tokens", [x], perm=[0, 2, 1])
        batch = node("Gather", "batch_size", [node("Shape", "shape", [x]), self._whole("first", 0)])
        one = self._whole("one_token", 1, self._width)
        spread = node("Concat", "class_shape", [batch, one], axis=0)
        token = self._plain[at + "class_embedding"].reshape(1, 1, -1)
        token_name = node("Expand", "class_token", [keep(at + "class_embedding", token), spread])
        x = node("Concat", "tokens", [token_name, x], axis=1)
        positions = self._plain[at + "position_embedding.weight"][None]
        x = node("Add", "placed", [x, keep(at + "position_embedding.weight", positions)])
        return self._norm("vision_model.pre_layrnorm", x, None)

    def _block(self, block: int, x: str) -> str:
        """Add one block: attention and MLP, each after a norm and added to what it read."""
        at = f"vision_model.encoder.layers.{block}."
        context = self._factor(block, "context")
        h = self._norm(at + "layer_norm1", x, self._factor(block, "attention"))
        weights = [self._weight(f"{at}self_attn.{p}_proj") for p in "qkv"]
        biases = [self._plain[f"{at}self_attn.{p}_proj.bias"] for p in "qkv"]
        # Attention is linear in v: what divides the context can divide v.
        weights[2], biases[2] = weights[2] / context, biases[2] / context
        attended = self._attention(
            block, h, np.concatenate(weights, axis=1), np.concatenate(biases)
        )
        name = at + "self_attn.out_proj"
        out = self._linear(
            block, "context", attended, self._weight(name), self._plain[name + ".bias"]
        )
        x = self._node("Add", f"{block}.attended", [x, out])
        h = self._norm(at + "layer_norm2", x, self._factor(block, "fc1"))
        weight, bias = self._weight(at + "mlp.fc1"), self._plain[at + "mlp.fc1.bias"]
        gelu = np.float32(QUICK_GELU)
        h = self._linear(block, "fc1", h, weight * gelu, bias * gelu)
        h = self._node("QuickGelu", f"{block}.silu", [h], alpha=1.0)
        inverse = 1 / (gelu * self._factor(block, "fc2"))
        h = self._node("Mul", f"{block}.evened", [h, self._keep(f"{block}.fc2.inverse", inverse)])
        weight, bias = self._weight(at + "mlp.fc2"), self._plain[at + "mlp.fc2.bias"]
        out = self._linear(block, "fc2", h, weight, bias)
        return self._node("Add", STATE.format(block + 1), [x, out])

    def _factor(self, block: int, site: str) -> Floats:
        return self._activations.factors[f"{block}.{site}"]

    def _weight(self, name: str) -> Floats:
        """Return a Linear's weight [in, out]."""
        return self._linears[name].columns()

    def _norm(self, name: str, x: str, factor: Floats | None) -> str:
        """Add a layer norm whose output is divided by ``factor``."""
        parts = [self._plain[f"{name}.{part}"] for part in ("weight", "bias")]
        if factor is not None:
            parts = [part / factor for part in parts]
        kept = [
            self._keep(f"{name}.{n}", p) for n, p in zip(("weight", "bias"), parts, strict=True)
        ]
        return self._node("LayerNormalization", name, [x, *kept], axis=-1, epsilon=1e-5)

    def _quantised(self, block: int, site: str, x: str, weight: Floats) -> dict[str, str]:
        """Quantise an input and its weight; return the names of what came of both."""
        at = f"{block}.{site}"
        low, high = self._activations.ranges[at]
        low, high = min(low, 0.0), max(high, 0.0)
        step = np.float32((high - low) / UINT8_MAX)
        zero = np.array(np.clip(np.rint(-low / step), 0, UINT8_MAX), np.uint8)
        weight = weight * self._factor(block, site)[:, None]
        steps = np.maximum(np.abs(weight).max(axis=0), np.float32(1e-12)) / np.float32(INT8_MAX)
        names = {
            "step": self._keep(f"{at}.step", np.array(step)),
            "zero": self._keep(f"{at}.zero", zero),
            "weight": self._keep(f"{at}.weight", np.rint(weight / steps).astype(np.int8)),
            "steps": self._keep(f"{at}.steps", steps),
        }
        names["x"] = self._node(
            "QuantizeLinear", f"{at}.quantised", [x, names["step"], names["zero"]]
        )
        return names

    def _linear(self, block: int, site: str, x: str, weight: Floats, bias: Floats) -> str:
        names = self._quantised(block, site, x, weight)
        inputs = [names[n] for n in ("x", "weight", "step", "steps", "zero")]
        kept = self._keep(f"{block}.{site}.bias", bias)
        return self._node("MatMulIntegerToFloat", f"{block}.{site}", [*inputs, "", kept])

    def _attention(self, block: int, x: str, weight: Floats, bias: Floats) -> str:
        names = self._quantised(block, "attention", x, weight)
        kept = self._keep(f"{block}.attention.bias", bias)
        inputs = [names["x"], names["weight"], kept, names["step"], names["steps"], ""]
        heads = max(1, self._width // HEAD_WIDTH)
        return self._node(
            "QAttention", f"{block}.attention", [*inputs, names["zero"]], num_heads=heads
        )


def _outside(name: str, values: NDArray[Any]) -> onnx.TensorProto:
    """Describe a tensor that is handed over beside the graph."""
    tensor = onnx.TensorProto(
        name=name,
        dims=values.shape,
        data_type=helper.np_dtype_to_tensor_dtype(values.dtype),
        data_location=TensorProto.EXTERNAL,
    )
    for key, value in (("location", "memory"), ("offset", 0), ("length", values.nbytes)):
        tensor.external_data.add(key=key, value=str(value))
    return tensor

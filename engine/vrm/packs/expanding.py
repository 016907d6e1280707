"""Expands packed weights to the tensors that a model is made of, one rounding at the end.

The numbers are those that ggml and ONNX Runtime compute with: scales in float32, one
multiplication and one addition a value, rounded once to the dtype that the pack states.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from engine.errors import ModelError
from engine.vrm.packs.packed import (
    BLOCK,
    BLOCK_BYTES,
    INT8,
    PACKED_NAME,
    Q4_1,
    Q8_0,
    SCALE,
    ZERO_POINT,
    Packed,
    read_packed,
)

WHOLE_NAME = "model.safetensors"
"""Weights that need no expanding: packs of the earlier form, and those of other models."""
PIECE = 1 << 15
"""Values expanded in one step: they stay in the processor's cache."""


def read_weights(folder: Path) -> dict[str, Tensor]:
    """Return the weights of a pack's part, by the names that transformers gives them.

    Args:
        folder: with ``packed.safetensors``, or with ``model.safetensors``.

    Raises:
        ModelError: neither is there, or it is broken.
    """
    if (folder / PACKED_NAME).is_file():
        return expand(read_packed(folder / PACKED_NAME))
    try:
        return load_file(folder / WHOLE_NAME)
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"The weights in {folder} cannot be read ({error}): run 'residua models "
            "assemble' with the pack's name."
        ) from error


def expand(packed: Packed) -> dict[str, Tensor]:
    """Return all tensors of packed weights, in the dtype that they state."""
    dtype: torch.dtype = getattr(torch, packed.dtype)
    return {name: _expand(packed, name, kind, dtype) for name, kind in packed.tensors()}


def _expand(packed: Packed, name: str, kind: str, dtype: torch.dtype) -> Tensor:
    if kind == INT8:
        parts = [packed.arrays[f"{name}:{part}"] for part in (INT8, ZERO_POINT, SCALE)]
        quantised, zero, scale = map(_tensor, parts)
        return _columns(quantised, zero, scale, dtype)
    if not kind:
        return _tensor(packed.arrays[name]).to(dtype)
    blocks = _tensor(packed.arrays[f"{name}:{kind}"])
    rows = len(blocks)
    blocks = blocks.reshape(-1, BLOCK_BYTES[kind])
    out = torch.empty((len(blocks), BLOCK), dtype=dtype)
    values = {Q4_1: _q4_1, Q8_0: _q8_0}[kind]
    step = PIECE // BLOCK
    for i in range(0, len(blocks), step):
        out[i : i + step] = values(blocks[i : i + step])
    return out.reshape(rows, -1)


def _q4_1(blocks: Tensor) -> Tensor:
    """Return the values [N, 32] of blocks [N, 20]: step and least value (half), 16 x 2 x 4 bits."""
    scales = blocks[:, :4].contiguous().view(torch.float16).float()
    bits = blocks[:, 4:]
    steps = torch.cat([bits & 15, bits >> 4], dim=1).float()
    # Two operations, not a fused one: it would round differently.
    return steps.mul_(scales[:, :1]).add_(scales[:, 1:])


def _q8_0(blocks: Tensor) -> Tensor:
    """Return the values [N, 32] of blocks [N, 34]: a step (half) and 32 x 8 bits."""
    scale = blocks[:, :2].contiguous().view(torch.float16).float()
    return blocks[:, 2:].contiguous().view(torch.int8).float().mul_(scale)


def _columns(quantised: Tensor, zero: Tensor, scale: Tensor, dtype: torch.dtype) -> Tensor:
    """Return a weight [out, in] of columns [in, out] of 8 bits."""
    out = torch.empty(quantised.shape, dtype=dtype)
    step = max(1, PIECE // quantised.shape[1])
    for i in range(0, len(quantised), step):
        out[i : i + step] = quantised[i : i + step].float().sub_(zero.float()).mul_(scale)
    return out.T.contiguous()


def _tensor(values: NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values))

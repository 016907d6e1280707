"""Weights in few bits, as they arrived: `packed.safetensors`, and what lies in it.

A name says after a colon how a tensor is stored; one without a colon is float32 as it is.

======================= ============================================================
``NAME:q4_1``           uint8 [out, in / 32 * 20], blocks of ggml's Q4_1
``NAME:q8_0``           uint8 [out, in / 32 * 34], blocks of ggml's Q8_0
``NAME:int8``           int8 [in, out], with ``NAME:zero_point`` int8 and
                        ``NAME:scale`` float32, [out] or scalar
======================= ============================================================

What all of it expands to is stated in the file itself. Reading needs no torch.

Source: GGUF specification (ggml), MIT: block formats; safetensors format, Apache-2.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from engine.errors import ModelError

PACKED_NAME = "packed.safetensors"
FORM = "packed 1"
"""How the file calls this layout, before the dtype that it expands to."""
DTYPES = ("bfloat16", "float16")
"""What packed weights may expand to."""
Q4_1, Q8_0, INT8, ZERO_POINT, SCALE = "q4_1", "q8_0", "int8", "zero_point", "scale"
BLOCK = 32
"""Values a block of ggml's holds."""
BLOCK_BYTES = {Q4_1: 20, Q8_0: 34}

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packed:
    """What a file of packed weights holds."""

    dtype: str
    """What it expands to: ``"bfloat16"`` or ``"float16"``."""
    arrays: Arrays
    """By name and kind, as the module says."""

    def tensors(self) -> Iterator[tuple[str, str]]:
        """Return (name, kind) of each tensor; kind is empty for float32."""
        for stored in self.arrays:
            name, _, kind = stored.partition(":")
            if kind not in (ZERO_POINT, SCALE):
                yield name, kind


def write_packed(file: Path, arrays: Mapping[str, NDArray[Any]], dtype: str) -> None:
    """Write packed weights; the same arrays give the same bytes.

    Args:
        file: where.
        arrays: by name and kind, as the module says.
        dtype: what they expand to, of `DTYPES`.
    """
    whole = {name: np.ascontiguousarray(values) for name, values in arrays.items()}
    # One entry alone: the order of several is not fixed.
    save_file(whole, file, metadata={"format": f"{FORM} {dtype}"})


def read_packed(file: Path) -> Packed:
    """Read what `write_packed` wrote.

    Raises:
        ModelError: the file is missing, broken, or of another layout.
    """
    try:
        with safe_open(file, framework="numpy") as stored:
            said = str((stored.metadata() or {}).get("format"))
            arrays = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, ValueError) as error:
        raise ModelError(
            f"The packed weights {file} cannot be read ({error}): run "
            "'residua models assemble' with the pack's name."
        ) from error
    form, _, dtype = said.rpartition(" ")
    if form != FORM or dtype not in DTYPES:
        raise ModelError(
            f"The packed weights {file} are of the form {said!r}, this program reads {FORM!r} of "
            f"{' or '.join(DTYPES)}: assemble the pack again with this version."
        )
    packed = Packed(dtype=dtype, arrays=arrays)
    for name, kind in packed.tensors():
        _refuse_odd(file, arrays, name, kind)
    return packed


def _refuse_odd(file: Path, arrays: Arrays, name: str, kind: str) -> None:
    """Refuse a tensor that could not be expanded."""
    values = arrays[f"{name}:{kind}" if kind else name]
    match kind:
        case "":
            fits = values.dtype == np.float32
        case "q4_1" | "q8_0":
            fits = values.dtype == np.uint8 and values.ndim == 2
            fits = fits and values.shape[1] % BLOCK_BYTES[kind] == 0
        case "int8":
            beside = [arrays.get(f"{name}:{part}") for part in (ZERO_POINT, SCALE)]
            fits = values.dtype == np.int8 and values.ndim == 2
            fits = fits and all(b is not None and b.size in (1, values.shape[1]) for b in beside)
        case _:
            fits = False
    if not fits:
        raise ModelError(
            f"{file} holds {name!r} as {kind or 'float32'!r} of {values.dtype} {values.shape}, "
            "which this program cannot expand: assemble the pack again."
        )

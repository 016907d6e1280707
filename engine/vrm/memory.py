"""In which form a large checkpoint fits the memory there is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import prod
from pathlib import Path

from engine.errors import ModelError
from engine.vrm.checkpoint import read_header, weight_files

SPARE = 0.15
"""Share of the memory kept for states, cache and fragments. Chosen, not measured."""

SPARE_BYTES = 2 << 30
"""And at least as much: a batch of prompts and its cache at 512 x 512."""

DTYPE_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "I8": 1, "U8": 1}


class Weights(StrEnum):
    """How the weights of a checkpoint are held."""

    AUTO = "auto"
    """The first of the others that fits."""
    STORED = "stored"
    """In the dtype of the checkpoint."""
    INT8 = "int8"
    """The decoder's linear layers in 8 bits, one scale a row."""
    INT4 = "int4"
    """The decoder's linear layers in 4 bits, one scale in 128 values. On CUDA devices."""
    OFFLOAD = "offload"
    """The decoder's layers stay in main memory and are sent to the device one by one: slow."""


SHARES = {Weights.INT8: 0.51, Weights.INT4: 0.27, Weights.OFFLOAD: 0.05}
"""Of a decoder's bytes in 16 bits, what is on the device: values and scales (one a row; one in 128
values), or one layer at a time. Reckoned, not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a checkpoint is, in the dtype it is stored in."""

    decoder_bytes: int
    """Linear layers of the decoder, which can be held in fewer bits."""
    other_bytes: int
    """Everything else: towers, embeddings, norms."""
    parameters: int
    """Number of all parameters."""

    def held(self, weights: Weights) -> int:
        """Return the bytes on the device when the weights are held so."""
        return self.other_bytes + int(self.decoder_bytes * SHARES.get(weights, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a checkpoint is held, and why."""

    weights: Weights
    """Never AUTO."""
    reason: str
    """A sentence for a person; says so where the way is slow or changes answers."""


def measure(folder: Path) -> Size:
    """Return a checkpoint's size from the headers of its files; no weight is read.

    Raises:
        ModelError: a file is missing or damaged.
    """
    decoder = other = parameters = 0
    for file, keys in weight_files(folder).items():
        for name, entry in read_header(file).items():
            if keys is not None and name not in keys:
                continue
            count = prod(entry["shape"])
            size = count * DTYPE_BYTES.get(entry["dtype"], 4)
            parameters += count
            if ".layers." in name and len(entry["shape"]) == 2 and not _is_tower(name):
                decoder += size
            else:
                other += size
    return Size(decoder_bytes=decoder, other_bytes=other, parameters=parameters)


def _is_tower(name: str) -> bool:
    """Return whether a weight is V_o's or V_a's; towers of some hosts have layers too."""
    return any(part in name for part in ("visual", "vision", "artifact"))


def plan(size: Size, free_bytes: int, asked: Weights, *, cuda: bool) -> Plan:
    """Return how to hold a checkpoint.

    Args:
        size: of the checkpoint.
        free_bytes: the device's free memory.
        asked: what the operator asked for.
        cuda: whether the device is one of CUDA.

    Raises:
        ModelError: what was asked for is not possible on this device.
    """
    if asked is Weights.INT4 and not cuda:
        raise ModelError(
            "--weights int4 needs a CUDA device: use --weights int8 or stored on a processor."
        )
    if asked is not Weights.AUTO:
        return Plan(weights=asked, reason=f"--weights {asked} was asked for.{_caveat(asked)}")
    if not cuda:
        return Plan(weights=Weights.STORED, reason="On a processor, as stored.")
    room = free_bytes - max(SPARE_BYTES, int(free_bytes * SPARE))
    for weights in (Weights.STORED, Weights.INT8, Weights.INT4):
        if size.held(weights) <= room:
            return Plan(
                weights=weights,
                reason=(
                    f"{size.held(weights) / 1e9:.1f} GB of weights ({weights}) fit the device's "
                    f"{free_bytes / 1e9:.1f} GB of free memory.{_caveat(weights)}"
                ),
            )
    return Plan(
        weights=Weights.OFFLOAD,
        reason=(
            f"Even in 4 bits the weights ({size.held(Weights.INT4) / 1e9:.1f} GB) do not fit the "
            f"device's {free_bytes / 1e9:.1f} GB of free memory.{_caveat(Weights.OFFLOAD)}"
        ),
    )


def _caveat(weights: Weights) -> str:
    if weights in (Weights.INT8, Weights.INT4):
        return " Fewer bits change log-odds a little; 'residua bench --gpu' measures how much."
    if weights is Weights.OFFLOAD:
        return (
            " The decoder stays in main memory and is sent to the device layer by layer for every "
            "run: expect a tenth of the speed or less."
        )
    return ""

"""Checkpoint folders of the hub's form: one or many safetensors files beside a config.json."""

from __future__ import annotations

import json
import struct
from pathlib import Path, PurePath
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from engine.errors import ModelError

SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"
_OTHER_FORMATS = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".h5", ".msgpack", ".onnx", ".gguf")
_MAX_NAMED = 8

HEADER_LIMIT = 100 << 20
"""Longest header of a safetensors file that is read, bytes; the format's own limit."""


def listed(names: list[str]) -> str:
    """Return names for a message: the first few, and how many more."""
    more = f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
    return ", ".join(names[:_MAX_NAMED]) + more


def read_json(file: Path) -> dict[str, Any]:
    """Return the object in a JSON file.

    Raises:
        ModelError: the file is missing, unreadable, or holds no object.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{file} cannot be read as JSON: {error}.") from error
    if not isinstance(found, dict):
        raise ModelError(f"{file} holds no JSON object.")
    return found


def weight_files(folder: Path) -> dict[Path, list[str] | None]:
    """Return the weight files of a checkpoint, each with the keys to take (None: all).

    Raises:
        ModelError: there are none, a shard is missing, or they are of a format that can run
            code when it is read.
    """
    index = folder / INDEX
    if index.is_file():
        return _shards(folder, read_json(index).get("weight_map"))
    if (folder / SINGLE).is_file():
        return {folder / SINGLE: None}
    others = sorted(f.name for f in folder.glob("*") if f.suffix in _OTHER_FORMATS)
    if others:
        raise ModelError(
            f"{folder} holds weights as {listed(others)}; only safetensors is read, because the "
            "others can run code or need another program. Convert them to safetensors first."
        )
    raise ModelError(f"{folder} holds no weights: neither {SINGLE} nor {INDEX} is there.")


def read_weights(folder: Path) -> dict[str, Tensor]:
    """Return all tensors of a checkpoint by key, on the CPU, in their own dtype.

    Raises:
        ModelError: see ``weight_files``; or a file is damaged, lacks keys, or is quantised.
    """
    found: dict[str, Tensor] = {}
    for file, keys in weight_files(folder).items():
        found.update(read_tensors(file, keys))
    odd = [key for key, tensor in found.items() if not tensor.is_floating_point()]
    if odd:
        raise ModelError(
            f"{folder} holds quantised weights ({listed(odd)}): give a float32, float16 or "
            "bfloat16 checkpoint."
        )
    return found


def read_header(file: Path) -> dict[str, Any]:
    """Return the header of a safetensors file: name -> dtype, shape, offsets; no weight is read.

    Raises:
        ModelError: the file is missing or damaged.
    """
    try:
        with file.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            if length > HEADER_LIMIT:
                raise ValueError(f"a header of {length} bytes")
            found = json.loads(stream.read(length))
            return {name: entry for name, entry in found.items() if name != "__metadata__"}
    except (OSError, ValueError, AttributeError, struct.error) as error:
        raise ModelError(f"{file} is missing or damaged: {error}.") from error


def read_shapes(folder: Path) -> dict[str, Tensor]:
    """Return all tensors of a checkpoint by key without their values, on the meta device.

    Raises:
        ModelError: see ``weight_files``; or a file is damaged or lacks keys.
    """
    found: dict[str, Tensor] = {}
    for file, keys in weight_files(folder).items():
        header = read_header(file)
        missing = [key for key in keys or () if key not in header]
        if missing:
            raise ModelError(f"{file} lacks tensors it should hold: {listed(missing)}.")
        for key in header if keys is None else keys:
            found[key] = torch.empty(header[key]["shape"], device="meta")
    return found


def read_tensors(file: Path, keys: list[str] | None = None) -> dict[str, Tensor]:
    """Return tensors of one safetensors file.

    Args:
        file: the file.
        keys: those to take; None for all.

    Raises:
        ModelError: the file is missing or damaged, or lacks a key.
    """
    try:
        with safe_open(file, framework="pt") as opened:
            there = list(opened.keys())
            missing = [key for key in keys or () if key not in set(there)]
            if missing:
                raise ModelError(f"{file} lacks tensors it should hold: {listed(missing)}.")
            return {key: opened.get_tensor(key) for key in (there if keys is None else keys)}
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{file} is missing or damaged: {error}.") from error


def _shards(folder: Path, weight_map: object) -> dict[Path, list[str] | None]:
    if not isinstance(weight_map, dict) or not weight_map:
        raise ModelError(f"{folder / INDEX} has no weight_map.")
    shards: dict[Path, list[str] | None] = {}
    for key, name in weight_map.items():
        if not isinstance(name, str) or PurePath(name).name != name or "\\" in name:
            raise ModelError(f"{folder / INDEX} names {name!r}, which is no file of its folder.")
        if not name.endswith(".safetensors"):
            raise ModelError(f"{folder / INDEX} names {name!r}; only safetensors is read.")
        keys = shards.setdefault(folder / name, [])
        assert keys is not None
        keys.append(key)
    gone = sorted(file.name for file in shards if not file.is_file())
    if gone:
        raise ModelError(f"{folder} lacks weight files of its index: {listed(gone)}.")
    return shards

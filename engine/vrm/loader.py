"""Loads a model by name or folder, on the device that was asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import torch
from transformers.utils import logging

from engine import paths
from engine.errors import InputError, ModelError
from engine.types import ModelInfo
from engine.vrm.checkpoint_packs import PART
from engine.vrm.examiner import Examiner
from engine.vrm.explain import EXPLAIN
from engine.vrm.host_checkpoint import is_checkpoint
from engine.vrm.memory import Weights
from engine.vrm.mini import QUESTION, SYSTEM, Mini, read_trained
from engine.vrm.mini_config import CALIBRATION_FILE, MINI, TRAINED_FILE, MiniConfig
from engine.vrm.mini_examiner import MiniExaminer
from engine.vrm.packs import find_pack, list_packs, require_sound, verify_trained
from engine.vrm.published_examiner import Hold, load_examiner
from engine.vrm.readouts import load_readings
from engine.vrm.standout import FILE as STANDOUT_FILE
from engine.vrm.standout import read_head

__all__ = [
    "CALIBRATION_FILE",
    "MINI",
    "TRAINED_FILE",
    "cpu_dtype",
    "dtype_of",
    "load",
    "load_mini",
    "pick_device",
]


def load(
    model: str,
    device: str,
    weights: Weights = Weights.AUTO,
    holder: Callable[[], Hold] | None = None,
    *,
    dtype: torch.dtype | None = None,
) -> Examiner:
    """Return a loaded examiner; `engine.vrm.triage` has the fast path.

    Args:
        model: ``"mini"``, an imported pack, or the folder of a checkpoint of any host.
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        weights: how the weights of a large checkpoint are held.
        holder: gives what holds them otherwise than stored.
        dtype: to compute in; None takes the checkpoint's own, or what the processor is good at.

    Raises:
        InputError: the device is unknown.
        ModelError: the pack is missing or broken, or the device cannot run it.
    """
    # Loading takes a second; a bar of its own among the program's progress only confuses.
    logging.disable_progress_bar()
    if model == MINI and weights not in (Weights.AUTO, Weights.STORED):
        raise ModelError(f"The mini's weights are held as stored: leave --weights {weights} out.")
    if model == MINI:
        return load_mini(pick_device(device, mini=True), dtype)
    folder = _checkpoint(model)
    if not folder.is_dir() or not is_checkpoint(folder):
        raise ModelError(
            f"No model {model!r}: name 'mini', an imported pack, or the folder of a checkpoint in "
            "the published layout or of another host (config.json and safetensors)."
        )
    target = pick_device(device, mini=False)
    return (
        load_examiner(folder, target, weights, dtype=dtype)
        if holder is None
        else load_examiner(folder, target, weights, holder, dtype=dtype)
    )


def _checkpoint(model: str) -> Path:
    """Return the folder of a checkpoint: of the pack of that name, or the folder itself."""
    for pack in list_packs():
        if pack.name == model:
            require_sound(pack)
            return pack.part(PART).folder
    return Path(model)


def pick_device(device: str, *, mini: bool) -> torch.device:
    """Return the device to run on.

    Raises:
        InputError: the name is unknown.
        ModelError: no CUDA device is there, or the mini was asked to run on one.
    """
    if device not in ("auto", "cpu", "cuda"):
        raise InputError(f"Unknown device {device!r}: use auto, cpu or cuda.")
    if device == "cuda" and not torch.cuda.is_available():
        raise ModelError("No CUDA device is available here: use --device cpu or auto.")
    if mini:
        if device == "cuda":
            raise ModelError("The mini runs on the CPU in this version: use --device cpu or auto.")
        return torch.device("cpu")
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(device)


def load_mini(device: torch.device, dtype: torch.dtype | None = None) -> MiniExaminer:
    """Return the embedded model with this project's trained weights.

    Args:
        device: where it runs.
        dtype: to compute in; None takes what the processor is good at.

    Raises:
        ModelError: the pack, the trained weights or the calibration are missing, broken or
            do not fit.
    """
    pack = find_pack(MINI)
    require_sound(pack)
    weights = paths.resources_dir() / "weights" / MINI
    manifest = verify_trained(weights)
    trained = read_trained(weights / TRAINED_FILE)
    readings = load_readings(weights / CALIBRATION_FILE)
    dtype = dtype or cpu_dtype()
    config = MiniConfig()
    mini = Mini(pack.folder, config, dtype)
    mini.load_trained(trained)
    mini.eval()
    prompts = "\n".join((SYSTEM, QUESTION, EXPLAIN)).encode()
    both = hashlib.sha256(f"{pack.identity}\n{manifest.sha256}".encode()).hexdigest()
    info = ModelInfo(
        name=MINI,
        sha256=both,
        injection_layer=config.injection_layer,
        fusion=config.fusion,
        device=str(device),
        dtype=str(dtype).removeprefix("torch."),
        prompt_sha256=hashlib.sha256(prompts).hexdigest(),
    )
    standout = read_head(weights / STANDOUT_FILE, mini.tower.config.hidden_size)
    return MiniExaminer(mini, readings, info, standout)


def dtype_of(name: str) -> torch.dtype:
    """Return the dtype of a name.

    Raises:
        InputError: it is not one that models are computed in.
    """
    known = {"float32": torch.float32, "bfloat16": torch.bfloat16}
    if name not in known:
        raise InputError(f"Unknown dtype {name!r}: use {' or '.join(known)}.")
    return known[name]


def cpu_dtype() -> torch.dtype:
    """Return bfloat16 where the processor multiplies it natively, float32 elsewhere."""
    capabilities = torch.cpu.get_capabilities()
    native = capabilities.get("amx_bf16") or capabilities.get("avx512_bf16")
    return torch.bfloat16 if native else torch.float32

"""Loads a model by name or folder, on the device that was asked for."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from transformers.utils import logging

from engine import paths
from engine.errors import InputError, ModelError
from engine.types import ModelInfo
from engine.vrm.examiner import Examiner
from engine.vrm.mini import DESCRIBE, LOCATE, QUESTION, SYSTEM, Mini, read_trained
from engine.vrm.mini_config import CALIBRATION_FILE, MINI, TRAINED_FILE, MiniConfig
from engine.vrm.mini_examiner import MiniExaminer
from engine.vrm.packs import find_pack, require_sound, verify_trained
from engine.vrm.published import is_published
from engine.vrm.published_examiner import load_examiner
from engine.vrm.readouts import load_readings

__all__ = [
    "CALIBRATION_FILE",
    "MINI",
    "TRAINED_FILE",
    "cpu_dtype",
    "load",
    "load_mini",
    "pick_device",
]


def load(model: str, device: str) -> Examiner:
    """Return a loaded examiner; `engine.vrm.triage` has the fast path.

    Args:
        model: ``"mini"`` or the folder of a published-layout checkpoint.
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.

    Raises:
        InputError: the device is unknown.
        ModelError: the pack is missing or broken, or the device cannot run it.
    """
    # Loading takes a second; a bar of its own among the program's progress only confuses.
    logging.disable_progress_bar()
    if model == MINI:
        return load_mini(pick_device(device, mini=True))
    folder = Path(model)
    if not folder.is_dir() or not is_published(folder):
        raise ModelError(
            f"No model {model!r}: name 'mini' or the folder of a checkpoint in the published "
            "layout (config.json and safetensors)."
        )
    return load_examiner(folder, pick_device(device, mini=False))


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


def load_mini(device: torch.device) -> MiniExaminer:
    """Return the embedded model with this project's trained weights.

    Args:
        device: where it runs.

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
    dtype = cpu_dtype()
    config = MiniConfig()
    mini = Mini(pack.folder, config, dtype)
    mini.load_trained(trained)
    mini.eval()
    prompts = "\n".join((SYSTEM, QUESTION, DESCRIBE, LOCATE)).encode()
    both = hashlib.sha256(f"{pack.sha256}\n{manifest.sha256}".encode()).hexdigest()
    info = ModelInfo(
        name=MINI,
        sha256=both,
        injection_layer=config.injection_layer,
        fusion=config.fusion,
        device=str(device),
        dtype=str(dtype).removeprefix("torch."),
        prompt_sha256=hashlib.sha256(prompts).hexdigest(),
    )
    return MiniExaminer(mini, readings, info)


def cpu_dtype() -> torch.dtype:
    """Return bfloat16 where the processor multiplies it natively, float32 elsewhere."""
    capabilities = torch.cpu.get_capabilities()
    native = capabilities.get("amx_bf16") or capabilities.get("avx512_bf16")
    return torch.bfloat16 if native else torch.float32

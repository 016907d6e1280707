"""Checkpoints with an artifact path, of any host family: checked by names and shapes, and loaded.

Beside config.json and safetensors a folder may hold ``injection.json`` with K and the fusion;
without it a Qwen2.5-VL is taken to be of the published layout.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import torch
from huggingface_hub.errors import StrictDataclassError
from transformers import CONFIG_MAPPING, AutoModelForImageTextToText, GenerationConfig
from transformers.utils import logging as transformers_logging

from engine.errors import ModelError
from engine.vrm.checkpoint import listed, read_json, read_shapes, read_weights
from engine.vrm.fusion import Fusion, FusionMode
from engine.vrm.hosts import HOSTS, ArtifactEncoder, host_of
from engine.vrm.published import (
    FUSION,
    MODEL_TYPE,
    PUBLISHED_LAYER,
    V_A,
    Parted,
    key_of,
    split_keys,
)
from engine.vrm.wrapper import DeepVrm

INJECTION_FILE = "injection.json"
"""K and the fusion of a checkpoint that this program trained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectedAt:
    """Where and how a checkpoint's artifact tokens enter."""

    layer: int
    """K, index of the decoder layer before which they enter."""
    fusion: FusionMode
    """How they are mixed in."""


def is_checkpoint(folder: Path) -> bool:
    """Return whether a folder looks like a checkpoint of a known host family."""
    config = folder / "config.json"
    return config.is_file() and read_json(config).get("model_type") in _families()


def read_injection(folder: Path, model_type: str = MODEL_TYPE) -> InjectedAt:
    """Return where a checkpoint's artifact tokens enter; the published place where none is told.

    Args:
        folder: of the checkpoint.
        model_type: the host's family.

    Raises:
        ModelError: the file is damaged, or missing where no place was published.
    """
    file = folder / INJECTION_FILE
    if not file.is_file():
        if model_type != MODEL_TYPE:
            raise ModelError(
                f"{folder} does not say where artifact tokens enter: {INJECTION_FILE} with layer "
                f"and fusion is missing. 'residua train --host' writes it; a plain host of type "
                f"{model_type!r} cannot be used."
            )
        return InjectedAt(layer=PUBLISHED_LAYER, fusion="mean")
    found = read_json(file)
    layer = found.get("layer")
    modes: tuple[FusionMode, ...] = get_args(FusionMode)
    fusion = next((mode for mode in modes if mode == found.get("fusion")), None)
    if type(layer) is not int or fusion is None:
        raise ModelError(
            f"{file} gives layer {layer!r} and fusion {found.get('fusion')!r}: a number and one "
            f"of {', '.join(modes)} are needed."
        )
    return InjectedAt(layer=layer, fusion=fusion)


def write_injection(vrm: DeepVrm, folder: Path) -> None:
    """Write where a model's artifact tokens enter beside its weights."""
    told = {"layer": vrm.layer, "fusion": vrm.fusion.mode}
    (folder / INJECTION_FILE).write_text(json.dumps(told), encoding="utf-8")


def load_checkpoint(
    folder: Path, device: torch.device, dtype: torch.dtype, *, layer: int | None = None
) -> DeepVrm:
    """Load a checkpoint with an artifact path, of any key layout, from one file or shards.

    Args:
        folder: with config.json and safetensors; nothing in it is executed.
        device: where the model goes.
        dtype: of the weights in memory.
        layer: K; None takes the checkpoint's own.

    Returns:
        The model, frozen, in evaluation mode.

    Raises:
        ModelError: not of a known family, weights missing (V_a's above all), unexpected or of
            wrong shape, each named; or K outside the decoder.
    """
    config = _config(folder)
    entered = read_injection(folder, config.model_type)
    if layer is not None:
        entered = replace(entered, layer=layer)
    parted = split_keys(read_weights(folder), config.model_type)
    kind = _check_keys(folder, config, parted, entered)
    with _no_bar():
        model = kind.from_pretrained(None, config=config, state_dict=parted.host, dtype=dtype)
    model.generation_config = _generation_config(folder, model)
    vrm = DeepVrm(model.eval(), layer=entered.layer, fusion=entered.fusion)
    vrm.artifact.parts.load_state_dict(parted.artifact)
    vrm.fusion.load_state_dict(parted.fusion)
    return vrm.requires_grad_(False).to(device).eval()


def check_checkpoint(folder: Path) -> None:
    """Check a checkpoint's keys and shapes against its config.json; no weight is read.

    Raises:
        ModelError: see `load_checkpoint`.
    """
    config = _config(folder)
    entered = read_injection(folder, config.model_type)
    _check_keys(folder, config, split_keys(read_shapes(folder), config.model_type), entered)


def _families() -> tuple[str, ...]:
    return tuple(host.model_type for host in HOSTS)


def _config(folder: Path) -> Any:
    if not folder.is_dir():
        raise ModelError(f"{folder} is not a folder with a checkpoint.")
    raw = read_json(folder / "config.json")
    if raw.get("model_type") not in _families():
        raise ModelError(
            f"{folder / 'config.json'} is of type {raw.get('model_type')!r}; known hosts: "
            f"{', '.join(_families())}. The published layout is {MODEL_TYPE!r}."
        )
    try:
        return CONFIG_MAPPING[raw["model_type"]].from_dict(raw)
    except (StrictDataclassError, TypeError, ValueError, KeyError) as error:
        raise ModelError(f"{folder / 'config.json'} cannot be used: {error}.") from error


def _generation_config(folder: Path, model: Any) -> Any:
    file = folder / "generation_config.json"
    if not file.is_file():
        return model.generation_config
    try:
        return GenerationConfig.from_dict(read_json(file))
    except (TypeError, ValueError) as error:
        raise ModelError(f"{file} cannot be used: {error}.") from error


def _check_keys(folder: Path, config: Any, parted: Parted, entered: InjectedAt) -> Any:
    """Refuse weights that do not fit, before anything is built from them.

    Returns:
        The host's class.
    """
    try:
        with torch.device("meta"):
            model = AutoModelForImageTextToText.from_config(config)
            host = host_of(model)
            parts = ArtifactEncoder(host, model).parts
            fusion = Fusion(host.dim(model), entered.fusion)
    except (ArithmeticError, RuntimeError, TypeError, ValueError) as error:
        raise ModelError(f"{folder / 'config.json'} describes no model: {error}.") from error
    host.check_layer(model, entered.layer)
    expected = _shapes(model)
    tower, mixing = _shapes(parts), _shapes(fusion)
    if config.tie_word_embeddings and "lm_head.weight" not in parted.host:
        del expected["lm_head.weight"]
    missing_v_a = [key_of(V_A, name) for name in tower if name not in parted.artifact]
    if missing_v_a:
        raise ModelError(
            f"{folder} lacks the artifact encoder V_a: {len(missing_v_a)} of {len(tower)} weights "
            f"are missing: {listed(missing_v_a)}. A plain host cannot be used; give a checkpoint "
            "of the published layout, or one that 'residua train --host' made."
        )
    missing = [name for name in expected if name not in parted.host]
    missing += [key_of(FUSION, name) for name in mixing if name not in parted.fusion]
    if missing:
        raise ModelError(f"{folder} lacks {len(missing)} weights: {listed(missing)}.")
    extra = [name for name in parted.host if name not in expected]
    extra += [key_of(V_A, name) for name in parted.artifact if name not in tower]
    extra += [key_of(FUSION, name) for name in parted.fusion if name not in mixing]
    if extra:
        raise ModelError(f"{folder} holds weights its config.json has no use for: {listed(extra)}.")
    wrong = [
        f"{name} {list(t.shape)} instead of {list(shapes[name])}"
        for own, shapes in (
            (parted.host, expected),
            (parted.artifact, tower),
            (parted.fusion, mixing),
        )
        for name, t in own.items()
        if t.shape != shapes[name]
    ]
    if wrong:
        raise ModelError(f"{folder} holds weights of the wrong shape: {listed(wrong)}.")
    return type(model)


def _shapes(module: torch.nn.Module) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in module.state_dict().items()}


@contextmanager
def _no_bar() -> Iterator[None]:
    """Keep transformers' progress bar off stderr, which carries this program's own."""
    shown = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            transformers_logging.enable_progress_bar()

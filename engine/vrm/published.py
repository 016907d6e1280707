"""Checkpoints in the published layout: Qwen2.5-VL with a second tower, ``visual_low_level``.

Source: Deep Residual Injection for Full-Spectrum Forensic Signal Perception in Multimodal
Large Language Models, arXiv 2606.15880: the injection is the mean of the output of decoder
layer index 15 and V_a's token, at image positions, before layer index 16.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from huggingface_hub.errors import StrictDataclassError
from torch import Tensor
from transformers import GenerationConfig, Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration
from transformers.utils import logging as transformers_logging

from engine.errors import ModelError
from engine.vrm.checkpoint import listed, read_json, read_shapes, read_weights
from engine.vrm.wrapper import DeepVrm

PUBLISHED_LAYER = 16
"""K of the published 28-layer host (arXiv 2606.15880, section on the injection layer)."""

PUBLISHED_PROMPT = "Is this image real or fake? Please just answer 'real' or 'fake'."
"""The question the published checkpoint was trained on; the image follows it."""

SWAPPED_PROMPT = "Is this image fake or real? Please just answer 'fake' or 'real'."
"""The same question with the answers the other way round: what is said first is favoured."""

MODEL_TYPE = "qwen2_5_vl"
V_A_KEY = "visual_low_level."
"""How V_a's weights begin; also what `place_of` calls that part."""
HOST = "host"
"""What `place_of` calls the host."""

_HOST_PREFIXES = (
    # newer saves
    ("model.language_model.", "model.language_model."),
    ("model.visual.", "model.visual."),
    ("lm_head.", "lm_head."),
    # saves of transformers 4.5x
    ("visual.", "model.visual."),
    ("model.layers.", "model.language_model.layers."),
    ("model.embed_tokens.", "model.language_model.embed_tokens."),
    ("model.norm.", "model.language_model.norm."),
)
_V_A_PREFIXES = (f"model.{V_A_KEY}", V_A_KEY)
_HARMLESS = ".inv_freq"
"""Tables that old saves carry and every model computes for itself."""


def is_published(folder: Path) -> bool:
    """Return whether a folder looks like a checkpoint for ``load_published``."""
    config = folder / "config.json"
    return config.is_file() and read_json(config).get("model_type") == MODEL_TYPE


def load_published(
    folder: Path, device: torch.device, dtype: torch.dtype, *, layer: int = PUBLISHED_LAYER
) -> DeepVrm:
    """Load a published-layout checkpoint, of either key layout, from one file or shards.

    Args:
        folder: with config.json and safetensors; nothing in it is executed.
        device: where the model goes.
        dtype: of the weights in memory.
        layer: K, index of the decoder layer before which artifact tokens enter.

    Returns:
        The model with ``mean`` fusion, frozen, in evaluation mode.

    Raises:
        ModelError: not this layout, weights missing (V_a's above all), unexpected or of wrong
            shape, each named; or K outside the decoder.
    """
    config = _config(folder)
    host, artifact = split_keys(read_weights(folder))
    _check_keys(folder, config, host, artifact)
    with _no_bar():
        model = Qwen2_5_VLForConditionalGeneration.from_pretrained(
            None, config=config, state_dict=host, dtype=dtype
        )
    model.generation_config = _generation_config(folder, model)
    vrm = DeepVrm(model.eval(), layer=layer, fusion="mean")
    vrm.artifact.parts.visual.load_state_dict(artifact)
    return vrm.to(device).eval()


def check_published(folder: Path) -> None:
    """Check a checkpoint's keys and shapes against its config.json; no weight is read.

    Raises:
        ModelError: see `load_published`.
    """
    config = _config(folder)
    host, artifact = split_keys(read_shapes(folder))
    _check_keys(folder, config, host, artifact)


def split_keys(weights: Mapping[str, Tensor]) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Sort a checkpoint's tensors into the host's and V_a's, whatever its key layout.

    Returns:
        (host's under the names of today's class, V_a's under the names of a tower).

    Raises:
        ModelError: a key belongs to neither, or two keys mean the same weight.
    """
    host: dict[str, Tensor] = {}
    artifact: dict[str, Tensor] = {}
    unknown, doubled = [], []
    for key, tensor in weights.items():
        if key.endswith(_HARMLESS):
            continue
        part, name = place_of(key)
        if part is None:
            unknown.append(key)
            continue
        target = artifact if part == V_A_KEY else host
        if name in target:
            doubled.append(key)
        target[name] = tensor
    if unknown:
        raise ModelError(
            f"The checkpoint holds weights that are not of the published layout: "
            f"{listed(unknown)}. Merge adapters into it first."
        )
    if doubled:
        raise ModelError(f"The checkpoint holds weights twice under two names: {listed(doubled)}.")
    return host, artifact


def place_of(key: str) -> tuple[str | None, str]:
    """Return which part of a model a checkpoint's key belongs to, and its name there today.

    Returns:
        (`V_A_KEY`, `HOST` or None for neither; the name).
    """
    for prefix in _V_A_PREFIXES:
        if key.startswith(prefix):
            return V_A_KEY, key.removeprefix(prefix)
    for prefix, today in _HOST_PREFIXES:
        if key.startswith(prefix):
            return HOST, today + key.removeprefix(prefix)
    return None, key


def _config(folder: Path) -> Any:
    if not folder.is_dir():
        raise ModelError(f"{folder} is not a folder with a checkpoint.")
    raw = read_json(folder / "config.json")
    if raw.get("model_type") != MODEL_TYPE:
        raise ModelError(
            f"{folder / 'config.json'} is of type {raw.get('model_type')!r}; the published layout "
            f"is {MODEL_TYPE!r}."
        )
    try:
        return Qwen2_5_VLConfig.from_dict(raw)
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


def _check_keys(
    folder: Path, config: Any, host: Mapping[str, Tensor], artifact: Mapping[str, Tensor]
) -> None:
    """Refuse weights that do not fit, before anything is built from them."""
    try:
        with torch.device("meta"):
            model = Qwen2_5_VLForConditionalGeneration(config)
    except (ArithmeticError, RuntimeError, TypeError, ValueError) as error:
        raise ModelError(f"{folder / 'config.json'} describes no model: {error}.") from error
    expected = {name: t.shape for name, t in model.state_dict().items()}
    tower = {name: t.shape for name, t in model.model.visual.state_dict().items()}
    if config.tie_word_embeddings and "lm_head.weight" not in host:
        del expected["lm_head.weight"]
    missing_v_a = [V_A_KEY + name for name in tower if name not in artifact]
    if missing_v_a:
        raise ModelError(
            f"{folder} lacks the artifact encoder V_a: {len(missing_v_a)} of {len(tower)} weights "
            f"are missing: {listed(missing_v_a)}. A plain Qwen2.5-VL cannot be used; give a "
            "checkpoint of the published layout."
        )
    missing = [name for name in expected if name not in host]
    if missing:
        raise ModelError(f"{folder} lacks {len(missing)} weights: {listed(missing)}.")
    extra = [name for name in host if name not in expected]
    extra += [V_A_KEY + name for name in artifact if name not in tower]
    if extra:
        raise ModelError(f"{folder} holds weights its config.json has no use for: {listed(extra)}.")
    wrong = [
        f"{name} {list(t.shape)} instead of {list(shapes[name])}"
        for own, shapes in ((host, expected), (artifact, tower))
        for name, t in own.items()
        if t.shape != shapes[name]
    ]
    if wrong:
        raise ModelError(f"{folder} holds weights of the wrong shape: {listed(wrong)}.")


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

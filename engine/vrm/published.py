"""The published method's constants, and the names under which checkpoints hold weights.

The published layout is Qwen2.5-VL with a second tower, ``visual_low_level``. Checkpoints of other
hosts, which only this program makes, follow it: the host's weights under its class's own names,
V_a's beside them.

Source: Deep Residual Injection for Full-Spectrum Forensic Signal Perception in Multimodal
Large Language Models, arXiv 2606.15880: the injection is the mean of the output of decoder
layer index 15 and V_a's token, at image positions, before layer index 16.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor

from engine.errors import ModelError
from engine.vrm.checkpoint import listed

PUBLISHED_LAYER = 16
"""K of the published 28-layer host (arXiv 2606.15880, section on the injection layer)."""

PUBLISHED_PROMPT = "Is this image real or fake? Please just answer 'real' or 'fake'."
"""The question the published checkpoint was trained on; the image follows it."""

SWAPPED_PROMPT = "Is this image fake or real? Please just answer 'fake' or 'real'."
"""The same question with the answers the other way round: what is said first is favoured."""

MODEL_TYPE = "qwen2_5_vl"
"""Host of the published layout."""
V_A = "V_a"
"""What `place_of` calls the artifact encoder."""
HOST = "host"
"""What `place_of` calls the host."""
FUSION = "fusion"
"""What `place_of` calls the module that mixes; only gated fusion has weights."""

_LOW_LEVEL = "visual_low_level."
_ARTIFACT = "model.artifact."
_TOWER = "visual."
_HOST_PREFIXES = {
    MODEL_TYPE: (
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
}
_ANY_HOST = (("model.", "model."), ("lm_head.", "lm_head."))
_V_A_PREFIXES = (
    (f"model.{_LOW_LEVEL}", _TOWER),
    (_LOW_LEVEL, _TOWER),
    (_ARTIFACT, ""),
)
_HARMLESS = ".inv_freq"
"""Tables that old saves carry and every model computes for itself."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parted:
    """A checkpoint's tensors by the part that they belong to, under today's names."""

    host: dict[str, Tensor] = field(default_factory=dict)
    """Names of the host's class."""
    artifact: dict[str, Tensor] = field(default_factory=dict)
    """Names of `ArtifactEncoder.parts`."""
    fusion: dict[str, Tensor] = field(default_factory=dict)
    """Names of `Fusion`."""


def split_keys(weights: Mapping[str, Tensor], model_type: str = MODEL_TYPE) -> Parted:
    """Sort a checkpoint's tensors by part, whatever its key layout.

    Args:
        weights: by key.
        model_type: the host's family.

    Raises:
        ModelError: a key belongs to no part, or two keys mean the same weight.
    """
    parted = Parted()
    targets = {HOST: parted.host, V_A: parted.artifact, FUSION: parted.fusion}
    unknown, doubled = [], []
    for key, tensor in weights.items():
        if key.endswith(_HARMLESS):
            continue
        part, name = place_of(key, model_type)
        if part is None:
            unknown.append(key)
            continue
        if name in targets[part]:
            doubled.append(key)
        targets[part][name] = tensor
    if unknown:
        raise ModelError(
            f"The checkpoint holds weights that are not of the published layout: "
            f"{listed(unknown)}. Merge adapters into it first."
        )
    if doubled:
        raise ModelError(f"The checkpoint holds weights twice under two names: {listed(doubled)}.")
    return parted


def place_of(key: str, model_type: str = MODEL_TYPE) -> tuple[str | None, str]:
    """Return which part of a model a checkpoint's key belongs to, and its name there today.

    Args:
        key: of a weight.
        model_type: the host's family.

    Returns:
        (`V_A`, `FUSION`, `HOST` or None for neither; the name).
    """
    for prefix, today in _V_A_PREFIXES:
        if key.startswith(prefix):
            return V_A, today + key.removeprefix(prefix)
    if key.startswith("fusion."):
        return FUSION, key.removeprefix("fusion.")
    for prefix, today in _HOST_PREFIXES.get(model_type, _ANY_HOST):
        if key.startswith(prefix):
            return HOST, today + key.removeprefix(prefix)
    return None, key


def key_of(part: str, name: str) -> str:
    """Return the key under which a checkpoint holds a weight; undoes `place_of`.

    Args:
        part: `V_A`, `FUSION` or `HOST`.
        name: of the weight in that part.
    """
    if part == FUSION:
        return f"fusion.{name}"
    if part == HOST:
        return name
    if name.startswith(_TOWER):
        return f"model.{_LOW_LEVEL}{name.removeprefix(_TOWER)}"
    return f"{_ARTIFACT}{name}"

"""Low-rank adapters for linear layers: added in place, trained, saved alone, switched off, merged.

Why not peft: it renames every module it wraps (``base_layer``, ``lora_A.default``), so that a
host no longer has the keys of its published layout; it adds a dependency to the frozen program;
and what is needed of it is less than a hundred lines. Here an adapted layer is still an
``nn.Linear`` whose ``weight`` and ``bias`` are the very same parameters under the same names,
so base weights load, save and share memory as before.

Source: LoRA: Low-Rank Adaptation of Large Language Models, arXiv 2106.09685, section 4.1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.errors import ModelError

_MAX_NAMED = 8
"""How many names an error message lists."""


class LoraLinear(nn.Linear):
    """A linear layer with a low-rank addition: y = x W' + b + (alpha / r) x A' B'.

    The weight and bias of ``base`` are shared, not copied, and frozen. ``lora_a`` [r, in] and
    ``lora_b`` [out, r] are float32 whatever the base's dtype; B starts at zero, so that a fresh
    layer returns what the base returned.

    Args:
        base: the layer to adapt.
        r: rank, >= 1.
        alpha: strength; the addition is scaled by alpha / r.
        generator: source of the random start of A, on the CPU.
    """

    def __init__(self, base: nn.Linear, r: int, alpha: float, generator: torch.Generator) -> None:
        nn.Module.__init__(self)  # nn.Linear's own would allocate and draw weights
        self.in_features = base.in_features
        self.out_features = base.out_features
        self.weight, self.bias = base.weight, base.bias
        for shared in base.parameters():
            shared.requires_grad_(False)
        self.train(base.training)
        self.scale = alpha / r
        self.enabled = True
        a = torch.empty(r, base.in_features, dtype=torch.float32)
        nn.init.kaiming_uniform_(a, a=math.sqrt(5), generator=generator)
        self.lora_a = nn.Parameter(a.to(base.weight.device))
        self.lora_b = nn.Parameter(
            torch.zeros(base.out_features, r, dtype=torch.float32, device=base.weight.device)
        )

    def forward(self, input: Tensor) -> Tensor:
        """Return the adapted output: [..., in] -> [..., out], dtype of the base's output."""
        y = functional.linear(input, self.weight, self.bias)
        if not self.enabled:
            return y
        if not torch.is_autocast_enabled(input.device.type):
            # Under autocast the product picks its dtype; a cast of ours would be undone at once.
            input = input.to(self.lora_a.dtype)
        low = functional.linear(input, self.lora_a)
        return y + (functional.linear(low, self.lora_b) * self.scale).to(y.dtype)

    @torch.no_grad()
    def merged(self) -> nn.Linear:
        """Return a plain layer with the addition inside its weight, which is a new tensor."""
        plain = nn.Linear(self.in_features, self.out_features, bias=False, device="meta")
        total = self.weight.float() + self.scale * (self.lora_b @ self.lora_a)
        plain.weight = nn.Parameter(total.to(self.weight.dtype), requires_grad=False)
        plain.bias = self.bias
        return plain.train(self.training)


def add_lora(module: nn.Module, *, pattern: str, r: int, alpha: float, seed: int) -> list[str]:
    """Replace matching linear layers by adapted ones, in place.

    Only the adapted layers are frozen; whether anything else trains is the caller's choice.
    Move the module to its device before or after: the adapters go with it, and stay float32
    unless ``module.to(dtype)`` is called.

    Args:
        module: the model or part of it.
        pattern: regular expression that the whole dotted name of a layer must match.
        r: rank, >= 1.
        alpha: strength; the addition is scaled by alpha / r.
        seed: of the random start.

    Returns:
        The dotted names that were adapted, in the order of the module.

    Raises:
        ModelError: nothing matches, a match has an adapter already, a match is a kind of
            linear layer whose ``forward`` is bypassed by its owner, or ``r`` < 1.
    """
    if r < 1:
        raise ModelError(f"LoRA rank {r} is not possible: give 1 or more.")
    rule = re.compile(pattern)
    found = [
        (name, layer)
        for name, layer in module.named_modules()
        if name and isinstance(layer, nn.Linear) and rule.fullmatch(name)
    ]
    if not found:
        raise ModelError(f"No linear layer has a name that matches {pattern!r}.")
    wrong = [name for name, layer in found if type(layer) is not nn.Linear]
    if wrong:
        raise ModelError(
            f"These layers cannot take an adapter (they have one, or their owner never calls "
            f"them): {_listed(wrong)}. Narrow the pattern {pattern!r}."
        )
    generator = torch.Generator().manual_seed(seed)
    for name, layer in found:
        _replace(module, name, LoraLinear(layer, r, alpha, generator))
    return [name for name, _ in found]


def lora_state(module: nn.Module) -> dict[str, Tensor]:
    """Return the adapters alone, detached: ``"<dotted name>.lora_a"`` and ``".lora_b"``.

    Raises:
        ModelError: the module has no adapter.
    """
    state: dict[str, Tensor] = {}
    for name, layer in _adapted(module):
        state[f"{name}.lora_a"] = layer.lora_a.detach().contiguous()
        state[f"{name}.lora_b"] = layer.lora_b.detach().contiguous()
    return state


@torch.no_grad()
def load_lora(module: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Copy saved adapters into the module; nothing is changed when they do not fit.

    Args:
        module: a module on which ``add_lora`` was called as when the adapters were saved.
        state: what ``lora_state`` returned; any floating dtype.

    Raises:
        ModelError: keys are missing or unexpected, or a shape differs; names are given.
    """
    own = lora_state(module)
    _must_fit(own, state)
    for key, target in own.items():
        target.copy_(state[key])


def merge_lora(module: nn.Module) -> list[str]:
    """Put every adapter into its layer's weight and make the layers plain again, in place.

    Weights that were shared with another layer are shared no longer: the merged one is new.

    Returns:
        The dotted names that were merged.

    Raises:
        ModelError: the module has no adapter.
    """
    names = []
    for name, layer in _adapted(module):
        _replace(module, name, layer.merged())
        names.append(name)
    return names


@contextmanager
def lora_disabled(module: nn.Module) -> Iterator[None]:
    """Run the block with every adapter of the module off; a module without adapters is fine."""
    layers = [layer for layer in module.modules() if isinstance(layer, LoraLinear)]
    before = [layer.enabled for layer in layers]
    for layer in layers:
        layer.enabled = False
    try:
        yield
    finally:
        for layer, enabled in zip(layers, before, strict=True):
            layer.enabled = enabled


@contextmanager
def lora_swapped(module: nn.Module, state: Mapping[str, Tensor]) -> Iterator[None]:
    """Run the block with other adapters; the module's own are the same tensors before and after.

    Args:
        module: with adapters.
        state: others for all of them, under the names of ``lora_state``.

    Raises:
        ModelError: keys or shapes do not fit; nothing is changed then.
    """
    own = {name: (layer.lora_a, layer.lora_b) for name, layer in _adapted(module)}
    layers = dict(_adapted(module))
    _must_fit(lora_state(module), state)
    try:
        for name, layer in layers.items():
            layer.lora_a = _as_parameter(state[f"{name}.lora_a"])
            layer.lora_b = _as_parameter(state[f"{name}.lora_b"])
        yield
    finally:
        for name, layer in layers.items():
            layer.lora_a, layer.lora_b = own[name]


def _as_parameter(tensor: Tensor) -> nn.Parameter:
    """Return a tensor as a parameter: one that learns stays the same object."""
    if isinstance(tensor, nn.Parameter):
        return tensor
    return nn.Parameter(tensor.float(), requires_grad=False)


def _must_fit(own: Mapping[str, Tensor], state: Mapping[str, Tensor]) -> None:
    missing = sorted(own.keys() - state.keys())
    unexpected = sorted(state.keys() - own.keys())
    if missing or unexpected:
        raise ModelError(
            f"The adapters do not fit this model: missing {_listed(missing)}; "
            f"unexpected {_listed(unexpected)}."
        )
    for key, target in own.items():
        if state[key].shape != target.shape:
            raise ModelError(
                f"Adapter {key} has shape {tuple(state[key].shape)}, the model needs "
                f"{tuple(target.shape)}: was it trained with another rank?"
            )


def _adapted(module: nn.Module) -> list[tuple[str, LoraLinear]]:
    found = [(n, layer) for n, layer in module.named_modules() if isinstance(layer, LoraLinear)]
    if not found:
        raise ModelError("The model has no adapters: call add_lora first.")
    return found


def _replace(module: nn.Module, name: str, layer: nn.Module) -> None:
    parent, _, child = name.rpartition(".")
    setattr(module.get_submodule(parent), child, layer)


def _listed(names: list[str]) -> str:
    if not names:
        return "none"
    more = f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
    return ", ".join(names[:_MAX_NAMED]) + more

"""A host with an artifact path: one class for every family in ``hosts``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import StoppingCriteriaList

from engine.errors import ModelError
from engine.vrm.fusion import Fusion, FusionMode, Injection
from engine.vrm.hosts import ArtifactEncoder, host_of

Inputs = Mapping[str, Tensor]
"""What a host's processor returns: ``input_ids`` [batch, length], ``pixel_values``, …"""

_GREEDY: dict[str, object] = {
    "do_sample": False,
    "num_beams": 1,
    "assistant_model": None,
    "prompt_lookup_num_tokens": None,
}
_PLAIN = {
    "do_sample": False,
    "num_beams": 1,
    "use_cache": True,
    "prefill_chunk_size": None,
    "temperature": None,
    "top_p": None,
    "top_k": None,
}
"""Greedy with a cache, whatever the checkpoint's generation_config.json says. Its repetition
penalty, if any, stays: it is part of how the checkpoint answers."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pass:
    """What one run over a prompt gave."""

    logits: Tensor
    """[batch, positions kept, vocabulary]."""
    fused: Tensor | None
    """States of the image positions after the injection, [N, d], part of the graph of
    ``logits``; None without injection."""
    delta: Tensor | None
    """What the injection added to them, [N, d]; None without injection."""


class DeepVrm(nn.Module):
    """A host, its artifact encoder V_a, and the injection before decoder layer K.

    Host and V_a are frozen; low-rank adapters go where ``encoder_pattern`` and
    ``decoder_pattern`` say, names as seen from this module.

    Args:
        model: a ``…ForConditionalGeneration`` of one of the known families. It is used, not
            copied, and gets a hook on one layer.
        layer: K, index of the decoder layer before which artifact tokens enter.
        fusion: how they are mixed in.

    Raises:
        ModelError: unknown family, or a K that the host cannot have.
    """

    def __init__(self, model: Any, *, layer: int, fusion: FusionMode = "gated") -> None:
        super().__init__()
        self.host = host_of(model)
        self.host.check_layer(model, layer)
        self.layer = layer
        self.model = model.requires_grad_(False)
        self.artifact = ArtifactEncoder(self.host, model).requires_grad_(False)
        target = self.host.layers(model)[layer]
        self.fusion = Fusion(self.host.dim(model), fusion).to(next(target.parameters()).device)
        self.injection = Injection(target, self.fusion)
        self.encoder_pattern = r"artifact\." + self.artifact.pattern
        self.decoder_pattern = r"model\." + self.host.decoder_pattern(model, layer)

    def artifact_tokens(self, inputs: Inputs) -> Tensor:
        """Return V_a's tokens, one per image position in reading order: [N, d]."""
        tokens: Tensor = self.artifact(inputs)
        return tokens

    def semantic(self, inputs: Inputs) -> Any:
        """Return V_o's output for the images, in the form that the host takes it back."""
        names = self.host.image_inputs
        picked = {name: inputs[name] for name in names if inputs.get(name) is not None}
        return self.model.model.get_image_features(**picked, return_dict=True)

    def encode(self, inputs: Inputs) -> tuple[Any, Tensor]:
        """Return V_o's output and V_a's tokens, [N, d], of the same images.

        On a GPU the two towers run side by side, each on a stream of its own.
        """
        device = self.model.device
        if device.type != "cuda":
            return self.semantic(inputs), self.artifact_tokens(inputs)
        here, beside = torch.cuda.current_stream(device), _new_stream(device)
        beside.wait_stream(here)
        with torch.cuda.stream(beside):
            tokens = self.artifact_tokens(inputs)
        encoded = self.semantic(inputs)
        here.wait_stream(beside)
        # The allocator must not hand the memory to the other stream's next work too early.
        tokens.record_stream(here)
        return encoded, tokens

    def run(
        self,
        inputs: Inputs,
        *,
        inject: bool = True,
        tokens: Tensor | None = None,
        keep: int = 0,
    ) -> Pass:
        """Run the whole prompt once.

        Args:
            inputs: the host's inputs.
            inject: whether the artifact path is on; off, the host answers as if it were alone.
            tokens: artifact tokens to inject, [N, d]; by default V_a's of these inputs.
            keep: how many last positions to return the logits of; all when 0.

        Returns:
            Logits and what was injected.

        Raises:
            ModelError: inputs are missing, or tokens and image positions do not agree.
        """
        full = self.host.complete(self.model, inputs)
        with self._injecting(full, inject, tokens):
            logits = self.model(**full, use_cache=False, logits_to_keep=keep).logits
            return Pass(logits=logits, fused=self.injection.fused, delta=self.injection.delta)

    def forward(self, inputs: Inputs, inject: bool = True, tokens: Tensor | None = None) -> Tensor:
        """Return the logits of every position, [batch, length, vocabulary]; see ``run``."""
        return self.run(inputs, inject=inject, tokens=tokens).logits

    def generate(
        self,
        inputs: Inputs,
        *,
        max_new_tokens: int,
        inject: bool = True,
        tokens: Tensor | None = None,
        on_token: Callable[[int], None] | None = None,
        **options: Any,
    ) -> Tensor:
        """Continue the prompt greedily with a key-value cache.

        Args:
            inputs: the host's inputs.
            max_new_tokens: most tokens to add; the end-of-text token ends earlier.
            inject: whether the artifact path is on.
            tokens: artifact tokens to inject, [N, d]; by default V_a's of these inputs.
            on_token: called with each new token of the first sequence; what it raises ends
                the generation.
            options: further options of the host's ``generate``.

        Returns:
            Prompt and continuation, [batch, length + new].

        Raises:
            ModelError: an option would drop the injection silently (``use_cache=False``,
                ``prefill_chunk_size``) or leave greedy decoding; or see ``run``.
        """
        _check_options(options)
        full = self.host.complete(self.model, inputs)
        full.setdefault("attention_mask", torch.ones_like(full["input_ids"]))
        with torch.no_grad(), self._injecting(full, inject, tokens):
            ids: Tensor = self.model.generate(
                **full,
                **{**_PLAIN, **options},
                max_new_tokens=max_new_tokens,
                pad_token_id=self._pad_token_id(),
                stopping_criteria=StoppingCriteriaList([_Watch(on_token)] if on_token else []),
            )
        return ids

    @contextmanager
    def compiled(self, backend: str = "inductor") -> Iterator[None]:
        """Run the decoder's layers compiled inside the block; the injection stays outside.

        A layer's hooks run around its compiled forward, so the injection is no part of a graph.

        Args:
            backend: of `torch.compile`.
        """
        layers = self.host.layers(self.model)
        for layer in layers:
            layer.forward = torch.compile(layer.forward, backend=backend, dynamic=True)
        try:
            yield
        finally:
            for layer in layers:
                del layer.forward  # back to the class's own

    @contextmanager
    def _injecting(self, full: Inputs, inject: bool, tokens: Tensor | None) -> Iterator[None]:
        if not inject:
            yield
            return
        # computed here, outside the host's forward: its generate() drops the pixels early
        found = self.artifact_tokens(full) if tokens is None else tokens
        with self.injection.during(found, self.host.image_mask(self.model, full)):
            yield

    def end_ids(self) -> frozenset[int]:
        """Return the tokens that end an answer, as the checkpoint's settings name them."""
        end = self.model.generation_config.eos_token_id
        if end is None:
            return frozenset()
        return frozenset(end if isinstance(end, list) else [end])

    def _pad_token_id(self) -> int | None:
        settings = self.model.generation_config
        if settings.pad_token_id is not None:
            return int(settings.pad_token_id)
        end = settings.eos_token_id
        first: int | None = end[0] if isinstance(end, list) else end
        return first


class _Watch:
    """Hears of every generated token; never stops the generation by itself."""

    def __init__(self, on_token: Callable[[int], None]) -> None:
        self._on_token = on_token

    def __call__(self, ids: Tensor, _scores: Tensor, **_options: Any) -> Tensor:
        self._on_token(int(ids[0, -1]))
        return torch.zeros(ids.shape[0], dtype=torch.bool, device=ids.device)


def _new_stream(device: torch.device) -> torch.cuda.Stream:
    stream: torch.cuda.Stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
    return stream


def _check_options(options: Mapping[str, Any]) -> None:
    if not options.get("use_cache", True):
        raise ModelError(
            "use_cache=False re-runs the prompt at every token and would drop the injection: "
            "leave the cache on."
        )
    if options.get("prefill_chunk_size") is not None:
        raise ModelError(
            f"prefill_chunk_size={options['prefill_chunk_size']} splits the prompt and would "
            "drop the injection: leave it out."
        )
    for name, greedy in _GREEDY.items():
        if options.get(name, greedy) not in (None, greedy):
            raise ModelError(f"{name}={options[name]!r} is not greedy decoding: leave it out.")

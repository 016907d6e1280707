"""One run over a batch of prompts that is kept open: answer, states, and key-value cache.

A verdict needs the prompt once. What is asked afterwards reuses that run: the layers from K on
are run again with the injection off, or with states whose gradient is wanted, and the explanation
goes on from the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import DynamicCache

from engine.errors import ModelError
from engine.vrm.wrapper import DeepVrm

_CACHE = ("past_key_values", "past_key_value", "use_cache", "cache_position")
"""Arguments of a decoder layer that belong to the cache and not to its states."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prefill:
    """A batch of prompts that has run once.

    Rows are padded on the left, so the last position is each row's answer.
    """

    vrm: DeepVrm
    logits: Tensor
    """Of the first answer position, with the injection, [batch, vocabulary]."""
    states: Tensor
    """What enters layer K before anything is injected, [batch, length, d]."""
    image_mask: Tensor
    """Image positions, bool [batch, length]."""
    attention_mask: Tensor
    """1 where a position is no padding, int64 [batch, length]."""
    tokens: Tensor
    """Artifact tokens that were injected, [N, d], reading order of ``image_mask``."""
    cache: DynamicCache
    """Keys and values of all layers, with the injection."""
    arguments: tuple[Mapping[str, Any], ...]
    """Keyword arguments of each layer from K on, without those of the cache."""

    def fused(self) -> Tensor:
        """Return states of the image positions with the prompt's tokens mixed in, [N, d]."""
        mixed: Tensor = self.vrm.fusion(self.states[self.image_mask], self.tokens)
        return mixed

    def answer(self, fused: Tensor | None) -> Tensor:
        """Run the layers from K on once more, and return the logits of the answer.

        Args:
            fused: what the image positions hold, [N, d]; None leaves the injection out.

        Returns:
            [batch, vocabulary]; part of a graph where ``fused`` is.
        """
        h = self.states
        if fused is not None:
            h = h.clone()
            h[self.image_mask] = fused.to(h.dtype)
        layers = self.vrm.host.layers(self.vrm.model)[self.vrm.layer :]
        if self.vrm.injection.is_open:
            raise ModelError("An injection is open on layer K: it would be fused twice.")
        for layer, arguments in zip(layers, self.arguments, strict=True):
            out = layer(h, **arguments)
            h = out[0] if isinstance(out, tuple) else out
        last = self.vrm.host.norm(self.vrm.model)(h[:, -1])
        logits: Tensor = self.vrm.model.get_output_embeddings()(last)
        return logits

    @torch.no_grad()
    def go_on(
        self, turn: Tensor, *, max_new_tokens: int, stop: frozenset[int], row: int = 0
    ) -> Iterator[int]:
        """Ask a further question about one row's picture, and generate the answer greedily.

        The cache of that row is used up: go on once.

        Args:
            turn: ids of the end of the answer and the next question, [length].
            max_new_tokens: most tokens to generate.
            stop: ids that end the answer.
            row: which prompt of the batch.

        Yields:
            Token after token.
        """
        keep = self.attention_mask[row].bool()
        cache = self._row(row)
        offset = self.vrm.host.position_offset(self.vrm.model, row)
        place = int(keep.sum())
        ids = turn[None].to(self.states.device)
        for _ in range(max_new_tokens):
            positions = torch.arange(place, place + ids.shape[1], device=ids.device)[None]
            mask = torch.ones(1, place + ids.shape[1], dtype=torch.int64, device=ids.device)
            out = self.vrm.model(
                input_ids=ids,
                attention_mask=mask,
                position_ids=self.vrm.host.positions(positions + offset),
                past_key_values=cache,
                use_cache=True,
                logits_to_keep=1,
            )
            place += ids.shape[1]
            token = int(out.logits[0, -1].argmax())
            if token in stop:
                return
            yield token
            ids = torch.tensor([[token]], device=ids.device)

    def _row(self, row: int) -> DynamicCache:
        """Return one row's cache without its padding."""
        keep = self.attention_mask[row].bool()
        cache = DynamicCache(config=self.vrm.model.config.get_text_config())
        for index, layer in enumerate(self.cache.layers):
            keys, values = layer.keys, layer.values
            cache.update(keys[row : row + 1, :, keep], values[row : row + 1, :, keep], index)
        return cache


def prefill(
    vrm: DeepVrm,
    inputs: Mapping[str, Tensor],
    *,
    tokens: Tensor | None = None,
    encoded: Any | None = None,
) -> Prefill:
    """Run a batch of prompts once, with the injection, and keep the run open.

    Args:
        vrm: the model.
        inputs: the host's inputs; rows of different length are padded on the left and bring an
            ``attention_mask``.
        tokens: artifact tokens to inject, [N, d]; by default V_a's of these inputs.
        encoded: V_o's output for these images, where it is known; by default it is computed.

    Raises:
        ModelError: inputs are missing, are padded on the right, or tokens and image positions
            do not agree.
    """
    full = vrm.host.complete(vrm.model, inputs)
    attention = full.setdefault("attention_mask", torch.ones_like(full["input_ids"]))
    if not bool(attention[:, -1].all()):
        raise ModelError("Prompts of a batch are padded on the left: the last position answers.")
    mask = vrm.host.image_mask(vrm.model, full)
    places = vrm.host.place(attention)
    if places is not None:
        full["position_ids"] = places
    with torch.no_grad():
        found = vrm.artifact_tokens(full) if tokens is None else tokens
        run: dict[str, Any] = dict(full)
        if encoded is not None:
            run.pop(vrm.host.image_inputs[0])
            run["mm_encoder_outputs"] = {"image": encoded}
        cache = DynamicCache(config=vrm.model.config.get_text_config())
        with _recorded(vrm) as record, vrm.injection.during(found, mask):
            out = vrm.model(**run, past_key_values=cache, use_cache=True, logits_to_keep=1)
    return Prefill(
        vrm=vrm,
        logits=out.logits[:, -1],
        states=record.states[0],
        image_mask=mask,
        attention_mask=attention,
        tokens=found,
        cache=cache,
        arguments=tuple(record.arguments),
    )


@dataclass(slots=True, eq=False)
class _Record:
    states: list[Tensor]
    arguments: list[dict[str, Any]]


@contextmanager
def _recorded(vrm: DeepVrm) -> Iterator[_Record]:
    """Note what enters layer K before the injection, and the arguments of it and all later ones."""
    record = _Record([], [])
    layers = vrm.host.layers(vrm.model)[vrm.layer :]

    def note(first: bool) -> Callable[..., None]:
        def hook(_layer: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            if first:
                record.states.append(args[0] if args else kwargs["hidden_states"])
            dropped = ("hidden_states", *_CACHE)
            record.arguments.append({k: v for k, v in kwargs.items() if k not in dropped})

        return hook

    # Ahead of the injection's own hook, which changes what the layer is given.
    handles = [
        layer.register_forward_pre_hook(note(i == 0), with_kwargs=True, prepend=True)
        for i, layer in enumerate(layers)
    ]
    try:
        yield record
    finally:
        for handle in handles:
            handle.remove()

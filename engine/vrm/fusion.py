"""Residual injection of artifact tokens into a decoder's middle layer; one module for all hosts.

Source: Deep Residual Injection for Full-Spectrum Forensic Signal Perception in Multimodal
Large Language Models, arXiv 2606.15880, section on the injection layer (the ``mean`` mode);
the ``add`` and ``gated`` modes are this project's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import torch
from torch import Tensor, nn

from engine.errors import ModelError

GATE_BIAS = -2.0
"""Start of the gate's bias: sigmoid(-2) = .12, so a fresh path begins almost closed."""

FusionMode = Literal["mean", "add", "gated"]


def rms(x: Tensor, eps: float = 1e-6) -> Tensor:
    """Return the root mean square over the last dimension, kept: [..., d] -> [..., 1]."""
    root: Tensor = x.float().pow(2).mean(-1, keepdim=True).add(eps).sqrt()
    return root.to(x.dtype)


class Fusion(nn.Module):
    """Mixes artifact tokens into hidden states of the same positions.

    Args:
        dim: width d of the decoder.
        mode: ``"mean"`` is (h + a) / 2 as published. ``"add"`` is h + a, which keeps h whole.
            ``"gated"`` adds a gated, RMS-matched projection whose strength ``tanh(alpha)``
            starts at zero: the identity, bit for bit.

    Raises:
        ModelError: an unknown mode.
    """

    def __init__(self, dim: int, mode: FusionMode) -> None:
        super().__init__()
        self.mode = mode
        if mode == "gated":
            self.norm = nn.RMSNorm(dim, eps=1e-6)
            self.proj = nn.Linear(dim, dim, bias=False)
            self.gate = nn.Linear(2 * dim, 1)
            self.alpha = nn.Parameter(torch.zeros(dim))
            nn.init.zeros_(self.gate.weight)
            nn.init.constant_(self.gate.bias, GATE_BIAS)
        elif mode not in ("mean", "add"):
            raise ModelError(f"Unknown fusion mode {mode!r}: use 'mean', 'add' or 'gated'.")

    def forward(self, h: Tensor, a: Tensor) -> Tensor:
        """Return the fused states.

        Args:
            h: hidden states of image positions, [N, d].
            a: artifact tokens of the same positions, [N, d].

        Returns:
            [N, d], dtype of ``h``.
        """
        if self.mode == "mean":
            return (h + a.to(h.dtype)) / 2
        if self.mode == "add":
            return h + a.to(h.dtype)
        u = self.proj(self.norm(a.to(self.proj.weight.dtype)))
        h_in = h.to(u.dtype)
        u = u * (rms(h_in.detach()) / rms(u))
        g = torch.sigmoid(self.gate(torch.cat([h_in, u], dim=-1)))
        step: Tensor = (torch.tanh(self.alpha) * g * u).to(h.dtype)
        return h + step


class Injection:
    """Hands artifact tokens to one decoder layer of any host, through a forward pre-hook.

    The hook stays on the layer for the life of this object and does nothing unless a
    ``during`` block is open. Inside the block the decoder runs the whole prompt once, which
    is fused; after it come single cached steps only. Anything else (a prompt in chunks, a
    re-run without cache, several candidate tokens at once, beams) would drop or misplace the
    injection without a word, and is refused.

    Args:
        layer: the decoder layer K before which the tokens enter.
        fusion: the module that mixes.

    Attributes:
        fused: states of the image positions after the fusion, [N, d], in the block after the
            prompt has run; otherwise None. Part of the graph, so gradients can be asked for.
        delta: what the fusion added there, [N, d]; otherwise None.
    """

    def __init__(self, layer: nn.Module, fusion: Fusion) -> None:
        self.fusion = fusion
        self.fused: Tensor | None = None
        self.delta: Tensor | None = None
        self._artifact: Tensor | None = None
        self._mask: Tensor | None = None
        self._prefilled = False
        self._handle = layer.register_forward_pre_hook(self._hook, with_kwargs=True)

    @property
    def is_open(self) -> bool:
        """Whether artifact tokens are waiting or in use."""
        return self._artifact is not None

    def remove(self) -> None:
        """Take the hook off the layer."""
        self._handle.remove()

    @contextmanager
    def during(self, artifact: Tensor, mask: Tensor) -> Iterator[Injection]:
        """Inject inside the block; nothing is left behind after it, whatever happens.

        Args:
            artifact: artifact tokens in reading order, [N, d], N = mask.sum().
            mask: image-token positions of the prompt, bool [batch, length].

        Raises:
            ModelError: the number of tokens and positions differ or is zero, a block is
                already open, or the block ended without the prompt having been fused.
        """
        if self.is_open:
            raise ModelError("An injection is already open on this layer: close it first.")
        positions = int(mask.sum())
        if positions == 0:
            raise ModelError("The prompt has no image position: there is nowhere to inject.")
        if positions != artifact.shape[0]:
            raise ModelError(
                f"{artifact.shape[0]} artifact tokens for {positions} image positions: "
                "the artifact encoder and the prompt must see the same picture."
            )
        self._artifact, self._mask, self._prefilled = artifact, mask, False
        try:
            yield self
            if not self._prefilled:
                raise ModelError("The decoder ran without the artifact tokens being injected.")
        finally:
            self._artifact = self._mask = self.fused = self.delta = None
            self._prefilled = False

    def _hook(
        self, _layer: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
        if self._artifact is None or self._mask is None:
            return None
        h = args[0] if args else kwargs["hidden_states"]
        batch, length = h.shape[:2]
        if self._prefilled and length == 1 and batch == self._mask.shape[0]:
            return None
        if self._prefilled or (batch, length) != tuple(self._mask.shape):
            state = "has already run" if self._prefilled else "has not run yet"
            raise ModelError(
                f"The decoder was called with [batch {batch}, length {length}]; the prompt "
                f"{list(self._mask.shape)} {state}. A prompt runs once, whole, and then one "
                "cached token at a time: use_cache=False, prefill_chunk_size, assisted decoding "
                "and beams would drop the injection."
            )
        fused = self._fuse(h, self._artifact, self._mask)
        if args:
            return (fused, *args[1:]), kwargs
        return args, {**kwargs, "hidden_states": fused}

    def _fuse(self, h: Tensor, artifact: Tensor, mask: Tensor) -> Tensor:
        mask = mask.to(h.device)
        picked = h[mask]
        mixed = self.fusion(picked, artifact.to(h.device))
        self.fused, self.delta = mixed, mixed - picked
        out = h.clone()  # the host may still need its own states
        out[mask] = mixed
        self._prefilled = True
        return out

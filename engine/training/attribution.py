"""Candidate heat maps of the mini: what each of them says of every token and every cell.

Exact and cheap ones side by side: occlusion of the injected step re-runs the decoder's layers from
K on, and is what the cheap ones have to agree with.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.errors import ModelError
from engine.types import Image, Region
from engine.vrm import heat
from engine.vrm.artifact import CELL_PX, pool_to_boxes
from engine.vrm.mini import GRID, QUESTION, Mini, normalise
from engine.vrm.mini_examiner import MiniExaminer
from engine.vrm.mini_seen import Seen
from engine.vrm.views import view_tensor

TOKENS, CELLS, BOTH = "tokens", "residual cells", "mean of both"
STEP_SIZE, GRADIENT, OCCLUSION = "|delta| / |h|", "gradient x delta", "occlusion of delta"
PATCHES, TOKENS_AND_PATCHES = "probe patches", "tokens and probe patches"
CONTRAST = "patch contrast"
CANDIDATES = (
    TOKENS,
    CELLS,
    BOTH,
    STEP_SIZE,
    GRADIENT,
    OCCLUSION,
    PATCHES,
    TOKENS_AND_PATCHES,
    CONTRAST,
)
PATCHES_A_TOKEN = 2
ARTIFACT_PARTS = ("tower.", "residual.", "merger.", "heads.", "fusion.", "probe.", "contrast.")
"""Where the trained weights of the artifact path lie, by the beginning of their names."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """One map of a picture; larger means more generated, on a scale of its own."""

    tokens: list[heat.Floats]
    """[7, 7] each view."""
    cells: heat.Floats
    """[H // 16, W // 16]."""


class LateLayers:
    """One view's prompt, run up to layer K once; only what follows is run again.

    Args:
        model: the mini.
        semantic: V_o's tokens of the view, [1, 49, d].
        artifact: V_a + R's tokens, [1, 49, d].

    Attributes:
        fused: states before layer K after the fusion, [1, L, d].
        delta: what the fusion added at the image positions, [49, d].
        positions: where these are in the prompt, [49].
    """

    def __init__(self, model: Mini, semantic: Tensor, artifact: Tensor) -> None:
        self._model = model
        self._kwargs: dict[str, Any] = {}
        ids = model.prompt_ids(QUESTION)
        self.positions = (ids[0] == model.image_token_id).nonzero()[:, 0]
        self.fused, self.delta = self._captured(semantic, artifact, ids)

    @property
    def plain(self) -> Tensor:
        """States of the image positions before the fusion, [49, d]."""
        return self.fused[0, self.positions] - self.delta

    def _captured(self, semantic: Tensor, artifact: Tensor, ids: Tensor) -> tuple[Tensor, Tensor]:
        model, kept = self._model, {}

        def keep(_layer: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            kept["fused"] = (args[0] if args else kwargs["hidden_states"]).detach().clone()
            delta = model.injection.delta
            if delta is None:
                raise ModelError("The injection left no step behind: nothing can be attributed.")
            kept["delta"] = delta.detach().clone()
            self._kwargs = {k: v for k, v in kwargs.items() if k != "hidden_states"}

        # Registered after the injection's own hook, so it sees the fused states.
        handle = self._layers()[0].register_forward_pre_hook(keep, with_kwargs=True)
        try:
            with torch.no_grad():
                model.answer(semantic, artifact, ids)
        finally:
            handle.remove()
        return kept["fused"], kept["delta"]

    def _layers(self) -> list[nn.Module]:
        return list(self._model.language.model.layers[self._model.config.injection_layer :])

    def log_odds(self, states: Tensor) -> Tensor:
        """Return the log-odds of "fake" of prompts [B, L, d] before layer K: [B]."""
        for layer in self._layers():
            out = layer(states, **self._kwargs)
            states = out[0] if isinstance(out, tuple) else out
        last = self._model.language.model.norm(states[:, -1])
        return self._model.log_odds(self._model.logits(last))

    @torch.no_grad()
    def without(self, removed: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the log-odds with the injected step taken away at some tokens.

        Args:
            removed: [B, 49], True where it is taken away.

        Returns:
            [B].
        """
        mask = torch.from_numpy(removed).to(self.delta.dtype)
        states = self.fused.repeat(len(removed), 1, 1)
        states[:, self.positions] -= mask[..., None] * self.delta
        return self.log_odds(states).double().numpy()

    def gradient(self) -> Tensor:
        """Return the gradient of the log-odds at the image positions: [49, d]."""
        with torch.enable_grad():
            states = self.fused.clone().requires_grad_()
            (slope,) = torch.autograd.grad(self.log_odds(states).sum(), states)
        return slope[0, self.positions]


def attribute(
    examiner: MiniExaminer,
    image: Image,
    wanted: tuple[str, ...] = CANDIDATES,
    *,
    with_prompts: bool = True,
) -> tuple[dict[str, Evidence], list[LateLayers]]:
    """Return the candidate maps of a picture, and each view's prompt for further questions.

    Args:
        examiner: the loaded mini, with its language model.
        image: the picture.
        wanted: names from CANDIDATES.
        with_prompts: whether the prompts are wanted where no map needs them.
    """
    seen = examiner.look(image)
    model = examiner.model
    low = examiner.info.dtype == "bfloat16"
    asks = {STEP_SIZE, GRADIENT, OCCLUSION} & set(wanted)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=low):
        late = [
            # Leaving inference mode: gradients are asked for later.
            LateLayers(model, seen.semantic[v : v + 1].clone(), seen.artifact[v : v + 1].clone())
            for v in (range(len(seen.boxes)) if asks or with_prompts else ())
        ]
        of_token = {name: _token_grids(name, seen, late, model, image) for name in wanted}
    rows, cols = seen.cell_logits.shape
    maps = {}
    for name, grids in of_token.items():
        cells = heat.spread_tokens(grids, seen.boxes, rows, cols)
        if name == CELLS:
            cells = heat.sigmoid(seen.cell_logits)
        elif name == BOTH:
            tokens = heat.spread_tokens(seen.token_logits, seen.boxes, rows, cols)
            cells = (heat.sigmoid(tokens) + heat.sigmoid(seen.cell_logits)) * np.float32(0.5)
        maps[name] = Evidence(tokens=[_to_tokens(g) for g in grids], cells=cells)
    return maps, late


def _token_grids(
    name: str, seen: Seen, late: list[LateLayers], model: Mini, image: Image
) -> list[heat.Floats]:
    """Return a candidate's values on a square grid of each view."""
    match name:
        case "tokens":
            return [heat.sigmoid(t) for t in seen.token_logits]
        case "residual cells":
            return _cells_in_views(seen)
        case "mean of both":
            pairs = zip(seen.token_logits, _cells_in_views(seen), strict=True)
            return [(heat.sigmoid(t) + c) * np.float32(0.5) for t, c in pairs]
        case "|delta| / |h|":
            return [_grid(x.delta.norm(dim=-1) / x.plain.norm(dim=-1)) for x in late]
        case "gradient x delta":
            return [_grid((x.gradient() * x.delta).sum(-1)) for x in late]
        case "occlusion of delta":
            return [_occlusion(x) for x in late]
        case "patch contrast":
            return [heat.sigmoid(c) for c in seen.contrasts]
        case "probe patches":
            return _probe_patches(model, image, seen.boxes)
        case "tokens and probe patches":
            pairs = zip(seen.token_logits, _probe_patches(model, image, seen.boxes), strict=True)
            fine = np.ones((PATCHES_A_TOKEN, PATCHES_A_TOKEN), np.float32)
            return [(np.kron(heat.sigmoid(t), fine) + p) * np.float32(0.5) for t, p in pairs]
        case _:
            raise ModelError(f"Unknown map {name!r}: use one of {', '.join(CANDIDATES)}.")


def _grid(values: Tensor) -> heat.Floats:
    side = round(len(values) ** 0.5)
    return np.asarray(values.detach().float().reshape(side, side).numpy(), np.float32)


def _occlusion(late: LateLayers) -> heat.Floats:
    """Return how far the log-odds fall when one token's injected step is taken away."""
    count = len(late.delta)
    one_each = np.concatenate([np.zeros((1, count), bool), np.eye(count, dtype=bool)])
    z = late.without(one_each)
    side = round(count**0.5)
    return np.asarray((z[0] - z[1:]).reshape(side, side), np.float32)


@torch.inference_mode()
def _probe_patches(model: Mini, image: Image, boxes: tuple[Region, ...]) -> list[heat.Floats]:
    """Return what each patch alone would make the linear probe say: probabilities [14, 14]."""
    views = torch.stack([view_tensor(image.pixels, box) for box in boxes])
    states = model.base_states(model.shared_states(normalise(views)))
    weight, bias = model.probe.weight[0].float(), model.probe.bias.float()
    # The probe reads class token and mean patch of each of its depths, in this order.
    parts = weight.chunk(2 * len(model.config.probe_depths))
    logits = bias.expand(len(boxes), 1)
    for depth, of_class, of_patch in zip(
        model.config.probe_depths, parts[::2], parts[1::2], strict=True
    ):
        x = states[depth].float()
        logits = logits + (x[:, 0] @ of_class)[:, None] + x[:, 1:] @ of_patch
    return [heat.sigmoid(_grid(view)) for view in logits]


def _cells_in_views(seen: Seen) -> list[heat.Floats]:
    """Return R's probabilities averaged over each token's box, [7, 7] each view."""
    cells = torch.from_numpy(heat.sigmoid(seen.cell_logits))
    grids = []
    for box in seen.boxes:
        top, left = round(box.y / CELL_PX), round(box.x / CELL_PX)
        bottom = max(top + 1, round((box.y + box.h) / CELL_PX))
        right = max(left + 1, round((box.x + box.w) / CELL_PX))
        part = cells[None, None, top:bottom, left:right]
        grids.append(_grid(pool_to_boxes(part, (GRID, GRID))[0, :, 0]))
    return grids


def _to_tokens(grid: heat.Floats) -> heat.Floats:
    """Average a grid of patches into one of tokens: [7, 7]."""
    step = grid.shape[0] // GRID
    return np.asarray(grid.reshape(GRID, step, GRID, step).mean(axis=(1, 3)), np.float32)


@contextmanager
def shuffled_artifact_path(model: Mini, seed: int) -> Iterator[None]:
    """Shuffle every trained tensor of the artifact path in itself, inside the block.

    What the maps show must come from what was learnt: with the same values in other places, a map
    that still looks the same shows the picture, not the evidence.

    Args:
        model: the mini; as before after the block.
        seed: of the shuffling.
    """
    generator = torch.Generator().manual_seed(seed)
    state = model.trained_state().items()
    with _shuffled([t for n, t in state if n.startswith(ARTIFACT_PARTS)], generator):
        yield


@contextmanager
def shuffled_blocks(model: Mini, blocks: range, seed: int) -> Iterator[None]:
    """Shuffle every weight of some of the tower's blocks in itself, inside the block.

    Args:
        model: the mini; as before after the block.
        blocks: which, counted from 0.
        seed: of the shuffling.
    """
    generator = torch.Generator().manual_seed(seed)
    layers = model.tower.encoder.layers
    own = [tensor for n in blocks for tensor in layers[n].parameters()]
    with _shuffled(own, generator):
        yield


@contextmanager
def _shuffled(own: list[Tensor], generator: torch.Generator) -> Iterator[None]:
    kept = [tensor.clone() for tensor in own]
    with torch.no_grad():
        try:
            for tensor in own:
                order = torch.randperm(tensor.numel(), generator=generator)
                tensor.copy_(tensor.flatten()[order].reshape(tensor.shape))
            yield
        finally:
            for tensor, before in zip(own, kept, strict=True):
                tensor.copy_(before)

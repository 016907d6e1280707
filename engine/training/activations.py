"""How the inputs of the tower's Linears are brought to 8 bits, measured on the training side.

    python -m engine.training.activations --data DIR --out FILE

writes the file that the pack of ``--triage`` is assembled with (`engine.vrm.packs.tower`).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

from engine import paths
from engine.training.data import PoolImage, load_rgb, read_pool, split
from engine.vrm.mini import normalise
from engine.vrm.packs import find_pack
from engine.vrm.packs.expanding import read_weights
from engine.vrm.packs.tower import SITES, Activations, Floats
from engine.vrm.squares import cover_views
from engine.vrm.views import view_tensor

BALANCE = 0.7
"""How far an input's spread is moved into the weights, 0..1. Of .5, .7, .85 and 1 the one with
the smallest error of the states after blocks 6 and 12, on 12 pictures (docs/log.md)."""
PICTURES = 256
SMALLEST = 1e-3
"""A channel that hardly moves is treated as if it moved this far."""


def choose(images: list[PoolImage], count: int, seed: int = 0) -> list[PoolImage]:
    """Return pictures of as many sources as there are, the same number of each where possible."""
    order = np.random.default_rng(seed).permutation(len(images))
    by_source: dict[str, list[PoolImage]] = {}
    for i in order:
        by_source.setdefault(images[i].source, []).append(images[i])
    rounds = [
        images[i]
        for i in range(max(map(len, by_source.values())))
        for images in by_source.values()
        if i < len(images)
    ]
    return rounds[:count]


def exact_tower(folder: Path) -> CLIPVisionModelWithProjection:
    """Return a pack's tower with its projection in float32, in evaluation mode.

    Raises:
        ModelError: its weights are missing or broken.
    """
    config, weights = CLIPVisionConfig.from_pretrained(folder), read_weights(folder)
    return CLIPVisionModelWithProjection.from_pretrained(
        None, config=config, state_dict=weights, dtype=torch.float32
    ).eval()


def measure(tower: CLIPVisionModelWithProjection, views: Iterator[Tensor]) -> Activations:
    """Return factors and ranges of a tower's inputs.

    Args:
        tower: in float32, its own activation in place.
        views: [3, side, side] each, 0..1.
    """
    with _watched(tower) as seen, torch.inference_mode():
        for view in views:
            tower(pixel_values=normalise(view[None]))
    factors: dict[str, Floats] = {}
    ranges: dict[str, tuple[float, float]] = {}
    for name, (low, high) in seen.items():
        factor = even_out(np.maximum(-low, high), _weight(tower, name), BALANCE)
        factors[name] = factor
        ranges[name] = (float((low / factor).min()), float((high / factor).max()))
    return Activations(factors=factors, ranges=ranges)


def even_out(largest: Floats, weight: Floats, balance: float) -> Floats:
    """Return what each input channel is divided by, and its weights multiplied with.

    Args:
        largest: [in] largest absolute value of each channel.
        weight: [in, out].
        balance: 0 evens out the weights alone, 1 the inputs alone.

    Returns:
        [in], geometric mean 1, values that half precision holds exactly.

    Source: SmoothQuant, arXiv 2211.10438, equation 4.
    """
    inputs = np.log(np.maximum(largest, SMALLEST))
    weights = np.log(np.maximum(np.abs(weight).max(axis=1), 1e-6))
    factor = balance * inputs - (1 - balance) * weights
    rounded: Floats = np.exp(factor - factor.mean()).astype(np.float16).astype(np.float32)
    return rounded


@contextmanager
def _watched(tower: CLIPVisionModelWithProjection) -> Iterator[dict[str, tuple[Floats, Floats]]]:
    """Collect each input channel's lowest and highest value while inside."""
    seen: dict[str, tuple[Floats, Floats]] = {}

    def watch(name: str, module: nn.Module) -> torch.utils.hooks.RemovableHandle:
        def note(_module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            x = inputs[0].flatten(0, -2)
            low, high = x.amin(0).numpy(), x.amax(0).numpy()
            if name in seen:
                low, high = np.minimum(low, seen[name][0]), np.maximum(high, seen[name][1])
            seen[name] = (low, high)

        return module.register_forward_pre_hook(note)

    handles = [
        watch(f"{block}.{site}", _linears(tower, block, site)[0])
        for block in range(tower.config.num_hidden_layers)
        for site in SITES
    ]
    try:
        yield seen
    finally:
        for handle in handles:
            handle.remove()


def _linears(tower: CLIPVisionModelWithProjection, block: int, site: str) -> list[nn.Linear]:
    """Return the Linears that read one input of a block."""
    layer: Any = tower.vision_model.encoder.layers[block]
    attention = layer.self_attn
    return {
        "attention": [attention.q_proj, attention.k_proj, attention.v_proj],
        "context": [attention.out_proj],
        "fc1": [layer.mlp.fc1],
        "fc2": [layer.mlp.fc2],
    }[site]


def _weight(tower: CLIPVisionModelWithProjection, name: str) -> Floats:
    """Return the weights [in, out] that read an input, side by side."""
    block, site = name.split(".")
    weights = [linear.weight.detach().T for linear in _linears(tower, int(block), site)]
    return torch.cat(weights, dim=1).numpy()


def _views(images: list[PoolImage]) -> Iterator[Tensor]:
    for image in images:
        rgb = load_rgb(image.path)
        boxes = cover_views(*rgb.shape[:2])
        yield view_tensor(rgb, boxes[len(boxes) // 2])


def main(argv: Sequence[str] | None = None) -> int:
    """Measure on the training side of a pool and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the development data")
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    parser.add_argument("--pictures", type=int, default=PICTURES)
    asked = parser.parse_args(argv)
    pool = read_pool(asked.data / "pool" / "manifest.csv")
    images = split(pool, paths.resources_dir() / "splits.toml")["train"]
    folder = find_pack("mini").part("vision").folder
    tower = exact_tower(folder)
    measured = measure(tower, _views(choose(images, asked.pictures)))
    measured.write(asked.out)
    sys.stderr.write(f"{len(measured.factors)} inputs measured; {asked.out} written.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

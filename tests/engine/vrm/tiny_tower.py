"""A tiny int8 tower, assembled as the real one is, and what it must agree with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from transformers import CLIPVisionModelWithProjection

from engine.training.activations import measure
from engine.vrm.contrast import ContrastHead
from engine.vrm.mini import normalise
from engine.vrm.packs.tower import convert_tower
from engine.vrm.triage import LinearHead
from engine.vrm.views import pixel_tensor
from tests.engine.vrm import packs_made_up as made_up

SIDE_PX, PATCHES, WIDTH, BLOCKS = 32, 16, 64, 2


def views(count: int, seed: int = 0) -> np.ndarray:
    """Return coarse random pictures [count, 32, 32, 3]."""
    coarse = np.random.default_rng(seed).integers(0, 256, (count, 8, 8, 3), dtype=np.uint8)
    return coarse.repeat(4, axis=1).repeat(4, axis=2)


def write_tower(folder: Path) -> CLIPVisionModelWithProjection:
    """Write a pack's part; return the tower they stand for."""
    folder.mkdir(parents=True, exist_ok=True)
    model = made_up.tiny_clip(side_px=SIDE_PX, patch_px=8)
    made_up.write_onnx(model, folder.parent / "export.onnx")
    measured = measure(model, (pixel_tensor(view) for view in views(8)))
    measured.write(folder.parent / "activations.safetensors")
    convert_tower(
        folder.parent / "export.onnx",
        folder,
        activations=folder.parent / "activations.safetensors",
    )
    return model


@torch.inference_mode()
def exact_states(model: CLIPVisionModelWithProjection, view: np.ndarray) -> list[np.ndarray]:
    """Return the states after each block, in float32: [17, 64] each."""
    pixels = normalise(pixel_tensor(view)[None])
    out = model.vision_model(pixel_values=pixels, output_hidden_states=True)
    return [states[0].numpy() for states in out.hidden_states[1:]]


def random_head(depths: tuple[int, ...] = (1, 2), seed: int = 0) -> LinearHead:
    """Return a head that weighs everything."""
    rng = np.random.default_rng(seed)
    parts = rng.normal(0, 0.05, (2, len(depths), WIDTH)).astype(np.float32)
    return LinearHead(depths=depths, class_weights=parts[0], patch_weights=parts[1], bias=0.25)


def random_contrast(depths: tuple[int, ...] = (1, 2), seed: int = 1) -> ContrastHead:
    """Return a contrast head that weighs everything."""
    weights = np.random.default_rng(seed).normal(0, 0.05, (len(depths), WIDTH))
    return ContrastHead(depths=depths, weights=weights.astype(np.float32))

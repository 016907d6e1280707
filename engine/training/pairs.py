"""Aligned fakes: each real photograph's own reconstruction by an autoencoder, kept on disk.

Source: pairing as in stage 2 of arXiv 2606.15880 (its D2); the decoder variants are ours,
because one decoder generalises poorly.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from engine.training.data import PoolImage, load_rgb
from engine.training.taef import STRIDE_PX, Taef2

VARIANTS = ("plain", "noise", "float32", "twice", "smaller", "larger")
"""plain; noise in the latent; 32-bit arithmetic (the others: 16); chained; made at .75 or at
1.33 of the size."""

LATENT_NOISE = 0.08


def pair_file(folder: Path, image: PoolImage) -> Path:
    """Return where the reconstruction of a photograph lies."""
    return folder / f"{image.sha256}.png"


def variant_of(image: PoolImage) -> str:
    """Return which variant a photograph gets; decided by its hash, so it never changes."""
    return VARIANTS[int(image.sha256[:8], 16) % len(VARIANTS)]


def make_pairs(
    images: Iterable[PoolImage],
    weights: Path,
    folder: Path,
    log: Callable[[str], None],
) -> None:
    """Reconstruct every real photograph that has no reconstruction yet.

    Args:
        images: real photographs; others are passed over.
        weights: folder of the autoencoder's safetensors.
        folder: where ``<sha256>.png`` goes.
        log: told how far it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    todo = [i for i in images if i.label == "real" and not pair_file(folder, i).exists()]
    if not todo:
        return
    model = Taef2(weights).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    torch.manual_seed(0)
    begin = time.monotonic()
    for n, image in enumerate(todo, 1):
        out = reconstruct(model, load_rgb(image.path), variant_of(image))
        target = pair_file(folder, image)
        partial = target.with_suffix(".partial")
        Image.fromarray(out).save(partial, format="PNG", compress_level=1)
        partial.replace(target)
        if n % 50 == 0 or n == len(todo):
            left = (time.monotonic() - begin) / n * (len(todo) - n)
            log(f"pairs {n}/{len(todo)}, {left / 60:.1f} min left")


def reconstruct(model: Taef2, rgb: NDArray[np.uint8], variant: str) -> NDArray[np.uint8]:
    """Return the reconstruction of one picture, same size as the input, uint8 [h, w, 3]."""
    if variant in ("smaller", "larger"):
        factor = 0.75 if variant == "smaller" else 1.33
        small = _resize(rgb, factor=factor)
        return _resize(_once(model, small), size=(rgb.shape[1], rgb.shape[0]))
    if variant == "noise":
        return _once(model, rgb, noise=LATENT_NOISE)
    if variant == "float32":
        return _once(model, rgb, dtype=torch.float32)
    out = _once(model, rgb)
    return _once(model, out) if variant == "twice" else out


def _resize(
    rgb: NDArray[np.uint8], *, factor: float = 1.0, size: tuple[int, int] | None = None
) -> NDArray[np.uint8]:
    target = size or (max(8, round(rgb.shape[1] * factor)), max(8, round(rgb.shape[0] * factor)))
    return np.asarray(Image.fromarray(rgb).resize(target, Image.Resampling.LANCZOS))


@torch.inference_mode()
def _once(
    model: Taef2,
    rgb: NDArray[np.uint8],
    *,
    noise: float = 0.0,
    dtype: torch.dtype = torch.bfloat16,
) -> NDArray[np.uint8]:
    height, width = rgb.shape[:2]
    pad = ((0, -height % STRIDE_PX), (0, -width % STRIDE_PX), (0, 0))
    x = torch.from_numpy(np.pad(rgb, pad, mode="edge")).permute(2, 0, 1)[None].float() / 255
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=dtype is torch.bfloat16):
        y = model.reconstruct(x, noise=noise).float()
    out = (y[0].permute(1, 2, 0) * 255).round().clamp(0, 255).to(torch.uint8).numpy()
    return np.ascontiguousarray(out[:height, :width])

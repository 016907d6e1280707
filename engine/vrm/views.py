"""The square views of a picture that the mini looks at, as tensors."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.types import Region
from engine.vrm.squares import VIEW_PX, cover_views, view_pixels

__all__ = ["VIEW_PX", "cover_views", "pixel_tensor", "view_tensor"]


def view_tensor(pixels: NDArray[np.uint8], box: Region | None = None) -> Tensor:
    """Return one view for the tower.

    Args:
        pixels: [H, W, 3], sRGB.
        box: the part to look at; None for all of it.

    Returns:
        [3, 224, 224] float32, 0..1.
    """
    return pixel_tensor(view_pixels(pixels, box))


def pixel_tensor(pixels: NDArray[np.uint8]) -> Tensor:
    """Return pixels [H, W, 3] as [3, H, W] float32, 0..1."""
    return torch.from_numpy(np.array(pixels)).permute(2, 0, 1).float() / 255

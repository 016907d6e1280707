"""The square views of a picture that the mini looks at, as arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage

from engine.types import Region

VIEW_PX = 224
"""Side of a view in the tower."""

MAX_COVER_VIEWS = 3
"""Square views of a long picture at most."""

OVERLAP_ALLOWED = 1.15
"""A picture up to this aspect ratio is looked at in one view, its ends cut."""


def cover_views(height: int, width: int) -> tuple[Region, ...]:
    """Return square boxes along the picture's longer side.

    Squares are never distorted, so that the picture's proportions tell the model nothing. They
    cover it from end to end up to 3:1; longer pictures are sampled at both ends and the middle.

    Args:
        height: of the picture, px.
        width: of the picture, px.

    Returns:
        One to three boxes, the first at the left or top end.
    """
    side, long = min(height, width), max(height, width)
    ratio = long / side
    count = 1 if ratio <= OVERLAP_ALLOWED else min(MAX_COVER_VIEWS, int(np.ceil(ratio)))
    if count == 1:
        starts = [(long - side) // 2]
    else:
        starts = [round(i * (long - side) / (count - 1)) for i in range(count)]
    if width >= height:
        return tuple(Region(x=s, y=0, w=side, h=side) for s in starts)
    return tuple(Region(x=0, y=s, w=side, h=side) for s in starts)


def middle_square(height: int, width: int) -> Region:
    """Return the largest square in the middle of a picture, px."""
    side = min(height, width)
    return Region(x=(width - side) // 2, y=(height - side) // 2, w=side, h=side)


def view_pixels(
    pixels: NDArray[np.uint8], box: Region | None = None, side_px: int = VIEW_PX
) -> NDArray[np.uint8]:
    """Return one view, shrunk or enlarged for the tower.

    Args:
        pixels: [H, W, 3], sRGB.
        box: the part to look at; None for all of it.
        side_px: of the result.

    Returns:
        [side_px, side_px, 3].
    """
    if box is not None:
        pixels = pixels[box.y : box.y + box.h, box.x : box.x + box.w]
    small = PilImage.fromarray(pixels).resize((side_px, side_px), PilImage.Resampling.BICUBIC)
    return np.asarray(small)

"""Between a picture as its file stores it and the same picture upright."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.types import Region

_Scalar = TypeVar("_Scalar", bound=np.generic)
_Turn = Callable[[NDArray[np.generic]], NDArray[np.generic]]

UPRIGHT: dict[int, _Turn] = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: lambda a: np.rot90(a, 1),
}
"""How each EXIF orientation turns a stored array [height, width, ...] upright."""

_BACK = {6: 8, 8: 6}
"""Orientations that are not their own inverse."""


def upright(array: NDArray[_Scalar], orientation: int) -> NDArray[_Scalar]:
    """Return an array of the stored picture as it lies in the upright one.

    Args:
        array: [height, width, ...].
        orientation: EXIF, 1..8.
    """
    return UPRIGHT[orientation](array)  # type: ignore[return-value]


def stored(array: NDArray[_Scalar], orientation: int) -> NDArray[_Scalar]:
    """Return an array of the upright picture as the file stores it; undoes `upright`."""
    return upright(array, _BACK.get(orientation, orientation))


def upright_region(region: Region, orientation: int, height: int, width: int) -> Region:
    """Return a box of the stored picture in the upright one.

    Args:
        region: in stored pixels.
        orientation: EXIF, 1..8.
        height: of the stored picture, px.
        width: of the stored picture, px.
    """
    x, y, w, h = region.x, region.y, region.w, region.h
    right, below = width - x - w, height - y - h
    placed = {
        1: (x, y),
        2: (right, y),
        3: (right, below),
        4: (x, below),
        5: (y, x),
        6: (below, x),
        7: (below, right),
        8: (y, right),
    }
    left, top = placed[orientation]
    return Region(x=left, y=top, w=h, h=w) if orientation >= 5 else Region(x=left, y=top, w=w, h=h)

"""Pixels between numpy and Qt; every conversion owns its memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from engine.errors import InputError

LEAST_LEVEL_PX = 512
"""A pyramid stops where its longer side falls below this."""


def to_qimage(pixels: NDArray[np.uint8]) -> QImage:
    """Copy pixels into an image of Qt.

    Args:
        pixels: [height, width, 3] sRGB or [height, width, 4] sRGB with straight alpha.

    Returns:
        An image that owns its memory, in a format that paints fast.

    Raises:
        InputError: the array has another shape or type.
    """
    if pixels.ndim != 3 or pixels.shape[2] not in (3, 4) or pixels.dtype != np.uint8:
        raise InputError(
            f"Pixels of shape {pixels.shape} and type {pixels.dtype} cannot be shown: "
            "hand over uint8 of [height, width, 3 or 4]."
        )
    height, width, channels = pixels.shape
    rows = np.ascontiguousarray(pixels)
    if channels == 3:
        view = QImage(rows.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        return view.convertToFormat(QImage.Format.Format_RGB32)
    view = QImage(rows.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return view.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def to_array(image: QImage) -> NDArray[np.uint8]:
    """Copy an image of Qt into pixels.

    Args:
        image: any format.

    Returns:
        [height, width, 4] uint8, sRGB with straight alpha.
    """
    rgba = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(rgba.constBits(), dtype=np.uint8)
    rows = rows.reshape(rgba.height(), rgba.bytesPerLine())[:, : 4 * rgba.width()]
    return rows.reshape(rgba.height(), rgba.width(), 4).copy()


def pyramid(image: QImage) -> tuple[QImage, ...]:
    """Return the image and its halvings, so that a small view of a large picture is sharp.

    Args:
        image: the full picture.

    Returns:
        Level 0 is the image itself, each next one half as wide and high (rounded up).
    """
    levels = [image]
    while max(levels[-1].width(), levels[-1].height()) >= 2 * LEAST_LEVEL_PX:
        last = levels[-1]
        half = QSize((last.width() + 1) // 2, (last.height() + 1) // 2)
        levels.append(
            last.scaled(
                half,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
    return tuple(levels)

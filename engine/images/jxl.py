"""JPEG XL: bytes to samples. Runs in the decoding child process only."""

from __future__ import annotations

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.images import hdr, jxl_header
from engine.images.jxl_header import JxlHeader
from engine.images.opened import Opened
from engine.images.refusals import refuse_size

NAME = "JPEG XL"


def open_jxl(data: bytes, min_side_px: int | None, notes: list[str]) -> Opened:
    """Decode the first frame of a JPEG XL file.

    Args:
        data: the whole file.
        min_side_px: smallest side allowed; None allows any.
        notes: receives how it was decoded.

    Raises:
        InputError: the header announces a picture that is too large or too small.
        RuntimeError: the decoder refuses the file.
    """
    header = jxl_header.read(data)
    refuse_size(header.width, header.height, min_side_px)
    # The first frame alone: an animation's frames would all be held in memory.
    samples = imagecodecs.jpegxl_decode(data, index=0, numthreads=1)
    if b"jbrd" in data[:4096]:
        notes.append("The file is a JPEG that was packed again without loss.")
    _note(header, notes)
    picture = _picture(np.asarray(samples), header, notes)
    return Opened(picture=picture, format=NAME, is_upright=True)


def _note(header: JxlHeader, notes: list[str]) -> None:
    if header.is_animated:
        notes.append("The picture is animated; its first frame was examined, not the others.")
    if header.bits > 8:
        kind = "Floating-point" if header.is_float else "Whole"
        notes.append(f"{header.bits}-bit samples reduced to 8 bits ({kind.lower()} numbers).")
    if header.orientation != 1:
        notes.append(f"Turned upright by orientation {header.orientation}.")
    if header.has_icc:
        notes.append("Its colour profile is packed in the stream and was not applied.")


def _picture(samples: NDArray[np.generic], header: JxlHeader, notes: list[str]) -> Image.Image:
    if samples.ndim == 2:
        samples = samples[:, :, None]
    channels = samples.shape[2]
    colours, alpha = (samples, None) if channels % 2 else (samples[..., :-1], samples[..., -1])
    coding = hdr.Coding() if header.has_icc else header.coding
    if coding.is_plain:
        eight = _eight_bit(colours)
    else:
        notes.append(hdr.note(coding))
        eight = hdr.to_srgb(np.broadcast_to(colours, (*colours.shape[:2], 3)), coding)
    if alpha is not None:
        eight = np.dstack([eight, _eight_bit(alpha)])
    return Image.fromarray(np.ascontiguousarray(eight.squeeze()))


def _eight_bit(samples: NDArray[np.generic]) -> NDArray[np.uint8]:
    if samples.dtype == np.uint8:
        return np.asarray(samples, dtype=np.uint8)
    if samples.dtype.kind == "f":
        unit = np.clip(np.nan_to_num(samples.astype(np.float32)), 0.0, 1.0)
        return np.asarray(np.rint(unit * 255), dtype=np.uint8)
    full = 2 ** (8 * samples.dtype.itemsize) - 1
    return np.asarray((samples.astype(np.uint64) * 255 + full // 2) // full, dtype=np.uint8)

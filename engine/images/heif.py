"""HEIC and HEIF: bytes to samples. Runs in the decoding child process only."""

from __future__ import annotations

import numpy as np
import pi_heif
from PIL import Image

from engine.images import hdr
from engine.images.opened import Opened
from engine.images.refusals import refuse_size


def open_heif(name: str, data: bytes, min_side_px: int | None, notes: list[str]) -> Opened:
    """Decode the primary picture of a HEIF file; its turns and mirrors are applied.

    Args:
        name: of the format, ``"HEIC"`` or ``"HEIF"``.
        data: the whole file.
        min_side_px: smallest side allowed; None allows any.
        notes: receives how it was decoded.

    Raises:
        InputError: the header announces a picture that is too large or too small.
        ValueError, RuntimeError, EOFError, SyntaxError, OSError: the decoder refuses the file.
    """
    container = pi_heif.HeifFile(data, convert_hdr_to_8bit=True)
    primary = container[container.primary_index]
    width, height = primary.size
    refuse_size(width, height, min_side_px)
    info = dict(primary.info)
    coding = _coding(info)
    bits = int(info.get("bit_depth", 8))
    _note(container, info, bits, notes)
    if coding.is_plain or info.get("icc_profile"):
        picture = primary.to_pillow()
        picture.load()
    else:
        picture = _converted(data, container.primary_index, coding)
        notes.append(hdr.note(coding))
    return Opened(picture=picture, format=name, is_upright=True)


def _converted(data: bytes, index: int, coding: hdr.Coding) -> Image.Image:
    """Decode with all bits and convert; 8 bits of PQ would show steps."""
    full = pi_heif.HeifFile(data, convert_hdr_to_8bit=False)[index]
    samples = np.asarray(full)
    if samples.ndim == 2:
        samples = np.repeat(samples[:, :, None], 3, axis=2)
    return Image.fromarray(hdr.to_srgb(samples[:, :, :3], coding))


def _coding(info: dict[str, object]) -> hdr.Coding:
    nclx = info.get("nclx_profile")
    if not isinstance(nclx, dict):
        return hdr.Coding()
    return hdr.Coding(
        primaries=int(nclx.get("color_primaries", hdr.SRGB_PRIMARIES)),
        transfer=int(nclx.get("transfer_characteristics", hdr.SRGB_TRANSFER)),
    )


def _note(
    container: pi_heif.HeifFile, info: dict[str, object], bits: int, notes: list[str]
) -> None:
    if len(container) > 1:
        others = ", ".join(
            f"{other.size[0]} x {other.size[1]}"
            for index, other in enumerate(container)
            if index != container.primary_index
        )
        notes.append(
            f"The file holds {len(container)} pictures; the primary one was examined, "
            f"not those of {others} px."
        )
    if bits > 8:
        notes.append(f"{bits}-bit samples reduced to 8 bits.")
    depth, auxiliary = info.get("depth_images"), info.get("aux")
    if depth:
        notes.append("The file carries a depth map, which was not examined.")
    if isinstance(auxiliary, dict) and auxiliary:
        names = ", ".join(sorted(map(str, auxiliary)))
        notes.append(f"The file carries auxiliary pictures, which were not examined: {names}.")

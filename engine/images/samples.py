"""From a decoder's picture to 8-bit sRGB samples, upright. Runs in the decoding child only."""

from __future__ import annotations

import numpy as np
from PIL import ExifTags, Image

from engine.images import hdr
from engine.images.colour_profile import apply_profile, lab_to_srgb
from engine.images.refusals import DECODER_ERRORS, unsupported_samples

MID_GREY = 128
"""What transparent areas are laid over: it favours neither dark nor light content."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def to_rgb(
    source: Image.Image, coding: hdr.Coding, notes: list[str]
) -> tuple[Image.Image, Image.Image | None]:
    """Return the picture in mode RGB, sRGB, not yet oriented, and its alpha.

    Args:
        source: loaded, in any mode.
        coding: what the file says of its samples beside a profile.
        notes: receives what was done.

    Raises:
        InputError: the samples have no agreed brightness.
    """
    picture, alpha = _apart(_eight_bit(source, notes))
    icc = source.info.get("icc_profile")
    if picture.mode == "LAB":
        rgb = lab_to_srgb(picture)
        notes.append("Lab colours converted to sRGB.")
    elif coding.is_hdr or (not icc and not coding.is_plain):
        rgb = Image.fromarray(hdr.to_srgb(np.asarray(picture.convert("RGB")), coding))
        notes.append(hdr.note(coding))
    elif icc:
        rgb = apply_profile(picture, icc, notes)
    else:
        if picture.mode == "CMYK":
            notes.append("CMYK without a colour profile, converted by the simple formula.")
        rgb = picture.convert("RGB")
    if alpha is not None and alpha.getextrema() != (255, 255):
        grey = Image.new("RGB", rgb.size, (MID_GREY,) * 3)
        rgb = Image.composite(rgb, grey, alpha)
        notes.append("Transparent areas laid over mid-grey.")
    return rgb, alpha


def turned(picture: Image.Image, source: Image.Image, notes: list[str]) -> Image.Image:
    """Return a picture turned upright as the EXIF block of its source says."""
    try:
        orientation = source.getexif().get(ExifTags.Base.Orientation, 1)
    except DECODER_ERRORS:
        notes.append("The EXIF block is damaged; the picture was not turned.")
        return picture
    if orientation in _TURNS:
        notes.append(f"Turned upright by EXIF orientation {orientation}.")
        return picture.transpose(_TURNS[orientation])
    if orientation != 1:
        notes.append(f"EXIF orientation {orientation!r} is not defined; it was not applied.")
    return picture


def _apart(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Split a picture into colours (L, RGB, CMYK or LAB) and alpha."""
    if picture.mode in ("LA", "La"):
        plain = picture.convert("LA") if picture.mode == "La" else picture
        return plain.getchannel("L"), plain.getchannel("A")
    if picture.mode in ("RGBA", "RGBa", "PA") or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        # A palette of greys stays RGB: its profile, if any, is one for RGB.
        return rgba.convert("RGB"), rgba.getchannel("A")
    if picture.mode == "1":
        return picture.convert("L"), None
    if picture.mode in ("L", "RGB", "CMYK", "LAB"):
        return picture, None
    return picture.convert("RGB"), None


def _eight_bit(source: Image.Image, notes: list[str]) -> Image.Image:
    """Return the picture with samples of 8 bits; other modes as they are."""
    if source.mode.startswith("I;16"):
        samples = np.asarray(source).astype(np.uint32)
        return _grey((samples * 255 + 32767) // 65535)
    if source.mode == "I":
        samples = np.asarray(source)
        low, high = int(samples.min()), int(samples.max())
        if low < 0 or high > 65535:
            raise unsupported_samples(f"integers from {low} to {high}")
        return _grey((samples.astype(np.uint32) * 255 + 32767) // 65535)
    if source.mode == "F":
        return _from_float(np.asarray(source), notes)
    return source


def _from_float(samples: np.ndarray, notes: list[str]) -> Image.Image:
    low, high = float(samples.min()), float(samples.max())
    if not (np.isfinite(low) and np.isfinite(high)) or low < 0 or high > 65535:
        raise unsupported_samples(f"numbers from {low:g} to {high:g}")
    full = 1.0 if high <= 1.0 else 255.0 if high <= 255.0 else 65535.0
    notes.append(f"Floating-point samples, taken to lie between 0 and {full:g}.")
    return _grey(np.rint(samples * (255.0 / full)))


def _grey(samples: np.ndarray) -> Image.Image:
    return Image.fromarray(samples.astype(np.uint8))

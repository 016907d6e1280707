"""From a file's bytes to 8-bit sRGB samples. Runs in the decoding child process only."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import ExifTags, Image, JpegImagePlugin, TiffImagePlugin, UnidentifiedImageError

from engine.errors import InputError
from engine.images.colour_profile import apply_profile, lab_to_srgb
from engine.images.formats import DECODED, HEAD_BYTES, sniff
from engine.images.jpeg import estimate_quality
from engine.images.limits import MAX_PIXELS, MIN_SIDE_PX
from engine.images.truncation import ends_early

DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders raise on broken input (all seen); MemoryError is told apart."""

MID_GREY = 128
"""What transparent areas are laid over: it favours neither dark nor light content."""

MAX_WARNINGS = 3
"""How many of a decoder's warnings are noted for one file."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_STRICT_TO_THE_END = ("JPEG2000",)
"""Formats whose decoder fills in what is missing without complaint."""

_TRUNCATION_CUES = ("truncated", "not enough", "expected to read", "reached eof")
"""How Pillow's decoders word that data is missing, in lower case."""

_TAG_SUBFILE_TYPE = 254
_TAG_BITS = 258
_TAG_SUB_IFDS = 330
_TAG_DNG_VERSION = 50706


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decoded:
    """A decoded picture and what is known of its making."""

    picture: Image.Image
    """Mode RGB, sRGB, oriented."""
    format: str
    """Name of the format."""
    notes: tuple[str, ...]
    """A sentence each."""
    jpeg_quality: int | None
    """1..100, JPEG only."""
    alpha: Image.Image | None = None
    """Mode L, as stored: not oriented; None where the picture has none."""


def decode(data: bytes, *, for_view_px: int | None = None) -> Decoded:
    """Decode a picture from its bytes.

    Args:
        data: the whole file.
        for_view_px: when given, the picture will be shrunk to this side, so a coarser
            decoding that is at least twice as large is allowed, and so is a small picture.

    Raises:
        InputError: ``kind`` is ``empty``, ``not_an_image``, ``unsupported_format``,
            ``truncated``, ``corrupt``, ``too_large``, ``too_small``, ``out_of_memory`` or
            ``unsupported_samples``.
    """
    if not data:
        raise InputError(
            "The file is empty (0 bytes): copy it again from its source.", kind="empty"
        )
    notes: list[str] = []
    with _known_failures(data), _noted_warnings(notes):
        source = Image.open(BytesIO(data), formats=DECODED)
        _refuse_raw(source, data)
        _refuse_size(source.width, source.height, None if for_view_px else MIN_SIDE_PX)
        quality = _jpeg_quality(source)
        format_name = _format(source, notes)
        _note_frames(source, format_name, notes)
        _note_depth(source, format_name, data, notes)
        if for_view_px and format_name == "JPEG":
            source.draft(None, (2 * for_view_px, 2 * for_view_px))
        source.load()
        _note_end(data, format_name, notes)
        picture, alpha = _to_rgb(source, notes)
        picture = _turned(picture, source, notes)
    return Decoded(
        picture=picture,
        format=format_name,
        notes=tuple(notes),
        jpeg_quality=quality,
        alpha=alpha,
    )


@contextmanager
def _known_failures(data: bytes) -> Iterator[None]:
    try:
        yield
    except MemoryError as error:
        raise InputError(
            "Decoding needs more memory than a decoder may take: examine a smaller copy.",
            kind="out_of_memory",
        ) from error
    except Image.DecompressionBombError as error:
        raise _too_large(str(error)) from error
    except UnidentifiedImageError as error:
        raise _unidentified(data) from error
    except DECODER_ERRORS as error:
        raise _broken(data, error) from error


def _unidentified(data: bytes) -> InputError:
    name = sniff(data[:HEAD_BYTES])
    if name is None:
        return InputError(
            "The file is not a picture in a format that is known here: "
            "check what it is, or convert it to PNG.",
            kind="not_an_image",
        )
    if ends_early(data):
        return _truncated(len(data), name)
    if name in DECODED:
        return InputError(
            f"This kind of {name} cannot be decoded, or its header is damaged: "
            "open it in the program that made it and save it as PNG or 8-bit TIFF.",
            kind="corrupt" if name != "TIFF" else "unsupported_format",
        )
    return _unsupported(name)


def _unsupported(name: str) -> InputError:
    return InputError(
        f"{name} files are not decoded by this version: convert a copy to PNG or TIFF "
        "and keep the original as evidence.",
        kind="unsupported_format",
    )


def _broken(data: bytes, error: Exception) -> InputError:
    name = sniff(data[:HEAD_BYTES]) or "picture"
    text = str(error)
    if any(cue in text.lower() for cue in _TRUNCATION_CUES) or ends_early(data):
        return _truncated(len(data), name)
    return InputError(
        f"The {name} data is damaged ({text or type(error).__name__}): "
        "copy the file again from its source.",
        kind="corrupt",
    )


def _truncated(size: int, name: str) -> InputError:
    return InputError(
        f"The {name} file ends too early, after {size:,} bytes: a part of the picture is "
        "missing. Copy the file again from its source.",
        kind="truncated",
    )


@contextmanager
def _noted_warnings(notes: list[str]) -> Iterator[None]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    texts = dict.fromkeys(" ".join(str(warning.message).split()) for warning in caught)
    notes.extend(f"The decoder warned: {text}" for text in list(texts)[:MAX_WARNINGS])


def _refuse_size(width: int, height: int, min_side_px: int | None) -> None:
    if width * height > MAX_PIXELS:
        raise _too_large(f"{width:,} x {height:,} px")
    if min_side_px is not None and min(width, height) < min_side_px:
        raise InputError(
            f"The picture has {width} x {height} px; each side needs at least "
            f"{min_side_px}. Nothing can be said of so small a picture: find a larger copy.",
            kind="too_small",
        )


def _too_large(found: str) -> InputError:
    return InputError(
        f"The picture is too large ({found}); at most {MAX_PIXELS / 1e6:,.0f} megapixels are "
        "decoded. Examine a part of it.",
        kind="too_large",
    )


def _refuse_raw(source: Image.Image, data: bytes) -> None:
    """Refuse camera raw files, of which only a small preview would be seen."""
    if not isinstance(source, TiffImagePlugin.TiffImageFile):
        return
    tags = source.tag_v2
    is_preview = bool(int(tags.get(_TAG_SUBFILE_TYPE, 0)) & 1) and _TAG_SUB_IFDS in tags
    if _TAG_DNG_VERSION in tags or data[8:10] == b"CR" or is_preview:
        raise _unsupported("Camera raw")


def _jpeg_quality(source: Image.Image) -> int | None:
    if not isinstance(source, JpegImagePlugin.JpegImageFile) or not source.quantization:
        return None
    first = min(source.quantization)
    return estimate_quality(source.quantization[first])


def _format(source: Image.Image, notes: list[str]) -> str:
    if source.format == "MPO":
        notes.append("The file is a JPEG that holds several pictures; the first was examined.")
        return "JPEG"
    if source.format == "DIB":
        return "BMP"
    if source.format is None:
        raise ValueError("The decoder does not name its format.")
    return source.format


def _note_frames(source: Image.Image, name: str, notes: list[str]) -> None:
    if source.format == "MPO" or not getattr(source, "is_animated", False):
        return
    source.seek(0)
    if name == "TIFF":
        notes.append("The file has several pages; the first was examined.")
    else:
        notes.append("The picture is animated; its first frame was examined.")


def _note_depth(source: Image.Image, name: str, data: bytes, notes: list[str]) -> None:
    bits = 8
    if name == "PNG":
        bits = data[24]
    elif name == "TIFF" and isinstance(source, TiffImagePlugin.TiffImageFile):
        found = source.tag_v2.get(_TAG_BITS, 8)
        bits = max(found) if isinstance(found, tuple) else int(found)
    elif name == "JPEG2000" and (at := data.find(b"\xff\x4f\xff\x51")) >= 0:
        bits = (data[at + 42] & 0x7F) + 1
    elif name == "AVIF" and (at := data.find(b"av1C")) >= 0:
        high, twelve = data[at + 6] & 0x40, data[at + 6] & 0x20
        bits = 12 if high and twelve else 10 if high else 8
    elif source.mode.startswith("I"):
        bits = 16
    if bits > 8:
        notes.append(f"{bits}-bit samples reduced to 8 bits.")


def _note_end(data: bytes, name: str, notes: list[str]) -> None:
    if ends_early(data):
        if name in _STRICT_TO_THE_END:
            raise _truncated(len(data), name)
        notes.append("The file ends before its end mark; all of the examined picture is there.")


def _to_rgb(source: Image.Image, notes: list[str]) -> tuple[Image.Image, Image.Image | None]:
    """Return the picture in mode RGB, sRGB, not yet oriented, and its alpha."""
    picture, alpha = _apart(_eight_bit(source, notes))
    icc = source.info.get("icc_profile")
    if picture.mode == "LAB":
        rgb = lab_to_srgb(picture)
        notes.append("Lab colours converted to sRGB.")
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
            raise _unsupported_samples(f"integers from {low} to {high}")
        return _grey((samples.astype(np.uint32) * 255 + 32767) // 65535)
    if source.mode == "F":
        return _from_float(np.asarray(source), notes)
    return source


def _from_float(samples: np.ndarray, notes: list[str]) -> Image.Image:
    low, high = float(samples.min()), float(samples.max())
    if not (np.isfinite(low) and np.isfinite(high)) or low < 0 or high > 65535:
        raise _unsupported_samples(f"numbers from {low:g} to {high:g}")
    full = 1.0 if high <= 1.0 else 255.0 if high <= 255.0 else 65535.0
    notes.append(f"Floating-point samples, taken to lie between 0 and {full:g}.")
    return _grey(np.rint(samples * (255.0 / full)))


def _grey(samples: np.ndarray) -> Image.Image:
    return Image.fromarray(samples.astype(np.uint8))


def _unsupported_samples(found: str) -> InputError:
    return InputError(
        f"The samples are {found}, which have no agreed brightness: "
        "save the picture with 8 or 16 bits a sample.",
        kind="unsupported_samples",
    )


def _turned(picture: Image.Image, source: Image.Image, notes: list[str]) -> Image.Image:
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

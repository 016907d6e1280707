"""Why a file cannot be decoded, in words; and the failures of decoders turned into them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, UnidentifiedImageError
from rawpy import LibRawError

from engine.errors import InputError
from engine.images.formats import DECODED, HEAD_BYTES, sniff
from engine.images.limits import MAX_PIXELS
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
    LibRawError,
    struct.error,
    zlib.error,
)
"""What decoders raise on broken input (all seen); MemoryError is told apart."""

_TRUNCATION_CUES = (
    "truncated",
    "not enough",
    "expected to read",
    "reached eof",
    "end of file",
    "need_more_input",
    "input/output error",
)
"""How decoders word that data is missing, in lower case."""


@contextmanager
def known_failures(data: bytes) -> Iterator[None]:
    """Turn what decoders raise on broken input into an InputError.

    Args:
        data: the whole file.
    """
    try:
        yield
    except MemoryError as error:
        raise InputError(
            "Decoding needs more memory than a decoder may take: examine a smaller copy.",
            kind="out_of_memory",
        ) from error
    except Image.DecompressionBombError as error:
        raise too_large(str(error)) from error
    except UnidentifiedImageError as error:
        raise _unidentified(data) from error
    except DECODER_ERRORS as error:
        raise broken(data, error) from error


def refuse_size(width: int, height: int, min_side_px: int | None) -> None:
    """Refuse a picture by the size its header announces, before anything is decoded.

    Args:
        width: px.
        height: px.
        min_side_px: smallest side allowed; None allows any.

    Raises:
        InputError: ``kind`` is ``too_large`` or ``too_small``.
    """
    if width * height > MAX_PIXELS:
        raise too_large(f"{width:,} x {height:,} px")
    if min_side_px is not None and min(width, height) < min_side_px:
        raise InputError(
            f"The picture has {width} x {height} px; each side needs at least "
            f"{min_side_px}. Nothing can be said of so small a picture: find a larger copy.",
            kind="too_small",
        )


def too_large(found: str) -> InputError:
    """Return the refusal of a picture with too many pixels."""
    return InputError(
        f"The picture is too large ({found}); at most {MAX_PIXELS / 1e6:,.0f} megapixels are "
        "decoded. Examine a part of it.",
        kind="too_large",
    )


def unsupported(name: str) -> InputError:
    """Return the refusal of a format that is known but not decoded."""
    return InputError(
        f"{name} files are not decoded by this version: convert a copy to PNG or TIFF "
        "and keep the original as evidence.",
        kind="unsupported_format",
    )


def broken(data: bytes, error: Exception) -> InputError:
    """Return the refusal of a file on which a decoder failed."""
    name = sniff(data[:HEAD_BYTES]) or "picture"
    text = str(error)
    if any(cue in text.lower() for cue in _TRUNCATION_CUES) or ends_early(data):
        return truncated(len(data), name)
    return InputError(
        f"The {name} data is damaged ({text or type(error).__name__}): "
        "copy the file again from its source.",
        kind="corrupt",
    )


def truncated(size: int, name: str) -> InputError:
    """Return the refusal of a file that lacks its end."""
    return InputError(
        f"The {name} file ends too early, after {size:,} bytes: a part of the picture is "
        "missing. Copy the file again from its source.",
        kind="truncated",
    )


def unsupported_samples(found: str) -> InputError:
    """Return the refusal of samples that have no agreed brightness."""
    return InputError(
        f"The samples are {found}, which have no agreed brightness: "
        "save the picture with 8 or 16 bits a sample.",
        kind="unsupported_samples",
    )


def _unidentified(data: bytes) -> InputError:
    name = sniff(data[:HEAD_BYTES])
    if name is None:
        return InputError(
            "The file is not a picture in a format that is known here: "
            "check what it is, or convert it to PNG.",
            kind="not_an_image",
        )
    if ends_early(data):
        return truncated(len(data), name)
    if name in DECODED:
        return InputError(
            f"This kind of {name} cannot be decoded, or its header is damaged: "
            "open it in the program that made it and save it as PNG or 8-bit TIFF.",
            kind="corrupt" if name != "TIFF" else "unsupported_format",
        )
    return unsupported(name)

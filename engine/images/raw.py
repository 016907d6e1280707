"""Camera raw: the sensor's samples developed to a picture. Runs in the decoding child only.

What is examined is the developed picture, since the sensor's samples are what a raw file is;
the preview that the camera put beside it is looked at as a picture of its own and compared
with it here, for a preview can be exchanged without touching the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import numpy as np
import rawpy
from PIL import Image

from engine.errors import InputError
from engine.images.opened import Opened
from engine.images.refusals import DECODER_ERRORS, refuse_size

COMPARED_SIDE_PX = 32
"""Side to which both views are shrunk before they are compared: tone curves and lens
corrections differ, what is shown does not."""

SAME_SCENE = 0.5
"""Correlation of grey levels below which the views are said to differ. Chosen, not measured:
two renderings of one scene lie far above it, unrelated pictures around 0."""


def open_raw(
    kind: str, data: bytes, view_px: int | None, least: int | None, notes: list[str]
) -> Opened:
    """Develop a camera raw file.

    Args:
        kind: which raw format it is.
        data: the whole file.
        view_px: when given, half the resolution is enough if it is twice this side.
        least: smallest side allowed; None allows any.
        notes: receives how it was developed.

    Raises:
        InputError: the header announces a picture that is too large or too small, or the
            library does not know this kind of file.
        ValueError: the file is damaged.
    """
    with _named_failures(kind), rawpy.imread(BytesIO(data)) as raw:
        sizes = raw.sizes
        refuse_size(sizes.iwidth, sizes.iheight, least)
        refuse_size(sizes.raw_width, sizes.raw_height, None)
        small = view_px is not None and min(sizes.iwidth, sizes.iheight) >= 4 * view_px
        developed = raw.postprocess(
            use_camera_wb=True,
            output_color=rawpy.ColorSpace.sRGB,
            gamma=(2.4, 12.92),
            output_bps=8,
            half_size=small,
        )
        version = ".".join(map(str, rawpy.libraw_version))
        notes.append(
            f"Camera raw ({kind}) developed by LibRaw {version}: the camera's white balance, "
            "AHD interpolation, automatic brightness, sRGB."
        )
        if sizes.flip:
            notes.append("Turned upright as the camera noted.")
        picture = Image.fromarray(developed)
        notes.append(_preview_note(raw, picture))
    return Opened(picture=picture, format=kind, is_upright=True)


@contextmanager
def _named_failures(kind: str) -> Iterator[None]:
    try:
        yield
    except rawpy.LibRawFileUnsupportedError as error:
        raise InputError(
            f"This kind of camera raw ({kind}) cannot be developed, or its header is damaged: "
            "convert a copy to DNG or TIFF and keep the original as evidence.",
            kind="unsupported_format",
        ) from error
    except rawpy.LibRawError as error:
        (said, *_) = error.args or (b"",)
        text = said.decode("ascii", "replace") if isinstance(said, bytes) else str(said)
        raise ValueError(f"{kind}: {text}") from error


def preview(data: bytes) -> bytes | None:
    """Return the largest preview of a camera raw file as a JPEG's bytes, or None.

    Args:
        data: the whole file.

    Raises:
        LibRawError: the library refuses the file.
    """
    with rawpy.imread(BytesIO(data)) as raw:
        try:
            found = raw.extract_thumb()
        except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
            return None
        return bytes(found.data) if found.format is rawpy.ThumbFormat.JPEG else None


def _preview_note(raw: rawpy.RawPy, developed: Image.Image) -> str:
    try:
        view = _view(raw.extract_thumb())
        size = f"{view.width} x {view.height} px"
        alike = _likeness(developed, view)
    except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
        return "The file has no embedded preview that can be read."
    except DECODER_ERRORS as error:
        return f"The embedded preview cannot be read ({type(error).__name__})."
    if alike < SAME_SCENE:
        return (
            f"The embedded preview ({size}) does NOT look like the developed picture "
            f"(correlation {alike:.2f})."
        )
    return f"The embedded preview ({size}) shows the same as the developed picture ({alike:.2f})."


def _view(found: rawpy.Thumbnail) -> Image.Image:
    if found.format is not rawpy.ThumbFormat.JPEG:
        return Image.fromarray(np.asarray(found.data))
    view = Image.open(BytesIO(bytes(found.data)), formats=("JPEG",))
    refuse_size(view.width, view.height, None)
    return view


def _likeness(one: Image.Image, other: Image.Image) -> float:
    """Return the correlation of two pictures' grey levels; the better of four turns."""
    side = (COMPARED_SIDE_PX, COMPARED_SIDE_PX)
    first = np.asarray(one.convert("L").resize(side, Image.Resampling.BOX), dtype=np.float64)
    second = np.asarray(other.convert("L").resize(side, Image.Resampling.BOX), dtype=np.float64)
    if first.std() < 1 or second.std() < 1:
        return 1.0 if abs(first.std() - second.std()) < 8 else 0.0
    # A preview may be stored as the sensor lay, not as the camera was held.
    turns = [np.rot90(second, quarter) for quarter in range(4)]
    return max(float(np.corrcoef(first.ravel(), turn.ravel())[0, 1]) for turn in turns)

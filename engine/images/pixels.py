"""From a file's bytes to 8-bit sRGB samples. Runs in the decoding child process only."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image, JpegImagePlugin, TiffImagePlugin

from engine.errors import InputError
from engine.images import gif, hdr, tiff, tiff_pages
from engine.images.formats import HEAD_BYTES, HEIF, PILLOW, RAW, sniff
from engine.images.heif import open_heif
from engine.images.jpeg import estimate_quality
from engine.images.jxl import open_jxl
from engine.images.limits import MAX_PAGES, MIN_SIDE_PX
from engine.images.opened import Decoded, Opened
from engine.images.raw import open_raw
from engine.images.refusals import known_failures, refuse_size, truncated
from engine.images.samples import to_rgb, turned
from engine.images.truncation import ends_early

MAX_WARNINGS = 3
"""How many of a decoder's warnings are noted for one file."""

NAMED_PAGES = 5
"""How many pages of a document have their size told."""

MAX_FRAMES = 10_000
"""How far the frames of a GIF are counted."""

_STRICT_TO_THE_END = ("JPEG2000", *HEIF)
"""Formats whose decoder fills in what is missing without complaint."""


def decode(data: bytes, *, for_view_px: int | None = None) -> Decoded:
    """Decode a picture from its bytes; what it is, its first bytes say, never its name.

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
    least = None if for_view_px else MIN_SIDE_PX
    with known_failures(data), _noted_warnings(notes):
        opened = _opened(data, for_view_px, least, notes)
        _note_end(data, opened.format, notes)
        if hdr.has_gain_map(data):
            notes.append("The file carries an HDR gain map; the plain picture was examined.")
        coding = hdr.coding_of(data, opened.format)
        picture, alpha = to_rgb(opened.picture, coding, notes)
        if not opened.is_upright:
            picture = turned(picture, opened.picture, notes)
    return Decoded(
        picture=picture,
        format=opened.format,
        notes=tuple(notes),
        jpeg_quality=opened.jpeg_quality,
        alpha=alpha,
    )


def _opened(data: bytes, view_px: int | None, least: int | None, notes: list[str]) -> Opened:
    name = sniff(data[:HEAD_BYTES])
    if name == "TIFF":
        name = tiff.raw_kind(data) or name
    if name in RAW:
        return open_raw(name, data, view_px, least, notes)
    if name in HEIF:
        return open_heif(name, data, least, notes)
    if name == "JPEG XL":
        return open_jxl(data, least, notes)
    return _by_pillow(data, view_px, least, notes)


def _by_pillow(data: bytes, view_px: int | None, least: int | None, notes: list[str]) -> Opened:
    source = Image.open(BytesIO(data), formats=PILLOW)
    refuse_size(source.width, source.height, least)
    quality = _jpeg_quality(source)
    name = _format(source, notes)
    _note_frames(source, name, data, notes)
    _note_depth(source, name, data, notes)
    if view_px and name == "JPEG":
        source.draft(None, (2 * view_px, 2 * view_px))
    source.load()
    return Opened(picture=source, format=name, jpeg_quality=quality)


@contextmanager
def _noted_warnings(notes: list[str]) -> Iterator[None]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    texts = dict.fromkeys(" ".join(str(warning.message).split()) for warning in caught)
    notes.extend(f"The decoder warned: {text}" for text in list(texts)[:MAX_WARNINGS])


def _jpeg_quality(source: Image.Image) -> int | None:
    if not isinstance(source, JpegImagePlugin.JpegImageFile) or not source.quantization:
        return None
    first = min(source.quantization)
    return estimate_quality(source.quantization[first])


def _format(source: Image.Image, notes: list[str]) -> str:
    if source.format == "MPO":
        notes.append(
            f"The file is a JPEG that holds {getattr(source, 'n_frames', 'several')} pictures; the "
            "first was examined, not the others."
        )
        return "JPEG"
    if source.format == "DIB":
        return "BMP"
    if source.format is None:
        raise ValueError("The decoder does not name its format.")
    return source.format


def _note_frames(source: Image.Image, name: str, data: bytes, notes: list[str]) -> None:
    if name == "TIFF":
        # Pillow would walk to the last page, however long the chain is made.
        _note_pages(tiff_pages.sizes(BytesIO(data)), notes)
    elif source.format != "MPO" and getattr(source, "is_animated", False):
        source.seek(0)
        # Pillow would unpack a GIF's frames to count them; the others say their number.
        count = gif.frames(data, MAX_FRAMES) if name == "GIF" else getattr(source, "n_frames", 0)
        told = f"at least {count:,}" if count >= MAX_FRAMES else f"{count:,}"
        notes.append(
            f"The picture is animated, in {told} frames; the first was examined, not the others."
        )


def _note_pages(pages: list[tuple[int, int]], notes: list[str]) -> None:
    if len(pages) < 2:
        return
    sizes = [f"{width} x {height} px" for width, height in pages[1 : 1 + NAMED_PAGES]]
    more = ", …" if len(pages) > 1 + NAMED_PAGES else ""
    count = f"at least {len(pages)}" if len(pages) == MAX_PAGES else str(len(pages))
    notes.append(
        f"The file has {count} pages; the first was examined, not the others "
        f"({', '.join(sizes)}{more})."
    )


def _note_depth(source: Image.Image, name: str, data: bytes, notes: list[str]) -> None:
    bits = 8
    if name == "PNG":
        bits = data[24]
    elif name == "TIFF" and isinstance(source, TiffImagePlugin.TiffImageFile):
        found = source.tag_v2.get(tiff.BITS, 8)
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
            raise truncated(len(data), name)
        notes.append("The file ends before its end mark; all of the examined picture is there.")

"""Pictures in PDF documents. Runs in a confined child process only.

A JPEG or JPEG 2000 picture lies in a document as the file it was and is taken out unchanged. Any
other is a table of samples, written here as PPM or PGM, which has one way of being written: the
same document gives the same bytes and the same hash.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

import pikepdf
from PIL import Image

from engine.errors import InputError
from engine.images.inner import Inner
from engine.images.limits import MAX_PIXELS, MIN_SIDE_PX

_AS_THEY_ARE = {"/DCTDecode": "jpg", "/JPXDecode": "jp2"}


def find(stream: BinaryIO) -> Iterator[Inner]:
    """Yield the pictures of a document in the order of their objects.

    Masks, and pictures too small to examine, such as bullets and lines, are left out.

    Args:
        stream: the document, seekable.

    Raises:
        InputError: the document is encrypted with a password.
        PikepdfError: the document cannot be read.
    """
    try:
        document = pikepdf.open(stream)
    except pikepdf.PasswordError as error:
        raise InputError(
            "The document is encrypted and was not read: save a copy without its password "
            "and scan that.",
            kind="encrypted",
        ) from error
    with document:
        yield from _pictures(document)


def _pictures(document: pikepdf.Pdf) -> Iterator[Inner]:
    streams = [item for item in document.objects if isinstance(item, pikepdf.Stream)]
    pictures = [item for item in streams if item.get("/Subtype") == "/Image"]
    masks = {
        mask.objgen
        for item in pictures
        for mask in (item.get("/SMask"), item.get("/Mask"))
        if isinstance(mask, pikepdf.Stream)
    }
    for item in pictures:
        sides = [_number(item.get(key)) for key in ("/Width", "/Height")]
        if item.objgen in masks or item.get("/ImageMask") or min(sides) < MIN_SIDE_PX:
            continue
        number, _ = item.objgen
        ending = _AS_THEY_ARE.get(_filter(item))
        if ending is not None:
            yield Inner(name=f"object-{number}.{ending}", read=item.read_raw_bytes)
        else:
            yield Inner(
                name=f"object-{number}.ppm",
                read=partial(_as_samples, item, sides),
            )


def _filter(item: pikepdf.Stream) -> str:
    """Return the one filter of a stream; empty when there is none or more than one."""
    found = item.get("/Filter")
    if isinstance(found, pikepdf.Array):
        return str(found[0]) if len(found) == 1 else ""
    return "" if found is None else str(found)


def _as_samples(item: pikepdf.Stream, sides: list[int]) -> bytes:
    if sides[0] * sides[1] > MAX_PIXELS:
        raise ValueError(f"the picture has {sides[0]} x {sides[1]} px")
    picture: Image.Image = pikepdf.PdfImage(item).as_pil_image()
    grey = picture.mode in ("1", "L", "LA")
    plain = picture.convert("L" if grey else "RGB")
    head = f"P{5 if grey else 6}\n{plain.width} {plain.height}\n255\n"
    return head.encode("ascii") + plain.tobytes()


def _number(value: object) -> int:
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        return 0

"""The quantised coefficients of a JPEG: read in the decoding child, and back to its owner.

What the child answers is not trusted more than the file.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import jpeglib
import numpy as np
from jpeglib._bind import CJpegLib
from numpy.typing import NDArray
from PIL import ExifTags, Image

from engine.images.opened import Decoded
from engine.images.refusals import DECODER_ERRORS
from engine.traces import jpeg_file
from engine.traces.jpeg_file import Frame, JpegFile
from engine.traces.turning import UPRIGHT

LIBRARY = "turbo210"
"""Which libjpeg reads: libjpeg-turbo 2.1."""

FRAMES_READ = (0xC0, 0xC1, 0xC2)
"""Huffman-coded frames of 8-bit samples: baseline, extended, progressive."""

_HEADER_MARKERS = (0xDB, 0xC4, 0xDD, 0xEE, *FRAMES_READ)
"""What is kept before the first scan; the reader is shown nothing else."""

_PIECE_BYTES = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coefficients:
    """Luminance coefficients as the file stores them, before EXIF orientation."""

    luma: NDArray[np.int16]
    """[rows, cols, 8, 8] quantised, vertical frequency first, read-only."""
    table: NDArray[np.int32]
    """[8, 8] the luminance table's divisors, read-only."""
    subsampling: str
    """Such as ``"4:2:0"``."""
    height: int
    """px, as stored."""
    width: int
    """px, as stored."""
    orientation: int
    """EXIF orientation 1..8 that turns the stored picture upright."""


def measure(data: bytes, decoded: Decoded) -> bytes:
    """Read the coefficients of a JPEG in the decoding child.

    Args:
        data: the whole file.
        decoded: its picture.

    Returns:
        A line of JSON, then the luminance coefficients; for `parse`.
    """
    if decoded.format != "JPEG":
        return _refusal(f"The file is {decoded.format}, which stores no JPEG coefficients.")
    try:
        structure = jpeg_file.read(data)
    except ValueError as error:
        return _refusal(str(error))
    frame = structure.frame
    problem = _problem(structure, frame)
    if problem or frame is None:
        return _refusal(problem)
    rows, cols = _blocks(frame)
    luma = np.zeros((rows, cols, 8, 8), dtype=np.int16)
    tables, chosen = np.zeros((4, 64), np.uint16), np.zeros(4, np.int16)
    if not _read(_plain(data, structure), luma, tables, chosen):
        return _refusal("The scans of this JPEG cannot be read coefficient by coefficient.")
    header = {
        "height": frame.height,
        "width": frame.width,
        "table": tables[chosen[0] & 3].tolist(),
        "subsampling": structure.subsampling,
        "orientation": _orientation(data),
    }
    return json.dumps(header).encode() + b"\n" + luma.astype("<i2", copy=False).tobytes()


def parse(report: bytes, upright: tuple[int, int]) -> Coefficients | str:
    """Return the coefficients of a child's answer, or a sentence that says why there are none.

    Args:
        report: as `measure` made it; not trusted.
        upright: (height, width) of the decoded picture, px.
    """
    try:
        head, _, body = report.partition(b"\n")
        raw: dict[str, Any] = json.loads(head)
        if "why" in raw:
            return str(raw["why"])[:400]
        height, width = int(raw["height"]), int(raw["width"])
        orientation = int(raw["orientation"])
        shape = (-(-height // 8), -(-width // 8), 8, 8)
        luma = np.frombuffer(body, dtype="<i2").reshape(shape)
        table = np.array([int(v) for v in raw["table"]], dtype=np.int32).reshape(8, 8)
        subsampling = str(raw["subsampling"])[:40]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        return f"The answer of the child cannot be read ({error!r})."
    turned = (width, height) if orientation >= 5 else (height, width)
    if orientation not in UPRIGHT or turned != upright or table.min() < 1:
        return "The coefficients do not fit the decoded picture."
    table.setflags(write=False)
    return Coefficients(
        luma=luma,
        table=table,
        subsampling=subsampling,
        height=height,
        width=width,
        orientation=orientation,
    )


def _refusal(why: str) -> bytes:
    return json.dumps({"why": why}).encode() + b"\n"


def _problem(structure: JpegFile, frame: Frame | None) -> str:
    """Return why the coefficients of a file are not read; empty when they are."""
    if frame is None or not structure.scans:
        return "The JPEG has no frame or no scan."
    if frame.marker not in FRAMES_READ:
        kind = jpeg_file.FRAMES.get(frame.marker, "unknown")
        return f"The frame is {kind}; only Huffman-coded frames are read."
    if len(frame.components) not in (1, 3):
        return f"The JPEG has {len(frame.components)} colour components; 1 or 3 are read."
    _, h, v, _ = frame.components[0]
    if (h, v) != tuple(max(c[i] for c in frame.components) for i in (1, 2)) or not h or not v:
        return f"The luminance is subsampled ({structure.subsampling})."
    if not frame.height or not frame.width:
        return "The frame announces no size."
    return ""


def _blocks(frame: Frame) -> tuple[int, int]:
    """Return rows and columns of luminance blocks; its factors are the largest ones."""
    return -(-frame.height // 8), -(-frame.width // 8)


def _plain(data: bytes, structure: JpegFile) -> bytes:
    """Return the file reduced to what decides its coefficients, tables first.

    The buffers are sized by the frame header that was read here; a reader that is shown
    only the segments that were walked here cannot meet another one first.
    """
    parts = [b"\xff\xd8"]
    for segment in structure.segments:
        if segment.marker == 0xDA:
            return b"".join(parts) + data[segment.at - 4 : structure.end]
        if segment.marker in _HEADER_MARKERS:
            parts.append(data[segment.at - 4 : segment.at + segment.length])
    raise ValueError("There is no scan.")


def _read(
    plain: bytes, luma: NDArray[np.int16], tables: NDArray[np.uint16], chosen: NDArray[np.int16]
) -> bool:
    """Fill the arrays; return whether the reader was content."""
    jpeglib.version.set(LIBRARY)
    with _as_file(plain) as path:
        # The library's own function prints to stdout when it fails, which carries results.
        status: int = CJpegLib.get().read_jpeg_dct(
            CJpegLib.cstr(path),
            luma.ctypes.data_as(ctypes.POINTER(ctypes.c_short)),
            None,
            None,
            None,
            tables.ctypes.data_as(ctypes.POINTER(ctypes.c_ushort)),
            chosen.ctypes.data_as(ctypes.POINTER(ctypes.c_short)),
        )
    return status != 0


@contextmanager
def _as_file(plain: bytes) -> Iterator[str]:
    """Give bytes a path, since the reader takes nothing else.

    The decoding child may write to no file: a pipe carries the bytes. Windows has no paths
    for pipes and no such limit; there it is a temporary file.
    """
    if sys.platform == "win32":
        with tempfile.NamedTemporaryFile(suffix=".jpg", delete=False) as file:
            file.write(plain)
        try:
            yield file.name
        finally:
            Path(file.name).unlink()
        return
    ours, theirs = os.pipe()
    writer = threading.Thread(target=_pour, args=(plain, theirs), daemon=True)
    writer.start()
    try:
        yield f"/dev/fd/{ours}"
    finally:
        # Ends the writer, too, where the reader stopped early.
        os.close(ours)
        writer.join()


def _pour(plain: bytes, descriptor: int) -> None:
    view = memoryview(plain)
    with suppress(BrokenPipeError), open(descriptor, "wb", buffering=0) as pipe:
        at = 0
        while at < len(view):
            at += pipe.write(view[at : at + _PIECE_BYTES])


def _orientation(data: bytes) -> int:
    """Return the orientation that decoding has applied, 1 where there is none."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "MPO")) as source:
            found = source.getexif().get(ExifTags.Base.Orientation, 1)
    except DECODER_ERRORS:
        return 1
    return found if found in UPRIGHT else 1

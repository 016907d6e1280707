"""Camera raw files made here: a minimal DNG, and the same as other makers lay it out.

Source: Adobe DNG 1.4 (tags); TIFF 6.0.
"""

from __future__ import annotations

import io
import struct

import numpy as np
from PIL import Image

BYTE, ASCII, SHORT, LONG, RATIONAL, SIGNED = 1, 2, 3, 4, 5, 10
_UNITS = {BYTE: "B", ASCII: "s", SHORT: "H", LONG: "I", RATIONAL: "II", SIGNED: "ii"}


def dng(
    pixels: np.ndarray,
    *,
    preview: Image.Image | None = None,
    make: str = "Testmaker",
    is_dng: bool = True,
    orientation: int = 1,
) -> bytes:
    """Return a raw file whose sensor saw a picture through a red, green, blue mosaic.

    Args:
        pixels: [h, w, 3] uint8, linear light; even sides.
        preview: put before it as a JPEG.
        make: of the camera.
        is_dng: whether it says so.
        orientation: as in EXIF.
    """
    height, width, _ = pixels.shape
    mosaic = np.empty((height, width), dtype=np.uint16)
    for y, x, channel in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):
        mosaic[y::2, x::2] = pixels[y::2, x::2, channel].astype(np.uint16) * 257
    sensor = {
        254: (LONG, [0]), 256: (LONG, [width]), 257: (LONG, [height]), 258: (SHORT, [16]),
        259: (SHORT, [1]), 262: (SHORT, [32803]), 273: (LONG, [mosaic.tobytes()]),
        277: (SHORT, [1]), 278: (LONG, [height]), 279: (LONG, [mosaic.nbytes]),
        33421: (SHORT, [2, 2]), 33422: (BYTE, [0, 1, 1, 2]), 50717: (LONG, [65535]),
    }  # fmt: skip
    camera = {
        271: (ASCII, make.encode() + b"\0"),
        272: (ASCII, b"Model 1\0"),
        274: (SHORT, [orientation]),
    }
    if is_dng:
        camera |= {
            50706: (BYTE, [1, 4, 0, 0]),
            50708: (ASCII, make.encode() + b" Model 1\0"),
            50721: (SIGNED, [1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1]),
            50728: (RATIONAL, [1, 1, 1, 1, 1, 1]),
            50778: (SHORT, [21]),
        }
    if preview is None:
        return _file(sensor | camera)
    stream = io.BytesIO()
    preview.save(stream, "JPEG", quality=92)
    shown = {
        254: (LONG, [1]), 256: (LONG, [preview.width]), 257: (LONG, [preview.height]),
        258: (SHORT, [8, 8, 8]), 259: (SHORT, [7]), 262: (SHORT, [6]),
        273: (LONG, [stream.getvalue()]), 277: (SHORT, [3]), 278: (LONG, [preview.height]),
        279: (LONG, [len(stream.getvalue())]), 330: (LONG, [sensor]),
    }  # fmt: skip
    return _file(shown | camera)


def _file(directory: dict) -> bytes:
    out = bytearray(b"II*\0" + bytes(4))
    at = _write(out, directory)
    out[4:8] = struct.pack("<I", at)
    return bytes(out)


def _write(out: bytearray, directory: dict) -> int:
    """Append a directory and what it points to; return where it lies."""
    entries = []
    for tag, (kind, values) in sorted(directory.items()):
        placed = [_placed(out, value) for value in values] if kind != ASCII else values
        unit = _UNITS[kind]
        if kind == ASCII:
            count, raw = len(values), values
        else:
            count = len(placed) // len(unit)
            raw = struct.pack("<" + unit[0] * len(placed), *placed)
        if len(raw) > 4:
            raw = struct.pack("<I", _placed(out, raw))
        entries.append(struct.pack("<HHI", tag, kind, count) + raw.ljust(4, b"\0"))
    out += bytes(len(out) % 2)
    at = len(out)
    out += struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4)
    return at


def _placed(out: bytearray, value: object) -> int:
    """Append what is no number and return where it lies."""
    if isinstance(value, dict):
        return _write(out, value)
    if isinstance(value, bytes):
        out += bytes(len(out) % 2)
        at = len(out)
        out += value
        return at
    return int(value)

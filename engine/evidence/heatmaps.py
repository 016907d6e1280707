"""Heat maps as PNG files that anyone can look at and that give back the exact grid.

Grey is the value from 0 (black) to 1 (white) on a fixed scale, alpha is 0 where there is no
evidence to judge. Cells are enlarged without smoothing. Text chunks carry what the pixels
cannot: rows, columns, cell size in pixels of the original, method, scale.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngImageFile, PngInfo

from engine.errors import StoreError
from engine.types import HeatMap

FOLDER = "heatmaps"
"""Where heat maps lie inside a results folder."""

LONG_SIDE_PX = 2048
"""Longest side of a heat map file; larger pictures have it scaled down to this."""

MAX_STORED_SIDE_PX = 1 << 14
"""Longest side that is read back: a thin picture may have more rows than its share of px."""

LEVELS = 255
"""A value is stored as ``round(value * 255)``."""

SCALE = "0..1"
"""The fixed scale, as its text chunk says it."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY_ALPHA = 4
"""Colour type; this and the filters: PNG specification, third edition, 11.2.1 and 9.2."""
_AS_LEFT, _AS_ABOVE = 1, 2
"""Filters of a line: the difference to the pixel on the left, and to the line above."""
_PREFIX = "residua:"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(FOLDER + r"/[0-9a-f]{64}\.png")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """What the text chunks say."""

    rows: int
    cols: int
    cell_px: tuple[float, float]
    method: str


def write_heatmap(
    out_dir: Path, sha256: str, heatmap: HeatMap, *, height_px: int, width_px: int
) -> str:
    """Write a picture's heat map; one that is there already is replaced in one step.

    Args:
        out_dir: the results folder.
        sha256: hex, of the picture's file; it names the heat map.
        heatmap: cells that span the picture exactly.
        height_px: of the picture.
        width_px: of the picture.

    Returns:
        The file's path relative to ``out_dir``, with a forward slash.

    Raises:
        ValueError: the map does not span the picture, or a valid cell is not within 0..1.
        StoreError: the file cannot be written.
    """
    name = heatmap_name(sha256)
    png = encode_heatmap(heatmap, height_px=height_px, width_px=width_px)
    target = out_dir / name
    partial = target.with_name(f".{sha256}.partial")
    try:
        target.parent.mkdir(exist_ok=True)
        with partial.open("wb") as stream:
            stream.write(png)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    except OSError as error:
        raise StoreError(
            f"The heat map {target} cannot be written ({error.strerror}): "
            "check free space and permissions of the results folder."
        ) from error
    return name


def heatmap_name(sha256: str) -> str:
    """Return the name of a picture's heat map within a results folder.

    Args:
        sha256: hex, of the picture's file.

    Raises:
        ValueError: it is no hash.
    """
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"{sha256!r} is not a sha256 in hex.")
    return f"{FOLDER}/{sha256}.png"


def encode_heatmap(heatmap: HeatMap, *, height_px: int, width_px: int) -> bytes:
    """Return a heat map as the bytes of its PNG file; see `write_heatmap`."""
    lines, line = _enlarged(_two_channels(heatmap, height_px, width_px), height_px, width_px)
    return _png(lines, line, _chunks(heatmap))


def decode_heatmap(png: bytes, what: str) -> HeatMap:
    """Return the heat map that a PNG in memory holds, exact to 8 bits.

    Args:
        png: bytes that `encode_heatmap` made.
        what: where they come from, for messages.

    Raises:
        StoreError: they are damaged, or not a heat map of this program.
    """
    return _read(BytesIO(png), what)


def read_heatmap(file: Path) -> HeatMap:
    """Return the heat map that a file holds, exact to 8 bits.

    Args:
        file: a PNG that `write_heatmap` made.

    Raises:
        StoreError: it is missing, damaged, or not a heat map of this program.
    """
    return _read(file, str(file))


def _read(source: Path | BytesIO, what: str) -> HeatMap:
    try:
        with Image.open(source, formats=["PNG"]) as image:
            if not isinstance(image, PngImageFile) or image.mode != "LA":
                raise ValueError(f"mode {image.mode} instead of grey with alpha")
            if max(image.size) > MAX_STORED_SIDE_PX:
                raise ValueError(f"{image.width} x {image.height} px are too many")
            pixels = np.asarray(image)
            layout = _layout(image.text)
    except (OSError, SyntaxError, ValueError, KeyError) as error:
        raise StoreError(
            f"{what} is not a heat map of this program ({error}): scan the picture again."
        ) from error
    height, width = pixels.shape[:2]
    if layout.rows > height or layout.cols > width:
        raise StoreError(
            f"{what} is damaged: {layout.rows} x {layout.cols} cells in "
            f"{height} x {width} px. Scan the picture again."
        )
    grid = pixels[_centres(layout.rows, height)][:, _centres(layout.cols, width)]
    cells = (grid[..., 0] / np.float32(LEVELS)).astype(np.float32)
    valid = grid[..., 1] > 0
    cells.setflags(write=False)
    valid.setflags(write=False)
    return HeatMap(cells=cells, valid=valid, cell_px=layout.cell_px, method=layout.method)


def read_stored(out_dir: Path, name: str) -> HeatMap:
    """Return the heat map that a record names.

    Args:
        out_dir: the results folder.
        name: the record's ``heatmap``, which others may have edited.

    Raises:
        StoreError: it names anything but a heat map of this folder, or see `read_heatmap`.
    """
    if not _NAME.fullmatch(name):
        raise StoreError(
            f"The results in {out_dir} name {name!r} as a heat map, which is none of theirs: "
            "the results were altered. Scan the picture again."
        )
    return read_heatmap(out_dir / name)


def _two_channels(heatmap: HeatMap, height_px: int, width_px: int) -> NDArray[np.uint8]:
    """Return [rows, cols, 2]: grey and alpha."""
    rows, cols = heatmap.cells.shape
    spans = (rows * heatmap.cell_px[0], cols * heatmap.cell_px[1])
    if abs(spans[0] - height_px) > 0.5 or abs(spans[1] - width_px) > 0.5:
        raise ValueError(
            f"The heat map by {heatmap.method!r} spans {spans[0]:g} x {spans[1]:g} px of a "
            f"picture with {height_px} x {width_px} px."
        )
    cells = np.where(heatmap.valid, heatmap.cells, 0.0)
    if not np.all((cells >= 0.0) & (cells <= 1.0)):
        raise ValueError(f"The heat map by {heatmap.method!r} has values outside 0..1.")
    grey = np.rint(cells * LEVELS).astype(np.uint8)
    alpha = np.where(heatmap.valid, 255, 0).astype(np.uint8)
    return np.stack([grey, alpha], axis=2)


def _enlarged(
    grid: NDArray[np.uint8], height_px: int, width_px: int
) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """Return the grid at the picture's size, or scaled down, with at least one px a cell.

    Returns:
        [rows, 2 * width]: the lines that differ, grey and alpha by turns; and [height]: which of
        them each line of the file is.
    """
    shrink = min(1.0, LONG_SIDE_PX / max(height_px, width_px))
    rows, cols = grid.shape[:2]
    height = max(rows, round(height_px * shrink))
    width = max(cols, round(width_px * shrink))
    row = ((np.arange(height) + 0.5) * rows / height).astype(np.intp)
    col = ((np.arange(width) + 0.5) * cols / width).astype(np.intp)
    return grid[:, col].reshape(rows, 2 * width), row


def _png(lines: NDArray[np.uint8], line: NDArray[np.intp], texts: PngInfo) -> bytes:
    """Return a PNG of grey and alpha, 8 bits each, a line of which is most often the one above.

    Pillow tries all filters on every line; here it is known which one leaves zeros.
    """
    raw = np.zeros((len(line), 1 + lines.shape[1]), dtype=np.uint8)
    raw[:, 0] = _AS_ABOVE
    new = np.flatnonzero(np.diff(line, prepend=-1))
    raw[new, 0] = _AS_LEFT
    first = lines[line[new]]
    raw[new, 1:3] = first[:, :2]
    raw[new, 3:] = first[:, 2:] - first[:, :-2]
    header = struct.pack(">IIBBBBB", lines.shape[1] // 2, len(line), 8, _GREY_ALPHA, 0, 0, 0)
    squeeze = zlib.compressobj(1, zlib.DEFLATED, 15, 9, zlib.Z_RLE)
    data = squeeze.compress(raw.data) + squeeze.flush()
    written = [(each[0], each[1]) for each in texts.chunks]
    chunks = [(b"IHDR", header), *written, (b"IDAT", data), (b"IEND", b"")]
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def _centres(cells: int, side_px: int) -> NDArray[np.intp]:
    """Return [cells]: the pixel in the middle of each cell."""
    return ((np.arange(cells) + 0.5) * side_px / cells).astype(np.intp)


def _chunks(heatmap: HeatMap) -> PngInfo:
    info = PngInfo()
    rows, cols = heatmap.cells.shape
    values = {
        "rows": str(rows),
        "cols": str(cols),
        "cell_px": f"{float(heatmap.cell_px[0])!r} {float(heatmap.cell_px[1])!r}",
        "method": heatmap.method,
        "scale": SCALE,
    }
    for name, value in values.items():
        info.add_text(_PREFIX + name, value)
    return info


def _layout(text: Mapping[str, str]) -> _Layout:
    if text[_PREFIX + "scale"] != SCALE:
        raise ValueError(f"its scale is {text[_PREFIX + 'scale']!r}")
    height, width = text[_PREFIX + "cell_px"].split()
    layout = _Layout(
        rows=int(text[_PREFIX + "rows"]),
        cols=int(text[_PREFIX + "cols"]),
        cell_px=(float(height), float(width)),
        method=str(text[_PREFIX + "method"]),
    )
    if min(layout.rows, layout.cols) < 1:
        raise ValueError(f"{layout.rows} x {layout.cols} cells")
    return layout

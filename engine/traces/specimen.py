"""One file, taken apart once: what every analyser of provenance looks at."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.traces import blocks, exif, iptc, xmp
from engine.traces.blocks import Blocks, Text
from engine.traces.exif import Exif
from engine.traces.iptc import Photoshop
from engine.traces.xmp import Property

PARSER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    EOFError,
    RuntimeError,
    AssertionError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
"""What readers of metadata, ours and others', raise on broken input."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Specimen:
    """A file's bytes, its picture, and its metadata read once."""

    data: bytes
    """The bytes that were hashed."""
    format: str
    """Decoder's name of the format."""
    pixels: NDArray[np.uint8]
    """[height, width, 3], sRGB, oriented."""
    alpha: NDArray[np.uint8] | None
    """[height, width] as stored, not oriented; None where the picture has none."""
    blocks: Blocks
    exif: Exif | None
    """None when there is none, or it cannot be read."""
    xmp: tuple[Property, ...]
    photoshop: Photoshop | None
    problems: tuple[tuple[str, str], ...]
    """(block, why it could not be read)."""

    @property
    def exif_values(self) -> Exif:
        """The EXIF, an empty one when there is none."""
        return self.exif if self.exif is not None else Exif()

    def xmp_values(self, path: str) -> list[str]:
        """Return the values of an XMP property, list items included, in order."""
        return [p.value for p in self.xmp if p.path == path or p.path.startswith(path + "[")]

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every free text the file carries, wherever it lies."""
        found = list(self.blocks.texts)
        if self.exif is not None:
            found += [
                Text(place="EXIF", key=name, value=value)
                for name, value in self.exif.values.items()
                if isinstance(value, str) and value
            ]
        if self.photoshop is not None:
            found += [
                Text(place="IPTC", key=name, value=value)
                for name, value in self.photoshop.iptc.items()
            ]
        found += [Text(place="XMP", key=p.path, value=p.value) for p in self.xmp]
        return tuple(found)


def specimen(
    data: bytes,
    format_name: str,
    pixels: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None = None,
) -> Specimen:
    """Take a file apart; a block that cannot be read becomes a problem, never an error.

    Args:
        data: the whole file.
        format_name: decoder's name of the format.
        pixels: [height, width, 3], sRGB, oriented.
        alpha: [height, width] as stored, not oriented.
    """
    problems: list[tuple[str, str]] = []

    def attempt(name: str, parse: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return parse()
        except PARSER_ERRORS as error:
            problems.append((name, str(error) or type(error).__name__))
            return otherwise

    found = attempt("structure", lambda: blocks.find(data, format_name), Blocks())
    exif_block, resources = found.exif, found.photoshop
    nothing: tuple[Property, ...] = ()
    packets = [attempt("XMP", partial(xmp.read, packet), nothing) for packet in found.xmp]
    return Specimen(
        data=data,
        format=format_name,
        pixels=pixels,
        alpha=alpha,
        blocks=found,
        exif=attempt("EXIF", lambda: exif.read(exif_block), None) if exif_block else None,
        xmp=tuple(item for packet in packets for item in packet),
        photoshop=attempt("IPTC", lambda: iptc.read(resources), None) if resources else None,
        problems=tuple(problems),
    )

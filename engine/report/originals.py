"""Pictures for the report: the originals read again, never used when they are not the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from engine.errors import InputError
from engine.images.decoder import Decoder, Inspected
from engine.trace_types import Trace
from engine.traces import derived
from engine.traces.coefficients import measure
from engine.types import Examination

JPEG_QUALITY = 85


class State(StrEnum):
    """What became of an original since it was examined."""

    SAME = "same"
    """Same bytes as examined."""
    CHANGED = "changed"
    """Other bytes than examined; its picture is not shown."""
    MISSING = "missing"
    """It can no longer be read."""
    UNREADABLE = "unreadable"
    """Same bytes, but they could not be decoded now."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Original:
    """An exhibit's file as it is now."""

    state: State
    detail: str
    """A sentence for a person; empty when nothing is amiss."""
    pixels: NDArray[np.uint8] | None = None
    """[h, w, 3] sRGB, downscaled; None unless the bytes are the same and decode."""
    part: Trace | None = None
    """The trace that a leading statement rests on, computed again; None where none does."""


Source = Callable[[Examination, int], Original]
"""Returns an exhibit's original, its longest side at most so many px."""


class Originals:
    """Reads originals again, in a decoding process of its own. One thread uses it."""

    def __init__(self) -> None:
        self._decoder = Decoder(measure=measure)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._decoder.close()

    def view(self, examination: Examination, side_px: int) -> Original:
        """Return an exhibit's original if its bytes are those that were examined.

        Args:
            examination: names the file and the hash it had.
            side_px: longest side of the returned picture.

        Raises:
            Cancelled: the decoder was aborted.
        """
        facts = examination.facts
        try:
            exhibit = self._decoder.read(facts.path)
        except InputError as error:
            return Original(state=State.MISSING, detail=f"The original cannot be read now: {error}")
        if exhibit.facts.sha256 != facts.sha256:
            return Original(
                state=State.CHANGED,
                detail=(
                    "The original has changed since it was examined; its SHA-256 is now "
                    f"{exhibit.facts.sha256}. Its picture is not shown."
                ),
            )
        part = None
        try:
            if examination.leading_trace:
                inspected = self._decoder.inspected(exhibit)
                pixels = inspected.image.pixels
                part = _traced(inspected, examination.leading_trace)
            else:
                pixels = self._decoder.decode(exhibit).pixels
        except InputError as error:
            return Original(
                state=State.UNREADABLE, detail=f"The original cannot be decoded now: {error}"
            )
        return Original(state=State.SAME, detail="", pixels=shrunk(pixels, side_px), part=part)


def _traced(inspected: Inspected, name: str) -> Trace:
    (trace,) = derived.run(derived.subject(inspected), lambda: None, derived.named([name]))
    return trace


def shrunk(pixels: NDArray[np.uint8], side_px: int) -> NDArray[np.uint8]:
    """Return a picture no longer than ``side_px``, averaged down, never enlarged.

    Args:
        pixels: [h, w, 3].
        side_px: at least 1.
    """
    height, width = pixels.shape[:2]
    scale = side_px / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = PillowImage.fromarray(pixels).resize(size, PillowImage.Resampling.BOX)
    return np.asarray(picture)


def laid_over(pixels: NDArray[np.uint8], layer: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture with a layer on it.

    Args:
        pixels: [h, w, 3].
        layer: [h, w, 4], alpha not premultiplied.
    """
    alpha = layer[..., 3:].astype(np.float32) / 255
    mixed = pixels * (1 - alpha) + layer[..., :3] * alpha
    return np.rint(mixed).astype(np.uint8)


def as_jpeg(pixels: NDArray[np.uint8]) -> bytes:
    """Return a picture as a JPEG file, colours not subsampled.

    Args:
        pixels: [h, w, 3].
    """
    file = BytesIO()
    PillowImage.fromarray(pixels).save(file, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return file.getvalue()

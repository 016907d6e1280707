"""What the probability of one picture rests on, computed on demand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.api.scanning import Engine, ExaminerFactory, load_examiner
from engine.job import Context

if TYPE_CHECKING:
    from engine.rest_types import Occlusion


def rests(
    path: str,
    *,
    model: str = "mini",
    device: str = "auto",
    triage: bool = False,
    fill: str = "mean colour",
    ctx: Context,
    factory: ExaminerFactory = load_examiner,
) -> Occlusion:
    """Return what a file's probability rests on, with a model loaded for it; see `Engine.rests`."""
    with Engine(factory=factory) as engine:
        return engine.rests(path, model=model, device=device, triage=triage, fill=fill, ctx=ctx)


def rests_to_json(found: Occlusion) -> str:
    """Return what a probability rests on as one line of JSON, without line feed."""
    from engine.exports.rests import to_record

    return json.dumps(to_record(found), allow_nan=False)


def write_rests(found: Occlusion, folder: Path) -> tuple[Path, Path]:
    """Write ``rests.png``, the picture under its map with a legend, and ``rests.json``.

    Args:
        found: as `rests` returned it; the picture is read again.
        folder: made if missing; files of the same name are replaced.

    Raises:
        InputError: the picture cannot be read any more.
        StoreError: a file cannot be written.
    """
    from engine.api.pictures import open_image
    from engine.exports import rests as exports

    return exports.write_rests(found, open_image(found.facts.path).pixels, folder)


def rests_view(found: Occlusion, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture in grey under what its probability rests on.

    Args:
        found: as `rests` returned it.
        pixels: [h, w, 3], the picture in any size.

    Returns:
        [h, w, 3]; what is not read is hatched.
    """
    from engine.images.diverging import over_grey

    facts = found.facts
    size = facts.height or pixels.shape[0], facts.width or pixels.shape[1]
    return over_grey(found, pixels, picture_px=size)


def rests_palette(n: int) -> NDArray[np.uint8]:
    """Return n colours from "towards real" to "towards AI", [n, 3] sRGB, for legends."""
    from engine.images.diverging import diverging

    return diverging(n)

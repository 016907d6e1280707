"""What a probability rests on as files: the picture under its map with a legend, and numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engine import paths
from engine.errors import StoreError
from engine.images.diverging import diverging, over_grey
from engine.report.originals import shrunk
from engine.report.quantities import MINUS
from engine.report.wording import probability
from engine.rest_types import Occlusion

SIDE_PX = 1600
"""Longest side of the picture."""
LEAST_PX = 640
"""A smaller picture is enlarged to about this, so that the legend's words have room."""
FONT = "NotoSans-Regular.ttf"
INK, PAPER = (40, 42, 45), (255, 255, 255)
PICTURE_FILE, NUMBERS_FILE = "rests.png", "rests.json"
CITATION = "occlusion sensitivity, Zeiler and Fergus, ECCV 2014, section 4.2"
LIMITS = (
    "Blocks interact, so the changes do not add up to the log-odds. What stands in for a block is "
    "itself unusual: a blur gives another map than the mean colour. A place that the verdict rests "
    "on is no proof that it was generated or edited."
)


def to_record(found: Occlusion) -> dict[str, Any]:
    """Return what a probability rests on as JSON has it.

    Args:
        found: as it was computed. Changes of blocks that are not read are null.
    """
    area, rows = found.area, zip(found.changes, found.read, strict=True)
    return {
        "path": found.facts.path,
        "sha256": found.facts.sha256,
        "p_ai": found.p_ai,
        "log_odds": found.log_odds,
        "changes": [
            [round(float(c), 6) if read else None for c, read in zip(*row, strict=True)]
            for row in rows
        ],
        "unit": "change in calibrated log-odds; above 0 the block pushes towards AI",
        "block_px": list(found.block_px),
        "area": [area.x, area.y, area.w, area.h],
        "squares": [[box.x, box.y, box.w, box.h] for box in found.squares],
        "fill": found.fill,
        "fill_rgb": list(found.fill_rgb) if found.fill_rgb else None,
        "triage": found.triage,
        "model": {
            "name": found.model.name,
            "sha256": found.model.sha256,
            "device": found.model.device,
            "dtype": found.model.dtype,
        },
        "method": found.method,
        "source": CITATION,
        "limits": LIMITS,
        "passes": found.passes,
        "elapsed_ms": found.elapsed_ms,
    }


def write_rests(found: Occlusion, pixels: NDArray[np.uint8], folder: Path) -> tuple[Path, Path]:
    """Write the picture under its map, with a legend, and the numbers.

    Args:
        found: as it was computed.
        pixels: [h, w, 3], the picture in full size.
        folder: made if missing; files of the same name are replaced.

    Returns:
        The picture and the numbers.

    Raises:
        StoreError: a file cannot be written.
    """
    picture, numbers = folder / PICTURE_FILE, folder / NUMBERS_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(drawn(found, pixels)).save(picture, "PNG", compress_level=6)
        numbers.write_text(json.dumps(to_record(found), indent=2, allow_nan=False) + "\n", "ascii")
    except OSError as error:
        raise StoreError(
            f"{error.filename or folder} cannot be written ({error.strerror}): choose another "
            "folder, or make room."
        ) from error
    return picture, numbers


def drawn(found: Occlusion, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the picture under its map, with a legend below: [h, w, 3].

    Args:
        found: as it was computed.
        pixels: [h, w, 3], the picture in full size.
    """
    size = pixels.shape[0], pixels.shape[1]
    small = shrunk(pixels, SIDE_PX)
    factor = max(1, round(LEAST_PX / max(small.shape[:2])))
    small = small.repeat(factor, axis=0).repeat(factor, axis=1)
    height, width = small.shape[:2]
    under = over_grey(found, small, picture_px=size)
    legend = _legend(found, max(width, LEAST_PX))
    sheet = np.full((height + len(legend), legend.shape[1], 3), PAPER, np.uint8)
    left = (legend.shape[1] - width) // 2
    sheet[:height, left : left + width], sheet[height:] = under, legend
    return sheet


def _legend(found: Occlusion, width: int) -> NDArray[np.uint8]:
    unit = max(12, round(width / 60))
    font = ImageFont.truetype(str(paths.resources_dir() / "fonts" / FONT), unit)
    sheet = Image.new("RGB", (width, 5 * unit), PAPER)
    draw = ImageDraw.Draw(sheet)
    bar = diverging(width // 3)[None].repeat(unit, axis=0)
    left, top = (width - bar.shape[1]) // 2, unit
    sheet.paste(Image.fromarray(bar), (left, top))
    right, end = left + bar.shape[1], f"{found.scale:g}"
    for x, anchor, text in (
        (left - unit // 2, "rm", f"towards real {MINUS}{end}"),
        (right + unit // 2, "lm", f"+{end} towards AI"),
    ):
        draw.text((x, top + unit // 2), text, INK, font, anchor)
    p_ai = probability(found.p_ai)
    said = f"how far the log-odds of AI fall without the block; {p_ai} with all of them"
    draw.text((width // 2, top + 5 * unit // 2), said, INK, font, "mm")
    return np.asarray(sheet)

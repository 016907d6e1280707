"""Whether the thumbnail inside a file shows the file's picture.

Cameras write the thumbnail with the picture; a program that changes the picture and forgets the
thumbnail leaves the old one behind. Compared is brightness on a coarse grid after removing bars
that cameras add to fit other proportions.
"""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engine.traces.made import Method
from engine.traces.specimen import Specimen
from engine.types import Finding, Region

SAME = Method(
    name="thumbnail.comparison",
    version="1",
    source="Kee and Farid, Digital Image Authentication from Thumbnails, SPIE 2010 (the idea)",
)
DIFFERENT = Method(name="conflict.thumbnail", version="1", source=SAME.source)

GRID = 48
"""Cells a side in which brightness is compared."""

SHIFT_CELLS = 2
"""How far a thumbnail may lie beside its picture, 4 % of a side: cameras cut a border off, and
take every n-th pixel instead of means."""

SAME_CORRELATION = 0.95
"""From here on the two show the same; docs/log.md has what was measured."""

OTHER_CORRELATION = 0.75
"""Below this they show different pictures or different cuts of one."""

CHANGED_LEVELS = 14.0
"""Grey levels by which a cell must lie outside all that the other shows around that place."""

SOLID_CELLS = 3
"""A change is a block of so many cells a side, 0.4 % of the area, or more."""

MAX_THUMBNAIL_PIXELS = 4_000_000
MIN_SIDE_PX = 24

Grey = NDArray[np.float64]


def compare(specimen: Specimen) -> tuple[Finding, ...]:
    """Compare the EXIF thumbnail with the picture."""
    data = specimen.exif_values.thumbnail
    if not data or data[:3] != b"\xff\xd8\xff":
        return ()
    with Image.open(BytesIO(data), formats=("JPEG",)) as opened:
        if opened.width * opened.height > MAX_THUMBNAIL_PIXELS:
            return (SAME.not_available(f"The thumbnail is too large ({opened.size})."),)
        if min(opened.size) < MIN_SIDE_PX:
            return (SAME.not_available(f"The thumbnail is too small ({opened.size})."),)
        thumbnail = _turned(opened.convert("L"), specimen)
    height, width = specimen.pixels.shape[:2]
    ours = _cells(_small(specimen.pixels))
    cuts = _without_bars(np.asarray(thumbnail, dtype=np.float64), width / height)
    fits = [(_correlation(ours, _cells(cut)), number) for number, cut in enumerate(cuts)]
    correlation, best = max(fits)
    theirs = _cells(cuts[best])
    size = f"{thumbnail.width} × {thumbnail.height} px"
    if correlation < OTHER_CORRELATION:
        return (_other(size, correlation),)
    changed = _changed(ours, theirs)
    if correlation >= SAME_CORRELATION and changed is None:
        return (
            SAME.observed(
                "same picture",
                f"The EXIF thumbnail ({size}) shows the same picture (correlation "
                f"{correlation:.3f}). Small changes cannot be seen in so small a copy.",
            ),
        )
    if changed is None:
        return (
            SAME.observed(
                "not clear",
                f"The EXIF thumbnail ({size}) resembles the picture (correlation "
                f"{correlation:.3f}), not closely enough to call it the same.",
            ),
        )
    region = _region(changed, height, width)
    return (
        DIFFERENT.observed(
            "differs in a place",
            f"The EXIF thumbnail ({size}) shows the same picture except in one place (correlation "
            f"{correlation:.3f}): the picture was changed there after its thumbnail was made.",
            regions=(region,),
        ),
    )


def _other(size: str, correlation: float) -> Finding:
    return DIFFERENT.observed(
        "shows another picture",
        f"The EXIF thumbnail ({size}) does not show this picture or this cut of it (correlation "
        f"{correlation:.2f}): the picture was cropped, turned, changed or replaced after its "
        "thumbnail was made.",
    )


def _turned(thumbnail: Image.Image, specimen: Specimen) -> Image.Image:
    """Turn a thumbnail as the picture was turned."""
    orientation = specimen.exif_values.number("Orientation")
    if orientation is None or orientation == 1:
        return thumbnail
    marked = Image.Exif()
    marked[0x0112] = int(orientation)
    carrier = BytesIO()
    thumbnail.save(carrier, "PNG", exif=marked)
    with Image.open(carrier, formats=("PNG",)) as opened:
        return ImageOps.exif_transpose(opened)


def _small(pixels: NDArray[np.uint8]) -> Grey:
    """Return the picture's brightness with at most 512 px a side, every n-th pixel."""
    step = max(1, max(pixels.shape[:2]) // 512)
    part = pixels[::step, ::step].astype(np.float64)
    grey: Grey = part @ np.array([0.299, 0.587, 0.114])
    return grey


def _without_bars(grey: Grey, aspect: float) -> list[Grey]:
    """Return the thumbnail as it is, and with the bars cut off that its proportions suggest.

    Args:
        grey: [h, w] brightness.
        aspect: width by height of the picture.
    """
    height, width = grey.shape
    inner_height, inner_width = round(width / aspect), round(height * aspect)
    cuts = [grey]
    if MIN_SIDE_PX // 2 < inner_height < height - 1:
        spare = height - inner_height
        cuts += [grey[top : top + inner_height] for top in (0, spare // 2, spare)]
    elif MIN_SIDE_PX // 2 < inner_width < width - 1:
        spare = width - inner_width
        cuts += [grey[:, left : left + inner_width] for left in (0, spare // 2, spare)]
    return cuts


def _cells(grey: Grey) -> Grey:
    picture = Image.fromarray(grey.astype(np.float32))
    return np.asarray(picture.resize((GRID, GRID), Image.Resampling.BOX), dtype=np.float64)


def _correlation(ours: Grey, theirs: Grey) -> float:
    """Return the best correlation over small shifts of blurred cells."""
    ours, theirs = _blurred(ours), _blurred(theirs)
    n, side = SHIFT_CELLS, GRID - 2 * SHIFT_CELLS
    middle = ours[n : n + side, n : n + side]
    shifted = (
        theirs[n + dy : n + dy + side, n + dx : n + dx + side]
        for dy in range(-n, n + 1)
        for dx in range(-n, n + 1)
    )
    return max(_pearson(middle, part) for part in shifted)


def _pearson(a: Grey, b: Grey) -> float:
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    if scale < 1e-6:
        return 1.0 if float(np.abs(a - b).max()) < 1.0 else 0.0
    return float((a * b).sum() / scale)


def _blurred(cells: Grey) -> Grey:
    mean: Grey = _around(cells, 1).mean(axis=(2, 3))
    return mean


def _around(cells: Grey, reach: int) -> Grey:
    """Return each cell's neighbourhood, [GRID, GRID, 2 reach + 1, 2 reach + 1]."""
    side = 2 * reach + 1
    return sliding_window_view(np.pad(cells, reach, mode="edge"), (side, side))


def _changed(ours: Grey, theirs: Grey) -> NDArray[np.bool_] | None:
    """Return the solid blocks that neither shows where the other has them, or None."""
    slope, offset = np.polyfit(theirs.ravel(), ours.ravel(), 1)
    theirs = slope * theirs + offset
    differs = _outside(ours, theirs) & _outside(theirs, ours)
    blocks = sliding_window_view(differs, (SOLID_CELLS, SOLID_CELLS)).all(axis=(2, 3))
    if not blocks.any():
        return None
    solid = np.zeros_like(differs)
    # Cells near the rim of a change resemble what lies beside it: give the rim back.
    reach = SHIFT_CELLS
    for row, column in zip(*np.nonzero(blocks), strict=True):
        top, left = max(0, row - reach), max(0, column - reach)
        solid[top : row + SOLID_CELLS + reach, left : column + SOLID_CELLS + reach] = True
    return solid


def _outside(a: Grey, b: Grey) -> NDArray[np.bool_]:
    """Return where a's cells lie outside all that b shows around them."""
    around = _around(b, SHIFT_CELLS)
    above = a > around.max(axis=(2, 3)) + CHANGED_LEVELS
    below = a < around.min(axis=(2, 3)) - CHANGED_LEVELS
    outside: NDArray[np.bool_] = above | below
    return outside


def _region(changed: NDArray[np.bool_], height: int, width: int) -> Region:
    rows, columns = np.nonzero(changed.any(1))[0], np.nonzero(changed.any(0))[0]
    x, y = int(columns[0] * width / GRID), int(rows[0] * height / GRID)
    right = min(width, round((int(columns[-1]) + 1) * width / GRID))
    bottom = min(height, round((int(rows[-1]) + 1) * height / GRID))
    return Region(x=x, y=y, w=max(1, right - x), h=max(1, bottom - y))

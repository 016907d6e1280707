"""What a verdict rests on: each place is taken away in turn, and the verdict is asked again.

The squares are those that the verdict reads, and the log-odds are averaged over them as the verdict
does, so that every number refers to the picture's own probability. A place that two squares show is
taken away in both.

Source: occlusion sensitivity, Zeiler and Fergus, Visualizing and Understanding Convolutional
Networks, ECCV 2014, section 4.2.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage
from PIL import ImageFilter

from engine.errors import InputError, ModelError
from engine.rest_types import Occlusion
from engine.types import Image, ModelInfo, Region
from engine.vrm.readouts import Calibration

ANALYSER, VERSION = "vrm.occlusion", "1"
MEAN, BLURRED = "mean colour", "blur"
BLUR = 0.25
"""Standard deviation of the blur, of a block's side: half a patch of the tower."""
BLOCKS = 7
"""Blocks along a square: 32 of 224 px, two patches of the tower a side, as was measured."""
AT_ONCE = 7
"""Views in one run of the tower; the wish to stop is looked at between runs."""
SCALES = (0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 20.0, 50.0)
"""Log-odds that the colours may end at: few, so that pictures can be compared."""
PROBE = "probe"

Numbers = NDArray[np.float32] | NDArray[np.float64]
Views = NDArray[np.uint8]
Kept = TypeVar("Kept", bound=np.generic)
Tell = Callable[[int, int], None]
"""Told (views asked, views in all) after each run; raises Cancelled when the work is to stop."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """A picture as a verdict reads it, and the verdict itself."""

    boxes: tuple[Region, ...]
    """The squares, original pixels, all of one size."""
    views: Views
    """[squares, side, side, 3]: the same, as the tower is shown them."""
    log_odds: Callable[[Views], Numbers]
    """Log-odds [N] of views [N, side, side, 3], before calibration."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """Blocks that cover the squares."""

    area: Region
    ys: NDArray[np.float64]
    """[rows + 1]: edges, original pixels."""
    xs: NDArray[np.float64]
    """[cols + 1]."""

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return len(self.ys) - 1, len(self.xs) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one square shows of one block, in pixels of the view."""

    view: int
    row: int
    col: int
    top: int
    bottom: int
    left: int
    right: int


@runtime_checkable
class Occludable(Protocol):
    """An examiner whose verdict can be asked about parts of a picture."""

    def occlude(self, image: Image, tell: Tell, fill: str = MEAN) -> Occlusion:
        """Return what the verdict of a picture rests on.

        Args:
            image: the decoded picture, at least 32 px a side.
            tell: told after each run; raises Cancelled.
            fill: one of FILLS.

        Raises:
            InputError: the picture is too small to examine, or there is no such fill.
            ModelError: the verdict is weighed of more than the probe.
            Cancelled: raised by ``tell``.
        """
        ...


def grid_over(boxes: tuple[Region, ...], blocks: int = BLOCKS) -> Grid:
    """Return blocks over the smallest box around squares, ``blocks`` along the shorter side.

    Args:
        boxes: squares of one size in a row or column.
        blocks: along a square.
    """
    left, top = min(b.x for b in boxes), min(b.y for b in boxes)
    right, bottom = max(b.x + b.w for b in boxes), max(b.y + b.h for b in boxes)
    side = boxes[0].w
    rows = max(1, round((bottom - top) / side * blocks))
    cols = max(1, round((right - left) / side * blocks))
    return Grid(
        area=Region(x=left, y=top, w=right - left, h=bottom - top),
        ys=np.linspace(top, bottom, rows + 1),
        xs=np.linspace(left, right, cols + 1),
    )


def is_read(grid: Grid, boxes: tuple[Region, ...]) -> NDArray[np.bool_]:
    """Return which blocks [rows, cols] have their middle in a square."""
    ys, xs = (grid.ys[:-1] + grid.ys[1:]) / 2, (grid.xs[:-1] + grid.xs[1:]) / 2
    found = np.zeros(grid.shape, np.bool_)
    for box in boxes:
        down, across = (ys >= box.y) & (ys < box.y + box.h), (xs >= box.x) & (xs < box.x + box.w)
        found |= down[:, None] & across[None]
    return found


def pieces(grid: Grid, boxes: tuple[Region, ...], side_px: int) -> Iterator[Piece]:
    """Yield every part of a block that a square shows, square by square.

    Args:
        grid: the blocks.
        boxes: the squares.
        side_px: of a view.
    """
    for view, box in enumerate(boxes):
        down = np.rint(np.clip((grid.ys - box.y) / box.h, 0, 1) * side_px).astype(int)
        across = np.rint(np.clip((grid.xs - box.x) / box.w, 0, 1) * side_px).astype(int)
        for row, (top, bottom) in enumerate(pairwise(down.tolist())):
            for col, (left, right) in enumerate(pairwise(across.tolist())):
                if bottom > top and right > left:
                    yield Piece(
                        view=view,
                        row=row,
                        col=col,
                        top=top,
                        bottom=bottom,
                        left=left,
                        right=right,
                    )


def by_mean(views: Views) -> Views:
    """Return views of one colour: the mean of all of them.

    Args:
        views: [..., 3].
    """
    mean = views.reshape(-1, 3).mean(axis=0).round().astype(np.uint8)
    return np.broadcast_to(mean, views.shape).copy()


def by_blur(views: Views) -> Views:
    """Return views without detail; colours and large shapes stay.

    Args:
        views: [N, S, S, 3].
    """
    blur = ImageFilter.GaussianBlur(BLUR * views.shape[1] / BLOCKS)
    return np.stack([np.asarray(PilImage.fromarray(view).filter(blur)) for view in views])


FILLS: dict[str, Callable[[Views], Views]] = {MEAN: by_mean, BLURRED: by_blur}
"""What stands in for a place that is taken away: one colour, or the place without detail."""


def falls(asked: Asked, fill: Views, whole: Numbers, grid: Grid, tell: Tell) -> NDArray[np.float32]:
    """Return how far the mean log-odds of the squares fall without each block, alone.

    Args:
        asked: the picture and the verdict.
        fill: what stands in for what is taken away, shaped as ``asked.views``.
        whole: [squares], log-odds of the untouched views.
        grid: the blocks.
        tell: told after each run; raises Cancelled.

    Returns:
        [rows, cols], before calibration.

    Raises:
        Cancelled: raised by ``tell``.
    """
    found = np.zeros(grid.shape, np.float64)
    todo = list(pieces(grid, asked.boxes, asked.views.shape[1]))
    for start in range(0, len(todo), AT_ONCE):
        tell(start, len(todo))
        run = todo[start : start + AT_ONCE]
        views = asked.views[[piece.view for piece in run]]
        for view, p in zip(views, run, strict=True):
            view[p.top : p.bottom, p.left : p.right] = fill[
                p.view, p.top : p.bottom, p.left : p.right
            ]
        for piece, log_odds in zip(run, asked.log_odds(views), strict=True):
            found[piece.row, piece.col] += float(whole[piece.view]) - float(log_odds)
    tell(len(todo), len(todo))
    return (found / len(asked.boxes)).astype(np.float32)


def occlude(
    asked: Asked,
    image: Image,
    calibration: Calibration,
    *,
    model: ModelInfo,
    triage: bool,
    tell: Tell,
    fill: str = MEAN,
) -> Occlusion:
    """Return what a picture's probability rests on.

    Args:
        asked: the picture as the verdict reads it, and the verdict.
        image: the picture.
        calibration: makes the probability of the squares' mean log-odds.
        model: whose verdict it is.
        triage: whether it is the fast path's.
        tell: told after each run; raises Cancelled.
        fill: one of FILLS.

    Raises:
        InputError: there is no such fill.
        ModelError: the verdict is weighed of more than the probe.
        Cancelled: raised by ``tell``.
    """
    if fill not in FILLS:
        raise InputError(f"Nothing is taken away by {fill!r}: use {' or '.join(FILLS)}.")
    if set(calibration.weights) != {PROBE}:
        raise ModelError(
            f"The verdict of {model.name!r} is weighed of {', '.join(sorted(calibration.weights))}"
            ": what it rests on can only be asked where it is weighed of the probe alone."
        )
    began = time.perf_counter()
    grid, filled = grid_over(asked.boxes), FILLS[fill](asked.views)
    passes = sum(1 for _ in pieces(grid, asked.boxes, asked.views.shape[1]))
    tell(0, passes)
    whole = asked.log_odds(asked.views)
    mean, weight = float(whole.mean()), calibration.weights[PROBE]
    log_odds = calibration.bias + weight * mean
    read = is_read(grid, asked.boxes)
    changes = np.where(read, np.float32(weight) * falls(asked, filled, whole, grid, tell), 0)
    without = np.asarray(1 / (1 + np.exp(changes - log_odds)), np.float32)
    red, green, blue = (int(value) for value in filled[0, 0, 0])
    return Occlusion(
        facts=image.facts,
        model=model,
        triage=triage,
        log_odds=log_odds,
        p_ai=calibration.p_ai({PROBE: mean}),
        changes=_kept(changes.astype(np.float32)),
        p_without=_kept(without),
        read=_kept(read),
        block_px=(grid.area.h / grid.shape[0], grid.area.w / grid.shape[1]),
        area=grid.area,
        squares=asked.boxes,
        scale=scale_of(changes),
        fill=fill,
        fill_rgb=(red, green, blue) if fill == MEAN else None,
        passes=len(asked.boxes) + passes,
        method=f"{ANALYSER} {VERSION}",
        elapsed_ms=round(1000 * (time.perf_counter() - began), 3),
    )


def scale_of(changes: Numbers) -> float:
    """Return the smallest of SCALES that holds every change; the largest where none does."""
    largest = float(np.abs(changes).max())
    return next((scale for scale in SCALES if scale >= largest), SCALES[-1])


def _kept(values: NDArray[Kept]) -> NDArray[Kept]:
    values.setflags(write=False)
    return values

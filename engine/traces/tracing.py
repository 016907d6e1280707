"""What a method of derived traces is made of, and the values it hands back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from engine.trace_types import Curve, Trace, Tracer
from engine.traces.made import Method
from engine.traces.subject import Check, Subject
from engine.types import Finding, HeatMap, Region

Parameters = tuple[tuple[str, str], ...]

MOST_REGIONS = 3
"""Regions of one finding at most, the largest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracing:
    """One method of derived traces; `engine.traces.derived.TRACERS` lists them all."""

    method: Method
    """Its name, version and paper; makes its findings."""
    title: str
    """For a person, such as ``"Error level analysis"``."""
    principle: str
    """What it looks at, in a sentence or two."""
    limits: str
    """What it cannot see, and what innocent causes look the same."""
    parameters: Parameters
    """(name, value) that are the same for every picture."""
    find: Callable[[Subject, Check], Trace]
    """Looks at a picture; calls the check often. Regions and maps as the file stores it."""

    @property
    def described(self) -> Tracer:
        """What is told of it outside the engine."""
        return Tracer(
            name=self.method.name,
            title=self.title,
            version=self.method.version,
            principle=self.principle,
            limits=self.limits,
            source=self.method.source,
            parameters=self.parameters,
        )


def traced(
    finding: Finding,
    *,
    heatmap: HeatMap | None = None,
    curve: Curve | None = None,
    picture: NDArray[np.uint8] | None = None,
    parameters: Parameters = (),
) -> Trace:
    """Return a method's result.

    Args:
        finding: made by the method's `Method`.
        heatmap: made by `heat`.
        curve: made by `curve`.
        picture: [h, w] or [h, w, 3], a view to look at.
        parameters: what was chosen for this picture, beside what holds for all.
    """
    if picture is not None:
        picture = np.ascontiguousarray(picture)
        picture.setflags(write=False)
    return Trace(
        finding=finding, heatmap=heatmap, curve=curve, picture=picture, parameters=parameters
    )


def heat(
    cells: NDArray[np.floating],
    valid: NDArray[np.bool_],
    subject: Subject,
    method: str,
) -> HeatMap:
    """Return a heat map from a grid that spans the picture, but for less than a cell.

    Args:
        cells: [rows, cols], clipped to 0..1: 0 like the rest of the picture, 1 standing out.
        valid: [rows, cols], False where there is no evidence.
        subject: the picture; what its last cells leave over is shared among all.
        method: how the values were computed.
    """
    values = np.clip(np.nan_to_num(cells), 0, 1).astype(np.float32)
    values[~valid] = 0
    judged = np.array(valid, dtype=np.bool_)
    values.setflags(write=False)
    judged.setflags(write=False)
    size = (subject.height / values.shape[0], subject.width / values.shape[1])
    return HeatMap(cells=values, valid=judged, cell_px=size, method=method)


def curve(
    x: ArrayLike, y: ArrayLike, x_label: str, y_label: str, marks: tuple[float, ...] = ()
) -> Curve:
    """Return a curve; labels carry the unit.

    Args:
        x: [n], rising.
        y: [n].
        x_label: such as ``"quality, 1..100"``.
        y_label: such as ``"mean squared difference, grey levels squared"``.
        marks: positions on x that the finding speaks of.
    """
    xs, ys = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
    xs.setflags(write=False)
    ys.setflags(write=False)
    return Curve(x=xs, y=ys, x_label=x_label, y_label=y_label, marks=marks)


def regions(
    hot: NDArray[np.bool_],
    cell_px: float | tuple[float, float],
    subject: Subject,
    *,
    least_cells: int = 4,
    most: int = MOST_REGIONS,
) -> tuple[Region, ...]:
    """Return boxes around connected cells, the largest first.

    Args:
        hot: [rows, cols], cells that stand out.
        cell_px: side of a cell, or its (height, width), in stored pixels.
        subject: whose size bounds the boxes.
        least_cells: smaller groups are left out.
        most: boxes at most.
    """
    height, width = cell_px if isinstance(cell_px, tuple) else (cell_px, cell_px)
    labels, count = ndimage.label(hot, structure=np.ones((3, 3), dtype=np.int8))
    sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    boxes = ndimage.find_objects(labels)
    found = []
    # A stable order: equal sizes stay in reading order.
    for index in np.argsort(-sizes, kind="stable")[:most]:
        if sizes[index] < least_cells:
            break
        rows, cols = boxes[index]
        top, left = round(rows.start * height), round(cols.start * width)
        bottom = min(subject.height, round(rows.stop * height))
        right = min(subject.width, round(cols.stop * width))
        if bottom > top and right > left:
            found.append(Region(x=left, y=top, w=right - left, h=bottom - top))
    return tuple(found)

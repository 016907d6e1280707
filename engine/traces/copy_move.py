"""Copy-move: parts of a picture that were copied within it, moved, turned or scaled.

Three searches suggest where a copy came from and went to: points that look alike (any turn,
scaling or mirror), places of a dense grid that do (any turn or mirror, fewer points needed), and
shifts under which tiles repeat (calm areas). All suggestions are checked on the samples themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.trace_types import Trace
from engine.traces import copy_dense
from engine.traces.copy_check import Copy, Mask, Plane, cornered, verified
from engine.traces.copy_points import (
    MOST_POINTS,
    RATIO,
    Matches,
    Transform,
    alike,
    keypoints,
    matched,
    transforms,
)
from engine.traces.copy_shifts import LEAST_PEAK, TILE_PX, shifts
from engine.traces.made import NONE, Method
from engine.traces.subject import Check, Subject, cell_means
from engine.traces.tracing import Tracing, heat, traced
from engine.types import Region

METHOD = Method(
    name="trace.copy_move",
    version="2",
    source="Amerini et al., A SIFT-Based Forensic Method for Copy-Move Attack Detection, IEEE TIFS "
    "6(3), 2011; Christlein et al., An Evaluation of Popular Copy-Move Forgery Detection "
    "Approaches, IEEE TIFS 7(6), 2012; Fridrich, Soukal, Lukáš, DFRWS 2003",
)

POINT_PIXELS = 3_000_000
"""Larger pictures are reduced to this before points are looked for."""

DENSE_PIXELS = 750_000
"""Larger pictures are reduced to this before places of a grid are compared."""

SHIFT_PIXELS = 750_000
"""Larger pictures are reduced to this before shifts are looked for."""

LEAST_SIDE_PX = 96
LEAST_AREA_PX = 700
"""Least area of a copy in the reduced picture: 26 x 26 px."""

LEAST_DENSE_PX = 2800
"""The same where no points but places of a grid suggest a copy: one of 25 clean photographs had a
false one of 1384 px."""

MOST_PAIRS = 3
CELL_PX = 16
COLOURS = ((255, 196, 0), (0, 200, 255), (255, 96, 160))
"""Of the pairs in the view."""

DIMMED = 0.45


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """A copy, at the size at which points are looked for."""

    found: Copy
    scale: float
    turn_degrees: float
    mirrored: bool = False

    @property
    def area(self) -> int:
        """In px of the reduced picture."""
        return int(self.found.copy.sum())

    def overlaps(self, other: Pair) -> bool:
        """Whether another pair tells the same places, in either order."""
        mine, its = self.found, other.found
        return any(
            _share(mine.copy, its_copy) > 0.5 and _share(mine.source, its_source) > 0.5
            for its_copy, its_source in ((its.copy, its.source), (its.source, its.copy))
        )


def _share(a: Mask, b: Mask) -> float:
    return float((a & b).sum()) / max(1, min(int(a.sum()), int(b.sum())))


def find(subject: Subject, check: Check) -> Trace:
    """Look for parts that occur twice."""
    if min(subject.height, subject.width) < LEAST_SIDE_PX:
        return traced(METHOD.not_available(f"A side is shorter than {LEAST_SIDE_PX} px."))
    luma = _reduced(subject.luma, POINT_PIXELS)
    check()
    pairs = _distinct([*by_points(luma, check), *by_places(luma, check), *by_shifts(luma, check)])[
        :MOST_PAIRS
    ]
    factor = subject.height / luma.shape[0], subject.width / luma.shape[1]
    boxes = tuple(
        _box(mask, factor, subject) for p in pairs for mask in (p.found.source, p.found.copy)
    )
    shown = np.zeros(luma.shape, dtype=np.float32)
    for pair in pairs:
        shown[pair.found.source | pair.found.copy] = 1
    cells = cell_means(shown, CELL_PX)
    finding = METHOD.derived(
        len(pairs) if pairs else NONE,
        _reason(pairs),
        unit="pairs" if pairs else None,
        regions=boxes,
    )
    return traced(
        finding,
        heatmap=heat(cells, _textured(luma), subject, "share of a cell that occurs twice"),
        picture=view(subject, luma.shape, pairs) if pairs else None,
        parameters=tuple(
            (
                f"pair {n}",
                f"regions {2 * n - 1} and {2 * n}, {'mirrored, ' if p.mirrored else ''}turned "
                f"{p.turn_degrees:.0f}°, scaled {p.scale:.2f}, fine structure {p.found.fine:.2f}",
            )
            for n, p in enumerate(pairs, start=1)
        ),
    )


def _reduced(luma: Plane, pixels: int) -> Plane:
    height, width = luma.shape
    factor = (pixels / (height * width)) ** 0.5
    if factor >= 1:
        return np.asarray(luma, dtype=np.float32)
    size = (round(width * factor), round(height * factor))
    return np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _textured(luma: Plane) -> Mask:
    return cell_means(cornered(luma).astype(np.float32), CELL_PX) >= np.float32(0.5)


def by_points(luma: Plane, check: Check) -> list[Pair]:
    """Return copies that points suggest.

    Args:
        luma: [H, W], reduced.
        check: raises when the work is to be stopped.
    """
    points = keypoints(np.rint(luma).astype(np.uint8))
    check()
    made = []
    for mirrored in (False, True):
        pairs = alike(points, check, mirrored=mirrored)
        made += _checked(luma, matched(points, pairs, mirrored=mirrored), check)
    return made


def by_places(luma: Plane, check: Check) -> list[Pair]:
    """Return copies that places of a dense grid suggest.

    Args:
        luma: [H, W], reduced for points.
        check: raises when the work is to be stopped.
    """
    small = _reduced(luma, DENSE_PIXELS)
    made = []
    for matches in copy_dense.matches(small, check):
        for pair in _checked(small, matches, check, LEAST_DENSE_PX):
            made.append(replace(pair, found=_enlarged(pair.found, luma.shape)))
    return made


def _checked(
    luma: Plane, matches: Matches, check: Check, least_area_px: int = LEAST_AREA_PX
) -> list[Pair]:
    """Return copies that hold on the samples, of those that matches suggest."""
    made = []
    for transform in transforms(matches, check):
        found = verified(luma, transform.matrix, least_area_px, _near(luma, transform))
        check()
        if found is not None:
            made.append(
                Pair(
                    found=found,
                    scale=transform.scale,
                    turn_degrees=transform.turn_degrees,
                    mirrored=transform.mirrored,
                )
            )
    return made


def _near(luma: Plane, transform: Transform) -> Mask:
    """Return where a transform's copies lie: [H, W]."""
    near = np.zeros(luma.shape, dtype=np.uint8)
    x, y = np.rint(transform.copies).astype(int).T
    near[np.clip(y, 0, luma.shape[0] - 1), np.clip(x, 0, luma.shape[1] - 1)] = 1
    return np.asarray(cv2.dilate(near, np.ones((9, 9), np.uint8)) > 0)


def by_shifts(luma: Plane, check: Check) -> list[Pair]:
    """Return copies that repeated tiles suggest.

    Args:
        luma: [H, W], reduced for points.
        check: raises when the work is to be stopped.
    """
    small = _reduced(luma, SHIFT_PIXELS)
    made = []
    for down, across in shifts(small, check):
        matrix = np.array([[1, 0, across], [0, 1, down]], dtype=np.float64)
        found = verified(small, matrix, LEAST_AREA_PX)
        check()
        if found is not None:
            made.append(Pair(found=_enlarged(found, luma.shape), scale=1.0, turn_degrees=0.0))
    return made


def _enlarged(found: Copy, shape: tuple[int, ...]) -> Copy:
    size = (shape[1], shape[0])
    source, copy = (
        cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
        for mask in (found.source, found.copy)
    )
    return Copy(source=source, copy=copy, fine=found.fine)


def _distinct(pairs: list[Pair]) -> list[Pair]:
    """Return pairs by falling area, each place told once."""
    kept: list[Pair] = []
    for pair in sorted(pairs, key=lambda p: -p.area):
        if not any(pair.overlaps(other) for other in kept):
            kept.append(pair)
    return kept


def _box(mask: Mask, factor: tuple[float, float], subject: Subject) -> Region:
    rows, cols = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
    top, left = int(rows[0] * factor[0]), int(cols[0] * factor[1])
    bottom = min(subject.height, round((rows[-1] + 1) * factor[0]))
    right = min(subject.width, round((cols[-1] + 1) * factor[1]))
    return Region(x=left, y=top, w=max(1, right - left), h=max(1, bottom - top))


def _reason(pairs: list[Pair]) -> str:
    if not pairs:
        return (
            "No part of the picture occurs a second time. Copies of flat or very small parts are "
            "not found, nor are all that were scaled."
        )
    count = "One part occurs" if len(pairs) == 1 else f"{len(pairs)} parts occur"
    first = pairs[0]
    moved = ["mirrored"] if first.mirrored else []
    if abs(first.turn_degrees) >= 2:
        moved.append(f"turned by {abs(first.turn_degrees):.0f}°")
    if abs(first.scale - 1) >= 0.02:
        moved.append(f"scaled by {first.scale:.2f}")
    how = f", {', '.join(moved[:-1])} and {moved[-1]}" if len(moved) > 1 else ""
    how = f", {moved[0]}" if len(moved) == 1 else how
    many = (
        " Several parts repeat with different shifts, which speaks for a pattern of the scene."
        if len(pairs) >= MOST_PAIRS
        else ""
    )
    return (
        f"{count} twice: regions 1 and 2 show the same down to fine structure (correlation "
        f"{first.found.fine:.2f}){how}. Which is the original is not known. Cloning tools do "
        "this, to hide or to multiply. So do printed patterns, screens, mirrors and software "
        f"that fills gaps or joins pictures; look whether the scene explains it.{many}"
    )


def view(subject: Subject, shape: tuple[int, ...], pairs: list[Pair]) -> NDArray[np.uint8]:
    """Return the reduced picture, dimmed, with each pair in its colour and a line between.

    Args:
        subject: the picture.
        shape: (height, width) of the masks.
        pairs: what to show.
    """
    size = (shape[1], shape[0])
    shown = cv2.resize(subject.pixels, size, interpolation=cv2.INTER_AREA)
    drawn = np.asarray(shown * np.float32(DIMMED), dtype=np.uint8)
    thick = max(1, round(max(size) / 500))
    for pair, colour in zip(pairs, COLOURS, strict=False):
        middles = []
        for mask in (pair.found.source, pair.found.copy):
            drawn[mask] = shown[mask]
            outlines, _ = cv2.findContours(
                mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
            )
            cv2.drawContours(drawn, outlines, -1, colour, thick)
            y, x = np.nonzero(mask)
            middles.append((int(np.median(x)), int(np.median(y))))
        cv2.arrowedLine(drawn, middles[0], middles[1], colour, thick, cv2.LINE_AA, 0, 0.05)
    return drawn


TRACING = Tracing(
    method=METHOD,
    title="Copy-move",
    principle="Parts that were copied within the picture show the same samples twice, even after "
    "turning, mirroring or scaling.",
    limits="Flat, saturated and very small parts are not found, scaled ones only where they have "
    "distinct points. Repeated patterns may look like copies; reflections like mirrored ones.",
    parameters=(
        ("points", f"SIFT, at most {MOST_POINTS}, in {POINT_PIXELS / 1e6:g} megapixels"),
        ("ratio of distances", f"{RATIO:g}"),
        (
            "places",
            f"rings up to {max(copy_dense.RADII_PX):g} px in {DENSE_PIXELS / 1e6:g} megapixels",
        ),
        ("tiles", f"{TILE_PX} px in {SHIFT_PIXELS / 1e6:g} megapixels"),
        ("least peak", f"{LEAST_PEAK:g} deviations"),
    ),
    find=find,
)

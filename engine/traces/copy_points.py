"""Points that look alike within one picture, and the transforms that join them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.traces.subject import Check

MOST_POINTS = 6000
"""Strongest points that are kept; matching costs their number squared."""

LEAST_CONTRAST = 0.02
"""SIFT's threshold, half of the usual: copies are often made of calm areas."""

LEAST_DISTANCE_PX = 20.0
"""Points closer than this are parts of one thing."""

RATIO = 0.6
"""Distance of descriptors to the nearest over that to the next, as in Amerini et al. 2011."""

MOST_COPIES = 3
"""Neighbours looked at for one point: it may have been copied several times."""

ROWS = 512
"""Descriptors compared at once."""

TOLERANCE_PX = 3.0
"""Residual of a point under a transform that it follows."""

SEED_TOLERANCE = 0.08
"""How much one point's own scale and angle may be off, as a share of the distance from it."""

LEAST_POINTS = 4
"""Pairs that must follow one transform."""

MOST_SEEDS = 300
MOST_TRANSFORMS = 6
SCALES = (0.4, 2.5)
"""Least and greatest scaling of a copy."""

BINS = 4, 4, 8
"""Layout of a SIFT descriptor: across its orientation, along it, directions."""

Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Keypoints:
    """Points of a picture with their descriptors."""

    places: Points
    """[n, 2], x and y, px."""
    sizes: Points
    """[n], diameter of the neighbourhood, px."""
    angles: Points
    """[n], radians."""
    descriptors: Points
    """[n, 128], square roots of SIFT's entries, length 1."""

    @property
    def mirrored(self) -> Points:
        """What the descriptors would be if the picture was mirrored: [n, 128].

        A mirror that keeps a point's orientation exchanges the two sides of it, and turns every
        direction that is measured from it round.

        Source: Guo et al., MIFT: A Mirror Reflection Invariant Feature Descriptor, ACCV 2009.
        """
        bins = self.descriptors.reshape(-1, *BINS)[:, ::-1]
        turned_round = -np.arange(BINS[2]) % BINS[2]
        return np.ascontiguousarray(bins[..., turned_round].reshape(-1, 128))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matches:
    """Pairs of places that look alike, each with the turn and scaling that it suggests."""

    sources: Points
    """[m, 2], x and y, px."""
    copies: Points
    """[m, 2], x and y, px."""
    scales: Points
    """[m], from source to copy."""
    turns: Points
    """[m], radians, clockwise on the screen; of mirrored pairs after exchanging up and down."""
    mirrored: bool
    """Whether all of them show each other in a mirror."""

    def both_ways(self) -> Matches:
        """Return each pair in both directions, since what was the source is not known."""
        back = self.turns if self.mirrored else -self.turns
        return Matches(
            sources=np.concatenate([self.sources, self.copies]),
            copies=np.concatenate([self.copies, self.sources]),
            scales=np.concatenate([self.scales, 1 / self.scales]),
            turns=np.concatenate([self.turns, back]),
            mirrored=self.mirrored,
        )

    def of(self, chosen: NDArray[np.bool_]) -> Matches:
        """Return some of the pairs: [m] True where one is kept."""
        return Matches(
            sources=self.sources[chosen],
            copies=self.copies[chosen],
            scales=self.scales[chosen],
            turns=self.turns[chosen],
            mirrored=self.mirrored,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Transform:
    """Where a copied part came from and went to."""

    matrix: NDArray[np.float64]
    """[2, 3], from source to copy, px."""
    sources: Points
    """[n, 2], points that follow it."""
    copies: Points
    """[n, 2], where they went."""

    @property
    def scale(self) -> float:
        """Scaling of lengths."""
        return float(abs(np.linalg.det(self.matrix[:, :2])) ** 0.5)

    @property
    def mirrored(self) -> bool:
        """Whether left and right were exchanged, before any turn."""
        return bool(np.linalg.det(self.matrix[:, :2]) < 0)

    @property
    def turn_degrees(self) -> float:
        """Turn, degrees, clockwise on the screen, -180..180; a mirror comes before it."""
        if self.mirrored:
            return float(np.degrees(np.arctan2(-self.matrix[1, 0], -self.matrix[0, 0])))
        return float(np.degrees(np.arctan2(self.matrix[1, 0], self.matrix[0, 0])))


def keypoints(grey: NDArray[np.uint8]) -> Keypoints:
    """Return the strongest SIFT points: [H, W] in, at most `MOST_POINTS` out.

    Source: Lowe, Distinctive Image Features from Scale-Invariant Keypoints, IJCV 60(2), 2004;
    Arandjelović, Zisserman, Three Things Everyone Should Know, CVPR 2012 (square roots).
    """
    # Without the precise enlargement every place is a quarter pixel off, which a mirror doubles.
    sift = cv2.SIFT.create(
        nfeatures=MOST_POINTS, contrastThreshold=LEAST_CONTRAST, enable_precise_upscale=True
    )
    found, rows = sift.detectAndCompute(grey, None)
    if rows is None:
        found, rows = (), np.zeros((0, 128), dtype=np.float32)
    sums = np.maximum(rows.sum(axis=1, keepdims=True), 1e-6)
    return Keypoints(
        places=np.array([p.pt for p in found], dtype=np.float32).reshape(-1, 2),
        sizes=np.array([p.size for p in found], dtype=np.float32),
        angles=np.radians(np.array([p.angle for p in found], dtype=np.float32)),
        descriptors=np.sqrt(rows / sums),
    )


def alike(points: Keypoints, check: Check, *, mirrored: bool = False) -> NDArray[np.intp]:
    """Return pairs of points that look alike: [m, 2], each pair once.

    Args:
        points: of the picture.
        check: raises when the work is to be stopped.
        mirrored: whether one of a pair has to look like the other in a mirror.

    Source: Amerini et al., A SIFT-Based Forensic Method for Copy-Move Attack Detection, IEEE TIFS
    6(3), 2011, section III.B (generalised ratio test).
    """
    pairs: set[tuple[int, int]] = set()
    others = points.mirrored if mirrored else points.descriptors
    for top in range(0, len(points.places), ROWS):
        check()
        rows = slice(top, min(top + ROWS, len(points.places)))
        likeness = points.descriptors[rows] @ others.T
        offsets = points.places[rows, None] - points.places[None]
        likeness[np.square(offsets).sum(axis=2) < LEAST_DISTANCE_PX**2] = -1
        nearest, distances = _nearest(likeness)
        for rank in range(MOST_COPIES):
            clear = distances[:, rank] < RATIO * distances[:, rank + 1]
            clear &= np.isfinite(distances[:, rank + 1])
            for row in np.nonzero(clear)[0]:
                for other in nearest[row, : rank + 1]:
                    pairs.add((min(top + int(row), int(other)), max(top + int(row), int(other))))
    return np.array(sorted(pairs), dtype=np.intp).reshape(-1, 2)


def _nearest(likeness: Points) -> tuple[NDArray[np.intp], Points]:
    """Return the nearest `MOST_COPIES` + 1 of each row, and their distances; changes its input."""
    count = len(likeness)
    nearest = np.zeros((count, MOST_COPIES + 1), dtype=np.intp)
    distances = np.full((count, MOST_COPIES + 1), np.inf, dtype=np.float32)
    every = np.arange(count)
    for rank in range(MOST_COPIES + 1):
        best = likeness.argmax(axis=1)
        value = likeness[every, best]
        nearest[:, rank] = best
        distances[:, rank] = np.where(value > -1, np.sqrt(np.maximum(2 - 2 * value, 0)), np.inf)
        likeness[every, best] = -1
    return nearest, distances


def matched(points: Keypoints, pairs: NDArray[np.intp], *, mirrored: bool = False) -> Matches:
    """Return pairs of points with what their own scales and angles suggest.

    Args:
        points: of the picture.
        pairs: [m, 2], from `alike`.
        mirrored: as `alike` was asked.
    """
    first, second = pairs[:, 0], pairs[:, 1]
    # Mirrored about the first axis, a direction of a is one of -a; turned by the sum it fits.
    sign = -1 if mirrored else 1
    return Matches(
        sources=points.places[first],
        copies=points.places[second],
        scales=points.sizes[second] / points.sizes[first],
        turns=points.angles[second] - sign * points.angles[first],
        mirrored=mirrored,
    )


def transforms(matches: Matches, check: Check) -> tuple[Transform, ...]:
    """Return the transforms that several pairs follow, the best supported first.

    Every pair suggests a transform; those that follow it fit an affine one.

    Args:
        matches: pairs that look alike.
        check: raises when the work is to be stopped.

    Source: Christlein et al., An Evaluation of Popular Copy-Move Forgery Detection Approaches,
    IEEE TIFS 7(6), 2012, section III; Lowe 2004, section 7.
    """
    both = matches.both_ways()
    number = np.concatenate([np.arange(len(matches.scales))] * 2)
    found: list[Transform] = []
    while len(number) >= 2 * LEAST_POINTS and len(found) < MOST_TRANSFORMS:
        check()
        best = _best_seed(both)
        fitted = None if best is None else _fitted(both.of(best))
        if fitted is None:
            break
        matrix, close = fitted
        follows = _residuals(matrix, both) < TOLERANCE_PX
        used = np.isin(number, number[follows])
        if close < LEAST_POINTS or not used.any():
            break
        found.append(
            Transform(matrix=matrix, sources=both.sources[follows], copies=both.copies[follows])
        )
        both, number = both.of(~used), number[~used]
    return tuple(found)


def _best_seed(both: Matches) -> NDArray[np.bool_] | None:
    """Return which pairs agree with the pair that most agree with; None without enough."""
    source, copy, scale, turn = both.sources, both.copies, both.scales, both.turns
    sign = -1 if both.mirrored else 1
    seeds = np.unique(np.linspace(0, len(scale) - 1, min(MOST_SEEDS, len(scale))).astype(int))
    seeds = seeds[(scale[seeds] >= SCALES[0]) & (scale[seeds] <= SCALES[1])]
    best, most = None, LEAST_POINTS - 1
    for seed in seeds:
        away = source - source[seed]
        cos, sin = scale[seed] * np.cos(turn[seed]), scale[seed] * np.sin(turn[seed])
        x, y = away[:, 0], sign * away[:, 1]
        expected = copy[seed] + np.stack([cos * x - sin * y, sin * x + cos * y], axis=1)
        allowed = TOLERANCE_PX + SEED_TOLERANCE * np.hypot(x, y)
        off = np.hypot(*(expected - copy).T)
        agrees = off < np.minimum(allowed, LEAST_DISTANCE_PX)
        # One and the same place with several points supports nothing.
        if agrees.sum() > most and len(np.unique(np.rint(source[agrees] / 2), axis=0)) > most:
            best, most = agrees, int(agrees.sum())
    return best


def _fitted(matches: Matches) -> tuple[NDArray[np.float64], int] | None:
    # The same numbers every time: OpenCV's generator starts from a seed of its own.
    matrix, inside = cv2.estimateAffine2D(
        matches.sources,
        matches.copies,
        method=cv2.RANSAC,
        ransacReprojThreshold=TOLERANCE_PX,
        maxIters=500,
    )
    if matrix is None or not np.isfinite(matrix).all():
        return None
    stretch = np.linalg.svd(matrix[:, :2], compute_uv=False)
    if stretch[0] > SCALES[1] or stretch[1] < SCALES[0]:
        return None
    if (np.linalg.det(matrix[:, :2]) < 0) != matches.mirrored:
        return None
    return np.asarray(matrix, dtype=np.float64), int(inside.sum())


def _residuals(matrix: NDArray[np.float64], matches: Matches) -> Points:
    moved = matches.sources @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(np.hypot(*(moved - matches.copies).T), dtype=np.float32)

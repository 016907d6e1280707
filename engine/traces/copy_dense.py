"""Places that look alike under any turn, mirrored or not, without points: calm areas as well.

Around each place of a grid the picture is sampled on rings. A turn moves the samples along the
rings, a mirror reverses them: the magnitudes of their Fourier coefficients stay, and tell which
places to compare. The coefficients' phases then give the turn, and the correlation under it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from engine.traces.copy_check import cornered
from engine.traces.copy_points import Matches, Points
from engine.traces.subject import Check

RADII_PX = (2.0, 4.0, 6.0, 8.0, 10.0, 12.0)
"""Of the rings."""

ANGLES = 32
"""Samples on a ring."""

ORDERS = 7
"""Fourier coefficients of a ring that are read; finer ones are lost to compression."""

BLUR_PX = 1.0
STEP_PX = 3
MOST_PLACES = 24_000
"""The grid is made coarser until no more places have texture."""

LISTS, NEXT = 12, 6
"""Orders in which places are sorted, and how many that follow a place are compared with it."""

SEED = 20260925
"""Of the directions that places are sorted by."""

LEAST_DISTANCE_PX = 40.0
"""Nearer places overlap."""

LEAST_ALIKE = 0.92
"""Correlation of the rings of two places under the best turn."""

REACH_PX = 24.0
"""Pairs whose both ends lie so near, and whose turns agree, are of one copy."""

TURN_PX = 60.0
"""How far apart in px a radian of turn counts."""

LEAST_SUPPORT = 4
"""Pairs that must lie near one, itself included."""

MOST_PAIRS = 3000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rings:
    """What lies around the places of a grid."""

    places: Points
    """[n, 2], x and y, px."""
    coefficients: NDArray[np.complex64]
    """[n, rings, orders], of length 1 each place, weighted as correlation wants it."""

    @property
    def magnitudes(self) -> Points:
        """[n, rings * orders], the same after any turn and mirror."""
        size = len(RADII_PX) * ORDERS
        return np.abs(self.coefficients).reshape(len(self.places), size).astype(np.float32)


def matches(luma: Points, check: Check) -> tuple[Matches, Matches]:
    """Return pairs of places that look alike as they are turned, and in a mirror.

    Args:
        luma: [H, W], 0..255.
        check: raises when the work is to be stopped.

    Source: Cozzolino, Poggi, Verdoliva, Efficient Dense-Field Copy-Move Forgery Detection, IEEE
    TIFS 10(11), 2015 (invariant features at every place); Ryu et al., Rotation Invariant
    Localization of Duplicated Image Regions Based on Zernike Moments, IEEE TIFS 8(8), 2013 (phases
    give the turn); sorting in several directions takes the place of their searches.
    """
    rings = around(luma, check)
    pairs = nearest(rings, check)
    check()
    if not len(pairs):
        nothing = np.zeros(0, dtype=np.float32)
        return (
            _kept(rings, pairs, nothing, nothing, mirrored=False),
            _kept(rings, pairs, nothing, nothing, mirrored=True),
        )
    straight, turns = likeness(rings, pairs, mirrored=False)
    reversed_, back = likeness(rings, pairs, mirrored=True)
    return (
        _kept(rings, pairs, np.where(straight >= reversed_, straight, 0), turns, mirrored=False),
        _kept(rings, pairs, np.where(reversed_ > straight, reversed_, 0), back, mirrored=True),
    )


def around(luma: Points, check: Check) -> Rings:
    """Return what lies around each place that has texture.

    Args:
        luma: [H, W], 0..255.
        check: raises when the work is to be stopped.
    """
    places = _grid(luma)
    angle = 2 * np.pi * np.arange(ANGLES) / ANGLES
    radii = np.array(RADII_PX)[:, None]
    dx, dy = ((radii * part(angle)).ravel().astype(np.float32) for part in (np.cos, np.sin))
    smooth = cv2.GaussianBlur(luma, (0, 0), BLUR_PX)
    made = np.empty((len(places), len(RADII_PX), ORDERS), dtype=np.complex64)
    # An outer ring stands for more of the picture than an inner one.
    weight = np.sqrt(radii / radii.sum()).astype(np.float32)
    for top in range(0, len(places), 8192):
        check()
        x, y = places[top : top + 8192].T
        sampled = cv2.remap(smooth, x[:, None] + dx, y[:, None] + dy, cv2.INTER_LINEAR)
        sampled = sampled.reshape(-1, len(RADII_PX), ANGLES)
        sampled -= np.einsum("nra,r->n", sampled, weight[:, 0] ** 2 / ANGLES)[:, None, None]
        read = np.fft.rfft(sampled * weight, axis=2)[..., :ORDERS]
        # Of a real signal each order but the first stands for two.
        read[..., 1:] *= np.sqrt(2)
        made[top : top + 8192] = read
    power = np.sqrt(np.square(np.abs(made)).sum(axis=(1, 2), keepdims=True))
    return Rings(places=places, coefficients=made / np.maximum(power, 1e-6))


def _grid(luma: Points) -> Points:
    height, width = luma.shape
    edge = int(max(RADII_PX)) + 2
    textured = cornered(luma)
    step = STEP_PX
    while True:
        y, x = np.mgrid[edge : height - edge : step, edge : width - edge : step]
        inside = textured[y, x]
        if np.count_nonzero(inside) <= MOST_PLACES:
            return np.stack([x[inside], y[inside]], axis=1).astype(np.float32)
        step += 1


def nearest(rings: Rings, check: Check) -> NDArray[np.intp]:
    """Return for each place the one whose magnitudes are nearest of those that were compared.

    Args:
        rings: of the picture.
        check: raises when the work is to be stopped.

    Returns:
        [m, 2], each pair once.
    """
    features = rings.magnitudes
    count = len(features)
    if count < 2:
        return np.zeros((0, 2), dtype=np.intp)
    features = features - features.mean(axis=0)
    _, vectors = np.linalg.eigh(features.T @ features)
    reduced = np.ascontiguousarray(features @ vectors[:, ::-1][:, :16])
    directions = np.random.default_rng(SEED).normal(size=(LISTS, reduced.shape[1]))
    best = np.full(count, np.inf, dtype=np.float32)
    other = np.full(count, -1, dtype=np.intp)
    # Directions of the places' own spread, so that no list is sorted by noise.
    spread = reduced.std(axis=0)
    for direction in directions:
        check()
        order = np.argsort(reduced @ (direction * spread / spread[0]).astype(np.float32))
        for after in range(1, NEXT + 1):
            a, b = order[:-after], order[after:]
            apart = np.square(rings.places[a] - rings.places[b]).sum(axis=1)
            distance = np.square(reduced[a] - reduced[b]).sum(axis=1)
            distance[apart < LEAST_DISTANCE_PX**2] = np.inf
            for mine, its in ((a, b), (b, a)):
                nearer = distance < best[mine]
                best[mine[nearer]] = distance[nearer]
                other[mine[nearer]] = its[nearer]
    told = np.nonzero(other >= 0)[0]
    pairs = np.stack([np.minimum(told, other[told]), np.maximum(told, other[told])], axis=1)
    return np.unique(pairs, axis=0)


def likeness(rings: Rings, pairs: NDArray[np.intp], *, mirrored: bool) -> tuple[Points, Points]:
    """Return the correlation of two places under the best turn, and that turn, radians: [m] each.

    Args:
        rings: of the picture.
        pairs: [m, 2].
        mirrored: whether the first is looked at in a mirror, up and down exchanged.
    """
    first, second = (rings.coefficients[pairs[:, side]] for side in (0, 1))
    crossed = (second * (first if mirrored else np.conj(first))).sum(axis=1)
    crossed[:, 1:] /= 2
    wide = np.zeros((len(pairs), ANGLES // 2 + 1), dtype=np.complex64)
    wide[:, :ORDERS] = crossed
    surface = np.fft.irfft(wide, n=ANGLES, axis=1).astype(np.float32) * ANGLES
    top = surface.argmax(axis=1)
    rows = np.arange(len(pairs))
    here = surface[rows, top]
    before, after = surface[rows, top - 1], surface[rows, (top + 1) % ANGLES]
    bend = np.minimum(before - 2 * here + after, -1e-9)
    offset = np.clip((before - after) / (2 * bend), -0.5, 0.5)
    return here, (2 * np.pi * (top + offset) / ANGLES).astype(np.float32)


def _kept(
    rings: Rings, pairs: NDArray[np.intp], alike: Points, turns: Points, *, mirrored: bool
) -> Matches:
    """Return pairs that look alike and that others beside them support, best ones first."""
    chosen = np.nonzero(alike >= LEAST_ALIKE)[0]
    chosen = chosen[np.argsort(-alike[chosen], kind="stable")]
    ends = rings.places[pairs[chosen]].reshape(-1, 4)
    if len(ends):
        # Either end may have been numbered first.
        back = turns[chosen] if mirrored else -turns[chosen]
        told = _laid_out(ends, turns[chosen])
        tree = cKDTree(np.concatenate([told, _laid_out(ends[:, [2, 3, 0, 1]], back)]))
        supported = tree.query_ball_point(told, REACH_PX, return_length=True) >= LEAST_SUPPORT
        chosen, ends = chosen[supported][:MOST_PAIRS], ends[supported][:MOST_PAIRS]
    return Matches(
        sources=ends[:, :2],
        copies=ends[:, 2:],
        scales=np.ones(len(ends), dtype=np.float32),
        turns=turns[chosen],
        mirrored=mirrored,
    )


def _laid_out(ends: Points, turns: Points) -> Points:
    """Return pairs as points of one space, in which those of one copy lie near each other."""
    turn = TURN_PX * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    return np.concatenate([ends, turn], axis=1).astype(np.float32)

"""The grid of JPEG blocks: where it lies in the picture, and where another one shows.

Quantisation makes many coefficients of a block exactly zero, so of the 64 ways to lay a grid of
8 x 8 blocks, the one a picture was compressed on has the most zeros. Every place votes for one
grid. A grid counts as found when so many votes for it could not come about by chance: votes of
a picture that was never compressed fall on each of the 64 grids alike. Parts that were pasted in
usually carry a grid of their own that does not fit the picture's.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, special

from engine.trace_types import Trace
from engine.traces.dct import basis
from engine.traces.made import Method
from engine.traces.subject import Check, Subject
from engine.traces.tracing import Tracing, heat, regions, traced
from engine.types import Region

METHOD = Method(
    name="trace.grid",
    version="1",
    source=(
        "Nikoukhah, Anger, Colom, Morel, Grompone von Gioi, ZERO: a Local JPEG Grid Origin "
        "Detector Based on the Number of DCT Zeros, IPOL 11, 2021 (votes and a-contrario test; "
        "the search over windows is this project's)"
    ),
)
GRIDS = 64
"""Places of an 8 x 8 grid; grid 8 r + c starts in row r and column c."""

TILE_PX = 8
"""One vote a tile: the 64 blocks that start in it, one of each grid."""

ZERO = 0.5
"""Coefficients closer to nothing are counted as zero."""

WINDOWS = (5, 11, 21)
"""Sides of the windows in which another grid is looked for, tiles."""

MOST_FALSE = 1e-6
"""Expected number of false alarms a picture, at which a grid counts as found."""

FULL = 24.0
"""Decimal logarithm of one over the false alarms, drawn as 1."""

NEAR = 4
"""Times a grid beside the main one may take its mean share by chance."""

MOST_TOLD = 20
"""Largest exponent that is put in words: votes are not so independent as to say more."""

LEAST_VOTES = 64
STRIP_TILES = 8
PARAMETERS = (
    ("zero", f"magnitude below {ZERO}"),
    ("vote", f"one in {TILE_PX} x {TILE_PX} px"),
    ("windows", " and ".join(f"{side * TILE_PX} px" for side in WINDOWS)),
    ("false alarms a picture", f"{MOST_FALSE:g}"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Foreign:
    """A grid that shows in a part of the picture only."""

    grid: int
    """0..63."""
    hot: NDArray[np.bool_]
    """[rows, cols] tiles in windows that show it."""
    strength: float
    """Decimal logarithm of one over the false alarms of its strongest window."""


def find(subject: Subject, check: Check) -> Trace:
    """Find the picture's grid, and parts with another one."""
    if min(subject.height, subject.width) < TILE_PX * (WINDOWS[0] + 1):
        return traced(METHOD.not_available("It needs 48 px a side."))
    voted = votes(subject.luma, check)
    saturated = subject.saturated(TILE_PX)[: voted.shape[0], : voted.shape[1]]
    voted[saturated] = -1
    counts = np.bincount(voted[voted >= 0], minlength=GRIDS)
    total = int(counts.sum())
    if total < LEAST_VOTES:
        reason = "Too few places have texture to vote for a grid: nothing can be said."
        return traced(METHOD.not_available(reason))
    main = int(np.argmax(counts))
    if _log_false_alarms(total, int(counts[main])) > np.log10(MOST_FALSE):
        main = -1
    foreign, strength = other_grids(voted, main, check)
    found: tuple[Region, ...] = ()
    for each in foreign:
        found += regions(each.hot, TILE_PX, subject, least_cells=WINDOWS[0] ** 2 // 2)
    shown = heat(strength / FULL, _judged(voted), subject, "votes for another JPEG grid")
    top = max((each.strength for each in foreign), default=0.0)
    return traced(
        METHOD.derived(
            round(top, 1), _reason(main, foreign), unit="log10(1/NFA)", regions=found[:3]
        ),
        heatmap=shown,
        parameters=(("grid of the picture", _named(main)),),
    )


def votes(luma: NDArray[np.float32], check: Check) -> NDArray[np.int16]:
    """Return [rows, cols]: the grid each tile votes for, -1 where several are equal.

    Args:
        luma: [height, width] 0..255, at least 16 px a side.
        check: called for each strip.
    """
    rows, cols = (luma.shape[0] - 7) // TILE_PX, (luma.shape[1] - 7) // TILE_PX
    voted = np.empty((rows, cols), dtype=np.int16)
    for top in range(0, rows, STRIP_TILES):
        check()
        count = min(STRIP_TILES, rows - top)
        strip = luma[top * TILE_PX : (top + count) * TILE_PX + 7, : cols * TILE_PX + 7]
        zeros = _zeros(np.ascontiguousarray(strip))
        tiles = zeros.reshape(count, TILE_PX, cols, TILE_PX).swapaxes(1, 2)
        flat = tiles.reshape(count, cols, GRIDS)
        best = flat.max(axis=2, keepdims=True)
        single = (flat == best).sum(axis=2, dtype=np.uint8) == 1
        voted[top : top + count] = np.where(single, flat.argmax(axis=2), -1)
    return voted


def _zeros(strip: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return [h - 7, w - 7]: how many coefficients of the block at each pixel are zero."""
    height, width = strip.shape[0] - 7, strip.shape[1] - 7
    count = np.zeros((height, width), dtype=np.uint8)
    d = basis()
    for u in range(8):
        # Separable, and in strips that stay in the cache.
        down = cv2.filter2D(strip, -1, d[u].reshape(8, 1), anchor=(0, 0))[:height]
        for v in range(8):
            if u or v:
                both = cv2.filter2D(down, -1, d[v].reshape(1, 8), anchor=(0, 0))[:, :width]
                # 255 where it is zero, which counts up by one in 8 bits.
                count -= np.asarray(cv2.inRange(both, (-ZERO,), (ZERO,)), dtype=np.uint8)
    return count


def other_grids(
    voted: NDArray[np.int16], main: int, check: Check
) -> tuple[tuple[Foreign, ...], NDArray[np.float32]]:
    """Return grids that show in windows, the strongest first, and the strength of each tile.

    Args:
        voted: as `votes` returns them.
        main: the picture's grid, -1 for none.
        check: called for each grid.

    Returns:
        What was found; [rows, cols] decimal logarithm of one over the false alarms, >= 0.
    """
    total = int((voted >= 0).sum())
    chances = _chances(np.bincount(voted[voted >= 0], minlength=GRIDS) / max(1, total), main)
    tests = GRIDS * len(WINDOWS) * voted.size
    cast = [_sums(voted >= 0, side) for side in WINDOWS]
    strength = np.zeros(voted.shape, dtype=np.float32)
    found = []
    for grid in range(GRIDS):
        if grid == main:
            continue
        check()
        for_it = voted == grid
        if np.count_nonzero(for_it) < 4:
            continue
        own = np.zeros(voted.shape, dtype=np.float32)
        for side, all_cast in zip(WINDOWS, cast, strict=True):
            level = _surprise(_sums(for_it, side), all_cast, chances[grid]) - np.log10(tests)
            own = np.maximum(own, ndimage.grey_dilation(level, size=(side, side)))
        hot = own > -np.log10(MOST_FALSE)
        if hot.any():
            # A window reaches beyond what it found by half its side: keep where votes lie.
            near = ndimage.binary_closing(for_it & hot, np.ones((3, 3)), iterations=2)
            found.append(Foreign(grid=grid, hot=near & hot, strength=float(own.max())))
            strength = np.maximum(strength, np.where(near, own, 0))
    found.sort(key=lambda each: -each.strength)
    return tuple(found), strength


def _chances(shares: NDArray[np.float64], main: int) -> NDArray[np.float64]:
    """Return [64]: the chance of a vote for each grid where only the main one was used.

    Grids that share rows or columns with the main one share some of its zeros: the median of
    each kind is what chance gives, and a grid that was really used hardly moves it. The eight
    grids that lie one pixel beside the main one take its votes wherever a block has a smooth
    edge; their own shares bound that.
    """
    chances = np.full(GRIDS, 1 / GRIDS)
    if main < 0:
        return chances
    rows, cols = np.arange(GRIDS) // 8, np.arange(GRIDS) % 8
    down, across = (rows - main // 8) % 8, (cols - main % 8) % 8
    others = np.arange(GRIDS) != main
    for kind in (others & ((down == 0) | (across == 0)), others & (down != 0) & (across != 0)):
        chances[kind] = max(1 / GRIDS, 2 * float(np.median(shares[kind])))
    near = others & np.isin(down, (0, 1, 7)) & np.isin(across, (0, 1, 7))
    chances[near] = np.maximum(chances[near], NEAR * shares[near])
    return np.asarray(np.minimum(chances, 0.5), dtype=np.float64)


def _sums(mask: NDArray[np.bool_], side: int) -> NDArray[np.float32]:
    """Return how many tiles of the window around each are set."""
    flat = mask.astype(np.float32)
    return np.asarray(
        cv2.boxFilter(flat, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
    )


def _surprise(k: NDArray[np.float32], n: NDArray[np.float32], p: float) -> NDArray[np.float32]:
    """Return -log10 of a bound on the chance of k or more of n votes; 0 where k <= n p.

    Source: Hoeffding, Probability Inequalities for Sums of Bounded Random Variables, 1963.
    """
    share = np.clip(k / np.maximum(n, 1), 1e-6, 1 - 1e-6)
    apart = share * np.log10(share / p) + (1 - share) * np.log10((1 - share) / (1 - p))
    return np.where(share > p, n * apart, 0).astype(np.float32)


def _log_false_alarms(n: int, k: int) -> float:
    """Return log10 of the expected number of grids with k or more of n votes by chance."""
    # The binomial's tail, as in scipy.stats, whose import takes every process a second.
    chance = special.bdtrc(k - 1, n, 1 / GRIDS)
    with np.errstate(divide="ignore"):
        return float(np.log10(GRIDS) + np.log10(chance))


def _judged(voted: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Return where at least a tenth of the tiles around have voted."""
    share = ndimage.uniform_filter((voted >= 0).astype(np.float32), WINDOWS[0], mode="nearest")
    return np.asarray(share >= 0.1)


def _named(grid: int) -> str:
    return "none found" if grid < 0 else f"starts in column {grid % 8}, row {grid // 8}"


def _reason(main: int, foreign: tuple[Foreign, ...]) -> str:
    own = (
        "No JPEG grid shows in the picture as a whole"
        if main < 0
        else f"The picture's JPEG grid {_named(main)}"
        + ("" if main == 0 else ", so it was cropped or shifted after an earlier compression")
    )
    if not foreign:
        return f"{own}; no part shows another grid."
    told = min(foreign[0].strength, MOST_TOLD)
    return (
        f"{own}; a part shows a grid that {_named(foreign[0].grid)}. Votes that were cast by "
        f"chance would do that in fewer than one of 10^{told:.0f} pictures. Pasted parts do "
        "that; so do pictures set into pictures, screenshots of web pages and collages."
    )


TRACING = Tracing(
    method=METHOD,
    title="JPEG grid",
    principle=(
        "Of the 64 ways to lay an 8 x 8 grid, the one used for compression makes the most "
        "coefficients zero; each place votes, and parts that agree on another grid than the "
        "picture stand out."
    ),
    limits=(
        "A pasted part falls on the picture's own grid in 1 of 64 cases. Resizing, blur or strong "
        "compression after pasting hide it; smooth and very fine-textured areas do not vote."
    ),
    parameters=PARAMETERS,
    find=find,
)

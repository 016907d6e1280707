"""Noise residual: parts whose finest structure has other statistics than the rest.

A third difference removes the scene; what remains is rounded to three levels, and runs of four
neighbours are counted as words. Windows are described by how often each word occurs, without
any training; most of the picture is taken for one population, and windows far from it stand out.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.trace_types import Trace
from engine.traces.made import Method
from engine.traces.subject import Check, Subject, cell_means
from engine.traces.tracing import Tracing, heat, regions, traced

METHOD = Method(
    name="trace.residual",
    version="1",
    source=(
        "Cozzolino, Poggi, Verdoliva, Splicebuster: a new blind image splicing detector, IEEE "
        "WIFS, 2015 (one Gaussian fitted to the nearest windows instead of a mixture)"
    ),
)
CELL_PX = 32
WINDOW = 4
"""Cells a side of a window: 128 px, as in the paper."""

STEP = 2.0
"""Grey levels of the residual's rounding."""

WORD = 4
LEVELS = 3
DIMENSIONS = 8
"""Principal components that describe a window."""

KEPT = 0.7
"""Share of windows that the population is fitted to."""

REFITS = 6
LEAST_WINDOWS = 80
LEAST_FLOOR = 1e-7
STANDS_OUT = 40.0
"""Distance in units of the typical window's, from which on a window is pointed out."""

FULL = 100.0
"""Distance drawn as 1; the scale is logarithmic, a typical window is 0."""
STRIP_CELLS = 8
PARAMETERS = (
    ("residual", "third difference, across and down"),
    ("rounding", f"{STEP:g} grey levels, {LEVELS} levels"),
    ("window", f"{CELL_PX * WINDOW} px"),
    ("components", str(DIMENSIONS)),
    ("stands out from", f"{STANDS_OUT:g} times the typical distance"),
)


def find(subject: Subject, check: Check) -> Trace:
    """Compare each window's words with those of the picture's population."""
    rows, cols = subject.height // CELL_PX - WINDOW + 1, subject.width // CELL_PX - WINDOW + 1
    if min(rows, cols) < 1 or rows * cols < LEAST_WINDOWS:
        return traced(METHOD.not_available("It needs at least 80 windows, about 400 x 400 px."))
    words = _windows(word_counts(subject.luma, check))
    check()
    judged = _windows(subject.judgeable(CELL_PX).astype(np.float32)[..., None])[..., 0]
    usable = judged >= 0.75 * WINDOW**2
    if int(usable.sum()) < LEAST_WINDOWS:
        reason = "Too little of the picture has texture: nothing can be compared."
        return traced(METHOD.not_available(reason))
    distance = np.zeros(usable.shape, dtype=np.float32)
    shares = np.sqrt(words[usable] / words[usable].sum(axis=1, keepdims=True))
    distance[usable] = distances(without_texture(shares, _covariates(subject, usable)))
    check()
    peak = float(distance.max())
    grid, valid = _on_cells(distance, usable)
    found = regions(grid >= STANDS_OUT, CELL_PX, subject, least_cells=4)
    return traced(
        METHOD.derived(round(peak, 2), _reason(peak, bool(found)), unit="times", regions=found),
        heatmap=heat(
            np.log(np.maximum(grid, 1)) / np.log(FULL),
            valid,
            subject,
            "distance of the noise residual",
        ),
    )


def word_counts(luma: NDArray[np.float32], check: Check) -> NDArray[np.float32]:
    """Return [rows, cols, words]: how often each word occurs in a cell.

    Words along and across the difference are counted apart; a word, its mirror image and its
    negative are one.

    Args:
        luma: [height, width] 0..255.
        check: called for each strip.
    """
    classes, count = _word_classes()
    rows, cols = luma.shape[0] // CELL_PX, luma.shape[1] // CELL_PX
    made = np.zeros((rows, cols, 2 * count), dtype=np.float32)
    kernel = np.array([[1, -3, 3, -1]], dtype=np.float32)
    for top in range(0, rows, STRIP_CELLS):
        check()
        strip = luma[top * CELL_PX : (top + STRIP_CELLS) * CELL_PX, : cols * CELL_PX]
        strip = strip[: strip.shape[0] // CELL_PX * CELL_PX]
        for turned in (False, True):
            # Of the turned strip the difference runs down the picture.
            lines = np.ascontiguousarray(strip.T if turned else strip)
            residual = cv2.filter2D(lines, -1, kernel)
            level = (np.clip(np.rint(residual / STEP), -1, 1) + 1).astype(np.uint8)
            for which, (down, across) in enumerate(((0, 1), (1, 0))):
                word = classes[_words(level, down, across)]
                tiles = _tile_histograms(word, count)
                tiles = tiles.swapaxes(0, 1) if turned else tiles
                made[top : top + tiles.shape[0], :, which * count : (which + 1) * count] += tiles
    return made


def _words(level: NDArray[np.uint8], down: int, across: int) -> NDArray[np.uint8]:
    """Return the word that starts at each sample, whole cells only; 0 near the far edges."""
    height, width = level.shape
    reach = WORD - 1
    h, w = height - reach * down, width - reach * across
    code = np.zeros(level.shape, dtype=np.uint8)
    part = code[:h, :w]
    for n in range(WORD):
        part *= LEVELS
        part += level[n * down : n * down + h, n * across : n * across + w]
    return code


def _word_classes() -> tuple[NDArray[np.uint8], int]:
    """Return [81] the class of each word, and how many classes there are."""
    classes = np.zeros(LEVELS**WORD, dtype=np.uint8)
    known: dict[tuple[int, ...], int] = {}
    for code in range(LEVELS**WORD):
        digits = tuple(code // LEVELS**n % LEVELS for n in range(WORD))
        negative = tuple(LEVELS - 1 - digit for digit in digits)
        same = min(digits, digits[::-1], negative, negative[::-1])
        classes[code] = known.setdefault(same, len(known))
    return classes, len(known)


def _tile_histograms(word: NDArray[np.uint8], count: int) -> NDArray[np.float32]:
    rows, cols = word.shape[0] // CELL_PX, word.shape[1] // CELL_PX
    column = np.arange(cols, dtype=np.int32).repeat(CELL_PX) * count
    made = np.empty((rows, cols, count), dtype=np.float32)
    for row in range(rows):
        lines = word[row * CELL_PX : (row + 1) * CELL_PX] + column
        made[row] = np.bincount(lines.ravel(), minlength=cols * count).reshape(cols, count)
    return made


def _windows(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return sums over all windows of `WINDOW` cells a side, [rows, cols, n]."""
    total = np.pad(cells, ((1, 0), (1, 0), (0, 0))).cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
    made = (
        total[WINDOW:, WINDOW:]
        - total[:-WINDOW, WINDOW:]
        - total[WINDOW:, :-WINDOW]
        + total[:-WINDOW, :-WINDOW]
    )
    return np.asarray(made, dtype=np.float32)


def _covariates(subject: Subject, usable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return [windows, n]: brightness and texture, which move the words of one camera, too."""
    brightness = _windows(cell_means(subject.luma, CELL_PX)[..., None])[usable] / WINDOW**2 / 255
    texture = np.log(_windows(subject.texture(CELL_PX)[..., None])[usable] / WINDOW**2 + 0.5)
    both = np.concatenate([brightness, texture], axis=1).astype(np.float64)
    return np.column_stack([np.ones(len(both)), both, both**2])


def without_texture(
    features: NDArray[np.float32], covariates: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what covariates do not explain of features, fitted to the windows that fit best.

    Args:
        features: [windows, n].
        covariates: [windows, m].
    """
    kept = np.ones(len(features), dtype=np.bool_)
    rest = features.astype(np.float64)
    for _ in range(REFITS):
        weights, *_ = np.linalg.lstsq(covariates[kept], features[kept], rcond=None)
        rest = np.asarray(features - covariates @ weights, dtype=np.float64)
        size = (rest**2).sum(axis=1)
        kept = size <= np.quantile(size, KEPT)
    return rest


def distances(features: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return how far each window lies from the population, 1 for a typical one.

    Args:
        features: [windows, n].

    Returns:
        [windows] Mahalanobis distances over their median, squared.
    """
    x = features
    centred = x - x.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    x = centred @ axes[:DIMENSIONS].T
    kept = np.ones(len(x), dtype=np.bool_)
    apart = np.ones(len(x))
    for _ in range(REFITS):
        middle, spread = x[kept].mean(axis=0), np.cov(x[kept].T)
        spread += np.eye(x.shape[1]) * (LEAST_FLOOR + 1e-3 * float(np.trace(spread)) / x.shape[1])
        offset = x - middle
        apart = np.einsum("nd,nd->n", offset @ np.linalg.inv(spread), offset)
        kept = apart <= np.quantile(apart, KEPT)
    return np.asarray(apart / max(float(np.median(apart)), 1e-12), dtype=np.float32)


def _on_cells(
    distance: NDArray[np.float32], usable: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return means over the windows that cover each cell, and which cells are covered."""
    rows, cols = distance.shape[0] + WINDOW - 1, distance.shape[1] + WINDOW - 1
    sums, counts = np.zeros((rows, cols)), np.zeros((rows, cols))
    for y in range(WINDOW):
        for x in range(WINDOW):
            sums[y : y + distance.shape[0], x : x + distance.shape[1]] += distance
            counts[y : y + distance.shape[0], x : x + distance.shape[1]] += usable
    return np.asarray(sums / np.maximum(counts, 1), dtype=np.float32), np.asarray(counts > 0)


def _reason(peak: float, found: bool) -> str:
    said = (
        f"The window that is furthest from the rest lies {peak:.1f} times as far as a typical one"
    )
    if not found:
        return f"{said}; nothing coherent stands out."
    return (
        f"{said}. Parts from another camera or another processing do that; so do sky beside "
        "foliage, parts out of focus, water, and lettering."
    )


TRACING = Tracing(
    method=METHOD,
    title="Noise residual",
    principle=(
        "After the scene is removed, camera and processing leave fine structure with statistics of "
        "their own; windows that differ from the bulk of the picture stand out."
    ),
    limits=(
        "Needs most of the picture to be of one kind. Strong compression levels the statistics; "
        "scenes with two kinds of surface stand out without any editing."
    ),
    parameters=PARAMETERS,
    find=find,
)

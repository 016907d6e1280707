"""What a published checkpoint's raw answers become: verdict, heat map, findings, sentences."""

from __future__ import annotations

import math
import re

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.types import (
    Finding,
    HeatMap,
    Outcome,
    ReadOuts,
    Region,
    Sentence,
    Status,
    Verdict,
)
from engine.vrm.places import PLACES, named_place

CLEAR = 0.9
"""Probability from which an answer is called clear. Chosen, not measured: the published
checkpoint cannot be had during development."""

FLAT_LEVELS = 1.0
"""Standard deviation of 8-bit grey values below which a cell is called flat. Chosen."""

SATURATED_SHARE = 0.9
"""Share of pixels at 0 or 255 from which a cell is called saturated. Chosen."""

NEAR_BALANCE = 0.5
"""Log-odds below which a read-out is worded as near balance; wording only."""

STRONGEST = 3
"""How many cells a finding points at."""

VERSION = "1"
SOURCE = "arXiv 2606.15880"
_ANSWERS = {
    "fake": re.compile(r"\b(fake|ai|generated|synthetic|artificial)\b", re.IGNORECASE),
    "real": re.compile(r"\b(real|authentic|genuine)\b", re.IGNORECASE),
}
_NEGATION = re.compile(r"\b(not|no|never|neither|nor|without)\b|n't\b", re.IGNORECASE)


def verdict_of(read_outs: ReadOuts, orders: tuple[float, float]) -> Verdict:
    """Return the verdict of uncalibrated log-odds: only clear answers get a band.

    Args:
        read_outs: of the picture.
        orders: log-odds with "real" named first, and with "fake" named first; where they lean
            to different sides the answer hangs on the wording and gets no band.
    """
    assert read_outs.both is not None  # a published checkpoint always runs whole
    p = 1 / (1 + math.exp(-max(-50.0, min(50.0, read_outs.both))))
    outcome = Outcome.INCONCLUSIVE
    contrary = min(orders) < 0 < max(orders)
    if not contrary and p >= CLEAR:
        outcome = Outcome.AI
    elif not contrary and p <= 1 - CLEAR:
        outcome = Outcome.REAL
    return Verdict(
        outcome=outcome,
        p_ai=p,
        band_reason=(
            f"The answer turns when 'fake' is named before 'real' (log-odds {orders[0]:+.1f} and "
            f"{orders[1]:+.1f}): it hangs on the wording of the question."
            if contrary
            else f"This checkpoint's error rates were not measured here: its own probability of "
            f"'fake' is {p:.2f}, and only answers of {CLEAR:.2f} or more either way get a band."
        ),
        in_validated_range=False,
        read_outs=read_outs,
    )


def heat_of(shares: Tensor, grid: tuple[int, int], pixels: NDArray[np.uint8]) -> HeatMap:
    """Return the heat map of the tokens' shares.

    A cell's value is the probability that the picture would get if every cell had contributed
    what this one did, by first order: sigmoid(N * slope . delta). It is .5 where the artifact
    path changed nothing, and its scale is the same for every picture.

    Args:
        shares: each token's share in the log-odds, [N], reading order.
        grid: (rows, columns), N in all.
        pixels: [H, W, 3], to find cells without evidence.
    """
    rows, columns = grid
    cells = torch.sigmoid(shares * (rows * columns)).reshape(rows, columns).numpy().copy()
    valid = judgeable(pixels, grid)
    cells.flags.writeable = valid.flags.writeable = False
    height, width = pixels.shape[:2]
    return HeatMap(
        cells=cells,
        valid=valid,
        cell_px=(height / rows, width / columns),
        method="gradient x injected difference, first order",
    )


def judgeable(pixels: NDArray[np.uint8], grid: tuple[int, int]) -> NDArray[np.bool_]:
    """Return which cells hold anything to judge: neither flat nor saturated. [rows, columns]."""
    rows, columns = grid
    grey = pixels.mean(-1, dtype=np.float32)
    valid = np.zeros(grid, dtype=np.bool_)
    for row, strip in enumerate(np.array_split(grey, rows, axis=0)):
        for column, cell in enumerate(np.array_split(strip, columns, axis=1)):
            if cell.size:
                cut = float(((cell <= 0) | (cell >= 255)).mean())
                valid[row, column] = cell.std() >= FLAT_LEVELS and cut < SATURATED_SHARE
    return valid


def strongest_cells(heatmap: HeatMap, size: tuple[int, int]) -> tuple[Region, ...]:
    """Return the boxes of the cells that speak most for "fake", strongest first."""
    weight = np.where(heatmap.valid & (heatmap.cells > 0.5), heatmap.cells, 0)
    order = np.argsort(weight, axis=None)[::-1][:STRONGEST]
    return tuple(
        _box(int(i) // weight.shape[1], int(i) % weight.shape[1], heatmap.cell_px, size)
        for i in order
        if weight.flat[i] > 0
    )


def _box(row: int, column: int, cell_px: tuple[float, float], size: tuple[int, int]) -> Region:
    y, x = int(row * cell_px[0]), int(column * cell_px[1])
    bottom = min(size[0], math.ceil((row + 1) * cell_px[0]))
    right = min(size[1], math.ceil((column + 1) * cell_px[1]))
    return Region(x=x, y=y, w=max(1, right - x), h=max(1, bottom - y))


def checked_sentences(
    text: str, z: float, strongest: tuple[Region, ...], size: tuple[int, int]
) -> tuple[tuple[Sentence, ...], int]:
    """Keep the generated sentences that what was computed supports.

    A sentence that names a place is kept when one of the strongest cells lies there, a sentence
    that names the answer when the log-odds agree; a sentence that does neither, or contradicts
    either, is dropped.

    Args:
        text: what the model wrote.
        z: log-odds of both paths.
        strongest: boxes of the strongest cells.
        size: (height, width) of the picture.

    Returns:
        The sentences, and how many were dropped.
    """
    parts = [p.strip() for p in re.split(r"(?<=[.!?])\s+", text.strip()) if p.strip()]
    kept = []
    for part in parts:
        answers = _says(part)
        place = named_place(part)
        there = tuple(r for r in strongest if place is not None and _third(r, size) == place)
        agrees = not answers or answers == {"fake" if z > 0 else "real"}
        if not agrees or (place is not None and not there) or not (answers or there):
            continue
        cites = (("M1",) if answers else ()) + (("M3",) if there else ())
        kept.append(Sentence(text=part, cites=cites, regions=there))
    return tuple(kept), len(parts) - len(kept)


def _says(sentence: str) -> set[str]:
    """Return which answers a sentence gives; a negated one gives both, so it never agrees."""
    found = {word for word, rule in _ANSWERS.items() if rule.search(sentence)}
    return set(_ANSWERS) if found and _NEGATION.search(sentence) else found


def _third(region: Region, size: tuple[int, int]) -> tuple[int, int]:
    row = int(3 * (region.y + region.h / 2) / size[0])
    column = int(3 * (region.x + region.w / 2) / size[1])
    return min(2, row), min(2, column)


def findings_of(
    read_outs: ReadOuts,
    orders: tuple[float, float],
    strongest: tuple[Region, ...],
    size: tuple[int, int],
) -> tuple[Finding, ...]:
    """Return the read-outs as findings M1 to M3, the artifact path's with its cells; M4: orders."""
    where = ", ".join(dict.fromkeys(PLACES[_third(region, size)] for region in strongest))
    artifact = "The artifact path, with the content hidden,"
    assert read_outs.both is not None
    assert read_outs.semantic is not None
    return (
        _finding("M1", "vrm.both", read_outs.both, "Both paths together"),
        _finding("M2", "vrm.semantic", read_outs.semantic, "The content, with the injection off,"),
        _finding(
            "M3", "vrm.artifact", read_outs.artifact, artifact, regions=strongest, where=where
        ),
        Finding(
            id="M4",
            analyser="vrm.orders",
            version=VERSION,
            status=Status.INFERRED,
            value=abs(orders[0] - orders[1]),
            unit="difference of log-odds",
            reason=(
                f"Both paths, asked with 'real' named first: {orders[0]:+.2f}; with 'fake' named "
                f"first: {orders[1]:+.2f}. A model at ease with its answer gives the same twice."
            ),
            source=SOURCE,
        ),
    )


def _finding(
    name: str,
    analyser: str,
    z: float,
    what: str,
    *,
    regions: tuple[Region, ...] = (),
    where: str = "",
) -> Finding:
    return Finding(
        id=name,
        analyser=analyser,
        version=VERSION,
        status=Status.INFERRED,
        value=z,
        unit="log-odds of 'fake'",
        regions=regions,
        reason=f"{what} {_leans(z)}" + (f"; strongest: {where}." if where else "."),
        source=SOURCE,
    )


def _leans(z: float) -> str:
    if abs(z) < NEAR_BALANCE:
        return "is near balance"
    return "leans to AI-generated" if z > 0 else "leans to real"

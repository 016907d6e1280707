"""Fitting the head that says which place of a picture differs most (`engine.vrm.standout`)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file

from engine.errors import InputError
from engine.training.composites import Composite, choose, composites, further
from engine.training.data import PoolImage
from engine.training.evaluate import Log, as_image
from engine.vrm.heat import evidence_mask
from engine.vrm.mini_examiner import MiniExaminer, cells_under
from engine.vrm.standout import FILE, SIDE

PER_SOURCE = 18
"""Photographs of one source at most, two composites each."""
RIDGE = 0.02
"""Weight of the penalty, features having a variance of 1; .01 and .1 fitted alike."""
JUDGED = 0.3
"""Share of a patch's cells that must hold evidence."""

Floats = NDArray[np.float32]


def fit(
    examiner: MiniExaminer, images: Iterable[PoolImage], folder: Path, out: Path, log: Log
) -> None:
    """Fit the head on composites of the training side and write its weights.

    Args:
        examiner: the loaded mini.
        images: photographs of the training side.
        folder: of their reconstructions.
        out: folder that gets ``places.safetensors``.
        log: told how far it is.

    Raises:
        InputError: no photograph has a reconstruction.
    """
    chosen = choose(images, PER_SOURCE)
    gram = right = spread = np.zeros(1)
    total, count = 0.0, 0
    for composite in itertools.chain(composites(chosen, folder), further(chosen, folder)):
        for x, y in patches(examiner, composite):
            weight = 1 / len(y)
            gram = gram + (x * weight).T @ x
            right = right + (x * weight).T @ y
            spread = spread + (x * x * weight).sum(axis=0)
            total += 1
        count += 1
        if count % 20 == 0:
            log(f"composites: {count}")
    if not total:
        raise InputError(f"No photograph has a reconstruction in {folder}: use --autoencoder.")
    out.mkdir(parents=True, exist_ok=True)
    weights = solve(gram, right, spread, total)
    save_file({"weights": weights}, out / FILE)
    log(f"{count} composites, {len(weights)} weights in {out / FILE}")


def solve(
    gram: NDArray[np.floating],
    right: NDArray[np.floating],
    spread: NDArray[np.floating],
    total: float,
) -> Floats:
    """Return ridge weights of standardised features, in the features' own units.

    Args:
        gram: sum of x x', [F, F].
        right: sum of x y, [F].
        spread: sum of x squared, [F].
        total: how many views were summed.
    """
    scale = np.sqrt(spread / total) + 1e-6
    standard = gram / total / scale[:, None] / scale[None]
    weights = np.linalg.solve(standard + RIDGE * np.eye(len(standard)), right / total / scale)
    return np.asarray(weights / scale, np.float32)


def patches(examiner: MiniExaminer, composite: Composite) -> Iterable[tuple[Floats, Floats]]:
    """Yield each view's patches: features beside their mean [N, F], generated share [N].

    Args:
        examiner: the loaded mini.
        composite: with its mask.
    """
    image = as_image(composite.pixels)
    shares = torch.from_numpy(composite.swapped_shares().astype(np.float32))[None]
    evidence = torch.from_numpy(evidence_mask(image.pixels).astype(np.float32))[None]
    for box, features in examiner.patches(image):
        share, judged = (
            cells_under(cells, box, SIDE)[0, 0].flatten() for cells in (shares, evidence)
        )
        chosen = (judged > JUDGED).numpy()
        if not chosen.any():
            continue
        x = features - features.mean(axis=0)
        y = share.numpy()[chosen]
        yield x[chosen], y - y.mean()

"""Whether heat maps point at the right place: composites of sources not trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage
from sklearn.metrics import roc_auc_score

from engine.training.augment import encode
from engine.training.batches import draw_mask
from engine.training.data import PoolImage, load_rgb
from engine.training.evaluate import Log, as_image
from engine.training.metrics import Figure, share
from engine.training.pairs import pair_file
from engine.vrm import heat
from engine.vrm.artifact import CELL_PX
from engine.vrm.mini_examiner import MiniExaminer, Seen

QUALITY = 90
"""JPEG quality of the composites: what stands in the picture, not in the file, must be found."""
CLEAR_SHARES = (0.2, 0.8)
"""Cells with a share of swapped pixels between these are neither inside nor outside."""


def map_aucs(
    examiner: MiniExaminer, images: list[PoolImage], pairs: Path, log: Log
) -> dict[str, Figure]:
    """Return the mean area under the ROC curve, cell by cell, of each candidate map.

    Args:
        examiner: the loaded mini.
        images: real photographs; those without a reconstruction are passed over.
        pairs: folder of reconstructions.
        log: told how far it is.
    """
    rng = np.random.default_rng(0)
    scores: dict[str, list[float]] = {}
    chosen = [i for i in images if i.label == "real" and pair_file(pairs, i).exists()]
    for n, image in enumerate(chosen, 1):
        real, fake = load_rgb(image.path), load_rgb(pair_file(pairs, image))
        mask = draw_mask(rng, *real.shape[:2])
        mixed = PilImage.fromarray(np.where(mask[..., None], fake, real))
        pixels = np.asarray(encode(mixed, "JPEG", QUALITY))
        truth, clear = _cells(mask)
        clear &= heat.evidence_mask(pixels)
        if not (truth & clear).any() or not (~truth & clear).any():
            continue
        for name, values in candidates(examiner.look(as_image(pixels))).items():
            scores.setdefault(name, []).append(float(roc_auc_score(truth[clear], values[clear])))
        if n % 20 == 0 or n == len(chosen):
            log(f"composites {n}/{len(chosen)}")
    return {name: share(np.array(values)) for name, values in scores.items()}


def candidates(seen: Seen) -> dict[str, heat.Floats]:
    """Return the maps to choose from, on the residual grid."""
    tokens = heat.sigmoid(
        heat.spread_tokens(seen.token_logits, seen.boxes, *seen.cell_logits.shape)
    )
    cells = heat.sigmoid(seen.cell_logits)
    mean: heat.Floats = (tokens + cells) * np.float32(0.5)
    return {"tokens": tokens, "residual cells": cells, "mean of both": mean}


def _cells(mask: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which cells are swapped, and which are clearly one or the other."""
    rows, cols = mask.shape[0] // CELL_PX, mask.shape[1] // CELL_PX
    blocks = mask[: rows * CELL_PX, : cols * CELL_PX].reshape(rows, CELL_PX, cols, CELL_PX)
    shares = blocks.mean(axis=(1, 3))
    low, high = CLEAR_SHARES
    return np.asarray(shares >= high), np.asarray((shares <= low) | (shares >= high))

"""The trap gate: facts that are not the picture must not tell the classes apart.

Trivial classifiers are trained on what the model is fed; above 60 % balanced accuracy the
training refuses to go on.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold, cross_val_predict

from engine.errors import InputError
from engine.training.augment import KERNELS, Recipe
from engine.training.batches import COMPOSITE, REAL, Batch, Batches

LIMIT = 0.60
STEPS = 60
CHAIN = ("jpeg", "webp", "avif", "blur", "noise", "rescale")


def trap_accuracies(batches: Batches, steps: int = STEPS) -> dict[str, float]:
    """Return the balanced accuracy that each kind of fact reaches, cross-validated by step."""
    facts: dict[str, list[list[float]]] = {"bytes": [], "size": [], "compression": []}
    labels: list[bool] = []
    groups: list[int] = []
    for step in range(steps):
        batch = batches.at(step)
        for i in range(len(batch.kind)):
            if int(batch.kind[i]) == COMPOSITE:
                continue
            for name, values in _facts(batch, i).items():
                facts[name].append(values)
            labels.append(int(batch.kind[i]) != REAL)
            groups.append(step)
    y = np.array(labels)
    return {name: _accuracy(np.array(x), y, np.array(groups)) for name, x in facts.items()}


def require_closed(accuracies: dict[str, float]) -> None:
    """Refuse to train when facts tell the classes apart.

    Raises:
        InputError: an accuracy is above the limit.
    """
    open_ = {name: value for name, value in accuracies.items() if value > LIMIT}
    if open_:
        told = ", ".join(f"{name} {value:.1%}" for name, value in open_.items())
        raise InputError(
            f"The trap gate is open ({told}; limit {LIMIT:.0%}): treat both classes alike first."
        )


def _facts(batch: Batch, i: int) -> dict[str, list[float]]:
    recipe = batch.recipes[i]
    pixels = (batch.native[i].permute(1, 2, 0) * 255).round().byte().numpy()
    with io.BytesIO() as f:
        Image.fromarray(pixels).save(f, format="PNG", compress_level=1)
        size = len(f.getvalue())
    side = float(recipe.side_px)
    return {
        "bytes": [size, size / side**2],
        "size": [side, recipe.shrink, float(KERNELS.index(recipe.kernel))],
        "compression": [float(recipe.history or 0), *_chain(recipe)],
    }


def _chain(recipe: Recipe) -> list[float]:
    amounts = {s.name: s.amount for s in recipe.chain}
    return [amounts.get(name, 0.0) for name in CHAIN]


def _accuracy(x: NDArray[np.float64], y: NDArray[np.bool_], groups: NDArray[np.int_]) -> float:
    """Return balanced accuracy; two of three samples are fakes, so the threshold is their share."""
    model = HistGradientBoostingClassifier(max_iter=50, random_state=0, class_weight="balanced")
    folds = GroupKFold(5)
    guess = cross_val_predict(model, x, y, groups=groups, cv=folds)
    return float(((guess[y]).mean() + (~guess[~y]).mean()) / 2)

"""What 8 bits cost: one linear head on the float32 tower's states and on the int8 tower's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from transformers import CLIPVisionModelWithProjection

from engine import paths
from engine.errors import InputError
from engine.training.activations import choose, exact_tower
from engine.training.data import PoolImage, load_rgb, read_pool, split
from engine.training.evaluate import Log
from engine.training.metrics import Bools, Figure, Floats, auc, bootstrap, difference
from engine.vrm.int8_tower import PACK, TOWER, Int8Tower
from engine.vrm.mini import normalise
from engine.vrm.mini_config import MiniConfig
from engine.vrm.packs import find_pack, require_sound
from engine.vrm.squares import middle_square, view_pixels
from engine.vrm.views import pixel_tensor

PENALTY = 1e-3
"""Inverse strength of the head's L2 penalty on standardised states."""
MAX_FITTED = 700
"""Pictures the head is fitted on at most, by turns of every source of the training side."""

States = Callable[[NDArray[np.uint8]], list[NDArray[np.float32]]]
"""Gives the states [1 + patches, width] of a view at each depth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Areas under the ROC curve on sources the head was not fitted on, 95 % intervals."""

    depths: tuple[int, ...]
    fitted_on: int
    """Pictures of the training side."""
    judged: int
    """Pictures of the calibration side."""
    float32: Figure
    """Torch, float32."""
    int8: Figure
    """ONNX Runtime, 8 bits; the same head, which was fitted on the float32 states."""
    difference: Figure
    """int8 minus float32, the same pictures drawn for both."""
    correlation: float
    """Of the two log-odds, over the judged pictures."""


def triage_accuracy(
    manifest: Path, depths: tuple[int, ...] | None, limit: int | None, log: Log
) -> Accuracy:
    """Compare the installed int8 tower with the float32 tower of the mini's pack.

    Args:
        manifest: of the development pool.
        depths: that the head reads; None takes the shipped head's.
        limit: pictures of each side at most; None takes all that are useful.
        log: told how far it is.

    Raises:
        InputError: a side has no pictures of one class.
        ModelError: a pack is missing or broken.
    """
    depths = depths or MiniConfig().probe_depths
    sides = split(read_pool(manifest), paths.resources_dir() / "splits.toml")
    fitting = choose(sides["train"], min(limit or MAX_FITTED, MAX_FITTED))
    held = choose(sides["calibration"], limit or len(sides["calibration"]))
    pack = find_pack(PACK)
    require_sound(pack)
    quick = Int8Tower(pack.part(TOWER).folder, depths)
    folder = find_pack("mini").part("vision").folder
    exact = exact_tower(folder)
    return compare(
        lambda view: exact_states(exact, depths, view),
        quick.states,
        fitting,
        held,
        depths=depths,
        side_px=quick.side_px,
        log=log,
    )


@torch.inference_mode()
def exact_states(
    tower: CLIPVisionModelWithProjection, depths: tuple[int, ...], view: NDArray[np.uint8]
) -> list[NDArray[np.float32]]:
    """Return the states of one view [side, side, 3] in float32, by torch."""
    pixels = normalise(pixel_tensor(view)[None])
    out = tower.vision_model(pixel_values=pixels, output_hidden_states=True)
    return [out.hidden_states[depth][0].numpy() for depth in depths]


def compare(
    exact: States,
    quick: States,
    fitting: list[PoolImage],
    held: list[PoolImage],
    *,
    depths: tuple[int, ...],
    side_px: int,
    log: Log,
) -> Accuracy:
    """Fit a head on exact states of one side and score both towers with it on the other.

    Args:
        exact: the reference.
        quick: what is compared with it.
        fitting: pictures the head is fitted on.
        held: pictures it is judged on, of other sources.
        depths: what both give, in order.
        side_px: of their views.
        log: told how far it is.

    Raises:
        InputError: a side has no pictures of one class.
    """
    for images in (fitting, held):
        if len({image.label for image in images}) < 2:
            raise InputError(
                f"{len(images)} pictures of a side are all of one class: both are needed. "
                "Use more pictures."
            )
    x = _features((exact,), fitting, side_px, log)[0]
    mean, spread = x.mean(0), x.std(0) + 1e-4
    head = LogisticRegression(C=PENALTY, max_iter=300)
    head.fit((x - mean) / spread, _is_ai(fitting), sample_weight=_evened(fitting))
    scores = [
        head.decision_function((x - mean) / spread)
        for x in _features((exact, quick), held, side_px, log)
    ]
    ai = _is_ai(held)
    return Accuracy(
        depths=depths,
        fitted_on=len(fitting),
        judged=len(held),
        float32=bootstrap(auc, scores[0], ai),
        int8=bootstrap(auc, scores[1], ai),
        difference=difference(scores[0], scores[1], ai),
        correlation=float(np.corrcoef(scores[0], scores[1])[0, 1]),
    )


def _features(
    towers: tuple[States, ...], images: list[PoolImage], side_px: int, log: Log
) -> list[Floats]:
    """Return what a linear head reads of each picture's middle square, one array a tower."""
    rows: list[list[Floats]] = [[] for _ in towers]
    for n, image in enumerate(images, 1):
        rgb = load_rgb(image.path)
        view = view_pixels(rgb, middle_square(*rgb.shape[:2]), side_px)
        for tower, into in zip(towers, rows, strict=True):
            parts = [part for x in tower(view) for part in (x[0], x[1:].mean(0))]
            into.append(np.concatenate(parts).astype(np.float64))
        if n % 100 == 0 or n == len(images):
            log(f"{n}/{len(images)} pictures, {len(towers)} towers")
    return [np.stack(into) for into in rows]


def _is_ai(images: list[PoolImage]) -> Bools:
    return np.array([image.label == "ai" for image in images])


def _evened(images: list[PoolImage]) -> Floats:
    """Return weights that keep large sources small and both classes equal."""
    keys = [(image.source, image.label) for image in images]
    weights = np.array([keys.count(key) ** -0.5 for key in keys])
    ai = _is_ai(images)
    for of_class in (ai, ~ai):
        weights[of_class] /= weights[of_class].sum()
    return np.asarray(weights * len(weights))

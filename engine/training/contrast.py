"""The contrast head: fitted on composites with known masks, judged on other sources.

Every patch is read with its view's mean taken away, and so is its label: how much of a picture was
generated is not learnt, only where. Ridge regression has a closed form; what it gives is brought
to log-odds by one factor, fitted on sources that the head was not.

Source of the idea that a place is told by its difference from the rest of its own picture: noise
inconsistency in splicing localisation, Mahdian and Saic 2009, doi 10.1016/j.imavis.2009.02.001.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image as PilImage
from scipy.optimize import minimize_scalar

from engine.errors import InputError
from engine.training.composites import Composite, choose, composites, further, make_missing
from engine.training.data import PoolImage
from engine.training.descent import Log
from engine.training.features import Tower
from engine.vrm.contrast import ContrastHead
from engine.vrm.mini import Mini
from engine.vrm.squares import middle_square, view_pixels

RIDGE = 0.1
"""Penalty on standardised patches, of their mean square. .03 to 3 point alike on calibration
sources."""
MOST_SHARE = 0.995
"""A view with less or more than this of one kind shows no contrast."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Patched:
    """One view of a composite: P patches."""

    states: dict[int, Floats]
    """[1 + P, width] by depth."""
    share: Floats
    """[P], generated pixels of each patch, 0..1."""


def patched(tower: Tower, depths: Sequence[int], composite: Composite) -> Patched:
    """Return the middle square of a composite as the head is shown it."""
    box = middle_square(*composite.pixels.shape[:2])
    states = tower.states(view_pixels(composite.pixels, box, tower.side_px))
    side = round((len(states[0]) - 1) ** 0.5)
    mask = composite.mask[box.y : box.y + box.h, box.x : box.x + box.w].astype(np.uint8) * 255
    small = PilImage.fromarray(mask).resize((side, side), PilImage.Resampling.BOX)
    share: Floats = (np.asarray(small).reshape(-1) / 255).astype(np.float32)
    return Patched(states=dict(zip(depths, states, strict=True)), share=share)


def fitting_views(
    tower: Tower, depths: Sequence[int], images: Sequence[PoolImage], pairs: Path
) -> Iterator[Patched]:
    """Yield two composites of each photograph, of other shapes and compression."""
    for composite in itertools.chain(composites(images, pairs), further(images, pairs)):
        yield patched(tower, depths, composite)


def fit_contrast(views: Iterable[Patched], depths: tuple[int, ...]) -> ContrastHead:
    """Fit the head on views.

    Args:
        views: of composites; those of one kind alone are passed over.
        depths: what the head reads.

    Returns:
        The head, in the units of the share that was generated.

    Raises:
        InputError: no view shows both kinds.
    """
    gram, moment, count = None, None, 0
    for view in views:
        if not 1 - MOST_SHARE < view.share.mean() < MOST_SHARE:
            continue
        x = np.concatenate([_beside_mean(view.states[d][1:]) for d in depths], axis=1)
        if gram is None or moment is None:
            gram, moment = np.zeros((x.shape[1],) * 2), np.zeros(x.shape[1])
        gram += x.T @ x / len(x)
        moment += x.T @ _beside_mean(view.share) / len(x)
        count += 1
    if gram is None or moment is None:
        raise InputError("No composite shows both kinds: make reconstructions first.")
    gram, moment = gram / count, moment / count
    spread = np.sqrt(np.diag(gram)) + 1e-6
    scaled = gram / np.outer(spread, spread) + RIDGE * np.eye(len(spread))
    weights = np.linalg.solve(scaled, moment / spread) / spread
    return ContrastHead(depths=depths, weights=weights.reshape(len(depths), -1).astype(np.float32))


def _beside_mean(x: Floats) -> NDArray[np.float64]:
    return np.asarray(x - x.mean(0), np.float64)


def in_log_odds(head: ContrastHead, views: Sequence[Patched]) -> ContrastHead:
    """Return the head with its values brought to log-odds.

    Args:
        head: from ``fit_contrast``.
        views: of sources that it was not fitted on.

    Returns:
        The factor makes the mean log-loss of patches least, each view's own level known.
    """
    values = np.concatenate([head.log_odds(v.states).reshape(-1) for v in views])
    share = np.concatenate([v.share for v in views])
    level = np.concatenate([np.full(len(v.share), _logit(v.share.mean())) for v in views])

    def loss(factor: float) -> float:
        z = level + factor * values
        return float(np.mean(np.logaddexp(0, z) - share * z))

    factor = float(minimize_scalar(loss, bounds=(0.0, 1000.0), method="bounded").x)
    return ContrastHead(depths=head.depths, weights=head.weights * np.float32(factor))


def _logit(share: float) -> float:
    inside = min(max(float(share), 0.02), 0.98)
    return float(np.log(inside / (1 - inside)))


def train_contrast(
    model: Mini,
    tower: Tower,
    sides: tuple[list[PoolImage], list[PoolImage]],
    *,
    autoencoder: Path,
    pairs: Path,
    log: Log,
) -> None:
    """Fit the head on composites and put it into the model.

    Args:
        model: the mini; gets the head.
        tower: gives states at ``MiniConfig.contrast_depths``.
        sides: pictures to fit the head on, and other sources' for its factor.
        autoencoder: folder of its safetensors.
        pairs: reconstructions; those that are missing are made.
        log: told how far it is.
    """
    depths = model.config.contrast_depths
    fitting, others = (choose(side) for side in sides)
    make_missing([*fitting, *others], autoencoder, pairs, log)
    head = fit_contrast(fitting_views(tower, depths, fitting, pairs), depths)
    views = [patched(tower, depths, c) for c in composites(others, pairs)]
    head = in_log_odds(head, views)
    with torch.no_grad():
        model.contrast.weight.copy_(torch.from_numpy(head.weights.reshape(1, -1)))
    log(f"contrast: {len(fitting)} photographs, factor on {len(views)} composites")

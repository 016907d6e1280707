"""Whether a map tells what the verdict rests on: patches are taken away, the verdict's probe asked.

The fast path is followed, which stands for both: one square, the tower in 8 bits, one linear
probe. Patches of that square are replaced in a map's order, hottest first; where the map ranks them
by what the probe rests on, the log-odds of "AI" fall faster than in orders that know nothing.

Source: deletion, Petsiuk, Das and Saenko, RISE, BMVC 2018, section 4.2; shuffled weights, Adebayo
et al., Sanity Checks for Saliency Maps, NeurIPS 2018.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.training.attribution import shuffled_blocks
from engine.training.features import Tower, shipped_tower
from engine.training.fidelity import rank_correlation
from engine.types import Image, Region
from engine.vrm import heat
from engine.vrm.artifact import CELL_PX
from engine.vrm.contrast import ContrastHead, read_contrast, smoothed
from engine.vrm.mini import Mini, normalise
from engine.vrm.mini_config import MiniConfig
from engine.vrm.mini_examiner import MiniExaminer, cells_under
from engine.vrm.occlusion import FILLS, Asked, falls, grid_over
from engine.vrm.squares import middle_square, view_pixels
from engine.vrm.triage import LinearHead, read_head
from engine.vrm.views import view_tensor

CONTRAST, PATCHES, AREAS = "patch contrast", "probe patches", "probe patches, averaged"
TOKENS, OCCLUSION = "tokens", "occlusion of patches"
CENTRE = "control: centre"
SCATTERED, SMOOTH = "control: random patches", "control: random areas"
MAPS = (CONTRAST, PATCHES, AREAS, TOKENS)
"""Maps of one run of the model; occlusion asks it once for every block, and is what they could
reach."""
STEPS = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
"""Share of the square's patches that is replaced."""
SEEDS = 3
"""Random orders of each kind."""
BLOCK = 2
"""Side of what occlusion takes away at once, patches."""
SHUFFLES = 4
FIRST_SHUFFLED, LAST_SHUFFLED = 4, 6
"""Blocks of the tower that are shuffled, counted from 1: depths 4 and 6, the contrast's, change."""

Floats = NDArray[np.float32]
View = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FastPath:
    """What gives the verdict and the map of the fast path."""

    tower: Tower
    depths: tuple[int, ...]
    """Of the tower's states, in its order."""
    probe: LinearHead
    contrast: ContrastHead

    def states(self, view: View) -> dict[int, Floats]:
        """Return the states of a view by depth."""
        return dict(zip(self.depths, self.tower.states(view), strict=True))

    def log_odds(self, view: View) -> float:
        """Return the verdict's log-odds of a view, before calibration."""
        return self.probe.log_odds(self.states(view))


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What happened to one picture's verdict."""

    sha256: str
    source: str
    part: str
    """``"test"``, ``"calibration"``: composites; ``"test, AI"``: wholly generated pictures."""
    fill: str
    log_odds: float
    """Of the whole picture."""
    curves: dict[str, list[float]]
    """Log-odds at each of STEPS, of each map and control; of random orders the mean."""
    agreement: dict[str, float]
    """Rank correlation of each map with occlusion, over blocks."""
    shuffled: dict[str, float]
    """Rank correlation with the map of shuffled weights; empty where none was asked."""


def fast_path(trained: Path, config: MiniConfig) -> FastPath:
    """Return the installed fast path with some trained weights.

    Args:
        trained: the mini's trained weights.
        config: which depths its heads read.

    Raises:
        ModelError: the pack or the weights are missing or broken.
    """
    depths = tuple(sorted({*config.probe_depths, *config.contrast_depths}))
    tower = shipped_tower(depths)
    return FastPath(
        tower=tower,
        depths=depths,
        probe=read_head(trained, config.probe_depths, tower.width),
        contrast=read_contrast(trained, config.contrast_depths, tower.width),
    )


def probe_patches(probe: LinearHead, states: dict[int, Floats]) -> Floats:
    """Return what each patch adds to the probe's log-odds, but for a constant: [side, side]."""
    values = sum(
        states[depth][1:] @ w for depth, w in zip(probe.depths, probe.patch_weights, strict=True)
    )
    return _square(np.asarray(values, np.float32))


def _square(values: Floats) -> Floats:
    side = round(len(values) ** 0.5)
    return values.reshape(side, side)


def fast_maps(path: FastPath, view: View) -> dict[str, Floats]:
    """Return the maps that the fast path's states give: [side, side] each, larger is more AI."""
    states = path.states(view)
    patches = probe_patches(path.probe, states)
    return {
        CONTRAST: path.contrast.log_odds(states),
        PATCHES: patches,
        AREAS: smoothed(patches),
    }


@torch.inference_mode()
def token_map(examiner: MiniExaminer, image: Image, side: int) -> Floats:
    """Return the full path's token log-odds in the middle square: [side, side]."""
    seen = examiner.look(image)
    height, width = image.pixels.shape[:2]
    cells = heat.spread_tokens(seen.token_logits, seen.boxes, height // CELL_PX, width // CELL_PX)
    box = middle_square(height, width)
    under = cells_under(torch.from_numpy(cells)[None], box, side)
    return np.asarray(under[0, 0].numpy(), np.float32)


def centre_map(side: int) -> Floats:
    """Return a map that knows nothing and always shows the centre: [side, side]."""
    at = (np.arange(side, dtype=np.float32) + 0.5) / side - 0.5
    return -np.hypot(at[:, None], at[None])


def random_maps(side: int, seed: int) -> tuple[Floats, Floats]:
    """Return noise, and noise averaged over neighbours as the contrast is: [side, side] each."""
    noise = np.random.default_rng(seed).normal(size=(2, side, side)).astype(np.float32)
    return noise[0], smoothed(noise[1])


def order_of(values: Floats) -> NDArray[np.intp]:
    """Return patches from the hottest on; equal ones in a random order, the same every time."""
    mixed = np.random.default_rng(0).permutation(values.size)
    return mixed[np.argsort(-values.reshape(-1)[mixed], kind="stable")]


def replaced(view: View, fill: View, chosen: NDArray[np.bool_]) -> View:
    """Return a view with patches replaced.

    Args:
        view: [S, S, 3].
        fill: same shape.
        chosen: [side, side], True where it is replaced.
    """
    each = view.shape[0] // len(chosen)
    pixels = np.kron(chosen, np.ones((each, each), np.bool_))
    return np.where(pixels[..., None], fill, view)


def curve(log_odds: Callable[[View], float], view: View, fill: View, values: Floats) -> list[float]:
    """Return the log-odds between the ends of STEPS, patches replaced from the hottest on."""
    order, found = order_of(values), []
    for step in STEPS[1:-1]:
        chosen = np.zeros(values.size, np.bool_)
        chosen[order[: round(step * values.size)]] = True
        found.append(log_odds(replaced(view, fill, chosen.reshape(values.shape))))
    return found


def occlusion(
    log_odds: Callable[[View], float], view: View, fill: View, side: int, whole: float
) -> Floats:
    """Return how far the log-odds fall when one block alone is replaced: [side, side]."""
    asked = Asked(
        boxes=(Region(x=0, y=0, w=view.shape[1], h=view.shape[0]),),
        views=view[None],
        log_odds=lambda views: np.array([log_odds(each) for each in views]),
    )
    blocks = grid_over(asked.boxes, side // BLOCK)
    found = falls(asked, fill[None], np.array([whole]), blocks, lambda _done, _total: None)
    return np.kron(found, np.ones((BLOCK, BLOCK), np.float32))


def follow(
    log_odds: Callable[[View], float], view: View, maps: dict[str, Floats], fill_name: str
) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Return the deletion curves of maps and controls, and the maps' agreement with occlusion.

    Args:
        log_odds: the verdict's, of a view.
        view: [S, S, 3].
        maps: [side, side] each; side divides S and is a multiple of BLOCK.
        fill_name: key of FILLS.
    """
    side = len(next(iter(maps.values())))
    fill = FILLS[fill_name](view[None])[0]
    whole, empty = log_odds(view), log_odds(fill)
    exact = occlusion(log_odds, view, fill, side, whole)
    judged = {**maps, OCCLUSION: exact, CENTRE: centre_map(side)}
    curves = {name: curve(log_odds, view, fill, values) for name, values in judged.items()}
    noise = [random_maps(side, seed) for seed in range(SEEDS)]
    for name, drawn in zip((SCATTERED, SMOOTH), zip(*noise, strict=True), strict=True):
        each = [curve(log_odds, view, fill, values) for values in drawn]
        curves[name] = np.mean(each, axis=0).tolist()
    agreement = {
        name: rank_correlation(_blocks(values), _blocks(exact)) for name, values in maps.items()
    }
    return {name: [whole, *inner, empty] for name, inner in curves.items()}, agreement


def _blocks(values: Floats) -> NDArray[np.float64]:
    side = len(values) // BLOCK
    means = values.astype(np.float64).reshape(side, BLOCK, side, BLOCK).mean(axis=(1, 3))
    return np.asarray(means).reshape(-1)


def shuffled_heads(path: FastPath, view: View) -> dict[str, float]:
    """Return the mean rank correlation of maps with those of heads whose weights are shuffled."""
    states = path.states(view)
    real = path.contrast.log_odds(states), probe_patches(path.probe, states)
    found: dict[str, list[float]] = {f"{CONTRAST}: its head": [], f"{PATCHES}: the probe": []}
    for seed in range(SHUFFLES):
        rng = np.random.default_rng(seed)
        contrast = replace(path.contrast, weights=rng.permuted(path.contrast.weights, axis=1))
        probe = replace(path.probe, patch_weights=rng.permuted(path.probe.patch_weights, axis=1))
        others = contrast.log_odds(states), probe_patches(probe, states)
        for kept, a, b in zip(found.values(), real, others, strict=True):
            kept.append(_correlation(a, b))
    return {name: float(np.mean(values)) for name, values in found.items()}


@torch.inference_mode()
def shuffled_tower(model: Mini, contrast: ContrastHead, image: Image) -> dict[str, float]:
    """Return the contrast's mean rank correlation with that of a tower with shuffled blocks."""
    view = normalise(view_tensor(image.pixels, middle_square(*image.pixels.shape[:2]))[None])

    def made() -> Floats:
        shared = model.shared_states(view)
        return contrast.log_odds({d: shared[d][0].float().numpy() for d in contrast.depths})

    real, found = made(), []
    for seed in range(SHUFFLES):
        with shuffled_blocks(model, range(FIRST_SHUFFLED - 1, LAST_SHUFFLED), seed):
            found.append(_correlation(real, made()))
    name = f"{CONTRAST}: blocks {FIRST_SHUFFLED} to {LAST_SHUFFLED} of the tower"
    return {name: float(np.mean(found))}


def _correlation(a: Floats, b: Floats) -> float:
    return rank_correlation(a.reshape(-1).astype(np.float64), b.reshape(-1).astype(np.float64))


def follow_picture(
    path: FastPath,
    examiner: MiniExaminer,
    image: Image,
    fills: Sequence[str],
    *,
    shuffled: bool,
) -> Iterator[Followed]:
    """Yield what happens to a picture's verdict, for each fill: rows that do not name the picture.

    Args:
        path: of the verdict.
        examiner: gives the tokens, and the tower whose blocks are shuffled.
        image: the picture.
        fills: keys of FILLS.
        shuffled: whether weights are shuffled too.
    """
    if not fills:
        return
    box = middle_square(*image.pixels.shape[:2])
    view = view_pixels(image.pixels, box, path.tower.side_px)
    maps = fast_maps(path, view)
    maps[TOKENS] = token_map(examiner, image, len(maps[CONTRAST]))
    changed: dict[str, float] = {}
    if shuffled:
        tower = shuffled_tower(examiner.model, path.contrast, image)
        changed = {**shuffled_heads(path, view), **tower}
    for fill in fills:
        curves, agreement = follow(path.log_odds, view, maps, fill)
        yield Followed(
            sha256="",
            source="",
            part="",
            fill=fill,
            log_odds=curves[CONTRAST][0],
            curves=curves,
            agreement=agreement,
            shuffled=changed,
        )

"""The whole training of the mini, from the pool to trained tensors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from engine.training.batches import Batches, Store
from engine.training.captions import train_captions
from engine.training.contrast import train_contrast
from engine.training.data import PoolImage, read_pool, read_pools, split, untampered
from engine.training.descent import STAGE_FILES, Log, Plan, save_trained
from engine.training.features import shipped_features, shipped_tower
from engine.training.gate import require_closed, trap_accuracies
from engine.training.pairs import make_pairs
from engine.training.probing import measured_views, train_probe
from engine.training.stages import EASE, train_artifact, train_language, train_residual
from engine.vrm.mini import Mini, read_trained
from engine.vrm.mini_config import MiniConfig

HEADS = ("probe.", "contrast.")
"""Beginnings of the names of what is fitted last, in closed form or nearly so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a training run reads and writes."""

    data: Path
    """The development data: ``pool/`` and ``taef2/``."""
    base: Path
    """The assembled pack with ``language/`` and ``vision/``."""
    splits: Path
    """``splits.toml``."""
    work: Path
    """Everything the run makes; an interrupted run goes on from here."""
    more: tuple[Path, ...] = ()
    """Manifests of pictures that only the probe is fitted on, beside the pool."""

    @property
    def pairs(self) -> Path:
        """Folder of reconstructions."""
        return self.work / "pairs"

    @property
    def parts(self) -> Path:
        """Folder of reconstructions of centres, for composites."""
        return self.work / "parts"


def captioned(images: list[PoolImage]) -> list[PoolImage]:
    """Return the pictures that have a caption, collages left out."""
    return [i for i in images if i.captions and not i.tile_grid]


def train(places: Places, config: MiniConfig, plan: Plan, log: Log) -> Mini:
    """Run every stage that is not done yet.

    Args:
        places: folders.
        config: the mini's shape.
        plan: lengths and seed.
        log: told what happens.

    Returns:
        The trained mini, in evaluation mode.
    """
    torch.manual_seed(plan.seed)
    places.work.mkdir(parents=True, exist_ok=True)
    manifest = places.data / "pool" / "manifest.csv"
    sides = split(read_pool(manifest), places.splits)
    for side, images in sides.items():
        real = sum(i.label == "real" for i in images)
        sources = len({i.source for i in images})
        log(f"{side}: {real} real, {len(images) - real} AI, {sources} sources")
    model = Mini(places.base, config, torch.bfloat16).eval()
    train_captions(
        model,
        captioned(sides["train"]),
        captioned(sides["test"]),
        work=places.work,
        plan=plan,
        log=log,
    )
    make_pairs(sides["train"], places.data / "taef2", places.pairs, log)
    store = Store(sides["train"], places.pairs)
    batches = Batches(store, plan.seed)
    accuracies = trap_accuracies(batches)
    log("trap gate, balanced accuracy: " + ", ".join(f"{k} {v:.3f}" for k, v in accuracies.items()))
    require_closed(accuracies)
    easy = Batches(store, plan.seed + 1, ease=EASE)
    train_residual(model, easy, places.work, plan, log)
    train_artifact(model, batches, places.work, plan, log)
    train_language(model, batches, places.work, plan, log)
    _train_heads(model, places, log)
    save_trained(model, places.work / STAGE_FILES[-1])
    return model.eval()


def _train_heads(model: Mini, places: Places, log: Log) -> None:
    """Fit what is linear in the unadapted tower's states: the probe and the contrast head."""
    manifest = places.data / "pool" / "manifest.csv"
    kept = shipped_features(places.work)
    fitted_on = untampered(read_pools(manifest, places.more))
    train_probe(model, measured_views(kept, fitted_on, places.work, log), kept, log)
    sides = split(read_pool(manifest), places.splits)
    train_contrast(
        model,
        shipped_tower(model.config.contrast_depths),
        (sides["train"], sides["calibration"]),
        autoencoder=places.data / "taef2",
        pairs=places.parts,
        log=log,
    )


def heads_alone(places: Places, config: MiniConfig, trained: Path, log: Log) -> None:
    """Fit probe and contrast head anew and leave the other stages of finished weights as they are.

    Args:
        places: folders.
        config: the mini's shape.
        trained: weights of an earlier run; their heads, if any, are passed over.
        log: told what happens.
    """
    places.work.mkdir(parents=True, exist_ok=True)
    model = Mini(places.base, config, torch.bfloat16).eval()
    own = {n: t for n, t in model.trained_state().items() if n.startswith(HEADS)}
    model.load_trained({**read_trained(trained), **own})
    _train_heads(model, places, log)
    save_trained(model, places.work / STAGE_FILES[-1])

"""What the commands probe and ablate have in common: sets, projector, and what they say."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from engine import paths
from engine.errors import InputError
from engine.training.captioning import train_projector
from engine.training.data import file_digest, read_pool, split
from engine.training.descent import Log
from engine.training.layers_data import Samples, Sizes
from engine.training.layers_towers import Sets, prepare
from engine.training.variants import Decoder, Plan, Variant
from engine.vrm.loader import MINI, TRAINED_FILE
from engine.vrm.mini import Mini, read_trained
from engine.vrm.mini_config import MiniConfig
from engine.vrm.packs import find_pack

CAPTION_STEPS = 100
SIZES = {
    "train_reals": "photographs that are reconstructed for training",
    "of_source": "measured pictures of one source and class, at most",
    "pairs_of_source": "measured photographs of one source with a reconstruction, at most",
    "held_out_captions": "captioned photographs that nothing is trained on",
}
"""Sizes that a command may make smaller, and what they count."""

LIMITS = (
    "Small trainings on a processor: the steps and pictures are in the settings; differences may "
    "change with longer ones.",
    "The towers and the artifact path are the shipped ones and stay frozen; in the paper the "
    "artifact encoder is trained together with the decoder.",
    "Everything is measured on the calibration side of the split, so that it may guide choices; "
    "the test side is not touched.",
    "D1 pictures are shown whole, so that how far each was shrunk goes with its source; probes are "
    "judged on other sources, and training groups are matched in size.",
    "One training seed for each model: the intervals are of pictures or sources, not of trainings.",
    "What of the captioned source is held out was seen by the shipped projector, so a fresh one is "
    "trained here on the rest; the shipped artifact path has seen it, without captions.",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Setup:
    """What a command works with."""

    base: Path
    """The pack's folder."""
    config: MiniConfig
    sets: Sets
    projector: dict[str, Tensor]
    """Trained on the captions that are not held out."""
    layers: int
    """Of the decoder."""
    settings: dict[str, object]
    """All that a report needs to say how it was made."""


def set_up(
    data: Path,
    work: Path,
    *,
    kinds: tuple[str, ...],
    sizes: Sizes,
    plan: Plan,
    caption_steps: int,
    log: Log,
) -> Setup:
    """Return the cached sets and the projector; made where they are not there yet.

    Args:
        data: the development data: ``pool/`` and ``taef2/``.
        work: where everything is kept.
        kinds: artifact tokens that will be needed.
        sizes: how many pictures.
        plan: of the training.
        caption_steps: of the projector.
        log: told how far it is.

    Raises:
        InputError: the folder holds the results of other settings, or pictures are missing.
        ModelError: the pack or the shipped weights are missing.
    """
    base, config = find_pack(MINI).folder, MiniConfig()
    shipped = Mini(base, config, torch.bfloat16)
    weights = paths.resources_dir() / "weights" / MINI / TRAINED_FILE
    splits = paths.resources_dir() / "splits.toml"
    made_from = {"weights": digest(weights), "splits": digest(splits)}
    shipped.load_trained(read_trained(weights))
    sides = split(read_pool(data / "pool" / "manifest.csv"), splits)
    sets = prepare(
        shipped.eval(),
        {str(side): images for side, images in sides.items()},
        data / "taef2",
        work,
        sizes=sizes,
        kinds=kinds,
        seed=plan.seed,
        made_from=made_from,
        log=log,
    )
    layers = int(shipped.language.config.num_hidden_layers)
    del shipped
    projector = projector_of(
        base,
        config,
        sets.captions,
        work / "projector.safetensors",
        plan,
        steps=caption_steps,
        log=log,
    )
    return Setup(
        base=base,
        config=config,
        sets=sets,
        projector=projector,
        layers=layers,
        settings=_told(sets, sizes, plan, caption_steps) | made_from,
    )


def _told(sets: Sets, sizes: Sizes, plan: Plan, caption_steps: int) -> dict[str, object]:
    """Return what a report says of how it was made, less the hashes of what it was made from."""
    return {
        **asdict(sizes),
        **{f"training_{key}": value for key, value in asdict(plan).items()},
        "caption_steps": caption_steps,
        "pictures": {
            "train": _counts(sets.train.kind),
            "d1": _counts(sets.d1.kind),
            "d2": _counts(sets.d2.kind),
            "captions": len(sets.captions),
            "held_out": len(sets.held_out),
        },
        "d1_sources": sorted(set(sets.d1.sources)),
        "caption_source": sets.held_out.sources[0],
    }


def _counts(kind: Tensor) -> dict[str, int]:
    names = ("real", "reconstructed", "AI")
    return {name: int((kind == i).sum()) for i, name in enumerate(names)}


def projector_of(
    base: Path,
    config: MiniConfig,
    captions: Samples,
    file: Path,
    plan: Plan,
    *,
    steps: int,
    log: Log,
) -> dict[str, Tensor]:
    """Return the caption-trained projector of a file; trained where there is none.

    Raises:
        InputError: the file comes from other settings.
    """
    settings = f"{plan} {steps} {len(captions)}"
    if file.exists():
        with safe_open(file, framework="pt") as opened:
            made_with = (opened.metadata() or {}).get("settings", "")
            if made_with != settings:
                raise InputError(
                    f"{file} was trained with {made_with}, now {settings} is wanted: name another "
                    "--work folder."
                )
            return {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
    log(f"projector: {steps} steps on {len(captions)} captioned photographs")
    decoder = Decoder(base, config, Variant(name="projector", learning="nothing"), None)
    projector = train_projector(decoder, captions, steps, plan, log)
    partial = file.with_suffix(".partial")
    save_file(projector, partial, metadata={"settings": settings})
    partial.replace(file)
    return projector


def digest(file: Path) -> str:
    """Return the first 16 hexadecimal digits of a file's SHA-256."""
    return file_digest(file)[:16]


def write_report(file: Path, body: Mapping[str, object]) -> None:
    """Write a report as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(body, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what both commands take."""
    sizes, plan = Sizes(), Plan()
    parser.add_argument("--data", type=Path, required=True, help="the development data")
    parser.add_argument("--work", type=Path, required=True, help="keeps what was computed")
    parser.add_argument("--out", type=Path, required=True, help="the report, JSON")
    parser.add_argument("--steps", type=int, default=sizes.steps, help="of each model")
    for name, what in SIZES.items():
        flag = "--" + name.replace("_", "-")
        parser.add_argument(flag, type=int, default=getattr(sizes, name), help=what)
    parser.add_argument("--epochs", type=int, default=plan.epochs, help="over those steps")
    parser.add_argument("--caption-steps", type=int, default=CAPTION_STEPS, help="of the projector")
    parser.add_argument("--seed", type=int, default=plan.seed)
    parser.add_argument("--threads", type=int, default=None, help="processor threads")


def sizes_and_plan(arguments: argparse.Namespace) -> tuple[Sizes, Plan]:
    """Return what the arguments of ``add_arguments`` ask for."""
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    chosen = {name: getattr(arguments, name) for name in SIZES}
    sizes = Sizes(steps=arguments.steps, **chosen)
    return sizes, Plan(epochs=arguments.epochs, seed=arguments.seed)


def logger() -> Log:
    """Return what writes progress to stderr with the time since the start."""
    begin = time.monotonic()

    def log(message: str) -> None:
        sys.stderr.write(f"[{time.monotonic() - begin:6.0f} s] {message}\n")
        sys.stderr.flush()

    return log

"""``train --host DIR``: stages 1 and 2 on a checkpoint folder of any host family."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForImageTextToText

from engine import paths
from engine.errors import InputError, ModelError
from engine.training.data import PoolImage, load_rgb, read_pool, split, untampered
from engine.training.host_layer import choose_host_layer
from engine.training.host_training import HostPlan, HostRun, Sample, save_checkpoint
from engine.training.pairs import make_pairs, pair_file
from engine.vrm.checkpoint import read_json, read_shapes
from engine.vrm.host_checkpoint import INJECTION_FILE
from engine.vrm.host_inputs import HostInputs
from engine.vrm.host_views import FAMILIES
from engine.vrm.hosts import host_of
from engine.vrm.wrapper import DeepVrm

PROBED = 400
"""Pictures that K is chosen on, unless all are fewer."""


def main(argv: Sequence[str]) -> int:
    """Run the command.

    Args:
        argv: the command's name and its arguments.

    Raises:
        EngineError: the command could not run.
    """
    options = _parser().parse_args(argv[1:])
    device = _device(options.device)
    plan = HostPlan(epochs=options.epochs, batch=options.batch, rate=options.rate)
    sides = split(untampered(read_pool(options.data / "pool" / "manifest.csv")), _splits())
    images = sides["train"][: options.limit]
    semantic = [_sample(image) for image in images]
    model = _host(options.host, device)
    layer = _layer(options, model, semantic)
    vrm = DeepVrm(model, layer=layer, fusion=options.fusion).to(device)
    inputs = HostInputs(options.host, vrm.model.config)
    paired = _paired(options, images) if options.pairs else []
    if not paired:
        _say("No pairs: stage 2 learns from D1 alone. Give --pairs to make reconstructions.")
    HostRun(vrm, inputs, plan, work=options.work, log=_say).run(semantic, paired)
    save_checkpoint(vrm, options.host, options.out)
    _say(f"The trained checkpoint is in {options.out}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="residua train --host")
    parser.add_argument("--host", type=Path, required=True, help="checkpoint folder of the host")
    parser.add_argument("--data", type=Path, required=True, help="the development data")
    parser.add_argument("--work", type=Path, required=True, help="folder of the run")
    parser.add_argument("--out", type=Path, required=True, help="where the checkpoint goes")
    parser.add_argument("--layer", default="auto", help="K; auto chooses it by the probes' rule")
    parser.add_argument("--fusion", choices=("mean", "add", "gated"), default="mean")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--pairs", action="store_true", help="make and use reconstructions (D2)")
    parser.add_argument("--limit", type=int, default=None, help="most pictures of the pool")
    plan = HostPlan()
    parser.add_argument("--epochs", type=int, default=plan.epochs)
    parser.add_argument("--batch", type=int, default=plan.batch, help="pictures a step")
    parser.add_argument("--rate", type=float, default=plan.rate)
    return parser


def _splits() -> Path:
    return paths.resources_dir() / "splits.toml"


def _device(asked: str) -> torch.device:
    if asked == "cuda" and not torch.cuda.is_available():
        raise ModelError("No CUDA device is available here: use --device cpu or auto.")
    if asked == "auto":
        asked = "cuda" if torch.cuda.is_available() else "cpu"
    if asked == "cpu":
        _say("On a processor this is for tiny models: a 7B host needs a GPU.")
    return torch.device(asked)


def _host(folder: Path, device: torch.device) -> torch.nn.Module:
    """Load a host of a known family; nothing in the folder is executed."""
    kind = read_json(folder / "config.json").get("model_type")
    if kind not in FAMILIES:
        raise ModelError(f"{folder} is of type {kind!r}; known hosts: {', '.join(FAMILIES)}.")
    read_shapes(folder)  # refuses other formats and damaged files by name; reads no weight
    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        model: torch.nn.Module = AutoModelForImageTextToText.from_pretrained(
            folder,
            config=config,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.bfloat16 if device.type == "cuda" else torch.float32,
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(f"The host in {folder} cannot be loaded: {error}.") from error
    return model.to(device).eval()


def _layer(options: argparse.Namespace, model: torch.nn.Module, semantic: list[Sample]) -> int:
    if options.layer != "auto":
        try:
            return int(options.layer)
        except ValueError as error:
            raise InputError(f"--layer {options.layer}: give a number, or auto.") from error
    file = options.work / INJECTION_FILE
    if file.is_file():
        return int(read_json(file)["layer"])
    kind = host_of(model)
    first = DeepVrm(model, layer=kind.first_layer(model), fusion="mean")
    every = max(1, len(semantic) // PROBED)
    found = choose_host_layer(
        first, HostInputs(options.host, first.model.config), semantic[::every], lambda: None
    )
    first.injection.remove()
    options.work.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(found), indent=2), encoding="utf-8")
    how = "by the rule" if found.by_rule else "at the published share: no depth fulfils the rule"
    _say(f"K = {found.layer}, {how}; see {file}.")
    return found.layer


def _sample(image: PoolImage) -> Sample:
    return Sample(load=partial(load_rgb, image.path), fake=image.label == "ai", source=image.source)


def _paired(options: argparse.Namespace, images: list[PoolImage]) -> list[Sample]:
    """Return each real photograph with its own reconstruction beside it."""
    folder = options.work / "pairs"
    make_pairs(images, options.data / "taef2", folder, _say)
    found = []
    for image in images:
        if image.label == "real":
            found.append(_sample(image))
            found.append(
                Sample(
                    load=partial(load_rgb, pair_file(folder, image)),
                    fake=True,
                    source=image.source,
                )
            )
    return found


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()

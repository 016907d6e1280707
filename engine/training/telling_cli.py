"""``evaluate-choices`` and ``fit-choices``: what is told of known processing, and who chooses.

Photographs of a side are processed in known ways (`engine.training.scenes`) and examined once;
what was seen is kept in ``--work``. ``fit-choices`` trains adapters on the training side and
keeps the round that is best on the calibration side; ``evaluate-choices`` reports.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine import paths
from engine.errors import InputError
from engine.training.chooser_figures import compared, figures
from engine.training.choosers import (
    Choose,
    KeptRows,
    Row,
    by_chance,
    by_model,
    by_rule,
    by_trained,
    rows,
)
from engine.training.data import Side, file_digest, read_pool, split
from engine.training.scenes import photographs, scenes
from engine.training.situations import Situation, situations
from engine.training.telling import Lesson, Plan, fit, lessons
from engine.vrm.loader import MINI, load_mini
from engine.vrm.mini_config import TRAINED_FILE
from engine.vrm.mini_examiner import MiniExaminer

PER_SOURCE: dict[Side, int] = {"train": 30, "calibration": 14, "test": 40}
PICTURES: dict[Side, int] = {"train": 130, "calibration": 90, "test": 130}
"""Processed pictures of each side, unless ``--limit`` says otherwise."""
ADAPTERS = "telling.safetensors"
RULE, TRAINED = "rule order", "trained model"


def main(argv: Sequence[str]) -> int:
    """Run a command; the first argument is its name."""
    options = _options(argv)
    torch.set_num_threads(options.threads)
    examiner = load_mini(torch.device("cpu"))
    if argv[0] == "fit-choices":
        return _fit(options, examiner)
    return _evaluate(options, examiner)


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"residua {argv[0]}", description=__doc__)
    parser.add_argument("manifest", type=Path, metavar="MANIFEST.csv", help="the pool")
    parser.add_argument(
        "--work", type=Path, required=True, metavar="DIR", help="where what was seen is kept"
    )
    parser.add_argument("--pairs", type=Path, metavar="DIR", help="reconstructions, parts of which")
    parser.add_argument("--limit", type=int, metavar="N", help="pictures of a side at most")
    parser.add_argument("--threads", type=int, default=1)
    if argv[0] == "fit-choices":
        plan = Plan()
        parser.add_argument("--rounds", type=int, default=plan.rounds)
        parser.add_argument("--seed", type=int, default=plan.seed)
    else:
        parser.add_argument("--side", choices=("calibration", "test"), default="test")
        parser.add_argument(
            "--adapters", type=Path, metavar="FILE", help="as fit-choices made them"
        )
    return parser.parse_args(argv[1:])


def _seen(options: argparse.Namespace, side: Side, examiner: MiniExaminer) -> list[Situation]:
    """Return the situations of one side.

    Raises:
        InputError: there is no photograph that is large enough.
    """
    sides = split(read_pool(options.manifest), paths.resources_dir() / "splits.toml")
    chosen = photographs(sides[side], PER_SOURCE[side])
    if not chosen:
        raise InputError(
            f"{options.manifest} names no photograph of the {side} side that is large enough."
        )
    made = itertools.islice(scenes(chosen, options.pairs), options.limit or PICTURES[side])
    folder = options.work / side
    return list(situations(examiner, made, folder, file_digest(_weights() / TRAINED_FILE), _log))


def _weights() -> Path:
    return paths.resources_dir() / "weights" / MINI


def _log(message: str) -> None:
    sys.stderr.write(f"[{time.strftime('%H:%M:%S')}] {message}\n")


def _fit(options: argparse.Namespace, examiner: MiniExaminer) -> int:
    mini, dice = examiner.model, random.Random(options.seed)
    lessons_of: dict[str, list[Lesson]] = {}
    for side in ("train", "calibration"):
        made = _seen(options, side, examiner)
        with examiner.precision():
            lessons_of[side] = [each for one in made for each in lessons(mini, one, dice)]
        _log(f"{side}: {len(made)} pictures, {len(lessons_of[side])} lessons")
    plan = Plan(rounds=options.rounds, seed=options.seed)
    best = fit(mini, lessons_of, options.work, plan, _log)
    halves = {name: tensor.to(torch.float16).contiguous() for name, tensor in best.items()}
    save_file(halves, options.work / ADAPTERS)
    _log(f"written: {options.work / ADAPTERS}")
    return 0


def _evaluate(options: argparse.Namespace, examiner: MiniExaminer) -> int:
    made = _seen(options, options.side, examiner)
    choosers: dict[str, Choose] = {
        RULE: by_rule,
        "chance": by_chance,
        "model": by_model(examiner.model, examiner.precision),
    }
    model = file_digest(_weights() / TRAINED_FILE)
    file = options.work / f"{options.side}-rows.jsonl"
    kept = dict.fromkeys(choosers, KeptRows(file, model))
    if options.adapters is not None:
        adapters: dict[str, Tensor] = load_file(options.adapters)
        choosers[TRAINED] = by_trained(examiner.model, examiner.precision, adapters)
        kept[TRAINED] = KeptRows(file, model + file_digest(options.adapters))
    told: dict[str, list[Row]] = {
        name: list(rows(name, choose, made, kept[name], _log)) for name, choose in choosers.items()
    }
    body = {
        "set": options.manifest.name,
        "side": options.side,
        "choosers": {name: figures(each) for name, each in told.items()},
        f"less {RULE}": {
            name: compared(each, told[RULE]) for name, each in told.items() if name != RULE
        },
    }
    sys.stdout.write(json.dumps(body, indent=1) + "\n")
    return 0

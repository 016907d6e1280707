"""The commands ``evaluate-explanations`` and ``fit-places``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.training import sets
from engine.training.composites import choose, composites, make_missing, untouched
from engine.training.data import PoolImage, Side, split
from engine.training.evaluate import Log
from engine.training.explaining import Explained, Kept, explain_composites
from engine.training.explanation_figures import figures
from engine.training.measuring import rows_file
from engine.training.standout import PER_SOURCE, fit
from engine.vrm.mini_examiner import MiniExaminer

SIDES: tuple[Side, ...] = ("calibration", "test")
REPORTED_PER_SOURCE = 28


def add_explanation_options(commands: Any) -> None:
    """Add both commands to a parser's subcommands."""
    explained = commands.add_parser(
        "evaluate-explanations", help="check explanations on composites with known masks"
    )
    fitted = commands.add_parser("fit-places", help="fit the head that says where to look first")
    for command in (explained, fitted):
        command.add_argument("place", type=Path, metavar="MANIFEST.csv", help="the pool")
        command.add_argument(
            "--pairs", type=Path, required=True, metavar="DIR", help="reconstructions"
        )
        command.add_argument(
            "--autoencoder", type=Path, metavar="DIR", help="makes those that --pairs lacks"
        )
        command.add_argument("--threads", type=int, default=None)
    explained.add_argument("--per-source", type=int, default=REPORTED_PER_SOURCE, metavar="N")
    explained.add_argument(
        "--calibration-per-source", type=int, default=REPORTED_PER_SOURCE, metavar="N"
    )
    explained.add_argument("--rows", type=Path, metavar="FILE", help="where pictures are kept")
    fitted.add_argument("--out", type=Path, required=True, metavar="DIR")


def evaluate_explanations(
    arguments: argparse.Namespace, splits: Path, examiner: MiniExaminer, log: Log
) -> int:
    """Explain composites and untouched photographs, and write the figures to stdout.

    Args:
        arguments: as ``add_explanation_options`` made them.
        splits: ``splits.toml``.
        examiner: the loaded mini.
        log: told how far it is.

    Raises:
        InputError: a side has no photograph with a reconstruction.
    """
    model = examiner.info.sha256
    sides = split(sets.read_set(arguments.place), splits)
    kept = Kept(arguments.rows or rows_file(arguments.pairs, f"{model} explanations"), model)
    made: dict[Side, list[Explained]] = {}
    for side in SIDES:
        per_source = arguments.per_source if side == "test" else arguments.calibration_per_source
        chosen = _with_pairs(arguments, sides[side], per_source, log)
        log(f"{side}: up to {len(chosen)} composites")
        made[side] = [
            *explain_composites(examiner, composites(chosen, arguments.pairs), log, kept=kept),
            *explain_composites(examiner, untouched(chosen, arguments.pairs), log, kept=kept),
        ]
        if not made[side]:
            raise InputError(
                f"No photograph of the {side} side has a reconstruction in {arguments.pairs}: "
                "make them with --autoencoder."
            )
    body = {
        "set": arguments.place.name,
        "model": {"name": examiner.info.name, "sha256": model, "dtype": examiner.info.dtype},
        **figures(made["calibration"], made["test"]),
    }
    sys.stdout.write(json.dumps(body, indent=1) + "\n")
    return 0


def fit_places(
    arguments: argparse.Namespace, splits: Path, examiner: MiniExaminer, log: Log
) -> None:
    """Fit the head that says which place differs most, on the training side.

    Args:
        arguments: as ``add_explanation_options`` made them.
        splits: ``splits.toml``.
        examiner: the loaded mini.
        log: told how far it is.

    Raises:
        InputError: no photograph has a reconstruction.
    """
    sides = split(sets.read_set(arguments.place), splits)
    chosen = _with_pairs(arguments, sides["train"], PER_SOURCE, log)
    fit(examiner, chosen, arguments.pairs, arguments.out, log)


def _with_pairs(
    arguments: argparse.Namespace, images: list[PoolImage], per_source: int, log: Log
) -> list[PoolImage]:
    chosen = choose(images, per_source)
    if arguments.autoencoder is not None:
        make_missing(chosen, arguments.autoencoder, arguments.pairs, log)
    return chosen

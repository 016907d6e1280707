"""The commands train, calibrate, evaluate, export and card."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from engine import paths
from engine.errors import InputError
from engine.training import card
from engine.training import export as exporting
from engine.training.calibrate import VALIDATED
from engine.training.data import file_digest, read_pool, read_pools, split, untampered
from engine.training.descent import STAGE_FILES, Plan
from engine.training.evaluate import Row
from engine.training.explaining_command import (
    add_explanation_options,
    evaluate_explanations,
    fit_places,
)
from engine.training.features import shipped_features
from engine.training.fold_figures import (
    calibrate,
    fold_probes,
    fold_rows,
    folded,
    full_rows,
    write_figures,
)
from engine.training.measuring import (
    add_options,
    evaluate,
    evaluate_maps,
    evaluate_verdict_maps,
    read_pictures,
)
from engine.training.recipe import Places, heads_alone, train
from engine.training.squares import compare_squares
from engine.training.verdict_maps import fast_path
from engine.types import ModelInfo
from engine.vrm.loader import CALIBRATION_FILE, MINI, cpu_dtype, load_mini
from engine.vrm.mini import Mini, read_trained
from engine.vrm.mini_config import TRAINED_FILE, MiniConfig
from engine.vrm.mini_examiner import MiniExaminer
from engine.vrm.packs import find_pack
from engine.vrm.readouts import Calibration, Readings, load_readings

PLAIN = Readings(
    full=Calibration(weights={"both": 1.0}, bias=0.0, low=0.0, high=1.0, fitted_on="nothing"),
    triage=Calibration(weights={"probe": 1.0}, bias=0.0, low=0.0, high=1.0, fitted_on="nothing"),
    validated=VALIDATED,
)


def main(argv: Sequence[str]) -> int:
    """Run one of this module's commands.

    Args:
        argv: the command's name and its arguments.

    Returns:
        The exit code.

    Raises:
        EngineError: the command could not run.
    """
    arguments = _parser().parse_args(argv)
    run = {
        "train": _train,
        "calibrate": _calibrate,
        "evaluate": _evaluate,
        "export": _export,
        "evaluate-explanations": _explanations,
        "fit-places": _places,
        "card": _card,
    }[arguments.command]
    return run(arguments) or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="residua")
    commands = parser.add_subparsers(dest="command", required=True)
    trained = commands.add_parser("train", help="train the mini, or go on with a run")
    calibrated = commands.add_parser("calibrate", help="fit probabilities and bands of a run")
    for command in (trained, calibrated):
        command.add_argument("--data", type=Path, required=True, help="the development data")
        command.add_argument("--work", type=Path, required=True, help="folder of the run")
        command.add_argument("--threads", type=int, default=None, help="processor threads")
        _add_more(command)
    plan = Plan()
    trained.add_argument("--caption-steps", type=int, default=plan.caption_steps)
    trained.add_argument("--residual-steps", type=int, default=plan.residual_steps)
    trained.add_argument("--artifact-steps", type=int, default=plan.artifact_steps)
    trained.add_argument("--language-steps", type=int, default=plan.language_steps)
    trained.add_argument("--seed", type=int, default=plan.seed)
    trained.add_argument(
        "--heads-alone",
        type=Path,
        metavar="WEIGHTS",
        help="fit probe and contrast head anew on top of finished weights (trained.safetensors)",
    )
    evaluated = commands.add_parser("evaluate", help="measure on a manifest")
    add_options(evaluated)
    evaluated.add_argument("--work", type=Path, default=None, help="a run instead of the shipped")
    evaluated.add_argument(
        "--folds",
        type=Path,
        metavar="WORK",
        help="judge every source by a model that never saw it; a run's folder after `calibrate`",
    )
    evaluated.add_argument(
        "--path",
        choices=("full", "fast", "squares"),
        default="full",
        help="of --folds: which path judges; squares: what the full path's views change",
    )
    evaluated.add_argument("--threads", type=int, default=None)
    _add_more(evaluated)
    exported = commands.add_parser("export", help="write a run's weights as they are shipped")
    exported.add_argument("--work", type=Path, required=True)
    exported.add_argument("--out", type=Path, required=True)
    add_explanation_options(commands)
    carded = commands.add_parser("card", help="bring the tables of card and README up to date")
    carded.add_argument("--check", action="store_true", help="change nothing; exit 1 if one is old")
    return parser


def _add_more(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--more",
        type=Path,
        action="append",
        default=[],
        metavar="MANIFEST.csv",
        help="further pictures for the probe and its folds, such as `gather` writes",
    )


def _explanations(arguments: argparse.Namespace) -> int:
    _use_threads(arguments)
    examiner = load_mini(torch.device("cpu"))
    return evaluate_explanations(arguments, _splits(), examiner, _Logger(None))


def _places(arguments: argparse.Namespace) -> None:
    _use_threads(arguments)
    fit_places(arguments, _splits(), load_mini(torch.device("cpu")), _Logger(None))


def _train(arguments: argparse.Namespace) -> None:
    _use_threads(arguments)
    places = Places(
        data=arguments.data,
        base=find_pack(MINI).folder,
        splits=_splits(),
        work=arguments.work,
        more=tuple(arguments.more),
    )
    plan = Plan(
        caption_steps=arguments.caption_steps,
        residual_steps=arguments.residual_steps,
        artifact_steps=arguments.artifact_steps,
        language_steps=arguments.language_steps,
        seed=arguments.seed,
    )
    log = _Logger(arguments.work / "train.log")
    if arguments.heads_alone:
        heads_alone(places, MiniConfig(), arguments.heads_alone, log)
    else:
        train(places, MiniConfig(), plan, log)


def _calibrate(arguments: argparse.Namespace) -> None:
    _use_threads(arguments)
    log = _Logger(arguments.work / "train.log")
    manifest = arguments.data / "pool" / "manifest.csv"
    rows = _left_out(manifest, arguments.more, arguments.work, log)
    calibrate(rows, arguments.work, log)


def _left_out(manifest: Path, more: Sequence[Path], work: Path, log: _Logger) -> list[Row]:
    """Return the rows of the fast path, sources left out."""
    images = untampered(read_pools(manifest, more))
    return fold_rows(shipped_features(work), images, work, log, depths=MiniConfig().probe_depths)


def _left_out_full(
    manifest: Path,
    work: Path,
    fast: Sequence[Row],
    log: _Logger,
    conditions: tuple[str, ...],
) -> list[Row]:
    """Return the rows of the full path, of sources that its language stages never saw."""
    sides = split(read_pool(manifest), _splits())
    unseen = [*sides["calibration"], *sides["test"]]
    weights = file_digest(work / STAGE_FILES[-1])
    return full_rows(
        _run_examiner(work), unseen, fast, work, log, model=weights, conditions=conditions
    )


def _evaluate(arguments: argparse.Namespace) -> int:
    _use_threads(arguments)
    log = _Logger(None)
    if arguments.more and not arguments.folds:
        raise InputError("--more adds pictures to folds: name their run with --folds as well.")
    if arguments.folds:
        if arguments.path == "squares":
            return _squares(arguments, log)
        fast = _left_out(arguments.place, arguments.more, arguments.folds, log)
        conditions = folded(arguments.conditions)
        if arguments.path == "fast":
            write_figures(fast, conditions=conditions, markdown=arguments.markdown)
        else:
            full = _left_out_full(arguments.place, arguments.folds, fast, log, conditions)
            write_figures(full, fast, conditions=conditions, markdown=arguments.markdown)
        return 0
    images = [] if arguments.pairs else read_pictures(arguments, _splits(), log)
    work: Path | None = arguments.work
    weights = work if work else paths.resources_dir() / "weights" / MINI
    examiner = _run_examiner(work) if work else load_mini(torch.device("cpu"))
    model = examiner.info.sha256 or file_digest(weights / STAGE_FILES[-1])
    if arguments.pairs and arguments.verdict_maps:
        trained = weights / (STAGE_FILES[-1] if work else TRAINED_FILE)
        path = fast_path(trained, MiniConfig())
        return evaluate_verdict_maps(
            arguments, _splits(), examiner, path=path, model=model, log=log
        )
    if arguments.pairs:
        return evaluate_maps(arguments, _splits(), examiner, model, log)
    readings = load_readings(weights / CALIBRATION_FILE)
    return evaluate(arguments, images, examiner=examiner, readings=readings, model=model, log=log)


def _squares(arguments: argparse.Namespace, log: _Logger) -> int:
    images = untampered(read_pools(arguments.place, arguments.more))
    work: Path = arguments.folds
    depths = MiniConfig().probe_depths
    rows, probes = fold_probes(shipped_features(work), images, work, log, depths=depths)
    body = compare_squares(_run_mini(work), rows, probes, images, log)
    sys.stdout.write(json.dumps(body, indent=1) + "\n")
    return 0


def _export(arguments: argparse.Namespace) -> None:
    exporting.export(arguments.work, arguments.out)


def _card(arguments: argparse.Namespace) -> int:
    stale = card.write(check=arguments.check)
    state = "out of date" if arguments.check else "written"
    sys.stdout.write("".join(f"{file}: {state}\n" for file in stale) or "all up to date\n")
    return 1 if stale and arguments.check else 0


def _run_examiner(work: Path) -> MiniExaminer:
    """Return the examiner with the weights of a run that was not exported yet."""
    mini = _run_mini(work)
    dtype, config = cpu_dtype(), mini.config
    calibration = work / CALIBRATION_FILE
    # Before `calibrate` has run only log-odds are read, which need no calibration.
    readings = load_readings(calibration) if calibration.is_file() else PLAIN
    info = ModelInfo(
        name=f"run {work.name}",
        sha256="",
        injection_layer=config.injection_layer,
        fusion=config.fusion,
        device="cpu",
        dtype=str(dtype).removeprefix("torch."),
    )
    return MiniExaminer(mini, readings, info)


def _run_mini(work: Path) -> Mini:
    """Return the mini with the weights of a run.

    Raises:
        InputError: the run is not finished.
    """
    file = work / STAGE_FILES[-1]
    if not file.is_file():
        raise InputError(f"{file} is missing: finish `train` with this --work first.")
    mini = Mini(find_pack(MINI).folder, MiniConfig(), cpu_dtype())
    mini.load_trained(read_trained(file))
    return mini.eval()


def _splits() -> Path:
    return paths.resources_dir() / "splits.toml"


def _use_threads(arguments: argparse.Namespace) -> None:
    if arguments.threads:
        torch.set_num_threads(arguments.threads)


class _Logger:
    """Writes to stderr with the time since the start, and to a file when one is given."""

    def __init__(self, file: Path | None) -> None:
        self._begin, self._file = time.monotonic(), file

    def __call__(self, message: str) -> None:
        line = f"[{time.monotonic() - self._begin:6.0f} s] {message}\n"
        sys.stderr.write(line)
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as f:
                f.write(line)

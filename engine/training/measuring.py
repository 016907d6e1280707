"""The command ``evaluate``: from a set of pictures to its figures, as JSON or Markdown."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from engine import paths
from engine.errors import InputError
from engine.training import figures, layouts, sets
from engine.training.attribution import CANDIDATES
from engine.training.composites import PER_SOURCE, choose, composites, make_missing
from engine.training.data import PoolImage, Side, named_sources, split, untampered
from engine.training.evaluate import CONDITIONS, Log, Unmeasured, judge, measure
from engine.training.fidelity import Kept, map_composites
from engine.training.fidelity import figures as map_figures
from engine.training.pairs import pair_file
from engine.training.verdict_figures import (
    AI,
    Pictures,
    follow_all,
    in_turn,
    shown_ai,
    shown_composites,
    verdict_figures,
)
from engine.training.verdict_figures import PER_SOURCE as FOLLOWED
from engine.training.verdict_maps import FastPath
from engine.vrm.mini_examiner import MiniExaminer
from engine.vrm.occlusion import FILLS
from engine.vrm.readouts import Readings

REPORTED = ("as is", "JPEG 70", "WebP 80", "half size", "screenshot")
SIDES: tuple[Side, ...] = ("test", "calibration")
DONE, SOME_FAILED = 0, 1


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what ``evaluate`` understands, but for the model."""
    parser.add_argument(
        "place",
        type=Path,
        metavar="MANIFEST.csv|FOLDER",
        help="a CSV with path and label (real, ai), or a published set's folder",
    )
    parser.add_argument("--layout", choices=tuple(layouts.Layout), help="instead of recognising it")
    parser.add_argument("--real", type=Path, metavar="DIR", help="real photographs lying apart")
    parser.add_argument(
        "--per-group", type=int, metavar="N", help="at most N of each source, generator and label"
    )
    parser.add_argument(
        "--conditions",
        nargs="*",
        choices=tuple(CONDITIONS),
        help="with --folds, of those that the probes are fitted on",
    )
    parser.add_argument(
        "--rows", type=Path, metavar="FILE", help="where each picture's log-odds are kept"
    )
    parser.add_argument("--markdown", action="store_true", help="tables instead of JSON")
    parser.add_argument(
        "--pairs", type=Path, metavar="DIR", help="reconstructions: measure the heat maps instead"
    )
    parser.add_argument(
        "--maps", nargs="*", choices=CANDIDATES, default=CANDIDATES, help="of --pairs: which maps"
    )
    parser.add_argument(
        "--pointing-alone",
        action="store_true",
        help="of --pairs: leave out what needs the language model again (deletion, shuffling)",
    )
    parser.add_argument(
        "--verdict-maps",
        action="store_true",
        help="of --pairs: whether maps tell what the fast path's verdict rests on",
    )
    parser.add_argument(
        "--fills", nargs="*", choices=tuple(FILLS), default=tuple(FILLS), help="of --verdict-maps"
    )
    parser.add_argument(
        "--autoencoder", type=Path, metavar="DIR", help="makes reconstructions that --pairs lacks"
    )


def read_pictures(arguments: argparse.Namespace, splits: Path, log: Log) -> list[PoolImage]:
    """Return the pictures that are to be measured.

    Args:
        arguments: as ``add_options`` made them.
        splits: ``splits.toml``.
        log: told what was found.

    Raises:
        InputError: there is nothing to measure.
    """
    images = sets.read_set(arguments.place, layout=arguments.layout, real=arguments.real)
    known = named_sources(splits)
    chosen = [i for i in untampered(images) if i.source not in known]
    if arguments.per_group is not None:
        chosen = sets.thin(chosen, arguments.per_group)
    if not chosen:
        raise InputError(
            f"{arguments.place} holds no picture of a source that the weights have not seen: "
            "judge every source by a model without it (--folds RUN)."
        )
    if left := len(images) - len(chosen):
        log(f"{left} pictures are of sources trained on, tampered with, or beyond --per-group")
    real = sum(i.label == "real" for i in chosen)
    sources = len({i.source for i in chosen})
    log(f"{real} real and {len(chosen) - real} AI pictures of {sources} sources")
    if real in (0, len(chosen)):
        log("one class only: figures that need both are left out (--real names photographs)")
    return chosen


def evaluate(
    arguments: argparse.Namespace,
    images: Sequence[PoolImage],
    *,
    examiner: MiniExaminer,
    readings: Readings,
    model: str,
    log: Log,
) -> int:
    """Measure pictures and write their figures to stdout.

    Args:
        arguments: as ``add_options`` made them.
        images: what to measure.
        examiner: the loaded mini.
        readings: its frozen calibration.
        model: identity of the weights.
        log: told how far it is.

    Returns:
        0, or 1 when some pictures could not be measured; they are in the JSON, and told.
    """
    failed: list[Unmeasured] = []
    rows = measure(
        examiner,
        images,
        tuple(arguments.conditions or REPORTED),
        rows_file=arguments.rows or rows_file(arguments.place, model),
        log=log,
        on_failure=failed.append,
        model=model,
    )
    for one in failed:
        log(f"not measured: {one.path} {one.condition}: {one.message}")
    lines = figures.table(judge(rows, readings))
    if arguments.markdown:
        sys.stdout.write(figures.as_markdown(lines))
    else:
        body = {
            "set": arguments.place.name,
            "model": {"name": examiner.info.name, "sha256": model, "dtype": examiner.info.dtype},
            "pictures": {label: sum(i.label == label for i in images) for label in ("real", "ai")},
            "figures": figures.lines_as_json(lines),
            "read_outs_auc": {
                condition: {name: asdict(figure) for name, figure in of.items()}
                for condition, of in figures.read_out_aucs(rows).items()
            },
            "failed": [asdict(one) for one in failed],
        }
        sys.stdout.write(json.dumps(body, indent=1) + "\n")
    return SOME_FAILED if failed else DONE


def evaluate_maps(
    arguments: argparse.Namespace, splits: Path, examiner: MiniExaminer, model: str, log: Log
) -> int:
    """Measure every candidate heat map on composites and write the figures to stdout.

    The map is chosen on the calibration side and reported on the test side.

    Args:
        arguments: as ``add_options`` made them.
        splits: ``splits.toml``.
        examiner: the loaded mini, with its language model.
        model: identity of the weights.
        log: told how far it is.

    Raises:
        InputError: a side has no photograph with a reconstruction.
    """
    sides = split(sets.read_set(arguments.place, layout=arguments.layout), splits)
    kept = Kept(arguments.rows or rows_file(arguments.pairs, model), model)
    mapped = {}
    for side in SIDES:
        chosen = choose(sides[side], arguments.per_group or PER_SOURCE)
        if arguments.autoencoder is not None:
            make_missing(chosen, arguments.autoencoder, arguments.pairs, log)
        log(f"{side}: up to {len(chosen)} composites")
        made = composites(chosen, arguments.pairs)
        mapped[side] = map_composites(
            examiner,
            made,
            log,
            reported=side == "test" and not arguments.pointing_alone,
            kept=kept,
            wanted=tuple(arguments.maps),
        )
        if not mapped[side]:
            raise InputError(
                f"No photograph of the {side} side has a reconstruction in {arguments.pairs}: "
                "make them with --autoencoder."
            )
    body = {
        "set": arguments.place.name,
        "model": {"name": examiner.info.name, "sha256": model, "dtype": examiner.info.dtype},
        **map_figures(mapped["calibration"], mapped["test"]),
    }
    sys.stdout.write(json.dumps(body, indent=1) + "\n")
    return DONE


def evaluate_verdict_maps(
    arguments: argparse.Namespace,
    splits: Path,
    examiner: MiniExaminer,
    *,
    path: FastPath,
    model: str,
    log: Log,
) -> int:
    """Measure whether maps tell what the fast path's verdict rests on, and write it to stdout.

    Args:
        arguments: as ``add_options`` made them.
        splits: ``splits.toml``.
        examiner: the loaded mini.
        path: of the verdict.
        model: identity of the weights.
        log: told how far it is.

    Raises:
        InputError: a side has no photograph with a reconstruction.
    """
    sides = split(sets.read_set(arguments.place, layout=arguments.layout), splits)
    parts: dict[str, Pictures] = {}
    for side in SIDES:
        chosen = in_turn(choose(sides[side], arguments.per_group or FOLLOWED[side]))
        if arguments.autoencoder is not None:
            make_missing(chosen, arguments.autoencoder, arguments.pairs, log)
        if not any(pair_file(arguments.pairs, image).exists() for image in chosen):
            raise InputError(
                f"No photograph of the {side} side has a reconstruction in {arguments.pairs}: "
                "make them with --autoencoder."
            )
        parts[side] = shown_composites(chosen, arguments.pairs)
    parts[AI] = shown_ai(sides["test"])
    rows = follow_all(
        path,
        examiner,
        parts,
        arguments.fills,
        rows_file=arguments.rows or rows_file(arguments.pairs, f"verdict {model}"),
        model=model,
        log=log,
    )
    body = {
        "set": arguments.place.name,
        "model": {"name": examiner.info.name, "sha256": model, "dtype": "int8"},
        **verdict_figures(rows),
    }
    sys.stdout.write(json.dumps(body, indent=1) + "\n")
    return DONE


def rows_file(place: Path, model: str) -> Path:
    """Return where the log-odds of a set are kept, so that an interrupted measuring goes on."""
    key = f"{place.resolve()}\n{model}"
    name = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return paths.data_dir() / "measured" / f"{name}.jsonl"

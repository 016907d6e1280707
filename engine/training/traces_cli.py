"""``evaluate-traces``: figures of derived traces on planted manipulations."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.training.data import read_pool
from engine.training.trace_measuring import SIDES, Measured, pictures, sampled, summarised
from engine.training.trace_plants import PLANTS, Pixels
from engine.training.trace_plants_samples import SAMPLE_PLANTS


def main(argv: Sequence[str]) -> int:
    """Run the command; the first argument is its name."""
    parser = argparse.ArgumentParser(
        prog=f"residua {argv[0]}", description="What derived traces see of planted manipulations."
    )
    parser.add_argument("manifest", type=Path, metavar="MANIFEST.csv")
    parser.add_argument("--side", choices=SIDES, default="test", help="tuning, or test (default)")
    parser.add_argument("--method", action="append", metavar="NAME", help="only this one")
    parser.add_argument("--limit", type=int, metavar="N", help="pictures a plant at most")
    parser.add_argument(
        "--speed", type=Path, metavar="FILE.json", help="what 'bench --traces' printed, to keep too"
    )
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="also keep the figures")
    options = parser.parse_args(argv[1:])
    measured = []
    for each in _measured(options):
        sys.stdout.write(_line(each) + "\n")
        sys.stdout.flush()
        measured.append(each)
    if options.out is not None:
        body = {
            "side": options.side,
            "pictures": max(each.pictures for each in measured),
            "plants": [asdict(each) for each in measured],
            "speed": None if options.speed is None else _speed(options.speed),
        }
        options.out.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    return 0


def _speed(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return {
            "processor": told["machine"]["processor"],
            "cores": told["machine"]["cores"],
            "megapixels": round(told["height"] * told["width"] / 1e6, 1),
            "methods": {
                each["method"]: {
                    name: each[name] for name in ("seconds", "cpu_seconds", "peak_memory_mb")
                }
                for each in told["methods"]
            },
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file} is not what 'bench --traces' prints ({error!r}).") from error


def _measured(options: argparse.Namespace) -> Iterator[Measured]:
    wanted = {f"trace.{name.removeprefix('trace.')}" for name in options.method or ()}
    plants = [e for e in (*PLANTS, *SAMPLE_PLANTS) if not wanted or e.method in wanted]
    if not plants:
        raise InputError(f"There is no plant for {', '.join(sorted(wanted))}.")
    pool = read_pool(options.manifest)
    chosen: dict[bool, list[tuple[str, Pixels]]] = {}
    for plant in plants:
        if plant.native not in chosen:
            chosen[plant.native] = pictures(pool, options.side, options.limit, native=plant.native)
        yield summarised(plant, sampled(plant, chosen[plant.native]))


def _line(each: Measured) -> str:
    parts = [f"picture AUC {each.picture_auc}"]
    if each.pixel_auc is not None:
        parts.append(f"pixel AUC {each.pixel_auc}")
    if each.found is not None:
        parts.append(f"found {each.found}")
    parts.append(f"false alarms {each.false_alarms}")
    where = f"{each.pictures} pictures of {each.sources} sources"
    return f"{each.method} | {each.plant} | {'; '.join(parts)} | {where}"

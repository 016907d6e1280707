"""``evaluate-edits``: how often a part is called edited, rightly and wrongly; fits the weights."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import paths
from engine.errors import InputError
from engine.traces import edited
from engine.training.data import SIDES, PoolImage, dice, read_pool, split
from engine.training.edits import (
    RESAMPLES,
    RIDGE,
    Sample,
    chosen,
    fit,
    left_out,
    versions,
    weighed,
)

FITTED = ("train", "calibration")
LOG_EVERY = 20


def main(argv: Sequence[str]) -> int:
    """Run the command; the first argument is its name."""
    parser = argparse.ArgumentParser(
        prog=f"residua {argv[0]}",
        description="Parts put into photographs, and the same photographs without: what is called "
        "edited.",
    )
    parser.add_argument("manifest", type=Path, metavar="MANIFEST.csv")
    parser.add_argument(
        "--pairs", type=Path, metavar="DIR", help="reconstructions to take parts of"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="photographs at most")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="also keep the figures")
    options = parser.parse_args(argv[1:])
    samples: list[Sample] = []
    sides: dict[str, str] = {}
    for done, (side, of_photograph) in enumerate(_weighed(options), start=1):
        samples += of_photograph
        sides[of_photograph[0].source] = side
        if done % LOG_EVERY == 0:
            sys.stderr.write(f"photographs: {done}\n")
    body = {name: figures([s for s in samples if s.map == name], sides) for name in RIDGE}
    text = json.dumps(body, indent=1) + "\n"
    sys.stdout.write(text)
    if options.out is not None:
        options.out.write_text(text, encoding="utf-8")
    return 0


def _weighed(options: argparse.Namespace) -> Iterator[tuple[str, list[Sample]]]:
    """Yield the side and the samples of each photograph."""
    pool = read_pool(options.manifest)
    by_side = split(pool, paths.resources_dir() / "splits.toml")
    side_of = {image.source: side for side in SIDES for image in by_side[side]}
    donors: dict[str, list[PoolImage]] = {
        side: sorted((i for i in by_side[side] if i.label == "ai" and not i.tile_grid), key=dice)
        for side in SIDES
    }
    photographs = chosen(pool, list(side_of))[: options.limit]
    if not photographs:
        raise InputError(f"{options.manifest} names no photograph kept as JPEG: name another pool.")
    for turn, image in enumerate(photographs):
        side = side_of[image.source]
        made = versions(image, turn, donors[side], options.pairs)
        yield side, [weighed(image.source, version) for version in made]


def figures(samples: Sequence[Sample], sides: dict[str, str]) -> dict[str, Any]:
    """Return weights, and what is called edited, by source left out and on the test side.

    Args:
        samples: of one map.
        sides: side of the split by source.

    Raises:
        InputError: a class has no file with a part to weigh.
    """
    ridge = RIDGE[samples[0].map]
    fitted = [s for s in samples if sides[s.source] in FITTED]
    if len({s.edited for s in fitted if s.signs is not None}) < 2:
        raise InputError("Too few photographs: neither class may be empty.")
    weights, bias, threshold = fit(fitted, ridge)
    test = [s for s in samples if sides[s.source] not in FITTED]
    at_rest = [
        s.signs is not None and bias + float(np.dot(weights, s.signs)) > threshold for s in test
    ]
    return {
        "weights": {
            sign: round(float(w), 2) for sign, w in zip(edited.SIGNS, weights, strict=True)
        },
        "bias": round(bias, 2),
        "threshold": round(threshold, 2),
        "each source left out": _table(samples, left_out(samples, ridge)),
        "test sources": _table(test, at_rest),
    }


def _table(samples: Sequence[Sample], called: Sequence[bool]) -> dict[str, Any]:
    kinds: dict[str, list[tuple[Sample, bool]]] = {}
    for sample, told in zip(samples, called, strict=True):
        kind = "edited" if sample.edited else "untouched"
        kinds.setdefault(kind, []).append((sample, told))
        kinds.setdefault(f"{kind}, {sample.name}", []).append((sample, told))
        if sample.edited and sample.name in FINE:
            kinds.setdefault(f"{kind}, jpeg 85 to 98", []).append((sample, told))
    made = {}
    for name, of_kind in sorted(kinds.items()):
        sources = np.array([s.source for s, _ in of_kind])
        placed = np.array([c and s.in_place for s, c in of_kind], np.float64)
        made[name] = {
            "files": len(of_kind),
            "called": _share(np.array([c for _, c in of_kind], np.float64), sources),
            **({"in place": _share(placed, sources)} if of_kind[0][0].edited else {}),
        }
    return made


FINE = tuple(f"jpeg {quality}" for quality in (85, 90, 95, 98))


def _share(values: NDArray[np.float64], sources: NDArray[np.str_]) -> dict[str, float]:
    """Return a share with its interval, sources drawn anew."""
    random = np.random.default_rng(0)
    names = np.unique(sources)
    groups = {name: values[sources == name] for name in names}
    drawn = [
        np.concatenate([groups[name] for name in random.choice(names, len(names))]).mean()
        for _ in range(RESAMPLES)
    ]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return {
        "value": round(float(values.mean()), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
    }

"""``evaluate --pairs DIR --verdict-maps``: what maps say of the fast path's verdict, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.images.decoder import Decoder
from engine.training.composites import composites
from engine.training.data import PoolImage, Side
from engine.training.evaluate import Log, as_image, drop_torn_line
from engine.training.metrics import MIDDLE, RESAMPLES, Figure
from engine.training.verdict_maps import (
    CENTRE,
    MAPS,
    OCCLUSION,
    SCATTERED,
    SMOOTH,
    STEPS,
    FastPath,
    Followed,
    follow_picture,
)
from engine.types import Image
from engine.vrm.mini_examiner import MiniExaminer

TEST, CALIBRATION, AI = "test", "calibration", "test, AI"
CONTROLS = (SCATTERED, SMOOTH, CENTRE)
PER_SOURCE: dict[Side, int] = {"test": 4, "calibration": 1}
"""Composites of one source at most; each asks the tower some 120 times a fill."""
AI_PER_SOURCE = 3
"""Wholly generated pictures of a test source at most."""
MAX_SHUFFLED = 12
LOG_EVERY = 4

Pictures = Iterator[tuple[str, str, Image]]


def in_turn(chosen: Iterable[PoolImage]) -> list[PoolImage]:
    """Return pictures source by source in turn, so that the first few are of all sources."""
    seen: dict[str, int] = {}
    turns = []
    for image in chosen:
        seen[image.source] = seen.get(image.source, 0) + 1
        turns.append((seen[image.source], image.source, image))
    return [image for _, _, image in sorted(turns, key=lambda t: t[:2])]


def shown_composites(chosen: Sequence[PoolImage], pairs: Path) -> Pictures:
    """Yield identity, source and picture of each photograph's composite."""
    for made in composites(chosen, pairs):
        yield made.sha256, made.source, as_image(made.pixels)


def shown_ai(images: Iterable[PoolImage]) -> Pictures:
    """Yield identity, source and picture of a few wholly generated pictures of each source."""
    generated = sorted((i for i in images if i.label == "ai"), key=lambda i: i.sha256)
    sources = len({i.source for i in generated})
    with Decoder() as decoder:
        for image in in_turn(generated)[: AI_PER_SOURCE * sources]:
            yield image.sha256, image.source, decoder.decode_file(str(image.path))


def follow_all(
    path: FastPath,
    examiner: MiniExaminer,
    parts: Mapping[str, Pictures],
    fills: Sequence[str],
    *,
    rows_file: Path,
    model: str,
    log: Log,
) -> list[Followed]:
    """Follow every picture's verdict; rows that an earlier run kept are not made again.

    Args:
        path: of the verdict.
        examiner: the loaded mini.
        parts: pictures of TEST, CALIBRATION and AI.
        fills: keys of `engine.vrm.occlusion.FILLS`.
        rows_file: JSON lines, appended to.
        model: identity of the weights; rows of others are left alone.
        log: told how far it is.
    """
    kept = _kept(rows_file, model)
    rows_file.parent.mkdir(parents=True, exist_ok=True)
    rows: list[Followed] = []
    for part, pictures in parts.items():
        for n, (sha256, source, image) in enumerate(pictures, 1):
            missing = [fill for fill in fills if (sha256, part, fill) not in kept]
            shuffled = part == TEST and n <= MAX_SHUFFLED
            for made in follow_picture(path, examiner, image, missing, shuffled=shuffled):
                row = replace(made, sha256=sha256, source=source, part=part)
                kept[sha256, part, row.fill] = row
                with rows_file.open("a", encoding="utf-8") as out:
                    out.write(json.dumps({"model": model, **asdict(row)}) + "\n")
            rows += [kept[sha256, part, fill] for fill in fills]
            if n % LOG_EVERY == 0:
                log(f"{part}: {n} pictures")
    return rows


def _kept(file: Path, model: str) -> dict[tuple[str, str, str], Followed]:
    if not file.exists():
        return {}
    drop_torn_line(file)
    kept = {}
    with file.open(encoding="utf-8") as lines:
        for body in map(json.loads, lines):
            if body.pop("model") == model:
                row = Followed(**body)
                kept[row.sha256, row.part, row.fill] = row
    return kept


def area(row: Followed, name: str, control: str) -> float:
    """Return the area between a control's deletion curve and a map's, log-odds.

    Above 0 where the verdict falls faster in the map's order than in the control's.
    """
    gap = np.array(row.curves[control]) - np.array(row.curves[name])
    return float(np.trapezoid(gap, x=np.array(STEPS)))


def by_source(rows: Sequence[Followed], values: Sequence[float]) -> Figure:
    """Return the mean with its interval: sources drawn again, and pictures within them."""
    rng, each = np.random.default_rng(0), np.array(values)
    sources = np.array([row.source for row in rows])
    groups = [each[sources == name] for name in np.unique(sources)]
    total, count = np.zeros(RESAMPLES), np.zeros(RESAMPLES)
    for drawn in rng.integers(0, len(groups), (len(groups), RESAMPLES)):
        for n, group in enumerate(groups):
            again = rng.choice(group, (RESAMPLES, len(group)))
            total += np.where(drawn == n, again.sum(axis=1), 0)
            count += np.where(drawn == n, len(group), 0)
    means = total / count
    low, high = np.quantile(means, MIDDLE)
    return Figure(value=float(each.mean()), low=float(low), high=float(high))


def verdict_figures(rows: Sequence[Followed]) -> dict[str, Any]:
    """Return the figures of every fill and part, and which map the calibration side chooses.

    The map chosen has the largest mean area against random areas over fills; occlusion, which asks
    the verdict itself, is shown beside and not chosen.
    """
    fills = list(dict.fromkeys(row.fill for row in rows))
    deletion = {fill: _of_parts([row for row in rows if row.fill == fill]) for fill in fills}
    calibration = [row for row in rows if row.part == CALIBRATION]
    worth = {name: np.mean([area(row, name, SMOOTH) for row in calibration]) for name in MAPS}
    shuffled = [row for row in rows if row.shuffled and row.fill == fills[0]]
    return {
        "chosen": max(MAPS, key=lambda name: worth[name]),
        "shares replaced": list(STEPS),
        "deletion": deletion,
        "rank correlation with shuffled weights": {
            name: asdict(by_source(shuffled, [row.shuffled[name] for row in shuffled]))
            for name in (shuffled[0].shuffled if shuffled else ())
        },
        "shuffled pictures": len(shuffled),
    }


def _of_parts(rows: Sequence[Followed]) -> dict[str, Any]:
    made = {}
    for part in dict.fromkeys(row.part for row in rows):
        of = [row for row in rows if row.part == part]
        sources = sorted({row.source for row in of})
        made[part] = {
            "pictures": {name: sum(row.source == name for row in of) for name in sources},
            "log-odds": asdict(by_source(of, [row.log_odds for row in of])),
            "maps": {name: _of_map(of, name) for name in (*MAPS, OCCLUSION, *CONTROLS)},
        }
    return made


def _of_map(rows: Sequence[Followed], name: str) -> dict[str, Any]:
    """Return areas against the controls, in how many pictures the map wins, and the mean curve."""
    made: dict[str, Any] = {
        f"area against {control.removeprefix('control: ')}": asdict(
            by_source(rows, [area(row, name, control) for row in rows])
        )
        for control in CONTROLS
        if control != name
    }
    if name != SMOOTH:
        wins = [float(area(row, name, SMOOTH) > 0) for row in rows]
        made["better than random areas"] = asdict(by_source(rows, wins))
    if name in MAPS:
        agreed = [row.agreement[name] for row in rows]
        made["rank correlation with occlusion"] = asdict(by_source(rows, agreed))
    made["mean curve"] = np.mean([row.curves[name] for row in rows], axis=0).tolist()
    return made

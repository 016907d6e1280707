"""Whether heat maps point at the right place, and at what the verdict rests on.

On composites of sources that were not trained on: the map is chosen on the calibration side, the
figures that are reported come from the test side.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from engine.training.attribution import (
    CANDIDATES,
    Evidence,
    LateLayers,
    attribute,
    shuffled_artifact_path,
)
from engine.training.composites import Composite
from engine.training.evaluate import Log, as_image, drop_torn_line
from engine.training.metrics import Bools, Figure, Floats, share
from engine.vrm import heat
from engine.vrm.artifact import CELL_PX
from engine.vrm.mini_examiner import MiniExaminer

SMOOTHNESS, CENTRE = "control: smooth pixels", "control: centre"
"""Maps that need no model; one that points no better has learnt nothing about places."""
STEPS = (0, 1, 2, 4, 7, 12, 18, 25, 33, 41, 49)
"""How many of 49 tokens have lost their injected step."""
RANDOM_ORDERS = 4
SHUFFLES = 2
MAX_SHUFFLED = 12
"""Pictures on which the artifact path is shuffled; each needs every map again."""
THRESHOLDS = 49
"""How many thresholds are tried for a map, between the ends of its values."""
LOG_EVERY = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MappedPicture:
    """What one composite says of every candidate map."""

    sha256: str
    """Of the photograph."""
    source: str
    swapped: Floats
    """Generated pixels of each cell that can be judged, [N]."""
    original: Floats
    """Original pixels of the same cells, [N]."""
    values: dict[str, Floats]
    """Each map's values there, [N]."""
    deletion: dict[str, float]
    """Area between the deletion curves, log-odds."""
    shuffled: dict[str, list[float]]
    """Rank correlations with the map of each shuffled model; empty where none was asked."""


def map_composites(
    examiner: MiniExaminer,
    composites: Iterable[Composite],
    log: Log,
    *,
    reported: bool,
    kept: Kept,
    shuffled: int = MAX_SHUFFLED,
    wanted: tuple[str, ...] = CANDIDATES,
) -> list[MappedPicture]:
    """Compute every candidate map of every composite; those that are kept are not made again.

    Args:
        examiner: the loaded mini.
        composites: of one side of the split.
        log: told how far it is.
        reported: whether this is the side that is reported on; only there are deletion curves
            drawn and the artifact path shuffled.
        kept: what an interrupted run has made.
        shuffled: how many of its pictures are looked at with a shuffled artifact path.
        wanted: maps from CANDIDATES.
    """
    pictures: list[MappedPicture] = []
    for composite in composites:
        shuffles = SHUFFLES if reported and len(pictures) < shuffled else 0
        picture = kept.get(composite.sha256)
        missing = picture is None or (picture.values and not set(wanted) <= picture.values.keys())
        if picture is None or missing:
            picture = _map(examiner, composite, wanted, deletion=reported, shuffles=shuffles)
            kept.add(picture)
        if picture.values:
            pictures.append(picture)
            if len(pictures) % LOG_EVERY == 0:
                log(f"composites: {len(pictures)}")
    return pictures


class Kept:
    """Mapped pictures in a file, so that an interrupted run goes on where it was.

    Args:
        file: JSON lines, made when the first picture is added.
        model: identity of the weights; pictures of other weights are left alone.
    """

    def __init__(self, file: Path, model: str) -> None:
        self._file, self._model = file, model
        self._pictures: dict[str, MappedPicture] = {}
        if not file.exists():
            return
        drop_torn_line(file)
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                body = json.loads(line)
                if body.pop("model") == model:
                    picture = _from_json(body)
                    self._pictures[picture.sha256] = picture

    def get(self, sha256: str) -> MappedPicture | None:
        """Return the picture made of a photograph, None when there is none yet."""
        return self._pictures.get(sha256)

    def add(self, picture: MappedPicture) -> None:
        """Keep a picture."""
        self._pictures[picture.sha256] = picture
        self._file.parent.mkdir(parents=True, exist_ok=True)
        body = {"model": self._model, **_to_json(picture)}
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(body) + "\n")


def _to_json(picture: MappedPicture) -> dict[str, Any]:
    return {
        "sha256": picture.sha256,
        "source": picture.source,
        "swapped": picture.swapped.tolist(),
        "original": picture.original.tolist(),
        "values": {name: values.tolist() for name, values in picture.values.items()},
        "deletion": picture.deletion,
        "shuffled": picture.shuffled,
    }


def _from_json(body: dict[str, Any]) -> MappedPicture:
    return MappedPicture(
        **{
            **body,
            "swapped": np.array(body["swapped"]),
            "original": np.array(body["original"]),
            "values": {name: np.array(values) for name, values in body["values"].items()},
        }
    )


def _map(
    examiner: MiniExaminer,
    composite: Composite,
    wanted: tuple[str, ...],
    *,
    deletion: bool,
    shuffles: int,
) -> MappedPicture:
    """Return what a composite says; nothing where one side of its mask cannot be judged."""
    image = as_image(composite.pixels)
    shares, judged = composite.swapped_shares(), heat.evidence_mask(image.pixels)
    area = CELL_PX * CELL_PX
    swapped, original = shares[judged] * area, (1 - shares[judged]) * area
    if not swapped.any() or not original.any():
        return MappedPicture(
            sha256=composite.sha256,
            source=composite.source,
            swapped=swapped,
            original=original,
            values={},
            deletion={},
            shuffled={},
        )
    maps, late = attribute(examiner, image, wanted, with_prompts=deletion)
    values = {name: found.cells[judged].astype(np.float64) for name, found in maps.items()}
    shuffled: dict[str, list[float]] = {}
    for seed in range(shuffles):
        with shuffled_artifact_path(examiner.model, seed):
            others, _ = attribute(examiner, image, wanted, with_prompts=False)
        for name, other in others.items():
            rho = rank_correlation(values[name], other.cells[judged].astype(np.float64))
            shuffled.setdefault(name, []).append(rho)
    controls = {name: control[judged] for name, control in _controls(image.pixels).items()}
    return MappedPicture(
        sha256=composite.sha256,
        source=composite.source,
        swapped=swapped,
        original=original,
        values=values | controls,
        deletion=_deletion_areas(maps, late) if deletion else {},
        shuffled=shuffled,
    )


def _controls(pixels: NDArray[np.uint8]) -> dict[str, Floats]:
    """Return maps that know nothing: cells with little fine detail, cells near the centre."""
    rows, cols = pixels.shape[0] // CELL_PX, pixels.shape[1] // CELL_PX
    grey = pixels[: rows * CELL_PX, : cols * CELL_PX].mean(axis=2)
    beside = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    detail = np.pad(np.abs(4 * grey[1:-1, 1:-1] - beside), 1, mode="edge")
    whole = detail.reshape(rows, CELL_PX, cols, CELL_PX)
    y, x = np.mgrid[:rows, :cols]
    far = np.hypot((y + 0.5) / rows - 0.5, (x + 0.5) / cols - 0.5)
    return {SMOOTHNESS: -whole.mean(axis=(1, 3)), CENTRE: -far}


def pixel_auc(values: Floats, swapped: Floats, original: Floats) -> float:
    """Return the area under the ROC curve over pixels; cells are constant, ties count half.

    Args:
        values: of a map's cells, [N].
        swapped: generated pixels of each cell, [N].
        original: the other pixels of each cell, [N].
    """
    _, level = np.unique(values, return_inverse=True)
    hit = np.bincount(level, weights=swapped)
    miss = np.bincount(level, weights=original)
    below = np.cumsum(miss) - miss
    return float((hit * (below + miss / 2)).sum() / (hit.sum() * miss.sum()))


def intersection_over_union(hot: Bools, swapped: Floats, original: Floats) -> float:
    """Return the IoU over pixels of hot cells and generated pixels; arguments as ``pixel_auc``."""
    return float(swapped[hot].sum() / (swapped.sum() + original[hot].sum()))


def best_threshold(pictures: Sequence[MappedPicture], name: str) -> float:
    """Return the value from which cells should be hot: the best mean IoU over pictures.

    Args:
        pictures: of the calibration side.
        name: of the map.
    """
    together = np.concatenate([p.values[name] for p in pictures])
    tried = np.unique(np.quantile(together, np.linspace(0.02, 0.98, THRESHOLDS)))
    means = [np.mean([_iou(p, name, t) for p in pictures]) for t in tried]
    return float(tried[int(np.argmax(means))])


def _iou(picture: MappedPicture, name: str, threshold: float) -> float:
    hot = picture.values[name] >= threshold
    return intersection_over_union(hot, picture.swapped, picture.original)


def rank_correlation(a: Floats, b: Floats) -> float:
    """Return Spearman's rank correlation; 0 where one of the two is the same everywhere."""
    ra, rb = rankdata(a), rankdata(b)
    if ra.std() == 0 or rb.std() == 0:
        return 0.0
    return float(np.corrcoef(ra, rb)[0, 1])


def _deletion_areas(maps: dict[str, Evidence], late: list[LateLayers]) -> dict[str, float]:
    """Return the area between the curves of random and hottest-first removal, for each map.

    The injected step is taken away token by token and layers from K on run again; where a map
    ranks tokens by what the answer rests on, the log-odds of "fake" fall faster than by chance.
    """
    areas: dict[str, list[float]] = {name: [] for name in maps}
    rng = np.random.default_rng(0)
    for view, prompt in enumerate(late):
        count = len(prompt.delta)
        orders = [rng.permutation(count) for _ in range(RANDOM_ORDERS)]
        orders += [np.argsort(-found.tokens[view], axis=None) for found in maps.values()]
        curves = prompt.without(_removals(orders)).reshape(len(orders), len(STEPS))
        chance = curves[:RANDOM_ORDERS].mean(axis=0)
        for name, curve in zip(maps, curves[RANDOM_ORDERS:], strict=True):
            gap = np.trapezoid(chance - curve, x=np.array(STEPS) / count)
            areas[name].append(float(gap))
    return {name: float(np.mean(of_views)) for name, of_views in areas.items()}


def _removals(orders: list[NDArray[np.intp]]) -> Bools:
    """Return which tokens are without their step, [orders x STEPS, 49]."""
    removed = np.zeros((len(orders), len(STEPS), len(orders[0])), np.bool_)
    for i, order in enumerate(orders):
        for j, step in enumerate(STEPS):
            removed[i, j, order[:step]] = True
    return removed.reshape(-1, removed.shape[-1])


def figures(
    calibration: Sequence[MappedPicture], test: Sequence[MappedPicture]
) -> dict[str, object]:
    """Return what is kept: which map was chosen on one side, and what it is worth on the other.

    Args:
        calibration: pictures to choose on.
        test: pictures to report on.
    """
    measured = [name for name in CANDIDATES if name in calibration[0].values]
    names = [*measured, SMOOTHNESS, CENTRE]
    on_calibration = {name: share(_aucs(calibration, name)) for name in names}
    chosen = max(measured, key=lambda name: on_calibration[name].value)
    return {
        "chosen": chosen,
        "pictures": {"calibration": _counts(calibration), "test": _counts(test)},
        "maps": {
            name: _map_figures(name, on_calibration[name], calibration, test) for name in names
        },
        "test pixel AUC by source": {
            source: asdict(share(_aucs([p for p in test if p.source == source], chosen)))
            for source in sorted({p.source for p in test})
        },
    }


def _counts(pictures: Sequence[MappedPicture]) -> dict[str, int]:
    return {source: sum(p.source == source for p in pictures) for source in _sources(pictures)}


def _sources(pictures: Sequence[MappedPicture]) -> list[str]:
    return sorted({p.source for p in pictures})


def _aucs(pictures: Sequence[MappedPicture], name: str) -> Floats:
    return np.array([pixel_auc(p.values[name], p.swapped, p.original) for p in pictures])


def _map_figures(
    name: str,
    on_calibration: Figure,
    calibration: Sequence[MappedPicture],
    test: Sequence[MappedPicture],
) -> dict[str, object]:
    threshold = best_threshold(calibration, name)
    made: dict[str, object] = {
        "calibration pixel AUC": asdict(on_calibration),
        "test pixel AUC": asdict(share(_aucs(test, name))),
        "threshold": threshold,
        "test IoU": asdict(share(np.array([_iou(p, name, threshold) for p in test]))),
    }
    deletion = [p.deletion[name] for p in test if name in p.deletion]
    if deletion:
        made["deletion area, log-odds"] = asdict(share(np.array(deletion)))
    if name in CANDIDATES:
        rho = np.array([np.mean(p.shuffled[name]) for p in test if p.shuffled])
        if len(rho):
            made["rank correlation with shuffled weights"] = asdict(share(rho))
    return made

"""Leave one source out: every picture is judged by a probe and a calibration without its source.

The probe's features need no training, so that a fold costs seconds. What is reported is what a
stranger's pictures meet: neither the weights nor the thresholds have seen where they come from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.errors import InputError
from engine.training.data import PoolImage
from engine.training.descent import Log
from engine.training.evaluate import Judged, Row, judge
from engine.training.probing import Probe, Views, fit_probe, view_weights
from engine.types import Image
from engine.vrm.mini import Mini, normalise
from engine.vrm.readouts import Readings
from engine.vrm.views import cover_views, view_tensor

PROBE = "probe"
LOGGED_EVERY = 10

Fit = Callable[[list[Row]], Readings]


class FoldProbes:
    """One probe a source, each fitted without that source; asked like an examiner.

    Args:
        model: the mini; only its base tower is used.
        probes: by the source that is left out.
        precision: bfloat16 where the shipped model uses it.
    """

    def __init__(self, model: Mini, probes: dict[str, Probe], precision: torch.dtype) -> None:
        self._model = model
        self._sources = list(probes)
        self._weights = np.stack([probes[s].weight for s in self._sources])
        self._biases = np.array([probes[s].bias for s in self._sources], np.float32)
        self._precision = precision

    @torch.inference_mode()
    def log_odds(self, image: Image) -> dict[str, float]:
        """Return the log-odds of "AI" that each probe gives, by the source it was not shown."""
        boxes = cover_views(*image.pixels.shape[:2])
        views = torch.stack([view_tensor(image.pixels, box) for box in boxes])
        enabled = self._precision is torch.bfloat16
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled):
            states = self._model.base_states(self._model.shared_states(normalise(views)))
        features = self._model.probe_features(states).mean(0).numpy()
        values = self._weights @ features + self._biases
        return {s: round(float(v), 5) for s, v in zip(self._sources, values, strict=True)}


def fit_folds(images: Sequence[PoolImage], views: Views, file: Path, log: Log) -> dict[str, Probe]:
    """Fit one probe a source, without that source.

    Args:
        images: the pictures that the views show, of two sources or more.
        views: their features.
        file: where the probes are kept; made anew when it is of other pictures.
        log: told how far it is.

    Raises:
        InputError: without a source one class is left, so that nothing can be fitted.
    """
    key = hashlib.sha256("".join(i.sha256 + i.source for i in images).encode()).hexdigest()
    sources = sorted({i.source for i in images})
    if file.exists():
        with np.load(file) as kept:
            if str(kept["key"]) == key:
                return {
                    s: Probe(weight=kept["weights"][n], bias=float(kept["biases"][n]))
                    for n, s in enumerate(sources)
                }
    source = np.array([images[p].source for p in views.picture])
    ai = np.array([images[p].label == "ai" for p in views.picture])
    probes: dict[str, Probe] = {}
    for n, left_out in enumerate(sources, 1):
        chosen = np.flatnonzero(source != left_out)
        if len(np.unique(ai[chosen])) < 2:
            raise InputError(
                f"Without {left_out} one class is left: folds need two sources of each class."
            )
        weights = view_weights(images, views.picture[chosen])
        probes[left_out] = fit_probe(views.features[chosen], ai[chosen], weights)
        if n % LOGGED_EVERY == 0 or n == len(sources):
            log(f"folds: {n}/{len(sources)} probes")
    partial = file.with_suffix(".partial.npz")
    weights_of_all = np.stack([probes[s].weight for s in sources])
    biases = np.array([probes[s].bias for s in sources])
    np.savez(partial, key=key, weights=weights_of_all, biases=biases)
    partial.replace(file)
    return probes


def out_of_fold(rows: Sequence[Row]) -> list[Row]:
    """Return rows with the one log-odds that counts: of the probe that never saw the source."""
    return [replace(row, log_odds={PROBE: row.log_odds[row.source]}) for row in rows]


def judge_by_others(rows: Sequence[Row], fit: Fit, *, triage: bool = False) -> list[Judged]:
    """Return verdicts whose calibration and thresholds were fitted on the other sources.

    Args:
        rows: with out-of-fold log-odds, all conditions.
        fit: fits readings to rows.
        triage: judge by the readings of the fast path.

    Returns:
        One each row, source by source.
    """
    judged: list[Judged] = []
    for source in sorted({r.source for r in rows}):
        readings = fit([r for r in rows if r.source != source])
        judged += judge([r for r in rows if r.source == source], readings, triage=triage)
    return judged


def as_array(rows: Sequence[Row], name: str = PROBE) -> NDArray[np.float64]:
    """Return one log-odds of every row: [N]."""
    return np.array([r.log_odds[name] for r in rows])

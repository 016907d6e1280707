"""Leave one source out: every picture is judged by a probe and a calibration without its source.

The probe's features need no training, so that a fold costs seconds. What is reported is what a
stranger's pictures meet: neither the weights nor the thresholds have seen where they come from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.training.descent import Log
from engine.training.evaluate import Judged, Row, judge
from engine.training.probing import Probe, fit_probe, row_weights
from engine.vrm.readouts import Readings

PROBE = "probe"
LOGGED_EVERY = 10

Fit = Callable[[list[Row]], Readings]


def fit_folds(
    rows: Sequence[Row], features: NDArray[np.float16], file: Path, log: Log
) -> dict[str, Probe]:
    """Fit one probe a source, without that source.

    Args:
        rows: views of pictures of two sources or more, N of them.
        features: [N, D], of the views.
        file: where the probes are kept; made anew when it is of other views.
        log: told how far it is.

    Raises:
        InputError: without a source one class is left, so that nothing can be fitted.
    """
    digest = hashlib.sha256("".join(r.sha256 + r.source for r in rows).encode())
    digest.update(features.tobytes())
    key = digest.hexdigest()
    sources = sorted({r.source for r in rows})
    if file.exists():
        with np.load(file) as kept:
            if str(kept["key"]) == key:
                return {
                    s: Probe(weight=kept["weights"][n], bias=float(kept["biases"][n]))
                    for n, s in enumerate(sources)
                }
    source = np.array([r.source for r in rows])
    ai = np.array([r.label == "ai" for r in rows])
    probes: dict[str, Probe] = {}
    for n, left_out in enumerate(sources, 1):
        chosen = np.flatnonzero(source != left_out)
        if len(np.unique(ai[chosen])) < 2:
            raise InputError(
                f"Without {left_out} one class is left: folds need two sources of each class."
            )
        weights = row_weights([rows[int(i)] for i in chosen])
        probes[left_out] = fit_probe(features[chosen], ai[chosen], weights)
        if n % LOGGED_EVERY == 0 or n == len(sources):
            log(f"folds: {n}/{len(sources)} probes")
    partial = file.with_suffix(".partial.npz")
    weights_of_all = np.stack([probes[s].weight for s in sources])
    biases = np.array([probes[s].bias for s in sources])
    np.savez(partial, key=key, weights=weights_of_all, biases=biases)
    partial.replace(file)
    return probes


def out_of_fold(
    rows: Sequence[Row], probes: Mapping[str, Probe], features: NDArray[np.float16]
) -> list[Row]:
    """Return rows with one log-odds each: of the probe that never saw the picture's source.

    Args:
        rows: measured pictures, N of them.
        probes: by the source that each was fitted without.
        features: [N, D], of the views that the rows name.
    """
    source = np.array([row.source for row in rows])
    z = np.zeros(len(rows))
    for left_out in np.unique(source):
        own = source == left_out
        z[own] = probes[left_out].log_odds(features[own])
    return [
        replace(row, log_odds={PROBE: round(float(v), 5)}) for row, v in zip(rows, z, strict=True)
    ]


def judge_by_others(
    rows: Sequence[Row], fit: Fit, fitted_on: Sequence[Row] | None = None, *, triage: bool = False
) -> list[Judged]:
    """Return verdicts whose calibration and thresholds were fitted on the other sources.

    Args:
        rows: with out-of-fold log-odds, all conditions.
        fit: fits readings to rows.
        fitted_on: what is fitted to, the source left out; ``rows`` by default.
        triage: judge by the readings of the fast path.

    Returns:
        One each row, source by source.
    """
    judged: list[Judged] = []
    for source in sorted({r.source for r in rows}):
        readings = fit([r for r in fitted_on or rows if r.source != source])
        judged += judge([r for r in rows if r.source == source], readings, triage=triage)
    return judged


def as_array(rows: Sequence[Row], name: str = PROBE) -> NDArray[np.float64]:
    """Return one log-odds of every row: [N]."""
    return np.array([r.log_odds[name] for r in rows])

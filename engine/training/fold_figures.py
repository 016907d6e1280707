"""Figures and calibration from sources left out: the commands ``calibrate`` and ``--folds``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from engine.errors import InputError
from engine.training import figures
from engine.training.calibrate import as_json, error_rates, fit
from engine.training.data import PoolImage
from engine.training.descent import Log
from engine.training.evaluate import Judged, Measured, OnFailure, Row, Unmeasured, measure
from engine.training.features import KeptFeatures
from engine.training.folds import PROBE, fit_folds, judge_by_others, out_of_fold
from engine.training.probing import CONDITIONS, Probe, measured_views, numbers_of
from engine.vrm.loader import CALIBRATION_FILE

FOLDS_FILE = "folds.npz"
FULL_ROWS_FILE = "rows-full.jsonl"


def fold_rows(
    kept: KeptFeatures,
    images: Sequence[PoolImage],
    work: Path,
    log: Log,
    *,
    depths: tuple[int, ...],
    conditions: tuple[str, ...] = CONDITIONS,
) -> list[Row]:
    """Return every picture's log-odds of the probe that never saw its source.

    The fast path is measured as it is: its tower, its one square.

    Args:
        kept: features of the fast path's tower.
        images: real and AI pictures of all sources.
        work: folder of the run; whatever is there already is used.
        log: told how far it is.
        depths: that the probe reads.
        conditions: keys of `engine.training.evaluate.CONDITIONS`.
    """
    rows, _ = fold_probes(kept, images, work, log, depths=depths, conditions=conditions)
    return rows


def fold_probes(
    kept: KeptFeatures,
    images: Sequence[PoolImage],
    work: Path,
    log: Log,
    *,
    depths: tuple[int, ...],
    conditions: tuple[str, ...] = CONDITIONS,
) -> tuple[list[Row], dict[str, Probe]]:
    """Return what ``fold_rows`` does, and the probes by the source that each has not seen."""
    rows = measured_views(kept, images, work, log, conditions)
    features = kept.of(numbers_of(rows), depths)
    probes = fit_folds(rows, features, work / FOLDS_FILE, log)
    return out_of_fold(rows, probes, features), probes


def full_rows(
    examiner: Measured,
    images: Sequence[PoolImage],
    fast: Sequence[Row],
    work: Path,
    log: Log,
    *,
    model: str,
    conditions: tuple[str, ...] = CONDITIONS,
) -> list[Row]:
    """Return every log-odds of pictures whose sources the language stages never saw.

    Args:
        examiner: the run's model; its own probe saw all sources, so its figure is replaced.
        images: pictures of sources that were not trained on.
        fast: from ``fold_rows``; pictures that are missing there are passed over.
        work: folder of the run.
        log: told how far it is.
        model: identity of the weights.
        conditions: as for ``fold_rows``.
    """
    probe = {(r.sha256, r.condition): r.log_odds[PROBE] for r in fast}
    rows = measure(
        examiner,
        images,
        conditions,
        rows_file=work / FULL_ROWS_FILE,
        log=log,
        on_failure=_told(log),
        model=model,
    )
    return [
        replace(r, log_odds={**r.log_odds, PROBE: probe[r.sha256, r.condition]})
        for r in rows
        if (r.sha256, r.condition) in probe
    ]


def calibrate(fast: Sequence[Row], work: Path, log: Log) -> None:
    """Fit and write ``calibration.json`` with its error rates.

    Args:
        fast: from ``fold_rows``.
        work: folder of the run.
        log: told the thresholds.
    """
    rates = error_rates(judge_by_others(fast, fit, triage=True))
    readings = fit(fast, rates=rates, bounds=True)
    body = {
        **as_json(readings),
        "calibrated_on": {
            label: len({r.sha256 for r in fast if r.label == label}) for label in ("real", "ai")
        },
    }
    (work / CALIBRATION_FILE).write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    for name, one in (("full", readings.full), ("fast", readings.triage)):
        weights = ", ".join(f"{k} {v:.3f}" for k, v in one.weights.items())
        log(f"calibration, {name} path: {weights}; bands {one.low:.3f} and {one.high:.3f}")


def folded(conditions: Sequence[str] | None) -> tuple[str, ...]:
    """Return the conditions that are asked for; all that the probes are fitted on for None.

    Raises:
        InputError: one is not among these.
    """
    for condition in conditions or ():
        if condition not in CONDITIONS:
            raise InputError(
                f"Folds are fitted on pictures {', '.join(CONDITIONS)}, not {condition}: "
                "name some of those."
            )
    return tuple(conditions or CONDITIONS)


def write_figures(
    rows: Sequence[Row],
    fast: Sequence[Row] | None = None,
    *,
    conditions: tuple[str, ...] = CONDITIONS,
    markdown: bool,
) -> None:
    """Write the figures of one path to stdout, every source left out in its turn.

    Args:
        rows: from ``fold_rows`` for the fast path, from ``full_rows`` for the full one.
        fast: rows of the fast path, which calibrate the full one; None: ``rows`` are these.
        conditions: that are written; all of ``fast`` calibrate.
        markdown: tables instead of JSON.

    Raises:
        InputError: there is one source only.
    """
    if len({r.source for r in rows}) < 2:
        raise InputError("Leaving sources out needs two or more of them: name a larger set.")
    judged = judge_by_others(rows, fit, fast, triage=fast is None)
    judged = [each for each in judged if each.row.condition in conditions]
    if markdown:
        sys.stdout.write(figures.as_markdown(figures.table(judged)))
    else:
        sys.stdout.write(json.dumps(_as_json(judged), indent=1) + "\n")


def _as_json(judged: Sequence[Judged]) -> dict[str, object]:
    rows = [j.row for j in judged]
    return {
        "pictures": {
            label: len({r.sha256 for r in rows if r.label == label}) for label in ("real", "ai")
        },
        "sources": len({r.source for r in rows}),
        "figures": figures.lines_as_json(figures.table(judged)),
        "read_outs_auc": {
            condition: {name: asdict(figure) for name, figure in of.items()}
            for condition, of in figures.read_out_aucs(rows).items()
        },
    }


def _told(log: Log) -> OnFailure:
    def on_failure(one: Unmeasured) -> None:
        log(f"not measured: {one.path} {one.condition}: {one.message}")

    return on_failure

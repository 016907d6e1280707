"""Figures of choosers: how often what they tell of a processed picture is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

import numpy as np

from engine.training.choosers import Row
from engine.training.metrics import MIDDLE, RESAMPLES, Figure
from engine.training.scenes import UNTOUCHED


def figures(rows: Sequence[Row]) -> dict[str, object]:
    """Return the figures of one chooser; intervals are those of another draw of sources.

    Args:
        rows: of one side.
    """
    edited = [row for row in rows if row.kind != UNTOUCHED]
    plain = [row for row in rows if row.kind == UNTOUCHED]
    sentences = sum(len(row.told) for row in rows)
    asserting = sum(row.asserting for row in rows)
    strange = sum(row.followed + row.strayed for row in rows)
    return {
        "processed": len(edited),
        "untouched": len(plain),
        "sources": sorted({row.source for row in rows}),
        "sentences": sentences,
        "share dropped": sum(row.dropped for row in rows) / max(1, sentences),
        "verdict and text agree": sum(row.agreeing for row in rows) / max(1, asserting),
        "names the part, any sentence": by_source(edited, lambda r: r.named),
        "first about traces right, of all": by_source(edited, lambda r: r.first is True),
        "first about traces right, where it could be either": by_source(
            [r for r in edited if r.choice], lambda r: r.first is True
        ),
        "names what was done, in its place": by_source(edited, lambda r: r.planted),
        "places told of traces that are wrong": by_source(
            [r for r in edited if r.places], lambda r: r.wrong / r.places
        ),
        "places told of traces, untouched": by_source(plain, lambda r: r.places),
        "other findings: sentences": strange,
        "other findings: true of those": sum(r.followed for r in rows) / max(1, strange),
        "other findings: true of its own": sum(r.own for r in rows) / max(1, strange),
        "processor ms, median": float(np.median([row.ms for row in rows])) if rows else None,
        "processor ms, most": max((row.ms for row in rows), default=None),
    }


def compared(rows: Sequence[Row], others: Sequence[Row]) -> dict[str, object]:
    """Return how much more often one chooser is right than another, on the same pictures.

    Args:
        rows: of one.
        others: of the other.
    """
    by_name = {row.name: row for row in others}
    pairs = [(r, by_name[r.name]) for r in rows if r.kind != UNTOUCHED]
    choice = [(a, b) for a, b in pairs if a.choice]
    return {
        "first about traces right, where it could be either": _difference(
            choice, lambda r: r.first is True
        ),
        "names what was done, in its place": _difference(pairs, lambda r: r.planted),
        "names the part, any sentence": _difference(pairs, lambda r: r.named),
    }


def _difference(
    pairs: Sequence[tuple[Row, Row]], value: Callable[[Row], float]
) -> dict[str, object]:
    values = [float(value(a)) - float(value(b)) for a, b in pairs]
    return {
        **_interval(values, [a.source for a, _ in pairs]),
        "better": sum(v > 0 for v in values),
        "worse": sum(v < 0 for v in values),
    }


def by_source(rows: Sequence[Row], value: Callable[[Row], float]) -> dict[str, object]:
    """Return a mean over pictures with the interval that another draw of sources would give."""
    return _interval([float(value(row)) for row in rows], [row.source for row in rows])


def _interval(values: Sequence[float], sources: Sequence[str]) -> dict[str, object]:
    if not values:
        return {"value": None, "pictures": 0}
    array, names = np.array(values), np.array(sources)
    parts = [np.flatnonzero(names == name) for name in np.unique(names)]
    rng = np.random.default_rng(0)
    means = [
        array[np.concatenate([parts[i] for i in rng.integers(0, len(parts), len(parts))])].mean()
        for _ in range(RESAMPLES)
    ]
    low, high = np.quantile(means, MIDDLE)
    figure = Figure(value=float(array.mean()), low=float(low), high=float(high))
    return {**asdict(figure), "pictures": len(values)}

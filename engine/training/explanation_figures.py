"""Figures of explanations: chosen on calibration sources, reported on test sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from engine.training.explaining import OUTCOMES, Explained, Named
from engine.training.metrics import Figure, auc, bootstrap, share
from engine.vrm.claims import MAP
from engine.vrm.places import PLACES
from engine.vrm.trace_claims import STANDOUT

RIGHT = 0.5
"""A named place is right when at least this share of it was generated."""
FALSE_ALARMS = 0.05
"""Share of untouched photographs that a rule of locality may call edited on calibration."""

Pictures = Sequence[Explained]


def figures(calibration: Pictures, test: Pictures) -> dict[str, object]:
    """Return what is kept of a measurement.

    Args:
        calibration: pictures to choose on, edited and untouched.
        test: pictures to report on.
    """
    edited = [p for p in test if p.edited]
    return {
        "pictures": {
            side: {
                "sources": sorted({p.source for p in pictures}),
                "composites": sum(p.edited for p in pictures),
                "untouched": sum(not p.edited for p in pictures),
            }
            for side, pictures in (("calibration", calibration), ("test", test))
        },
        "outcomes": {name: sum(p.outcome == name for p in edited) for name in OUTCOMES},
        "sentences": _sentences(edited),
        "place that differs most": _pointing(edited, STANDOUT),
        "place of the heat map": _pointing(edited, MAP),
        "third that is named": _thirds([p for p in calibration if p.edited], edited),
        "shuffled findings": _shuffled(edited),
        "language_ms": _times(edited),
        "locality": _locality(calibration, test),
    }


def _sentences(edited: Pictures) -> dict[str, object]:
    written = np.array([p.written for p in edited], float)
    dropped = np.array([p.dropped for p in edited], float)
    stances = sum(p.stances for p in edited)
    return {
        "written": int(written.sum()),
        "dropped": int(dropped.sum()),
        "share dropped": asdict(share(dropped / np.maximum(written, 1))),
        "that assert an outcome": stances,
        "that assert the verdict": sum(p.agreeing for p in edited),
        "agreement": sum(p.agreeing for p in edited) / max(1, stances),
    }


def _pointing(edited: Pictures, analyser: str) -> dict[str, object]:
    """Return how often a named place is right, with the place laid in the centre beside it."""
    made: dict[str, object] = {}
    for who, places in (("language model", _by_model), ("rendered", _rendered)):
        first = [_first(places(p), analyser) for p in edited]
        told = [n for n in first if n is not None]
        made[who] = {
            "explanations that name one": len(told),
            "right, of all": _figure([n is not None and n.generated >= RIGHT for n in first]),
            "right, of those": _figure([n.generated >= RIGHT for n in told]),
            "centre right, of those": _figure([n.centred >= RIGHT for n in told]),
            "right less centre": _figure(
                [float(n.generated >= RIGHT) - float(n.centred >= RIGHT) for n in told]
            ),
            "generated share": _figure([n.generated for n in told]),
        }
    return made


def _by_model(picture: Explained) -> tuple[Named, ...]:
    return picture.named


def _rendered(picture: Explained) -> tuple[Named, ...]:
    return picture.rendered


def _first(named: Sequence[Named], analyser: str) -> Named | None:
    return next((n for n in named if n.analyser == analyser), None)


def _thirds(calibration: Pictures, test: Pictures) -> dict[str, object]:
    """Return how often the named third was generated, beside one third named always."""
    thirds = list(PLACES)
    always = int(np.argmax(np.mean([p.thirds for p in calibration], axis=0)))
    right, baseline = [], []
    for picture in test:
        named = _first(picture.named, STANDOUT)
        if named is not None:
            right.append(picture.thirds[thirds.index(named.third)] >= RIGHT)
            baseline.append(picture.thirds[always] >= RIGHT)
    return {
        "right": _figure(right),
        "majority": PLACES[thirds[always]],
        "majority right": _figure(baseline),
    }


def _shuffled(edited: Pictures) -> dict[str, object]:
    told = [p for p in edited if p.followed + p.strayed]
    total = [p.followed + p.strayed for p in told]
    return {
        "sentences": sum(total),
        "true of the findings that were given": _figure(
            [p.followed / n for p, n in zip(told, total, strict=True)]
        ),
        "true of the picture's own findings": _figure(
            [p.own / n for p, n in zip(told, total, strict=True)]
        ),
    }


def _times(edited: Pictures) -> dict[str, float]:
    times = np.array([p.language_ms for p in edited])
    if not len(times):
        return {}
    return {
        "median": float(np.median(times)),
        "95 %": float(np.quantile(times, 0.95)),
        "longest": float(times.max()),
    }


def _locality(calibration: Pictures, test: Pictures) -> dict[str, object]:
    """Return what a threshold on unevenness would do: chosen on one side, told of the other."""
    before = [p.score for p in calibration if not p.edited and p.score is not None]
    threshold = float(np.quantile(before, 1 - FALSE_ALARMS)) if before else 0.0
    scores = np.array([p.score for p in test if p.score is not None])
    edited = np.array([p.edited for p in test if p.score is not None], np.bool_)
    made: dict[str, object] = {"threshold": threshold}
    if edited.any() and not edited.all():
        made |= {
            "AUC": asdict(bootstrap(auc, scores, edited)),
            "edited called local": _figure(scores[edited] >= threshold),
            "untouched called local": _figure(scores[~edited] >= threshold),
        }
    return made


def _figure(hits: Sequence[float | bool] | np.ndarray[tuple[int], np.dtype[np.bool_]]) -> object:
    if not len(hits):
        return None
    figure: Figure = share(np.array(hits, float))
    return asdict(figure)

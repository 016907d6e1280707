"""The tables of maps and the verdict: deletion, and what is left of a map with shuffled weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.training.figures import markdown_table
from engine.training.metrics import Figure

Body = Mapping[str, Any]

PARTS = {"test": "composites", "test, AI": "AI pictures"}
COLUMNS = {
    "area against random patches": "against random patches",
    "area against random areas": "against random areas",
    "area against centre": "against the centre",
    "rank correlation with occlusion": "rank correlation with occlusion",
}
CONTROL = "control: "


def _deletion(body: Body) -> str:
    """Show each map on the test side, by what replaces patches and which pictures they are of."""
    rows = [
        [fill, shown, name, *(_figure(figures.get(key)) for key in COLUMNS)]
        for fill, parts in body["deletion"].items()
        for part, shown in PARTS.items()
        for name, figures in parts[part]["maps"].items()
        if not name.startswith(CONTROL)
    ]
    return markdown_table(["replaced by", "of", "map", *COLUMNS.values()], rows)


def _summary(body: Body) -> str:
    """Say what was measured on."""
    parts = next(iter(body["deletion"].values()))
    told = [
        f"{sum(parts[part]['pictures'].values())} {shown} of {len(parts[part]['pictures'])}"
        for part, shown in PARTS.items()
    ]
    chosen_on = sum(parts["calibration"]["pictures"].values())
    return (
        f"{told[0]} and {told[1]} test sources; on {chosen_on} composites of "
        f"{len(parts['calibration']['pictures'])} calibration sources {body['chosen']} did best."
    )


def _shuffled(body: Body) -> str:
    of = body["rank correlation with shuffled weights"]
    rows = [[*name.split(": "), _figure(figure)] for name, figure in of.items()]
    return markdown_table(["map", "shuffled", "rank correlation with the real map"], rows)


def _figure(raw: Mapping[str, float] | None) -> str:
    if raw is None:
        return ""
    figure = Figure(**raw)
    return f"{figure.value:+.3f} ({figure.low:+.3f} to {figure.high:+.3f})"


VERDICT_VIEWS: dict[str, Callable[[Body], str]] = {
    "verdict-deletion": _deletion,
    "verdict-summary": _summary,
    "verdict-shuffled": _shuffled,
}
"""What a mark may ask for of `engine.training.verdict_figures`."""

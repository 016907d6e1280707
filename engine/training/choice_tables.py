"""The table of choosers: what explanations tell of photographs with known processing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.training.figures import markdown_table
from engine.training.metrics import Figure

Body = Mapping[str, Any]

SHOWN = {
    "names the part, any sentence": "a sentence names the processed part",
    "first about traces right, of all": "the first sentence about traces names it",
    "first about traces right, where it could be either": (
        "the same, of pictures where that sentence could be right or wrong"
    ),
    "names what was done, in its place": "a trace that was planted is told, in its place",
    "places told of traces that are wrong": "share of told places that are wrong",
}
COUNTS = {
    "share dropped": "sentences dropped by the check",
    "verdict and text agree": "sentences that assert an outcome: share that assert the verdict's",
    "other findings: true of those": "given another picture's findings: sentences true of those",
    "other findings: true of its own": "given another picture's findings: true of its own",
}


def _choices(body: Body) -> str:
    """Show every chooser in a column."""
    choosers = body["choosers"]
    first = next(iter(choosers.values()))
    rows = [
        *([words, *(_figure(c[key]) for c in choosers.values())] for key, words in SHOWN.items()),
        *([words, *(f"{c[key]:.3f}" for c in choosers.values())] for key, words in COUNTS.items()),
    ]
    told = (
        f"{first['processed']} processed and {first['untouched']} untouched pictures of "
        f"{len(first['sources'])} {body['side']} sources; intervals by source."
    )
    return f"{told}\n\n{markdown_table(['what', *choosers], rows)}"


def _figure(raw: Mapping[str, Any]) -> str:
    if raw["value"] is None:
        return ""
    return str(Figure(value=raw["value"], low=raw["low"], high=raw["high"]))


CHOICE_VIEWS: dict[str, Callable[[Body], str]] = {"choices": _choices}
"""What a mark may ask for of `engine.training.chooser_figures`."""

"""The figure of the layer analysis, drawn from its JSON alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

Json = Mapping[str, Any]

STYLES = (("#000000", "-"), ("#D55E00", "--"), ("#E69F00", "-."), ("#0072B2", "-"))
"""Colour and line of base, direct fine-tuning, LoRA and Deep-VRM: Okabe and Ito's palette, told
apart without colour too."""
WIDTH_IN, HEIGHT_IN, DPI = 10.2, 6.4, 200
READ = "both"
BANDS = ("base", "Deep-VRM")
"""Models whose intervals are drawn: four bands on top of each other cannot be read."""
LABEL_PT = 8


def draw(report: Json, target: Path) -> None:
    """Write the figure as PNG.

    Args:
        report: what ``layers.as_json`` returned, or the same read from a file.
        target: the PNG.
    """
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(2, 6)
    d1 = figure.add_subplot(grid[0, :2])
    d2 = figure.add_subplot(grid[0, 2:4], sharey=d1)
    similar = figure.add_subplot(grid[0, 4:])
    loss = figure.add_subplot(grid[1, :2])
    recall = figure.add_subplot(grid[1, 2:4])
    detection = figure.add_subplot(grid[1, 4:])
    _probes(d1, report, "D1", "a  Real against AI pictures (D1)")
    _probes(d2, report, "D2", "b  Photograph against its reconstruction (D2)")
    _note(d1, "bands: 95 %, sources resampled")
    d1.set_ylabel("balanced accuracy of the probe", fontsize=LABEL_PT)
    _similarity(similar, report)
    _losses(loss, report)
    _recall(recall, report)
    _detection(detection, report)
    handles, labels = d1.get_legend_handles_labels()
    figure.legend(
        handles=handles,
        labels=labels,
        loc="outside lower center",
        ncols=len(labels),
        frameon=False,
        fontsize=8.5,
    )
    for axes in (d1, d2, similar, loss, recall, detection):
        axes.tick_params(labelsize=7.5, length=2.5)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(target, metadata={"Software": None})


def _title(axes: Axes, text: str) -> None:
    letter, _, rest = text.partition("  ")
    axes.set_title(f"$\\bf{{{letter}}}$  {rest}", loc="left", fontsize=9)


def _note(axes: Axes, text: str) -> None:
    axes.text(0.98, 0.09, text, transform=axes.transAxes, ha="right", va="bottom", fontsize=7)


def _probes(axes: Axes, report: Json, task: str, title: str) -> None:
    for (name, model), (colour, line) in zip(report["models"].items(), STYLES, strict=True):
        curve = model["probes"][task][READ]
        depth = np.arange(len(curve["accuracy"]))
        if name in BANDS:
            low, high = (np.array(curve[key], dtype=float) for key in ("low", "high"))
            axes.fill_between(depth, low, high, color=colour, alpha=0.13, linewidth=0)
        axes.plot(depth, curve["accuracy"], line, color=colour, linewidth=1.4, label=name)
    axes.axhline(0.5, color="0.6", linewidth=0.7, linestyle=":")
    _mark_layer(axes, report)
    _percent(axes)
    axes.set_xlim(0, report["layers"])
    axes.set_xlabel("depth (decoder layers passed)", fontsize=LABEL_PT)
    _title(axes, title)


def _mark_layer(axes: Axes, report: Json) -> None:
    k = report["in_use"]
    axes.axvline(k, color="#0072B2", linewidth=0.8, linestyle=(0, (1, 2)))
    axes.annotate(
        f"K = {k}",
        (k, 0.02),
        xycoords=("data", "axes fraction"),
        xytext=(3, 0),
        textcoords="offset points",
        fontsize=7,
        color="#0072B2",
    )


def _percent(axes: Axes) -> None:
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{100 * y:.0f} %"))


def _similarity(axes: Axes, report: Json) -> None:
    for (name, model), (colour, line) in zip(report["models"].items(), STYLES, strict=True):
        if name == "base":
            steps = np.array(model["adjacent"][READ], dtype=float)
            axes.plot(
                np.arange(len(steps)) + 0.5,
                steps,
                "o",
                markersize=2.6,
                markerfacecolor="white",
                markeredgecolor=colour,
                label="base: a depth and the next",
            )
        else:
            values = np.array(model["to_base"][READ], dtype=float)
            axes.plot(values, line, color=colour, linewidth=1.4)
    axes.axhline(0.98, color="0.6", linewidth=0.7, linestyle=":")
    _mark_layer(axes, report)
    axes.set_xlim(0, report["layers"])
    axes.set_ylim(top=1.01)
    axes.set_xlabel("depth (decoder layers passed)", fontsize=LABEL_PT)
    axes.set_ylabel("linear CKA", fontsize=LABEL_PT)
    axes.legend(
        fontsize=7, loc="lower left", bbox_to_anchor=(0, 0.1), handletextpad=0.2, edgecolor="none"
    )
    _title(axes, "c  Similarity with the base (lines)")


def _bar(axes: Axes, x: float, figure: Json, colour: str, *, filled: bool) -> None:
    value, low, high = figure["value"], figure["low"], figure["high"]
    axes.errorbar(
        [x],
        [value],
        yerr=[[value - low], [high - value]],
        fmt="o",
        color=colour,
        markerfacecolor=colour if filled else "white",
        markersize=5,
        linewidth=1.2,
        capsize=2.5,
    )


def _names(axes: Axes, report: Json) -> None:
    shown = [name.replace(" fine", "\nfine").replace(", ", ",\n") for name in report["models"]]
    axes.set_xticks(range(len(shown)), shown)
    axes.set_xlim(-0.5, len(shown) - 0.5)


def _pairs(axes: Axes, report: Json, first: list[Json], second: list[Json]) -> None:
    """Draw two figures a model, side by side: filled and open."""
    for i, (a, b) in enumerate(zip(first, second, strict=True)):
        _bar(axes, i - 0.12, a, STYLES[i][0], filled=True)
        _bar(axes, i + 0.12, b, STYLES[i][0], filled=False)
    _names(axes, report)


def _key(axes: Axes, filled: str, empty: str) -> None:
    for label, face in ((filled, "0.35"), (empty, "white")):
        axes.plot([], [], "o", color="0.35", markerfacecolor=face, markersize=4.5, label=label)
    axes.legend(fontsize=7, loc="best", handletextpad=0.2, edgecolor="none", framealpha=0.85)


def _losses(axes: Axes, report: Json) -> None:
    memories = [m["memory"] for m in report["models"].values()]
    true = [m["caption_loss"] for m in memories]
    other = [m["other_pictures"] for m in memories]
    _pairs(axes, report, true, other)
    axes.set_ylabel("held-out caption loss, nats a token", fontsize=LABEL_PT)
    _key(axes, "true picture", "other pictures")
    _title(axes, "d  Captions: what is forgotten")


def _recall(axes: Axes, report: Json) -> None:
    memories = [m["memory"]["recall"] for m in report["models"].values()]
    _pairs(axes, report, [m["evened @5"] for m in memories], [m["evened @1"] for m in memories])
    group = report["retrieval_group"]
    axes.axhline(5 / group, color="0.6", linewidth=0.7, linestyle=":")
    axes.axhline(1 / group, color="0.6", linewidth=0.7, linestyle=":")
    axes.set_ylim(bottom=0)
    _percent(axes)
    axes.set_ylabel(f"true caption found among {group}", fontsize=LABEL_PT)
    _key(axes, "among the first 5", "first")
    _title(axes, "e  Retrieval (dotted: chance)")


def _detection(axes: Axes, report: Json) -> None:
    figures = [m["detection"] for m in report["models"].values()]
    _pairs(axes, report, [f["D1"] for f in figures], [f["D2"] for f in figures])
    axes.axhline(0.5, color="0.6", linewidth=0.7, linestyle=":")
    axes.set_ylabel("AUC of the answer's log-odds", fontsize=LABEL_PT)
    _key(axes, "D1", "D2")
    _title(axes, "f  Detection on sources not trained on")

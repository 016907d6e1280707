"""The figure of a large scan, drawn from its JSON alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

Json = Mapping[str, Any]

WIDTH_IN, HEIGHT_IN, DPI = 8.6, 5.4, 200
LIMIT_MB = 2500
"""What a scan may need with the mini."""
MEMORY, LARGEST, DONE, KILLED = "#0072B2", "#56B4E9", "#D55E00", "#000000"
"""Okabe and Ito's palette; lines differ in style too."""
LABEL_PT = 8.5


def draw(report: Json, target: Path) -> None:
    """Write the figure as PNG.

    Args:
        report: what ``python -m tests.scale`` wrote.
        target: the PNG.
    """
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(1.1, 1))
    first, second = report["until_the_kill"], report["after_the_kill"]
    killed_min = first["seconds"] / 60
    spans = ((first["samples"], 0.0), (second["samples"], killed_min))
    _memory(upper, spans, report)
    _done(lower, spans, report)
    for axes in (upper, lower):
        axes.axvline(killed_min, color=KILLED, linewidth=0.9, linestyle=(0, (2, 2)))
        axes.tick_params(labelsize=8, length=2.5)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color="0.9", linewidth=0.6)
        axes.set_axisbelow(True)
    upper.annotate(
        "kill -9, same command again",
        (killed_min, 0.99),
        xycoords=("data", "axes fraction"),
        xytext=(4, 0),
        textcoords="offset points",
        va="top",
        fontsize=8,
    )
    lower.set_xlabel("minutes since the start", fontsize=LABEL_PT)
    lower.set_xlim(0, (first["seconds"] + second["seconds"]) / 60)
    figure.savefig(target, metadata={"Software": None})


def _memory(axes: Axes, spans: tuple[tuple[list[Json], float], ...], report: Json) -> None:
    for index, (samples, shift) in enumerate(spans):
        at = [shift + each["at_s"] / 60 for each in samples]
        total = [each["memory_mb"] for each in samples]
        axes.fill_between(at, total, color=MEMORY, alpha=0.12, linewidth=0)
        axes.plot(
            at, total, color=MEMORY, linewidth=1.3,
            label=None if index else "all processes of the scan",
        )  # fmt: skip
        axes.plot(
            at, [each["largest_mb"] for each in samples], "--", color=LARGEST, linewidth=1.0,
            label=None if index else "largest of them",
        )  # fmt: skip
    peak = report["peak_memory_mb"]
    axes.set_ylim(0, peak * 1.35)
    axes.set_ylabel("memory, MB", fontsize=LABEL_PT)
    axes.legend(fontsize=8, loc="lower right", frameon=False, ncols=2)
    axes.set_title(
        f"Memory: {peak:,.0f} MB at most (limit {LIMIT_MB:,} MB)", loc="left", fontsize=9.5
    )


def _done(axes: Axes, spans: tuple[tuple[list[Json], float], ...], report: Json) -> None:
    for samples, shift in spans:
        at = [shift + each["at_s"] / 60 for each in samples]
        axes.plot(at, [each["done"] for each in samples], color=DONE, linewidth=1.5)
    plan, proof = report["plan"], report["proof"]
    axes.set_ylim(0, plan["files"] * 1.05)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,.0f}"))
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.set_ylabel("files with a line", fontsize=LABEL_PT)
    axes.set_title(
        f"{proof['lines']:,} lines for {proof['files_with_a_line']:,} files: "
        f"{proof['examined']:,} contents examined, {proof['duplicates']:,} copies, "
        f"{proof['failed']:,} broken; {_often(proof)}",
        loc="left",
        fontsize=9.5,
    )


def _often(proof: Json) -> str:
    most = proof["most_examinations_of_a_content"]
    return "no content twice" if most == 1 else f"a content {most} times"

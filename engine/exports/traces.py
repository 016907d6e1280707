"""Derived traces as files: maps and views as PNG, curves as CSV and SVG, all of it as JSON."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from html import escape
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.errors import StoreError
from engine.evidence.heatmaps import encode_heatmap
from engine.trace_types import Curve, Trace
from engine.types import HeatMap

WIDTH, HEIGHT, MARGIN = 720, 360, 56
"""Size of a drawn curve and the room around it, px."""


def write_traces(traces: Iterable[Trace], folder: Path) -> tuple[Path, ...]:
    """Write what traces show, a few files a method; what is there already is replaced.

    Args:
        traces: as they were computed.
        folder: made if missing.

    Returns:
        The files, in order.

    Raises:
        StoreError: one cannot be written.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for trace in traces:
            stem = trace.finding.analyser.removeprefix("trace.")
            for ending, data in _files(trace):
                file = folder / f"{stem}{ending}"
                file.write_bytes(data)
                written.append(file)
    except OSError as error:
        raise StoreError(
            f"{error.filename or folder} cannot be written ({error.strerror}): choose another "
            "folder, or make room."
        ) from error
    return tuple(written)


def to_record(trace: Trace) -> dict[str, Any]:
    """Return a trace as JSON has it; maps and views are told by their size."""
    finding, view = trace.finding, trace.picture
    return {
        "id": finding.id,
        "analyser": finding.analyser,
        "version": finding.version,
        "status": str(finding.status),
        "value": finding.value,
        "unit": finding.unit,
        "regions": [[r.x, r.y, r.w, r.h] for r in finding.regions],
        "reason": finding.reason,
        "source": finding.source,
        "parameters": dict(trace.parameters),
        "heatmap": None if trace.heatmap is None else _map_record(trace.heatmap),
        "curve": None if trace.curve is None else _curve_record(trace.curve),
        "view_px": None if view is None else [view.shape[0], view.shape[1]],
        "elapsed_ms": trace.elapsed_ms,
    }


def _files(trace: Trace) -> Iterable[tuple[str, bytes]]:
    """Yield (ending of the name, bytes)."""
    if trace.heatmap is not None:
        rows, cols = trace.heatmap.cells.shape
        height, width = trace.heatmap.cell_px
        png = encode_heatmap(
            trace.heatmap, height_px=round(rows * height), width_px=round(cols * width)
        )
        yield ".map.png", png
    if trace.picture is not None:
        yield ".view.png", _png(trace.picture)
    if trace.curve is not None:
        yield ".csv", _csv(trace.curve).encode()
        yield ".svg", to_svg(trace.curve, trace.finding.analyser).encode()


def _png(picture: NDArray[np.uint8]) -> bytes:
    stream = BytesIO()
    Image.fromarray(picture).save(stream, "PNG", compress_level=3)
    return stream.getvalue()


def _csv(curve: Curve) -> str:
    stream = StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow([curve.x_label, curve.y_label])
    table.writerows((f"{x:.9g}", f"{y:.9g}") for x, y in zip(curve.x, curve.y, strict=True))
    return stream.getvalue()


def to_svg(curve: Curve, title: str) -> str:
    """Return a curve drawn, with its labels, ends of the axes and marks.

    Args:
        curve: at least one point; what is not finite is left out.
        title: for a person.
    """
    finite = np.isfinite(curve.x) & np.isfinite(curve.y)
    x, y = curve.x[finite], curve.y[finite]
    if not x.size:
        x = y = np.zeros(1)
    (left, right), (low, high) = (float(x.min()), float(x.max())), (float(y.min()), float(y.max()))

    def across(value: float) -> float:
        return MARGIN + (value - left) / ((right - left) or 1) * (WIDTH - 2 * MARGIN)

    def down(value: float) -> float:
        return HEIGHT - MARGIN - (value - low) / ((high - low) or 1) * (HEIGHT - 2 * MARGIN)

    points = " ".join(f"{across(a):.1f},{down(b):.1f}" for a, b in zip(x, y, strict=True))
    bottom, end = HEIGHT - MARGIN, WIDTH - MARGIN
    marks = "".join(
        f'<line x1="{across(m):.1f}" x2="{across(m):.1f}" y1="{MARGIN}" y2="{bottom}" '
        'stroke="#971C0B" stroke-dasharray="4 3"/>'
        for m in curve.marks
        if left <= m <= right
    )
    texts = (
        (WIDTH / 2, 24, "middle", title),
        (WIDTH / 2, HEIGHT - 12, "middle", curve.x_label),
        (MARGIN, MARGIN - 10, "start", curve.y_label),
        (MARGIN, bottom + 18, "start", f"{left:.4g}"),
        (end, bottom + 18, "end", f"{right:.4g}"),
        (MARGIN - 6, bottom, "end", f"{low:.3g}"),
        (MARGIN - 6, MARGIN + 4, "end", f"{high:.3g}"),
    )
    words = "".join(
        f'<text x="{a:g}" y="{b:g}" text-anchor="{anchor}">{escape(text)}</text>'
        for a, b, anchor, text in texts
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12" fill="#222">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f'<path d="M{MARGIN} {MARGIN}V{bottom}H{end}" fill="none" stroke="#888"/>'
        f'{marks}<polyline points="{points}" fill="none" stroke="#3F5F82" stroke-width="1.5"/>'
        f"{words}</svg>\n"
    )


def _map_record(heatmap: HeatMap) -> dict[str, Any]:
    rows, cols = heatmap.cells.shape
    return {
        "rows": rows,
        "cols": cols,
        "cell_px": list(heatmap.cell_px),
        "judged": round(float(heatmap.valid.mean()), 4),
        "method": heatmap.method,
    }


def _curve_record(curve: Curve) -> dict[str, Any]:
    return {
        "x_label": curve.x_label,
        "y_label": curve.y_label,
        "x": [round(float(x), 9) for x in curve.x],
        "y": [float(y) if np.isfinite(y) else None for y in curve.y],
        "marks": list(curve.marks),
    }

"""What the model says of pictures it was not trained on, condition by condition.

The program's own path is measured: the same views, windows and read-outs as a scan.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image as PilImage

from engine.training import metrics
from engine.training.augment import Pixels, encode
from engine.training.data import PoolImage, load_rgb
from engine.types import FileFacts, Image
from engine.vrm.mini_examiner import MiniExaminer
from engine.vrm.readouts import MIN_SIDE_PX, Calibration

Log = Callable[[str], None]


def _half(pixels: Pixels) -> Pixels:
    size = (max(1, pixels.shape[1] // 2), max(1, pixels.shape[0] // 2))
    return np.asarray(PilImage.fromarray(pixels).resize(size, PilImage.Resampling.BICUBIC))


CONDITIONS: dict[str, Callable[[Pixels], Pixels]] = {
    "as is": lambda pixels: pixels,
    "JPEG 70": lambda pixels: np.asarray(encode(PilImage.fromarray(pixels), "JPEG", 70)),
    "WebP 80": lambda pixels: np.asarray(encode(PilImage.fromarray(pixels), "WEBP", 80)),
    "half size": _half,
    "JPEG 90 for all": lambda pixels: np.asarray(encode(PilImage.fromarray(pixels), "JPEG", 90)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One picture in one condition."""

    sha256: str
    source: str
    generator: str
    label: str
    condition: str
    log_odds: dict[str, float]


def measure(
    examiner: MiniExaminer,
    images: list[PoolImage],
    conditions: tuple[str, ...],
    *,
    rows_file: Path,
    log: Log,
) -> list[Row]:
    """Return the log-odds of every picture in every condition; continues an earlier run's file.

    Args:
        examiner: the loaded mini.
        images: real and AI pictures.
        conditions: keys of CONDITIONS.
        rows_file: JSON lines, appended to.
        log: told how far it is.
    """
    wanted = {(i.sha256, c) for c in conditions for i in images}
    kept = read_rows(rows_file) if rows_file.exists() else iter(())
    rows = [r for r in kept if (r.sha256, r.condition) in wanted]
    done = {(r.sha256, r.condition) for r in rows}
    todo = [(i, c) for c in conditions for i in images if (i.sha256, c) not in done]
    with rows_file.open("a", encoding="utf-8") as out:
        for n, (image, condition) in enumerate(todo, 1):
            pixels = np.ascontiguousarray(CONDITIONS[condition](load_rgb(image.path)))
            if min(pixels.shape[:2]) < MIN_SIDE_PX:
                continue
            row = Row(
                sha256=image.sha256,
                source=image.source,
                generator=image.generator,
                label=image.label,
                condition=condition,
                log_odds=examiner.log_odds(as_image(pixels)),
            )
            rows.append(row)
            out.write(json.dumps(asdict(row)) + "\n")
            if n % 100 == 0 or n == len(todo):
                out.flush()
                log(f"measured {n}/{len(todo)}")
    return rows


def as_image(pixels: Pixels) -> Image:
    """Wrap pixels as a decoded picture without a file."""
    pixels = pixels.copy()
    pixels.flags.writeable = False
    return Image(facts=FileFacts(path=""), pixels=pixels)


def read_rows(file: Path) -> Iterator[Row]:
    """Read what ``measure`` wrote."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield Row(**json.loads(line))


def table(rows: list[Row], calibration: Calibration) -> list[dict[str, str | int]]:
    """Return one line a condition, then one a source that offers both classes.

    Args:
        rows: of one side of the split.
        calibration: frozen; fitted elsewhere.
    """
    lines = []
    for condition in dict.fromkeys(r.condition for r in rows):
        chosen = [r for r in rows if r.condition == condition]
        lines.append(_line(f"{condition}, all sources", chosen, calibration))
        lines.extend(
            _line(f"{condition}, {source}", part, calibration)
            for source, part in _two_class_sources(chosen)
        )
    return lines


def _two_class_sources(rows: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    for source in sorted({r.source for r in rows}):
        part = [r for r in rows if r.source == source]
        counts = [sum(r.label == label for r in part) for label in ("real", "ai")]
        if min(counts) >= 5:
            yield source, part


def _line(name: str, rows: list[Row], calibration: Calibration) -> dict[str, str | int]:
    p = np.array([calibration.p_ai(r.log_odds) for r in rows])
    ai = np.array([r.label == "ai" for r in rows])
    called = p >= calibration.high
    cleared = p <= calibration.low
    return {
        "set": name,
        "real": int((~ai).sum()),
        "ai": int(ai.sum()),
        "AUC": str(metrics.bootstrap(metrics.auc, p, ai)),
        "balanced accuracy at .5": str(metrics.bootstrap(metrics.balanced_accuracy, p, ai)),
        "real accuracy at .5": str(metrics.share(p[~ai] < 0.5)),
        "AI accuracy at .5": str(metrics.share(p[ai] >= 0.5)),
        "TPR at 5 % FPR": str(metrics.bootstrap(metrics.tpr_at_fpr, p, ai)),
        "ECE": str(metrics.bootstrap(metrics.expected_calibration_error, p, ai)),
        "Brier": str(metrics.bootstrap(metrics.brier, p, ai)),
        "real called AI": str(metrics.share(called[~ai])),
        "AI called AI": str(metrics.share(called[ai])),
        "AI called no sign": str(metrics.share(cleared[ai])),
        "inconclusive": str(metrics.share(~called & ~cleared)),
    }


def read_out_table(rows: list[Row]) -> list[dict[str, str]]:
    """Return the AUC of each read-out alone, by condition."""
    lines = []
    for condition in dict.fromkeys(r.condition for r in rows):
        chosen = [r for r in rows if r.condition == condition]
        ai = np.array([r.label == "ai" for r in chosen])
        line = {"condition": condition}
        for name in chosen[0].log_odds:
            z = np.array([r.log_odds[name] for r in chosen])
            line[name] = str(metrics.bootstrap(metrics.auc, z, ai))
        lines.append(line)
    return lines

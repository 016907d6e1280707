"""Tables of figures: every part of what was measured, with intervals, as values and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from engine.training import metrics
from engine.training.evaluate import Judged, Row
from engine.training.metrics import Bools, Figure, Floats
from engine.types import Outcome

MIN_OF_CLASS = 5
"""A part of a set with fewer pictures of a class gets no figure that needs that class."""

MIN_SOURCES = 3
"""With fewer sources of a class, drawing them again says nothing."""

ALL = "all sources"
BOTH = "sources with both classes"
FORMAT = "format that pictures came in"
SOURCE = "source"
GENERATOR = "generator"
REAL_CLASS = "class of real photograph"
PARTS = (ALL, BOTH, FORMAT, SOURCE, GENERATOR, REAL_CLASS)
JPEG, OTHERS = "JPEG", "others"

AS_IS = "as is"
"""The condition in which nothing was done to a picture."""

TWO_CLASS = {
    "AUC": metrics.auc,
    "balanced accuracy": metrics.balanced_accuracy,
    "TPR at 5 % FPR": metrics.tpr_at_fpr,
    "ECE": metrics.expected_calibration_error,
    "Brier": metrics.brier,
}
"""Accuracies are at p = .5."""
OVER_SOURCES = "AUC, sources resampled"
NAMES = (
    "AUC",
    OVER_SOURCES,
    "balanced accuracy",
    "real accuracy",
    "AI accuracy",
    "TPR at 5 % FPR",
    "ECE",
    "Brier",
    "real called AI",
    "AI called AI",
    "AI called no sign",
    "inconclusive",
)
"""Every figure that a line may have, in the order of printing. "Called" counts verdicts, with the
three bands and the validated range; accuracies count probabilities above and below .5."""


OF_GENERATOR = frozenset((*TWO_CLASS, "AI accuracy", "AI called AI", "AI called no sign"))
"""What is said of a generator; its line shares the real pictures with others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The figures of one part of a set in one condition."""

    condition: str
    part: str
    """One of PARTS."""
    name: str
    """Of the format, source, generator or class; "" for the first two parts."""
    real: int
    """Real pictures."""
    ai: int
    """AI pictures."""
    sources: int
    figures: Mapping[str, Figure]
    """By NAMES; what cannot be said of this part is left out."""


def table(judged: Sequence[Judged]) -> list[Line]:
    """Return the figures of every condition and part.

    Args:
        judged: verdicts on measured pictures, whoever gave them.

    Returns:
        For each condition: all sources, the sources that offer both classes (each at least
        MIN_OF_CLASS pictures), pictures that came as JPEG files and the others where there are
        both, every source, every generator against the real pictures of its own sources (of all
        sources where those have too few), every class of real photograph (the source where none
        is stated). Within a format it is no help to know which class was compressed more often.
    """
    lines = []
    jpeg = _jpeg_files(judged)
    for condition in dict.fromkeys(j.row.condition for j in judged):
        chosen = [j for j in judged if j.row.condition == condition]
        for part, name, members in _parts(chosen, jpeg):
            lines.append(_line(condition, part, name, members))
    return lines


def _jpeg_files(judged: Sequence[Judged]) -> set[str]:
    """Return the pictures that were JPEG files before anything was done to them."""
    return {
        j.row.sha256 for j in judged if j.row.condition == AS_IS and j.row.jpeg_quality is not None
    }


def _parts(judged: list[Judged], jpeg: set[str]) -> Iterator[tuple[str, str, list[Judged]]]:
    yield ALL, "", judged
    sources = _grouped(judged, [j.row.source for j in judged])
    two_class = [name for name, group in sources.items() if _smaller_class(group) >= MIN_OF_CLASS]
    if two_class:
        yield BOTH, "", [j for name in two_class for j in sources[name]]
    formats = _grouped(judged, [JPEG if j.row.sha256 in jpeg else OTHERS for j in judged])
    if len(formats) > 1:
        for name, group in formats.items():
            yield FORMAT, name, group
    for name, group in sources.items():
        yield SOURCE, name, group
    real = [j for j in judged if j.row.label == "real"]
    ai = [j for j in judged if j.row.label == "ai"]
    for name, group in _grouped(ai, [j.row.generator or j.row.source for j in ai]).items():
        own = {j.row.source for j in group}
        beside = [j for j in real if j.row.source in own]
        yield GENERATOR, name, group + (beside if len(beside) >= MIN_OF_CLASS else real)
    for name, group in _grouped(real, [j.row.real_class or j.row.source for j in real]).items():
        yield REAL_CLASS, name, group


def _grouped(judged: list[Judged], names: list[str]) -> dict[str, list[Judged]]:
    groups: dict[str, list[Judged]] = {name: [] for name in sorted(set(names))}
    for one, name in zip(judged, names, strict=True):
        groups[name].append(one)
    return groups


def _smaller_class(judged: list[Judged]) -> int:
    return min(sum(j.row.label == label for j in judged) for label in ("real", "ai"))


def _fewest_sources(judged: list[Judged]) -> int:
    """Return of how many sources the class is that comes from fewer."""
    return min(
        len({j.row.source for j in judged if j.row.label == label}) for label in ("real", "ai")
    )


def _line(condition: str, part: str, name: str, judged: list[Judged]) -> Line:
    ai = np.array([j.row.label == "ai" for j in judged])
    sources = [j.row.source for j in judged]
    figures = _figures(judged, ai)
    if part == GENERATOR:
        figures = {n: f for n, f in figures.items() if n in OF_GENERATOR}
    if part in (ALL, BOTH, FORMAT) and _fewest_sources(judged) >= MIN_SOURCES:
        p = np.array([j.p for j in judged])
        figures[OVER_SOURCES] = metrics.bootstrap_sources(metrics.auc, p, ai, sources)
    return Line(
        condition=condition,
        part=part,
        name=name,
        real=int((~ai).sum()),
        ai=int(ai.sum()),
        sources=len(set(sources)),
        figures={n: figures[n] for n in NAMES if n in figures},
    )


def _figures(judged: list[Judged], ai: Bools) -> dict[str, Figure]:
    p: Floats = np.array([j.p for j in judged])
    called = np.array([j.outcome is Outcome.AI for j in judged])
    cleared = np.array([j.outcome is Outcome.REAL for j in judged])
    figures: dict[str, Figure] = {}
    enough_real, enough_ai = (~ai).sum() >= MIN_OF_CLASS, ai.sum() >= MIN_OF_CLASS
    if enough_real and enough_ai:
        figures |= {name: metrics.bootstrap(f, p, ai) for name, f in TWO_CLASS.items()}
    if enough_real:
        figures["real accuracy"] = metrics.share(p[~ai] < 0.5)
        figures["real called AI"] = metrics.share(called[~ai])
    if enough_ai:
        figures["AI accuracy"] = metrics.share(p[ai] >= 0.5)
        figures["AI called AI"] = metrics.share(called[ai])
        figures["AI called no sign"] = metrics.share(cleared[ai])
    if len(judged) >= MIN_OF_CLASS:
        figures["inconclusive"] = metrics.share(~called & ~cleared)
    return figures


def read_out_aucs(rows: Sequence[Row]) -> dict[str, dict[str, Figure]]:
    """Return the AUC of each log-odds alone: by condition, then by name.

    Args:
        rows: measured pictures; nothing for conditions that lack a class.
    """
    out: dict[str, dict[str, Figure]] = {}
    for condition in dict.fromkeys(r.condition for r in rows):
        chosen = [r for r in rows if r.condition == condition]
        ai = np.array([r.label == "ai" for r in chosen])
        if min(ai.sum(), (~ai).sum()) < MIN_OF_CLASS:
            continue
        out[condition] = {
            name: metrics.bootstrap(metrics.auc, np.array([r.log_odds[name] for r in chosen]), ai)
            for name in chosen[0].log_odds
        }
    return out


def lines_as_json(lines: Sequence[Line]) -> list[dict[str, object]]:
    """Return what is kept of a table."""
    return [asdict(line) for line in lines]


def lines_from_json(body: Sequence[Mapping[str, object]]) -> list[Line]:
    """Read a kept table.

    Raises:
        ValueError: it is none.
    """
    lines = []
    for entry in body:
        try:
            figures = {n: Figure(**f) for n, f in dict(entry["figures"]).items()}  # type: ignore[call-overload]
            lines.append(Line(**{**entry, "figures": figures}))  # type: ignore[arg-type]
        except (KeyError, TypeError) as e:
            raise ValueError(f"a line of the table lacks something ({e})") from e
    return lines


def as_markdown(lines: Sequence[Line]) -> str:
    """Return a Markdown table a part, every condition in it, figures with their intervals."""
    blocks = []
    for part in PARTS:
        chosen = [line for line in lines if line.part == part]
        names = [n for n in NAMES if any(n in line.figures for line in chosen)]
        if not chosen or not names:
            continue
        named = any(line.name for line in chosen)
        head = ["condition", *([part] if named else []), "real", "AI", *names]
        rows = [
            [
                line.condition,
                *([line.name] if named else []),
                str(line.real),
                str(line.ai),
                *(str(line.figures.get(n, "")) for n in names),
            ]
            for line in chosen
        ]
        blocks.append(f"### {part[0].upper()}{part[1:]}\n\n{markdown_table(head, rows)}")
    return "\n\n".join(blocks) + "\n"


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table without a line end after it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(c) for c in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")

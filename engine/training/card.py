"""The tables of the model card and the README, made from the figures that commands printed.

A table stands between two marks, ``<!-- figures: FILE VIEW -->`` and ``<!-- end -->``. FILE is one
of ``docs/figures`` without its ending, VIEW says what is shown of it. Everything else in a document
is written by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine import paths
from engine.errors import InputError
from engine.training.choice_tables import CHOICE_VIEWS
from engine.training.figures import (
    ALL,
    BOTH,
    FORMAT,
    GENERATOR,
    MIN_OF_CLASS,
    OVER_SOURCES,
    REAL_CLASS,
    SOURCE,
    Line,
    lines_from_json,
    markdown_table,
)
from engine.training.metrics import Figure
from engine.training.speed_tables import SPEED_VIEWS
from engine.training.verdict_tables import VERDICT_VIEWS

DOCUMENTS = (Path("README.md"), Path("resources/weights/MODEL_CARD.md"))
FIGURES = Path("docs/figures")

MARKED = re.compile(
    r"(?P<open><!-- figures: (?P<file>[\w-]+) (?P<view>[\w-]+) -->\n)"
    r"(?P<body>.*?)(?P<close><!-- end -->)",
    re.DOTALL,
)

SHORT = ("AUC", "real accuracy", "AI accuracy", "real called AI", "AI called AI", "inconclusive")
PROBABILITIES = (
    "AUC",
    OVER_SOURCES,
    "balanced accuracy",
    "real accuracy",
    "AI accuracy",
    "TPR at 5 % FPR",
    "ECE",
    "Brier",
)
VERDICTS = ("real called AI", "AI called AI", "AI called no sign", "inconclusive")
OF_FORMAT = ("AUC", OVER_SOURCES, "real called AI", "AI called AI")
OF_PART = {
    SOURCE: ("AUC", "real called AI", "AI called AI", "inconclusive"),
    GENERATOR: ("AUC", "AI accuracy", "AI called AI", "AI called no sign"),
    REAL_CLASS: ("real accuracy", "real called AI", "inconclusive"),
}
CENTRE = "centre right, of those"
Body = Mapping[str, Any]


def write(root: Path | None = None, *, check: bool = False) -> list[Path]:
    """Bring every document's tables up to date.

    Args:
        root: of the checkout; this program's own by default.
        check: change nothing.

    Returns:
        The documents that were not up to date, relative to the root.

    Raises:
        InputError: this is no checkout, a mark names figures that are not there or cannot be
            shown so, or a mark is not closed.
    """
    root = root or paths.resources_dir().parent
    stale = []
    for document in DOCUMENTS:
        file = root / document
        if not file.is_file():
            raise InputError(f"There is no {file}: run this in a checkout of the project.")
        text = file.read_text(encoding="utf-8")
        made = filled(text, root / FIGURES)
        if made != text:
            stale.append(document)
            if not check:
                file.write_text(made, encoding="utf-8")
    return stale


def filled(text: str, figures: Path) -> str:
    """Return a document with its tables made anew.

    Args:
        text: Markdown with marks.
        figures: folder of kept figures.

    Raises:
        InputError: as ``write``.
    """
    if text.count("<!-- figures:") != len(MARKED.findall(text)):
        raise InputError("A mark <!-- figures: FILE VIEW --> is misspelt, or has no <!-- end -->.")

    def make(found: re.Match[str]) -> str:
        shown = _view(found["view"], _kept(figures / f"{found['file']}.json"))
        return f"{found['open']}{shown}\n{found['close']}"

    return MARKED.sub(make, text)


def _kept(file: Path) -> Body:
    try:
        body = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise InputError(f"The figures {file} cannot be read ({e}): run evaluate again.") from e
    return dict(body)


def _view(name: str, body: Body) -> str:
    if name not in VIEWS:
        raise InputError(f"Unknown view {name!r} of figures: use one of {', '.join(VIEWS)}.")
    try:
        return VIEWS[name](body)
    except (KeyError, TypeError, ValueError, IndexError) as e:
        raise InputError(f"These figures have no view {name!r} ({e!r}): name others.") from e


def _summary(body: Body) -> str:
    line = _lines(body, ALL)[0]
    return (
        f"{line.real + line.ai} pictures ({line.real} real, {line.ai} AI) of "
        f"{_sources(line.sources)}; 95 % bootstrap intervals."
    )


def _conditions(part: str, *tables: tuple[str, ...]) -> Callable[[Body], str]:
    """Show every condition, in as many tables as there are groups of figures."""

    def view(body: Body) -> str:
        lines = _lines(body, part)
        made = []
        for names in tables:
            shown = [n for n in names if any(n in line.figures for line in lines)]
            rows = [[x.condition, *(_figure(x.figures.get(n)) for n in shown)] for x in lines]
            made.append(markdown_table(["condition", *shown], rows))
        return "\n\n".join(made)

    return view


def _both_classes(body: Body) -> str:
    line = _lines(body, BOTH)[0]
    tables = _conditions(BOTH, PROBABILITIES, VERDICTS)(body)
    of = _sources(line.sources)
    return f"{line.real} real and {line.ai} AI pictures of {of}.\n\n{tables}"


def _formats(body: Body) -> str:
    """Show pictures that came as JPEG files and the others apart, in every condition."""
    rows = [
        [
            x.name,
            str(x.real),
            str(x.ai),
            x.condition,
            *(_figure(x.figures.get(n)) for n in OF_FORMAT),
        ]
        for x in sorted(_lines(body, FORMAT), key=lambda line: line.name)
    ]
    return markdown_table(["came as", "real", "AI", "condition", *OF_FORMAT], rows)


def _parts(part: str) -> Callable[[Body], str]:
    """Show the first condition, as pictures came, for each member of a part."""

    def view(body: Body) -> str:
        lines = _lines(body, part)
        lines = [line for line in lines if line.condition == lines[0].condition]
        names = [n for n in OF_PART[part] if any(n in line.figures for line in lines)]
        told = [line for line in lines if any(n in line.figures for n in names)]
        counts = ["real"] if part == REAL_CLASS else ["real", "AI"]
        rows = [
            [
                line.name,
                *[str(line.real), str(line.ai)][: len(counts)],
                *(_figure(line.figures.get(n)) for n in names),
            ]
            for line in told
        ]
        table = markdown_table([part, *counts, *names], rows)
        few = len(lines) - len(told)
        return (
            f"{table}\n\nLeft out for fewer than {MIN_OF_CLASS} pictures: {few}." if few else table
        )

    return view


def _lines(body: Body, part: str) -> list[Line]:
    lines = [line for line in lines_from_json(body["figures"]) if line.part == part]
    if not lines:
        raise ValueError(f"no line for {part}")
    return lines


def _read_outs(body: Body) -> str:
    of: Mapping[str, Mapping[str, Any]] = body["read_outs_auc"]
    names = list(next(iter(of.values())))
    rows = [[c, *(_figure(Figure(**figures[n])) for n in names)] for c, figures in of.items()]
    return markdown_table(["condition", *names], rows)


def _ablations(body: Body) -> str:
    """Show the models of the ablation table; the reference's differences are left empty."""
    columns = {
        "D1 AUC": ("d1_auc", _figure),
        "less reference": ("d1_difference", _signed),
        "D2 AUC": ("d2_auc", _figure),
        "less the reference": ("d2_difference", _signed),
        "caption loss": ("caption_loss", _figure),
    }
    rows = []
    for n, row in enumerate(body["rows"]):
        cells = [
            "" if n == 0 and key.endswith("difference") else told(Figure(**row[key]))
            for key, told in columns.values()
        ]
        rows.append([row["name"], *cells])
    return markdown_table(["model", *columns], rows)


def _signed(figure: Figure) -> str:
    return f"{figure.value:+.3f} ({figure.low:+.3f} to {figure.high:+.3f})"


def _heat_maps(body: Body) -> str:
    columns = (
        "calibration pixel AUC",
        "test pixel AUC",
        "test IoU",
        "deletion area, log-odds",
        "rank correlation with shuffled weights",
    )
    rows = []
    for name, figures in body["maps"].items():
        shown = f"**{name}**" if name == body["chosen"] else name
        values = [figures.get(column) for column in columns]
        rows.append([shown, *(_figure(Figure(**v) if v else None) for v in values)])
    return markdown_table(["map", *columns], rows)


def _heat_map_summary(body: Body) -> str:
    counts = {side: sum(of.values()) for side, of in body["pictures"].items()}
    sources = {side: len(of) for side, of in body["pictures"].items()}
    best = body["maps"][body["chosen"]]
    return (
        f"Chosen on {counts['calibration']} composites of "
        f"{_sources(sources['calibration'], 'calibration ')}: {body['chosen']}. "
        f"On {counts['test']} composites of {_sources(sources['test'], 'test ')} its pixel AUC is "
        f"{Figure(**best['test pixel AUC'])}, its IoU {Figure(**best['test IoU'])}."
    )


def _traces(body: Body) -> str:
    speed = body["speed"]["methods"]
    rows = []
    for plant in body["plants"]:
        method = plant["method"]
        kept = [plant[name] for name in ("picture_auc", "pixel_auc", "found", "false_alarms")]
        rows.append(
            [
                method.removeprefix("trace."),
                plant["plant"],
                *(_figure(Figure(**each)) if each else "" for each in kept),
                f"{speed[method]['cpu_seconds']:.2f}" if method in speed else "",
                plant["reported"],
            ]
        )
    columns = [
        "method",
        "planted",
        "picture AUC",
        "pixel AUC",
        "found",
        "false alarms",
        "processor s, 12 MP",
        "the paper reports",
    ]
    if not any(row[-1] for row in rows):
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    return markdown_table(columns, rows)


def _trace_speed(body: Body) -> str:
    rows = [
        [
            name.removeprefix("trace."),
            f"{each['seconds']:.2f}",
            f"{each['cpu_seconds']:.2f}",
            "" if each["peak_memory_mb"] is None else f"{each['peak_memory_mb']} MB",
        ]
        for name, each in body["speed"]["methods"].items()
    ]
    return markdown_table(["method", "seconds", "processor seconds", "peak memory"], rows)


def _explained(body: Body) -> str:
    """Show how true explanations are, the place laid in the centre beside what was named."""
    test, sentences = body["pictures"]["test"], body["sentences"]
    place, heat = body["place that differs most"], body["place of the heat map"]
    third, control = body["third that is named"], body["shuffled findings"]
    times = body["language_ms"]
    rows = [
        ["sentences dropped by the check", _share(sentences["share dropped"]), ""],
        [
            "sentences that assert an outcome, of which the verdict's",
            f"{sentences['that assert the verdict']} of {sentences['that assert an outcome']}",
            "",
        ],
        *(
            [f"{what}, {who}", _share(of[who]["right, of those"]), _share(of[who][CENTRE])]
            for what, of in (("place to look at first", place), ("place of the heat map", heat))
            for who in of
        ),
        ["the same, of all composites", _share(place["language model"]["right, of all"]), ""],
        [
            f"third of the picture that is named (beside it: always {third['majority']})",
            _share(third["right"]),
            _share(third["majority right"]),
        ],
        [
            "given another picture's findings: sentences true of those (beside it: of its own)",
            _share(control["true of the findings that were given"]),
            _share(control["true of the picture's own findings"]),
        ],
        *_locality(body["locality"]),
        [
            "language model, ms: median, longest",
            f"{times['median']:.0f}, {times['longest']:.0f}",
            "",
        ],
    ]
    told = (
        f"{test['composites']} composites and {test['untouched']} untouched photographs of "
        f"{_sources(len(test['sources']), 'test ')}."
    )
    known = [row for row in rows if row[1]]
    return f"{told}\n\n{markdown_table(['what', 'figure', 'control'], known)}"


def _locality(local: Body) -> list[list[str]]:
    """Show how well an edited picture is told from an untouched one by its unevenness."""
    return [
        ["edited from untouched by unevenness, AUC", _share(local.get("AUC")), ""],
        [
            "called local at the threshold: edited (beside it: untouched)",
            _share(local.get("edited called local")),
            _share(local.get("untouched called local")),
        ],
    ]


def _share(figure: Mapping[str, Any] | None) -> str:
    return _figure(Figure(**figure) if figure else None)


def _sources(count: int, kind: str = "") -> str:
    return f"{count} {kind}{'source' if count == 1 else 'sources'}"


def _figure(figure: Figure | None) -> str:
    return "" if figure is None else str(figure)


VIEWS: dict[str, Callable[[Body], str]] = {
    "summary": _summary,
    "conditions": _conditions(ALL, PROBABILITIES, VERDICTS),
    "conditions-short": _conditions(ALL, SHORT),
    "both-classes": _both_classes,
    "formats": _formats,
    "sources": _parts(SOURCE),
    "generators": _parts(GENERATOR),
    "real-classes": _parts(REAL_CLASS),
    "read-outs": _read_outs,
    "ablations": _ablations,
    "heat-maps": _heat_maps,
    "heat-map-summary": _heat_map_summary,
    "explained": _explained,
    "traces": _traces,
    "trace-speed": _trace_speed,
    **CHOICE_VIEWS,
    **SPEED_VIEWS,
    **VERDICT_VIEWS,
}
"""What a mark may ask for."""

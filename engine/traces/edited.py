"""Whether a part of the picture has another history of compression than the rest.

A photograph that was a JPEG before carries that compression everywhere. A part that was generated,
pasted in or painted over does not. Where `engine.traces.dq` (files stored as JPEG) or
`engine.traces.lattice` (files without loss) map this, the largest part that lacks it is weighed:
how far it differs from the rest, how even the rest is, and how coherent the part. The weights and
the threshold are data (``resources/edited.toml``), with the error rates that were measured.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from engine import paths
from engine.errors import EngineError
from engine.trace_types import Trace
from engine.traces import dq, lattice
from engine.traces.made import NONE, Method
from engine.traces.subject import Check, Subject
from engine.traces.tracing import Tracing, heat, regions, traced
from engine.types import Finding, HeatMap, Status

METHOD = Method(
    name="trace.edited",
    version="1",
    source=(
        "The maps of trace.dq (Bianchi, Piva 2012) and trace.lattice (Fan, de Queiroz 2003); how "
        "they are weighed is this project's, fitted and measured as resources/edited.toml says"
    ),
)
FILE = "edited.toml"
STANDS_OUT = 0.7
"""Value of a cell from which it lacks the earlier compression."""

LEAST_CELLS = 49
"""Blocks of the largest part; smaller ones are not weighed."""

LEAST_JUDGED = 100
"""Blocks that must be judged at all."""

LEAST_REST = 30
"""Blocks that must be left of the rest to compare with."""

RIM, CORE = 4, 2
"""Blocks around a part that belong to neither, and how deep within it its core begins."""

SPREAD_OUT = 0.5
"""Value of a cell of the rest from which it counts as half lacking."""

SIGNS = ("apart", "stray", "core", "others")
"""What a part is weighed by; see `Part`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """The largest part that lacks the earlier compression, and what it is weighed by."""

    cells: NDArray[np.bool_]
    """[rows, cols], where it lies."""
    apart: float
    """Mean of its cells less the mean of the rest, -1..1."""
    stray: float
    """Square root of the share of the rest that half lacks it too, 0..1."""
    core: float
    """Share of its cells that lie deep within, 0..1: scattered and thin parts have little."""
    others: float
    """Square root of the share of judged cells that lack it outside of the part, 0..1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """How parts of one map are weighed, and how often that errs."""

    weights: tuple[float, ...]
    """Of `SIGNS`."""
    bias: float
    threshold: float
    """Log-odds from which a part is pointed out."""
    untouched: int
    """Files without an edit, of sources that nothing was set on."""
    called: int
    """Of these, in which a part was pointed out."""

    def log_odds(self, part: Part) -> float:
        """Return how far a part speaks for an edit."""
        signs = (part.apart, part.stray, part.core, part.others)
        return self.bias + float(np.dot(self.weights, signs))


@functools.cache
def weighings() -> Mapping[str, Weighing]:
    """Return how each map is weighed, by the name of its method.

    Raises:
        EngineError: the file is missing or broken.
    """
    file = paths.resources_dir() / FILE
    try:
        return _read(file)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise EngineError(f"The file {file} cannot be used ({error!r}): install again.") from error


def _read(file: Path) -> Mapping[str, Weighing]:
    body = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        name: Weighing(
            weights=tuple(float(each["weights"][sign]) for sign in SIGNS),
            bias=float(each["bias"]),
            threshold=float(each["threshold"]),
            untouched=int(each["untouched"]),
            called=int(each["called"]),
        )
        for name, each in body["map"].items()
    }


def find(subject: Subject, check: Check) -> Trace:
    """Weigh the largest part of the map that fits the file."""
    source = lattice if subject.jpeg is None else dq
    seen = source.find(subject, check)
    if seen.finding.status is not Status.DERIVED:
        return traced(METHOD.not_available(seen.finding.reason))
    if seen.heatmap is None:
        return traced(
            METHOD.derived(
                NONE,
                "The picture shows no earlier compression as a whole, so no part can lack one: "
                "whether a part was edited cannot be told in this way.",
            )
        )
    part = largest(seen.heatmap)
    weighing = weighings()[source.METHOD.name]
    log_odds = -np.inf if part is None else weighing.log_odds(part)
    shown = heat(seen.heatmap.cells, seen.heatmap.valid, subject, seen.heatmap.method)
    parameters = (("map", source.METHOD.name), ("points out from", f"{weighing.threshold:g}"))
    if part is None or log_odds < weighing.threshold:
        said = (
            "The picture was compressed before, and no coherent part lacks that compression. "
            "Edits that were made before it, or were too small, leave no such trace."
        )
        value = NONE if part is None else round(log_odds, 2)
        return traced(_derived(value, said), heatmap=shown, parameters=parameters)
    boxes = regions(part.cells, 8, subject, least_cells=1, most=1)
    said = (
        "A coherent part lacks the earlier compression that the rest of the picture carries, as "
        "one that was generated, pasted in or painted over does. Of untouched files "
        f"{weighing.called} in {weighing.untouched} looked so too: overlaid writing, and calm or "
        "very bright areas, do that. Compare with an earlier copy."
    )
    return traced(
        METHOD.derived(round(log_odds, 2), said, unit="log-odds", regions=boxes),
        heatmap=shown,
        parameters=parameters,
    )


def _derived(value: float | str, said: str) -> Finding:
    return METHOD.derived(value, said, unit=None if value == NONE else "log-odds")


def largest(heatmap: HeatMap) -> Part | None:
    """Return the largest part that lacks the earlier compression; None where none is large enough.

    Args:
        heatmap: 0 as the rest of the picture, 1 lacking it.
    """
    score, valid = heatmap.cells, heatmap.valid
    if int(valid.sum()) < LEAST_JUDGED:
        return None
    hot = (score >= STANDS_OUT) & valid
    labels, count = ndimage.label(hot, structure=np.ones((3, 3), dtype=np.int8))
    if not count:
        return None
    sizes = np.bincount(labels.ravel())[1:]
    cells = labels == int(sizes.argmax()) + 1
    size = int(sizes.max())
    if size < LEAST_CELLS:
        return None
    rest = score[valid & ~ndimage.binary_dilation(cells, iterations=RIM)]
    if rest.size <= LEAST_REST:
        return None
    deep = ndimage.binary_erosion(cells, iterations=CORE)
    return Part(
        cells=cells,
        apart=float(score[cells].mean() - rest.mean()),
        stray=float((rest >= SPREAD_OUT).mean() ** 0.5),
        core=float(deep.sum() / size),
        others=float(((hot & ~cells).sum() / valid.sum()) ** 0.5),
    )


TRACING = Tracing(
    method=METHOD,
    title="Part with another history",
    principle=(
        "A photograph that was a JPEG before carries that compression everywhere; a part that was "
        "put in or made afterwards lacks it."
    ),
    limits=(
        "Sees nothing where the picture had no earlier compression, was resized or cropped off its "
        "grid after the edit, or was last saved more coarsely than before. Writing laid over a "
        "picture, and calm or very bright areas, may look the same."
    ),
    parameters=(
        ("signs", ", ".join(SIGNS)),
        ("least part", f"{LEAST_CELLS} blocks of 8 px"),
        ("weights and error rates", FILE),
    ),
    find=find,
)

"""The decision table: how facts of provenance and the calibrated verdict stand to each other.

The table is data (``resources/decisions.toml``). It words facts and verdict side by side and
changes neither: the probability and the outcome are the model's alone.
"""

from __future__ import annotations

import functools
import itertools
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import paths
from engine.errors import EngineError

FILE = "decisions.toml"

PROVENANCE = (
    "ai_credential",
    "part_credential",
    "camera_credential",
    "watermark",
    "generator_text",
    "ai_label",
    "part_label",
    "unverified_credential",
    "camera_metadata",
    "none",
)
"""Strongest fact about the origin, strongest first; the table's head says what each means."""
CONTRADICTION = ("broken", "origin", "other", "none")
OUTCOME = ("ai", "real", "inconclusive", "outside")
REGION = ("local", "other")
AXES: dict[str, tuple[str, ...]] = {
    "provenance": PROVENANCE,
    "contradiction": CONTRADICTION,
    "outcome": OUTCOME,
    "region": REGION,
}
"""What a row may ask, and every value that may occur."""
FIRST = ("statement", "verdict")
FACT = "fact"
"""The only placeholder of a text: the value of the strongest fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One value of each axis."""

    provenance: str
    contradiction: str
    outcome: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table."""

    id: str
    provenance: tuple[str, ...]
    """Values for which the row holds; all of them where the row does not ask."""
    contradiction: tuple[str, ...]
    outcome: tuple[str, ...]
    region: tuple[str, ...]
    headline: str
    explanation: str
    """May hold ``{fact}``."""
    conflict: bool
    first: str
    """``"statement"`` or ``"verdict"``: what is shown above the other."""

    def holds(self, situation: Situation) -> bool:
        """Return whether the row speaks of a situation."""
        return all(getattr(situation, axis) in getattr(self, axis) for axis in AXES)

    def asked(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return (axis, values) of every axis that the row asks about, in the axes' order."""
        values = ((axis, getattr(self, axis)) for axis in AXES)
        return tuple((axis, some) for axis, some in values if some != AXES[axis])


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The whole table, complete and without overlaps."""

    version: str
    rows: tuple[Row, ...]
    """In the order in which they are printed."""

    def row(self, situation: Situation) -> Row:
        """Return the one row that holds."""
        return next(row for row in self.rows if row.holds(situation))


def situations() -> Iterator[Situation]:
    """Yield every combination of the axes' values."""
    for values in itertools.product(*AXES.values()):
        yield Situation(**dict(zip(AXES, values, strict=True)))


@functools.cache
def table() -> Table:
    """Return the shipped table; it is read once a process.

    Raises:
        EngineError: it is missing, damaged, incomplete, or two rows speak of the same.
    """
    return read_table(paths.resources_dir() / FILE)


def read_table(file: Path) -> Table:
    """Read and check a table.

    Args:
        file: TOML.

    Raises:
        EngineError: as ``table``.
    """
    try:
        raw = tomllib.loads(file.read_text("utf-8"))
        made = Table(version=str(raw["version"]), rows=tuple(_row(row) for row in raw["row"]))
        _require_sound(made)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineError(
            f"The decision table {file} cannot be used ({error}): install Residua again.",
            kind="installation",
        ) from error
    return made


def _row(raw: Mapping[str, Any]) -> Row:
    known = {"id", "headline", "explanation", "conflict", "first", *AXES}
    if unknown := raw.keys() - known:
        raise ValueError(f"row {raw.get('id')!r} knows no {', '.join(sorted(unknown))}")
    asked = {axis: tuple(raw.get(axis, values)) for axis, values in AXES.items()}
    for axis, values in asked.items():
        wrong = [value for value in values if value not in AXES[axis]]
        if wrong or not values:
            raise ValueError(f"row {raw['id']!r} asks for {axis} {wrong or 'nothing'}")
    texts = [raw[name] for name in ("id", "headline", "explanation")]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise ValueError(f"row {raw['id']!r} has an empty text")
    for text in texts:
        fields = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        if fields - {FACT}:
            raise ValueError(f"row {raw['id']!r} has the placeholder {sorted(fields)}")
    if not isinstance(raw["conflict"], bool) or raw["first"] not in FIRST:
        raise ValueError(f"row {raw['id']!r} needs conflict = true or false and first = {FIRST}")
    return Row(
        id=raw["id"],
        headline=raw["headline"],
        explanation=raw["explanation"],
        conflict=raw["conflict"],
        first=raw["first"],
        **asked,
    )


def _require_sound(made: Table) -> None:
    """Raise ValueError unless every situation has exactly one row and every row a name."""
    names = [row.id for row in made.rows]
    if len(set(names)) != len(names):
        raise ValueError("two rows have the same id")
    for situation in situations():
        holding = [row.id for row in made.rows if row.holds(situation)]
        if len(holding) != 1:
            said = ", ".join(holding) or "no row"
            raise ValueError(f"{situation} is spoken of by {said}")

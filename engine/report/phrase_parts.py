"""Parts of what is said of one examination; plain text, no mark-up."""

from __future__ import annotations

from dataclasses import dataclass

from engine.types import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPhrase:
    """One finding in words."""

    id: str
    """Its id, such as ``"F3"``."""
    name: str
    """Analyser and version."""
    value: str
    """Value with unit; an en dash when there is none."""
    meaning: str
    """What it means, or why it is not available."""
    where: str
    """The places, or "whole file"."""
    source: str
    """What the method rests on; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroup:
    """All findings that are known in the same way."""

    status: Status
    title: str
    """The status as a word."""
    meaning: str
    """What the status says."""
    findings: tuple[FindingPhrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPhrase:
    """What facts and verdict say together, in words."""

    label: str
    """``"CONFLICT"`` or ``"STATEMENT"``."""
    headline: str
    """A short phrase."""
    explanation: str
    """What follows and what does not."""
    cited: str
    """Ids of the findings it rests on, and the row of the table."""
    conflict: bool
    """Whether something contradicts something."""
    leads: bool
    """Whether it is shown above the verdict."""

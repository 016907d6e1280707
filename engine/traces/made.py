"""How analysers make findings: the fields that are the same for all are filled in here."""

from __future__ import annotations

from dataclasses import dataclass

from engine.types import Finding, Region, Status

UNNUMBERED = ""
"""Id of a finding until all are known; `engine.traces.inspection` gives the ids."""

NONE = "none"
"""Value of a finding that says something looked for is not there."""

MAX_VALUE_CHARS = 120
MAX_QUOTE_CHARS = 240
MAX_REASON_CHARS = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """An analyser's name and what it rests on; makes its findings."""

    name: str
    """Such as ``"jpeg.structure"``."""
    version: str
    """Changes when the same bytes may give another finding."""
    source: str
    """Paper, standard or data file."""

    def observed(
        self,
        value: float | str | None,
        reason: str,
        *,
        unit: str | None = None,
        regions: tuple[Region, ...] = (),
        source: str | None = None,
    ) -> Finding:
        """Return what the bytes say."""
        return self._make(
            Status.OBSERVED, reason, value=value, unit=unit, regions=regions, source=source
        )

    def derived(
        self,
        value: float | str | None,
        reason: str,
        *,
        unit: str | None = None,
        regions: tuple[Region, ...] = (),
    ) -> Finding:
        """Return what was computed from the samples."""
        return self._make(Status.DERIVED, reason, value=value, unit=unit, regions=regions)

    def not_available(self, reason: str) -> Finding:
        """Return that this was not examined, and why."""
        return self._make(Status.NOT_AVAILABLE, reason)

    def failed(self, reason: str) -> Finding:
        """Return that the analyser stopped, and why."""
        return self._make(Status.FAILED, reason)

    def _make(
        self,
        status: Status,
        reason: str,
        *,
        value: float | str | None = None,
        unit: str | None = None,
        regions: tuple[Region, ...] = (),
        source: str | None = None,
    ) -> Finding:
        if isinstance(value, str):
            value = quoted(value, MAX_VALUE_CHARS)
        return Finding(
            id=UNNUMBERED,
            analyser=self.name,
            version=self.version,
            status=status,
            value=value,
            unit=unit,
            regions=regions,
            reason=quoted(reason, MAX_REASON_CHARS),
            source=source or self.source,
        )


def quoted(text: str, limit: int = MAX_QUOTE_CHARS) -> str:
    """Return text from a file on one line, cut with an ellipsis where it is too long.

    Args:
        text: as found; may hold anything.
        limit: most characters kept.
    """
    # Cut first: a prompt or workflow may have megabytes.
    line = " ".join(text[: 4 * limit].replace("\0", " ").split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def listed(parts: list[str] | tuple[str, ...], most: int = 8) -> str:
    """Return words joined by commas, with the number of those left out.

    Args:
        parts: what to list.
        most: how many are named.
    """
    named = ", ".join(parts[:most])
    left = len(parts) - most
    return f"{named} and {left} more" if left > 0 else named

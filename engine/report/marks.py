"""Lines that are printed to be read back: what ties the pages to the attached records."""

from __future__ import annotations

import re

from engine.types import Examination

RECORD = re.compile(
    r"record([0-9]+)sha256([0-9a-f]{64}|none)"
    r"verdict(ai|real|inconclusive|none)p_ai([01]\.[0-9]{6}|none)"
)
"""A record line without its spaces."""

SEAL = re.compile(r"recordssha256([0-9a-f]{64})")
"""A seal line without its spaces."""


def record_text(number: int, examination: Examination) -> str:
    """Return the line that ties an exhibit's page to its record.

    Args:
        number: of the exhibit.
        examination: its result, or its failure.
    """
    verdict = examination.verdict
    sha256 = examination.facts.sha256 or "none"
    word = str(verdict.outcome) if verdict else "none"
    p = f"{verdict.p_ai:.6f}" if verdict else "none"
    return f"record {number} sha256 {sha256} verdict {word} p_ai {p}"


def seal_text(records_sha256: str) -> str:
    """Return the line that ties every page to the attached records.

    Args:
        records_sha256: hex, of the attached file.
    """
    return f"records sha256 {records_sha256}"

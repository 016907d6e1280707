"""Examinations in words and reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.api.scanning import results
from engine.job import Context
from engine.types import Examination

if TYPE_CHECKING:
    from engine.report.verify import Check
    from engine.report.wording import Phrases


def phrases(examination: Examination) -> Phrases:
    """Return an examination in words for a person: headline, probability, band, shape."""
    from engine.report import wording

    return wording.phrases(examination)


def write_report(out_dir: str | Path, out_file: str | Path, ctx: Context) -> None:
    """Write the PDF report of a results folder.

    Args:
        out_dir: the folder given to a scan.
        out_file: the PDF; replaced when it exists.
        ctx: receives progress, carries the wish to stop.

    Raises:
        StoreError: there are no results, or the file cannot be written.
        Cancelled: the operator stopped it.
    """
    from engine.report.pdf import write_pdf

    write_pdf(results(out_dir), out_dir=Path(out_dir), out_file=Path(out_file), ctx=ctx)


def verify_report(pdf: str | Path, evidence_dir: str | Path | None = None) -> tuple[Check, ...]:
    """Check a report, and with ``evidence_dir`` the hashes of the files it speaks of.

    Returns:
        One check a line: name, outcome (``pass``, ``fail`` or ``not_checked``), detail.

    Raises:
        InputError: the file is not a report of this program.
    """
    from engine.report.verify import verify_report as verify

    return verify(Path(pdf), Path(evidence_dir) if evidence_dir is not None else None)

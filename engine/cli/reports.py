"""``report`` and ``verify``."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from engine import __version__, api
from engine.cli.console import Reporter, job, out
from engine.errors import InputError
from engine.report.wording import printable


def report(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Write a PDF from a results folder."""
    if Path(options.source).is_file():
        raise InputError(
            f"{options.source!r} is a file: version {__version__} makes reports from a results "
            "folder (the one given to scan as --out); it does not have case files."
        )
    with job(Reporter(quiet=options.quiet)) as ctx:
        api.write_report(options.source, options.out, ctx)
    out(printable(options.out))
    return 0


def verify(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Check a report; 0 only if nothing failed."""
    checks = api.verify_report(options.file, options.evidence)
    for check in checks:
        out(f"{check.outcome.replace('_', ' '):<12} {check.name}: {printable(check.detail)}")
    return 1 if any(check.outcome == "fail" for check in checks) else 0

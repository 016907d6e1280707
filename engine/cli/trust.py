"""``trust``."""

from __future__ import annotations

from argparse import Namespace
from datetime import date

from engine import api
from engine.cli.console import out
from engine.errors import InputError
from engine.report.wording import printable


def take(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Import a trust list; it replaces the one before."""
    try:
        dated = date.fromisoformat(options.dated)
    except ValueError as error:
        raise InputError(
            f"--dated {options.dated}: give the date of the list as YYYY-MM-DD."
        ) from error
    api.import_trust_list(options.source, dated)
    return show(options, _factory)


def show(_options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Print which trust list is in use."""
    held = api.trust_list()
    if held is None:
        out("No trust list is imported: signers of Content Credentials are not looked up.")
    else:
        out(f"{printable(held.name)} of {held.dated}, {held.count} authorities")
    return 0

"""Seeing whether the files of all exhibits are still those that were taken in."""

from __future__ import annotations

from engine.case_types import Exhibit
from engine.evidence.case_store import Case
from engine.evidence.exhibit_files import check_exhibit
from engine.images.member_reader import MemberReader
from engine.job import Context, Progress
from engine.log_types import Action

CHECKING = "Checking exhibits"


def check_exhibits(
    case: Case, ctx: Context, action: Action = "exhibit.check"
) -> tuple[Exhibit, ...]:
    """Read the files of all exhibits again; what is found is shown by the case, and logged.

    Args:
        case: open; a read-only one is checked without a log entry.
        ctx: receives progress, carries the wish to stop.
        action: what it is done for, as the log says it.

    Returns:
        The exhibits with their states.
    """
    checked = look_at_exhibits(case, ctx)
    if checked:
        case.keep_states(checked, action)
    return checked


def look_at_exhibits(case: Case, ctx: Context) -> tuple[Exhibit, ...]:
    """Read the files of all exhibits again and return them with their states; logs nothing."""
    exhibits = case.exhibits()
    checked = []
    with MemberReader() as members:
        for index, exhibit in enumerate(exhibits):
            ctx.report(Progress(phase=CHECKING, done=index, total=len(exhibits)))
            checked.append(check_exhibit(exhibit, members.read))
    ctx.report(Progress(phase=CHECKING, done=len(exhibits), total=len(exhibits)))
    return tuple(checked)

"""Cases: making, filling, checking and handing on."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.case_types import PROPOSITIONS, CaseCheck, CaseInfo, Exhibit
from engine.job import Context

if TYPE_CHECKING:
    from engine.evidence.case_store import Case
    from engine.scan.ingest import Ingested


def operator_name() -> str:
    """Return who works on this machine, as the system tells it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def is_case(file: str | Path) -> bool:
    """Return whether a file is a case, of whatever version."""
    from engine.evidence.case_database import says_it_is_a_case

    return says_it_is_a_case(Path(file))


def new_case(
    file: str | Path,
    *,
    operator: str | None = None,
    number: str = "",
    title: str = "",
    requester: str = "",
    laboratory: str = "",
    examiner: str = "",
    reviewer: str = "",
    question: str = "",
    propositions: tuple[str, str] = PROPOSITIONS,
) -> CaseInfo:
    """Make a case file.

    Args:
        file: must not exist; its folder must.
        operator: who makes it; the user of the system when None.
        number: the laboratory's number.
        title: the file's name when empty.
        requester: who asked.
        laboratory: who examines.
        examiner: who signs; the operator when empty.
        reviewer: who reviews.
        question: what was asked.
        propositions: the question as two propositions.

    Raises:
        StoreError: the file exists, or cannot be written; nothing is left behind.
    """
    from engine.evidence import case_new

    return case_new.new_case(
        Path(file),
        operator=operator_name() if operator is None else operator,
        number=number,
        title=title,
        requester=requester,
        laboratory=laboratory,
        examiner=examiner,
        reviewer=reviewer,
        question=question,
        propositions=propositions,
    )


def open_case(file: str | Path, *, operator: str | None = None, writable: bool = True) -> Case:
    """Open a case; close it, or use it as a context. One thread owns it.

    Whoever opens it first writes. Who comes second, or may not write, reads: then
    ``read_only_because`` says why, and every change is refused with a StoreError.

    Args:
        file: the case.
        operator: who works on it from now on; the user of the system when None.
        writable: whether to try to be the one who writes.

    Raises:
        StoreError: there is no such file, it is no case, or it is newer than this program.
    """
    from engine.evidence.case_store import Case

    name = operator_name() if operator is None else operator
    return Case(Path(file), operator=name, writable=writable)


def add_to_case(
    case: Case, paths: tuple[str, ...], ctx: Context, *, copy: bool = False, source: str = ""
) -> tuple[Ingested, ...]:
    """Take files, and the images in folders, into a case; each is read once.

    Args:
        case: open for writing.
        paths: files and folders (recursively).
        ctx: receives progress, carries the wish to stop.
        copy: whether to keep an evidentiary and a working copy beside the case.
        source: where they come from, in the operator's words.

    Returns:
        One entry a file, also for one that could not be read.

    Raises:
        InputError: none of the paths exists.
        StoreError: the case can only be read, or cannot be written; what was taken in is kept.
        Cancelled: the operator stopped it; what was taken in is kept.
    """
    from engine.scan.ingest import take_in

    case.require_writable()
    return take_in(case, paths, ctx, copy=copy, source=source)


def check_case_exhibits(
    case: Case, ctx: Context, *, action: str = "exhibit.check"
) -> tuple[Exhibit, ...]:
    """Read the files of all exhibits again; done when a case is opened and before a report.

    What is found is shown by ``case.contents()`` from then on, and logged unless the case can
    only be read. Nothing is ever hashed anew into the record.

    Args:
        case: open.
        ctx: receives progress, carries the wish to stop.
        action: what it is done for, as the log says it.
    """
    from engine.scan.ingest import check_exhibits

    return check_exhibits(case, ctx, action)


def verify_case(case: Case, ctx: Context, *, head: str | None = None) -> Iterator[CaseCheck]:
    """Check a case: file, log, records, exhibits, time stamps.

    Args:
        case: open; nothing is written to it.
        ctx: receives progress, carries the wish to stop.
        head: hash of the log that a report printed, hex.

    Yields:
        One check at a time.
    """
    from engine.evidence.case_checks import check_case
    from engine.scan.ingest import look_at_exhibits

    yield from check_case(case, look_at_exhibits(case, ctx), head)

"""Cases: making, filling, checking and handing on."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.case_types import PROPOSITIONS, CaseCheck, CaseInfo, Exhibit
from engine.job import Context
from engine.log_types import Action, LogEntry, Timestamp

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
    """Open a case; close it, or use it as a context. Threads may share it.

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


def copy_case(case: Case, file: str | Path) -> Path:
    """Keep a case under another name, with the copies of its exhibits; both have the same log.

    Args:
        case: open; that it was copied is logged unless it can only be read.
        file: must not exist; its folder must.

    Returns:
        The new file, absolute.

    Raises:
        StoreError: it exists, or cannot be written; nothing is left behind.
    """
    from engine.evidence.case_copy import copy_case as copy

    return copy(case, Path(file))


def remove_case(file: str | Path) -> None:
    """Remove a case that is closed, with its copies of exhibits; the exhibits themselves stay.

    Raises:
        StoreError: it cannot be removed.
    """
    from engine.evidence.case_copy import remove_case as remove

    remove(Path(file))


def add_to_case(
    case: Case,
    paths: tuple[str, ...],
    ctx: Context,
    *,
    copy: bool = False,
    source: str = "",
    containers: bool = True,
) -> tuple[Ingested, ...]:
    """Take files, and the images in folders, into a case; each is read once.

    Args:
        case: open for writing.
        paths: files and folders (recursively).
        ctx: receives progress, carries the wish to stop.
        copy: whether to keep an evidentiary and a working copy beside the case.
        source: where they come from, in the operator's words.
        containers: whether archives and documents are opened for the pictures in them.

    Returns:
        One entry a file, also for one that could not be read.

    Raises:
        InputError: none of the paths exists.
        StoreError: the case can only be read, or cannot be written; what was taken in is kept.
        Cancelled: the operator stopped it; what was taken in is kept.
    """
    from engine.scan.ingest import take_in

    case.require_writable()
    return take_in(case, paths, ctx, copy=copy, source=source, containers=containers)


def check_case_exhibits(
    case: Case, ctx: Context, *, action: Action = "exhibit.check"
) -> tuple[Exhibit, ...]:
    """Read the files of all exhibits again; done when a case is opened and before a report.

    What is found is shown by ``case.contents()`` from then on, and logged unless the case can
    only be read. Nothing is ever hashed anew into the record.

    Args:
        case: open.
        ctx: receives progress, carries the wish to stop.
        action: what it is done for, as the log says it.
    """
    from engine.evidence.exhibit_checks import check_exhibits

    return check_exhibits(case, ctx, action)


def verify_case(
    case: Case, ctx: Context, *, head: str | None = None, roots: str | Path | None = None
) -> Iterator[CaseCheck]:
    """Check a case: file, log, records, exhibits, time stamps.

    Args:
        case: open; nothing is written to it.
        ctx: receives progress, carries the wish to stop.
        head: hash of the log that a report printed, hex.
        roots: certificates of the time-stamping authorities that are trusted, PEM.

    Yields:
        One check at a time.

    Raises:
        InputError: the certificates cannot be read.
    """
    from engine.evidence.case_checks import check_case
    from engine.evidence.exhibit_checks import look_at_exhibits
    from engine.evidence.stamping import check_timestamps

    yield from check_case(case, look_at_exhibits(case, ctx), head)
    yield from check_timestamps(case, None if roots is None else Path(roots))


def export_case(case: Case, file: str | Path, form: str | None, ctx: Context) -> str:
    """Check the exhibits, log the export, and write it.

    Args:
        case: open; one that can only be read is exported without a log entry.
        file: replaced when it exists.
        form: ``"json"``, ``"csv"``, ``"html"`` or ``"case-uco"``; None goes by the name's ending.
        ctx: receives progress, carries the wish to stop.

    Returns:
        The format.

    Raises:
        InputError: the format is not known.
        StoreError: the file cannot be written, or a record is damaged.
        Cancelled: the operator stopped it; no file is left behind.
    """
    from engine.exports.writing import write_export

    return write_export(case, Path(file), form, ctx)


def import_case(source: str | Path, file: str | Path) -> CaseInfo:
    """Make a case of a JSON export: the same records, the same log, the same head.

    Args:
        source: the export.
        file: the case to make; must not exist.

    Raises:
        InputError: the export cannot be read, or was changed; no case is made then.
        StoreError: the case cannot be written.
    """
    from engine.evidence.case_json import from_json

    return from_json(Path(source), Path(file))


def request_timestamp(case: Case, file: str | Path) -> Timestamp:
    """Write an RFC 3161 request that stamps the log as it stands; no network is used.

    Args:
        case: open for writing.
        file: the request (.tsq); must not exist.

    Raises:
        StoreError: the file or the case cannot be written.
    """
    from engine.evidence import stamping

    return stamping.request_timestamp(case, Path(file))


def attach_timestamp(case: Case, file: str | Path) -> Timestamp:
    """Attach a time-stamping authority's answer to the request it answers.

    Args:
        case: open for writing.
        file: the answer (.tsr), as the authority sent it.

    Raises:
        InputError: it is no answer, answers no request of this case, or does not hold.
        StoreError: the case cannot be written.
    """
    from engine.evidence import stamping

    return stamping.attach_timestamp(case, Path(file))


def entry_to_json(entry: LogEntry) -> str:
    """Return an entry of the log as the canonical JSON that is hashed, with its hash added."""
    import json

    from engine.evidence.custody import entry_text

    return json.dumps({**json.loads(entry_text(entry)), "hash": entry.hash}, ensure_ascii=True)

"""Time stamps of a case's log: asking, attaching the answer, checking it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.case_types import CaseCheck
from engine.errors import InputError, StoreError
from engine.evidence.case_log import now_utc
from engine.evidence.case_rows import all_of
from engine.evidence.case_store import Case
from engine.evidence.rfc3161 import (
    ANSWER_MOST,
    Certificate,
    check_answer,
    make_request,
    read_answer,
    read_roots,
)
from engine.evidence.stamps import (
    StampAnswer,
    StampRecord,
    StampRequest,
    read_timestamp,
    stamp_record,
    timestamps,
)
from engine.log_types import LogEntry, Timestamp


def request_timestamp(case: Case, file: Path) -> Timestamp:
    """Write a request that stamps the log as it stands.

    Args:
        case: open for writing.
        file: the request (.tsq); must not exist.

    Raises:
        StoreError: the file or the case cannot be written.
    """
    case.require_writable()
    head = case.check_log().head
    tsq, nonce = make_request(head.hash)
    try:
        with file.open("xb") as stream:
            stream.write(tsq)
    except FileExistsError as error:
        raise StoreError(f"{file} exists already: choose another name.", kind="exists") from error
    except OSError as error:
        raise StoreError(
            f"The request {file} cannot be written ({error.strerror}): check the folder."
        ) from error
    request = StampRequest(
        id=0, seq=head.entries, hash=head.hash, nonce=nonce, utc=now_utc(), tsq=tsq
    )
    details = {"entry": str(head.entries), "hash": head.hash}
    number = case.add_timestamp(stamp_record(request), "timestamp.request", details)
    return _timestamp(case, number)


def attach_timestamp(case: Case, file: Path) -> Timestamp:
    """Attach an authority's answer to the request it answers.

    Args:
        case: open for writing.
        file: the answer (.tsr), as the authority sent it.

    Raises:
        InputError: it is no answer, answers no request of this case, or its signature does not
            hold.
        StoreError: the case cannot be written.
    """
    case.require_writable()
    try:
        if file.stat().st_size > ANSWER_MOST:
            raise InputError(f"{file} has more than {ANSWER_MOST:,} bytes: it is no answer.")
        tsr = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}): check the name.") from error
    stamp = read_answer(tsr)
    request = next(
        (
            each
            for each in _records(case)
            if isinstance(each, StampRequest)
            and (each.hash, each.nonce) == (stamp.hash, stamp.nonce)
        ),
        None,
    )
    if request is None:
        raise InputError(
            f"{file} answers no request of this case: it stamps the hash {stamp.hash}. Attach it "
            "to the case whose request was sent."
        )
    check = check_answer(tsr, request.hash, ())
    if not check.intact:
        raise InputError(f"{file} was not attached: {check.detail}. Ask the authority again.")
    answer = StampAnswer(
        id=0,
        request=request.id,
        utc=now_utc(),
        stamped_utc=stamp.stamped_utc,
        authority=stamp.authority,
        serial=stamp.serial,
        tsr=tsr,
    )
    details = {
        "request": str(request.id),
        "stamped_utc": stamp.stamped_utc,
        "authority": stamp.authority,
        "serial": stamp.serial,
    }
    case.add_timestamp(stamp_record(answer), "timestamp.answer", details)
    return _timestamp(case, request.id)


def check_timestamps(case: Case, roots: Path | None) -> Iterator[CaseCheck]:
    """Check every time stamp of a case.

    Args:
        case: open.
        roots: certificates of authorities that are trusted, PEM; None checks no chain.

    Raises:
        InputError: the certificates cannot be read.
    """
    trusted = () if roots is None else read_roots(roots)
    log = {entry.seq: entry for entry in case.log()}
    records = _records(case)
    answers = {each.request: each for each in records if isinstance(each, StampAnswer)}
    requests = [each for each in records if isinstance(each, StampRequest)]
    if not requests:
        yield CaseCheck(name="time stamps", outcome="not_checked", detail="the case has none")
    for request in requests:
        yield from _checks(request, answers.get(request.id), log.get(request.seq), trusted)


def _checks(
    request: StampRequest,
    answer: StampAnswer | None,
    entry: LogEntry | None,
    roots: Sequence[Certificate],
) -> Iterator[CaseCheck]:
    name = f"time stamp {request.id}"
    if answer is None:
        detail = "no answer is attached to its request"
        yield CaseCheck(name=name, outcome="not_checked", detail=detail)
        return
    if entry is None or entry.hash != request.hash:
        detail = f"entry {request.seq} of the log no longer has the hash that was stamped"
        yield CaseCheck(name=name, outcome="fail", detail=detail)
        return
    check = check_answer(answer.tsr, request.hash, roots)
    detail = f"entry {request.seq}: {check.detail}"
    if not check.intact:
        yield CaseCheck(name=name, outcome="fail", detail=detail)
        return
    yield CaseCheck(name=name, outcome="pass", detail=detail)
    yield _chain(name, check.trusted)


def _chain(name: str, trusted: bool | None) -> CaseCheck:
    name = f"{name}, authority"
    if trusted is None:
        detail = "no certificate of an authority was given with --ca"
        return CaseCheck(name=name, outcome="not_checked", detail=detail)
    if trusted:
        detail = "its certificate leads to the one given; revocation was not looked up, offline"
        return CaseCheck(name=name, outcome="pass", detail=detail)
    detail = "its certificate does not lead to the one given"
    return CaseCheck(name=name, outcome="fail", detail=detail)


def _records(case: Case) -> tuple[StampRecord, ...]:
    with case.reading() as connection:
        return all_of(connection, "timestamp", read_timestamp)


def _timestamp(case: Case, number: int) -> Timestamp:
    return next(each for each in timestamps(_records(case)) if each.id == number)

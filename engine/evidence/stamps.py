"""Time stamps as a case keeps them: a request, and later an answer to it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.evidence.case_records import DAMAGE, Raw, damaged
from engine.log_types import Timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class StampRequest:
    """A request that was written for a time-stamping authority."""

    id: int
    """Number of its record."""
    seq: int
    """Log entry whose hash is to be stamped."""
    hash: str
    """That hash, hex."""
    nonce: str
    """Random number that the answer has to repeat, decimal."""
    utc: str
    """When the request was written."""
    tsq: bytes
    """The request, DER."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StampAnswer:
    """What the authority sent back."""

    id: int
    """Number of its record."""
    request: int
    """Number of the request it answers."""
    utc: str
    """When it was attached."""
    stamped_utc: str
    """Time the authority states."""
    authority: str
    """Who stamped, from the certificate."""
    serial: str
    """The stamp's serial number, decimal."""
    tsr: bytes
    """The answer, DER."""


StampRecord = StampRequest | StampAnswer


def stamp_record(stamp: StampRecord) -> Raw:
    """Return a request or an answer as a record, without its number."""
    if isinstance(stamp, StampRequest):
        return {
            "kind": "request",
            "seq": stamp.seq,
            "hash": stamp.hash,
            "nonce": stamp.nonce,
            "utc": stamp.utc,
            "tsq": _text(stamp.tsq),
        }
    return {
        "kind": "answer",
        "request": stamp.request,
        "utc": stamp.utc,
        "stamped_utc": stamp.stamped_utc,
        "authority": stamp.authority,
        "serial": stamp.serial,
        "tsr": _text(stamp.tsr),
    }


def read_timestamp(number: int, raw: Raw) -> StampRecord:
    """Return the request or the answer that a record holds."""
    try:
        values: dict[str, Any] = {k: v for k, v in raw.items() if k not in ("kind", "tsq", "tsr")}
        if raw["kind"] == "request":
            return StampRequest(id=number, tsq=_bytes(raw["tsq"]), **values)
        return StampAnswer(id=number, tsr=_bytes(raw["tsr"]), **values)
    except DAMAGE as error:
        raise damaged(f"timestamp {number}", error) from error


def timestamps(records: Sequence[StampRecord]) -> tuple[Timestamp, ...]:
    """Return each request with its answer; the newest answer holds."""
    answers = {each.request: each for each in records if isinstance(each, StampAnswer)}
    return tuple(
        _timestamp(each, answers.get(each.id)) for each in records if isinstance(each, StampRequest)
    )


def _timestamp(request: StampRequest, answer: StampAnswer | None) -> Timestamp:
    return Timestamp(
        id=request.id,
        seq=request.seq,
        hash=request.hash,
        requested_utc=request.utc,
        answered=answer is not None,
        stamped_utc=None if answer is None else answer.stamped_utc,
        authority="" if answer is None else answer.authority,
        serial="" if answer is None else answer.serial,
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)

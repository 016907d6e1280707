"""The files behind exhibits: taking them in, and seeing later whether they are the same."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from engine.case_types import Exhibit, ExhibitState, Held
from engine.errors import InputError
from engine.evidence.case_log import now_utc
from engine.evidence.copies import Copy
from engine.images.exhibits import read_anywhere
from engine.images.reading import Exhibit as ExhibitFile
from engine.types import FileFacts, short_name

Read = Callable[[str], ExhibitFile]
"""Reads an exhibit, wherever it lies, with its hashes; raises InputError."""

_ABSENT = ("not_found", "dangling_link", "not_a_file")


def new_exhibit(
    number: int, facts: FileFacts, source: str, copy: Copy | None, operator: str
) -> Exhibit:
    """Return an exhibit as it is taken in.

    Args:
        number: its number in the case.
        facts: of the one read, with hashes.
        source: where it comes from, in the operator's words.
        copy: the copies that were made, if any.
        operator: who takes it in.
    """
    if facts.sha256 is None or facts.sha1 is None or facts.md5 is None or facts.bytes is None:
        raise ValueError(f"{facts.path!r} was not read to its end and cannot be taken in.")
    place = os.path.abspath(facts.path)  # noqa: PTH100 - Path.absolute() keeps ".."
    return Exhibit(
        number=number,
        name=short_name(place),
        path=place,
        source=_source(facts, source),
        bytes=facts.bytes,
        sha256=facts.sha256,
        sha1=facts.sha1,
        md5=facts.md5,
        modified_utc=_modified(place),
        held=Held.REFERENCE if copy is None else Held.COPY,
        evidence_file=None,
        working_file=place,
        added_utc=now_utc(),
        added_by=operator,
        state=ExhibitState.NOT_CHECKED,
        state_detail="",
        found_sha256=None,
        checked_utc=None,
        custody=(),
    )


def check_exhibit(exhibit: Exhibit, read: Read = read_anywhere) -> Exhibit:
    """Read an exhibit's files again and return it with what was found.

    For a copy the evidentiary one is what counts; a working copy that differs is told of as a
    change, since examinations read it. Nothing is written.
    """
    evidence = exhibit.evidence_file or exhibit.path
    state, detail, found = _look(evidence, exhibit, read)
    if state is ExhibitState.PRESENT and exhibit.held is Held.COPY:
        state, _, found = _look(exhibit.working_file, exhibit, read)
        if state is not ExhibitState.PRESENT:
            detail = (
                f"The evidentiary copy is sound; the working copy {exhibit.working_file} is "
                f"{state}. Take the exhibit in again with --copy to renew it."
            )
    return replace(
        exhibit, state=state, state_detail=detail, found_sha256=found, checked_utc=now_utc()
    )


def _look(file: str, exhibit: Exhibit, read: Read) -> tuple[ExhibitState, str, str | None]:
    """Return state, sentence and hash of what lies at a place."""
    try:
        found = read(file).facts
    except InputError as error:
        state = ExhibitState.MISSING if error.kind in _ABSENT else ExhibitState.UNREADABLE
        return state, f"{file}: {error}", None
    if found.sha256 == exhibit.sha256:
        return ExhibitState.PRESENT, "", found.sha256
    detail = (
        f"{file} now has SHA-256 {found.sha256} and {found.bytes:,} bytes; it was taken in with "
        f"{exhibit.sha256} and {exhibit.bytes:,}. Restore it, or take it in as a new exhibit."
    )
    return ExhibitState.CHANGED, detail, found.sha256


def _source(facts: FileFacts, source: str) -> str:
    """Return where a file comes from; a member is told with the hash of its container."""
    if facts.container_sha256 is None:
        return source
    inside = f"in a container with SHA-256 {facts.container_sha256}"
    return f"{source}; {inside}" if source else inside


def _modified(place: str) -> str | None:
    try:
        seconds = Path(place).stat().st_mtime
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}Z"
    except (OSError, OverflowError, ValueError):
        return None

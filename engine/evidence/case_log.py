"""The custody log inside a case file, and the check of all that it vouches for."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from engine import __version__
from engine.errors import StoreError
from engine.evidence.case_schema import RECORD_TABLES
from engine.evidence.custody import (
    NO_HASH,
    check_chain,
    digest,
    entry_hash,
    entry_text,
    read_entry,
)
from engine.log_types import Action, LogCheck, LogEntry, LogHead, LogObject, LogProblem


def now_utc() -> str:
    """Return the time as it is written everywhere in a case."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"


def append(
    connection: sqlite3.Connection,
    *,
    operator: str,
    action: Action,
    objects: Sequence[LogObject] = (),
    details: Mapping[str, str] | None = None,
) -> LogEntry:
    """Add an entry to the log and move the head on.

    Args:
        connection: within a transaction, in which what is logged is done as well.
        operator: who.
        action: what.
        objects: about what.
        details: what else a reader has to know.
    """
    head = read_head(connection)
    entry = LogEntry(
        seq=head.entries + 1,
        previous=head.hash,
        utc=now_utc(),
        operator=operator,
        action=action,
        objects=tuple(objects),
        details=tuple(sorted((details or {}).items())),
        tool_version=__version__,
        hash="",
    )
    entry = replace(entry, hash=entry_hash(entry))
    write_entry(connection, entry)
    return entry


def write_entry(connection: sqlite3.Connection, entry: LogEntry) -> None:
    """Write an entry as it is, and make it the head."""
    connection.execute(
        "INSERT INTO log (seq, record, hash) VALUES (?, ?, ?)",
        (entry.seq, entry_text(entry), entry.hash),
    )
    set_head(connection, LogHead(entries=entry.seq, hash=entry.hash))


def set_head(connection: sqlite3.Connection, head: LogHead) -> None:
    """Write where the log ends."""
    connection.execute(
        "INSERT INTO head (id, entries, hash) VALUES (1, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET entries = excluded.entries, hash = excluded.hash",
        (head.entries, head.hash),
    )


def read_head(connection: sqlite3.Connection) -> LogHead:
    """Return the head as it is kept apart from the log."""
    row = connection.execute("SELECT entries, hash FROM head WHERE id = 1").fetchone()
    if row is None:
        return LogHead(entries=0, hash=NO_HASH)
    return LogHead(entries=int(row[0]), hash=str(row[1]))


def read_log(connection: sqlite3.Connection) -> tuple[tuple[LogEntry, ...], tuple[LogProblem, ...]]:
    """Return the entries that can be read, in the order stored, and those that cannot."""
    entries, problems = [], []
    rows = connection.execute("SELECT seq, record, hash FROM log ORDER BY seq")
    for seq, record, stated in rows:
        try:
            entry = read_entry(str(record), str(stated))
        except StoreError as error:
            problems.append(LogProblem(seq=int(seq), kind="edited", message=str(error)))
            continue
        entries.append(entry)
        if entry.seq == seq and entry_text(entry) != record and entry_hash(entry) == stated:
            message = f"Entry {seq} was edited: its text is not written as the program writes it."
            problems.append(LogProblem(seq=int(seq), kind="edited", message=message))
    return tuple(entries), tuple(problems)


def check_log(connection: sqlite3.Connection) -> tuple[tuple[LogEntry, ...], LogCheck]:
    """Check the chain, and that every record is the one that was logged.

    Returns:
        The entries that can be read, and what was found.
    """
    entries, unreadable = read_log(connection)
    chain = check_chain(entries, read_head(connection))
    lost = {problem.seq for problem in unreadable}
    problems = [
        *unreadable,
        # An entry that cannot be read is not also one that was deleted.
        *(each for each in chain.problems if not (each.kind == "deleted" and each.seq in lost)),
        *_records(connection, entries),
        *_heatmaps(connection, entries),
    ]
    problems.sort(key=lambda problem: problem.seq)
    return entries, replace(chain, problems=tuple(problems))


def _records(connection: sqlite3.Connection, entries: Sequence[LogEntry]) -> list[LogProblem]:
    logged = _logged(entries)
    problems = []
    for kind, table in RECORD_TABLES.items():
        rows = {
            int(number): digest_of(record)
            for number, record in connection.execute(f"SELECT id, record FROM {table}")
        }
        for number, found in rows.items():
            seq, stated = logged.get((kind, number), (0, None))
            if stated is None:
                text = f"The record of {kind} {number} was put in: no entry of the log names it."
                problems.append(LogProblem(seq=len(entries), kind="unlogged", message=text))
            elif found != stated:
                text = f"The record of {kind} {number} is not the one that entry {seq} logged."
                problems.append(LogProblem(seq=seq, kind="record", message=text))
        for (named, number), (seq, _) in logged.items():
            if named == kind and number not in rows:
                text = f"The record of {kind} {number}, logged by entry {seq}, was deleted."
                problems.append(LogProblem(seq=seq, kind="record", message=text))
    return problems


def _logged(entries: Sequence[LogEntry]) -> dict[tuple[str, int], tuple[int, str]]:
    """Return for each record that the log vouches for the entry and the hash."""
    return {
        (each.kind, int(each.id)): (entry.seq, each.sha256)
        for entry in entries
        for each in entry.objects
        if each.kind in RECORD_TABLES and each.sha256 is not None and each.id.isdecimal()
    }


def _heatmaps(connection: sqlite3.Connection, entries: Sequence[LogEntry]) -> list[LogProblem]:
    problems = []
    first = {int(o.id): e.seq for e in entries for o in e.objects if o.kind == "examination"}
    stored: set[str] = set()
    for stated, png in connection.execute("SELECT sha256, png FROM heatmaps"):
        stored.add(stated)
        if not isinstance(png, bytes) or hashlib.sha256(png).hexdigest() != stated:
            text = f"The heat map {str(stated)[:16]}… is not the one that was stored."
            problems.append(LogProblem(seq=len(entries), kind="record", message=text))
    for number, record in connection.execute("SELECT id, record FROM examinations"):
        sha256 = _heatmap_of(record)
        if sha256 is not None and sha256 not in stored:
            text = f"The heat map of examination {number} was deleted."
            seq = first.get(int(number), len(entries))
            problems.append(LogProblem(seq=seq, kind="record", message=text))
    return problems


def _heatmap_of(record: object) -> str | None:
    """Return the hash of the map that an examination names; a damaged record names none."""
    try:
        found = json.loads(str(record))["heatmap_sha256"]
    except (ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) else None


def digest_of(record: object) -> str:
    """Return the hash of a stored record, whatever somebody made of it."""
    if isinstance(record, str) and record.isascii():
        return digest(record)
    return "not text"

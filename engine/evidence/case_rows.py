"""Reading and writing the rows of a case file, but those of log and head."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict, TypeVar

from engine.case_types import CaseContents, CaseExamination, CaseInfo, Dossier, Exhibit
from engine.errors import StoreError
from engine.evidence import case_records as records
from engine.evidence import mark_records as marks
from engine.evidence.case_log import check_log
from engine.evidence.case_schema import RECORD_TABLES
from engine.evidence.custody import canonical, digest
from engine.evidence.stamps import read_timestamp, timestamps
from engine.log_types import LogEntry, LogObject
from engine.mark_types import (
    Annotation,
    Bookmark,
    Note,
    Rating,
    Retraction,
    SentenceEdit,
    Tag,
    standing,
)
from engine.types import FileFacts

_T = TypeVar("_T")


def insert(connection: sqlite3.Connection, kind: str, record: records.Raw) -> LogObject:
    """Add a record and return it as the log names it.

    Args:
        connection: within a transaction.
        kind: a key of `RECORD_TABLES`.
        record: becomes canonical JSON.
    """
    text = canonical(record)
    table = RECORD_TABLES[kind]
    cursor = connection.execute(f"INSERT INTO {table} (record) VALUES (?)", (text,))
    return LogObject(kind=kind, id=str(cursor.lastrowid), sha256=digest(text))


def index_exhibit(connection: sqlite3.Connection, exhibit: Exhibit) -> None:
    """Let an exhibit be found by its hash."""
    connection.execute(
        "INSERT INTO exhibits_by_sha256 (sha256, exhibit) VALUES (?, ?)",
        (exhibit.sha256, exhibit.number),
    )


def next_id(connection: sqlite3.Connection, kind: str) -> int:
    """Return the number that the next record of a kind will have."""
    table = RECORD_TABLES[kind]
    row = connection.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()
    return int(row[0])


def all_of(
    connection: sqlite3.Connection, kind: str, read: Callable[[int, records.Raw], _T]
) -> tuple[_T, ...]:
    """Return all records of a kind in order.

    Raises:
        StoreError: one is damaged.
    """
    table = RECORD_TABLES[kind]
    rows = connection.execute(f"SELECT id, record FROM {table} ORDER BY id")
    return tuple(read(int(n), records.parsed(str(text), f"{kind} {n}")) for n, text in rows)


def about(
    connection: sqlite3.Connection,
    kind: str,
    exhibit: int,
    read: Callable[[int, records.Raw], _T],
) -> tuple[_T, ...]:
    """Return the records of a kind that are about one exhibit, in order."""
    table = RECORD_TABLES[kind]
    query = (
        f"SELECT id, record FROM {table} WHERE json_extract(record, '$.exhibit') = ? ORDER BY id"
    )
    found = connection.execute(query, (exhibit,))
    return tuple(read(int(n), records.parsed(str(text), f"{kind} {n}")) for n, text in found)


def dossier(connection: sqlite3.Connection, number: int, copies: Path) -> Dossier | None:
    """Return everything about one exhibit, not checked; None when there is no such exhibit."""
    exhibit = one_of(
        connection, "exhibit", number, lambda _n, raw: records.read_exhibit_record(raw, copies)
    )
    if exhibit is None:
        return None
    examinations = records.with_rechecks(
        about(connection, "examination", number, records.read_examination),
        all_of(connection, "recheck", records.read_recheck),
    )
    own = {each.id for each in examinations}
    edits = all_of(connection, "edit", marks.read_edit)
    set_on = MarksOf(
        notes=about(connection, "note", number, marks.read_note),
        bookmarks=about(connection, "bookmark", number, marks.read_bookmark),
        edits=tuple(each for each in edits if each.examination in own),
        annotations=about(connection, "annotation", number, marks.read_annotation),
        ratings=about(connection, "rating", number, marks.read_rating),
        tags=about(connection, "tag", number, marks.read_tag),
        retractions=all_of(connection, "retraction", marks.read_retraction),
    )
    return Dossier(
        exhibit=exhibit,
        examinations=examinations,
        notes=set_on["notes"],
        bookmarks=set_on["bookmarks"],
        edits=set_on["edits"],
        standing=standing(**set_on),
    )


def one_of(
    connection: sqlite3.Connection,
    kind: str,
    number: int,
    read: Callable[[int, records.Raw], _T],
) -> _T | None:
    """Return one record of a kind, or None when there is none with this number."""
    table = RECORD_TABLES[kind]
    query = f"SELECT record FROM {table} WHERE id = ?"
    row = connection.execute(query, (number,)).fetchone()
    if row is None:
        return None
    return read(number, records.parsed(str(row[0]), f"{kind} {number}"))


def info(connection: sqlite3.Connection) -> CaseInfo:
    """Return what the case is about, as it was said last."""
    said = all_of(connection, "case", lambda _n, raw: records.read_info(raw))
    if not said:
        raise StoreError("The case says nothing of itself: restore it from a copy.", kind="damaged")
    return said[-1]


def settings(connection: sqlite3.Connection) -> tuple[tuple[str, str], ...]:
    """Return the settings, the newest value of each name, sorted by name."""
    every = all_of(connection, "setting", lambda _n, raw: (str(raw["name"]), str(raw["value"])))
    return tuple(sorted(dict(every).items()))


def exhibits(connection: sqlite3.Connection, copies: Path) -> tuple[Exhibit, ...]:
    """Return the exhibits in order, not checked, without their custody."""
    return all_of(connection, "exhibit", lambda _n, raw: records.read_exhibit_record(raw, copies))


def known_exhibit(connection: sqlite3.Connection, facts: FileFacts, copies: Path) -> Exhibit | None:
    """Return the exhibit with these bytes at this place, or whose working copy this is."""
    place = place_of(facts.path)
    query = (
        "SELECT id, record FROM exhibits JOIN exhibits_by_sha256 ON id = exhibit "
        "WHERE sha256 = ? ORDER BY id"
    )
    for number, text in connection.execute(query, (facts.sha256,)).fetchall():
        raw = records.parsed(str(text), f"exhibit {number}")
        exhibit = records.read_exhibit_record(raw, copies)
        if exhibit.sha256 == facts.sha256 and place in (exhibit.path, exhibit.working_file):
            return exhibit
    return None


def place_of(path: str) -> str:
    """Return what tells whether two names mean the same file; links are not followed."""
    return os.path.abspath(path)  # noqa: PTH100 - Path.absolute() keeps "..", resolve() links


def examinations(connection: sqlite3.Connection) -> tuple[CaseExamination, ...]:
    """Return the examinations in the order in which they ended, with their rechecks."""
    return records.with_rechecks(
        all_of(connection, "examination", records.read_examination),
        all_of(connection, "recheck", records.read_recheck),
    )


def heatmap_png(connection: sqlite3.Connection, sha256: str) -> bytes | None:
    """Return a stored heat map, or None when it is not there."""
    row = connection.execute("SELECT png FROM heatmaps WHERE sha256 = ?", (sha256,)).fetchone()
    return row[0] if row is not None and isinstance(row[0], bytes) else None


def heatmaps(connection: sqlite3.Connection) -> dict[str, bytes]:
    """Return all stored heat maps by their hash."""
    return dict(connection.execute("SELECT sha256, png FROM heatmaps ORDER BY sha256").fetchall())


def add_heatmap(connection: sqlite3.Connection, sha256: str, png: bytes) -> None:
    """Keep a heat map; one with the same bytes is kept once."""
    connection.execute("INSERT OR IGNORE INTO heatmaps (sha256, png) VALUES (?, ?)", (sha256, png))


class MarksOf(TypedDict):
    """All that an examiner set, in the order of each kind, as `CaseContents` names it."""

    notes: tuple[Note, ...]
    bookmarks: tuple[Bookmark, ...]
    edits: tuple[SentenceEdit, ...]
    annotations: tuple[Annotation, ...]
    ratings: tuple[Rating, ...]
    tags: tuple[Tag, ...]
    retractions: tuple[Retraction, ...]


def marks_of(connection: sqlite3.Connection) -> MarksOf:
    """Return all that an examiner set."""
    return MarksOf(
        notes=all_of(connection, "note", marks.read_note),
        bookmarks=all_of(connection, "bookmark", marks.read_bookmark),
        edits=all_of(connection, "edit", marks.read_edit),
        annotations=all_of(connection, "annotation", marks.read_annotation),
        ratings=all_of(connection, "rating", marks.read_rating),
        tags=all_of(connection, "tag", marks.read_tag),
        retractions=all_of(connection, "retraction", marks.read_retraction),
    )


def contents(connection: sqlite3.Connection, file: Path, copies: Path) -> CaseContents:
    """Return everything; exhibits are not checked, and have no custody yet."""
    log, check = check_log(connection)
    return CaseContents(
        file=str(file),
        info=info(connection),
        exhibits=exhibits(connection, copies),
        examinations=examinations(connection),
        **marks_of(connection),
        settings=settings(connection),
        log=log,
        log_check=check,
        timestamps=timestamps(all_of(connection, "timestamp", read_timestamp)),
    )


def custody(log: Sequence[LogEntry]) -> dict[int, list[LogEntry]]:
    """Return for each exhibit number the entries that name it."""
    named: dict[int, list[LogEntry]] = {}
    for entry in log:
        for number in dict.fromkeys(o.id for o in entry.objects if o.kind == "exhibit"):
            if number.isdecimal():
                named.setdefault(int(number), []).append(entry)
    return named

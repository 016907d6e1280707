"""The tables of a case file, and how an older one is brought up to date.

A record is canonical JSON (see `engine.evidence.custody`), and the log holds its hash. Tables
only grow: triggers refuse to change or delete a row. The head of the log is the one row that
moves on. ``exhibits_by_sha256`` is an index over what the records say.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from engine.errors import StoreError

APPLICATION_ID = 0x52534455
"""``RSDU``: tells a case from other SQLite files."""

RECORD_TABLES = {
    "case": "info",
    "setting": "settings",
    "exhibit": "exhibits",
    "examination": "examinations",
    "recheck": "rechecks",
    "note": "notes",
    "bookmark": "bookmarks",
    "edit": "edits",
    "timestamp": "timestamps",
    "annotation": "annotations",
    "rating": "ratings",
    "tag": "tags",
    "retraction": "retractions",
}
"""Kind of a logged object -> table of its records."""

_SECOND_TABLES = ("annotations", "ratings", "tags", "retractions")
"""Those that version 2 brought."""

_FIRST_TABLES = tuple(table for table in RECORD_TABLES.values() if table not in _SECOND_TABLES)


def _records(tables: Sequence[str]) -> list[str]:
    return [
        f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, record TEXT NOT NULL);" for table in tables
    ]


def _growing(tables: Sequence[str]) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN "
        f"SELECT RAISE(ABORT, '{table} only grows'); END;"
        for table in tables
        for verb in ("UPDATE", "DELETE")
    ]


def _first() -> str:
    """Return the statements that make version 1 out of an empty file."""
    return "\n".join(
        [
            *_records(_FIRST_TABLES),
            "CREATE TABLE heatmaps (sha256 TEXT PRIMARY KEY, png BLOB NOT NULL);",
            "CREATE TABLE log (seq INTEGER PRIMARY KEY, record TEXT NOT NULL, hash TEXT NOT NULL);",
            "CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1),"
            " entries INTEGER NOT NULL, hash TEXT NOT NULL);",
            "CREATE TABLE exhibits_by_sha256 (sha256 TEXT NOT NULL, exhibit INTEGER NOT NULL"
            " REFERENCES exhibits, PRIMARY KEY (sha256, exhibit)) WITHOUT ROWID;",
            *_growing((*_FIRST_TABLES, "heatmaps", "log")),
        ]
    )


def _second() -> str:
    """Return the statements that let a case of version 1 hold what examiners set on exhibits."""
    return "\n".join([*_records(_SECOND_TABLES), *_growing(_SECOND_TABLES)])


MIGRATIONS = (_first(), _second())
"""Statements that lead from version i to i + 1; a version that was published never changes."""


def bring_up_to_date(
    connection: sqlite3.Connection, what: str, migrations: Sequence[str] = MIGRATIONS
) -> None:
    """Bring a case file to the newest version, each step as a whole or not at all.

    Args:
        connection: in autocommit mode, open for writing.
        what: name of the file, for messages.
        migrations: all steps there are.

    Raises:
        StoreError: it is newer than this program.
    """
    for version in range(version_of(connection, what, migrations), len(migrations)):
        # executescript ends an open transaction, so the step brings its own.
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE;\n{migrations[version]}\n"
                f"PRAGMA application_id = {APPLICATION_ID};\n"
                f"PRAGMA user_version = {version + 1};\nCOMMIT;"
            )
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def read_as_newest(connection: sqlite3.Connection, version: int) -> None:
    """Let an older case be read as one of the newest version; the file is not touched.

    Args:
        connection: of the file, for reading only.
        version: of the file, 1 or later.
    """
    if version < len(MIGRATIONS):
        # Tables that it lacks are empty ones in memory, which end with the connection.
        connection.execute("PRAGMA temp_store = MEMORY")
        for statement in _records(_SECOND_TABLES):
            connection.execute(statement.replace("CREATE TABLE", "CREATE TEMP TABLE", 1))


def version_of(
    connection: sqlite3.Connection, what: str, migrations: Sequence[str] = MIGRATIONS
) -> int:
    """Return the version of a case file.

    Args:
        connection: of the file.
        what: name of the file, for messages.
        migrations: all steps there are.

    Raises:
        StoreError: it is newer than this program.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(migrations):
        raise StoreError(
            f"{what} has version {version} of the case format; this program knows versions up to "
            f"{len(migrations)}. Open it with a newer Residua. Nothing was changed.",
            kind="newer",
        )
    return version


def is_case(connection: sqlite3.Connection) -> bool:
    """Return whether a database says that it is a case."""
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    return bool(found == APPLICATION_ID)

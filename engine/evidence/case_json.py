"""A whole case as one JSON object and back; the format is published as JSON Schema.

Records and log entries are carried as they are stored, so that a case made from the object has
the same rows, the same log and the same head. Copies of exhibits are files of their own and
not in it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

from engine import __version__
from engine.case_types import CaseInfo
from engine.errors import InputError
from engine.evidence import case_records as records
from engine.evidence import case_rows as rows
from engine.evidence.case_database import new_file
from engine.evidence.case_log import check_log, read_head, read_log, set_head, write_entry
from engine.evidence.case_schema import RECORD_TABLES
from engine.evidence.case_store import Case
from engine.evidence.custody import entry_text, read_entry
from engine.log_types import LogHead

KIND = "residua-case"
SCHEMA = 2
"""1 knew no drawings, ratings, tags and retractions; it is read still."""

_KINDS_OF_1 = (
    "case", "setting", "exhibit", "examination", "recheck", "note", "bookmark", "edit", "timestamp",
)  # fmt: skip

Raw = dict[str, Any]

_READ_MOST = 4 << 30


def to_json(case: Case) -> str:
    """Return a case as JSON, ASCII.

    Raises:
        StoreError: a record is damaged.
    """
    with case.reading() as connection:
        entries, _ = read_log(connection)
        head = read_head(connection)
        value = {
            "kind": KIND,
            "schema": SCHEMA,
            "tool": {"name": "residua", "version": __version__},
            "records": {
                kind: list(rows.all_of(connection, kind, lambda n, raw: {"id": n, "record": raw}))
                for kind in RECORD_TABLES
            },
            "log": [
                {"entry": json.loads(entry_text(entry)), "hash": entry.hash} for entry in entries
            ],
            "head": {"entries": head.entries, "hash": head.hash},
            "heatmaps": {
                sha256: base64.b64encode(png).decode("ascii")
                for sha256, png in rows.heatmaps(connection).items()
            },
        }
    return json.dumps(value, ensure_ascii=True, allow_nan=False, indent=1) + "\n"


def read_json(file: Path) -> Raw:
    """Return the object that an export holds.

    Raises:
        InputError: it cannot be read, or is no export of a case.
    """
    try:
        if file.stat().st_size > _READ_MOST:
            raise InputError(f"{file} has more than {_READ_MOST:,} bytes: it is no export.")
        value = json.loads(file.read_text("ascii"))
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}): check the name.") from error
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{file} is not JSON as 'case export' writes it ({error}): export the case again."
        ) from error
    if not isinstance(value, dict) or value.get("kind") != KIND:
        raise InputError(f"{file} is not the export of a case: use what 'case export' wrote.")
    if value.get("schema") not in (1, SCHEMA):
        raise InputError(
            f"{file} has format {value.get('schema')!r}, this version reads up to {SCHEMA}: use "
            "the version of Residua that wrote it."
        )
    return value


def from_json(source: Path, file: Path) -> CaseInfo:
    """Make a case of an export; the log gets no entry by it.

    Args:
        source: the export.
        file: the case to make; must not exist.

    Raises:
        InputError: the export cannot be read, or was changed: its chain, or a record that is
            not the one logged. No case is made then.
        StoreError: the case cannot be written.
    """
    value = read_json(source)
    with new_file(file) as connection:
        try:
            _fill(connection, value)
        except (*records.DAMAGE, sqlite3.IntegrityError, sqlite3.InterfaceError) as error:
            raise InputError(
                f"{source} is damaged ({error!r}): export the case again. No case was made."
            ) from error
        _, check = check_log(connection)
        if check.problems:
            first = check.problems[0]
            raise InputError(
                f"{source} was changed after it was exported: {first.message} In all "
                f"{len(check.problems)} problems. No case was made.",
                kind="tampered",
            )
        # Whatever cannot be shown must not become a case.
        return rows.contents(connection, file, Path()).info


def _fill(connection: sqlite3.Connection, value: Raw) -> None:
    for sha256, text in value["heatmaps"].items():
        png = base64.b64decode(text, validate=True)
        if hashlib.sha256(png).hexdigest() != sha256:
            raise ValueError(f"the heat map {sha256[:16]}… is another one")
        rows.add_heatmap(connection, sha256, png)
    for kind in _KINDS_OF_1 if value["schema"] == 1 else RECORD_TABLES:
        for number, each in enumerate(value["records"][kind], start=1):
            if each["id"] != number:
                raise ValueError(f"{kind} {number} is missing")
            rows.insert(connection, kind, each["record"])
            if kind == "exhibit":
                rows.index_exhibit(connection, records.read_exhibit_record(each["record"], Path()))
    for each in value["log"]:
        write_entry(connection, read_entry(json.dumps(each["entry"]), str(each["hash"])))
    head = value["head"]
    # As the export states it, so that a log whose end was cut off is found.
    set_head(connection, LogHead(entries=int(head["entries"]), hash=str(head["hash"])))

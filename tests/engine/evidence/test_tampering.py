"""What was changed behind a case's back is found and located, and never done by accident."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from engine.errors import StoreError
from engine.evidence.case_store import Case
from tests.engine.evidence.test_case_store import filled


def tampered(file: Path, *statements: str) -> list[tuple[int, str]]:
    """Change a case behind the program's back; return what a check finds."""
    connection = sqlite3.connect(file)
    tables = ("info", "exhibits", "examinations", "notes", "bookmarks", "edits", "heatmaps", "log")
    for table in tables:
        for verb in ("update", "delete"):
            connection.execute(f"DROP TRIGGER {table}_no_{verb}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    with Case(file) as case:
        return [(each.seq, each.kind) for each in case.check_log().problems]


def test_a_record_cannot_lead_out_of_the_folder_of_copies(file, photo):
    filled(file, photo)
    change = """UPDATE exhibits SET record = replace(record, '"evidence":null',
        '"evidence":"../../etc/passwd"')"""
    tampered(file, change)
    with Case(file) as case, pytest.raises(StoreError, match="exhibit 1"):
        case.exhibits()


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE log SET record = replace(record, 'Ana', 'Eve') WHERE seq = 4", [(4, "edited")]),
        ("UPDATE log SET record = replace(record, ',', ', ') WHERE seq = 4", [(4, "edited")]),
        ("UPDATE log SET record = 'no json' WHERE seq = 4", [(4, "edited")]),
        (
            "UPDATE log SET hash = CASE substr(hash, 1, 1) WHEN 'a' THEN 'b' ELSE 'a' END || "
            "substr(hash, 2) WHERE seq = 4",
            None,
        ),
        ("DELETE FROM log WHERE seq = 7", [(7, "deleted")]),
        ("DELETE FROM log WHERE seq > 7", [(8, "truncated")]),
    ],
)
def test_tampering_with_the_log_is_located(file, photo, statement, found):
    filled(file, photo)
    problems = tampered(file, statement)
    if found is None:
        assert problems[0] == (4, "edited")
        assert (5, "broken") in problems
    else:
        # What an entry vouched for is told of as well when the entry is gone.
        assert [each for each in problems if each[1] in ("edited", "deleted", "truncated")] == found


def test_swapped_log_entries_are_located(file, photo):
    filled(file, photo)
    problems = tampered(
        file,
        "UPDATE log SET seq = -1 WHERE seq = 4",
        "UPDATE log SET seq = 4 WHERE seq = 5",
        "UPDATE log SET seq = 5 WHERE seq = -1",
    )
    assert problems == [(4, "reordered")]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE exhibits SET record = replace(record, 'USB', 'NAS')", (2, "record")),
        ("UPDATE examinations SET record = replace(record, '\"ai\"', '\"real\"')", (3, "record")),
        ("UPDATE notes SET record = replace(record, 'retouched', 'fine')", (4, "record")),
        ("DELETE FROM notes", (4, "record")),
        ("UPDATE heatmaps SET png = x'00'", (8, "record")),
        ("DELETE FROM heatmaps", (3, "record")),
        ("INSERT INTO notes (record) SELECT record FROM notes", (8, "unlogged")),
        ("UPDATE info SET record = replace(record, 'towers', 'owers')", (1, "record")),
    ],
)
def test_tampering_with_the_records_is_located(file, photo, statement, found):
    filled(file, photo)
    assert found in tampered(file, statement)


def test_rows_cannot_be_changed_or_deleted_by_accident(file, photo):
    filled(file, photo)
    connection = sqlite3.connect(file)
    for table in ("log", "exhibits", "examinations", "notes", "heatmaps"):
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            connection.execute(f"DELETE FROM {table}")
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        connection.execute("UPDATE log SET hash = ''")
    connection.close()


def test_a_damaged_record_is_named(file, photo):
    filled(file, photo)
    tampered(file, "UPDATE notes SET record = '{}'")
    with Case(file) as case, pytest.raises(StoreError, match="note 1 is damaged"):
        case.contents()

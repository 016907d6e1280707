"""Cases of every published version: kept as they were made, opened by the program of today.

`data/case-N.residua` and `data/case-N.json` were made by the program whose newest version was N;
they are never made again.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from engine.errors import StoreError
from engine.evidence.case_json import from_json
from engine.evidence.case_schema import MIGRATIONS
from engine.evidence.case_store import Case

DATA = Path(__file__).with_name("data")
VERSIONS = tuple(range(1, len(MIGRATIONS) + 1))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_has_a_case_that_its_own_program_made(version: int) -> None:
    connection = sqlite3.connect(
        f"file:{DATA}/case-{version}.residua?mode=ro&immutable=1", uri=True
    )
    assert connection.execute("PRAGMA user_version").fetchone() == (version,)
    connection.close()
    assert (DATA / f"case-{version}.json").is_file()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_case_of_any_version_is_read_and_goes_on(version: int, tmp_path: Path) -> None:
    file = Path(shutil.copy(DATA / f"case-{version}.residua", tmp_path / "old.residua"))
    with Case(file, writable=False) as case:
        before = case.contents()
    with Case(file, operator="Ben") as case:
        case.add_note("Opened again.", exhibit=1)
        after = case.contents()
    assert before.log_check.ok
    assert after.log_check.ok
    assert len(after.notes) == len(before.notes) + 1
    assert [e.id for e in after.examinations] == [e.id for e in before.examinations]
    assert [e.sha256 for e in after.exhibits] == [e.sha256 for e in before.exhibits]


@pytest.mark.parametrize("version", VERSIONS)
def test_an_export_of_any_version_makes_a_case(version: int, tmp_path: Path) -> None:
    from_json(DATA / f"case-{version}.json", tmp_path / "again.residua")
    with Case(tmp_path / "again.residua", writable=False) as case:
        assert case.check_log().ok


def test_a_case_of_a_later_program_is_refused_in_words_and_left_alone(tmp_path: Path) -> None:
    file = Path(shutil.copy(DATA / f"case-{VERSIONS[-1]}.residua", tmp_path / "new.residua"))
    connection = sqlite3.connect(file)
    connection.execute(f"PRAGMA user_version = {VERSIONS[-1] + 1}")
    connection.commit()
    connection.close()
    before = file.read_bytes()
    with pytest.raises(StoreError, match=r"Open it with a newer Residua\. Nothing was changed"):
        Case(file, operator="Ben")
    assert file.read_bytes() == before

"""Case files: what is taken in stays as it was, and every tampering is found and located."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.case_types import CaseExamination, ExhibitState, Held, Recheck, Recipe
from engine.errors import InputError, StoreError
from engine.evidence.case_database import connect
from engine.evidence.case_new import new_case
from engine.evidence.case_schema import MIGRATIONS, bring_up_to_date
from engine.evidence.case_store import Case
from engine.evidence.copies import make_copy
from engine.evidence.exhibit_files import check_exhibit
from engine.images.reading import read_exhibit
from engine.types import Failure, FileFacts, Region
from tests.fakes import fake_examination

RECIPE = Recipe(
    method="deep-vrm",
    version="1",
    parameters=(("explain", "true"),),
    model="fake",
    weights_sha256="a" * 64,
    device="cpu",
    dtype="float32",
    threads=1,
    seed=None,
    libraries=(("numpy", "2"),),
    machine="a test",
)


def facts_of(path: Path) -> FileFacts:
    return read_exhibit(str(path)).facts


def filled(file: Path, photo: Path) -> None:
    """Put one of everything into a case."""
    with Case(file, operator="Ana") as case:
        exhibit = case.add_exhibit(facts_of(photo), source="USB stick")
        case.add_examination(fake_examination(str(photo)), RECIPE, exhibit.number)
        case.add_note("Looks retouched.", exhibit=1)
        case.add_bookmark(1, "Left eye", region=Region(x=1, y=2, w=3, h=4))
        case.edit_sentence(1, 0, "The picture is red.", reason="plainer")
        case.set_setting("model", "mini")
        case.keep_states([check_exhibit(each) for each in case.exhibits()])


def test_a_new_case_says_what_it_is_about_and_logs_its_making(file):
    with Case(file, operator="Ben") as case:
        contents = case.contents()
    info = contents.info
    assert (info.number, info.title, info.requester) == ("K 12/26", "Two towers", "Court of X")
    assert info.examiner == "Ana"
    assert info.created_utc.endswith("Z")
    assert [(entry.action, entry.operator) for entry in contents.log] == [("case.new", "Ana")]
    assert contents.log_check.ok
    assert contents.head.hash == contents.log[-1].hash


def test_a_case_is_never_made_in_place_of_a_file(file, tmp_path):
    before = file.read_bytes()
    with pytest.raises(StoreError, match="exists already"):
        new_case(file, operator="Ana")
    assert file.read_bytes() == before
    with pytest.raises(StoreError, match="does not exist"):
        new_case(tmp_path / "none" / "x.residua", operator="Ana")


def test_nothing_is_left_beside_a_closed_case_but_its_lock(file, photo):
    filled(file, photo)
    assert sorted(p.name for p in file.parent.iterdir()) == sorted(
        [file.name, photo.name, f".{file.name}.lock"]
    )


def test_everything_that_was_added_is_read_back(file, photo):
    filled(file, photo)
    with Case(file) as case:
        contents = case.contents()
        heatmap = case.heatmap(contents.examinations[0])
    (exhibit,) = contents.exhibits
    assert exhibit.path == str(photo)
    assert exhibit.source == "USB stick"
    assert exhibit.sha256 == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert exhibit.sha1 == hashlib.sha1(photo.read_bytes()).hexdigest()
    assert exhibit.md5 == hashlib.md5(photo.read_bytes()).hexdigest()
    assert exhibit.state is ExhibitState.NOT_CHECKED
    assert [entry.action for entry in exhibit.custody] == [
        "exhibit.add", "examination.add", "note.add", "bookmark.add", "sentence.edit",
    ]  # fmt: skip
    (examination,) = contents.examinations
    expected = fake_examination(str(photo))
    assert examination.recipe == RECIPE
    assert examination.examination.verdict == expected.verdict
    assert examination.examination.explanation == expected.explanation
    assert heatmap is not None
    assert expected.heatmap is not None
    np.testing.assert_allclose(heatmap.cells, expected.heatmap.cells, atol=0.5 / 255)
    assert contents.notes[0].text == "Looks retouched."
    assert contents.bookmarks[0].region == Region(x=1, y=2, w=3, h=4)
    assert contents.edits[0].before == expected.explanation[0].text
    assert contents.settings == (("model", "mini"),)
    assert contents.log_check.ok


def test_the_same_bytes_at_the_same_place_are_taken_in_once(file, photo):
    with Case(file, operator="Ana") as case:
        first = case.add_exhibit(facts_of(photo))
        assert case.add_exhibit(facts_of(photo)) == first
        other = photo.with_name("copy.png")
        other.write_bytes(photo.read_bytes())
        assert case.add_exhibit(facts_of(other)).number == 2
        photo.write_bytes(b"other bytes")
        assert case.add_exhibit(facts_of(photo)).number == 3


def test_a_name_that_is_not_utf8_survives(file, tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\n.png")
    Path(path).write_bytes(b"x")
    with Case(file, operator="Ana") as case:
        case.add_exhibit(read_exhibit(path).facts)
    with Case(file) as case:
        exhibit = case.contents().exhibits[0]
    assert exhibit.path == path
    assert check_exhibit(exhibit).state is ExhibitState.PRESENT


def test_a_failed_file_without_hashes_is_kept_without_an_exhibit(file):
    failed = replace(
        fake_examination("gone.png"),
        facts=FileFacts(path="gone.png"),
        failure=Failure(kind="not_found", message="no such file"),
        verdict=None,
        heatmap=None,
        model=None,
    )
    with Case(file, operator="Ana") as case:
        stored = case.add_examination(failed, None)
        assert stored.exhibit is None
        assert [each.id for each in case.contents().newest()] == [stored.id]


def test_changed_missing_and_unreadable_exhibits_are_told_apart(file, tmp_path):
    paths = [tmp_path / name for name in ("same", "changed", "missing", "folder")]
    with Case(file, operator="Ana") as case:
        for path in paths:
            path.write_bytes(path.name.encode())
            case.add_exhibit(facts_of(path))
        paths[1].write_bytes(b"something else")
        paths[2].unlink()
        paths[3].unlink()
        paths[3].mkdir()
        case.keep_states([check_exhibit(each) for each in case.exhibits()])
        states = [each.state for each in case.exhibits()]
        assert states == ["present", "changed", "missing", "missing"]
        changed = case.exhibits()[1]
        assert changed.sha256 == hashlib.sha256(b"changed").hexdigest()
        assert changed.found_sha256 == hashlib.sha256(b"something else").hexdigest()
        assert case.contents().log[-1].details == (
            ("changed", "1"), ("exhibit 2", "changed"), ("exhibit 3", "missing"),
            ("exhibit 4", "missing"), ("missing", "2"), ("present", "1"),
        )  # fmt: skip


def test_a_copy_keeps_the_evidence_apart_from_what_is_worked_on(file, photo):
    read = read_exhibit(str(photo))
    with Case(file, operator="Ana") as case:
        copy = make_copy(case.copies, read.data, str(read.facts.sha256), photo.name)
        exhibit = case.add_exhibit(read.facts, copy=copy)
        photo.unlink()
        assert exhibit.held is Held.COPY
        assert check_exhibit(exhibit).state is ExhibitState.PRESENT
        assert Path(str(exhibit.evidence_file)).stat().st_mode & 0o222 == 0
        assert exhibit.working_file != exhibit.evidence_file
        assert exhibit.working_file.endswith(".png")
        assert case.known_exhibit(facts_of(Path(exhibit.working_file))) == exhibit

        Path(exhibit.working_file).write_bytes(b"worked on")
        found = check_exhibit(exhibit)
        assert found.state is ExhibitState.CHANGED
        assert "evidentiary copy is sound" in found.state_detail
        make_copy(case.copies, read.data, str(read.facts.sha256), photo.name)
        assert check_exhibit(exhibit).state is ExhibitState.PRESENT


LOG_3 = "SELECT record FROM log WHERE seq = 3"


def test_a_newer_case_is_refused_in_words_and_not_changed(file):
    connection = sqlite3.connect(file)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(StoreError, match=r"has version 3 .* newer Residua"):
        Case(file)
    assert file.read_bytes() == before


def test_a_step_of_migration_is_taken_as_a_whole_or_not_at_all(tmp_path):
    connection = connect(tmp_path / "x", "rwc")
    broken = (MIGRATIONS[0], "CREATE TABLE more (x); SELECT * FROM nowhere;")
    with pytest.raises(sqlite3.OperationalError):
        bring_up_to_date(connection, "x", broken)
    assert not connection.in_transaction
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    bring_up_to_date(connection, "x", (MIGRATIONS[0], "CREATE TABLE more (x);"))
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    assert connection.execute("SELECT count(*) FROM more").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize("data", [b"", b"not a database, but longer than a header" * 20])
def test_another_file_is_refused_as_no_case(tmp_path, data):
    file = tmp_path / "other"
    file.write_bytes(data)
    with pytest.raises(StoreError, match="not a case file"):
        Case(file)
    assert file.read_bytes() == data


def test_a_missing_case_is_named(tmp_path):
    with pytest.raises(StoreError, match="There is no case"):
        Case(tmp_path / "none.residua")


def test_the_second_who_opens_reads_only_and_says_so(file, photo):
    with Case(file, operator="Ana") as first:
        first.add_exhibit(facts_of(photo))
        with Case(file, operator="Ben") as second:
            assert second.read_only_because == "another program has it open"
            assert len(second.contents().exhibits) == 1
            with pytest.raises(StoreError, match="another program has it open"):
                second.add_note("mine")
            first.add_note("still writing")
            assert [note.text for note in second.contents().notes] == ["still writing"]
    with Case(file, operator="Ben") as third:
        assert not third.read_only_because


READER = """
import sys
from pathlib import Path
from engine.errors import StoreError
from engine.evidence.case_store import Case
with Case(Path(sys.argv[1]), operator="Ben") as case:
    print(case.read_only_because, len(case.contents().exhibits), case.check_log().ok)
    try:
        case.add_note("x")
    except StoreError as error:
        print(error)
"""


def bound_by_permissions() -> None:
    """Take from root, if that is who runs the tests, the right to override permissions."""
    import ctypes

    drop_from_bounding_set = 24
    for capability in (1, 2):
        ctypes.CDLL(None).prctl(drop_from_bounding_set, capability, 0, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="permissions are set in Linux's way")
def test_a_case_in_a_read_only_folder_can_be_read_and_is_left_as_it_was(file, photo):
    filled(file, photo)
    (file.parent / f".{file.name}.lock").unlink()
    before = file.read_bytes()
    file.chmod(0o444)
    file.parent.chmod(0o555)
    try:
        done = subprocess.run(
            [sys.executable, "-c", READER, str(file)],
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=bound_by_permissions,
        )
    finally:
        file.parent.chmod(0o755)
    assert done.stdout.startswith("its folder cannot be written 1 True\n"), done.stderr
    assert "can only be read: its folder cannot be written" in done.stdout
    assert file.read_bytes() == before
    assert sorted(p.name for p in file.parent.iterdir()) == sorted([file.name, photo.name])


FILLER = """
import resource, sys
from pathlib import Path
from engine.errors import StoreError
from engine.evidence.case_store import Case
limit = Path(sys.argv[1]).stat().st_size + 200_000
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
with Case(Path(sys.argv[1]), operator="Ana") as case:
    kept = 0
    try:
        for _ in range(1000):
            case.add_note("n" * 10_000)
            kept += 1
    except StoreError as error:
        print(kept, error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of file sizes")
def test_a_full_disk_is_told_of_and_leaves_the_case_intact(file):
    done = subprocess.run(
        [sys.executable, "-c", FILLER, str(file)], capture_output=True, text=True, check=True
    )
    kept, message = done.stdout.split(maxsplit=1)
    assert int(kept) > 2
    assert "cannot be written: the disk" in message
    assert "kept before is unharmed" in message
    with Case(file, operator="Ana") as case:
        contents = case.contents()
        assert contents.log_check.ok
        assert len(contents.notes) == int(kept)
        case.add_note("there is room again")


def test_a_limit_of_pages_undoes_the_whole_change(file, photo):
    filled(file, photo)
    with Case(file, operator="Ana") as case:
        connection = case._database.connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="disk is full"):
            case.add_note("n" * 1_000_000)
        assert len(case.contents().notes) == 1
        assert case.check_log().ok


def test_what_a_case_is_about_can_be_said_anew_and_both_are_kept(file):
    with Case(file, operator="Ana") as case:
        case.change_info(reviewer="Ben")
        assert case.info().reviewer == "Ben"
        assert case.contents().log[-1].details == (("reviewer", "Ben"),)
        with pytest.raises(InputError, match="'id' cannot be set"):
            case.change_info(id="other")


def test_notes_bookmarks_and_edits_refuse_what_is_not_there(file):
    with Case(file, operator="Ana") as case:
        for attempt in (
            lambda: case.add_note("x", exhibit=7),
            lambda: case.add_note("x", replaces=7),
            lambda: case.add_note("  "),
            lambda: case.add_bookmark(7, "x"),
            lambda: case.edit_sentence(7, 0, "x"),
            lambda: case.examination(7),
        ):
            with pytest.raises(InputError):
                attempt()
        assert len(case.contents().log) == 1


def test_a_recheck_is_kept_with_its_examination(file, photo):
    filled(file, photo)
    recheck = Recheck(
        id=0, examination=1, utc="2026-01-02T03:04:05.000Z", operator="Ana", agrees=True,
        failure="", differences=(), changes=("It ran on 2 threads, then on 1.",),
    )  # fmt: skip
    with Case(file, operator="Ana") as case:
        case.add_recheck(recheck)
        (examination,) = case.contents().examinations
        assert isinstance(examination, CaseExamination)
        assert examination.rechecks == (replace(recheck, id=1),)
        assert case.check_log().ok

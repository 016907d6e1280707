"""What an examiner sets on exhibits is kept, taken back and brought back, and logged each time."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from engine.case_types import CaseContents
from engine.errors import InputError, StoreError
from engine.evidence.case_json import from_json
from engine.evidence.case_new import new_case
from engine.evidence.case_schema import MIGRATIONS
from engine.evidence.case_store import Case
from engine.images.reading import read_exhibit
from engine.mark_words import Shape

DATA = Path(__file__).parent / "data"


@pytest.fixture
def case(tmp_path: Path):
    file, photo = tmp_path / "case.residua", tmp_path / "photo.png"
    photo.write_bytes(b"the bytes of a photograph")
    new_case(file, operator="Ana", title="Two towers")
    with Case(file, operator="Ana") as case:
        case.add_exhibit(read_exhibit(str(photo)).facts)
        yield case
        assert case.check_log().ok


def drawn(contents: CaseContents) -> list[tuple[str, tuple[int, int], tuple[int, int]]]:
    return [(str(e.shape), e.start, e.end) for e in contents.standing().annotations]


def test_drawings_are_read_back_with_their_corners_in_order(case):
    case.annotate(1, Shape.BOX, (30, 9), (10, 40), text="a seam")
    case.annotate(1, Shape.ARROW, (30, 9), (10, 4))
    case.annotate(1, Shape.TEXT, (5, 6), text="look here")
    assert drawn(case.contents()) == [
        ("box", (10, 9), (30, 40)), ("arrow", (30, 9), (10, 4)), ("text", (5, 6), (5, 6)),
    ]  # fmt: skip
    assert case.contents().annotations[0].text == "a seam"
    assert case.contents().annotations[0].author == "Ana"


def test_what_cannot_be_drawn_is_refused_and_not_logged(case):
    entries = len(case.log())
    for attempt in (
        lambda: case.annotate(1, Shape.BOX, (3, 3), (3, 9)),
        lambda: case.annotate(1, Shape.ARROW, (3, 3), (3, 3)),
        lambda: case.annotate(1, Shape.BOX, (-1, 3), (3, 9)),
        lambda: case.annotate(1, Shape.TEXT, (3, 3), text="  "),
        lambda: case.annotate(2, Shape.TEXT, (3, 3), text="x"),
        lambda: case.annotate(1, Shape.TEXT, (3, 3), text="x", replaces=4),
        lambda: case.rate(1, 6),
        lambda: case.rate(2, 3),
        lambda: case.tag(1, " "),
        lambda: case.tag(1, "x" * 61),
        lambda: case.retract("note", 1),
        lambda: case.retract("exhibit", 1),
    ):
        with pytest.raises(InputError):
            attempt()
    assert len(case.log()) == entries


def test_a_moved_drawing_takes_the_place_of_the_first_and_undoing_brings_it_back(case):
    first = case.annotate(1, Shape.BOX, (0, 0), (9, 9))
    moved = case.annotate(1, Shape.BOX, (5, 5), (14, 14), replaces=first.id)
    assert drawn(case.contents()) == [("box", (5, 5), (14, 14))]
    case.retract("annotation", moved.id)
    assert drawn(case.contents()) == [("box", (0, 0), (9, 9))]
    assert len(case.contents().annotations) == 2


def test_removing_a_moved_drawing_brings_none_of_its_places_back(case):
    first = case.annotate(1, Shape.BOX, (0, 0), (9, 9))
    second = case.annotate(1, Shape.BOX, (5, 5), (14, 14), replaces=first.id)
    third = case.annotate(1, Shape.BOX, (6, 6), (15, 15), replaces=second.id)
    done = case.remove("annotation", third.id)
    assert [each.number for each in done] == [third.id, second.id, first.id]
    assert drawn(case.contents()) == []
    for each in done:
        case.retract("retraction", each.id)
    assert drawn(case.contents()) == [("box", (6, 6), (15, 15))]


def test_a_retraction_is_taken_back_by_another(case):
    box = case.annotate(1, Shape.BOX, (0, 0), (9, 9))
    undo = case.retract("annotation", box.id, reason="the wrong place")
    assert drawn(case.contents()) == []
    redo = case.retract("retraction", undo.id)
    assert drawn(case.contents()) == [("box", (0, 0), (9, 9))]
    case.retract("retraction", redo.id)
    assert drawn(case.contents()) == []


def test_nothing_is_retracted_twice(case):
    box = case.annotate(1, Shape.BOX, (0, 0), (9, 9))
    undo = case.retract("annotation", box.id)
    with pytest.raises(InputError, match="retracted already"):
        case.retract("annotation", box.id)
    case.retract("retraction", undo.id)
    case.retract("annotation", box.id)
    assert drawn(case.contents()) == []


def test_the_newest_rating_holds_and_taking_it_back_shows_the_one_before(case):
    case.rate(1, 3)
    newest = case.rate(1, 5)
    assert case.standing().stars(1) == 5
    case.retract("rating", newest.id)
    assert case.standing().stars(1) == 3
    case.rate(1, 0)
    assert case.standing().ratings == ()


def test_a_tag_is_set_once_and_can_be_set_again_after_it_was_taken_away(case):
    first = case.tag(1, "  harbour   wall ")
    assert case.tag(1, "harbour wall") == first
    case.tag(1, "alibi")
    assert case.standing().tags_of(1) == ("alibi", "harbour wall")
    case.retract("tag", first.id)
    assert case.standing().tags_of(1) == ("alibi",)
    assert case.tag(1, "harbour wall").id != first.id
    assert case.standing().tags_of(1) == ("alibi", "harbour wall")


def test_a_note_that_was_taken_back_gives_its_place_to_the_one_before(case):
    first = case.add_note("It looks right.", exhibit=1)
    second = case.add_note("It looks wrong.", exhibit=1, replaces=first.id)
    assert [note.text for note in case.standing().notes] == ["It looks wrong."]
    case.retract("note", second.id)
    assert [note.text for note in case.standing().notes] == ["It looks right."]


def test_the_log_names_each_mark_each_retraction_and_the_exhibit(case):
    box = case.annotate(1, Shape.BOX, (0, 0), (9, 9))
    case.retract("annotation", box.id, reason="the wrong place")
    case.rate(1, 4)
    entries = case.log()[-3:]
    assert [each.action for each in entries] == [
        "annotation.add", "annotation.retract", "rating.set",
    ]  # fmt: skip
    for entry in entries:
        assert [(each.kind, each.id) for each in entry.objects][-1] == ("exhibit", "1")
        assert entry.objects[0].sha256 is not None
    assert dict(entries[1].details)["reason"] == "the wrong place"
    assert dict(entries[2].details) == {"stars": "4"}


def test_an_edited_drawing_is_found(case):
    case.annotate(1, Shape.BOX, (0, 0), (9, 9), text="a seam")
    seq = case.log()[-1].seq
    connection = sqlite3.connect(case.file)
    connection.execute("DROP TRIGGER annotations_no_update")
    connection.execute("UPDATE annotations SET record = replace(record, 'seam', 'face')")
    connection.commit()
    assert [(e.seq, e.kind) for e in case.check_log().problems] == [(seq, "record")]
    connection.execute("UPDATE annotations SET record = replace(record, 'face', 'seam')")
    connection.commit()
    connection.close()


def test_a_drawing_cannot_be_changed_or_deleted_by_accident(case):
    case.annotate(1, Shape.BOX, (0, 0), (9, 9))
    connection = sqlite3.connect(case.file)
    for statement in ("DELETE FROM annotations", "UPDATE annotations SET record = ''"):
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            connection.execute(statement)
    connection.close()


def test_a_retraction_that_leads_in_a_circle_is_named_as_damage(case):
    box = case.annotate(1, Shape.BOX, (0, 0), (9, 9))
    case.retract("annotation", box.id)
    connection = sqlite3.connect(case.file)
    connection.execute("DROP TRIGGER retractions_no_update")
    before = connection.execute("SELECT record FROM retractions").fetchone()[0]
    change = "UPDATE retractions SET record = replace(record, '\"annotation\"', '\"retraction\"')"
    connection.execute(change)
    connection.commit()
    with pytest.raises(StoreError, match="retraction 1 is damaged"):
        case.retract("retraction", 1)
    connection.execute("UPDATE retractions SET record = ?", (before,))
    connection.commit()
    connection.close()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a copy of a case that a program of version 1 made."""
    return Path(shutil.copy(DATA / "case-1.residua", tmp_path / "old.residua"))


def version(file: Path) -> int:
    connection = sqlite3.connect(file)
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return int(found)


def test_a_case_of_version_1_is_migrated_with_all_it_holds(old):
    assert version(old) == 1
    with Case(old, operator="Ben") as case:
        contents = case.contents()
        assert contents.log_check.ok
        assert [note.text for note in contents.standing().notes] == ["Looks retouched at the left."]
        assert len(contents.examinations) == len(contents.bookmarks) == len(contents.edits) == 1
        case.annotate(1, Shape.BOX, (0, 0), (9, 9))
        case.retract("note", 2)
        contents = case.contents()
        assert [note.text for note in contents.standing().notes] == ["Looks retouched."]
        assert len(contents.standing().annotations) == 1
        assert contents.log_check.ok
    assert version(old) == len(MIGRATIONS) == 2


def test_a_case_of_version_1_is_read_without_being_changed(old):
    before = old.read_bytes()
    with Case(old, writable=False) as case:
        contents = case.contents()
        assert contents.log_check.ok
        assert len(contents.standing().notes) == 1
        assert contents.annotations == ()
    assert old.read_bytes() == before
    assert version(old) == 1


def test_an_export_of_version_1_makes_a_case(tmp_path):
    file = tmp_path / "again.residua"
    from_json(DATA / "case-1.json", file)
    with Case(file, operator="Ben") as case:
        assert case.check_log().ok
        assert len(case.standing().edits) == 1
        case.rate(1, 2)
        assert case.check_log().ok

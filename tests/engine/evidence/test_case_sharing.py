"""A case shared by threads, asked about one exhibit, and kept under another name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from engine import api
from engine.errors import InputError, StoreError
from engine.evidence.copies import folder_of
from engine.job import Context
from engine.scan_types import ScanRequest
from tests.fakes import fake_factory

RED, BLUE = (230, 20, 20), (20, 20, 230)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.new("RGB", (96, 64), RED).save(folder / "a.png")
    Image.new("RGB", (96, 64), BLUE).save(folder / "b.png")
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "case.residua"
    api.new_case(file, operator="Ana")
    return file


def scan(case, *numbers: int) -> None:
    request = ScanRequest(paths=(), out_dir=None)
    with api.Engine(factory=fake_factory) as engine:
        engine.scan(request, Context(), case=case, exhibits=numbers)


def test_threads_write_to_one_case_and_its_log_stays_sound(file: Path, photos: Path) -> None:
    with api.open_case(file, operator="Ana") as case:
        api.add_to_case(case, (str(photos),), Context())

        def notes(_writer: int) -> None:
            for number in range(20):
                case.add_note(f"note {number}", exhibit=1)
                case.contents()

        with ThreadPoolExecutor(3) as writers:
            written = writers.map(notes, range(3))
            scan(case)
            assert list(written) == [None] * 3
        contents = case.contents()
        assert len(contents.notes) == 60
        assert len(contents.examinations) == 2
        assert contents.log_check.ok


def test_a_dossier_holds_what_is_about_one_exhibit_alone(file: Path, photos: Path) -> None:
    with api.open_case(file, operator="Ana") as case:
        api.add_to_case(case, (str(photos),), Context())
        scan(case)
        case.add_note("About one.", exhibit=1)
        case.add_note("About the case.")
        case.add_bookmark(2, "Sky")
        case.edit_sentence(1, 0, "Anew.")
        case.edit_sentence(2, 0, "The other.")
        case.rate(1, 4)
        case.tag(2, "alibi")
        case.retract("rating", case.rate(2, 5).id)
        first, second = case.dossier(1), case.dossier(2)
        assert first.standing.ratings == ((1, 4),)
        assert first.standing.tags == ()
        assert [note.text for note in first.standing.notes] == ["About one."]
        assert second.standing.ratings == ()
        assert second.standing.tags_of(2) == ("alibi",)
        assert [note.text for note in first.notes] == ["About one."]
        assert [edit.after for edit in first.edits] == ["Anew."]
        assert first.bookmarks == ()
        assert [bookmark.name for bookmark in second.bookmarks] == ["Sky"]
        assert second.holds is not None
        assert second.holds.exhibit == 2
        with pytest.raises(InputError, match="no exhibit 3"):
            case.dossier(3)


def test_the_examination_that_went_well_holds_in_a_dossier(file: Path, photos: Path) -> None:
    with api.open_case(file, operator="Ana") as case:
        api.add_to_case(case, (str(photos),), Context())
        scan(case, 1)
        (photos / "a.png").write_bytes(b"changed")
        scan(case, 1)
        dossier = case.dossier(1)
        assert [each.examination.ok for each in dossier.examinations] == [True, False]
        assert dossier.holds is dossier.examinations[0]


def test_only_the_exhibits_that_were_named_are_examined(file: Path, photos: Path) -> None:
    with api.open_case(file, operator="Ana") as case:
        api.add_to_case(case, (str(photos),), Context())
        scan(case, 2)
        assert [each.exhibit for each in case.examinations()] == [2]
        with pytest.raises(InputError, match="no exhibit 9"):
            scan(case, 9)


def test_a_copied_case_has_the_same_head_and_its_own_copies(
    file: Path, photos: Path, tmp_path: Path
) -> None:
    other = tmp_path / "kept" / "named.residua"
    other.parent.mkdir()
    with api.open_case(file, operator="Ana") as case:
        api.add_to_case(case, (str(photos),), Context(), copy=True)
        assert api.copy_case(case, other) == other
        head = case.contents().head
        assert case.log()[-1].action == "case.copy"
        with pytest.raises(StoreError, match="exists already"):
            api.copy_case(case, other)
    api.remove_case(file)
    assert not file.exists()
    assert not folder_of(file).exists()
    with api.open_case(other, operator="Ana") as kept:
        assert kept.contents().head == head
        checked = api.check_case_exhibits(kept, Context())
        assert [str(each.state) for each in checked] == ["present", "present"]
        assert all(Path(each.working_file).parent.parent == folder_of(other) for each in checked)
    assert sorted(each.name for each in other.parent.iterdir()) == sorted(
        [other.name, folder_of(other).name, f".{other.name}.lock"]
    )


def test_a_case_that_cannot_be_copied_leaves_nothing_behind(file: Path, tmp_path: Path) -> None:
    with (
        api.open_case(file, operator="Ana") as case,
        pytest.raises(StoreError, match="does not exist"),
    ):
        api.copy_case(case, tmp_path / "nowhere" / "x.residua")
    assert not (tmp_path / "nowhere").exists()

"""Comparisons with cameras in the report of a case: one table a camera, whatever their number."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import api
from engine.case_types import ReportSelection
from engine.job import Context
from engine.report.verify import verify_report
from tests.engine.report.reports import words
from tests.engine.scan.test_matching import MADE_OF, RIGHT, WRONG
from tests.engine.traces import planting as plant
from tests.engine.traces.test_prnu import shot


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with a camera, made of its first exhibits, and compared with all of them."""
    folder = tmp_path_factory.mktemp("cameras")
    behind, others = folder / "a behind", folder / "b others"
    behind.mkdir(), others.mkdir()
    for number in range(MADE_OF):
        (behind / f"{number}.jpg").write_bytes(plant.jpeg(shot(0, number), 95))
    for number, name in enumerate(RIGHT):
        (others / name).write_bytes(plant.jpeg(shot(0, 950 + number), 95))
    for number, name in enumerate(WRONG):
        (others / name).write_bytes(plant.jpeg(shot(2, 960 + number), 95))
    (others / "cut.jpg").write_bytes(plant.jpeg(shot(0, 970)[64:, 40:], 95))
    file = folder / "case.residua"
    api.new_case(file, operator="N. Operator", title="Harbour")
    with api.open_case(file, operator="N. Operator") as case:
        api.add_to_case(case, [str(behind), str(others)], Context())
        made, _ = api.make_case_fingerprint(case, [str(behind)], "Phone on the desk", Context())
        api.compare_with_case_fingerprint(case, made.sha256, Context(), lambda _: None)
    return file


def written(file: Path, **chosen: tuple[int, ...]) -> Path:
    out = file.with_name(f"{len(list(file.parent.glob('*.pdf')))}.pdf")
    api.write_report(file, out, Context(), selection=ReportSelection(**chosen))
    return out


def test_a_table_tells_which_pictures_show_the_pattern(file: Path) -> None:
    out = written(file)
    text = words(out)
    chapter = text.partition("Phone on the desk")[2]
    assert "12 pictures: the camera's pattern is in 3, was not found in 3, 6 are behind" in chapter
    assert "Among 6 pictures compared" in chapter
    for name in (*RIGHT, "cut.jpg"):
        assert name in chapter
    assert "cut, its corner 40 px from the left, 64 px from the top" in chapter
    assert "was not found in exhibits 10 to 12 (highest PCE" in chapter
    assert "Behind the fingerprint are exhibits 1 to 6." in chapter
    assert {check.outcome for check in verify_report(out, None)} <= {"pass", "not_checked"}


def test_the_lists_in_the_log_are_not_printed_as_json(file: Path) -> None:
    text = words(written(file))
    assert "fingerprint.compare" in text
    assert '"answer"' not in text


def test_a_report_on_some_exhibits_says_that_more_were_compared(file: Path) -> None:
    out = written(file, exhibits=(8, 10))
    chapter = words(out).partition("Phone on the desk")[2]
    assert "10 of them are not among the exhibits of this report" in chapter
    assert "Among 6 pictures compared" in chapter
    assert "not found in exhibit 10 (" in chapter
    assert {check.outcome for check in verify_report(out, None)} <= {"pass", "not_checked"}


def test_a_case_without_comparisons_has_no_such_chapter(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(plant.jpeg(shot(0, 1), 95))
    api.new_case(tmp_path / "case.residua", operator="N. Operator")
    with api.open_case(tmp_path / "case.residua", operator="N. Operator") as case:
        api.add_to_case(case, [str(tmp_path / "a.jpg")], Context())
    assert "Cameras compared" not in words(written(tmp_path / "case.residua"))


def test_several_cameras_have_a_limit_over_all_of_them(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.jpg").write_bytes(plant.jpeg(shot(1, 100 + number), 95))
    kept = tmp_path / "kept.residua"
    with api.open_case(file, operator="N. Operator") as case:
        api.copy_case(case, kept)
    assert "Over all" not in words(written(file))
    with api.open_case(kept, operator="N. Operator") as case:
        made, _ = api.make_case_fingerprint(case, [str(folder)], "Nikon", Context())
        api.compare_with_case_fingerprint(case, made.sha256, Context(), lambda _: None)
        api.remove_case_fingerprint(case, made.sha256)
    text = words(written(kept))
    assert "Over all 2 cameras together, 18 comparisons" in text
    # 18 times the measured limit of one, .000668.
    assert "is at most 0.012 at 95 % confidence." in text
    assert "Removed from the case" in text.partition("Nikon")[2]

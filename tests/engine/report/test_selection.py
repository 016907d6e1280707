"""A report of some exhibits and parts, and its pages as pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import api
from engine.__main__ import main
from engine.case_types import OPTIONAL_PARTS, ReportSelection
from engine.errors import InputError
from engine.job import Context
from engine.report.contents import contents_of, parse_records, read_attached
from engine.report.preview import ReportPages
from engine.report.verify import verify_report
from tests.engine.report.made import examination, heatmap, picture
from tests.engine.report.reports import words


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chosen")
    evidence = folder / "evidence"
    evidence.mkdir()
    for seed in range(3):
        Image.fromarray(picture(seed, 90, 120)).save(evidence / f"p{seed + 1}.png")
    file = folder / "case.residua"
    api.new_case(file, operator="N. Operator", title="Harbour")
    with api.open_case(file, operator="N. Operator") as opened:
        api.add_to_case(opened, (str(evidence),), Context())
        for exhibit in opened.exhibits():
            made = examination(exhibit.path, seed=exhibit.number)
            facts = replace(
                made.facts, path=exhibit.path, sha256=exhibit.sha256, sha1=exhibit.sha1,
                md5=exhibit.md5, bytes=exhibit.bytes, format="PNG", height=90, width=120,
            )  # fmt: skip
            made = replace(made, facts=facts, heatmap=heatmap(1, 90, 120, 6, 8))
            opened.add_examination(made, None, exhibit=exhibit.number)
            opened.add_note(f"Note on number {exhibit.number}.", exhibit=exhibit.number)
    return file


def written(case: Path, **chosen: tuple[object, ...]) -> Path:
    out = case.with_name(f"{len(list(case.parent.glob('*.pdf')))}.pdf")
    api.write_report(case, out, Context(), selection=ReportSelection(**chosen))
    return out


def test_only_chosen_exhibits_are_reported_and_the_cover_says_of_how_many(case: Path) -> None:
    out = written(case, exhibits=(1, 3))
    contents = contents_of(parse_records(read_attached(out.read_bytes())))
    assert [sheet.number for sheet in contents.sheets] == [1, 3]
    text = words(out)
    assert "2 of the 3 of the case: 1, 3" in text
    assert "Note on number 3." in text
    assert "Note on number 2." not in text
    # The log, which is whole, still names the file of exhibit 2.
    assert "Exhibit 2" not in text
    assert {check.outcome for check in verify_report(out, None)} <= {"pass", "not_checked"}


def test_parts_that_are_left_out_are_named_on_the_cover(case: Path) -> None:
    out = written(case, left_out=OPTIONAL_PARTS)
    text = words(out)
    for part in ("table of custody", "notes of the examiner", "decision table", "custody log"):
        assert part in text.partition("Results in short")[0]
    assert "Note on number" not in text
    assert "Custody of the exhibits" not in text
    with api.open_case(case, writable=False) as opened:
        log = opened.contents().log
    # The head of the log as it stood is printed whatever is left out.
    assert log[-2].hash in text.replace(" ", "").replace("\n", "")
    assert dict(log[-1].details)["left_out"] == ", ".join(OPTIONAL_PARTS)
    assert {check.outcome for check in verify_report(out, None)} <= {"pass", "not_checked"}


def test_a_whole_report_names_nothing_as_left_out(case: Path) -> None:
    assert "Left out by choice" not in words(written(case))


def test_what_there_is_not_cannot_be_chosen(case: Path) -> None:
    with pytest.raises(InputError, match="no exhibit 9"):
        written(case, exhibits=(9,))
    with pytest.raises(InputError, match="'limitations' cannot be left out"):
        written(case, left_out=("limitations",))


def test_a_preview_shows_the_pages_and_logs_nothing(case: Path) -> None:
    with api.open_case(case, operator="N. Operator") as opened:
        before = opened.log()
        chosen = ReportSelection(exhibits=(2,))
        with api.preview_report(opened, Context(), selection=chosen) as pages:
            count = len(pages.sizes_pt)
            titles = [title for title, _ in pages.chapters]
            cover, narrow = pages.render(0, 600), pages.render(count - 1, 100)
        assert opened.log() == before
    assert count >= 6
    assert titles[0] == "Cover"
    assert any("Conclusion" in title for title in titles)
    width_pt, height_pt = pages.sizes_pt[0]
    assert cover.shape == (round(600 * height_pt / width_pt), 600, 3)
    assert narrow.shape[1] == 100
    assert cover.dtype == np.uint8
    assert not cover.flags.writeable
    assert cover.mean() > 200
    assert cover.std() > 10
    # Red is red: the mark of a likely AI picture is in the cover's summary.
    assert (cover[..., 0].astype(int) - cover[..., 2] > 60).any()


def test_pages_that_there_are_not_are_refused(case: Path) -> None:
    with ReportPages(written(case).read_bytes()) as pages:
        with pytest.raises(InputError, match="Page 1000"):
            pages.render(999, 100)
        with pytest.raises(InputError, match="px wide"):
            pages.render(0, 100_000)
    with pytest.raises(InputError, match="cannot be read"):
        ReportPages(b"%PDF-1.7 and nothing more")


def test_the_command_line_chooses_too(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = case.with_name("chosen-by-command.pdf")
    arguments = ["report", str(case), "--out", str(out), "--quiet"]
    assert main([*arguments, "--exhibits", "2", "--leave-out", "log", "custody"]) == 0
    text = words(out)
    assert "1 of the 3 of the case: 2" in text
    assert "--exhibits 2 --leave-out log custody" in text
    assert main([*arguments, "--exhibits", "7"]) == 2
    assert "no exhibit 7" in capsys.readouterr().err


def test_results_folders_have_no_selection(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Only the report of a case"):
        api.write_report(
            tmp_path, tmp_path / "x.pdf", Context(), selection=ReportSelection(exhibits=(1,))
        )

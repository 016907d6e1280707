"""The results folder: what is done stays done, whatever ends the program."""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import StoreError
from engine.evidence.heatmaps import read_heatmap
from engine.evidence.results import RESULTS_NAME, ResultsFolder, read_results
from engine.types import Examination, Failure, FileFacts, Settings
from tests.fakes import FAKE_SHA256, fake_examination

FULL = Settings(explain=True, triage=False)
TRIAGE = Settings(explain=False, triage=True)


def sha256_of(examination: Examination) -> str:
    assert examination.facts.sha256 is not None
    return examination.facts.sha256


def failure(path: str = "bad.jpg", kind: str = "corrupt") -> Examination:
    return Examination(
        facts=FileFacts(path=path),
        failure=Failure(kind=kind, message="broken"),
        examined_utc="2026-01-02T03:04:05+00:00",
        tool_version="0.0.0",
        settings=FULL,
    )


def lines(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / RESULTS_NAME).read_text("ascii").splitlines()]


def test_an_added_examination_is_on_disk_with_its_heat_map(tmp_path):
    examination = fake_examination("a.png")
    with ResultsFolder(tmp_path / "out") as results:
        stored = results.add(examination)
        assert len(lines(tmp_path / "out")) == 1
    assert stored.heatmap_file == f"heatmaps/{sha256_of(examination)}.png"
    back = read_heatmap(tmp_path / "out" / stored.heatmap_file)
    assert back.cells.shape == (8, 8)
    assert read_results(tmp_path / "out")[0].cell_px == (8.0, 12.0)


def test_done_means_same_path_bytes_model_and_settings(tmp_path):
    examination = fake_examination("a.png")
    sha256 = sha256_of(examination)
    with ResultsFolder(tmp_path) as results:
        assert not results.is_done("a.png", sha256, FAKE_SHA256, FULL)
        results.add(examination)
    with ResultsFolder(tmp_path) as results:
        assert results.is_done("a.png", sha256, FAKE_SHA256, FULL)
        assert results.is_done("./x/../a.png", sha256, FAKE_SHA256, FULL)
        assert not results.is_done("b.png", sha256, FAKE_SHA256, FULL)
        assert not results.is_done("a.png", "0" * 64, FAKE_SHA256, FULL)
        assert not results.is_done("a.png", sha256, "0" * 64, FULL)
        assert not results.is_done("a.png", sha256, FAKE_SHA256, TRIAGE)
        assert results.stored("a.png").verdict == examination.verdict


def test_a_failure_is_never_done(tmp_path):
    with ResultsFolder(tmp_path) as results:
        results.add(replace(failure(), facts=FileFacts(path="bad.jpg", sha256="0" * 64)))
        assert not results.is_done("bad.jpg", "0" * 64, FAKE_SHA256, FULL)


def test_the_same_failure_again_adds_no_line_and_another_one_does(tmp_path):
    for _ in range(2):
        with ResultsFolder(tmp_path) as results:
            results.add(failure())
            results.add(failure())
    assert len(lines(tmp_path)) == 1
    with ResultsFolder(tmp_path) as results:
        results.add(failure(kind="timeout"))
    assert len(lines(tmp_path)) == 2


def test_the_newest_line_of_a_file_wins_in_order_of_discovery(tmp_path):
    with ResultsFolder(tmp_path) as results:
        results.add(failure("a.png"))
        results.add(fake_examination("b.png"))
        results.add(fake_examination("a.png"))
    found = read_results(tmp_path)
    assert [examination.facts.path for examination in found] == ["a.png", "b.png"]
    assert all(examination.ok for examination in found)


def test_the_same_bytes_twice_give_one_heat_map_and_two_records(tmp_path):
    with ResultsFolder(tmp_path) as results:
        first = results.add(fake_examination("a.png"))
        second = results.add(fake_examination("copy.png"))
    assert first.heatmap_file == second.heatmap_file
    assert len(list((tmp_path / "heatmaps").iterdir())) == 1
    assert len(lines(tmp_path)) == 2


@pytest.mark.parametrize("cut", [1, 40, 300])
def test_a_half_written_last_line_is_dropped_and_written_again(tmp_path, cut):
    with ResultsFolder(tmp_path) as results:
        results.add(fake_examination("a.png"))
        results.add(fake_examination("b.png"))
    file = tmp_path / RESULTS_NAME
    file.write_bytes(file.read_bytes()[:-cut])
    assert [e.facts.path for e in read_results(tmp_path)] == ["a.png"]
    b = fake_examination("b.png")
    with ResultsFolder(tmp_path) as results:
        assert not results.is_done("b.png", sha256_of(b), FAKE_SHA256, FULL)
        results.add(b)
        assert results.stored("b.png").facts.path == "b.png"
    assert [line["path"] for line in lines(tmp_path)] == ["a.png", "b.png"]


def test_a_damaged_line_in_the_middle_is_told_with_its_number(tmp_path):
    with ResultsFolder(tmp_path) as results:
        results.add(fake_examination("a.png"))
    file = tmp_path / RESULTS_NAME
    file.write_bytes(b"rubbish\n" + file.read_bytes())
    with pytest.raises(StoreError, match="line 1"):
        read_results(tmp_path)
    with pytest.raises(StoreError, match="line 1"):
        ResultsFolder(tmp_path)
    assert file.read_bytes().startswith(b"rubbish\n")


def test_a_second_scan_of_the_same_folder_is_refused(tmp_path):
    with ResultsFolder(tmp_path):
        with pytest.raises(StoreError) as caught:
            ResultsFolder(tmp_path)
        assert caught.value.kind == "locked"
    ResultsFolder(tmp_path).close()


def _try_to_open(folder: str, answers: multiprocessing.Queue) -> None:
    try:
        ResultsFolder(Path(folder)).close()
    except StoreError as error:
        answers.put(error.kind)
    else:
        answers.put("opened")


def test_another_process_is_refused_too(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    with ResultsFolder(tmp_path):
        process = spawn.Process(target=_try_to_open, args=(str(tmp_path), answers))
        process.start()
        assert answers.get(timeout=300) == "locked"
        process.join()
    answers.close()
    answers.join_thread()


def test_results_are_never_written_through_a_link(tmp_path):
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("evidence")
    out = tmp_path / "out"
    out.mkdir()
    (out / RESULTS_NAME).symlink_to(elsewhere)
    with pytest.raises(StoreError):
        ResultsFolder(out)
    assert elsewhere.read_text() == "evidence"


def test_a_results_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(StoreError):
        ResultsFolder(tmp_path / "out")


def test_a_folder_without_results_is_told(tmp_path):
    with pytest.raises(StoreError, match="no results"):
        read_results(tmp_path)


def test_a_full_disk_is_told(tmp_path, monkeypatch):
    def full(*_args: object) -> int:
        raise OSError(28, "No space left on device")

    with ResultsFolder(tmp_path) as results:
        monkeypatch.setattr("engine.evidence.results.os.write", full)
        with pytest.raises(StoreError, match="No space left"):
            results.add(failure())

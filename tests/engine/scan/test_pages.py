"""Scans and cases of files with several pictures: TIFF pages above all."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from PIL import Image

from engine import api
from engine.evidence.results import read_results
from engine.job import Context
from engine.scan.discovery import discover
from engine.scan.inside import Inside
from engine.scan.pipeline import run
from engine.scan.selection import Selection
from engine.scan_types import ScanRequest
from tests.engine.images import made_containers as made
from tests.engine.images import made_mpo, made_tiff
from tests.engine.images.made_heic import heics
from tests.engine.images.test_tiff_pages import by_the_document
from tests.fakes import FakeExaminer, fake_factory

NAMES = ("scan.tif", "scan.tif!/page-2", "scan.tif!/page-3")


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    file = tmp_path / "evidence" / "scan.tif"
    file.parent.mkdir()
    file.write_bytes(made_tiff.scan(3))
    return file


def scanned(folder: Path, *paths: Path, **more):
    request = ScanRequest(paths=tuple(map(str, paths)), out_dir=str(folder), **more)
    summary = run(request, FakeExaminer, Context())
    return summary, read_results(folder)


def names(folder: Path, **chosen) -> list[str]:
    found = discover([str(folder)], [], Context(), Selection(**chosen))
    return [os.path.relpath(each.path, folder) for each in found.candidates]


def test_every_page_is_an_exhibit_with_its_hash_and_the_files(scan, tmp_path):
    data = scan.read_bytes()
    summary, (first, *others) = scanned(tmp_path / "out", scan.parent)
    assert (summary.found, summary.done, summary.failed, summary.ignored) == (3, 3, 0, 0)
    whole = hashlib.sha256(data).hexdigest()
    assert (first.facts.path, first.facts.sha256) == (str(scan), whole)
    assert first.facts.container_sha256 is None
    for number, page in enumerate(others, 2):
        assert page.facts.path == f"{scan}!/page-{number}"
        expected = hashlib.sha256(by_the_document(data, number)).hexdigest()
        assert (page.facts.sha256, page.facts.container_sha256) == (expected, whole)
        assert (page.facts.format, page.facts.width, page.facts.height) == ("TIFF", 64, 48)


def test_the_first_page_has_the_result_that_it_had_alone(scan, tmp_path):
    _, (alone,) = scanned(tmp_path / "alone", scan, containers=False)
    _, (first, *_) = scanned(tmp_path / "all", scan)
    assert (first.facts, first.verdict) == (alone.facts, alone.verdict)
    assert first.notes == alone.notes


def test_a_file_of_one_page_is_not_looked_into(tmp_path):
    (tmp_path / "one.tif").write_bytes(made_tiff.scan(1))
    with Inside(Selection()) as inside:
        head = (tmp_path / "one.tif").read_bytes()[:512]
        assert not inside.holds(str(tmp_path / "one.tif"), head)


def test_patterns_take_or_leave_a_file_with_its_pages(scan):
    (scan.parent / "box.zip").write_bytes(made.zipped({"in.tif": made_tiff.scan(2)}))
    inner = ["box.zip!/in.tif", "box.zip!/in.tif!/page-2"]
    assert names(scan.parent) == [*inner, *NAMES]
    assert names(scan.parent, include=("*.zip", "*.tif")) == [*inner, *NAMES]
    assert names(scan.parent, exclude=("scan.tif",)) == inner
    assert names(scan.parent, exclude=("in.tif",)) == [*NAMES]


def test_a_lost_page_is_a_line_with_its_reason_and_the_others_are_examined(scan, tmp_path):
    scan.write_bytes(scan.read_bytes()[:-200])
    summary, results = scanned(tmp_path / "out", scan)
    assert (summary.done, summary.failed) == (2, 1)
    assert [result.ok for result in results] == [True, True, False]
    assert results[2].facts.path == f"{scan}!/page-3"


def test_pages_of_a_case_are_named_with_their_file_and_checked_again(scan, tmp_path):
    file = tmp_path / "a.case"
    api.new_case(file, operator="A")
    with api.open_case(file, operator="A") as case:
        taken = api.add_to_case(case, (str(scan),), Context())
        assert tuple(each.exhibit.name for each in taken) == NAMES
        assert "in a container with SHA-256" in taken[1].exhibit.source
        states = api.check_case_exhibits(case, Context())
        assert [str(each.state) for each in states] == ["present"] * 3
        scan.write_bytes(made_tiff.scan(2, first=1))
        states = api.check_case_exhibits(case, Context())
        assert [str(each.state) for each in states] == ["changed", "changed", "missing"]


def test_a_page_is_copied_beside_a_case_as_the_file_that_was_hashed(scan, tmp_path):
    file = tmp_path / "a.case"
    api.new_case(file, operator="A")
    with api.open_case(file, operator="A") as case:
        taken = api.add_to_case(case, (f"{scan}!/page-2",), Context(), copy=True)
        (exhibit,) = [each.exhibit for each in taken]
        assert Path(exhibit.evidence_file).read_bytes() == by_the_document(scan.read_bytes(), 2)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("pair.jpg", made_mpo.mpo([made.picture(1), made.picture(2)]), "pair.jpg!/view-2"),
        ("burst.heic", heics([made.picture(1), made.picture(2)]), "burst.heic!/item-2"),
    ],
)
def test_further_pictures_of_other_files_are_exhibits_too(tmp_path, name, data, expected):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(data)
    _, (first, second) = scanned(tmp_path / "out", tmp_path / "in")
    assert first.facts.sha256 == hashlib.sha256(data).hexdigest()
    assert second.ok
    assert second.facts.path == str(tmp_path / "in" / expected)
    assert second.facts.container_sha256 == first.facts.sha256
    assert names(tmp_path / "in", containers=False) == [name]


def test_frames_are_exhibits_when_asked_for(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    frames = [Image.fromarray(made.picture(seed)) for seed in range(5)]
    frames[0].save(folder / "a.gif", save_all=True, append_images=frames[1:])
    _, (alone,) = scanned(tmp_path / "none", folder)
    _, (first, *others) = scanned(tmp_path / "some", folder, frames=2)
    assert first.facts == alone.facts
    assert [Path(each.facts.path).name for each in others] == ["frame-3", "frame-5"]
    assert all(each.ok and each.facts.container_sha256 == first.facts.sha256 for each in others)
    assert "in 5 frames; the first was examined" in first.notes[0]


def test_a_page_can_be_named_itself(scan):
    examined = api.examine(f"{scan}!/page-3", ctx=Context(), factory=fake_factory)
    assert examined.ok
    assert examined.facts.container_sha256 == hashlib.sha256(scan.read_bytes()).hexdigest()


def test_the_evidence_is_not_touched(scan, tmp_path):
    before = scan.stat()
    scanned(tmp_path / "out", scan.parent)
    assert scan.stat() == before
    assert [path.name for path in scan.parent.iterdir()] == ["scan.tif"]

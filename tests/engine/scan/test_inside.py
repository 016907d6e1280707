"""Scans of archives and documents, and which files a scan takes."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest

from engine import api
from engine.errors import InputError
from engine.evidence.results import read_results
from engine.images.decoder import Decoder
from engine.images.member_reader import MemberReader
from engine.job import Context, Found
from engine.scan.discovery import discover
from engine.scan.pipeline import run
from engine.scan.selection import Selection
from engine.scan.watching import arrivals
from engine.scan_types import ScanRequest
from tests.engine.images import made_containers as made
from tests.engine.images.made_raw import dng
from tests.fakes import FakeExaminer, fake_factory


def scanned(folder: Path, *paths: Path, **more):
    request = ScanRequest(paths=tuple(map(str, paths)), out_dir=str(folder), **more)
    examiner = FakeExaminer()
    summary = run(request, lambda: examiner, Context())
    return summary, read_results(folder), examiner


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    file = tmp_path / "evidence" / "a.zip"
    file.parent.mkdir()
    inner = made.zipped({"deep.jpg": made.jpeg(3)})
    members = {"x/a.jpg": made.jpeg(1), "b.jpg": made.jpeg(2), "in.zip": inner, "c.txt": b"no"}
    file.write_bytes(made.zipped(members))
    return file


def test_pictures_in_an_archive_are_examined_each_with_its_hash_and_the_archives(archive, tmp_path):
    summary, results, _ = scanned(tmp_path / "out", archive.parent)
    assert (summary.found, summary.done, summary.failed, summary.ignored) == (3, 3, 0, 1)
    whole = hashlib.sha256(archive.read_bytes()).hexdigest()
    expected = {"x/a.jpg": 1, "b.jpg": 2, "in.zip!/deep.jpg": 3}
    for result, (name, seed) in zip(results, expected.items(), strict=True):
        assert result.facts.path == f"{archive}!/{name}"
        assert result.facts.sha256 == hashlib.sha256(made.jpeg(seed)).hexdigest()
        assert result.facts.container_sha256 == whole


def test_nothing_is_written_but_the_results(archive, tmp_path):
    before = {path: path.stat().st_mtime_ns for path in archive.parent.rglob("*")}
    scanned(tmp_path / "out", archive)
    assert {path: path.stat().st_mtime_ns for path in archive.parent.rglob("*")} == before
    assert {path.name for path in tmp_path.iterdir()} == {"evidence", "out"}


def test_a_scan_of_an_archive_goes_on_where_it_was(archive, tmp_path):
    scanned(tmp_path / "out", archive)
    summary, _, examiner = scanned(tmp_path / "out", archive)
    assert (summary.done, summary.skipped) == (0, 3)
    assert examiner.seen == []


def test_members_can_be_asked_for_out_of_order(archive):
    with MemberReader() as reader:
        for name, seed in (("b.jpg", 2), ("in.zip!/deep.jpg", 3), ("x/a.jpg", 1), ("b.jpg", 2)):
            assert reader.take(str(archive), name).data == made.jpeg(seed)
        with pytest.raises(InputError) as caught:
            reader.take(str(archive), "gone.jpg")
        assert caught.value.kind == "not_found"


def test_an_archive_that_was_replaced_is_opened_anew(archive):
    with MemberReader() as reader:
        assert reader.read(f"{archive}!/b.jpg").data == made.jpeg(2)
        archive.unlink()
        archive.write_bytes(made.zipped({"b.jpg": made.jpeg(7)}))
        assert reader.read(f"{archive}!/b.jpg").data == made.jpeg(7)


def test_thumbnails_of_one_archive_are_made_without_opening_it_anew(archive):
    with Decoder() as decoder:
        decoder.thumbnail(f"{archive}!/x/a.jpg", 32)
        process = decoder._members._unpacker.pid
        decoder.thumbnail(f"{archive}!/b.jpg", 32)
        assert decoder._members._unpacker.pid == process


def test_archives_can_be_left_closed(archive, tmp_path):
    summary, (result,), _ = scanned(tmp_path / "out", archive, containers=False)
    assert summary.failed == 1
    assert result.failure.kind == "not_an_image"


def test_several_decoding_processes_share_an_archive(archive, tmp_path):
    archive.write_bytes(made.zipped({f"{n:02}.jpg": made.jpeg(n) for n in range(12)}))
    summary, results, _ = scanned(tmp_path / "out", archive, jobs=3)
    assert summary.done == 12
    assert [result.facts.path for result in results] == sorted(r.facts.path for r in results)


def test_a_named_container_without_pictures_says_so_and_one_in_a_folder_is_left_out(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.zip").write_bytes(made.zipped({"a.txt": b"text"}))
    (result,) = scanned(tmp_path / "named", folder / "a.zip")[1]
    assert result.failure.kind == "no_pictures"
    summary, results, _ = scanned(tmp_path / "folder", folder)
    assert (summary.found, summary.ignored, results) == (0, 1, ())


def test_a_container_that_cannot_be_opened_has_a_line_with_the_reason(tmp_path):
    (tmp_path / "a.pdf").write_bytes(made.pdf(password="x"))
    (result,) = scanned(tmp_path / "out", tmp_path / "a.pdf")[1]
    assert result.failure.kind == "encrypted"


def test_a_raw_file_is_examined_developed_and_as_its_preview(tmp_path):
    import numpy as np
    from PIL import Image

    pixels = np.tile(made.picture(), (2, 2, 1))
    (tmp_path / "photo.dng").write_bytes(dng(pixels, preview=Image.fromarray(pixels)))
    _, results, _ = scanned(tmp_path / "out", tmp_path / "photo.dng")
    assert [(Path(r.facts.path).name, r.facts.format) for r in results] == [
        ("photo.dng", "DNG"),
        ("preview.jpg", "JPEG"),
    ]


def test_a_double_names_the_file_it_was_examined_as(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(made.jpeg())
    (folder / "b.zip").write_bytes(made.zipped({"same.jpg": made.jpeg()}))
    summary, (first, second), examiner = scanned(tmp_path / "out", folder)
    assert len(examiner.seen) == 1
    assert summary.duplicates == 1
    assert first.duplicate_of is None
    assert second.duplicate_of == first.facts.path
    assert second.facts.container_sha256 is not None


def test_a_member_is_an_exhibit_that_can_be_checked_again(archive, tmp_path):
    file = tmp_path / "a.case"
    api.new_case(file, operator="A")
    with api.open_case(file, operator="A") as case:
        taken = api.add_to_case(case, (str(archive),), Context())
        assert [each.failure for each in taken] == [None] * 3
        assert "in a container with SHA-256" in taken[0].exhibit.source
        states = api.check_case_exhibits(case, Context())
        assert {str(each.state) for each in states} == {"present"}
        archive.write_bytes(made.zipped({"x/a.jpg": made.jpeg(9)}))
        states = api.check_case_exhibits(case, Context())
        assert [str(each.state) for each in states] == ["changed", "missing", "missing"]


def test_a_member_is_copied_beside_a_case_by_its_content(archive, tmp_path):
    file = tmp_path / "a.case"
    api.new_case(file, operator="A")
    with api.open_case(file, operator="A") as case:
        taken = api.add_to_case(case, (f"{archive}!/b.jpg",), Context(), copy=True)
        (exhibit,) = [each.exhibit for each in taken]
        assert Path(exhibit.evidence_file).read_bytes() == made.jpeg(2)


def test_a_member_can_be_named_itself(archive, tmp_path):
    examined = api.examine(f"{archive}!/b.jpg", ctx=Context(), factory=fake_factory)
    assert examined.ok
    _, (result,), _ = scanned(tmp_path / "out", f"{archive}!/b.jpg")
    assert result.ok


def names(folder: Path, **chosen) -> list[str]:
    found = discover([str(folder)], [], Context(), Selection(**chosen))
    return [os.path.relpath(each.path, folder) for each in found.candidates]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path / "photos"
    for name in ("a.jpg", "b.PNG", "private/c.jpg", "trip/d.jpg", "trip/deep/e.jpg"):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(made.jpeg())
    return top


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, ["a.jpg", "b.PNG", "private/c.jpg", "trip/d.jpg", "trip/deep/e.jpg"]),
        ({"include": ("*.png",)}, ["b.PNG"]),
        ({"include": ("trip/*",)}, ["trip/d.jpg", "trip/deep/e.jpg"]),
        ({"exclude": ("private",)}, ["a.jpg", "b.PNG", "trip/d.jpg", "trip/deep/e.jpg"]),
        ({"exclude": ("trip/deep", "?.png")}, ["a.jpg", "private/c.jpg", "trip/d.jpg"]),
        ({"include": ("*.jpg",), "exclude": ("*/*",)}, ["a.jpg"]),
    ],
)
def test_patterns_choose_files_and_folders(folder, chosen, expected):
    assert names(folder, **chosen) == expected


def test_patterns_choose_members_too(archive):
    assert names(archive.parent, include=("*.zip", "b.jpg")) == ["a.zip!/b.jpg"]


def test_only_files_changed_since_a_date_are_taken(folder):
    now = time.time()
    for path in folder.rglob("*.jpg"):
        os.utime(path, (now - 10_000, now - 10_000))
    assert names(folder, since=now - 5000) == ["b.PNG"]


def test_a_file_that_was_named_is_never_left_out(folder):
    found = discover([str(folder / "a.jpg")], [], Context(), Selection(exclude=("*",), since=9e9))
    assert len(found.candidates) == 1


class Ticks(Context):
    """A context whose waiting does something instead, then stops."""

    def __init__(self, *steps) -> None:
        self.events = []
        super().__init__(self.events.append)
        self._steps = list(steps)

    def wait(self, seconds: float) -> None:
        if not self._steps:
            self.cancel()
        else:
            self._steps.pop(0)()
        self.check()


def test_a_watched_file_is_examined_once_it_has_stopped_growing(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    whole = made.jpeg()
    file = folder / "late.jpg"
    steps = (
        lambda: file.write_bytes(whole[:300]),
        lambda: file.write_bytes(whole),
        lambda: None,
        lambda: None,
        lambda: (folder / "b.jpg").write_bytes(made.jpeg(2)),
        lambda: None,
    )
    ctx = Ticks(*steps)
    request = ScanRequest(paths=(str(folder),), out_dir=str(tmp_path / "out"), watch_s=1.0)
    summary = run(request, FakeExaminer, ctx)
    assert (summary.found, summary.done, summary.failed) == (2, 2, 0)
    found = [event.paths for event in ctx.events if isinstance(event, Found)]
    assert found == [(), (str(file),), (str(folder / "b.jpg"),)]


def test_a_watched_file_that_changes_comes_again(tmp_path):
    file = tmp_path / "a.jpg"
    file.write_bytes(made.jpeg(1))
    steps = (lambda: None, lambda: file.write_bytes(made.jpeg(2) + b"x"), lambda: None)
    ctx = Ticks(*steps)
    came = []
    with pytest.raises(Exception, match="stopped"):
        for candidates in arrivals(lambda: discover([str(tmp_path)], [], ctx), 1.0, ctx):
            came.append(len(candidates))
    assert came == [1, 1]


def test_waiting_ends_at_once_when_the_operator_stops_it():
    ctx = Context()
    stopper = threading.Thread(target=ctx.cancel)
    stopper.start()
    with pytest.raises(Exception, match="stopped"):
        ctx.wait(600)
    stopper.join()


def test_a_link_that_leads_back_into_its_folder_ends(tmp_path):
    (tmp_path / "a.jpg").write_bytes(made.jpeg())
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "up").symlink_to(tmp_path / "x")
    found = discover([str(tmp_path)], [], Context())
    assert [Path(each.path).name for each in found.candidates] == ["a.jpg"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_and_devices_in_a_folder_are_not_opened_to_see_what_they_are(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe.zip")
    assert discover([str(tmp_path)], [], Context()).candidates == ()
    with pytest.raises(InputError):
        discover([str(tmp_path / "gone")], [], Context())

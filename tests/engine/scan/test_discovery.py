"""Which files a scan finds."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from engine.errors import Cancelled, InputError
from engine.job import Context, Progress
from engine.scan import discovery
from engine.scan.discovery import discover

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def put(path: str, data: bytes = b"text") -> str:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(data)
    return path


def found(*paths: str, out: str = "out") -> list[str]:
    return [c.path for c in discover(paths, [Path(out)], Context()).candidates]


def test_folders_are_searched_deeply_and_in_order():
    for name in ("p/b.jpg", "p/a/z.png", "p/a/b/c/d.webp", "p/c.gif"):
        put(name)
    assert found("p") == ["p/a/b/c/d.webp", "p/a/z.png", "p/b.jpg", "p/c.gif"]


def test_images_count_by_name_or_by_first_bytes():
    put("p/broken.jpg")
    put("p/photo", PNG)
    put("p/photo.dat", PNG)
    put("p/notes.txt")
    put("p/phone.heic")
    result = discover(["p"], [Path("out")], Context())
    assert [c.path for c in result.candidates] == [
        "p/broken.jpg",
        "p/phone.heic",
        "p/photo",
        "p/photo.dat",
    ]
    assert result.ignored == 1


def test_what_is_named_counts_whatever_it_is():
    put("notes.txt")
    assert found("notes.txt", "missing.jpg") == ["notes.txt", "missing.jpg"]


def test_a_file_named_twice_is_found_once():
    put("p/a.jpg")
    assert found("p/a.jpg", "p", "./p/a.jpg", str(Path("p").absolute())) == ["p/a.jpg"]


def test_hidden_files_and_folders_are_searched():
    put("p/.a.jpg")
    put("p/.hidden/b.jpg")
    assert found("p") == ["p/.a.jpg", "p/.hidden/b.jpg"]


def test_the_results_folder_inside_is_left_out():
    put("p/a.jpg")
    put("p/out/heatmaps/x.png")
    assert found("p", out="p/out") == ["p/a.jpg"]


def test_heat_maps_of_earlier_scans_are_left_out():
    put("p/a.jpg")
    put("p/old/results.jsonl")
    put("p/old/heatmaps/x.png", PNG)
    put("p/heatmaps/mine.jpg")
    assert found("p") == ["p/a.jpg", "p/heatmaps/mine.jpg"]


def test_the_results_folder_behind_a_link_is_left_out_too():
    put("p/a.jpg")
    put("real/x.png")
    Path("p/link").symlink_to(Path("real").absolute())
    assert found("p", out="real") == ["p/a.jpg"]


def test_scanning_the_results_folder_itself_is_refused():
    put("p/a.jpg")
    with pytest.raises(InputError, match="--out"):
        found("p", out="p")


def test_links_to_files_and_folders_are_followed():
    put("elsewhere/b.jpg")
    put("p/a.jpg")
    Path("p/link.jpg").symlink_to(Path("p/a.jpg").absolute())
    Path("p/album").symlink_to(Path("elsewhere").absolute())
    assert found("p") == ["p/a.jpg", "p/link.jpg", "p/album/b.jpg"]


def test_loops_of_links_end():
    put("p/a/x.jpg")
    Path("p/a/up").symlink_to(Path("p").absolute())
    Path("p/a/self").symlink_to(Path("p/a").absolute())
    Path("p/b").symlink_to(Path("p/a").absolute())
    assert found("p") == ["p/a/x.jpg"]


def test_a_folder_reached_by_link_and_in_place_is_found_in_place():
    put("p/z/x.jpg")
    Path("p/a").symlink_to(Path("p/z").absolute())
    assert found("p") == ["p/z/x.jpg"]


def test_a_dangling_link_counts_when_its_name_is_an_image():
    Path("p").mkdir()
    Path("p/gone.jpg").symlink_to("nowhere.jpg")
    Path("p/gone").symlink_to("nowhere")
    assert found("p") == ["p/gone.jpg"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_named_pipe_is_not_opened():
    Path("p").mkdir()
    os.mkfifo("p/pipe")
    os.mkfifo("p/pipe.jpg")
    assert found("p") == ["p/pipe.jpg"]


def test_names_that_are_not_utf8_are_kept():
    Path("p").mkdir()
    raw = b"p/caf\xe9\n.jpg"
    Path(os.fsdecode(raw)).write_bytes(b"x")
    assert [os.fsencode(path) for path in found("p")] == [raw]


def test_a_folder_that_cannot_be_listed_is_told(monkeypatch):
    put("p/a.jpg")
    put("p/locked/b.jpg")
    real = os.scandir

    def scandir(path: str):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(discovery.os, "scandir", scandir)
    result = discover(["p"], [Path("out")], Context())
    assert [c.path for c in result.candidates] == ["p/a.jpg", "p/locked"]
    assert result.candidates[1].failure is not None
    assert result.candidates[1].failure.kind == "unreadable"


def test_deep_folders_are_searched():
    deep = Path("p", *["d"] * 100)
    put(str(deep / "x.jpg"))
    assert found("p") == [str(deep / "x.jpg")]


@pytest.mark.parametrize("paths", [(), ("missing",), ("missing.jpg", "none/")])
def test_nothing_to_search_is_refused(paths):
    with pytest.raises(InputError):
        found(*paths)


def test_the_search_reports_and_can_be_stopped(monkeypatch):
    monkeypatch.setattr(discovery, "REPORT_EVERY", 3)
    for i in range(10):
        put(f"p/{i}.jpg")
    seen: list[object] = []
    ctx = Context(lambda event: (seen.append(event), ctx.cancel())[0])
    with pytest.raises(Cancelled):
        discover(["p"], [Path("out")], ctx)
    assert seen == [Progress(phase=discovery.PHASE, done=2, total=None)]

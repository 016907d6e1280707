"""Scans of bad files, scans that are killed, and what a terminal shows meanwhile."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from engine.cli.console import Reporter, duration
from engine.job import Found, Progress
from tests.engine.cli.commands import RED, ROOT, lines, run
from tests.fakes import FakeExaminer


def _bad_files(folder: Path) -> dict[str, str | None]:
    """Put one file of each kind into a folder; return the expected failure, None for none."""
    photo = Image.new("RGB", (96, 64), RED)
    photo.save(folder / "good.jpg", quality=90)
    data = (folder / "good.jpg").read_bytes()
    (folder / "text.jpg").write_text("no picture")
    (folder / "cut.jpg").write_bytes(data[: len(data) // 2])
    (folder / "empty.png").touch()
    Image.new("RGB", (1, 1)).save(folder / "dot.png")
    Image.new("L", (30_000, 40), 99).save(folder / "wide.png")
    photo.convert("CMYK").save(folder / "cmyk.jpg")
    Image.new("I;16", (96, 64), 40_000).save(folder / "deep.png")
    photo.save(folder / "moving.gif", save_all=True, append_images=[Image.new("RGB", (96, 64))])
    photo.convert("P").save(folder / "palette.png")
    photo.convert("RGBA").save(folder / "alpha.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    photo.save(folder / "turned.jpg", exif=exif)
    (folder / "dangling.jpg").symlink_to(folder / "nowhere.jpg")
    (folder / "line\nbreak.jpg").write_bytes(data)
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.jpg")).write_bytes(data)
    (folder / "notes.txt").write_text("not an image, and not named like one")
    expected: dict[str, str | None] = {
        "good.jpg": None,
        "text.jpg": "not_an_image",
        "cut.jpg": "truncated",
        "empty.png": "empty",
        "dot.png": "too_small",
        "wide.png": None,
        "cmyk.jpg": None,
        "deep.png": None,
        "moving.gif": None,
        "palette.png": None,
        "alpha.png": None,
        "turned.jpg": None,
        "dangling.jpg": "dangling_link",
        "line\nbreak.jpg": None,
        os.fsdecode(b"caf\xe9.jpg"): None,
    }
    if sys.platform != "win32":
        os.mkfifo(folder / "pipe.jpg")
        expected["pipe.jpg"] = "not_a_file"
    return expected


def _state(folder: Path) -> dict[str, tuple[object, ...]]:
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        data = path.read_bytes() if stat.S_ISREG(status.st_mode) else None
        found[str(path)] = (status.st_mode, status.st_mtime_ns, status.st_size, data)
    return found


def test_every_bad_file_gets_its_line_and_the_rest_is_done(tmp_path, out, capsys):
    folder = tmp_path / "photos"
    folder.mkdir()
    expected = _bad_files(folder)
    before = _state(folder)
    assert run("scan", folder, "--out", out, "--jobs", "2") == 1
    found = {Path(line["path"]).name: line for line in lines(out)}
    kinds = {name: line["error"] and line["error"]["kind"] for name, line in found.items()}
    assert kinds == expected
    assert all(line["error"] is None or line["error"]["message"] for line in found.values())
    assert _state(folder) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "photos"]
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == len(expected)
    assert "1 other files left out" in captured.err
    assert (found["turned.jpg"]["width"], found["turned.jpg"]["height"]) == (64, 96)


def test_an_unreadable_file_gets_its_line(photos, out, monkeypatch):
    # Also root, as whom the tests may run, meets this on a network drive.
    real = os.open

    def refuse(path, *rest: object) -> int:
        if str(path).endswith("a.png"):
            raise PermissionError(13, "Permission denied")
        return real(path, *rest)

    monkeypatch.setattr("engine.images.reading.os.open", refuse)
    assert run("scan", photos, "--out", out) == 1
    assert [line["error"] and line["error"]["kind"] for line in lines(out)] == ["unreadable", None]


def test_a_named_file_that_is_no_image_gets_its_line(tmp_path, photos, out):
    text = tmp_path / "notes.txt"
    text.write_text("hello")
    assert run("scan", text, photos / "a.png", tmp_path / "missing.jpg", "--out", out) == 1
    kinds = [line["error"] and line["error"]["kind"] for line in lines(out)]
    assert kinds == ["not_an_image", None, "not_found"]


SCAN = """
import sys
from engine.__main__ import main
from tests.fakes import FakeExaminer

def stop_at_second(image):
    if image.facts.path.endswith("b.png"):
        print("NOW", flush=True)
        sys.stdin.readline()

if __name__ == "__main__":
    factory = lambda *key: FakeExaminer(before=stop_at_second)
    sys.exit(main(["scan", sys.argv[1], "--out", sys.argv[2]], factory=factory))
"""


@pytest.fixture
def child(photos, out, tmp_path):
    """A scan in a process of its own that is in the middle of its second picture."""
    script = tmp_path / "scan.py"
    script.write_text(SCAN)
    with subprocess.Popen(
        [sys.executable, str(script), str(photos), str(out)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ai")
        assert process.stdout.readline() == "NOW\n"
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_a_killed_scan_resumes_where_it_was(child, photos, out):
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert [Path(line["path"]).name for line in lines(out)] == ["a.png"]
    examiner = FakeExaminer()
    assert run("scan", photos, "--out", out, factory=lambda *_key: examiner) == 0
    assert [Path(path).name for path in examiner.seen] == ["b.png"]
    assert [Path(line["path"]).name for line in lines(out)] == ["a.png", "b.png"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_ctrl_c_gives_exit_code_130_and_keeps_what_was_done(child, out):
    child.send_signal(signal.SIGINT)
    # The signal is pending before the line is there, so it is handled before the model goes on.
    _, err = child.communicate("go on\n")
    assert child.returncode == 130
    assert "Traceback" not in err
    assert "kept" in err
    assert [Path(line["path"]).name for line in lines(out)] == ["a.png"]


def test_a_scan_in_progress_keeps_its_folder(child, photos, out, capsys):
    assert run("scan", photos, "--out", out) == 2
    assert "Another scan" in capsys.readouterr().err


def test_output_that_the_terminal_cannot_show_does_not_end_a_scan(photos, out):
    (photos / "gr\u00fc\u00dfe \u4e2d.png").write_bytes((photos / "a.png").read_bytes())
    program = (
        "import sys\n"
        "from engine.__main__ import main\n"
        "from tests.fakes import fake_factory\n"
        "if __name__ == '__main__':\n"
        "    sys.exit(main(sys.argv[1:], factory=fake_factory))\n"
    )
    script = out.parent / "ascii.py"
    script.write_text(program)
    done = subprocess.run(
        [sys.executable, str(script), "scan", str(photos), "--out", str(out)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"gr\\xfc\\xdfe \\u4e2d.png" in done.stdout


class Stream:
    """A text stream that says whether it is a terminal."""

    def __init__(self, *, terminal: bool) -> None:
        self.terminal = terminal
        self.text = ""

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


def test_plain_output_has_a_line_a_tenth():
    stream = Stream(terminal=False)
    reporter = Reporter(quiet=False, stream=stream)
    for done in range(1, 101):
        reporter(Progress(phase="Examining", done=done, total=100, failed=done // 50))
    written = stream.text.splitlines()
    assert len(written) == 11
    assert written[0] == "Examining: 1 of 100"
    assert written[-1] == "Examining: 100 of 100, 2 failed"


def test_a_terminal_has_one_line_that_is_drawn_over():
    stream = Stream(terminal=True)
    reporter = Reporter(quiet=False, stream=stream)
    reporter(Progress(phase="Examining", done=1, total=4, per_s=2.0, left_s=150.0))
    assert "\n" not in stream.text
    assert stream.text == "Examining [######..................] 1 of 4, 2.0/s, 2 min left"
    reporter.clear()
    reporter(Found(paths=("a",), ignored=0))
    assert stream.text.endswith("\rFound 1 image.\n")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59, "59 s"), (240, "4 min"), (7800, "2 h 10 min")]
)
def test_durations_are_for_people(seconds, text):
    assert duration(seconds) == text

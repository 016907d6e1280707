"""The command line with the fake model: the contract's commands, outputs and exit codes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image
from safetensors.torch import load_file, save_file

from engine.__main__ import main
from engine.cli.console import Reporter, duration
from engine.errors import ModelError
from engine.job import Found, Progress
from tests.fakes import FakeExaminer, fake_factory

ROOT = Path(__file__).resolve().parents[2]
RED, BLUE = (230, 20, 20), (20, 20, 230)


def run(*arguments: object, factory=fake_factory) -> int:
    return main([str(argument) for argument in arguments], factory=factory)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.new("RGB", (96, 64), RED).save(folder / "a.png")
    Image.new("RGB", (96, 64), BLUE).save(folder / "b.png")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def lines(out: Path) -> list[dict]:
    return [json.loads(line) for line in (out / "results.jsonl").read_text("ascii").splitlines()]


def test_scan_writes_results_and_prints_a_line_a_file(photos, out, capsys):
    assert run("scan", photos, "--out", out) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [
        f"ai           p = .99  {photos / 'a.png'}",
        f"real         p = .01  {photos / 'b.png'}",
    ]
    assert "Found 2 images." in captured.err
    assert "2 examined, 0 failed" in captured.err
    assert [line["verdict"] for line in lines(out)] == ["ai", "real"]
    assert all((out / line["heatmap"]).is_file() for line in lines(out))


def test_quiet_leaves_only_results(photos, out, capsys):
    assert run("scan", photos, "--out", out, "--quiet") == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert len(captured.out.splitlines()) == 2


def test_a_failed_file_gives_exit_code_1_also_when_run_again(photos, out, capsys):
    (photos / "c.jpg").write_text("no picture")
    for _ in range(2):
        assert run("scan", photos, "--out", out) == 1
        assert "failed          -" in capsys.readouterr().out
    assert len(lines(out)) == 3


def test_a_second_run_prints_what_is_stored(photos, out, capsys):
    run("scan", photos, "--out", out)
    first = capsys.readouterr().out
    assert run("scan", photos, "--out", out) == 0
    captured = capsys.readouterr()
    assert captured.out == first
    assert "0 examined, 0 failed, 2 already done before" in captured.err


def test_no_explain_and_triage_reach_the_model(photos, out):
    assert run("scan", photos, "--out", out, "--no-explain") == 0
    assert [line["explanation"] for line in lines(out)] == [[], []]
    assert run("scan", photos, "--out", out, "--triage") == 0
    assert lines(out)[-1]["model"]["injection_layer"] is None


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("scan",),
        ("case",),
        ("case", "paint", "x"),
        ("case", "new"),
        ("case", "timestamp", "x"),
        ("scan", "x", "--out", "o", "--triage", "--no-explain"),
        ("scan", "x", "--out", "o", "--device", "tpu"),
        ("scan", "x", "--out", "o", "--jobs", "many"),
        ("paint", "x"),
        ("models",),
    ],
)
def test_wrong_arguments_give_exit_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        run(*arguments)
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value"), [("--case", "x.case"), ("--workers", "2"), ("--jobs", "0")]
)
def test_what_cannot_be_done_gives_exit_code_2_and_says_why(photos, out, option, value, capsys):
    assert run("scan", photos, "--out", out, option, value) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert option.strip("-") in captured.err
    assert not out.exists()


def test_nothing_to_scan_gives_exit_code_2(tmp_path, out, capsys):
    assert run("scan", tmp_path / "none", "--out", out) == 2
    assert "none" in capsys.readouterr().err
    assert not out.exists()


def test_a_missing_model_gives_exit_code_2(photos, out, capsys):
    def factory(*_key: object) -> FakeExaminer:
        raise ModelError("The pack 'mini' is missing: assemble it.")

    assert run("scan", photos, "--out", out, factory=factory) == 2
    assert capsys.readouterr().err.endswith("residua: The pack 'mini' is missing: assemble it.\n")


def test_a_bug_is_not_swallowed(photos, out):
    def crash(_image: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run("scan", photos, "--out", out, factory=lambda *_key: FakeExaminer(before=crash))


def test_scan_with_report_writes_a_report_that_verifies(photos, out, capsys):
    assert run("scan", photos, "--out", out, "--report") == 0
    assert run("verify", out / "report.pdf", "--evidence", photos) == 0
    checks = capsys.readouterr().out
    assert "pass" in checks
    assert "fail" not in checks


def test_report_writes_a_pdf_of_stored_results(photos, out, tmp_path, capsys):
    run("scan", photos, "--out", out)
    capsys.readouterr()
    assert run("report", out, "--out", tmp_path / "mine.pdf") == 0
    assert (tmp_path / "mine.pdf").read_bytes().startswith(b"%PDF-")
    assert capsys.readouterr().out == f"{tmp_path / 'mine.pdf'}\n"


def test_a_report_that_was_altered_gives_exit_code_1(photos, out, tmp_path, capsys):
    run("scan", photos, "--out", out, "--report")
    altered = tmp_path / "altered.pdf"
    data = bytearray((out / "report.pdf").read_bytes())
    data[len(data) // 2] ^= 0xFF
    altered.write_bytes(bytes(data))
    assert run("verify", altered) == 1
    assert "fail" in capsys.readouterr().out


def test_changed_evidence_gives_exit_code_1(photos, out):
    run("scan", photos, "--out", out, "--report")
    Image.new("RGB", (96, 64), BLUE).save(photos / "a.png")
    assert run("verify", out / "report.pdf", "--evidence", photos) == 1


@pytest.mark.parametrize("what", ["missing", "folder without results", "case file"])
def test_a_report_of_nothing_gives_exit_code_2(what, tmp_path, capsys):
    source = tmp_path / "source"
    if what == "case file":
        source.write_text("case")
    elif what == "folder without results":
        source.mkdir()
    assert run("report", source, "--out", tmp_path / "x.pdf") == 2
    assert capsys.readouterr().err.startswith("residua: ")
    assert not (tmp_path / "x.pdf").exists()


def test_verify_of_what_is_no_report_gives_exit_code_2(photos, tmp_path):
    assert run("verify", photos / "a.png") == 2
    assert run("verify", tmp_path / "missing.pdf") == 2


def test_examine_tells_a_person(photos, tmp_path, capsys):
    before = sorted(tmp_path.rglob("*"))
    assert run("examine", photos / "a.png") == 0
    text = capsys.readouterr().out
    for part in (
        str(photos / "a.png"),
        "The picture is rather red.",
        "p = .99",
        "[M1]",
        "A: x 0, y 0, 48 x 32 px",
        "dropped by the checks",
        "STATEMENT: The pixels speak for AI; the file itself says nothing.",
        "row pixels-ai of the decision table",
    ):
        assert part in text
    assert sorted(tmp_path.rglob("*")) == before


def test_examine_json_gives_one_object(photos, capsys):
    assert run("examine", photos / "a.png", "--json") == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["schema"], record["status"], record["verdict"]) == (1, "ok", "ai")
    assert record["heatmap"] is None


def test_examine_of_a_broken_file_gives_exit_code_1(tmp_path, capsys):
    bad = tmp_path / "bad.jpg"
    bad.write_text("no picture")
    assert run("examine", bad) == 1
    assert "not a picture" in capsys.readouterr().out
    assert run("examine", bad, "--json") == 1
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "not_an_image"


def test_examine_of_a_missing_file_gives_exit_code_2(tmp_path, capsys):
    assert run("examine", tmp_path / "none.jpg") == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "none.jpg" in captured.err


def test_models_list_names_what_could_be_assembled(capsys):
    assert run("models", "list") == 0
    text = capsys.readouterr().out
    assert "mini  not assembled" in text
    assert "residua models assemble mini" in text


def test_models_verify_without_a_pack_gives_exit_code_2(capsys):
    assert run("models", "verify") == 2
    assert "mini" in capsys.readouterr().err


def test_models_import_of_what_is_no_pack_gives_exit_code_2(tmp_path, capsys):
    assert run("models", "import", tmp_path) == 2
    assert capsys.readouterr().err.startswith("residua: ")


@pytest.mark.shared
def test_golden_prints_a_json_line_a_case(shared_data, capsys):
    assert run("golden", shared_data / "golden") == 0
    cases = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [list(case) for case in cases] == [
        ["case", "max_abs_logits", "max_abs_artifact", "tokens_equal"]
    ] * 2
    assert all(case["max_abs_logits"] <= 1e-4 and case["tokens_equal"] for case in cases)


@pytest.mark.shared
def test_golden_names_another_precision_and_what_it_is_held_to(shared_data, capsys):
    assert run("golden", shared_data / "golden", "--dtype", "bfloat16") == 0
    for line in capsys.readouterr().out.splitlines():
        case = json.loads(line)
        assert (case["device"], case["dtype"], case["tolerance"]) == ("cpu", "bfloat16", 0.1)
        assert 1e-4 < case["max_abs_logits"] < 0.1


@pytest.mark.shared
def test_golden_beyond_its_tolerance_gives_exit_code_1(shared_data, tmp_path, capsys):
    folder = tmp_path / "golden"
    shutil.copytree(shared_data / "golden", folder)
    vectors = load_file(folder / "golden.safetensors")
    vectors["1.logits"] += 1e-2
    save_file(vectors, folder / "golden.safetensors")
    assert run("golden", folder) == 1
    within = [
        json.loads(line)["max_abs_logits"] <= 1e-4 for line in capsys.readouterr().out.splitlines()
    ]
    assert within == [True, False]


def test_golden_of_an_empty_folder_gives_exit_code_2(tmp_path):
    assert run("golden", tmp_path) == 2
    assert run("golden", tmp_path, "--tol", "nan") == 2


def test_bench_prints_the_figures_of_each_stage(photos, capsys):
    assert run("bench", "--images", photos, "--limit", "2", "--quiet") == 0
    measured = json.loads(capsys.readouterr().out)
    assert [stage["name"] for stage in measured["stages"]] == [
        "decode",
        "load full",
        "scan full",
        "scan no_explain",
        "load triage",
        "scan triage",
    ]
    assert all(s["images_per_s"] > 0 for s in measured["stages"] if s["images"])
    assert measured["machine"]["cores"] >= 1
    assert measured["model"]["name"] == "fake"
    assert measured["pictures"] == "2 of photos"
    if sys.platform == "linux":
        assert 10 < measured["decoder_peak_memory_mb"] < 500


def test_bench_makes_pictures_where_there_are_none(tmp_path, capsys):
    assert run("bench", "--images", tmp_path, "--limit", "1", "--quiet") == 0
    measured = json.loads(capsys.readouterr().out)
    assert measured["megapixels"] == 1.0


def test_bench_measures_the_fast_path_alone_with_made_pictures(photos, capsys):
    def factory(_model: str, _device: str, triage: bool) -> FakeExaminer:
        assert triage
        return FakeExaminer(triage=True, at_once=2)

    arguments = ("--images", photos, "--made", "--triage", "--limit", "2", "--quiet")
    assert run("bench", *arguments, factory=factory) == 0
    measured = json.loads(capsys.readouterr().out)
    assert measured["pictures"] == "2 made, 1 megapixel, JPEG 90"
    assert [s["name"] for s in measured["stages"]] == ["decode", "load triage", "scan triage"]


def test_bench_of_accuracy_needs_a_manifest_that_is_there(tmp_path, capsys):
    missing = tmp_path / "none.csv"
    assert run("bench", "--triage-accuracy", missing, "--quiet") == 2
    assert "No manifest" in capsys.readouterr().err
    assert run("bench", "--triage-accuracy", missing, "--limit", "0", "--quiet") == 2
    assert "at least 1" in capsys.readouterr().err


def test_bench_of_a_checkpoint_in_a_folder_leaves_the_fast_path_out(photos, tmp_path, capsys):
    def factory(_model: str, _device: str, triage: bool) -> FakeExaminer:
        if triage:
            raise ModelError("A published checkpoint has no triage path.")
        return FakeExaminer()

    arguments = ("--images", photos, "--limit", "1", "--quiet", "--model", tmp_path)
    assert run("bench", *arguments, factory=factory) == 0
    names = [stage["name"] for stage in json.loads(capsys.readouterr().out)["stages"]]
    assert names == ["decode", "load full", "scan full", "scan no_explain"]


@pytest.mark.parametrize("command", ["train", "evaluate", "calibrate", "export"])
def test_training_commands_get_their_arguments_unparsed(command, monkeypatch):
    seen: list[list[str]] = []
    stand_in = ModuleType("engine.training.cli")
    stand_in.main = lambda arguments: seen.append(arguments) or 5  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "engine.training.cli", stand_in)
    assert main([command, "--epochs", "3", "x.csv"]) == 5
    assert seen == [[command, "--epochs", "3", "x.csv"]]


@pytest.mark.parametrize(
    ("command", "module"), [("probe", "layers_cli"), ("ablate", "ablations_cli")]
)
def test_studies_get_their_arguments_unparsed(command, module, monkeypatch):
    seen: list[list[str]] = []
    stand_in = ModuleType(f"engine.training.{module}")
    stand_in.main = lambda arguments: seen.append(arguments) or 5  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, f"engine.training.{module}", stand_in)
    assert main([command, "--steps", "3"]) == 5
    assert seen == [[command, "--steps", "3"]]


def test_probe_says_what_it_draws_with_when_that_is_not_installed(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["probe"]) == 2
    assert "extra 'training'" in capsys.readouterr().err


def test_the_test_command_needs_a_checkout(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("engine.cli.upkeep.paths.resources_dir", lambda: tmp_path / "resources")
    assert run("test") == 2
    assert "selftest" in capsys.readouterr().err
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "run.py").write_text("import sys; sys.exit(len(sys.argv))")
    assert run("test", "-k", "x") == 3


def test_selftest_fails_where_no_pack_is_assembled(capsys):
    assert run("selftest", "--quiet", "--no-window") == 1
    text = capsys.readouterr().out
    assert "fail  model packs" in text
    assert text.endswith("The self-test FAILED.\n")


def test_gui_hands_its_paths_to_the_window(tmp_path, monkeypatch):
    (tmp_path / "stand_in.py").write_text("def main(paths):\n    return len(paths)\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("engine.cli.scanning.WINDOW", "stand_in")
    assert run("gui", "a", "b", "c") == 3


def test_gui_check_asks_the_window_to_try_itself(tmp_path, monkeypatch):
    (tmp_path / "tried.py").write_text("def check():\n    return 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("engine.cli.scanning.WINDOW", "tried")
    assert run("gui", "--check") == 7


def test_gui_without_a_window_says_so(monkeypatch, capsys):
    monkeypatch.setattr("engine.cli.scanning.WINDOW", "app.not_there")
    assert run("gui") == 2
    assert "window" in capsys.readouterr().err


# --- bad input -----------------------------------------------------------------------------


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


# --- in a process of its own ---------------------------------------------------------------

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


HEAVY = ("numpy", "torch", "transformers", "PIL", "reportlab", "cv2", "PySide6", "onnxruntime")


@pytest.mark.parametrize("arguments", [["--help"], ["scan", "--help"], ["scan"], ["case"]])
def test_parsing_imports_nothing_heavy(arguments):
    program = (
        "import sys\n"
        "from engine.__main__ import main\n"
        "try:\n"
        f"    main({arguments!r})\n"
        "except SystemExit:\n"
        "    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == "[]"


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


def test_version_is_printed(capsys):
    with pytest.raises(SystemExit) as caught:
        run("--version")
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("residua ")


# --- the reporter --------------------------------------------------------------------------


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

"""Commands about the program itself: models, speed, training, the window, its own tests."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from types import ModuleType

import pytest
from safetensors.torch import load_file, save_file

from engine.__main__ import main
from engine.errors import ModelError
from tests.engine.cli.commands import ROOT, run
from tests.fakes import FakeExaminer


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
    arguments = ("--images", tmp_path, "--triage", "--limit", "1", "--quiet")
    assert run("bench", *arguments) == 0
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


def test_selftest_fails_where_no_pack_is_assembled(photos, monkeypatch, capsys):
    monkeypatch.setattr("engine.api.upkeep.samples_dir", lambda: photos)
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


def test_version_is_printed(capsys):
    with pytest.raises(SystemExit) as caught:
        run("--version")
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("residua ")

"""Set-up and start, with a real environment and pip, but an engine of a few lines."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from tests.engine.vrm.packs_made_up import write_wheel

ROOT = Path(__file__).resolve().parents[2]
STAND_IN = """
import json, os, sys
names = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "PYTHONPATH")
out = {"arguments": sys.argv[1:], "cwd": os.getcwd(), "prefix": sys.prefix}
print(json.dumps({**out, **{n: os.environ.get(n) for n in names}}))
sys.exit(7)
"""
STAND_IN_PACK = """
import sys
from engine import paths
for name in sys.argv[1:]:
    folder = paths.packs_dir() / name
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    print("assembled", name)
"""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the shell script is not for Windows")


@dataclass
class Checkout:
    """A copy of the start-up files, with stand-ins for the engine and the packages."""

    root: Path
    data: Path
    wheels: Path

    def start(self, *arguments: str, cwd: Path | None = None, **environment: str):
        """Run ``residua`` as a user does."""
        base = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON"))}
        return subprocess.run(
            [str(self.root / "residua"), *arguments],
            cwd=cwd or self.root,
            env={
                **base,
                "RESIDUA_DATA": str(self.data),
                "RESIDUA_PYTHON": sys.executable,
                "PIP_CONFIG_FILE": os.devnull,
                "PIP_NO_INDEX": "1",
                "PIP_FIND_LINKS": self.wheels.as_uri(),
                **environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    @property
    def site_packages(self) -> Path:
        return next((self.root / ".venv").glob("lib/python*/site-packages"))


def copied(root: Path) -> Path:
    """Lay out a checkout with the real start-up files."""
    for name in ("residua", "installer/bootstrap.py", "installer/provision.py", "engine/paths.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, root / name)
    for name, content in {
        "engine/__init__.py": "",
        "engine/__main__.py": STAND_IN,
        "engine/vrm/__init__.py": "",
        "engine/vrm/packs/__init__.py": "",
        "engine/vrm/packs/__main__.py": STAND_IN_PACK,
        "tests/run.py": "import made_up_check\nprint('the tests ran')\n",
        "constraints.txt": "made_up_words==1.0\nmade_up_check==1.0\ntorch==1.0\n",
        "pyproject.toml": (
            '[project]\ndependencies = ["made_up_words", "torch>=1"]\n'
            '[project.optional-dependencies]\ndev = ["made_up_check"]\n'
        ),
    }.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checkout, list]:
    """A checkout in a folder with spaces and letters beyond Latin, set up by two commands."""
    base = tmp_path_factory.mktemp("bootstrap")
    for name in ("made_up_words", "made_up_check", "torch"):
        wheel = write_wheel(base / "wheels", name, "data.txt", b"x")
        rewritten(base / "wheels" / str(wheel["wheel"]), f"{name}/__init__.py", b"")
    made = Checkout(
        root=copied(base / "мой проект 写真"), data=base / "my data", wheels=base / "wheels"
    )
    return made, [made.start("scan", "a b", "ß"), made.start("test")]


@pytest.fixture
def checkout(finished, tmp_path: Path) -> Checkout:
    """A copy of the finished checkout that a test may break."""
    made, _ = finished
    root = tmp_path / "копия 写"
    shutil.copytree(made.root, root, symlinks=True)
    shutil.copytree(made.data, tmp_path / "data")
    return Checkout(root=root, data=tmp_path / "data", wheels=made.wheels)


def rewritten(wheel: Path, member: str, content: bytes) -> None:
    """Replace one file of a wheel."""
    import zipfile

    with zipfile.ZipFile(wheel) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = content
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def load(name: str) -> ModuleType:
    """Import a file of installer/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "installer" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_first_start_sets_up_assembles_the_pack_and_runs_the_command(finished) -> None:
    made, (first, _) = finished
    assert first.returncode == 7, first.stderr
    said = json.loads(first.stdout)
    assert said["arguments"] == ["scan", "a b", "ß"]
    assert said["cwd"] == str(made.root)
    assert said["prefix"] == str(made.root / ".venv")
    assert said["PYTHONPATH"] == str(made.root)
    assert (said["HF_HUB_OFFLINE"], said["TRANSFORMERS_OFFLINE"]) == ("1", "1")
    assert "to download" in first.stderr
    assert "assembled" in first.stderr
    for name in ("mini", "triage"):
        assert (made.data / "packs" / name / "manifest.json").is_file()
    assert (made.site_packages / "made_up_words").is_dir()


def test_test_tools_are_installed_by_the_first_test_run(finished) -> None:
    made, (first, second) = finished
    assert "made_up_check" not in first.stderr
    assert second.returncode == 0, second.stderr
    assert second.stdout == "the tests ran\n"
    assert (made.site_packages / "made_up_check").is_dir()


def test_later_starts_run_no_pip_and_say_nothing(checkout: Checkout, tmp_path: Path) -> None:
    shutil.rmtree(checkout.site_packages / "pip")
    done = checkout.start("scan", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (7, "")
    said = json.loads(done.stdout)
    assert said["cwd"] == str(tmp_path)
    assert said["PYTHONPATH"] == str(checkout.root)


def test_missing_pack_is_assembled_only_for_commands_that_need_it(checkout: Checkout) -> None:
    shutil.rmtree(checkout.data)
    for words in (("models", "list"), ("trace", "--list"), ("trust", "show"), ("scan", "--help")):
        assert checkout.start(*words).stderr == ""
    assert not checkout.data.exists()
    assert "assembled" in checkout.start("scan").stderr
    assert checkout.start("scan").stderr == ""


def test_only_the_pack_that_is_missing_is_assembled(checkout: Checkout) -> None:
    shutil.rmtree(checkout.data / "packs" / "triage")
    said = checkout.start("scan").stderr
    assert "assembled triage" in said
    assert "mini" not in said
    assert checkout.start("scan").stderr == ""


def test_failed_assembly_ends_the_start_with_a_reason(checkout: Checkout) -> None:
    (checkout.root / "engine/vrm/packs/__main__.py").write_text("raise SystemExit('no wheels')")
    shutil.rmtree(checkout.data)
    done = checkout.start("scan")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no wheels" in done.stderr
    assert "models import" in done.stderr


def test_changed_requirements_are_installed_at_the_next_start(checkout: Checkout) -> None:
    pyproject = checkout.root / "pyproject.toml"
    shutil.rmtree(checkout.site_packages / "made_up_check")
    shutil.rmtree(checkout.site_packages / "made_up_check-1.0.dist-info")
    text = pyproject.read_text().replace('"made_up_words"', '"made_up_words", "made_up_check"')
    pyproject.write_text(text)
    assert checkout.start("scan").returncode == 7
    assert (checkout.site_packages / "made_up_check").is_dir()


def test_interrupted_set_up_is_continued(checkout: Checkout) -> None:
    # What pip leaves when it is killed while it copies a package's files.
    for name in ("ready", "ready-dev"):
        (checkout.root / ".venv" / name).unlink()
    (checkout.site_packages / "made_up_words-1.0.dist-info" / "INSTALLER").unlink()
    (checkout.site_packages / "made_up_words" / "data.txt").unlink()
    done = checkout.start("scan")
    assert done.returncode == 7, done.stderr
    assert "made_up_words-1.0 was half installed" in done.stderr
    assert "Making the environment" not in done.stderr
    assert "Requirement already satisfied: torch" in done.stderr
    assert (checkout.site_packages / "made_up_words" / "data.txt").is_file()


def test_environment_without_pip_is_made_again(checkout: Checkout) -> None:
    (checkout.root / ".venv" / "ready").unlink()
    shutil.rmtree(checkout.site_packages)
    done = checkout.start("scan")
    assert done.returncode == 7, done.stderr
    assert "Making the environment" in done.stderr


def test_package_that_cannot_be_had_ends_the_start_with_a_reason(checkout: Checkout) -> None:
    (checkout.root / "constraints.txt").write_text("made_up_words==2.0\n")
    done = checkout.start("scan")
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip stopped with exit code 1" in done.stderr
    assert not (checkout.root / ".venv" / "ready").exists()


def test_without_a_usable_python_it_says_what_to_install(tmp_path: Path) -> None:
    root = copied(tmp_path / "checkout")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("dirname", "cat", "sh"):
        found = shutil.which(name)
        assert found is not None
        (programs / name).symlink_to(found)
    # A Python that is too old, and a shim with no Python behind it.
    for name in ("python3", "python3.12"):
        (programs / name).write_text("#!/bin/sh\nexit 1\n")
        (programs / name).chmod(0o755)
    done = Checkout(root=root, data=tmp_path, wheels=tmp_path).start(
        "scan", PATH=str(programs), RESIDUA_PYTHON=""
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs Python 3.11" in done.stderr
    assert "python3-venv" in done.stderr
    assert not (root / ".venv").exists()


def test_python_that_is_no_good_is_passed_over(checkout: Checkout, tmp_path: Path) -> None:
    (checkout.root / ".venv" / "ready").unlink()
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "python3").write_text("#!/bin/sh\nexit 1\n")
    (programs / "python3").chmod(0o755)
    (programs / "python3.13").symlink_to(sys.executable)
    done = checkout.start("scan", PATH=f"{programs}:{os.environ['PATH']}", RESIDUA_PYTHON="")
    assert done.returncode == 7, done.stderr


def offering(versions: dict[str, str]) -> Callable[..., str]:
    """Stand in for pip's answer: requirement -> version it would take."""
    return lambda _venv, _constraints, requirement: versions.get(requirement, "")


@pytest.mark.parametrize(
    ("gpu", "system", "versions", "extra", "said"),
    [
        (False, "Linux", {"torch": "2.13.0+cpu"}, [], "comes as its CPU build: about 0.7 GB"),
        (False, "Linux", {"torch": "2.13.0"}, [], "only the build of torch with CUDA"),
        (False, "Linux", {"torch": "2.13.0"}, [], "comes with CUDA: about 3.3 GB"),
        (False, "Darwin", {"torch": "2.13.0"}, [], "comes as its CPU build: about 0.7 GB"),
        (True, "Linux", {"torch": "2.13.0"}, [], "comes with CUDA: about 3.3 GB"),
        (True, "Linux", {"torch": "2.13.0+cpu"}, [], "pip's index has no other"),
        (
            True,
            "Linux",
            {"torch": "2.13.0+cpu", "torch!=2.13.0+cpu": "2.13.0"},
            ["torch!=2.13.0+cpu"],
            "An NVIDIA GPU was found",
        ),
    ],
)
def test_build_of_torch_fits_the_machine_and_the_index(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    gpu: bool,
    system: str,
    versions: dict[str, str],
    extra: list[str],
    said: str,
) -> None:
    provision = load("provision")
    monkeypatch.setattr(provision, "_has_nvidia_gpu", lambda: gpu)
    monkeypatch.setattr(provision.platform, "system", lambda: system)
    monkeypatch.setattr(provision, "_offered_torch", offering(versions))
    monkeypatch.setattr(provision, "_refuse_full_disk", lambda *_: None)
    assert provision._choose_torch(tmp_path, tmp_path, "c.txt") == extra
    assert said in capsys.readouterr().err


def test_full_disk_is_refused_before_anything_is_fetched(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    provision = load("provision")
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000_000)
    monkeypatch.setattr(provision.shutil, "disk_usage", lambda _: usage)
    root = copied(tmp_path / "checkout")
    assert provision.set_up_environment(root, "0" * 64, dev=False) == 2
    assert "has 1.0 GB free, set-up needs 4 GB" in capsys.readouterr().err
    assert not (root / ".venv").exists()


def test_big_packages_are_installed_in_steps_of_their_own() -> None:
    steps = load("provision").in_steps(
        ["PySide6-Essentials>=6", "torch>=2", "numpy", "onnxruntime-gpu>=1", "torch!=2.0+cpu", "x"]
    )
    assert steps == [
        ["torch>=2", "torch!=2.0+cpu"],
        ["onnxruntime-gpu>=1"],
        ["PySide6-Essentials>=6"],
        ["numpy", "x"],
    ]


def test_constraints_pin_every_requirement_of_the_project_to_one_version() -> None:
    import tomllib

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    pinned = {canonicalize_name(name): version for name, version in pins.items()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    for requirement in (Requirement(text) for group in groups for text in group):
        version = pinned[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} is pinned to {version}"


def test_continuous_integration_runs_the_test_command_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert commands[-1] == "exec ./residua test </dev/null"
    assert commands[:-1] == [
        "set -euo pipefail",
        'cd "$(dirname "${BASH_SOURCE[0]}")/.."',
        "export CI=true",
    ]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert os.access(ROOT / "residua", os.X_OK)


def test_both_starters_ask_for_the_same_pythons() -> None:
    wanted = "sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))"
    assert wanted in (ROOT / "residua").read_text(encoding="utf-8")
    assert wanted in (ROOT / "residua.cmd").read_text(encoding="utf-8")

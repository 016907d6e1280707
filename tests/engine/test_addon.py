"""The GPU add-on: found, refused in words, and taken before the program's own libraries."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine import addon
from engine.vrm.packs.manifest import write_manifest

ROOT = Path(__file__).resolve().parents[2]
FIT = addon.Fit(program="1.2.3", python="cp311", platform="linux-x86_64", torch="2.13.0")


def package(site: Path, version: str) -> None:
    """Write a package ``torchlike`` with a part, and what an installer records of it."""
    (site / "torchlike").mkdir(parents=True)
    (site / "torchlike" / "__init__.py").write_text(f"version = {version!r}\n")
    (site / "torchlike" / "part.py").write_text("from torchlike import version as seen\n")
    record = site / f"torchlike-{version.replace('+', '_')}.dist-info"
    record.mkdir()
    (record / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: torchlike\nVersion: {version}\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / addon.FOLDER_NAME
    package(folder, "2.13.0+cu130")
    (folder / "engine").mkdir()
    (folder / "engine" / "__init__.py").write_text("raise SystemExit('not the program')\n")
    write_manifest(
        folder,
        name=addon.FOLDER_NAME,
        program=FIT.program,
        python=FIT.python,
        platform=FIT.platform,
        torch=FIT.torch,
        libraries=["torchlike"],
    )
    return folder


def test_an_addon_of_this_program_is_used(folder: Path) -> None:
    found = addon.read_addon(folder, FIT)
    assert (found.libraries, found.problem) == (("torchlike",), "")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (replace(FIT, program="1.2.4"), "made for version 1.2.3 of the program, this is 1.2.4"),
        (replace(FIT, python="cp312"), "made for Python cp311, the program has cp312"),
        (replace(FIT, platform="win-amd64"), "made for linux-x86_64, this is win-amd64"),
        (replace(FIT, torch="2.14.0"), "brings torch 2.13.0, the program was tried with 2.14.0"),
    ],
)
def test_an_addon_of_another_program_is_refused_in_words(
    folder: Path, other: addon.Fit, said: str
) -> None:
    found = addon.read_addon(folder, other)
    assert found.libraries == ()
    assert str(folder) in found.problem
    assert said in found.problem
    assert f"Install the add-on of {other.program}" in found.problem


def test_an_addon_that_was_cut_short_is_refused_with_the_file(folder: Path) -> None:
    (folder / "torchlike" / "part.py").write_text("")
    found = addon.read_addon(folder, FIT)
    assert "torchlike/part.py has 0 bytes instead of" in found.problem


@pytest.mark.parametrize("text", ["", "[]", '{"libraries": 3}'])
def test_an_addon_with_a_broken_list_is_refused(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text)
    assert "list of files cannot be read" in addon.read_addon(folder, FIT).problem


def test_the_addons_libraries_come_first_and_no_others(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    package(own, "2.13.0+cpu")
    code = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from importlib import metadata\n"
        "from engine import addon\n"
        f"addon.prefer(addon.read_addon(Path({str(folder)!r}), addon.Fit(program='1.2.3', "
        "python='cp311', platform='linux-x86_64', torch='2.13.0')))\n"
        "import torchlike.part, engine.errors\n"
        "print(json.dumps([torchlike.part.seen, metadata.version('torchlike'), "
        "torchlike.__file__, engine.errors.__file__]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": f"{ROOT}:{own}"},
        capture_output=True,
        text=True,
        check=True,
    )
    version, recorded, file, engine = json.loads(done.stdout)
    assert (version, recorded) == ("2.13.0+cu130", "2.13.0+cu130")
    assert Path(file).is_relative_to(folder)
    assert Path(engine).is_relative_to(ROOT)


def test_an_addon_lies_beside_the_installed_program(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = folder.parent / "residua" / "residua"
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(addon, "this_program", lambda: FIT)
    assert addon.look() is None
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    found = addon.look()
    assert found is not None
    assert (found.folder, found.problem) == (folder, "")


def test_an_addon_lies_beside_an_appimage(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "mounted" / "opt" / "residua"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(addon, "this_program", lambda: FIT)
    assert addon.look() is None
    monkeypatch.setenv("APPIMAGE", str(folder.parent / "residua.AppImage"))
    found = addon.look()
    assert found is not None
    assert found.folder == folder


def test_what_the_program_is_made_for_is_its_own_version() -> None:
    from engine import __version__

    fit = addon.this_program()
    assert fit.program == __version__
    assert "+" not in fit.torch

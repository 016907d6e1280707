from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", ROOT / "installer" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def program(folder: Path, body: str) -> Path:
    """A stand-in for the frozen console executable."""
    folder.mkdir()
    file = folder / "residua"
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return folder


@pytest.mark.parametrize("name", ["entry_console", "entry_window"])
def test_children_of_the_frozen_program_never_reach_its_command_line(name: str) -> None:
    tree = ast.parse((ROOT / "installer" / f"{name}.py").read_text(encoding="utf-8"))
    outside = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {alias.name for node in outside for alias in node.names}
    assert modules <= {"annotations", "multiprocessing", "os", "sys"}
    guarded = tree.body[-1]
    assert isinstance(guarded, ast.If)
    assert ast.unparse(guarded.body[0]) == "multiprocessing.freeze_support()"


def test_licences_of_the_libraries_go_into_the_build(build: ModuleType, tmp_path: Path) -> None:
    build.collect_licences(tmp_path / "licences")
    folders = {
        folder.name.partition("-")[0].lower() for folder in (tmp_path / "licences").iterdir()
    }
    assert {"residua", "torch", "transformers", "numpy", "pillow", "safetensors"} <= folders


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_result_whose_self_test_fails_is_not_accepted(build: ModuleType, tmp_path: Path) -> None:
    frozen = program(tmp_path / "residua", '[ "$1" = --version ]')
    with pytest.raises(build.BuildError, match="selftest ended with exit code 1"):
        build.check(frozen)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_result_is_checked_with_nothing_of_the_checkout_in_sight(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    frozen = program(tmp_path / "residua", f'pwd > "{tmp_path}/cwd"; env > "{tmp_path}/env"')
    build.check(frozen)
    assert not (tmp_path / "cwd").read_text().startswith(str(ROOT))
    seen = dict(line.split("=", 1) for line in (tmp_path / "env").read_text().splitlines())
    assert "PYTHONPATH" not in seen
    assert str(Path(sys.executable).parent) not in seen["PATH"]
    assert seen["HOME"] in seen["RESIDUA_DATA"]


def test_missing_executable_is_an_error(build: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(build.BuildError, match="is missing: build again"):
        build.check(tmp_path)


def test_full_disk_is_refused_before_anything_is_frozen(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(build.BuildError, match=r"has 1\.0 GB free, the build needs 8 GB"):
        build.build(tmp_path / "out", None)

"""Making the GPU add-on, as far as it can be checked without fetching gigabytes."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from engine import __version__
from engine.addon import Fit, read_addon

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "installer"))

BASE = {"torch": "2.13.0+cpu", "onnxruntime": "1.31.1", "numpy": "2.4.6"}


@pytest.fixture(scope="module")
def made() -> ModuleType:
    """The build script; the name belongs to the engine's module."""
    place = ROOT / "installer" / "addon.py"
    spec = importlib.util.spec_from_file_location("make_addon", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def install(site: Path, name: str, version: str, files: dict[str, str]) -> None:
    """Write a package as pip would."""
    record = site / f"{name.replace('-', '_')}-{version}.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text)
    names = [*files, f"{record.name}/METADATA", f"{record.name}/RECORD"]
    (record / "RECORD").write_text("".join(f"{each},,\n" for each in names))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """What pip would install for a tiny CUDA."""
    site = tmp_path / "residua-gpu"
    torch = {
        "torch/__init__.py": "",
        "torch/version.py": "__version__ = '2.13.0+cu130'\ncuda: Optional[str] = '13.0'\n",
        "torch/include/ATen.h": "",
        "torch/lib/libtorch_cuda.so": "binary",
    }
    install(site, "torch", "2.13.0+cu130", torch)
    install(site, "onnxruntime-gpu", "1.31.1", {"onnxruntime/__init__.py": ""})
    install(site, "nvidia-cublas", "13.1", {"nvidia/cublas/lib/libcublas.so.13": "binary"})
    install(site, "numpy", "2.4.6", {"numpy/__init__.py": "", "numpy/core/x.py": ""})
    return site


def test_an_addon_holds_what_the_program_lacks_and_the_program_takes_it(
    made: ModuleType, site: Path
) -> None:
    made.finish(site, BASE)
    assert not (site / "numpy").exists()
    assert not (site / "torch" / "include").exists()
    manifest = json.loads((site / "manifest.json").read_text())
    assert manifest["libraries"] == ["nvidia", "onnxruntime", "torch"]
    assert manifest["cuda"] == "13.0"
    names = [each["name"] for each in manifest["packages"]]
    assert names == ["nvidia-cublas", "onnxruntime-gpu", "torch"]
    fit = Fit(
        program=__version__,
        python=manifest["python"],
        platform=manifest["platform"],
        torch="2.13.0",
    )
    assert read_addon(site, fit).problem == ""
    assert any(name.endswith(".pyc") for name in manifest["files"])


def test_a_package_that_differs_from_the_programs_is_refused(made: ModuleType, site: Path) -> None:
    with pytest.raises(made.AddonError, match=r"numpy 2\.4\.6 was fetched .* has 2\.4\.5"):
        made.finish(site, {**BASE, "numpy": "2.4.5"})


def test_what_the_program_lacks_is_brought_along_but_tools_to_compile(
    made: ModuleType, site: Path
) -> None:
    install(site, "flatbuffers", "25.12", {"flatbuffers/__init__.py": ""})
    install(site, "setuptools", "84.2", {"setuptools/__init__.py": ""})
    made.finish(site, BASE)
    libraries = json.loads((site / "manifest.json").read_text())["libraries"]
    assert libraries == ["flatbuffers", "nvidia", "onnxruntime", "torch"]
    assert not (site / "setuptools").exists()


def test_another_onnx_runtime_than_the_programs_is_refused(made: ModuleType, site: Path) -> None:
    with pytest.raises(made.AddonError, match=r"onnxruntime-gpu is 1\.31\.1, .* 1\.30\.0"):
        made.finish(site, {**BASE, "onnxruntime": "1.30.0"})


def test_a_torch_without_cuda_makes_no_addon(made: ModuleType, site: Path) -> None:
    (site / "torch" / "version.py").write_text("cuda: Optional[str] = None\n")
    with pytest.raises(made.AddonError, match="without CUDA"):
        made.finish(site, BASE)


def test_the_packages_of_a_program_are_read_from_its_list(made: ModuleType, tmp_path: Path) -> None:
    listed = tmp_path / "_internal" / "licences"
    listed.mkdir(parents=True)
    packages = [
        {"name": "Torch", "version": "2.13.0", "build": "2.13.0+cpu", "licence": ""},
        {"name": "zlib1g", "version": "1", "build": "1", "licence": "", "kind": "deb"},
    ]
    (listed / "packages.json").write_text(json.dumps(packages))
    assert made.packages_of(tmp_path) == {"torch": "2.13.0+cpu"}


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")
def test_the_package_depends_on_the_very_program_and_lies_beside_it(
    made: ModuleType, site: Path, tmp_path: Path
) -> None:
    made.finish(site, BASE)
    target = tmp_path / "residua-gpu_1_amd64.deb"
    made.make_package(site, target, 1_700_000_000)

    def said(*arguments: str) -> str:
        command = ["dpkg-deb", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert said("--field", str(target), "Depends").strip() == f"residua (= {__version__})"
    assert said("--field", str(target), "Architecture").strip() == "amd64"
    assert "./opt/residua-gpu/manifest.json" in said("--contents", str(target))

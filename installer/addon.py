"""Makes the GPU add-on of an installed program: torch and ONNX Runtime for CUDA, in one folder.

    python installer/addon.py --program dist/residua --out dist/gpu [--deb]

It needs no GPU and no CUDA on the machine that makes it. Fetched is what ``constraints.txt`` pins;
what the program holds already is left out, and a difference between both is an error. The folder
``residua-gpu`` goes beside the program's (``/opt/residua-gpu``), or beside an AppImage.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import py_compile
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "installer"))

import debian  # noqa: E402
import release  # noqa: E402
import supply  # noqa: E402
import trim  # noqa: E402

from engine import __version__  # noqa: E402
from engine.addon import FOLDER_NAME  # noqa: E402
from engine.vrm.packs.manifest import write_manifest  # noqa: E402

OWN = ("torch", "onnxruntime-gpu", "torchao", "triton")
"""Packages that the add-on brings, whatever the program holds."""
OWN_STARTS = ("nvidia-", "cuda-")
UNNEEDED = ("setuptools",)
"""What torch asks for to compile for itself, which an installed program never does."""
REPLACES = {"onnxruntime-gpu": "onnxruntime"}
"""Packages of the program whose modules those of the add-on take the place of."""
UNUSED = ("torch/include", "torch/share", "torch/test", "bin", "share", "test")
"""Folders for those who build on the libraries, and tests."""
CUDA_LINE = re.compile(r"^cuda\b.*=\s*(?:'([\d.]+)'|\"([\d.]+)\"|None)\s*$", re.MULTILINE)
CONTROL = """\
Package: residua-gpu
Version: {version}
Section: graphics
Priority: optional
Architecture: {architecture}
Installed-Size: {size_kib}
Depends: residua (= {version})
Maintainer: The Residua project <residua@invalid>
Description: lets Residua's large models compute on an NVIDIA graphics card
 Libraries built for CUDA that an installed Residua of the same version takes
 before its own. The card's driver is not part of it.
"""


class AddonError(Exception):
    """The add-on cannot be made; the message says what, the value, what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Make the add-on; return the exit code."""
    parser = argparse.ArgumentParser(description="Make the GPU add-on.")
    parser.add_argument("--program", type=Path, default=ROOT / "dist" / "residua")
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "gpu")
    parser.add_argument("--deb", action="store_true", help="pack it as residua-gpu_VERSION.deb too")
    asked = parser.parse_args(arguments)
    try:
        release.refuse_other(asked.program.resolve())
        folder = make(asked.program.resolve(), asked.out.resolve())
        if asked.deb:
            target = asked.out / f"residua-gpu_{__version__}_{release.debian_name()}.deb"
            make_package(folder, target.resolve(), release.date_of_release())
    except (AddonError, release.ReleaseError, debian.PackageError) as error:
        sys.stderr.write(f"addon: {error}\n")
        return 2
    print(f"{folder}: {trim.size_of(folder) / 1e6:.0f} MB")
    return 0


def make(program: Path, out: Path) -> Path:
    """Make the folder; an earlier one is replaced.

    Args:
        program: the frozen folder that it is for.
        out: where the folder goes.

    Raises:
        AddonError: pip fails, or what it fetched does not fit the program.
    """
    base = packages_of(program)
    folder = out / FOLDER_NAME
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    fetch(folder, base)
    finish(folder, base)
    return folder


def packages_of(program: Path) -> dict[str, str]:
    """Return name -> version, with its build, of the Python packages in a frozen folder."""
    listed = trim.inner_of(program) / "licences" / supply.SHIPPED_NAME
    packages = json.loads(listed.read_text(encoding="utf-8"))
    return {normal(p["name"]): p["build"] for p in packages if "kind" not in p}


def fetch(folder: Path, base: dict[str, str]) -> None:
    """Have pip install what is needed into a folder.

    Raises:
        AddonError: the program has no torch, or pip fails.
    """
    if "torch" not in base:
        raise AddonError("The program's list of packages has no torch: build it again.")
    # pip ranks a build for the processor above the plain one, so it has to be ruled out.
    ruled_out = f",!={base['torch']}" if "+" in base["torch"] else ""
    torch = f"torch=={public(base['torch'])}{ruled_out}"
    wanted = [torch, "onnxruntime-gpu", "torchao"]
    command = [sys.executable, "-m", "pip", "install", "--target", str(folder), "--no-compile"]
    command += ["--only-binary=:all:", "-c", str(ROOT / "constraints.txt"), *wanted]
    if subprocess.run(command, check=False).returncode != 0:
        raise AddonError(f"pip could not install {', '.join(wanted)}; its messages are above.")


def finish(folder: Path, base: dict[str, str]) -> None:
    """Leave out what the program has, compile, and write the list that the program compares.

    Args:
        folder: what pip installed.
        base: packages of the program, see `packages_of`.

    Raises:
        AddonError: a package differs from the program's, or torch was built without CUDA.
    """
    drop_shared(folder, base)
    cuda = cuda_of(folder)
    for name in UNUSED:
        shutil.rmtree(folder / name, ignore_errors=True)
    for pattern in trim.WASTE:
        for path in folder.rglob(pattern):
            path.unlink()
    for path in sorted(folder.rglob(".*"), reverse=True):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    kept = {normal(d.metadata["Name"]): d for d in metadata.distributions(path=[str(folder)])}
    libraries = sorted(top_level(folder))
    # An installed program writes nothing beside its files, and would compile at every start.
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(folder, quiet=2, stripdir=str(folder), invalidation_mode=mode)
    write_manifest(
        folder,
        name=FOLDER_NAME,
        program=__version__,
        python=f"cp{sys.version_info.major}{sys.version_info.minor}",
        platform=sysconfig.get_platform(),
        torch=public(kept["torch"].version),
        cuda=cuda,
        libraries=libraries,
        packages=[
            {"name": name, "version": each.version, "licence": supply.licence_of(each)}
            for name, each in sorted(kept.items())
        ],
    )


def drop_shared(folder: Path, base: dict[str, str]) -> None:
    """Delete packages that the program holds in the same version, and unneeded ones.

    Raises:
        AddonError: the program holds another version.
    """
    for package in list(metadata.distributions(path=[str(folder)])):
        name = normal(package.metadata["Name"])
        if name in OWN or name.startswith(OWN_STARTS):
            replaced = REPLACES.get(name)
            if replaced in base and public(base[replaced]) != public(package.version):
                raise AddonError(
                    f"{name} is {package.version}, the program's {replaced} {base[replaced]}: pin "
                    "both alike in constraints.txt."
                )
            continue
        if name not in base and name not in UNNEEDED:
            continue
        if name in base and base[name] != package.version:
            raise AddonError(
                f"{name} {package.version} was fetched with torch, the program has {base[name]}: "
                "build both with the same constraints.txt."
            )
        for file in package.files or []:
            Path(str(file.locate())).unlink(missing_ok=True)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def cuda_of(folder: Path) -> str:
    """Return the version of CUDA that a folder's torch was built for.

    Raises:
        AddonError: it was built without.
    """
    text = (folder / "torch" / "version.py").read_text(encoding="utf-8")
    found = CUDA_LINE.search(text)
    version = found and (found[1] or found[2])
    if not version:
        raise AddonError(
            "The torch that pip fetched was built without CUDA: point PIP_INDEX_URL to an index "
            "that has the other build."
        )
    return version


def top_level(folder: Path) -> set[str]:
    """Return the names that modules in a folder are imported by."""
    names = {p.name for p in folder.iterdir() if p.is_dir() and "." not in p.name}
    files = {p.name.partition(".")[0] for p in folder.iterdir() if p.suffix in (".py", ".so")}
    return {name for name in names | files if name.isidentifier() and name != "__pycache__"}


def make_package(folder: Path, target: Path, epoch: int) -> None:
    """Pack the folder for Debian; it depends on the program of the same version.

    Raises:
        PackageError: dpkg-deb is missing or fails.
    """
    with tempfile.TemporaryDirectory(prefix="residua-gpu-", dir=target.parent) as scratch:
        tree = Path(scratch) / "tree"
        (tree / "opt").mkdir(parents=True)
        link = debian.link_or_copy
        shutil.copytree(folder, tree / "opt" / FOLDER_NAME, copy_function=link)
        (tree / "DEBIAN").mkdir()
        text = CONTROL.format(
            version=__version__,
            architecture=target.stem.rpartition("_")[2],
            size_kib=trim.size_of(folder) // 1024,
        )
        (tree / "DEBIAN" / "control").write_text(text, encoding="utf-8")
        debian.set_dates(tree, epoch)
        debian.pack(tree, target, epoch)


def normal(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def public(version: str) -> str:
    """Return a version without the name of its build."""
    return version.partition("+")[0]


if __name__ == "__main__":
    os.environ.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    sys.exit(main())

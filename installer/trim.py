"""Makes a frozen folder smaller: what no code of the program opens, and tables for debuggers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "installer"))

import debian  # noqa: E402
import hollow  # noqa: E402
import supply  # noqa: E402
import vendored  # noqa: E402

UNUSED = (
    # Ways to show a window that no desktop uses, and a theme that needs GTK to be installed.
    "PySide6/Qt/plugins/platforms/libqeglfs.so",
    "PySide6/Qt/plugins/platforms/libqlinuxfb.so",
    "PySide6/Qt/plugins/platforms/libqminimal*.so",
    "PySide6/Qt/plugins/platforms/libqvkkhrdisplay.so",
    "PySide6/Qt/plugins/platforms/libqvnc.so",
    "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
    "PySide6/Qt/plugins/egldeviceintegrations",
    "PySide6/Qt/plugins/generic",
    # Touch keyboards, networks, databases, QML: none is part of the window.
    "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboard*.so",
    "PySide6/Qt/plugins/networkinformation",
    "PySide6/Qt/plugins/tls",
    "PySide6/Qt/plugins/sqldrivers",
    "PySide6/Qt/plugins/qmltooling",
    "PySide6/Qt/lib/libQt6Quick*",
    "PySide6/Qt/lib/libQt6Qml*",
    "PySide6/Qt/lib/libQt6VirtualKeyboard*",
    "PySide6/Qt/lib/libQt6Eglfs*",
    "PySide6/Qt/lib/libQt6EglFs*",
    "PySide6/Qt/lib/libQt6EglFS*",
    "PySide6/Qt/lib/libQt6Pdf*",
    # Under the GPL, and of use to an interactive Python alone.
    "python3*/lib-dynload/readline.*",
    # Headers, static libraries, types and tests, for those who build on the libraries.
    "torch/include",
    "torch/share",
    "torch/test",
    "torch/lib/*_test.so",
    "torch/lib/libaoti_custom_ops.so",
    "torch/lib/libbackend_with_compiler.so",
    # Fetches models from a hub, which this program never does; 11 MB.
    "hf_xet",
    "hf_xet-*.dist-info",
    "c2pa/libs/*.rlib",
)
"""Paths below the folder of libraries, as globs; what is not there is not missed."""
COMMON_TEXTS = {
    "Apache": (ROOT / "LICENSE",),
    "LGPL": (Path("/usr/share/common-licenses/LGPL-3"), Path("/usr/share/common-licenses/GPL-3")),
}
"""Texts for packages that only name their licence; the LGPL's refers to the GPL's."""
WASTE = ("*.pyi", "*.h", "*.hpp", "*.cuh", "*.a", "*.lib", "*.cmake", "*.pxd", "*.pyx")
STRIPPED = (
    *("torch/lib/*.so*", "torch/*.so", "tokenizers/*.so", "jpeglib/*/*.so"),
    *("libpython3*.so*", "python3*/lib-dynload/*.so", "cryptography/hazmat/bindings/*.so"),
    *("yaml/*.so", "regex/*.so", "rpds/*.so", "safetensors/*.so", "pypdfium2_raw/*.so"),
)
"""Libraries whose tables of symbols only a debugger reads; Python's own are 25 of 29 MB.

Libraries that a wheel's builder has moved things about in are left alone: some break.
"""


def trim(program: Path) -> int:
    """Delete what is unused and strip what is large.

    Args:
        program: the frozen folder.

    Returns:
        How many bytes smaller it is.

    Raises:
        hollow.HollowError: a tool of the compiler is missing, or OpenCV changed.
    """
    inner = inner_of(program)
    before = size_of(inner)
    for pattern in UNUSED:
        for path in inner.glob(pattern):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for pattern in WASTE:
        for path in inner.rglob(pattern):
            path.unlink()
    if sys.platform == "linux" and shutil.which("strip") is not None:
        for pattern in STRIPPED:
            for path in inner.glob(pattern):
                if not path.is_symlink():
                    subprocess.run(["strip", "--strip-unneeded", str(path)], check=True)
    if sys.platform == "linux":
        hollow.hollow_out(inner)
    drop_orphans(inner)
    drop_dangling(inner)
    share_weights(inner)
    return before - size_of(inner)


def share_weights(inner: Path) -> None:
    """Keep a file of weights that several packs hold once, the others as links to it.

    Links lead from pack to pack, so that the folder may be moved; Windows has none for users.
    """
    if sys.platform == "win32":
        return
    packs = inner / "resources" / "packs"
    first: dict[str, Path] = {}
    for file in sorted(packs.rglob("*.safetensors")):
        if file.is_symlink():
            continue
        kept = first.setdefault(supply.hash_of(file), file)
        if kept != file:
            file.unlink()
            file.symlink_to(os.path.relpath(kept, file.parent))


def drop_dangling(inner: Path) -> None:
    """Delete links whose file is gone; the freezer links libraries to the top of the folder."""
    for path in inner.rglob("*"):
        if path.is_symlink() and not path.exists():
            path.unlink()


def drop_orphans(inner: Path) -> None:
    """Delete libraries of the system that no file needs any more, until none is left.

    They were collected for what `UNUSED` names. Libraries of Python packages lie in folders of
    their own and are left alone, since those open some of them by name.
    """
    if shutil.which("readelf") is None:
        return
    while True:
        needed = debian.needed_by(debian.binaries_in(inner.parent))
        orphans = [
            path
            for path in inner.glob("lib*.so*")
            if path.name not in needed and not path.name.startswith(("libpython", "libQt6"))
        ]
        if not orphans:
            return
        for path in orphans:
            path.unlink()


def record_shipped(program: Path, modules: set[str]) -> list[dict[str, str]]:
    """Write which packages are inside, and drop licences of those that are not.

    Args:
        program: the frozen folder.
        modules: names of the modules in its archive.

    Returns:
        What was written, see `supply.shipped_packages`.
    """
    inner = inner_of(program)
    tops = {name.partition(".")[0] for name in modules}
    tops |= {path.name.split(".")[0] for path in inner.iterdir()}
    names = {
        package
        for top, packages in metadata.packages_distributions().items()
        if top in tops
        for package in packages
    }
    licences = inner / "licences"
    packages = [*supply.shipped_packages(names), *system_packages(inner, licences)]
    kept = {f"{each['name']}-{each['build']}" for each in packages}
    for folder in licences.iterdir():
        if folder.is_dir() and folder.name not in {*kept, vendored.BILLS}:
            shutil.rmtree(folder)
    for each in packages:
        add_missing_text(each, licences / f"{each['name']}-{each['build']}")
    text = json.dumps(packages, indent=2) + "\n"
    (licences / supply.SHIPPED_NAME).write_text(text, encoding="utf-8")
    vendored.copy_bills(names, licences / vendored.BILLS)
    return packages


def add_missing_text(package: dict[str, str], folder: Path) -> None:
    """Give a package that carries no text the published text of the licence that it names.

    Args:
        package: name and licence.
        folder: of its texts; left alone when there is one.
    """
    if folder.is_dir():
        return
    for word, texts in COMMON_TEXTS.items():
        found = [text for text in texts if text.is_file()]
        if word in package["licence"] and found:
            folder.mkdir()
            for text in found:
                shutil.copy(text, folder / text.name)
            return


def system_packages(inner: Path, licences: Path) -> list[dict[str, str]]:
    """Return the system's packages whose libraries were taken along; copy their licences.

    Args:
        inner: the folder of libraries.
        licences: where the texts go.
    """
    if shutil.which("dpkg-query") is None:
        return []
    libraries = [p.name for p in sorted(inner.glob("lib*.so*")) if not p.is_symlink()]
    found: dict[str, dict[str, str]] = {}
    for name in libraries:
        for owner in debian.owners_of(name)[:1]:
            version = _said(["dpkg-query", "-W", "-f=${Version}", owner]).split(":")[-1]
            found[owner] = {
                "name": owner,
                "version": version,
                "build": version,
                "licence": "see its text",
                "kind": "deb",
            }
            text = Path("/usr/share/doc") / owner / "copyright"
            if text.is_file():
                folder = licences / f"{owner}-{version}"
                folder.mkdir(exist_ok=True)
                shutil.copy(text, folder / "copyright")
    return [found[name] for name in sorted(found)]


def _said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def modules_of(program: Path) -> set[str]:
    """Return the names of all modules in the archive of a frozen program."""
    from PyInstaller.archive.readers import CArchiveReader  # noqa: PLC0415 - only at a build

    console = next(p for p in (program / "residua", program / "residua.exe") if p.is_file())
    archive = CArchiveReader(str(console))
    found: set[str] = set()
    for name in archive.toc:
        if name.endswith(".pyz"):
            found |= set(archive.open_embedded_archive(name).toc)
    return found


def inner_of(program: Path) -> Path:
    """Return the folder of libraries inside a frozen folder."""
    inner = program / "_internal"
    return inner if inner.is_dir() else program


def size_of(folder: Path) -> int:
    """Return the size of all files under a folder, bytes; links count nothing."""
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file() and not f.is_symlink())

"""Makes a Debian package of the frozen folder, with what it needs read from its own files."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from engine import __version__  # noqa: E402

PLACE = Path("opt/residua")
"""Where the program lies; what is installed there belongs to no distribution (FHS 3.13)."""
LINUX = ROOT / "installer" / "linux"
ICON_SIDES = (16, 32, 48, 64, 128, 256, 512)
LOADED_LATER = ("libEGL.so.1", "libGL.so.1", "libxkbcommon-x11.so.0", "libxcb-cursor.so.0")
"""What Qt opens by name when a window is shown on X11; no file names them as needed."""
NOT_HERE = {
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""Packages of libraries that a machine which builds without a screen may lack."""
COMPRESSION = ("-Zzstd", "-z6")
"""dpkg reads it from 1.21.18 on (Debian 12, Ubuntu 22.04), which the C library asks for anyway."""


class PackageError(Exception):
    """The package cannot be made; the message says what, the value, what to do."""


def make(program: Path, target: Path, epoch: int) -> None:
    """Write the package.

    Args:
        program: the frozen folder.
        target: the ``.deb``.
        epoch: date of every file in it, seconds since 1970.

    Raises:
        PackageError: a tool is missing, a library belongs to no package, or dpkg-deb fails.
    """
    if shutil.which("dpkg-deb") is None:
        raise PackageError("dpkg-deb is not installed here: a .deb is made on Debian or Ubuntu.")
    with tempfile.TemporaryDirectory(prefix="residua-deb-", dir=target.parent) as scratch:
        tree = Path(scratch) / "tree"
        lay_out(program, tree, epoch)
        needed = packages_of(outside_libraries(program))
        write_control(tree, target.stem.rpartition("_")[2], needed)
        set_dates(tree, epoch)
        pack(tree, target, epoch)


def pack(tree: Path, target: Path, epoch: int) -> None:
    """Make a package of a root with its ``DEBIAN`` folder.

    Raises:
        PackageError: dpkg-deb is missing or fails.
    """
    if shutil.which("dpkg-deb") is None:
        raise PackageError("dpkg-deb is not installed here: a .deb is made on Debian or Ubuntu.")
    command = ["dpkg-deb", "--root-owner-group", *COMPRESSION, "--build", str(tree)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
    done = subprocess.run(
        [*command, str(target)], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise PackageError(f"dpkg-deb ended with {done.returncode}: {done.stderr.strip()}")


def lay_out(program: Path, tree: Path, epoch: int) -> None:
    """Put every file of the package where it belongs under a root.

    Args:
        program: the frozen folder; its files are linked, not copied.
        tree: the root, made here.
        epoch: for the man page's date.
    """
    share = tree / "usr" / "share"
    for folder in ("applications", "mime/packages", "man/man1", "doc/residua"):
        (share / folder).mkdir(parents=True)
    (tree / "usr" / "bin").mkdir()
    shutil.copytree(program, tree / PLACE, symlinks=True, copy_function=link_or_copy)
    (tree / "usr/bin/residua").symlink_to(f"/{PLACE}/residua")
    (tree / "usr/bin/residua-window").symlink_to(f"/{PLACE}/Residua")
    shutil.copy(LINUX / "residua.desktop", share / "applications")
    shutil.copy(LINUX / "residua-mime.xml", share / "mime/packages/residua.xml")
    icons = ROOT / "resources" / "icons"
    for side in ICON_SIDES:
        folder = share / f"icons/hicolor/{side}x{side}/apps"
        folder.mkdir(parents=True)
        shutil.copy(icons / f"residua-{side}.png", folder / "residua.png")
    scalable = share / "icons/hicolor/scalable/apps"
    scalable.mkdir(parents=True)
    shutil.copy(icons / "residua.svg", scalable)
    page = gzip.compress(manual(epoch).encode(), 9, mtime=0)
    (share / "man/man1/residua.1.gz").write_bytes(page)
    (share / "man/man1/residua-window.1.gz").symlink_to("residua.1.gz")
    shutil.copy(ROOT / "LICENSE", share / "doc/residua/copyright")
    for name in ("journalist.md", "examiner.md", "administrator.md", "methods.md"):
        shutil.copy(ROOT / "docs" / name, share / "doc/residua")


def link_or_copy(source: str, target: str) -> str:
    """Link a file where both places are on one disk, copy it otherwise."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def manual(epoch: int) -> str:
    """Return the man page with version and date filled in."""
    text = (LINUX / "residua.1").read_text(encoding="utf-8")
    day = datetime.fromtimestamp(epoch, UTC).date().isoformat()
    filled = text.replace("@VERSION@", __version__).replace("@DATE@", day)
    return filled.replace("@DOCS@", "/usr/share/doc/residua")


def outside_libraries(program: Path) -> set[str]:
    """Return the names of shared libraries that files of a folder need and the folder lacks.

    Raises:
        PackageError: readelf is missing.
    """
    if shutil.which("readelf") is None:
        raise PackageError("readelf is not installed here: install binutils.")
    binaries = binaries_in(program)
    inside = {path.name for path in program.rglob("*.so*")}
    needed = needed_by(binaries) | set(LOADED_LATER)
    return {name for name in needed - inside if not name.startswith("ld-linux")}


def binaries_in(folder: Path) -> list[Path]:
    """Return every ELF file under a folder."""
    return [file for file in sorted(folder.rglob("*")) if is_binary(file)]


def needed_by(binaries: list[Path]) -> set[str]:
    """Return the names of the shared libraries that files say they need."""
    needed: set[str] = set()
    for chunk in (binaries[start : start + 100] for start in range(0, len(binaries), 100)):
        said = subprocess.run(
            ["readelf", "-dW", *map(str, chunk)], capture_output=True, text=True, check=False
        ).stdout
        lines = [line for line in said.splitlines() if "(NEEDED)" in line]
        needed |= {line.rpartition("[")[2].rstrip("]") for line in lines}
    return needed


def is_binary(file: Path) -> bool:
    """Return whether a file is an ELF file, links left out."""
    if file.is_symlink() or not file.is_file():
        return False
    with file.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def packages_of(libraries: Iterable[str]) -> list[str]:
    """Return the Debian packages that hold libraries, as this system knows them.

    Raises:
        PackageError: a library is of no installed package.
    """
    found: set[str] = set()
    strangers: list[str] = []
    for name in sorted(libraries):
        owners = owners_of(name)
        if owners or name in NOT_HERE:
            found.add(owners[0] if owners else NOT_HERE[name])
        else:
            strangers.append(name)
    if strangers:
        raise PackageError(
            f"No installed package holds {', '.join(strangers)}: install what does, or leave the "
            "file that needs it out of the build."
        )
    return sorted(found)


def owners_of(library: str) -> list[str]:
    """Return the installed packages that hold a library of this name, sorted."""
    said = subprocess.run(
        ["dpkg-query", "-S", f"*/{library}"], capture_output=True, text=True, check=False
    ).stdout
    owners = {line.partition(":")[0] for line in said.splitlines() if "diversion" not in line}
    return sorted(owner for owner in owners if not owner.endswith(("-dev", "-dbg", "-cross")))


def write_control(tree: Path, architecture: str, needed: list[str]) -> None:
    """Write the package's description and what runs after installing and removing."""
    folder = tree / "DEBIAN"
    folder.mkdir()
    files = [file for file in tree.rglob("*") if file.is_file() and not file.is_symlink()]
    size_kib = sum(-(-file.stat().st_size // 1024) for file in files)
    control = (LINUX / "control").read_text(encoding="utf-8")
    for word, value in (
        ("@VERSION@", __version__),
        ("@ARCHITECTURE@", architecture),
        ("@SIZE@", str(size_kib)),
        ("@DEPENDS@", ", ".join(needed)),
    ):
        control = control.replace(word, value)
    (folder / "control").write_text(control, encoding="utf-8")
    for name in ("postinst", "postrm"):
        shutil.copy(LINUX / name, folder / name)
        (folder / name).chmod(0o755)


def set_dates(tree: Path, epoch: int) -> None:
    """Give every file and folder one date and plain rights."""
    for path in sorted(tree.rglob("*"), reverse=True):
        if path.is_symlink():
            os.utime(path, (epoch, epoch), follow_symlinks=False)
            continue
        runs = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if runs else 0o644)
        os.utime(path, (epoch, epoch))

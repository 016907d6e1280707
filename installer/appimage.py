"""Makes an AppImage (type 2) of the frozen folder: a small program with a squashfs behind it.

The program is `linux/runtime.c`. It is built here with gcc, libsquashfuse, zlib and zstd (on Debian
``libsquashfuse-dev``, ``zlib1g-dev``, ``libzstd-dev``), or handed over ready.

Source: AppImage specification, draft.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "installer"))

import debian  # noqa: E402

MAGIC = (8, b"AI\x02")
"""Where an AppImage of type 2 says that it is one."""
BLOCK = "131072"
"""Bytes that squashfs packs together: larger packs better and starts slower."""
NEEDED = (
    "an AppImage needs gcc, squashfs-tools, libsquashfuse-dev, zlib1g-dev and libzstd-dev, as "
    "Debian names them; '--only' makes the rest without them"
)
RUNTIME_FLAGS = ("-std=gnu11", "-Os", "-Wall", "-Wextra", "-Wno-format-truncation", "-s")
APP_RUN = """#!/bin/sh
# Without an argument, or with files alone, the window opens; a command goes to the command line.
here=${APPDIR:-$(dirname -- "$(readlink -f -- "$0")")}
case "${1-}" in
"" | /* | ./* | ../* | file:*) exec "$here/opt/residua/Residua" "$@" ;;
*) exec "$here/opt/residua/residua" "$@" ;;
esac
"""


class ImageError(Exception):
    """The AppImage cannot be made; the message says what, the value, what to do."""


def make(
    program: Path, target: Path, epoch: int, *, squash: str, runtime: Path | None = None
) -> None:
    """Write the AppImage.

    Args:
        program: the frozen folder.
        target: the ``.AppImage``.
        epoch: date of every file in it, seconds since 1970.
        squash: the command mksquashfs.
        runtime: a runtime that is built already; built here when None.

    Raises:
        ImageError: a tool or library is missing, or fails.
    """
    with tempfile.TemporaryDirectory(prefix="residua-appimage-", dir=target.parent) as scratch:
        tree, packed = Path(scratch) / "AppDir", Path(scratch) / "image"
        debian.lay_out(program, tree, epoch)
        dress(tree)
        debian.set_dates(tree, epoch)
        first = runtime or build_runtime(Path(scratch) / "runtime")
        command = [squash, str(tree), str(packed), "-comp", "zstd", "-Xcompression-level", "9"]
        command += ["-b", BLOCK, "-all-root", "-noappend", "-no-xattrs", "-quiet", "-no-progress"]
        # The one date comes from SOURCE_DATE_EPOCH; the tool refuses it beside its own options.
        run(command, {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)})
        join(first, packed, target)


def require(squash: str, runtime: Path | None) -> None:
    """Prove that the tools are there, before minutes of packing are spent on what cannot end.

    Raises:
        ImageError: mksquashfs is missing, or the first part cannot be compiled here.
    """
    if shutil.which(squash) is None:
        raise ImageError(f"{squash} is not installed here: {NEEDED}.")
    if runtime is None:
        with tempfile.TemporaryDirectory(prefix="residua-runtime-") as scratch:
            build_runtime(Path(scratch) / "runtime")


def dress(tree: Path) -> None:
    """Add what an AppImage has at its top: what to run, menu entry and icon."""
    (tree / "AppRun").write_text(APP_RUN, encoding="utf-8")
    (tree / "AppRun").chmod(0o755)
    shutil.copy(tree / "usr/share/applications/residua.desktop", tree)
    shutil.copy(ROOT / "resources" / "icons" / "residua-256.png", tree / "residua.png")
    (tree / ".DirIcon").symlink_to("residua.png")
    # They name places of an installed package.
    shutil.rmtree(tree / "usr" / "bin")


def build_runtime(target: Path) -> Path:
    """Compile the first part.

    Raises:
        ImageError: the compiler or a library is missing.
    """
    source = ROOT / "installer" / "linux" / "runtime.c"
    extra = os.environ.get("RESIDUA_RUNTIME_FLAGS", "").split()
    libraries = ["-l:libsquashfuse.a", "-l:libzstd.a", "-l:libz.a"]
    run(["gcc", *RUNTIME_FLAGS, *extra, "-o", str(target), str(source), *libraries], None)
    return target


def join(runtime: Path, packed: Path, target: Path) -> None:
    """Put the runtime before the squashfs and mark the file as an AppImage."""
    partial = target.with_name(f".{target.name}.partial")
    with partial.open("wb") as sink:
        for part in (runtime, packed):
            with part.open("rb") as stream:
                shutil.copyfileobj(stream, sink, 1 << 20)
        sink.seek(MAGIC[0])
        sink.write(MAGIC[1])
    partial.chmod(0o755)
    partial.replace(target)


def run(command: list[str], environment: dict[str, str] | None) -> None:
    """Run a tool.

    Raises:
        ImageError: it is missing or fails.
    """
    if shutil.which(command[0]) is None:
        raise ImageError(f"{command[0]} is not installed here: {NEEDED}.")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ImageError(
            f"{command[0]} ended with {done.returncode} ({NEEDED}): {done.stderr[-600:]}"
        )

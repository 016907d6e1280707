"""Makes what people install of a frozen folder: tar, .deb, AppImage, bill of materials, hashes.

    .venv/bin/python installer/build.py --out dist
    .venv/bin/python installer/release.py --program dist/residua --out dist/release

Everything is written with one date (`SOURCE_DATE_EPOCH`, or that of the last commit), one owner and
sorted names, so that the same folder gives the same files.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "installer"))

import appimage  # noqa: E402
import debian  # noqa: E402
import supply  # noqa: E402

from engine import __version__  # noqa: E402

KINDS = ("tar", "deb", "appimage", "supply")


class ReleaseError(Exception):
    """An artefact cannot be made; the message says what, the value, what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Make the artefacts that were asked for; return the exit code."""
    parser = argparse.ArgumentParser(description="Make the artefacts of a release.")
    parser.add_argument("--program", type=Path, default=ROOT / "dist" / "residua")
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "release")
    parser.add_argument("--only", choices=KINDS, action="append", help="make these alone")
    parser.add_argument("--squash", metavar="FILE", default="mksquashfs", help="mksquashfs to use")
    parser.add_argument("--runtime", type=Path, help="a runtime of AppImages that is built already")
    asked = parser.parse_args(arguments)
    program, out = asked.program.resolve(), asked.out.resolve()
    wanted = asked.only or KINDS
    try:
        refuse_other(program)
        if "appimage" in wanted:
            appimage.require(asked.squash, asked.runtime)
        out.mkdir(parents=True, exist_ok=True)
        epoch = date_of_release()
        if "tar" in wanted:
            make_tar(program, out / f"{stem()}.tar.gz", epoch)
        if "deb" in wanted:
            debian.make(program, out / f"residua_{__version__}_{debian_name()}.deb", epoch)
        if "appimage" in wanted:
            target = out / f"{stem()}.AppImage"
            appimage.make(program, target, epoch, squash=asked.squash, runtime=asked.runtime)
        if "supply" in wanted:
            supply.make(program, out)
        supply.write_hashes(out)
    except (ReleaseError, debian.PackageError, appimage.ImageError, supply.SupplyError) as error:
        sys.stderr.write(f"release: {error}\n")
        return 2
    for file in sorted(out.iterdir()):
        if file.is_file():
            print(f"{file.stat().st_size / 1e6:8.1f} MB  {file.name}")
    return 0


def stem() -> str:
    """Return the start of an artefact's name: program, version, system, processor."""
    return f"residua-{__version__}-linux-{platform.machine()}"


def debian_name() -> str:
    """Return what Debian calls this processor.

    Raises:
        ReleaseError: it is one that no package was ever made for.
    """
    names = {"x86_64": "amd64", "aarch64": "arm64"}
    if platform.machine() not in names:
        raise ReleaseError(f"{platform.machine()} has no package: known are {', '.join(names)}.")
    return names[platform.machine()]


def date_of_release() -> int:
    """Return the one date that every file gets, seconds since 1970.

    Raises:
        ReleaseError: neither `SOURCE_DATE_EPOCH` nor a commit says one.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given is not None:
        return int(given)
    asked = subprocess.run(
        ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if asked.returncode != 0:
        raise ReleaseError("This is no git checkout: say the date with SOURCE_DATE_EPOCH=SECONDS.")
    return int(asked.stdout)


def refuse_other(program: Path) -> None:
    """Refuse a folder that was not frozen from this version.

    Raises:
        ReleaseError: the executables are missing, do not run, or say another version.
    """
    console = program / "residua"
    if not console.is_file():
        raise ReleaseError(f"{console} is missing: run installer/build.py first.")
    said = subprocess.run([str(console), "--version"], capture_output=True, text=True, check=False)
    if __version__ not in said.stdout.split():
        raise ReleaseError(
            f"{console} says {said.stdout.strip()!r}, this checkout is {__version__}: build again."
        )


def make_tar(program: Path, target: Path, epoch: int) -> None:
    """Pack the folder as it is, with a short note on top.

    Raises:
        ReleaseError: tar or gzip is missing or fails.
    """
    with tempfile.TemporaryDirectory(prefix="residua-tar-") as scratch:
        inner = Path(scratch) / f"residua-{__version__}"
        inner.mkdir()
        shutil.copytree(program, inner / "program", symlinks=True, copy_function=os.link)
        for name in ("residua.desktop", "residua-mime.xml"):
            shutil.copy(ROOT / "installer" / "linux" / name, inner)
        day = datetime.fromtimestamp(epoch, UTC).date().isoformat()
        (inner / "README.txt").write_text(
            f"Residua {__version__}, {day}.\n\n"
            "Nothing has to be installed: program/Residua opens the window, program/residua is\n"
            "the command line, program/residua selftest proves that all of it works.\n"
            "To remove it, delete this folder; settings lie in ~/.local/share/residua.\n",
            encoding="utf-8",
        )
        packed = target.with_suffix("")
        command = ["tar", "--sort=name", f"--mtime=@{epoch}", "--owner=0", "--group=0"]
        command += ["--numeric-owner", "--mode=go-w,a+rX", "--format=gnu", "-C", scratch]
        run([*command, "-cf", str(packed), inner.name])
        target.unlink(missing_ok=True)
        run(["gzip", "-n", "-6", str(packed)])


def run(command: list[str]) -> None:
    """Run a tool of the system.

    Raises:
        ReleaseError: it is missing or fails.
    """
    if shutil.which(command[0]) is None:
        raise ReleaseError(f"{command[0]} is not installed here: install it and try again.")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ReleaseError(
            f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-400:]}"
        )


if __name__ == "__main__":
    sys.exit(main())

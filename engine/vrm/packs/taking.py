"""Taking packs from a stick: listed, checked before, while and after they are copied."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from engine import paths
from engine.errors import ModelError
from engine.job import Progress
from engine.vrm.packs import catalogue, seal
from engine.vrm.packs.manifest import (
    BLOCK_BYTES,
    MANIFEST_NAME,
    FileEntry,
    Manifest,
    hash_file,
    read_manifest,
)
from engine.vrm.packs.placing import OnProgress, locked, put_in_place, refuse_full_disk
from engine.vrm.packs.sources import Source
from engine.vrm.packs.stick import INDEX_FORMAT, INDEX_NAME, SEAL_NAME
from engine.vrm.packs.store import Pack, open_pack, refuse_path, require_sound

_OnBytes = Callable[[int], None]

MANIFEST_LIMIT = 16_000_000
"""No list of files is longer; more would be read into memory for nothing, bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """One pack on the stick."""

    prefix: str
    """Its folder with a slash at the end; empty when the stick is the pack."""
    name: str | None
    """From the list; None when there is none."""
    sha256: str | None
    """Of the pack, from the list."""
    manifest_sha256: str | None
    """Of its manifest, from the list."""


def holds_packs(stick: Source) -> bool:
    """Return whether a folder or archive holds packs rather than wheels."""
    return any(stick.size(name) is not None for name in (INDEX_NAME, MANIFEST_NAME)) or (
        _wrapped(stick) is not None
    )


def take_packs(
    stick: Source, report: OnProgress, *, signed_by: Path | None = None
) -> tuple[Pack, ...]:
    """Copy every pack of a stick into the user's data folder.

    Args:
        stick: where they lie.
        report: told how many bytes are copied; may raise to stop the work.
        signed_by: a public key (PEM) that must have signed the list of packs.

    Raises:
        ModelError: a pack is truncated, altered, swapped or of another version, the signature that
            was asked for is missing or another's, or there is no room. The pack and the file are
            named; packs that came before it in the list were taken.
        Cancelled: raised by ``report``; files that were copied are kept for the next time.
    """
    listed = _listed(stick, signed_by)
    return tuple(_take(stick, each, report) for each in listed)


def _wrapped(stick: Source) -> str | None:
    """Return the one folder that many archives are wrapped in, when it is a pack."""
    folders = stick.folders()
    if len(folders) == 1 and stick.size(f"{folders[0]}/{MANIFEST_NAME}") is not None:
        return folders[0]
    return None


def _listed(stick: Source, signed_by: Path | None) -> list[_Listed]:
    if stick.size(INDEX_NAME) is None:
        if signed_by is not None:
            raise ModelError(
                f"{stick.where} holds a pack without a signed list of packs ({INDEX_NAME}): it was "
                "not taken, since a signature was asked for."
            )
        wrapped = None if stick.size(MANIFEST_NAME) is not None else _wrapped(stick)
        prefix = f"{wrapped}/" if wrapped else ""
        return [_Listed(prefix=prefix, name=None, sha256=None, manifest_sha256=None)]
    data = _small(stick, INDEX_NAME)
    if signed_by is not None:
        if stick.size(SEAL_NAME) is None:
            raise ModelError(f"{stick.where} is not signed: {SEAL_NAME} is missing.")
        seal.check(data, _small(stick, SEAL_NAME).decode("ascii", "replace"), signed_by)
    try:
        raw = json.loads(data)
        if raw["format"] != INDEX_FORMAT:
            raise ModelError(
                f"{stick.where} was exported in format {raw['format']}, this program reads "
                f"{INDEX_FORMAT}: export again with this version."
            )
        found = [
            _Listed(
                prefix=f"{each['name']}/",
                name=str(each["name"]),
                sha256=str(each["sha256"]),
                manifest_sha256=str(each["manifest_sha256"]),
            )
            for each in raw["packs"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The list of packs {INDEX_NAME} in {stick.where} cannot be read ({error!r}): export "
            "again."
        ) from error
    for each in found:
        refuse_path(str(each.name))
    return found


def _take(stick: Source, listed: _Listed, report: OnProgress) -> Pack:
    data = _small(stick, listed.prefix + MANIFEST_NAME, pack=listed.name)
    if listed.manifest_sha256 not in (None, hashlib.sha256(data).hexdigest()):
        raise ModelError(
            f"The model pack {listed.name!r} in {stick.where} is not the one that was exported: "
            f"its manifest has sha256 {hashlib.sha256(data).hexdigest()}, the list says "
            f"{listed.manifest_sha256}."
        )
    home = paths.packs_dir()
    home.mkdir(parents=True, exist_ok=True)
    name = _name(data, stick, listed)
    with locked(home / f".{name}.lock", report):
        partial = home / f".{name}.partial"
        partial.mkdir(exist_ok=True)
        (partial / MANIFEST_NAME).write_bytes(data)
        manifest = read_manifest(partial)
        _refuse_wrong(stick, listed, name, manifest)
        _copy_files(stick, listed.prefix, manifest, partial, report)
        report(Progress(phase=f"Checking {name}", done=0, total=None))
        require_sound(open_pack(partial))
        put_in_place(partial, home / name)
    return open_pack(home / name)


def _name(data: bytes, stick: Source, listed: _Listed) -> str:
    try:
        name = str(json.loads(data)["name"])
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{listed.prefix}{MANIFEST_NAME} in {stick.where} is not the manifest of a model pack "
            f"({error!r})."
        ) from error
    refuse_path(name)
    if listed.name not in (None, name):
        raise ModelError(
            f"The folder {listed.name!r} in {stick.where} holds the model pack {name!r}: the stick "
            "is mixed up, export again."
        )
    return name


def _refuse_wrong(stick: Source, listed: _Listed, name: str, manifest: Manifest) -> None:
    """Refuse, before gigabytes are copied, what would not be used afterwards."""
    if listed.sha256 not in (None, manifest.sha256):
        raise ModelError(
            f"The model pack {name!r} in {stick.where} has sha256 {manifest.sha256}, the list says "
            f"{listed.sha256}."
        )
    spec = catalogue.read_catalogue().get(name)
    if spec is not None and spec.accepted and manifest.sha256 not in spec.accepted:
        raise ModelError(
            f"The model pack {name!r} in {stick.where} is of another version: it has sha256 "
            f"{manifest.sha256}, this program needs {spec.sha256}."
        )
    for entry in manifest.files:
        found = stick.size(listed.prefix + entry.name)
        if found is None:
            raise ModelError(
                f"The model pack {name!r} in {stick.where} is incomplete: {entry.name} is missing "
                f"(expected sha256 {entry.sha256})."
            )
        if found != entry.bytes:
            raise ModelError(
                f"The model pack {name!r} in {stick.where} is truncated or altered: {entry.name} "
                f"has {found} bytes instead of {entry.bytes}."
            )


def _copy_files(
    stick: Source, prefix: str, manifest: Manifest, partial: Path, report: OnProgress
) -> None:
    name = str(manifest.extra["name"])
    known = {entry.name for entry in manifest.files}
    for file in sorted(partial.rglob("*")):
        stranger = file.relative_to(partial).as_posix() not in {*known, MANIFEST_NAME}
        if file.is_symlink() or (file.is_file() and stranger):
            file.unlink()
    kept = {entry.name for entry in manifest.files if _is_there(entry, partial)}
    missing = sum(entry.bytes for entry in manifest.files if entry.name not in kept)
    refuse_full_disk(partial, missing, f"copying {name!r}")
    done = sum(entry.bytes for entry in manifest.files if entry.name in kept)
    total = done + missing
    for entry in manifest.files:
        if entry.name in kept:
            continue
        report(Progress(phase=f"Copying {name}", done=done, total=total))
        target = partial / entry.name
        target.parent.mkdir(parents=True, exist_ok=True)
        base = done

        def on_bytes(copied: int, base: int = base) -> None:
            report(Progress(phase=f"Copying {name}", done=base + copied, total=total))

        found = _copy(stick, prefix + entry.name, name, target, on_bytes)
        if found != entry.sha256:
            target.unlink()
            raise ModelError(
                f"The model pack {name!r} in {stick.where} is not sound: {entry.name}: expected "
                f"sha256 {entry.sha256}, found {found}. It was not taken; copy it again."
            )
        done += entry.bytes


def _is_there(entry: FileEntry, partial: Path) -> bool:
    file = partial / entry.name
    if not file.is_file() or file.stat().st_size != entry.bytes:
        return False
    return hash_file(file) == entry.sha256


def _copy(stick: Source, name: str, pack: str, target: Path, on_bytes: _OnBytes) -> str:
    digest, copied = hashlib.sha256(), 0
    try:
        with stick.open(name) as stream, target.open("wb") as sink:
            while block := stream.read(BLOCK_BYTES):
                digest.update(block)
                sink.write(block)
                copied += len(block)
                on_bytes(copied)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(
            f"{name} of the model pack {pack!r} cannot be copied from {stick.where} ({error}): "
            "the stick or archive may be damaged, or the disk full. What was copied is kept."
        ) from error
    return digest.hexdigest()


def _small(stick: Source, name: str, pack: str | None = None) -> bytes:
    size = stick.size(name)
    if size is None:
        raise ModelError(f"The model pack {pack!r} in {stick.where} is incomplete: no {name}.")
    if size > MANIFEST_LIMIT:
        raise ModelError(f"{name} in {stick.where} is too large for a list: {size} bytes.")
    stream: IO[bytes]
    try:
        with stick.open(name) as stream:
            return stream.read(MANIFEST_LIMIT)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(f"{name} in {stick.where} cannot be read ({error}).") from error

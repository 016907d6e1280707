"""Packs on a stick: written as a folder or one archive that `engine.vrm.packs.taking` reads.

::

    residua-packs.json   which packs, with the sha256 of each and of its manifest
    residua-packs.sig    who signed that list, if anybody did
    LICENCES.txt         licence and licence text of every part
    NAME/manifest.json   sha256 and size of every file of a pack
    NAME/...             its files
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from engine import __version__
from engine.errors import ModelError
from engine.job import Progress
from engine.vrm.packs import seal
from engine.vrm.packs.manifest import BLOCK_BYTES, MANIFEST_NAME, hash_file, read_manifest
from engine.vrm.packs.placing import OnProgress
from engine.vrm.packs.store import Pack, find_pack, list_packs

INDEX_NAME = "residua-packs.json"
INDEX_FORMAT = 1
SEAL_NAME = "residua-packs.sig"
LICENCES_NAME = "LICENCES.txt"
LICENCE_FILE = "LICENSE"
"""Name of the licence's text in the folder of a part."""
ARCHIVE_DATE = (1980, 1, 1, 0, 0, 0)
"""Date of every file in an archive, so that the same packs give the same archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parcel:
    """What is written beside the packs' own files."""

    packs: tuple[Pack, ...]
    size_bytes: int
    texts: dict[str, bytes]
    """Licences, signature and list, in the order in which they are written."""


class _Meter:
    """Adds up bytes and tells how far the work is."""

    def __init__(self, phase: str, total: int, report: OnProgress) -> None:
        self._phase, self._total, self._report = phase, total, report
        self._done = 0

    def __call__(self, size: int) -> None:
        self._done += size
        self._report(Progress(phase=self._phase, done=self._done, total=self._total))


def export_packs(
    names: Iterable[str],
    target: Path,
    on_progress: OnProgress | None = None,
    *,
    key: Path | None = None,
) -> tuple[Pack, ...]:
    """Write packs, with manifests, licences and optionally a signature, for another machine.

    Files that an interrupted export had written are compared by hash and kept.

    Args:
        names: of the packs; none means every pack on this machine.
        target: a folder, made if it is missing, or the name of a new ``.zip`` archive.
        on_progress: told how many bytes are written; may raise to stop the work.
        key: an Ed25519 private key (PEM) that signs the list of packs.

    Returns:
        The packs that were written.

    Raises:
        ModelError: there is no such pack, one of its files is not what its manifest says, there is
            no room, the target cannot be written, or the key cannot be used.
        Cancelled: raised by ``on_progress``; a folder is continued by the next export.
    """
    wanted = [find_pack(name) for name in dict.fromkeys(names)]
    packs = tuple(wanted or list_packs())
    if not packs:
        raise ModelError(
            "There is no model pack on this machine to export: 'residua models assemble mini' "
            "makes one."
        )
    index = _index(packs)
    texts = {LICENCES_NAME: _licences(packs).encode()}
    if key is not None:
        texts[SEAL_NAME] = seal.sign(index, key).encode("ascii")
    parcel = _Parcel(
        packs=packs,
        size_bytes=sum(pack.size_bytes for pack in packs),
        texts={**texts, INDEX_NAME: index},
    )
    phase = f"Writing {', '.join(pack.name for pack in packs)}"
    meter = _Meter(phase, parcel.size_bytes, on_progress or _silent)
    try:
        if target.suffix.lower() == ".zip":
            _into_archive(parcel, target, meter)
        else:
            _into_folder(parcel, target, meter)
    except OSError as error:
        raise ModelError(
            f"{target} cannot be written ({error.strerror or error}). A stick that is formatted as "
            "FAT32 takes no file over 4 GB: format it as exFAT for large packs. Run the same "
            "command again to go on."
        ) from error
    return packs


def _silent(_: Progress) -> None:
    """Nobody wants to know."""


def _index(packs: tuple[Pack, ...]) -> bytes:
    entries = [
        {
            "name": pack.name,
            "title": pack.title,
            "licence": pack.licence,
            "bytes": pack.size_bytes,
            "sha256": pack.sha256,
            "manifest_sha256": hash_file(pack.folder / MANIFEST_NAME),
        }
        for pack in packs
    ]
    body = {"format": INDEX_FORMAT, "program": __version__, "packs": entries}
    return (json.dumps(body, indent=2, ensure_ascii=False) + "\n").encode()


def _licences(packs: tuple[Pack, ...]) -> str:
    told: list[str] = []
    for pack in packs:
        for part in pack.parts:
            text = part.folder / LICENCE_FILE
            told += [
                f"{pack.name}/{part.name}: {part.role}",
                f"Source: {part.source}. Licence: {part.licence}. {part.licence_note}",
                "",
                text.read_text("utf-8", errors="replace").rstrip()
                if text.is_file()
                else "No licence text came with these weights.",
                "",
                "-" * 72,
                "",
            ]
    return "\n".join(told)


def _into_folder(parcel: _Parcel, target: Path, meter: _Meter) -> None:
    if target.is_file():
        raise ModelError(f"{target} is a file: name a folder, or an archive that ends in .zip.")
    target.mkdir(parents=True, exist_ok=True)
    # Until the last file is there, nothing on the stick can be taken for a finished export.
    for name in (INDEX_NAME, SEAL_NAME):
        (target / name).unlink(missing_ok=True)
    there = sum(
        (target / pack.name / entry.name).stat().st_size
        for pack in parcel.packs
        for entry in read_manifest(pack.folder).files
        if (target / pack.name / entry.name).is_file()
    )
    _refuse_small(target, parcel.size_bytes - there)
    for pack in parcel.packs:
        folder = target / pack.name
        folder.mkdir(exist_ok=True)
        (folder / MANIFEST_NAME).unlink(missing_ok=True)
        entries = read_manifest(pack.folder).files
        _drop_strangers(folder, {entry.name for entry in entries})
        for entry in entries:
            _refresh(pack, entry.name, entry.sha256, folder / entry.name, meter)
        _write(folder / MANIFEST_NAME, (pack.folder / MANIFEST_NAME).read_bytes())
    for name, data in parcel.texts.items():
        _write(target / name, data)


def _drop_strangers(folder: Path, known: set[str]) -> None:
    """Delete what an export of another version left in a pack's folder."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.relative_to(folder).as_posix() not in known:
            file.unlink()


def _refresh(pack: Pack, name: str, sha256: str, file: Path, meter: _Meter) -> None:
    """Copy one file of a pack, unless the very same lies there."""
    source = pack.folder / name
    size = source.stat().st_size
    if file.is_file() and file.stat().st_size == size and hash_file(file) == sha256:
        meter(size)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.partial")
    with source.open("rb") as stream, partial.open("wb") as sink:
        found = _copy(stream, sink, meter)
        sink.flush()
        os.fsync(sink.fileno())
    _refuse_other(pack, name, sha256, found)
    partial.replace(file)


def _into_archive(parcel: _Parcel, target: Path, meter: _Meter) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    _refuse_small(target.parent, parcel.size_bytes)
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
            for name, data in parcel.texts.items():
                _put(archive, name, data)
            for pack in parcel.packs:
                manifest = (pack.folder / MANIFEST_NAME).read_bytes()
                _put(archive, f"{pack.name}/{MANIFEST_NAME}", manifest)
                for entry in read_manifest(pack.folder).files:
                    info = zipfile.ZipInfo(f"{pack.name}/{entry.name}", ARCHIVE_DATE)
                    source = pack.folder / entry.name
                    with (
                        source.open("rb") as stream,
                        archive.open(info, "w", force_zip64=True) as sink,
                    ):
                        found = _copy(stream, sink, meter)
                    _refuse_other(pack, entry.name, entry.sha256, found)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, ARCHIVE_DATE), data)


def _copy(stream: IO[bytes], sink: IO[bytes] | Any, meter: _Meter) -> str:
    digest = hashlib.sha256()
    while block := stream.read(BLOCK_BYTES):
        digest.update(block)
        sink.write(block)
        meter(len(block))
    return digest.hexdigest()


def _refuse_other(pack: Pack, name: str, expected: str, found: str) -> None:
    if found != expected:
        raise ModelError(
            f"The model pack {pack.name!r} in {pack.folder} is not sound: {name}: expected sha256 "
            f"{expected}, found {found}. Nothing was exported that could be imported."
        )


def _refuse_small(folder: Path, needed_bytes: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise ModelError(
            f"{folder} has {free / 1e6:.0f} MB free, the packs take {needed_bytes / 1e6:.0f} MB: "
            "name fewer packs or another place."
        )


def _write(file: Path, data: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())

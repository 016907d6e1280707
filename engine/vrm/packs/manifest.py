"""Manifests: which files a folder of weights holds, with size and sha256 of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from engine.errors import ModelError

MANIFEST_NAME = "manifest.json"
MANIFEST_FORMAT = 1
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """What a manifest says of one file."""

    name: str
    """Path inside the folder, with forward slashes."""
    sha256: str
    """Hex."""
    bytes: int
    """Size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCheck:
    """Whether one file is what its manifest says."""

    name: str
    """Path inside the folder, with forward slashes."""
    expected_sha256: str | None
    """Hex, from the manifest; None when the manifest does not list the file."""
    found_sha256: str | None
    """Hex, of the bytes on disk; None when the file is missing or was not hashed."""
    expected_bytes: int | None
    """Size in the manifest; None when the manifest does not list the file."""
    found_bytes: int | None
    """Size on disk; None when the file is missing."""

    @property
    def ok(self) -> bool:
        """Whether size and, where it was computed, the hash agree."""
        same_hash = self.found_sha256 in (None, self.expected_sha256)  # None: only sizes asked
        return self.found_bytes == self.expected_bytes and same_hash

    @property
    def problem(self) -> str:
        """What is wrong, with both hashes; empty when the file is sound."""
        if self.ok:
            return ""
        if self.expected_sha256 is None:
            return f"{self.name} is not in the manifest (sha256 {self.found_sha256})"
        if self.found_bytes is None:
            return f"{self.name} is missing (expected sha256 {self.expected_sha256})"
        size = (
            ""
            if self.found_bytes == self.expected_bytes
            else f", {self.found_bytes} bytes instead of {self.expected_bytes}"
        )
        found = self.found_sha256 or "not computed"
        return f"{self.name}: expected sha256 {self.expected_sha256}, found {found}{size}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A folder's manifest, read back."""

    files: tuple[FileEntry, ...]
    """Sorted by name."""
    sha256: str
    """Hash over the hashes of all files: what identifies the folder's content."""
    extra: dict[str, Any]
    """Whatever else the manifest carries (name, sources, ...)."""


def hash_file(file: Path, on_block: Callable[[int], None] | None = None) -> str:
    """Return the hex sha256 of a file.

    Args:
        file: the file.
        on_block: called with the number of bytes of each block that was read.

    Raises:
        OSError: the file cannot be read.
    """
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
            if on_block is not None:
                on_block(len(block))
    return digest.hexdigest()


def combined_hash(files: Iterable[FileEntry]) -> str:
    """Return the hash of a set of files: sha256 over ``name NUL sha256 LF``, sorted by name."""
    digest = hashlib.sha256()
    for entry in sorted(files, key=lambda e: e.name):
        digest.update(f"{entry.name}\0{entry.sha256}\n".encode())
    return digest.hexdigest()


def write_manifest(folder: Path, **extra: Any) -> Manifest:
    """Write ``manifest.json`` for every other file of a folder, subfolders included.

    Args:
        folder: the folder; hidden files are refused.
        **extra: further JSON values to carry, such as ``name`` or ``sources``.

    Returns:
        The manifest as written.

    Raises:
        ModelError: the folder holds no file, a hidden file or a link.
    """
    entries = [
        FileEntry(name=name, sha256=hash_file(file), bytes=file.stat().st_size)
        for name, file in _files_of(folder)
    ]
    if not entries:
        raise ModelError(f"{folder} holds no file: there is nothing to write a manifest for.")
    body = {
        "format": MANIFEST_FORMAT,
        **extra,
        "sha256": combined_hash(entries),
        "files": {e.name: {"sha256": e.sha256, "bytes": e.bytes} for e in entries},
    }
    text = json.dumps(body, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST_NAME).write_text(text, encoding="utf-8", newline="\n")
    return read_manifest(folder)


def read_manifest(folder: Path) -> Manifest:
    """Read a folder's manifest.

    Raises:
        ModelError: it is missing, broken, of another format, names a file outside the
            folder, or its own hash does not fit its list of files.
    """
    file = folder / MANIFEST_NAME
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        files = tuple(
            FileEntry(name=str(name), sha256=str(entry["sha256"]), bytes=int(entry["bytes"]))
            for name, entry in sorted(raw["files"].items())
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"The manifest {file} cannot be read ({error!r}): the weights cannot be checked "
            "and are not used. Assemble or copy them again."
        ) from error
    if raw.get("format", MANIFEST_FORMAT) != MANIFEST_FORMAT:
        raise ModelError(
            f"{file} has format {raw['format']}, this program reads {MANIFEST_FORMAT}: "
            "assemble the weights again with this version."
        )
    for entry in files:
        _refuse_outside(file, entry.name)
    found = combined_hash(files)
    if raw.get("sha256", found) != found:
        raise ModelError(
            f"{file} was altered: it states sha256 {raw['sha256']}, its files give {found}."
        )
    extra = {k: v for k, v in raw.items() if k not in ("files", "sha256", "format")}
    return Manifest(files=files, sha256=found, extra=extra)


def check_sizes(folder: Path, manifest: Manifest) -> tuple[FileCheck, ...]:
    """Compare presence and size of every file, without reading them."""
    listed = (_check(folder, entry, hashed=False, on_block=None) for entry in manifest.files)
    return (*listed, *_unlisted(folder, manifest))


def check_hashes(
    folder: Path, manifest: Manifest, on_block: Callable[[int], None] | None = None
) -> tuple[FileCheck, ...]:
    """Compare size and sha256 of every file.

    Args:
        folder: where the files lie.
        manifest: what they should be.
        on_block: called with the number of bytes of each block that was read.
    """
    listed = (_check(folder, entry, hashed=True, on_block=on_block) for entry in manifest.files)
    return (*listed, *_unlisted(folder, manifest))


def refuse_broken(folder: Path, checks: Iterable[FileCheck], what_to_do: str) -> None:
    """Raise when any check failed.

    Raises:
        ModelError: a file is missing, broken, truncated or swapped; the message names each
            with the expected and the found hash.
    """
    problems = [check.problem for check in checks if not check.ok]
    if problems:
        raise ModelError(f"Weights in {folder} are not sound: {'; '.join(problems)}. {what_to_do}")


def verify_trained(folder: Path) -> Manifest:
    """Check the project's own trained weights against their manifest before they are loaded.

    Args:
        folder: a folder with ``manifest.json`` and the files it lists.

    Returns:
        The manifest, whose ``sha256`` identifies the weights.

    Raises:
        ModelError: the manifest is missing or broken, or a file is missing, truncated or
            swapped; the message names the file and both hashes.
    """
    manifest = read_manifest(folder)
    refuse_broken(folder, check_hashes(folder, manifest), "Install the program's weights again.")
    return manifest


def _check(
    folder: Path, entry: FileEntry, *, hashed: bool, on_block: Callable[[int], None] | None
) -> FileCheck:
    file = folder / entry.name
    found_bytes = file.stat().st_size if file.is_file() else None
    # A file that is there but of the wrong size is hashed even in the quick check,
    # so that the message can always name both hashes.
    wanted = found_bytes is not None and (hashed or found_bytes != entry.bytes)
    return FileCheck(
        name=entry.name,
        expected_sha256=entry.sha256,
        found_sha256=hash_file(file, on_block) if wanted else None,
        expected_bytes=entry.bytes,
        found_bytes=found_bytes,
    )


def _unlisted(folder: Path, manifest: Manifest) -> tuple[FileCheck, ...]:
    """Report visible files the manifest does not know: a loader might pick them up."""
    known = {entry.name for entry in manifest.files} | {MANIFEST_NAME}
    extra = [
        (file.relative_to(folder).as_posix(), file)
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.startswith(".")
    ]
    return tuple(
        FileCheck(
            name=name,
            expected_sha256=None,
            found_sha256=hash_file(file),
            expected_bytes=None,
            found_bytes=file.stat().st_size,
        )
        for name, file in extra
        if name not in known
    )


def _files_of(folder: Path) -> list[tuple[str, Path]]:
    found = []
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_symlink() or any(part.startswith(".") for part in PurePosixPath(name).parts):
            raise ModelError(f"{file} is a link or hidden: weights are plain, visible files.")
        if file.is_file() and name != MANIFEST_NAME:
            found.append((name, file))
    return found


def _refuse_outside(file: Path, name: str) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise ModelError(f"{file} names {name!r}, which lies outside its folder: it is refused.")

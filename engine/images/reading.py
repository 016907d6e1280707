"""Reading a file once: its bytes, and every hash of exactly those bytes."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from engine.images.limits import MAX_FILE_BYTES
from engine.types import FileFacts

BLOCK_BYTES = 1 << 20

HASHES = ("sha256", "sha1", "md5")

READ_ONLY = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
"""How evidence is opened: never for writing, and never waiting for the other end of a pipe."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exhibit:
    """A file as it was at the moment it was read."""

    facts: FileFacts
    """Path, size and hashes; nothing about the picture yet."""
    data: bytes
    """The bytes that the hashes belong to."""


def read_exhibit(path: str, max_bytes: int = MAX_FILE_BYTES) -> Exhibit:
    """Read a file once and hash what was read.

    Only regular files are opened: a named pipe or a device is refused before it is touched.

    Args:
        path: the file; names that are not UTF-8 carry their bytes by surrogateescape.
        max_bytes: size from which a file is refused.

    Raises:
        InputError: ``kind`` is ``not_found``, ``dangling_link``, ``not_a_file``,
            ``unreadable``, ``too_large`` or ``changed``.
    """
    refuse_special(path)
    try:
        descriptor = os.open(path, READ_ONLY)
    except OSError as error:
        raise InputError(
            f"The file cannot be opened ({_reason(error)}): check its permissions.",
            kind="unreadable",
        ) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _not_a_file(status.st_mode)
        if status.st_size > max_bytes:
            raise _too_large(status.st_size, max_bytes)
        exhibit = _read(path, descriptor, max_bytes)
        if state_of(os.fstat(descriptor)) != state_of(status):
            raise InputError(
                "The file was changed while it was read, so that what was read was never the "
                "file as a whole: wait until nothing writes to it, or scan a copy.",
                kind="changed",
            )
        return exhibit
    except OSError as error:
        raise InputError(
            f"The file cannot be read to its end ({_reason(error)}): check the disk it lies on.",
            kind="unreadable",
        ) from error
    finally:
        os.close(descriptor)


def state_of(status: os.stat_result) -> tuple[int, int]:
    """Return what tells that a file was written to: size, and time of the last writing in ns.

    The time of its inode is no part of it: a backup or a new link changes that, and no byte.
    """
    return status.st_size, status.st_mtime_ns


def read_head(path: str, count: int) -> bytes:
    """Return the first bytes of a regular file, or nothing when it cannot be read."""
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):
            return b""
        descriptor = os.open(path, READ_ONLY)
    except (OSError, ValueError):
        return b""
    try:
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        return os.read(descriptor, count) if is_file else b""
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def _read(path: str, descriptor: int, max_bytes: int) -> Exhibit:
    digests = [hashlib.new(name, usedforsecurity=False) for name in HASHES]
    data = bytearray()
    while block := os.read(descriptor, BLOCK_BYTES):
        data += block
        if len(data) > max_bytes:
            raise _too_large(len(data), max_bytes)
        for digest in digests:
            digest.update(block)
    sha256, sha1, md5 = (digest.hexdigest() for digest in digests)
    facts = FileFacts(path=path, sha256=sha256, sha1=sha1, md5=md5, bytes=len(data))
    return Exhibit(facts=facts, data=bytes(data))


def exhibit_of(path: str, data: bytes, *, container_sha256: str | None) -> Exhibit:
    """Return bytes that came out of a container as an exhibit of their own.

    Args:
        path: its name, with the container's in front.
        data: the whole member.
        container_sha256: hex, of the container.
    """
    sha256, sha1, md5 = (
        hashlib.new(name, data, usedforsecurity=False).hexdigest() for name in HASHES
    )
    facts = FileFacts(
        path=path,
        sha256=sha256,
        sha1=sha1,
        md5=md5,
        bytes=len(data),
        container_sha256=container_sha256,
    )
    return Exhibit(facts=facts, data=data)


def refuse_special(path: str) -> None:
    """Refuse what is no regular file before it is touched.

    Args:
        path: a name.

    Raises:
        InputError: ``kind`` is ``not_found``, ``dangling_link``, ``not_a_file`` or
            ``unreadable``.
    """
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError as error:
        if Path(path).is_symlink():
            raise InputError(
                f"The link points to {str(Path(path).readlink())!r}, which does not exist: "
                "restore the file it points to.",
                kind="dangling_link",
            ) from error
        raise InputError("There is no such file: check the name.", kind="not_found") from error
    except (OSError, ValueError) as error:
        raise InputError(
            f"The file cannot be reached ({_reason(error)}): check the path and its permissions.",
            kind="unreadable",
        ) from error
    if not stat.S_ISREG(mode):
        raise _not_a_file(mode)


def _not_a_file(mode: int) -> InputError:
    kinds = (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    what = next((name for test, name in kinds if test(mode)), "something special")
    return InputError(
        f"It is {what}, not a file, and was not opened: name a picture file.", kind="not_a_file"
    )


def _too_large(size: int, max_bytes: int) -> InputError:
    return InputError(
        f"The file has {size:,} bytes; at most {max_bytes:,} are read. "
        "Examine a smaller copy, or a part of it.",
        kind="too_large",
    )


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)

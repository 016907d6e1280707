"""Opening containers in a confined child process, and reading single members by their names."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import reduction
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Self

from engine.errors import InputError
from engine.images.confined import account, confined, did_not_start
from engine.images.descriptors import handle_of
from engine.images.limits import (
    CHUNK_BYTES,
    MAX_CONTAINER_BYTES,
    MAX_FILE_BYTES,
    UNPACK_LIMIT_S,
)
from engine.images.members import member_path
from engine.images.reading import READ_ONLY, Exhibit, exhibit_of, refuse_special, state_of

SERVER = "engine.images.unpacking:serve"

END_LIMIT_S = 10.0
"""Longest time a killed child may take to be gone."""

MAX_HEADER_BYTES = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One picture of a container as it comes, or why it cannot be had."""

    name: str
    """Its label; empty for the container itself."""
    exhibit: Exhibit | None = None
    """Its bytes and hashes; None when only names were asked for, or when it failed."""
    failure: InputError | None = None


class Container:
    """A container file that is open; closes it at the end.

    Args:
        path: the file.

    Raises:
        InputError: it cannot be opened, or is too large; ``kind`` says why.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        refuse_special(path)
        try:
            self.descriptor = os.open(path, READ_ONLY)
        except OSError as error:
            raise InputError(
                f"The file cannot be opened ({error.strerror}): check its permissions.",
                kind="unreadable",
            ) from error
        status = os.fstat(self.descriptor)
        self.size = status.st_size
        self._state = state_of(status)
        if not stat.S_ISREG(status.st_mode) or self.size > MAX_CONTAINER_BYTES:
            self.close()
            raise InputError(
                f"The container has {self.size:,} bytes; at most {MAX_CONTAINER_BYTES:,} are "
                "read. Unpack it and scan the folder.",
                kind="too_large",
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; may be called again."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def sha256(self) -> str:
        """Return the hash of the whole file, hex, read without moving where it is read."""
        digest = hashlib.sha256()
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        while block := os.read(self.descriptor, 1 << 20):
            digest.update(block)
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        return digest.hexdigest()

    def is_as_it_was(self) -> bool:
        """Return whether the file of this name is the one that is open, and was not written to."""
        try:
            status = os.stat(self.path)  # noqa: PTH116 - as it was opened
        except OSError:
            return False
        mine = os.fstat(self.descriptor)
        same = (status.st_dev, status.st_ino) == (mine.st_dev, mine.st_ino)
        return same and state_of(status) == self._state

    def refuse_change(self) -> None:
        """Raise InputError when the file is not as it was when it was opened."""
        if state_of(os.fstat(self.descriptor)) != self._state:
            raise InputError(
                "The container was changed while it was read: what its hash says and what was "
                "unpacked need not belong together. Scan a copy that nothing writes to.",
                kind="changed",
            )


class Unpacker:
    """Owns one unpacking process; starts it when needed and again after it had to be ended.

    One thread at a time uses it; only `abort` may be called from another.

    Args:
        limit_s: longest time between two members.
    """

    def __init__(self, *, limit_s: float = UNPACK_LIMIT_S) -> None:
        self._limit_s = limit_s
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process id of the running child, None when there is none."""
        return self._process.pid if self._process is not None else None

    def entries(
        self,
        container: Container,
        *,
        names_only: bool = False,
        only: str | None = None,
        frames: int = 0,
    ) -> Iterator[Entry | int]:
        """Yield the pictures of a container in order, then how many other entries it has.

        Args:
            container: open; its hash is taken here unless only names are asked for.
            names_only: whether to leave out data and hashes.
            only: label of the one member that is wanted; None for all.
            frames: frames of each animation that are given, besides the first; one that is
                wanted alone is given in any case.
        """
        sha256 = None if names_only else container.sha256()
        at_end = False
        try:
            connection = self._running()
            request = {
                "bytes": container.size,
                "names_only": names_only,
                "only": only,
                "frames": frames,
            }
            connection.send_bytes(json.dumps(request).encode())
            handle = handle_of(container.descriptor)
            reduction.send_handle(connection, handle, self._process and self._process.pid)
            while not at_end:
                found = self._next(connection, container, sha256)
                at_end = isinstance(found, int)
                yield found
        except (EOFError, OSError, ValueError, KeyError, TypeError):
            self.close()
            yield Entry(name="", failure=_broke_down())
            yield 0
        except BaseException:
            # Left in the middle: the next container must not get this one's members.
            if not at_end:
                self.close()
            raise

    def abort(self) -> None:
        """End the child, also in the middle of a container; callable from any thread."""
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the child; the unpacker may be used again."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if connection is not None:
            connection.close()
        if process is not None:
            process.kill()
            process.join(END_LIMIT_S)
            process.close()

    def _next(
        self, connection: Connection, container: Container, sha256: str | None
    ) -> Entry | int:
        header = json.loads(self._receive(connection, MAX_HEADER_BYTES))
        if header["kind"] == "end":
            return max(0, int(header["ignored"]))
        name, size, failure = str(header["name"]), header["bytes"], header["failure"]
        if failure is not None:
            kind, message = failure
            return Entry(name=name, failure=InputError(str(message), kind=str(kind)))
        if size is None:
            return Entry(name=name)
        if not 0 <= int(size) <= MAX_FILE_BYTES:
            raise ValueError(f"A member of {size} bytes was announced.")
        data = bytearray()
        while len(data) < size:
            data += self._receive(connection, CHUNK_BYTES)
        try:
            container.refuse_change()
        except InputError as error:
            return Entry(name=name, failure=error)
        path = member_path(container.path, name)
        return Entry(name=name, exhibit=exhibit_of(path, bytes(data), container_sha256=sha256))

    def _receive(self, connection: Connection, most_bytes: int) -> bytes:
        if not connection.poll(self._limit_s):
            raise EOFError("The unpacking process takes too long.")
        return connection.recv_bytes(most_bytes)

    def _running(self) -> Connection:
        if self._connection is None:
            self._process, connection = confined(SERVER)
            if not account(connection):
                connection.close()
                self.close()
                raise did_not_start()
            self._connection = connection
        return self._connection


def read_member(container: str, name: str) -> Exhibit:
    """Read one member of a container, in a process of its own.

    Args:
        container: the file.
        name: the member's label.

    Raises:
        InputError: the container cannot be opened, or has no such member that can be read.
    """
    with Container(container) as opened, Unpacker() as unpacker:
        for entry in unpacker.entries(opened, only=name):
            if isinstance(entry, int):
                break
            if entry.failure is not None:
                raise entry.failure
            if entry.exhibit is not None and entry.name == name:
                return entry.exhibit
    raise InputError(
        f"The container {container!r} has no picture {name!r}: check the name.", kind="not_found"
    )


def _broke_down() -> InputError:
    return InputError(
        "The process that unpacks broke down on this container, or took too long: it is damaged "
        "or made to attack programs. Unpack it with another program and scan the folder.",
        kind="decoder_crashed",
    )

"""A case file as a database: opening, one writer at a time, transactions, failures in words."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.errors import StoreError
from engine.evidence.case_schema import (
    APPLICATION_ID,
    bring_up_to_date,
    is_case,
    read_as_newest,
    version_of,
)
from engine.evidence.lock import HELD, FileLock

BUSY_MS = 10_000
"""How long a reader or writer waits for the other; a writer holds the file for milliseconds."""

PARTS = ("", "-wal", "-shm", "-journal")
"""Endings of the files that a database may consist of."""

_WORDS = {
    sqlite3.SQLITE_FULL: "the disk is full: make room and try again",
    sqlite3.SQLITE_IOERR: "the disk refused (full, over a limit, or gone): check it and try again",
    sqlite3.SQLITE_READONLY: "it may not be written: check permissions of file and folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check the path, and permissions of the folder",
    sqlite3.SQLITE_BUSY: "another program holds it: wait for that to end",
    sqlite3.SQLITE_CORRUPT: "the file is damaged: restore it from a copy",
    sqlite3.SQLITE_NOTADB: "it is not a case file: name one that 'case new' made",
}


class Database:
    """A case file, open. Threads may share it: one at a time is within `reading` or `writing`.

    Whoever comes first writes; who comes second, or may not write, reads, and
    ``read_only_because`` says why.

    Args:
        file: an existing case.
        writable: whether to try to be the one who writes.

    Raises:
        StoreError: there is no such file, it is no case, or it is newer than this program.
    """

    def __init__(self, file: Path, *, writable: bool = True) -> None:
        self.file = file.absolute()
        self._turn = threading.RLock()
        self.read_only_because = "" if writable else "it was opened for reading only"
        if not self.file.is_file():
            raise StoreError(
                f"There is no case {self.file}: check the name, or make one with 'case new'.",
                kind="not_found",
            )
        self._lock: FileLock | None = self._locked() if writable else None
        try:
            self.connection = self._opened()
        except BaseException:
            self._release()
            raise

    def close(self) -> None:
        """Close the file and let others write."""
        with self._turn:
            with suppress(sqlite3.Error):
                self.connection.close()
            self._release()

    def copy_to(self, partial: Path) -> None:
        """Write the whole database, as it stands, to a new file.

        Raises:
            StoreError: the disk refused.
        """
        with self._turn, in_words(self.file, "copied"):
            target = connect(partial, "rwc")
            try:
                self.connection.backup(target)
            finally:
                target.close()

    def require_writable(self) -> None:
        """Refuse to go on when nothing can be written.

        Raises:
            StoreError: the case is read-only.
        """
        if self.read_only_because:
            raise StoreError(
                f"The case {self.file} can only be read: {self.read_only_because}.",
                kind="read_only",
            )

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection within a transaction; an error of any kind undoes all of it.

        Raises:
            StoreError: the case is read-only, or the disk refused; nothing was changed.
        """
        self.require_writable()
        with self._turn, in_words(self.file, "written"):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                # The library itself undoes the transaction for some failures.
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection, with everything as it stands at one moment."""
        with self._turn, in_words(self.file, "read"):
            if self.connection.in_transaction:
                yield self.connection
                return
            self.connection.execute("BEGIN")
            try:
                yield self.connection
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")

    def _locked(self) -> FileLock | None:
        try:
            return FileLock(
                self.file.with_name(f".{self.file.name}.lock"),
                what=f"The folder of the case {self.file}",
                holder="Another program",
                instead="read only",
            )
        except StoreError as error:
            self.read_only_because = (
                "another program has it open"
                if error.kind == HELD
                else "its folder cannot be written"
            )
            return None

    def _opened(self) -> sqlite3.Connection:
        with in_words(self.file, "opened"):
            if not self.read_only_because:
                try:
                    return self._for_writing()
                except sqlite3.OperationalError as error:
                    if not _is(error, sqlite3.SQLITE_READONLY):
                        raise
                    self.read_only_because = "the file may not be written"
                    self._release()
            return self._for_reading()

    def _for_writing(self) -> sqlite3.Connection:
        connection = connect(self.file, "rw")
        try:
            self._refuse_others(connection)
            bring_up_to_date(connection, str(self.file))
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _for_reading(self) -> sqlite3.Connection:
        try:
            connection = connect(self.file, "ro")
            self._refuse_others(connection)
        except sqlite3.OperationalError as error:
            # A log beside the file cannot be made in a folder that is read-only.
            if not _is(error, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
                raise
            if self.file.with_name(self.file.name + "-wal").exists():
                raise StoreError(
                    f"The case {self.file} was not closed by its last writer, and its folder is "
                    "read-only: copy it with the file ending in -wal to another folder, and open "
                    "the copy."
                ) from error
            connection = connect(self.file, "ro", immutable=True)
            self._refuse_others(connection)
        try:
            read_as_newest(connection, version_of(connection, str(self.file)))
        except BaseException:
            connection.close()
            raise
        return connection

    def _refuse_others(self, connection: sqlite3.Connection) -> None:
        if not is_case(connection):
            connection.close()
            raise StoreError(
                f"{self.file} is not a case file: name one that 'case new' made.", kind="not_a_case"
            )

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def says_it_is_a_case(file: Path) -> bool:
    """Return whether a file's head says that it is a case, of whatever version."""
    try:
        with file.open("rb") as stream:
            head = stream.read(72)
    except OSError:
        return False
    # The application id stands at byte 68 of a SQLite file, big-endian.
    return head[:16] == b"SQLite format 3\0" and head[68:72] == APPLICATION_ID.to_bytes(4, "big")


@contextmanager
def new_file(file: Path) -> Iterator[sqlite3.Connection]:
    """Give an empty case to be filled; it appears under its name when it is complete.

    Args:
        file: must not exist; its folder must.

    Raises:
        StoreError: it exists, or cannot be written; nothing is left behind.
    """
    if file.exists():
        raise StoreError(
            f"{file} exists already: open it, or choose another name. Nothing was changed.",
            kind="exists",
        )
    if not file.parent.is_dir():
        raise StoreError(f"The folder {file.parent} does not exist: make it, or choose another.")
    partial = file.with_name(f".{file.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        with in_words(file, "made"):
            connection = connect(partial, "rwc")
            try:
                bring_up_to_date(connection, str(file))
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
                connection.execute("PRAGMA journal_mode = WAL")
            finally:
                connection.close()
            name_for_good(partial, file)
    finally:
        for leftover in PARTS:
            partial.with_name(partial.name + leftover).unlink(missing_ok=True)


def connect(file: Path, mode: str, *, immutable: bool = False) -> sqlite3.Connection:
    """Open a database in autocommit mode.

    Args:
        file: absolute or relative path.
        mode: ``"ro"``, ``"rw"`` or ``"rwc"``.
        immutable: promise that nobody writes it, so that no lock is taken.
    """
    place = file.absolute().as_uri() + f"?mode={mode}" + ("&immutable=1" if immutable else "")
    # Threads take turns by a lock of ours, so the library's own check is not needed.
    connection = sqlite3.connect(
        place, uri=True, isolation_level=None, timeout=BUSY_MS / 1000, cached_statements=64,
        check_same_thread=False,
    )  # fmt: skip
    connection.execute("PRAGMA foreign_keys = ON")
    # What a file's own triggers and views may call is limited: the file may be hostile.
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


@contextmanager
def in_words(file: Path, done: str) -> Iterator[None]:
    """Turn what the library or the system raises into a StoreError.

    Args:
        file: the case, for messages.
        done: what could not be done, a past participle.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        words = _WORDS.get(code, f"SQLite says: {error}")
        raise StoreError(
            f"The case {file} cannot be {done}: {words}. What was kept before is unharmed.",
            kind={sqlite3.SQLITE_FULL: "disk_full", sqlite3.SQLITE_CORRUPT: "damaged"}.get(code),
        ) from error
    except OSError as error:
        raise StoreError(
            f"The case {file} cannot be {done} ({error.strerror}): check its folder."
        ) from error


def _is(error: sqlite3.Error, *codes: int) -> bool:
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in codes


def name_for_good(partial: Path, file: Path) -> None:
    """Give a finished file its name, never in place of another."""
    try:
        file.hardlink_to(partial)
    except FileExistsError as error:
        raise StoreError(f"{file} was made by another program meanwhile.", kind="exists") from error
    except OSError:
        # Some file systems know no hard links.
        if file.exists():
            raise
        partial.rename(file)

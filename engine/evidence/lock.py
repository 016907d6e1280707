"""One writer for a results folder or a case: a lock that the system lets go of, however we end."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from engine.errors import StoreError

LOCK_NAME = ".lock"
"""The file of a folder that is locked; it stays, empty, when nobody holds it."""

HELD = "locked"
"""Kind of the error when another process holds a lock."""


class FileLock:
    """Holds a lock file until `release`, or until the process ends in any way.

    Args:
        file: made if missing, in an existing folder.
        what: what it stands for, such as ``"The results folder /x"``, to begin a sentence.
        holder: who else may hold it, such as ``"Another scan"``.
        instead: what to do then, to end a sentence.

    Raises:
        StoreError: another process holds it (kind `HELD`), or it cannot be made.
    """

    def __init__(self, file: Path, *, what: str, holder: str, instead: str) -> None:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        try:
            self._descriptor = os.open(file, flags, 0o666)
        except OSError as error:
            raise StoreError(
                f"{what} cannot be written ({error.strerror}): "
                "choose another or change its permissions."
            ) from error
        try:
            _lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise StoreError(
                f"{holder} is writing to {file.parent}: wait for it to end, or {instead}.",
                kind=HELD,
            ) from error

    def release(self) -> None:
        """Let others write."""
        os.close(self._descriptor)


class FolderLock(FileLock):
    """Holds a folder until `release`, or until the process ends in any way.

    Args:
        folder: an existing folder.

    Raises:
        StoreError: another process holds it, or the lock file cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(
            folder / LOCK_NAME,
            what=f"The results folder {folder}",
            holder="Another scan",
            instead="choose another results folder",
        )


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

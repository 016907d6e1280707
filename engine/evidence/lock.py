"""One writer for a results folder: a lock that the system lets go of, however we end."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from engine.errors import StoreError

LOCK_NAME = ".lock"
"""The file that is locked; it stays, empty, when nobody holds it."""


class FolderLock:
    """Holds a folder until `release`, or until the process ends in any way.

    Args:
        folder: an existing folder.

    Raises:
        StoreError: another process holds it, or the lock file cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        file = folder / LOCK_NAME
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        try:
            self._descriptor = os.open(file, flags, 0o666)
        except OSError as error:
            raise StoreError(
                f"The results folder {folder} cannot be written ({error.strerror}): "
                "choose another or change its permissions."
            ) from error
        try:
            _lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise StoreError(
                f"Another scan is writing to {folder}: wait for it to end, or choose "
                "another results folder.",
                kind="locked",
            ) from error

    def release(self) -> None:
        """Let others write."""
        os.close(self._descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

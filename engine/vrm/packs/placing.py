"""Putting finished packs in their place: one process at a time, never half of one."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import IO

from engine.errors import ModelError
from engine.job import Progress

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

OnProgress = Callable[[Progress], None]

LOCK_POLL_S = 0.2
"""How often a lock held by another process is asked for again, seconds."""


def put_in_place(partial: Path, target: Path) -> None:
    """Rename a finished pack into place; a broken one that lay there goes away.

    Args:
        partial: the finished pack, beside its target.
        target: where it shall lie.
    """
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    partial.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def refuse_full_disk(folder: Path, needed_bytes: int, doing: str = "building the pack") -> None:
    """Refuse work that would fill a disk.

    Args:
        folder: where files will be written.
        needed_bytes: how much.
        doing: what takes the space, for the message.

    Raises:
        ModelError: there is less space.
    """
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise ModelError(
            f"{folder} has {free / 1e6:.0f} MB free, {doing} takes "
            f"{needed_bytes / 1e6:.0f} MB: free some space or set RESIDUA_DATA to another disk."
        )


@contextmanager
def locked(file: Path, report: OnProgress) -> Iterator[None]:
    """Hold a lock that the operating system drops when the process ends, however it ends."""
    with file.open("a+b") as stream:
        while not _try_lock(stream):
            waiting = "Waiting for another process that builds the same pack"
            report(Progress(phase=waiting, done=0, total=None))
            sleep(LOCK_POLL_S)
        yield


def _try_lock(stream: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            stream.seek(0)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

"""Open files on their way from one process to another."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO


def as_file(handle: int) -> BinaryIO:
    """Return a file that reads from its beginning what another process opened.

    Args:
        handle: as `multiprocessing.reduction.recv_handle` gives it.
    """
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        handle = msvcrt.open_osfhandle(handle, os.O_RDONLY | os.O_BINARY)
    stream = open(handle, "rb")  # noqa: SIM115, PTH123 - the caller closes it
    stream.seek(0)
    return stream


def handle_of(descriptor: int) -> int:
    """Return what `multiprocessing.reduction.send_handle` sends of an open file."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        return msvcrt.get_osfhandle(descriptor)
    return descriptor

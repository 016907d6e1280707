"""Which files a process may touch on Linux, by Landlock: without privileges, for good.

Source: Linux, Documentation/userspace-api/landlock.rst.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from engine.images.seccomp import Unavailable

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
"""System calls, the same on all machines."""

_NO_NEW_PRIVILEGES = 38
_ASK_VERSION = 1
_BENEATH_PATH = 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3

_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
"""Version: how many kinds of access to files it knows; 16 from version 5 on."""

_TCP = 0b11
_SCOPES = 0b11
"""Abstract Unix sockets and signals to processes outside."""


def version() -> int:
    """Return the version of Landlock that the running kernel offers.

    Raises:
        Unavailable: it offers none.
    """
    found = int(_libc().syscall(_long(_CREATE), None, ctypes.c_size_t(0), _long(_ASK_VERSION)))
    if found < 1:
        raise Unavailable(f"Landlock: {os.strerror(ctypes.get_errno())}")
    return found


def allow_reading_only(places: Iterable[str]) -> int:
    """Let this thread, and all it starts, read beneath these places and touch nothing else.

    Args:
        places: files and folders; what does not exist is left out.

    Returns:
        The version of Landlock in force.

    Raises:
        Unavailable: the kernel has no Landlock, or does not let it be used.
    """
    found = version()
    files = (1 << _FILE_RIGHTS.get(found, 16)) - 1
    attributes = struct.pack("=Q", files)
    if found >= 4:
        attributes += struct.pack("=Q", _TCP)
    if found >= 6:
        attributes += struct.pack("=Q", _SCOPES)
    libc = _libc()
    rules = int(
        libc.syscall(_long(_CREATE), attributes, ctypes.c_size_t(len(attributes)), _long(0))
    )
    if rules < 0:
        raise Unavailable(f"Landlock: {os.strerror(ctypes.get_errno())}")
    try:
        for place in dict.fromkeys(places):
            _allow(libc, rules, place)
        if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            raise Unavailable(f"no_new_privs: {os.strerror(ctypes.get_errno())}")
        if libc.syscall(_long(_RESTRICT), _long(rules), _long(0)) != 0:
            raise Unavailable(f"Landlock: {os.strerror(ctypes.get_errno())}")
    finally:
        os.close(rules)
    return found


def _allow(libc: ctypes.CDLL, rules: int, place: str) -> None:
    try:
        descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except (OSError, ValueError):
        return
    try:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        rights = _READ_FILE | (_READ_FOLDER if is_folder else 0)
        rule = struct.pack("=Qi", rights, descriptor)
        libc.syscall(_long(_ADD_RULE), _long(rules), _long(_BENEATH_PATH), rule, _long(0))
    finally:
        os.close(descriptor)


def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def _long(value: int) -> ctypes.c_long:
    return ctypes.c_long(value)

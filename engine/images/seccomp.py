"""Filters of system calls on Linux, without privileges and without a library.

A filter can only be made stricter and is inherited by every thread and child. It holds whatever
code runs in the process, which an audit hook of Python does not.

Source: Linux, Documentation/userspace-api/seccomp_filter.rst; numbers from the kernel's tables
for x86_64 and the generic ones for aarch64.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct
from collections.abc import Iterable, Sequence

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Machine: (column of `_CALLS`, AUDIT_ARCH)."""

_ABSENT = -1
_CALLS = {
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200),
    "listen": (50, 201), "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206),
    "sendmsg": (46, 211), "sendmmsg": (307, 269), "execve": (59, 221), "execveat": (322, 281),
    "fork": (57, -1), "vfork": (58, -1), "clone": (56, 220), "clone3": (435, 435),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kill": (62, 129), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424),
    "open": (2, -1), "openat": (257, 56), "openat2": (437, 437), "creat": (85, -1),
    "open_by_handle_at": (304, 265), "mkdir": (83, -1), "mkdirat": (258, 34), "rmdir": (84, -1),
    "unlink": (87, -1), "unlinkat": (263, 35), "rename": (82, -1), "renameat": (264, 38),
    "renameat2": (316, 276), "link": (86, -1), "linkat": (265, 37), "symlink": (88, -1),
    "symlinkat": (266, 36), "mknod": (133, -1), "mknodat": (259, 33), "truncate": (76, 45),
    "ftruncate": (77, 46), "fallocate": (285, 47), "chmod": (90, -1), "fchmod": (91, 52),
    "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, -1), "fchown": (93, 55),
    "lchown": (94, -1), "fchownat": (260, 54), "utime": (132, -1), "utimes": (235, -1),
    "futimesat": (261, -1), "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15),
    "fremovexattr": (199, 16), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442), "setns": (308, 268),
    "unshare": (272, 97), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "kexec_load": (246, 104), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "ioctl": (16, 29),
}  # fmt: skip
_SPECIAL = ("open", "openat", "clone", "clone3", "openat2", "ioctl")
"""Calls that a decoder may make with some arguments only."""

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16

_X32_CALLS = 0x40000000
_CLONE_THREAD = 0x00010000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_TERMINAL_INPUT = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX, which type into the operator's terminal."""

_NO_NEW_PRIVILEGES = 38
_SET_FILTER, _ALL_THREADS, _SPECULATION_ALLOWED = 1, 1, 4
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_NO_SUCH_FAMILY = 255


class Unavailable(Exception):
    """This machine cannot do it; the message says why."""


def forbid_everything_a_decoder_needs_not() -> None:
    """Let this process neither reach out, nor write, nor start anything, for good.

    Raises:
        Unavailable: the system has no such filters, or does not let one be set.
    """
    _install(_decoder_rules())


def forbid_networks() -> None:
    """Let this process and all it starts open no socket but local ones, for good.

    Raises:
        Unavailable: the system has no such filters, or does not let one be set.
    """
    column, _ = _architecture()
    refused = _return_error(errno.EACCES)
    _install(
        [
            *_when(_CALLS["socket"][column], [*_load_argument(0), (_EQUAL, 0, 1, socket.AF_UNIX),
                                              (_RETURN, 0, 0, _ALLOW), *refused]),
            *_when(_CALLS["io_uring_setup"][column], _return_error(errno.ENOSYS)),
        ]
    )  # fmt: skip


def networks_are_forbidden() -> bool:
    """Return whether `forbid_networks` holds in this process, by asking the kernel.

    A family that no kernel knows is asked for: the filter refuses it in its own way, and no
    socket comes to be where there is no filter.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    made = libc.socket(_NO_SUCH_FAMILY, 1, 0)
    if made >= 0:
        os.close(made)
        return False
    return ctypes.get_errno() in (errno.EACCES, errno.EPERM)


_Step = tuple[int, int, int, int]
"""(code, steps to skip when true, when false, value)."""


def _decoder_rules() -> list[_Step]:
    column, _ = _architecture()
    number = {name: numbers[column] for name, numbers in _CALLS.items()}
    steps: list[_Step] = []
    for name, call in number.items():
        if name not in _SPECIAL and call != _ABSENT:
            steps += _when(call, _return_error(errno.EPERM))
    # Newer forms hide their arguments from filters: C libraries fall back to the older ones.
    for name in ("clone3", "openat2"):
        steps += _when(number[name], _return_error(errno.ENOSYS))
    thread = [(_ANY_BIT, 1, 0, _CLONE_THREAD), *_return_error(errno.EPERM)]
    steps += _when(number["clone"], [*_load_argument(0), *thread, (_RETURN, 0, 0, _ALLOW)])
    reading = [(_ANY_BIT, 0, 1, _WRITING), *_return_error(errno.EACCES), (_RETURN, 0, 0, _ALLOW)]
    for name, argument in (("open", 1), ("openat", 2)):
        if number[name] != _ABSENT:
            steps += _when(number[name], [*_load_argument(argument), *reading])
    typing: list[_Step] = []
    for request in _TERMINAL_INPUT:
        typing += [(_EQUAL, 0, 1, request), *_return_error(errno.EPERM)]
    steps += _when(number["ioctl"], [*_load_argument(1), *typing, (_RETURN, 0, 0, _ALLOW)])
    return steps


def _when(call: int, then: Sequence[_Step]) -> list[_Step]:
    """Return steps that are taken for one call, whose last one returns."""
    return [(_EQUAL, 0, len(then), call), *then]


def _load_argument(index: int) -> list[_Step]:
    # The lower half; all arguments looked at here are of 32 bits.
    return [(_LOAD, 0, 0, _ARGUMENTS + 8 * index)]


def _return_error(number: int) -> list[_Step]:
    return [(_RETURN, 0, 0, _ERRNO | number)]


def _architecture() -> tuple[int, int]:
    found = _ARCHITECTURES.get(platform.machine())
    if found is None or struct.calcsize("P") != 8:
        raise Unavailable(f"no table of system calls for {platform.machine() or 'this machine'}")
    return found


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def _install(rules: Iterable[_Step]) -> None:
    _, audit = _architecture()
    steps: list[_Step] = [
        (_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, audit), (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _X32_CALLS), *_return_error(errno.ENOSYS),
        *rules, (_RETURN, 0, 0, _ALLOW),
    ]  # fmt: skip
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(steps), ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        raise Unavailable(f"no_new_privs: {os.strerror(ctypes.get_errno())}")
    libc.syscall.restype = ctypes.c_long
    flags = ctypes.c_ulong(_ALL_THREADS | _SPECULATION_ALLOWED)
    number = ctypes.c_long(_SECCOMP[platform.machine()])
    result = libc.syscall(number, ctypes.c_ulong(_SET_FILTER), flags, ctypes.byref(program))
    if result != 0:
        # Above 0 it is the id of a thread that could not be brought under the filter.
        why = "a thread has a filter of its own" if result > 0 else os.strerror(ctypes.get_errno())
        raise Unavailable(f"seccomp: {why}")

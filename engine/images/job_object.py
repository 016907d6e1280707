"""A Windows job object around the process itself: memory, processes, and no desktop.

Not run by the project's own tests, which run on Linux; written from the documentation.

Source: Microsoft, "Job Objects" and "JOBOBJECT_EXTENDED_LIMIT_INFORMATION" (Win32 API).
"""

from __future__ import annotations

import ctypes
import sys

from engine.images.seccomp import Unavailable

_EXTENDED_LIMITS, _INTERFACE_LIMITS = 9, 4
_ACTIVE_PROCESSES, _PROCESS_MEMORY = 0x8, 0x100
_DIE_ON_EXCEPTION, _KILL_ON_CLOSE = 0x400, 0x2000
_ALL_INTERFACE = 0xFF
"""Handles, clipboard, system parameters, display, atoms, desktop, leaving Windows."""


class _Basic(ctypes.Structure):
    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
    )


class _Extended(ctypes.Structure):
    _fields_ = (
        ("basic", _Basic),
        ("io", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


def enter(memory_bytes: int) -> None:
    """Put this process into a job of its own that it cannot leave.

    Args:
        memory_bytes: most memory it may commit.

    Raises:
        Unavailable: this is not Windows, or it refused.
    """
    if sys.platform != "win32":
        raise Unavailable("job objects are a part of Windows")
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
    limits = _Extended()
    limits.basic.flags = _ACTIVE_PROCESSES | _PROCESS_MEMORY | _DIE_ON_EXCEPTION | _KILL_ON_CLOSE
    limits.basic.processes = 1
    limits.process_memory = memory_bytes
    interface = ctypes.c_uint32(_ALL_INTERFACE)
    steps = (
        lambda: kernel.SetInformationJobObject(
            job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
        ),
        lambda: kernel.SetInformationJobObject(
            job, _INTERFACE_LIMITS, ctypes.byref(interface), ctypes.sizeof(interface)
        ),
        # The handle stays open as long as the process lives: closing it would end it.
        lambda: kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess())),
    )
    for step in steps:
        if not step():
            raise Unavailable(f"job object: {ctypes.FormatError(ctypes.get_last_error())}")

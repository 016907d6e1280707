"""What a decoding process gives up before it sees a byte of evidence, and an account of it.

Everything here uses the standard library alone: a process confines itself first and imports
decoders after, so that no thread of theirs is left out. What a system does not offer is told,
never passed over in silence; the owner shows it.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from engine.images import job_object, landlock, seccomp
from engine.images.limits import DECODER_MEMORY_BYTES, DECODER_OPEN_FILES
from engine.images.seccomp import Unavailable

REFUSED_EVENTS = (
    "socket.connect", "socket.bind", "socket.send", "socket.get", "subprocess.", "os.exec",
    "os.fork", "os.spawn", "os.system", "os.posix_spawn",
)  # fmt: skip
"""What a decoder never has a reason to do."""

SYSTEM_PLACES = (
    "/usr", "/lib", "/lib64", "/etc", "/proc", "/sys", "/dev", "/opt", "/nix/store",
    "/gnu/store",
)  # fmt: skip
"""Where libraries lie; evidence does not."""

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000

Account = tuple[str, bool, str]
"""(safeguard, whether it is in force, how or why not)."""


def begin(
    connection: Connection, readable: tuple[str, ...], server: str, *looks: str | None
) -> None:
    """Confine this process, then serve; what a process that sees evidence starts with.

    Args:
        connection: two-way, owned by this process.
        readable: places beyond the system's and Python's that may be read.
        server: ``module:function`` of what answers requests.
        looks: ``module:function`` of what it does besides.
    """
    account = confine(readable)
    serve = _named(server)
    serve(connection, account, *map(_named, looks))


def confine(readable: tuple[str, ...]) -> list[Account]:
    """Give up everything a decoder does not need, as far as this system lets it.

    Args:
        readable: places beyond the system's and Python's that may be read.

    Returns:
        Every safeguard there is, with what became of it here.
    """
    sys.addaudithook(_refuse)
    account = [_limits()]
    if sys.platform == "win32":
        account.append(_tried("job object", lambda: job_object.enter(DECODER_MEMORY_BYTES)))
    elif sys.platform == "linux":
        account.append(_tried("network namespace", _leave_network))
        account.append(_tried("file access", lambda: _only_read(readable)))
        account.append(_tried("system calls", _filter_calls))
    else:
        account.append(("system calls", False, f"not written for {sys.platform}"))
    account.append(("audit hook", True, "Python code can open no socket and start no program"))
    return account


def _tried(name: str, step: Callable[[], str | None]) -> Account:
    try:
        return name, True, step() or "in force"
    except Unavailable as error:
        return name, False, f"not available: {error}"


def _leave_network() -> str:
    libc = ctypes.CDLL(None, use_errno=True)
    # Without privileges a user namespace comes first; with them it would only take rights away.
    flags = _NEW_NETWORK if os.geteuid() == 0 else _NEW_USER | _NEW_NETWORK
    if libc.unshare(flags) != 0:
        raise Unavailable(os.strerror(ctypes.get_errno()))
    return "the process has a network of its own, with nothing in it"


def _only_read(readable: tuple[str, ...]) -> str:
    places = (*SYSTEM_PLACES, *_python_places(), *readable)
    found = landlock.allow_reading_only(places)
    return f"Landlock version {found}: only programs and libraries can be read, nothing written"


def _filter_calls() -> str:
    seccomp.forbid_everything_a_decoder_needs_not()
    try:
        os.close(os.open(os.devnull, os.O_WRONLY))
    except PermissionError:
        return "seccomp: no socket, no program, no process, no writing"
    raise Unavailable("the filter was set, and does not hold")


def _python_places() -> list[str]:
    libraries = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    own = [sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.dirname(sys.executable)]  # noqa: PTH120
    return [place for place in (*own, *sys.path, *libraries) if place]


def _limits() -> Account:
    name = "resource limits"
    if sys.platform == "win32":
        return name, False, "Windows has none; see job object"
    import resource  # noqa: PLC0415 - exists on POSIX only

    wanted = (
        ("memory", resource.RLIMIT_AS, DECODER_MEMORY_BYTES),
        ("core files", resource.RLIMIT_CORE, 0),
        # No byte can be written to any file, so the evidence is safe from a hijacked decoder.
        ("written files", resource.RLIMIT_FSIZE, 0),
        ("open files", resource.RLIMIT_NOFILE, DECODER_OPEN_FILES),
    )
    kept, refused = [], []
    for what, which, value in wanted:
        _, hard = resource.getrlimit(which)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(which, (allowed, allowed))
            kept.append(what)
        except (ValueError, OSError):
            # macOS refuses limits on address space; the time limit still holds there.
            refused.append(what)
    detail = f"set for {', '.join(kept) or 'nothing'}"
    if refused:
        detail += f"; refused for {', '.join(refused)}"
    return name, not refused, detail


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(REFUSED_EVENTS):
        raise PermissionError(f"A decoding process may not do {event}.")


def _named(name: str | None) -> Any:
    if name is None:
        return None
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)

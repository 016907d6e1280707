"""The program's own process without a network: enforced where the system can, told as it is."""

from __future__ import annotations

import ipaddress
import sys

from engine.images import seccomp
from engine.types import Safeguard

NAME = "network"

ENFORCED = (
    "The operating system refuses this program every connection: no process of it can open a "
    "socket that leaves this machine (seccomp)."
)
NOT_ENFORCED = (
    "No code of this program opens a connection, and the decoding processes cannot; the operating "
    "system does not hold the rest of it to that here ({why})."
)
NOT_ASKED = "this command was started without asking it to"


def forbid() -> Safeguard:
    """Let this process and all it starts reach no other machine from now on, for good.

    Where the system cannot enforce it, Python's own calls are refused at least.

    Returns:
        What is in force, as `state` tells it.
    """
    try:
        if sys.platform != "linux":
            raise seccomp.Unavailable(f"there is no such filter on {sys.platform}")
        seccomp.forbid_networks()
    except seccomp.Unavailable as error:
        sys.addaudithook(_refuse)
        return _open(str(error))
    return state()


def state() -> Safeguard:
    """Return whether the operating system keeps this process from networks, by asking it."""
    if sys.platform != "linux":
        return _open(f"there is no such filter on {sys.platform}")
    if not seccomp.networks_are_forbidden():
        return _open(NOT_ASKED)
    return Safeguard(name=NAME, in_force=True, detail=ENFORCED)


def is_local(where: object) -> bool:
    """Return whether an address stays on this machine: a path, or a loopback address."""
    if not isinstance(where, tuple):
        return True
    host = where[0] if where else None
    if host is None or host in ("", "localhost", b"localhost"):
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def destination(event: str, arguments: tuple[object, ...]) -> object:
    """Return where an audited call would reach, or None when it reaches nowhere."""
    if event in ("socket.connect", "socket.sendto"):
        return arguments[1]
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        return arguments[:1]
    return None


def _open(why: str) -> Safeguard:
    return Safeguard(name=NAME, in_force=False, detail=NOT_ENFORCED.format(why=why))


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    where = destination(event, arguments)
    if where is not None and not is_local(where):
        raise PermissionError(f"Residua reaches no other machine, but {event} {where!r}.")

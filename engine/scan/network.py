"""Whether this program talks to anyone over a network right now."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_address

import psutil


def connections() -> tuple[str, ...]:
    """Return the far ends of all connections of this process and its children, sorted.

    Connections to this machine itself are left out. A process that ended meanwhile, or that the
    system does not let us ask about, has none that could be told.

    Returns:
        ``"address:port"`` each; empty when nothing leaves the machine.
    """
    own = psutil.Process()
    found = set()
    for process in (own, *own.children(recursive=True)):
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            for each in process.net_connections("inet"):
                if each.raddr and not ip_address(each.raddr.ip.partition("%")[0]).is_loopback:
                    found.add(f"{each.raddr.ip}:{each.raddr.port}")
    return tuple(sorted(found))

"""A connection that leaves the machine is seen; one that does not is not."""

from __future__ import annotations

import socket
from types import SimpleNamespace

import psutil
import pytest

from engine import api


def far(ip: str) -> SimpleNamespace:
    return SimpleNamespace(raddr=SimpleNamespace(ip=ip, port=443))


def test_a_quiet_program_has_no_connection() -> None:
    assert api.connections() == ()


def test_a_connection_to_this_machine_does_not_count() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        with client, server.accept()[0]:
            assert api.connections() == ()


def test_a_far_end_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    open_now = [far("203.0.113.7"), far("127.0.0.1"), far("::1"), SimpleNamespace(raddr=())]
    monkeypatch.setattr(psutil.Process, "net_connections", lambda *_: open_now)
    assert api.connections() == ("203.0.113.7:443",)

"""The unpacking process: is handed an open container, gives its pictures, writes nothing."""

from __future__ import annotations

import json
import signal
from collections.abc import Sequence
from multiprocessing import reduction
from multiprocessing.connection import Connection
from typing import Any

from engine.images.child import mute_libraries, send_pieces
from engine.images.confinement import Account
from engine.images.containers import walk
from engine.images.descriptors import as_file
from engine.images.inner import Member, Wish

CONTINUES, ENDS = "member", "end"


def serve(connection: Connection, account: Sequence[Account]) -> None:
    """Answer requests until the other end is closed; the process has confined itself before.

    A request is a JSON header (``bytes``, ``names_only``, ``only``, ``frames``) and an open
    file. The answer
    is a JSON header a member, with its bytes in pieces behind it, and one at the end.

    Args:
        connection: two-way, owned by this process.
        account: how the process is confined; the first message.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    mute_libraries()
    connection.send_bytes(json.dumps(list(account)).encode())
    while True:
        try:
            request = json.loads(connection.recv_bytes())
            handle = reduction.recv_handle(connection)
        except (EOFError, OSError):
            return
        try:
            _answer(connection, request, handle)
        except BrokenPipeError:
            return


def _answer(connection: Connection, request: dict[str, Any], handle: int) -> None:
    wish = Wish(names_only=request["names_only"], only=request["only"], frames=request["frames"])
    with as_file(handle) as stream:
        for found in walk(stream, request["bytes"], wish):
            if isinstance(found, Member):
                _tell(connection, found)
            else:
                end = {"kind": ENDS, "ignored": found}
                connection.send_bytes(json.dumps(end).encode())


def _tell(connection: Connection, member: Member) -> None:
    failure = member.failure
    header = {
        "kind": CONTINUES,
        "name": member.name,
        "bytes": None if member.data is None else len(member.data),
        "failure": None if failure is None else [failure.kind, str(failure)],
    }
    connection.send_bytes(json.dumps(header).encode())
    if member.data:
        send_pieces(connection, member.data)

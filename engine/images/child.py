"""The decoding process: takes bytes, gives samples, and may die without harm to the rest."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.errors import InputError
from engine.images.limits import (
    CHUNK_BYTES,
    DECODE_LIMIT_S,
    DECODER_MEMORY_BYTES,
    INSPECT_LIMIT_S,
    MAX_PIXELS,
)
from engine.images.opened import Decoded
from engine.images.pixels import decode

ALARM_MARGIN_S = 10
"""How much longer than its owner the child itself waits before it ends a decoding; this
matters only when the owner was killed and nobody is left to end the child."""

REFUSED_EVENTS = ("socket.", "subprocess.", "os.exec", "os.fork", "os.spawn", "os.system")
"""What a decoder never has a reason to do."""

READY = b"ready"
"""The child's first message."""

Inspect = Callable[[bytes, Decoded], bytes]
"""Looks at a file and its decoded picture inside the child and says what it found; the
answer is at most `MAX_REPORT_BYTES` long."""


def serve(
    connection: Connection, inspect: Inspect | None = None, measure: Inspect | None = None
) -> None:
    """Answer requests until the other end is closed.

    A request is a JSON header (``bytes``, ``view_px``, ``inspect``) and the file in pieces;
    an answer is a JSON header and, when ``ok``, the samples in pieces and, when asked for,
    the report of the inspection and the measurement. No object is ever unpickled from what a
    decoder says.

    Args:
        connection: two-way, owned by this process.
        inspect: makes the report; a function at the top of a module.
        measure: likewise, after the report was sent; what it does cannot harm the report.
    """
    _harden()
    connection.send_bytes(READY)
    while True:
        try:
            request = json.loads(connection.recv_bytes())
            data = _receive(connection, request["bytes"])
        except EOFError:
            return
        _set_alarm(int(DECODE_LIMIT_S) + ALARM_MARGIN_S)
        header, samples, decoded = _answer(data, request["view_px"])
        _set_alarm(0)
        try:
            connection.send_bytes(json.dumps(header).encode())
            if samples is not None:
                send_pieces(connection, samples.data)
            if decoded is not None and request["inspect"]:
                for look in (inspect, measure):
                    if look is None:
                        continue
                    # What was sent is safe on the other side: this cannot harm it any more.
                    _set_alarm(int(INSPECT_LIMIT_S) + ALARM_MARGIN_S)
                    report = look(data, decoded)
                    _set_alarm(0)
                    connection.send_bytes(report)
        except BrokenPipeError:
            return


def send_pieces(connection: Connection, data: bytes | memoryview) -> None:
    """Send bytes in pieces of `CHUNK_BYTES`."""
    view = memoryview(data).cast("B")
    for at in range(0, len(view), CHUNK_BYTES):
        connection.send_bytes(view[at : at + CHUNK_BYTES])


def _receive(connection: Connection, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        data += connection.recv_bytes()
    return bytes(data)


def _answer(
    data: bytes, view_px: int | None
) -> tuple[dict[str, Any], NDArray[np.uint8] | None, Decoded | None]:
    try:
        decoded = decode(data, for_view_px=view_px)
        picture = decoded.picture if view_px is None else _shrunk(decoded, view_px)
        samples: NDArray[np.uint8] = np.ascontiguousarray(picture)
    except InputError as error:
        return {"ok": False, "kind": error.kind, "message": str(error)}, None, None
    except MemoryError:
        message = "The picture needs more memory than a decoder may take: examine a smaller copy."
        return {"ok": False, "kind": "out_of_memory", "message": message}, None, None
    return (
        {
            "ok": True,
            "height": samples.shape[0],
            "width": samples.shape[1],
            "format": decoded.format,
            "notes": decoded.notes,
            "jpeg_quality": decoded.jpeg_quality,
        },
        samples,
        decoded,
    )


def _shrunk(decoded: Decoded, side_px: int) -> Image.Image:
    picture = decoded.picture
    picture.thumbnail((side_px, side_px), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return picture


def _harden() -> None:
    """Give up what a decoder does not need; the owner handles the operator's Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _mute_libraries()
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    sys.addaudithook(_refuse)
    _limit_resources()


def _mute_libraries() -> None:
    """Keep what C libraries print about broken files out of the operator's terminal.

    Python's own stderr stays, on another descriptor, so that a bug here is still seen.
    """
    if sys.stderr is None:
        return
    kept = os.dup(2)
    sys.stderr = open(kept, "w", buffering=1, errors="backslashreplace")  # noqa: PTH123, SIM115
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(REFUSED_EVENTS):
        raise PermissionError(f"A decoding process may not do {event}.")


def _limit_resources() -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - exists on POSIX only

    limits = (
        (resource.RLIMIT_AS, DECODER_MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
        # No byte can be written to any file, so the evidence is safe from a hijacked decoder.
        (resource.RLIMIT_FSIZE, 0),
    )
    for which, value in limits:
        _, hard = resource.getrlimit(which)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(which, (allowed, allowed))
        except (ValueError, OSError):
            # macOS refuses limits on address space; the time limit still holds there.
            continue


def _set_alarm(seconds: int) -> None:
    alarm: Callable[[int], int] | None = getattr(signal, "alarm", None)
    if alarm is not None:
        alarm(seconds)

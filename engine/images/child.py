"""The decoding process: takes bytes, gives samples, and may die without harm to the rest."""

from __future__ import annotations

import ctypes
import json
import math
import os
import signal
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from engine.errors import InputError
from engine.images.confinement import Account
from engine.images.limits import (
    CHUNK_BYTES,
    DECODE_LIMIT_S,
    INSPECT_LIMIT_S,
    MAX_PIXELS,
    MAX_TEXT_BYTES,
)
from engine.images.opened import Decoded
from engine.images.pixels import decode

ALARM_MARGIN_S = 10
"""How much longer than its owner the child itself waits before it ends a decoding; this
matters only when the owner was killed and nobody is left to end the child."""

KEPT_BYTES = 64 << 20
"""Memory that a decoder keeps between pictures; the C library allows at most this."""

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Numbers of glibc's mallopt."""

PROCESSOR_SHARE = 8
"""Processor seconds allowed for each second of time: libraries use several threads."""

Inspect = Callable[[bytes, Decoded], bytes]
"""Looks at a file and its decoded picture inside the child and says what it found; the
answer is at most `MAX_REPORT_BYTES` long."""


def serve(
    connection: Connection,
    account: Sequence[Account],
    inspect: Inspect | None = None,
    measure: Inspect | None = None,
) -> None:
    """Answer requests until the other end is closed; the process has confined itself before.

    The first message is the account of that, as JSON.

    A request is a JSON header (``bytes``, ``view_px``, ``inspect``) and the file in pieces;
    an answer is a JSON header and, when ``ok``, the samples in pieces and, when asked for,
    the report of the inspection and the measurement. No object is ever unpickled from what a
    decoder says.

    Args:
        connection: two-way, owned by this process.
        account: how the process is confined.
        inspect: makes the report; a function at the top of a module.
        measure: likewise, after the report was sent; what it does cannot harm the report.
    """
    _harden()
    connection.send_bytes(json.dumps(list(account)).encode())
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
    """Leave Ctrl-C to the owner, and let no library print or take on too much."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    mute_libraries()
    _keep_memory()
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    PngImagePlugin.MAX_TEXT_CHUNK = MAX_TEXT_BYTES


def _keep_memory() -> None:
    """Let the C library keep the memory of one picture for the next.

    Without this a 1-megapixel JPEG costs 900 page faults, a fifth of its decoding time.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, KEPT_BYTES // 2)
        mallopt(_TRIM_THRESHOLD, KEPT_BYTES)


def mute_libraries() -> None:
    """Keep what C libraries print about broken files out of the operator's terminal.

    Python's own stderr stays, on another descriptor, so that a bug here is still seen.
    """
    if sys.stderr is None:
        return
    kept = os.dup(2)
    sys.stderr = open(kept, "w", buffering=1, errors="backslashreplace")  # noqa: PTH123, SIM115
    # The process may open nothing for writing any more, not even this.
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _limit_processor(seconds: int) -> None:
    """Let this process use so much more processor time; the system ends it after that."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - exists on POSIX only

    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(usage.ru_utime + usage.ru_stime) + seconds
    if hard == resource.RLIM_INFINITY or soft < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _set_alarm(seconds: int) -> None:
    alarm: Callable[[int], int] | None = getattr(signal, "alarm", None)
    if alarm is not None:
        alarm(seconds)
    if seconds:
        _limit_processor(PROCESSOR_SHARE * seconds)

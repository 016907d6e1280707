"""Decoding of untrusted files in a child process that may hang, crash or eat memory."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled, InputError
from engine.images.child import Inspect, send_pieces
from engine.images.confined import account, confined, did_not_start, name_of
from engine.images.limits import (
    CHUNK_BYTES,
    DECODE_LIMIT_S,
    INSPECT_LIMIT_S,
    MAX_PIXELS,
    MAX_REPORT_BYTES,
)
from engine.images.member_reader import MemberReader
from engine.images.reading import Exhibit
from engine.types import Image, Safeguard

SERVER = "engine.images.child:serve"
"""What the child runs, once it has confined itself."""

MEASURE_MARGIN_PX = 64
"""What a measurement may have beyond the picture's edges, at two bytes a sample."""

END_LIMIT_S = 10.0
"""Longest time a killed child may take to be gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """What a decoder says of a picture, checked: it is not trusted more than its input."""

    height: int
    width: int
    format: str
    notes: tuple[str, ...]
    jpeg_quality: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inspected:
    """A decoded picture and what the inspection in the child says of its file."""

    image: Image
    report: bytes | None
    """What the inspection answered, not to be trusted more than the file; None when it failed."""
    failure: str = ""
    """Why there is no report: a sentence."""
    measured: bytes | None = None
    """What the measurement answered, not to be trusted more than the file; else None."""
    unmeasured: str = ""
    """Why it did not answer: a sentence; empty when it was not asked."""


class Decoder:
    """Owns one decoding process; starts it when needed and again after it had to be ended.

    One thread uses a decoder; only `abort` may be called from another.

    Args:
        limit_s: longest time one file may take.
        inspect: runs in the child after a file was decoded, for `inspected`; a function at
            the top of a module, since the child imports it by name.
        measure: likewise, after the inspection; its answer may be as long as the samples.
    """

    def __init__(
        self,
        *,
        limit_s: float = DECODE_LIMIT_S,
        inspect: Inspect | None = None,
        measure: Inspect | None = None,
    ) -> None:
        self._limit_s = limit_s
        self._inspect = inspect
        self._measure = measure
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._aborted = False
        self._safeguards: tuple[Safeguard, ...] = ()
        self._members = MemberReader()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process id of the running child, None when there is none."""
        return self._process.pid if self._process is not None else None

    def safeguards(self) -> tuple[Safeguard, ...]:
        """Return how the decoding process is confined on this machine; starts it if needed.

        Raises:
            EngineError: it does not start.
            Cancelled: `abort` was called.
        """
        self._running()
        return self._safeguards

    def read(self, path: str) -> Exhibit:
        """Read an exhibit once and hash what was read; see `MemberReader.read`.

        Members of one container are read one after the other without opening it anew.

        Args:
            path: a file, or a member such as ``archive.zip!/folder/a.jpg``.

        Raises:
            InputError: it cannot be read; ``kind`` says why.
        """
        return self._members.read(path)

    def decode_file(self, path: str) -> Image:
        """Read and decode a file.

        Raises:
            InputError: it cannot be read or decoded; ``kind`` says why.
        """
        return self.decode(self.read(path))

    def decode(self, exhibit: Exhibit) -> Image:
        """Decode the very bytes that were hashed.

        Args:
            exhibit: the file as it was read.

        Returns:
            The picture, at least 32 px a side.

        Raises:
            InputError: it cannot be decoded; ``kind`` says why (see `pixels.decode`, and
                ``timeout`` and ``decoder_crashed``).
            Cancelled: `abort` was called.
        """
        return _image(exhibit, *self._ask(exhibit.data, None))

    def inspected(self, exhibit: Exhibit) -> Inspected:
        """Decode the very bytes that were hashed, and inspect them in the same child.

        An inspection that hangs or breaks down costs its report, never the picture.

        Args:
            exhibit: the file as it was read.

        Raises:
            InputError: it cannot be decoded, as for `decode`.
            Cancelled: `abort` was called.
            ValueError: the decoder was made without an inspection.
        """
        if self._inspect is None and self._measure is None:
            raise ValueError("This decoder has no inspection.")
        image = _image(exhibit, *self._ask(exhibit.data, None, inspect=True))
        inspected = Inspected(image=image, report=None)
        if self._inspect is not None:
            report, failure = self._report("reads provenance", MAX_REPORT_BYTES)
            inspected = replace(inspected, report=report, failure=failure)
        if self._measure is not None:
            height, width, _ = image.pixels.shape
            room = 2 * (height + MEASURE_MARGIN_PX) * (width + MEASURE_MARGIN_PX) + MAX_REPORT_BYTES
            measured, unmeasured = self._report("reads coefficients", room)
            inspected = replace(inspected, measured=measured, unmeasured=unmeasured)
        return inspected

    def _report(self, doing: str, most_bytes: int) -> tuple[bytes | None, str]:
        """Return the child's next report, or None and why there is none."""
        if self._aborted:
            raise self._crashed()
        if self._connection is None:
            return None, f"The process that {doing} had already ended."
        try:
            return self._receive_report(self._connection, most_bytes), ""
        except InputError as error:
            return None, str(error)
        except (EOFError, OSError) as error:
            crash = self._crashed()
            if isinstance(crash, Cancelled):
                raise crash from error
            return None, f"The process that {doing} broke down on this file."
        except BaseException:
            # Interrupted: the next file must not get this one's report.
            self._end()
            raise

    def thumbnail(self, path: str, side_px: int) -> NDArray[np.uint8]:
        """Return a small version of a file's picture, never enlarged.

        Args:
            path: the file.
            side_px: longest side of the result, at least 1.

        Returns:
            [h, w, 3], max(h, w) <= side_px.

        Raises:
            InputError: it cannot be read or decoded, or ``side_px`` is below 1.
            Cancelled: `abort` was called.
        """
        return self.thumbnail_of(self.read(path), side_px)

    def thumbnail_of(self, exhibit: Exhibit, side_px: int) -> NDArray[np.uint8]:
        """Return a small version of the very bytes that were hashed; see `thumbnail`."""
        if side_px < 1:
            raise InputError(f"A thumbnail of {side_px} px was asked for: use at least 1.")
        return self._ask(exhibit.data, side_px)[1]

    def abort(self) -> None:
        """End the child for good, also in the middle of a file; callable from any thread."""
        self._aborted = True
        self._members.abort()
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the child; the decoder may be used again."""
        self._members.close()
        self._end()

    def _end(self) -> None:
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if connection is not None:
            connection.close()
        if process is not None:
            process.kill()
            process.join(END_LIMIT_S)
            process.close()

    def _ask(
        self, data: bytes, view_px: int | None, *, inspect: bool = False
    ) -> tuple[_Header, NDArray[np.uint8]]:
        connection = self._running()
        try:
            request = {"bytes": len(data), "view_px": view_px, "inspect": inspect}
            connection.send_bytes(json.dumps(request).encode())
            send_pieces(connection, data)
            return self._answer(connection)
        except (EOFError, OSError) as error:
            raise self._crashed() from error
        except InputError:
            raise
        except BaseException:
            # The exchange was interrupted: the next file must not get this one's samples.
            self._end()
            raise

    def _answer(self, connection: Connection) -> tuple[_Header, NDArray[np.uint8]]:
        deadline = time.monotonic() + self._limit_s
        header = _parse(self._receive(connection, deadline))
        pixels = np.empty((header.height, header.width, 3), dtype=np.uint8)
        room = pixels.data.cast("B")
        at = 0
        while at < len(room):
            piece = self._receive(connection, deadline)
            if at + len(piece) > len(room):
                raise EOFError("The decoder sent more samples than it announced.")
            room[at : at + len(piece)] = piece
            at += len(piece)
        pixels.setflags(write=False)
        return header, pixels

    def _receive(self, connection: Connection, deadline: float) -> bytes:
        if not connection.poll(max(0.0, deadline - time.monotonic())):
            self._end()
            raise InputError(
                f"Decoding took longer than {self._limit_s:g} s and was ended: "
                "convert a copy with another program and examine that.",
                kind="timeout",
            )
        return connection.recv_bytes(CHUNK_BYTES)

    def _receive_report(self, connection: Connection, most_bytes: int) -> bytes:
        if not connection.poll(INSPECT_LIMIT_S):
            self._end()
            raise InputError(
                f"Reading the file's parts took longer than {INSPECT_LIMIT_S:g} s and was ended.",
                kind="timeout",
            )
        return connection.recv_bytes(most_bytes)

    def _running(self) -> Connection:
        if self._connection is None:
            self._connection = self._started()
        if self._aborted:
            self._end()
            raise Cancelled("Decoding was stopped by the operator.")
        return self._connection

    def _started(self) -> Connection:
        looks = (name_of(look) for look in (self._inspect, self._measure))
        process, connection = confined(SERVER, *looks)
        # Only now: `abort` may come from another thread, and cannot kill what has not started.
        self._process = process
        self._safeguards = account(connection)
        if not self._safeguards and not self._aborted:
            connection.close()
            self._end()
            raise did_not_start()
        return connection

    def _crashed(self) -> InputError | Cancelled:
        aborted = self._aborted
        code = None
        if self._process is not None:
            self._process.join(END_LIMIT_S)
            code = self._process.exitcode
        self._end()
        if aborted:
            return Cancelled("Decoding was stopped by the operator.")
        return InputError(
            f"The decoder broke down on this file (exit code {code}): the file is damaged or "
            "made to attack decoders. Convert a copy with another program and examine that.",
            kind="decoder_crashed",
        )


def _image(exhibit: Exhibit, header: _Header, pixels: NDArray[np.uint8]) -> Image:
    facts = replace(
        exhibit.facts, format=header.format, height=pixels.shape[0], width=pixels.shape[1]
    )
    return Image(facts=facts, pixels=pixels, notes=header.notes, jpeg_quality=header.jpeg_quality)


def _parse(message: bytes) -> _Header:
    """Return the checked header of an answer, or raise what the decoder reports.

    Raises:
        InputError: the decoder refuses the file.
        EOFError: the answer makes no sense, as from a decoder that was taken over.
    """
    try:
        raw = json.loads(message)
        if raw["ok"] is not True:
            raise InputError(str(raw["message"]), kind=str(raw["kind"]))
        quality = raw["jpeg_quality"]
        header = _Header(
            height=int(raw["height"]),
            width=int(raw["width"]),
            format=str(raw["format"]),
            notes=tuple(str(note) for note in raw["notes"]),
            jpeg_quality=None if quality is None else int(quality),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise EOFError("The decoder's answer cannot be read.") from error
    if min(header.height, header.width) < 1 or header.height * header.width > MAX_PIXELS:
        raise EOFError(f"The decoder announced {header.width} x {header.height} px.")
    return header

"""Archives and documents as containers of pictures. Runs in a confined child process only.

Members are read in memory, in the order in which they lie; nothing is ever written. What cannot
be opened becomes a refusal in words, and the others go on.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, BinaryIO, cast

import pikepdf

from engine.errors import InputError
from engine.images import pdf_images, several
from engine.images.container_kinds import REFUSED, container_kind
from engine.images.formats import HEAD_BYTES, has_image_extension, sniff
from engine.images.inner import Inner, Member, Wish
from engine.images.limits import (
    MAX_DEPTH,
    MAX_FILE_BYTES,
    MAX_MEMBERS,
    MAX_NESTED_BYTES,
    MAX_RATIO,
    UNPACKED_FREE_BYTES,
)
from engine.images.members import MARK, safe_name
from engine.images.raw import preview
from engine.images.refusals import DECODER_ERRORS

PREVIEW = "preview.jpg"
"""Name of the picture that a camera put into its raw file."""

KIND_BYTES = 512
"""First bytes that tell a container's kind."""

_BLOCK_BYTES = 1 << 20
_ENCRYPTED = 0x1

_Opener = Callable[[], IO[bytes]]

UNPACK_ERRORS = (
    *DECODER_ERRORS,
    zipfile.BadZipFile,
    lzma.LZMAError,
    tarfile.TarError,
    pikepdf.PikepdfError,
)
"""What libraries raise on broken containers."""


@dataclass(slots=True, kw_only=True)
class _Scope:
    """What is wanted of one outermost container, and what is left of its limits."""

    wish: Wish
    packed: int
    """Its size."""
    entries: int = 0
    unpacked: int = 0
    ignored: int = 0
    taken: set[str] = field(default_factory=set)

    def count(self) -> None:
        self.entries += 1
        if self.entries > MAX_MEMBERS:
            raise InputError(
                f"The container has more than {MAX_MEMBERS:,} entries; those after were not "
                "looked at. Unpack it and scan the folder.",
                kind="too_many_members",
            )

    def spend(self, count: int) -> None:
        self.unpacked += count
        if self.unpacked > UNPACKED_FREE_BYTES + MAX_RATIO * self.packed:
            raise InputError(
                f"The container has {self.packed:,} bytes and unpacks to more than "
                f"{self.unpacked:,}: it is made to exhaust a machine. What follows was not read.",
                kind="bomb",
            )


def walk(stream: BinaryIO, size: int, wish: Wish) -> Iterator[Member | int]:
    """Yield the pictures of a container, and at last how many entries are none.

    Args:
        stream: the container, seekable, at its beginning.
        size: its size in bytes.
        wish: what is wanted of it.

    Yields:
        Members in order; where the container breaks down, one without a name says why.
    """
    scope = _Scope(wish=wish, packed=size)
    try:
        yield from _walk(stream, "", 1, scope)
    except InputError as error:
        yield Member(name="", failure=error)
    except MemoryError:
        yield Member(name="", failure=_damaged("it needs more memory than it may take"))
    except UNPACK_ERRORS as error:
        yield Member(name="", failure=_damaged(str(error) or type(error).__name__))
    yield scope.ignored


def _walk(stream: BinaryIO, inside: str, depth: int, scope: _Scope) -> Iterator[Member]:
    head = stream.read(KIND_BYTES)
    stream.seek(0)
    kind = container_kind(head)
    if kind in REFUSED:
        raise InputError(
            f"{kind} archives are not opened by this version: unpack it and scan the folder.",
            kind="unsupported_container",
        )
    if kind == "ZIP":
        yield from _zip(stream, inside, depth, scope)
    elif kind == "PDF":
        yield from _inner(pdf_images.find(stream), inside, scope)
    elif kind == "TAR":
        yield from _tar(stream, inside, depth, scope)
    elif kind is not None:
        yield from _packed(kind, stream, inside, depth, scope)
    else:
        yield from _picture(stream, head, inside, scope)


def _zip(stream: BinaryIO, inside: str, depth: int, scope: _Scope) -> Iterator[Member]:
    with zipfile.ZipFile(stream) as archive:
        for entry in archive.infolist():
            scope.count()
            if entry.is_dir():
                continue
            label = inside + safe_name(entry.filename, scope.taken)
            if entry.flag_bits & _ENCRYPTED:
                yield from _locked(label, entry.filename, scope)
                continue

            def opened(entry: zipfile.ZipInfo = entry) -> IO[bytes]:
                return archive.open(entry)

            yield from _entry(opened, label, depth, scope)


def _tar(stream: BinaryIO, inside: str, depth: int, scope: _Scope) -> Iterator[Member]:
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        for entry in archive:
            scope.count()
            # Links, pipes and devices are names of something else, and hold nothing.
            if not entry.isreg():
                continue
            label = inside + safe_name(entry.name, scope.taken)

            def opened(entry: tarfile.TarInfo = entry) -> IO[bytes]:
                found = archive.extractfile(entry)
                if found is None:
                    raise tarfile.ReadError("The entry has no data.")
                return found

            yield from _entry(opened, label, depth, scope)


def _packed(
    kind: str, stream: BinaryIO, inside: str, depth: int, scope: _Scope
) -> Iterator[Member]:
    """Unpack a compressed file: an archive of many, or a picture."""
    if kind == "GZIP":
        plain = cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    else:
        opener = lzma.LZMAFile if kind == "XZ" else bz2.BZ2File
        plain = cast(BinaryIO, opener(stream))
    if container_kind(plain.read(KIND_BYTES)) == "TAR":
        plain.seek(0)
        metered = cast(BinaryIO, _Metered(plain, scope))
        yield from _tar(metered, inside, depth, scope)
        return
    plain.seek(0)
    scope.count()
    label = inside + safe_name("content", scope.taken)
    yield from _entry(lambda: plain, label, depth, scope)


def _inner(found: Iterable[Inner], inside: str, scope: _Scope) -> Iterator[Member]:
    """Yield the pictures of a document, or of a picture file behind its first."""
    for picture in found:
        scope.count()
        label = inside + safe_name(picture.name, scope.taken)
        if not scope.wish.wants(label):
            continue
        if scope.wish.names_only:
            yield Member(name=label)
            continue
        try:
            data = picture.read()
        except InputError as error:
            yield Member(name=label, failure=error)
            continue
        except UNPACK_ERRORS as error:
            yield Member(name=label, failure=_damaged(str(error) or type(error).__name__))
            continue
        scope.spend(len(data))
        yield Member(name=label, data=data)


def _picture(stream: BinaryIO, head: bytes, inside: str, scope: _Scope) -> Iterator[Member]:
    """Give what a picture file holds behind its first picture: a raw file's preview, pages."""
    wish = scope.wish
    further = several.find(stream, head, wish.frames, wish.frame_in(inside))
    if further is not None:
        yield from _inner(further, inside, scope)
        return
    stream.seek(0)
    data = _read(stream, MAX_FILE_BYTES, scope)
    if not several.is_raw(data):
        raise _damaged("it is none of the containers that are known here")
    found = preview(data)
    label = inside + PREVIEW
    if found is not None and scope.wish.wants(label):
        yield Member(name=label, data=None if scope.wish.names_only else found)


def _entry(opened: _Opener, label: str, depth: int, scope: _Scope) -> Iterator[Member]:
    """Yield what one entry is: a picture, the pictures of a container, or nothing."""
    if not scope.wish.wants(label):
        return
    is_picture = has_image_extension(label)
    try:
        with opened() as content:
            head = start = content.read(KIND_BYTES)
            scope.spend(len(head))
            nested = None if is_picture else container_kind(head)
            if nested is None and not is_picture and sniff(head[:HEAD_BYTES]) is None:
                scope.ignored += 1
                return
            if nested is None and scope.wish.names_only:
                head, has_more = several.decided(start, content, scope.wish.frames > 0)
                scope.spend(len(head) - len(start))
                if not has_more:
                    yield Member(name=label)
                    return
            most = MAX_FILE_BYTES if nested is None else MAX_NESTED_BYTES
            data = head + _read(content, most, scope)
    except InputError as error:
        if error.kind == "bomb":
            raise
        yield Member(name=label, failure=error)
        return
    except MemoryError:
        yield Member(name=label, failure=_damaged("it needs more memory than it may take"))
        return
    except UNPACK_ERRORS as error:
        yield Member(name=label, failure=_damaged(str(error) or type(error).__name__))
        return
    if nested is not None:
        yield from _nested(data, label, depth, scope)
        return
    if scope.wish.only in (None, label):
        yield Member(name=label, data=None if scope.wish.names_only else data)
    frame = scope.wish.frame_in(label + MARK)
    if several.holds_more(data, scope.wish.frames > 0 or frame is not None):
        further = several.find(io.BytesIO(data), head, scope.wish.frames, frame)
        yield from _further(further or (), label, scope)


def _further(found: Iterable[Inner], label: str, scope: _Scope) -> Iterator[Member]:
    """Yield what an entry, itself a picture, holds behind its first picture."""
    outer = scope.taken
    scope.taken = set()
    try:
        yield from _inner(found, label + MARK, scope)
    except InputError as error:
        if error.kind in ("bomb", "too_many_members"):
            raise
    except UNPACK_ERRORS:
        # What is wrong with the file as a whole, its own line tells.
        return
    finally:
        scope.taken = outer


def _nested(data: bytes, label: str, depth: int, scope: _Scope) -> Iterator[Member]:
    if depth >= MAX_DEPTH:
        failure = InputError(
            f"It is a container {depth} deep inside others; at most {MAX_DEPTH} are opened. "
            "Unpack it and scan the folder.",
            kind="too_deep",
        )
        yield Member(name=label, failure=failure)
        return
    outer = scope.taken
    scope.taken = set()
    try:
        yield from _walk(io.BytesIO(data), label + MARK, depth + 1, scope)
    except InputError as error:
        if error.kind in ("bomb", "too_many_members"):
            raise
        yield Member(name=label, failure=error)
    except UNPACK_ERRORS as error:
        yield Member(name=label, failure=_damaged(str(error) or type(error).__name__))
    finally:
        scope.taken = outer


def _locked(label: str, name: str, scope: _Scope) -> Iterator[Member]:
    if not has_image_extension(name):
        scope.ignored += 1
    elif scope.wish.wants(label):
        failure = InputError(
            "The entry is encrypted and was not read: unpack the container with its password "
            "and scan the folder.",
            kind="encrypted",
        )
        yield Member(name=label, failure=failure)


def _read(content: IO[bytes], most: int, scope: _Scope) -> bytes:
    found = bytearray()
    while block := content.read(_BLOCK_BYTES):
        scope.spend(len(block))
        found += block
        if len(found) > most:
            raise InputError(
                f"The entry has more than {most:,} bytes, which is the most that is read of one: "
                "unpack the container and examine a part of it.",
                kind="too_large",
            )
    return bytes(found)


class _Metered(io.RawIOBase):
    """A stream that counts what is unpacked, also of what is only passed over."""

    def __init__(self, stream: BinaryIO, scope: _Scope) -> None:
        self._stream, self._scope = stream, scope
        self._farthest = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        at = self._stream.seek(offset, whence)
        self._count(at)
        return at

    def tell(self) -> int:
        return self._stream.tell()

    def read(self, size: int = -1) -> bytes:
        found = self._stream.read(size)
        self._count(self._stream.tell())
        return found

    def _count(self, at: int) -> None:
        if at > self._farthest:
            self._scope.spend(at - self._farthest)
            self._farthest = at


def _damaged(why: str) -> InputError:
    return InputError(
        f"It cannot be unpacked ({why}): it is damaged, or made to attack programs. "
        "Copy it again from its source.",
        kind="corrupt",
    )

"""Ways of damaging a file: blindly, and at the joints of its format."""

from __future__ import annotations

import random
import re
import struct
import zlib
from collections.abc import Callable, Sequence

LIES = (0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
"""Numbers that lengths, counts and offsets are made to claim."""

HEADS = (
    b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\xff\xff\xff\xffWEBP", b"II*\0",
    b"MM\0*", b"BM", b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypavif", b"\xff\x0a", b"PK\x03\x04",
    b"%PDF-1.7\n", b"\x1f\x8b\x08\0", b"P6\n99999 99999\n255\n", b"8BPS",
)  # fmt: skip

MOST_BYTES = 1 << 20
"""A file that grew beyond this is cut: size is no part of the game."""

Mutation = Callable[[bytearray, random.Random, Sequence[bytes]], None]


def damaged(data: bytes, random_: random.Random, others: Sequence[bytes]) -> bytes:
    """Return a file damaged in one to three ways.

    Args:
        data: a sound file.
        random_: decides everything.
        others: sound files to take parts from.
    """
    found = bytearray(data)
    for _ in range(random_.choice((1, 1, 1, 2, 3))):
        if len(found) < 8:
            break
        random_.choice(MUTATIONS)(found, random_, others)
        del found[MOST_BYTES:]
    if found.startswith(b"\x89PNG") and random_.random() < 0.7:
        _mend_png(found)
    return bytes(found)


def _flip_bits(data: bytearray, random_: random.Random, _others: Sequence[bytes]) -> None:
    for _ in range(random_.choice((1, 1, 4, 16, 64))):
        data[random_.randrange(len(data))] ^= 1 << random_.randrange(8)


def _flip_bits_near_the_head(
    data: bytearray, random_: random.Random, _others: Sequence[bytes]
) -> None:
    reach = min(len(data), random_.choice((32, 128, 512)))
    for _ in range(random_.choice((1, 2, 8))):
        data[random_.randrange(reach)] ^= 1 << random_.randrange(8)


def _overwrite(data: bytearray, random_: random.Random, _others: Sequence[bytes]) -> None:
    at = random_.randrange(len(data))
    filling = random_.choice((b"\0", b"\xff", random_.randbytes(1)))
    length = min(len(data) - at, random_.choice((1, 4, 64, 1024)))
    data[at : at + length] = filling * length


def _truncate(data: bytearray, random_: random.Random, _others: Sequence[bytes]) -> None:
    del data[random_.randrange(1, len(data)) :]


def _cut_out(data: bytearray, random_: random.Random, _others: Sequence[bytes]) -> None:
    at = random_.randrange(len(data))
    del data[at : at + random_.choice((1, 2, 16, 256))]


def _insert(data: bytearray, random_: random.Random, _others: Sequence[bytes]) -> None:
    at = random_.randrange(len(data))
    data[at:at] = random_.randbytes(random_.choice((1, 2, 16, 256)))


def _swap_head(data: bytearray, random_: random.Random, _others: Sequence[bytes]) -> None:
    head = random_.choice(HEADS)
    data[: len(head)] = head


def _lie(data: bytearray, random_: random.Random, _others: Sequence[bytes]) -> None:
    """Let a number claim something else, at a joint where there is one."""
    joints = pieces(data)
    if joints and random_.random() < 0.8:
        start, end = random_.choice(joints)
        at = start + random_.randrange(min(16, max(1, end - start)))
    else:
        at = random_.randrange(len(data))
    form = random_.choice(("<I", ">I", "<H", ">H", "<Q", ">Q"))
    size = struct.calcsize(form)
    if at + size <= len(data):
        struct.pack_into(form, data, at, random_.choice(LIES) % (1 << 8 * size))


def _repeat_piece(data: bytearray, random_: random.Random, _others: Sequence[bytes]) -> None:
    joints = pieces(data)
    if joints:
        start, end = random_.choice(joints)
        data[end:end] = data[start:end] * random_.choice((1, 1, 2, 16))


def _drop_piece(data: bytearray, random_: random.Random, _others: Sequence[bytes]) -> None:
    joints = pieces(data)
    if joints:
        start, end = random_.choice(joints)
        del data[start:end]


def _exchange_pieces(data: bytearray, random_: random.Random, _others: Sequence[bytes]) -> None:
    joints = pieces(data)
    if len(joints) > 1:
        (a, b), (c, d) = sorted(random_.sample(joints, 2))
        data[a:d] = data[c:d] + data[b:c] + data[a:b]


def _splice(data: bytearray, random_: random.Random, others: Sequence[bytes]) -> None:
    """Put a piece of another file in the place of one, or beside it."""
    other = bytearray(random_.choice(others))
    theirs, ours = pieces(other), pieces(data)
    if theirs and ours:
        start, end = random_.choice(theirs)
        at, until = random_.choice(ours)
        data[at : until if random_.random() < 0.5 else at] = other[start:end]


MUTATIONS: tuple[Mutation, ...] = (
    _flip_bits, _flip_bits_near_the_head, _overwrite, _truncate, _cut_out, _insert, _swap_head,
    _lie, _lie, _repeat_piece, _drop_piece, _exchange_pieces, _splice,
)  # fmt: skip


def pieces(data: bytearray) -> list[tuple[int, int]]:
    """Return where segments, chunks, boxes, directory entries or members of a file lie."""
    try:
        if data[:2] == b"\xff\xd8":
            return _segments(data)
        if data[:8] == b"\x89PNG\r\n\x1a\n":
            return _walked(data, 8, lambda at: 12 + struct.unpack_from(">I", data, at)[0])
        if data[:4] == b"RIFF":
            return _walked(data, 12, lambda at: 8 + struct.unpack_from("<I", data, at + 4)[0])
        if data[4:8] in (b"ftyp", b"JXL ", b"jP  "):
            return _walked(data, 0, lambda at: struct.unpack_from(">I", data, at)[0] or len(data))
        if data[:4] in (b"II*\0", b"MM\0*"):
            return _entries(data)
        if data[:2] == b"PK":
            return _between(data, rb"PK(\x01\x02|\x03\x04|\x05\x06)")
        if data[:4] == b"%PDF":
            return _between(data, rb"\d+ 0 obj|stream|xref|trailer")
    except struct.error:
        pass
    return [(at, min(at + 64, len(data))) for at in range(0, len(data), 64)]


def _walked(data: bytearray, at: int, length_at: Callable[[int], int]) -> list[tuple[int, int]]:
    found = []
    while at + 8 <= len(data) and len(found) < 500:
        length = max(1, length_at(at))
        found.append((at, min(at + length, len(data))))
        at += length
    return found


def _segments(data: bytearray) -> list[tuple[int, int]]:
    found, at = [], 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        found.append((at, min(end, len(data))))
        at = end
    return [*found, (at, len(data))] if at < len(data) else found


def _entries(data: bytearray) -> list[tuple[int, int]]:
    order = "<" if data[:2] == b"II" else ">"
    (at,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, at)
    starts = range(at + 2, at + 2 + 12 * min(count, 200), 12)
    return [(start, start + 12) for start in starts if start + 12 <= len(data)]


def _between(data: bytearray, pattern: bytes) -> list[tuple[int, int]]:
    marks = [found.start() for found in re.finditer(pattern, data)]
    return list(zip(marks, [*marks[1:], len(data)], strict=False))


def _mend_png(data: bytearray) -> None:
    """Make checksums fit again, so that damage gets past them."""
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        if at + 12 + length > len(data):
            return
        checksum = zlib.crc32(data[at + 4 : at + 8 + length])
        struct.pack_into(">I", data, at + 8 + length, checksum)
        at += 12 + length

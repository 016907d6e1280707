"""JPEG files with an index of several pictures, made here."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image

SMALLER, STEREO, UNDEFINED = 0x010002, 0x020003, 0
_ENTRIES = 0xB002


def mpo(
    pictures: Sequence[np.ndarray],
    kinds: Mapping[int, int] | None = None,
    comments: Mapping[int, bytes] | None = None,
) -> bytes:
    """Return a file of several pictures.

    Args:
        pictures: [h, w, 3] uint8.
        kinds: by number, counted from 1; stereo views else.
        comments: what lies in the header of a picture, by number.
    """
    made = [Image.fromarray(pixels) for pixels in pictures]
    for number, comment in (comments or {}).items():
        made[number - 1].encoderinfo = {"comment": comment, "quality": 95}
    stream = io.BytesIO()
    made[0].save(stream, "MPO", save_all=True, append_images=made[1:], quality=95)
    data = bytearray(stream.getvalue())
    ends = [place(data, number)[0] for number in range(3, len(made) + 1)]
    for number, end in enumerate([*ends, len(data)], 2):
        # The library tells lengths wrong from the third on.
        kind, length = (kinds or {}).get(number, STEREO), end - place(data, number)[0]
        struct.pack_into("<II", data, _table(data) + 16 * (number - 1), kind, length)
    return bytes(data)


def place(data: bytes, number: int) -> tuple[int, int]:
    """Return where the index says that a picture begins, and how long it is."""
    length, offset = struct.unpack_from("<II", data, _table(data) + 16 * (number - 1) + 4)
    return data.index(b"MPF\0") + 4 + offset, length


def _table(data: bytes) -> int:
    start = data.index(b"MPF\0") + 4
    (at,) = struct.unpack_from("<I", data, start + 4)
    (count,) = struct.unpack_from("<H", data, start + at)
    for entry in range(start + at + 2, start + at + 2 + 12 * count, 12):
        tag, _, _, value = struct.unpack_from("<HHII", data, entry)
        if tag == _ENTRIES:
            return start + value
    raise ValueError("The index has no entries.")

"""Files that are damaged, too large or no pictures are refused, and the refusal says why."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from engine.errors import InputError
from engine.images import pixels
from engine.images.limits import MAX_PIXELS
from engine.images.pixels import decode
from tests.engine.images.test_pixels import COLOURS, array, colours, saved

NOISE = np.random.default_rng(3).integers(0, 256, (160, 200, 3), dtype=np.uint8)


KINDS = [
    ("JPEG", {"quality": 90}),
    ("JPEG", {"quality": 90, "progressive": True}),
    ("PNG", {}),
    ("WEBP", {"quality": 90}),
    ("WEBP", {"lossless": True}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("TIFF", {"compression": "jpeg"}),
    ("BMP", {}),
    ("GIF", {}),
    ("AVIF", {}),
    ("JPEG2000", {}),
    ("PPM", {}),
]


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
@pytest.mark.parametrize(("name", "options"), KINDS)
def test_a_truncated_file_is_refused(name, options, part):
    data = saved(Image.fromarray(NOISE), name, **options)
    with pytest.raises(InputError) as caught:
        decode(data[: int(len(data) * part)])
    assert caught.value.kind == "truncated"


@pytest.mark.parametrize(("name", "options"), KINDS)
def test_every_cut_gives_a_known_refusal_or_the_whole_picture(name, options):
    data = saved(Image.fromarray(NOISE[:40, :48]), name, **options)
    whole = np.asarray(decode(data).picture)
    for end in [*range(0, 64, 3), *range(64, len(data), max(1, len(data) // 60))]:
        try:
            found = np.asarray(decode(data[:end]).picture)
        except InputError as error:
            assert error.kind in {"empty", "not_an_image", "truncated"}, (end, error)
        else:
            np.testing.assert_array_equal(found, whole)


@pytest.mark.parametrize(("name", "options"), KINDS)
def test_flipped_bytes_never_raise_anything_unknown(name, options):
    data = saved(Image.fromarray(NOISE[:40, :48]), name, **options)
    random = np.random.default_rng(5)
    for _ in range(60):
        broken = bytearray(data)
        for at in random.integers(0, len(data), 4):
            broken[at] ^= int(random.integers(1, 256))
        try:
            decode(bytes(broken))
        except InputError as error:
            assert error.kind


def test_a_file_that_lacks_only_its_end_mark_is_examined_and_noted():
    data = saved(colours(), "PNG")
    decoded = decode(data[:-12])
    np.testing.assert_array_equal(np.asarray(decoded.picture), array(data))
    assert any("end mark" in note for note in decoded.notes)


@pytest.mark.parametrize(
    "data", [b"hello, I am a text\n" * 40, b"\0" * 4000, b"%PDF-1.7\n" + b"x" * 300]
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(InputError) as caught:
        decode(data)
    assert caught.value.kind == "not_an_image"


def test_an_empty_file_is_refused():
    with pytest.raises(InputError) as caught:
        decode(b"")
    assert caught.value.kind == "empty"


@pytest.mark.parametrize(
    ("head", "name"), [(b"8BPS\0\1", "Photoshop"), (b"v/1\1\2\0\0\0", "OpenEXR")]
)
def test_known_formats_that_are_not_decoded_are_named(head, name):
    with pytest.raises(InputError, match=name) as caught:
        decode(head + b"\0" * 500)
    assert caught.value.kind == "unsupported_format"


def test_a_file_that_says_it_is_raw_and_is_not_is_refused_instead_of_showing_its_picture():
    data = saved(colours(), "TIFF", tiffinfo={**Image.Exif(), 50706: b"\1\4\0\0"})
    with pytest.raises(InputError, match="DNG") as caught:
        decode(data)
    assert caught.value.kind == "unsupported_format"


@pytest.mark.parametrize("size", [(1, 1), (31, 500), (500, 31)])
def test_a_picture_with_a_side_below_32_px_is_refused(size):
    with pytest.raises(InputError) as caught:
        decode(saved(Image.new("RGB", size), "PNG"))
    assert caught.value.kind == "too_small"


def test_32_px_are_enough():
    assert array(saved(Image.new("RGB", (32, 32)), "PNG")).shape == (32, 32, 3)


def test_a_picture_30000_px_wide_is_examined():
    assert array(saved(Image.new("L", (30_000, 40), 9), "PNG")).shape == (40, 30_000, 3)


def test_too_many_pixels_are_refused_before_they_are_decoded():
    data = bytearray(saved(Image.new("L", (64, 64)), "PNG"))
    side = int(MAX_PIXELS**0.5) + 1
    data[16:24] = struct.pack(">II", side, side)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    with pytest.raises(InputError) as caught:
        decode(bytes(data))
    assert caught.value.kind == "too_large"


def test_lack_of_memory_is_told_apart(monkeypatch):
    def hungry(*_args: object, **_options: object) -> None:
        raise MemoryError

    monkeypatch.setattr(pixels.Image, "open", hungry)
    with pytest.raises(InputError) as caught:
        decode(b"any")
    assert caught.value.kind == "out_of_memory"


def test_a_coarser_decoding_for_a_thumbnail_is_still_large_enough():
    big = Image.fromarray(np.tile(COLOURS, (20, 20, 1)))
    picture = decode(saved(big, "JPEG"), for_view_px=100).picture
    assert 200 <= max(picture.size) < 960

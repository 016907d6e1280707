"""Formats beyond Pillow's: HEIC, JPEG XL, camera raw; many pages, many bits, wide colours."""

from __future__ import annotations

import io
import struct
import zlib

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from engine.errors import InputError
from engine.images import hdr, jxl_header, raw, tiff, tiff_pages
from engine.images.limits import MAX_PIXELS, NOT_ALL
from engine.images.pixels import decode
from tests.engine.images.made_heic import heic
from tests.engine.images.made_raw import dng

ROWS, COLUMNS = np.mgrid[0:64, 0:96]
SMOOTH = np.stack([COLUMNS * 2.5, ROWS * 3.5, 255 - COLUMNS * 2], axis=2)
SMOOTH = SMOOTH.clip(0, 255).astype(np.uint8)
"""[64, 96, 3]: smooth, so that halved chroma changes little."""


def said(decoded, words: str) -> bool:
    return any(words in note for note in decoded.notes)


def mean_error(decoded, expected: np.ndarray) -> float:
    return float(np.abs(np.asarray(decoded.picture).astype(int) - expected).mean())


def test_a_heic_picture_comes_near_its_samples():
    decoded = decode(heic(SMOOTH))
    assert decoded.format == "HEIC"
    assert decoded.notes == ()
    assert mean_error(decoded, SMOOTH) < 2


def test_the_name_of_a_file_does_not_matter_and_neither_does_the_major_brand():
    assert decode(heic(SMOOTH, brand=b"msf1")).format == "HEIC"


def test_heic_with_a_cut_off_end_is_truncated():
    with pytest.raises(InputError) as caught:
        decode(heic(SMOOTH)[:-400])
    assert caught.value.kind == "truncated"


def test_heic_in_pq_is_shown_as_it_was_meant_and_says_so():
    grey = np.full((64, 96, 3), 148, np.uint8)
    decoded = decode(heic(grey, primaries=9, transfer=16))
    assert said(decoded, "High dynamic range (PQ, BT.2020)")
    # Code 148 of 255 is 203 cd/m2, the diffuse white of BT.2408.
    assert np.asarray(decoded.picture).min() > 245


def test_heic_in_display_p3_is_converted():
    red = np.zeros((64, 96, 3), np.uint8)
    red[..., 0] = 180
    decoded = decode(heic(red, primaries=12))
    assert said(decoded, "Display P3")
    assert np.asarray(decoded.picture)[..., 0].mean() > 185


@pytest.mark.parametrize("boxed", [False, True])
def test_lossless_jpeg_xl_gives_the_exact_samples(boxed):
    decoded = decode(imagecodecs.jpegxl_encode(SMOOTH, lossless=True, usecontainer=boxed))
    assert decoded.format == "JPEG XL"
    assert decoded.notes == ()
    np.testing.assert_array_equal(np.asarray(decoded.picture), SMOOTH)


def test_lossy_grey_and_transparent_jpeg_xl_are_decoded():
    assert mean_error(decode(imagecodecs.jpegxl_encode(SMOOTH, level=95)), SMOOTH) < 4
    grey = decode(imagecodecs.jpegxl_encode(SMOOTH[..., 0].copy(), lossless=True))
    np.testing.assert_array_equal(np.asarray(grey.picture)[..., 1], SMOOTH[..., 0])
    clear = np.dstack([SMOOTH, np.zeros((64, 96), np.uint8)])
    decoded = decode(imagecodecs.jpegxl_encode(clear, lossless=True))
    assert said(decoded, "mid-grey")
    assert decoded.alpha is not None
    assert (np.asarray(decoded.picture) == 128).all()


def test_jpeg_xl_with_16_bits_of_linear_light_is_brought_to_srgb():
    linear = np.full((64, 96, 3), 14_029, np.uint16)
    decoded = decode(imagecodecs.jpegxl_encode(linear, lossless=True))
    assert said(decoded, "16-bit samples")
    assert said(decoded, "linear light")
    # 0.21404 of full light is sRGB 0.5.
    assert abs(int(np.asarray(decoded.picture)[0, 0, 0]) - 128) <= 1


def test_an_animated_jpeg_xl_gives_its_first_frame():
    frames = np.stack([SMOOTH, SMOOTH[::-1]])
    decoded = decode(imagecodecs.jpegxl_encode(frames, lossless=True))
    assert said(decoded, f"animated; its first frame {NOT_ALL}")
    np.testing.assert_array_equal(np.asarray(decoded.picture), SMOOTH)


def test_a_jpeg_packed_as_jpeg_xl_says_so():
    stream = io.BytesIO()
    Image.fromarray(SMOOTH).save(stream, "JPEG", quality=90)
    decoded = decode(imagecodecs.jpegxl_encode_jpeg(stream.getvalue(), usecontainer=True))
    assert said(decoded, "packed again without loss")


def test_truncated_jpeg_xl_says_so():
    data = imagecodecs.jpegxl_encode(SMOOTH, lossless=True)
    for length in (4, len(data) // 2):
        with pytest.raises(InputError) as caught:
            decode(data[:length])
        assert caught.value.kind == "truncated"


@pytest.mark.parametrize("size", [(333, 517), (8, 8), (512, 512), (300, 400), (2, 70_000)])
def test_the_header_of_jpeg_xl_tells_the_size(size):
    data = imagecodecs.jpegxl_encode(np.zeros((*size, 3), np.uint8), lossless=True)
    header = jxl_header.read(data)
    assert (header.height, header.width) == size


def test_a_jpeg_xl_that_announces_too_many_pixels_is_refused_before_it_is_decoded():
    side = 1 << 20
    bits = f"{1:01b}"[::-1]  # small
    bits = "0" + "11" + f"{side - 1:030b}"[::-1] + "100"
    number = int(bits[::-1], 2)
    data = b"\xff\x0a" + number.to_bytes(16, "little")
    assert side * side > MAX_PIXELS
    with pytest.raises(InputError) as caught:
        decode(data)
    assert caught.value.kind == "too_large"


LINEAR = np.tile(SMOOTH, (2, 2, 1))


def test_a_dng_is_developed_and_says_how():
    decoded = decode(dng(LINEAR))
    assert decoded.format == "DNG"
    assert decoded.picture.size == (192, 128)
    assert said(decoded, "developed by LibRaw")
    assert said(decoded, "no embedded preview")
    found = np.asarray(decoded.picture)
    # Red rises to the right in each half, blue falls.
    assert found[10, 90, 0] > found[10, 5, 0]
    assert found[10, 90, 2] < found[10, 5, 2]


def test_a_preview_that_shows_the_same_is_told_apart_from_one_that_does_not():
    same = decode(dng(LINEAR, preview=Image.fromarray(LINEAR)))
    other = Image.fromarray(np.random.default_rng(3).integers(0, 256, (128, 192, 3), np.uint8))
    swapped = decode(dng(LINEAR, preview=other))
    assert said(same, "shows the same as the developed picture")
    assert said(swapped, "does NOT look like the developed picture")
    np.testing.assert_array_equal(np.asarray(same.picture), np.asarray(swapped.picture))


def test_the_preview_can_be_taken_out():
    data = raw.preview(dng(LINEAR, preview=Image.fromarray(LINEAR)))
    assert data is not None
    assert Image.open(io.BytesIO(data)).size == (192, 128)
    assert raw.preview(dng(LINEAR)) is None


def test_raw_is_turned_as_the_camera_noted():
    decoded = decode(dng(LINEAR, orientation=6))
    assert decoded.picture.size == (128, 192)
    assert said(decoded, "Turned upright")


@pytest.mark.parametrize(
    ("make", "kind"), [("NIKON CORPORATION", "NEF"), ("SONY", "ARW"), ("Unheard of", "RAW")]
)
def test_raw_of_other_makers_is_known_by_what_is_in_it(make, kind):
    data = dng(LINEAR, make=make, is_dng=False, preview=Image.fromarray(LINEAR))
    assert tiff.raw_kind(data) == kind
    assert decode(data).format == kind


def test_cr2_is_known_by_its_mark_and_a_plain_tiff_is_no_raw():
    stream = io.BytesIO()
    Image.fromarray(SMOOTH).save(stream, "TIFF")
    plain = stream.getvalue()
    assert tiff.raw_kind(plain) is None
    assert tiff.raw_kind(dng(LINEAR, is_dng=False)[:8] + b"CR\2\0" + bytes(8)) is None
    body = dng(LINEAR, is_dng=False)
    at = struct.unpack_from("<I", body, 4)[0]
    moved = body[:4] + struct.pack("<I", at + 8) + b"CR\2\0" + bytes(4) + body[8:]
    assert tiff.raw_kind(moved) == "CR2"


def pages(*sizes: tuple[int, int]) -> bytes:
    made = [Image.new("RGB", size, "red") for size in sizes]
    stream = io.BytesIO()
    made[0].save(stream, "TIFF", save_all=True, append_images=made[1:])
    return stream.getvalue()


def test_the_pages_of_a_document_that_were_not_examined_are_named():
    (note,) = decode(pages((48, 40), (60, 50), (70, 80))).notes
    assert note == (
        "The file has 3 pages; the first was examined, not the others (60 x 50 px, 70 x 80 px)."
    )


def test_pages_that_lead_back_to_the_first_are_counted_once():
    data = bytearray(pages((48, 40)))
    at = struct.unpack_from("<I", data, 4)[0]
    (count,) = struct.unpack_from("<H", data, at)
    struct.pack_into("<I", data, at + 2 + 12 * count, at)
    assert tiff_pages.sizes(io.BytesIO(data)) == [(48, 40)]
    assert decode(bytes(data)).notes == ()


def test_pq_and_hlg_put_diffuse_white_at_white():
    for code, transfer in ((0.5807, hdr.PQ), (0.75, hdr.HLG)):
        grey = np.full((2, 2, 3), code, dtype=np.float32)
        found = hdr.to_srgb(grey, hdr.Coding(transfer=transfer))
        assert found.min() >= 254
        dark = hdr.to_srgb(grey * 0.5, hdr.Coding(transfer=transfer))
        assert dark.max() < 150


def test_srgb_through_the_conversion_is_the_same():
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16)[..., None].repeat(3, axis=2)
    np.testing.assert_array_equal(hdr.to_srgb(levels, hdr.Coding()), levels)


def test_bt2020_white_stays_white():
    white = np.full((2, 2, 3), 255, np.uint8)
    found = hdr.to_srgb(white, hdr.Coding(primaries=hdr.BT2020))
    assert found.min() >= 254


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def test_a_png_that_says_it_is_pq_is_shown_as_it_was_meant():
    stream = io.BytesIO()
    Image.new("RGB", (48, 40), (148, 148, 148)).save(stream, "PNG")
    data = stream.getvalue()
    coded = data[:33] + chunk(b"cICP", bytes([9, 16, 0, 1])) + data[33:]
    decoded = decode(coded)
    assert said(decoded, "High dynamic range")
    assert np.asarray(decoded.picture).min() > 245


@pytest.mark.parametrize(
    "mark", [b"http://ns.adobe.com/hdr-gain-map/1.0/", b"urn:iso:std:iso:ts:21496:-1\0"]
)
def test_a_gain_map_is_noted(mark):
    stream = io.BytesIO()
    Image.fromarray(SMOOTH).save(stream, "JPEG", comment=mark)
    assert said(decode(stream.getvalue()), "gain map")


def test_avif_with_10_bits_says_so():
    wide = SMOOTH.astype(np.uint16) * 4
    data = imagecodecs.avif_encode(wide, level=95, bitspersample=10)
    decoded = decode(data)
    assert decoded.format == "AVIF"
    assert said(decoded, "10-bit samples")
    assert mean_error(decoded, SMOOTH) < 4


def test_jpeg_2000_with_16_bits_says_so():
    data = imagecodecs.jpeg2k_encode(SMOOTH.astype(np.uint16) * 257, level=0, codecformat="jp2")
    decoded = decode(data)
    assert decoded.format == "JPEG2000"
    assert said(decoded, "16-bit samples")
    assert mean_error(decoded, SMOOTH) < 2

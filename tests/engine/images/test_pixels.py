"""Decoding, called in this process: what each kind of file becomes."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from engine.errors import InputError
from engine.images import gif, pixels
from engine.images.limits import NOT_ALL
from engine.images.pixels import decode

RAMP = np.linspace(0, 255, 48, dtype=np.uint8)
COLOURS = np.stack(
    [
        np.tile(RAMP, (40, 1)),
        np.full((40, 48), 90, np.uint8),
        255 - RAMP * np.ones((40, 1), np.uint8),
    ],
    axis=2,
)
"""[40, 48, 3]: red rises, blue falls to the right."""


def saved(picture: Image.Image, format_name: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, format_name, **options)
    return stream.getvalue()


def colours() -> Image.Image:
    return Image.fromarray(COLOURS)


def array(data: bytes) -> np.ndarray:
    return np.asarray(decode(data).picture)


def png_16(samples: np.ndarray, colour_type: int) -> bytes:
    """Write a 16-bit PNG by hand: Pillow can read them in colour but not write them."""
    height, width = samples.shape[:2]
    rows = samples.astype(">u2").tobytes()
    stride = len(rows) // height
    raw = b"".join(b"\0" + rows[i * stride : (i + 1) * stride] for i in range(height))

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(raw))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("name", ["PNG", "TIFF", "BMP", "PPM", "WEBP", "JPEG2000"])
def test_lossless_formats_give_the_exact_samples(name):
    options = {"lossless": True} if name == "WEBP" else {}
    decoded = decode(saved(colours(), name, **options))
    assert decoded.format == name
    assert decoded.notes == ()
    assert decoded.jpeg_quality is None
    np.testing.assert_array_equal(np.asarray(decoded.picture), COLOURS)


@pytest.mark.parametrize(
    ("name", "options"),
    [("JPEG", {"quality": 95}), ("AVIF", {"quality": 95}), ("WEBP", {"quality": 95})],
)
def test_lossy_formats_come_near_the_samples(name, options):
    found = array(saved(colours(), name, **options)).astype(int)
    assert np.abs(found - COLOURS).mean() < 4


@pytest.mark.parametrize("quality", [5, 25, 50, 75, 90, 100])
def test_jpeg_quality_is_recovered(quality):
    assert decode(saved(colours(), "JPEG", quality=quality)).jpeg_quality == quality


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "LA", "RGBA", "YCbCr", "LAB"])
def test_every_mode_becomes_rgb(mode):
    name = "JPEG" if mode == "YCbCr" else "TIFF" if mode in ("CMYK", "LAB") else "PNG"
    found = array(saved(colours().convert("RGB").convert(mode) if mode != "LAB" else _lab(), name))
    assert found.shape == (40, 48, 3)
    assert found.dtype == np.uint8


def _lab() -> Image.Image:
    transform = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    return ImageCms.applyTransform(colours(), transform)


def test_lab_comes_back_as_the_colours_it_was_made_from():
    found = array(saved(_lab(), "TIFF")).astype(int)
    assert np.abs(found - COLOURS).mean() < 3


def test_cmyk_without_profile_is_noted():
    decoded = decode(saved(colours().convert("CMYK"), "TIFF"))
    assert any("CMYK" in note for note in decoded.notes)
    np.testing.assert_allclose(np.asarray(decoded.picture), COLOURS, atol=2)


def test_cmyk_jpeg_is_not_inverted():
    white = Image.new("CMYK", (48, 40), (0, 0, 0, 0))
    assert array(saved(white, "JPEG", quality=95)).min() > 250


def test_16_bit_grey_keeps_its_brightness():
    grey = np.linspace(0, 65535, 48).astype(np.uint16) * np.ones((40, 1), np.uint16)
    decoded = decode(saved(Image.fromarray(grey), "PNG"))
    expected = np.rint(np.linspace(0, 255, 48))
    np.testing.assert_allclose(np.asarray(decoded.picture)[0, :, 1], expected, atol=1)
    assert "16-bit samples reduced to 8 bits." in decoded.notes


@pytest.mark.parametrize("name", ["TIFF", "PPM"])
def test_16_bit_grey_of_other_formats_keeps_its_brightness(name):
    grey = np.linspace(0, 65535, 48).astype(np.uint16) * np.ones((40, 1), np.uint16)
    decoded = decode(saved(Image.fromarray(grey), name))
    np.testing.assert_allclose(
        np.asarray(decoded.picture)[0, :, 0], np.linspace(0, 255, 48), atol=1
    )
    assert "16-bit samples reduced to 8 bits." in decoded.notes


def test_16_bit_colour_png_is_reduced_and_noted():
    decoded = decode(png_16(COLOURS.astype(np.uint16) * 257, 2))
    np.testing.assert_array_equal(np.asarray(decoded.picture), COLOURS)
    assert "16-bit samples reduced to 8 bits." in decoded.notes


def test_16_bit_jpeg2000_is_noted():
    grey = np.linspace(0, 65535, 48).astype(np.uint16) * np.ones((40, 1), np.uint16)
    decoded = decode(saved(Image.fromarray(grey), "JPEG2000"))
    assert "16-bit samples reduced to 8 bits." in decoded.notes


def test_float_tiff_between_0_and_1_keeps_its_brightness():
    grey = np.linspace(0, 1, 48, dtype=np.float32) * np.ones((40, 1), np.float32)
    decoded = decode(saved(Image.fromarray(grey), "TIFF"))
    np.testing.assert_allclose(
        np.asarray(decoded.picture)[0, :, 0], np.linspace(0, 255, 48), atol=1
    )
    assert any("between 0 and 1." in note for note in decoded.notes)


@pytest.mark.parametrize("bad", [np.nan, -1.0, 1e9])
def test_float_samples_without_a_scale_are_refused(bad):
    grey = np.full((40, 48), 0.5, np.float32)
    grey[0, 0] = bad
    with pytest.raises(InputError) as caught:
        decode(saved(Image.fromarray(grey), "TIFF"))
    assert caught.value.kind == "unsupported_samples"


def test_negative_integers_are_refused():
    with pytest.raises(InputError) as caught:
        decode(saved(Image.fromarray(np.full((40, 48), -5, np.int32)), "TIFF"))
    assert caught.value.kind == "unsupported_samples"


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_areas_lie_over_mid_grey(mode):
    picture = Image.new("RGBA", (48, 40), (255, 255, 255, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 24, 40))
    decoded = decode(saved(picture.convert(mode), "PNG"))
    found = np.asarray(decoded.picture)
    assert (found[:, :24] == 128).all()
    assert (found[:, 24:] == 255).all()
    assert any("mid-grey" in note for note in decoded.notes)


def test_opaque_alpha_changes_nothing():
    picture = colours()
    picture.putalpha(255)
    decoded = decode(saved(picture, "PNG"))
    np.testing.assert_array_equal(np.asarray(decoded.picture), COLOURS)
    assert decoded.notes == ()


def test_palette_with_a_transparent_entry_lies_over_mid_grey():
    picture = Image.new("P", (48, 40), 0)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.paste(1, (24, 0, 48, 40))
    found = array(saved(picture, "PNG", transparency=0))
    assert (found[:, :24] == 128).all()
    assert (found[:, 24:] == (0, 0, 255)).all()


@pytest.mark.parametrize("name", ["GIF", "WEBP", "PNG", "AVIF"])
def test_the_first_frame_of_an_animation_is_examined(name):
    red, blue = Image.new("RGB", (48, 40), "red"), Image.new("RGB", (48, 40), "blue")
    decoded = decode(saved(red, name, save_all=True, append_images=[blue]))
    mean = np.asarray(decoded.picture).reshape(-1, 3).mean(axis=0)
    assert mean[0] > 240
    assert mean[2] < 15
    assert (
        "The picture is animated, in 2 frames; the first was examined, not the others."
        in decoded.notes
    )
    assert any(NOT_ALL in note for note in decoded.notes)


def test_frames_of_a_gif_are_counted_up_to_a_number_and_to_a_cut():
    frames = [Image.new("P", (48, 40), n) for n in range(9)]
    for n, frame in enumerate(frames):
        frame.putpalette(bytes(range(256)) * 3)
        frame.putpixel((n, n), 200)
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], comment=b"twice")
    assert gif.frames(data, 100) == 9
    assert gif.frames(data, 4) == 4
    assert gif.frames(data[: len(data) // 2], 100) < 9
    assert gif.frames(b"GIF89a", 100) == 0


def test_a_gif_with_more_frames_than_are_counted_says_at_least(monkeypatch):
    monkeypatch.setattr(pixels, "MAX_FRAMES", 2)
    three = [Image.new("RGB", (48, 40), colour) for colour in ("red", "blue", "green")]
    decoded = decode(saved(three[0], "GIF", save_all=True, append_images=three[1:]))
    assert any("in at least 2 frames" in note for note in decoded.notes)


def test_the_first_page_of_a_tiff_is_examined():
    red, blue = Image.new("RGB", (48, 40), "red"), Image.new("RGB", (48, 40), "blue")
    decoded = decode(saved(red, "TIFF", save_all=True, append_images=[blue]))
    assert (np.asarray(decoded.picture) == (255, 0, 0)).all()
    assert decoded.notes == (
        "The file has 2 pages; the first was examined, not the others (48 x 40 px).",
    )


def test_a_multi_picture_jpeg_counts_as_jpeg():
    red, blue = Image.new("RGB", (48, 40), "red"), Image.new("RGB", (48, 40), "blue")
    decoded = decode(saved(red, "MPO", save_all=True, append_images=[blue], quality=80))
    assert decoded.format == "JPEG"
    assert decoded.jpeg_quality == 80
    assert any("holds 2 pictures" in note and NOT_ALL in note for note in decoded.notes)


TURNED = {
    1: COLOURS,
    2: COLOURS[:, ::-1],
    3: COLOURS[::-1, ::-1],
    4: COLOURS[::-1],
    5: COLOURS.transpose(1, 0, 2),
    6: np.rot90(COLOURS, -1),
    7: COLOURS[::-1, ::-1].transpose(1, 0, 2),
    8: np.rot90(COLOURS),
}


@pytest.mark.parametrize("orientation", TURNED)
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
    ],
)
def test_exif_orientation_is_applied_once(orientation, name, options):
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = array(saved(colours(), name, exif=exif, **options))
    np.testing.assert_array_equal(found, TURNED[orientation])


def test_an_undefined_orientation_is_noted_and_not_applied():
    exif = Image.Exif()
    exif[0x0112] = 9
    decoded = decode(saved(colours(), "PNG", exif=exif))
    np.testing.assert_array_equal(np.asarray(decoded.picture), COLOURS)
    assert any("orientation 9" in note for note in decoded.notes)


def test_damaged_exif_does_not_stop_the_decoding():
    data = saved(colours(), "JPEG", quality=95, exif=b"Exif\0\0II*\0\xff\xff\xff\xff\xff\xff")
    assert array(data).shape == (40, 48, 3)


def test_an_srgb_profile_leaves_every_sample_alone():
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    decoded = decode(saved(colours(), "PNG", icc_profile=icc))
    np.testing.assert_array_equal(np.asarray(decoded.picture), COLOURS)
    assert decoded.notes == ()


def _swapped_profile() -> bytes:
    """An RGB profile whose red and blue primaries are exchanged: a visible difference."""
    icc = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", icc, 128)[0]
    tags = {icc[132 + 12 * i : 136 + 12 * i].decode(): 132 + 12 * i for i in range(count)}
    red, blue = tags["rXYZ"], tags["bXYZ"]
    icc[red + 4 : red + 12], icc[blue + 4 : blue + 12] = (
        icc[blue + 4 : blue + 12],
        icc[red + 4 : red + 12],
    )
    return bytes(icc)


def test_another_profile_is_converted_to_srgb_and_noted():
    decoded = decode(
        saved(Image.new("RGB", (48, 40), (255, 0, 0)), "PNG", icc_profile=_swapped_profile())
    )
    assert (np.asarray(decoded.picture) == (0, 0, 255)).all()
    assert any("Converted to sRGB" in note for note in decoded.notes)


def test_an_rgb_profile_on_a_grey_picture_is_used():
    decoded = decode(saved(Image.new("L", (48, 40), 77), "PNG", icc_profile=_swapped_profile()))
    assert np.abs(np.asarray(decoded.picture).astype(int) - 77).max() <= 1


@pytest.mark.parametrize("icc", [b"rubbish", b"\0" * 200, _swapped_profile()[:300]])
def test_a_bad_profile_is_noted_and_ignored(icc):
    decoded = decode(saved(colours(), "PNG", icc_profile=icc))
    np.testing.assert_array_equal(np.asarray(decoded.picture), COLOURS)
    assert any("profile is damaged" in note for note in decoded.notes)


def test_a_profile_for_other_colours_is_noted_and_ignored():
    decoded = decode(saved(colours().convert("CMYK"), "TIFF", icc_profile=_swapped_profile()))
    np.testing.assert_allclose(np.asarray(decoded.picture), COLOURS, atol=2)
    assert any("is for RGB" in note for note in decoded.notes)

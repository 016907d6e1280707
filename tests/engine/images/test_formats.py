"""What a file is by its first bytes and its name."""

from __future__ import annotations

import numpy as np
import pytest

from engine.images.formats import has_image_extension, sniff
from engine.images.jpeg import LUMINANCE_TABLE, estimate_quality, luminance_table


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"GIF89a\1\0\1\0", "GIF"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WEBP"),
        (b"RIFF\x10\0\0\0WAVEfmt ", None),
        (b"BM" + bytes(12) + b"\x28\0\0\0", "BMP"),
        (b"BM is how this text begins", None),
        (b"MM\0*\0\0\0\x08", "TIFF"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "AVIF"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0avifmif1miaf", "AVIF"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1miaf", "HEIF"),
        (b"\xff\x0a\xfa\x1f", "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "CR3"),
        (b"IIU\0\x18\0\0\0", "RW2"),
        (b"FUJIFILMCCD-RAW 0201", "RAF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomiso2", None),
        (b"P6\n4 4\n255\n", "PPM"),
        (b"P6 is a name", None),
        (b"Papers, please", None),
        (b"", None),
    ],
)
def test_first_bytes_name_the_format(head, name):
    assert sniff(head) == name


@pytest.mark.parametrize("name", ["a.jpg", "A.JPEG", "b.c.WebP", "x/y.heic", "._a.png", "r.NEF"])
def test_names_of_images_are_known(name):
    assert has_image_extension(name)


@pytest.mark.parametrize("name", ["a.txt", "jpg", ".jpg", "a.jpg.part", "a.pdf", ""])
def test_other_names_are_not(name):
    assert not has_image_extension(name)


def test_quality_50_is_the_standard_table():
    np.testing.assert_array_equal(luminance_table(50), LUMINANCE_TABLE)


@pytest.mark.parametrize("quality", range(1, 101))
def test_a_table_gives_back_its_quality(quality):
    assert estimate_quality(luminance_table(quality).tolist()) == quality


def test_a_table_of_another_maker_gets_the_nearest_quality():
    table = luminance_table(80) + np.tile([1, -1], 32)
    assert 77 <= estimate_quality(table.tolist()) <= 83

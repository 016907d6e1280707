"""Metadata, JPEG structure, embedded data, thumbnails and history, planted and found."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from engine.traces import metadata
from engine.types import Status
from tests.engine.traces import made_files as made


def test_a_picture_without_metadata_stays_quiet():
    found = made.found_in(made.jpeg(made.scene(300, 400)))
    assert made.conflicts_of(found) == []
    assert made.failures_of(found) == []
    absent = {f.analyser for f in found if f.value == "none"}
    assert absent == {"generator.text", "watermark.dwt_dct", "c2pa.manifest", "metadata.blocks"}
    computed = {f.analyser for f in found if f.status is not Status.OBSERVED}
    assert computed == {"picture.likeness"}


def test_camera_exposure_and_date_are_told():
    data = made.with_exif(
        made.jpeg(),
        ifd0={0x010F: "Canon", 0x0110: "Canon EOS 5D", 0x0132: "2020:05:06 07:08:09"},
        exif={0x829A: (1, 60), 0x829D: (28, 10), 0x9003: "2020:05:06 07:08:09"},
    )
    found = made.found_in(data)
    assert made.only(found, "metadata.camera").value == "Canon EOS 5D"
    assert "1/60 s, f/2.8" in made.only(found, "metadata.camera").reason
    assert made.only(found, "metadata.dates").value == "2020:05:06 07:08:09"
    assert made.conflicts_of(found) == []


def test_south_and_west_are_negative():
    data = made.with_exif(
        made.jpeg(),
        gps={
            0x01: "S",
            0x02: ((33, 1), (52, 1), (0, 1)),
            0x03: "W",
            0x04: ((70, 1), (30, 1), (36, 1)),
        },
    )
    assert made.only(made.found_in(data), "metadata.place").value == "-33.86667, -70.51000"


def test_the_colour_profile_is_named():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert "sRGB" in metadata.profile_name(profile)
    found = made.found_in(made.jpeg(icc_profile=profile))
    assert "sRGB" in str(made.only(found, "metadata.colour_profile").value)


def test_author_and_credit_are_told():
    found = made.found_in(made.with_iptc(made.jpeg(), {80: "A. Author", 110: "Agency"}))
    assert made.only(found, "metadata.credit").value == "A. Author"
    assert "credit: “Agency”" in made.only(found, "metadata.credit").reason


@pytest.mark.parametrize(("quality", "optimize"), [(75, False), (92, True)])
def test_quality_tables_and_huffman_tables_are_told(quality, optimize):
    found = made.found_in(made.jpeg(quality=quality, optimize=optimize))
    assert made.only(found, "jpeg.quantisation").value == f"quality about {quality} (IJG)"
    assert made.only(found, "jpeg.huffman").value == ("optimised" if optimize else "standard")


def test_tables_that_are_not_known_are_never_called_incompatible():
    tables = [[7 + i % 5 for i in range(64)], [9 + i % 3 for i in range(64)]]
    finding = made.only(made.found_in(made.jpeg(qtables=tables)), "jpeg.signature")
    assert finding.value == "not known"
    assert "says nothing for or against" in finding.reason


def test_a_facebook_mark_is_known_with_its_source():
    found = made.found_in(made.with_iptc(made.jpeg(), {40: "FBMD01000a9e0d0000"}))
    names = {f.value: f.source for f in made.named(found, "jpeg.signature")}
    (facebook,) = [name for name in names if "Facebook" in str(name)]
    assert "31120222" in names[facebook]


def test_trailing_data_is_told_by_its_kind():
    data = made.jpeg()
    found = made.found_in(data + b"PK\x03\x04" + b"x" * 100)
    finding = made.only(found, "file.trailing")
    assert (finding.value, finding.unit) == (104, "bytes")
    assert "a ZIP archive" in finding.reason
    assert made.named(made.found_in(data), "file.trailing") == []


def test_a_second_picture_behind_the_first_is_found():
    found = made.found_in(made.jpeg() + made.jpeg(made.scene(100, 150)))
    assert "1 JPEG picture(s) (150 × 100 px)" in made.only(found, "file.trailing").reason


def test_data_behind_a_png_is_found():
    found = made.found_in(made.png() + b"hidden text")
    assert made.only(found, "file.trailing").value == 11


def thumbnail_of(pixels: np.ndarray, size: tuple[int, int] = (160, 120)) -> bytes:
    out = BytesIO()
    Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC).save(out, "JPEG", quality=70)
    return out.getvalue()


def test_a_thumbnail_of_the_picture_is_the_same_picture():
    pixels = made.scene(480, 640)
    data = made.with_exif(made.jpeg(pixels), thumbnail=thumbnail_of(pixels))
    found = made.found_in(data)
    assert made.only(found, "thumbnail.comparison").value == "same picture"
    assert made.conflicts_of(found) == []


def test_bars_that_cameras_add_to_thumbnails_do_not_count():
    pixels = made.scene(400, 600)
    boxed = np.zeros((120, 160, 3), dtype=np.uint8)
    boxed[7:113] = np.asarray(Image.fromarray(pixels).resize((160, 106)))
    data = made.with_exif(made.jpeg(pixels), thumbnail=made.jpeg(boxed))
    assert made.only(made.found_in(data), "thumbnail.comparison").value == "same picture"


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_turned_picture_is_compared_with_its_turned_thumbnail(orientation):
    pixels = made.scene(480, 640)
    data = made.with_exif(
        made.jpeg(pixels), ifd0={0x0112: orientation}, thumbnail=thumbnail_of(pixels)
    )
    assert made.only(made.found_in(data), "thumbnail.comparison").value == "same picture"


def test_the_thumbnail_of_another_picture_is_a_conflict():
    data = made.with_exif(
        made.jpeg(made.scene(480, 640)), thumbnail=thumbnail_of(made.scene(480, 640, seed=9))
    )
    found = made.found_in(data)
    assert made.conflicts_of(found) == ["conflict.thumbnail"]


@pytest.mark.parametrize(
    ("share", "name", "value"),
    [
        (0.5, "conflict.thumbnail", "shows another picture"),
        (0.6, "thumbnail.comparison", "not clear"),
    ],
)
def test_a_thumbnail_that_resembles_the_picture_is_neither_another_nor_the_same(share, name, value):
    pixels, other = made.scene(480, 640), made.scene(480, 640, seed=9)
    mixed = (share * pixels + (1 - share) * other).astype(np.uint8)
    data = made.with_exif(made.jpeg(pixels), thumbnail=thumbnail_of(mixed))
    assert made.only(made.found_in(data), name).value == value


def test_a_cropped_picture_with_its_old_thumbnail_is_a_conflict():
    pixels = made.scene(480, 640)
    data = made.with_exif(made.jpeg(pixels[100:340, 200:520]), thumbnail=thumbnail_of(pixels))
    assert made.conflicts_of(made.found_in(data)) == ["conflict.thumbnail"]


def test_a_place_painted_over_after_the_thumbnail_is_located():
    pixels = made.scene(480, 640)
    changed = pixels.copy()
    changed[120:240, 320:480] = 255 - (pixels[120:240, 320:480].mean(axis=(0, 1)) > 127) * 255
    data = made.with_exif(made.jpeg(changed), thumbnail=thumbnail_of(pixels))
    finding = made.only(made.found_in(data), "conflict.thumbnail")
    (region,) = finding.regions
    assert abs(region.x - 320) <= 14 and abs(region.y - 120) <= 11
    assert abs(region.x + region.w - 480) <= 14 and abs(region.y + region.h - 240) <= 11


def test_steps_of_editing_are_told_in_order():
    history = (
        "<xmpMM:History><rdf:Seq>"
        '<rdf:li stEvt:action="created" stEvt:softwareAgent="Adobe Photoshop 24.1"/>'
        '<rdf:li stEvt:action="saved" stEvt:softwareAgent="Adobe Photoshop 24.1"'
        ' stEvt:when="2023-01-02T03:04:05Z"/>'
        "</rdf:Seq></xmpMM:History>"
    )
    found = made.found_in(made.with_xmp(made.jpeg(), 'xmp:CreatorTool="Editor"', history))
    finding = made.only(found, "history.steps")
    assert finding.value == "2 steps of editing"
    assert finding.reason.index("created by") < finding.reason.index("saved by")
    assert made.only(found, "history.software").value == "XMP CreatorTool: Editor"

"""Facts that do not go together are findings of their own; facts that do are not."""

from __future__ import annotations

import pytest

from tests.engine.traces import made_files as made
from tests.engine.traces.signing import authority, signed
from tests.engine.traces.test_generators import A1111

CAPTURE = 'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/{}"'


def camera_and(exif: dict[int, object]) -> bytes:
    parts = {"ifd0": made.CAMERA["ifd0"], "exif": {**made.CAMERA["exif"], **exif}}
    return made.with_exif(made.jpeg(), **parts)


def test_a_camera_and_a_generators_text_are_a_conflict():
    data = camera_and({0x9286: b"ASCII\0\0\0" + A1111.encode()})
    found = made.found_in(data)
    assert made.conflicts_of(found) == ["conflict.origin"]
    reason = made.only(found, "conflict.origin").reason
    assert "Residua Test 1" in reason and "generator.text" in reason


def test_a_generators_text_alone_is_no_conflict():
    assert made.conflicts_of(made.found_in(made.png(texts={"parameters": A1111}))) == []


def test_a_generator_that_writes_into_make_is_no_camera():
    workflow = '{"3": {"class_type": "KSampler"}}'
    data = made.with_exif(made.jpeg(), ifd0={0x010F: f"workflow:{workflow}", 0x0110: workflow})
    found = made.found_in(data)
    assert made.only(found, "generator.text").value == "ComfyUI"
    assert made.conflicts_of(found) == []


def test_captured_and_generated_are_a_conflict():
    data = made.with_xmp(made.jpeg(), CAPTURE.format("digitalCapture"))
    data = made.with_exif(data, exif={0x9286: b"ASCII\0\0\0" + A1111.encode()})
    assert made.conflicts_of(made.found_in(data)) == ["conflict.origin"]


def test_a_camera_and_a_credential_of_generation_are_a_conflict():
    data = signed(made.with_exif(made.jpeg(), **made.CAMERA), "image/jpeg", authority())
    assert made.conflicts_of(made.found_in(data)) == ["conflict.origin"]


def test_a_camera_and_a_credential_of_capture_agree():
    data = made.with_exif(made.jpeg(), **made.CAMERA)
    data = signed(data, "image/jpeg", authority(), source_type="digitalCapture")
    assert made.conflicts_of(made.found_in(data)) == []


@pytest.mark.parametrize(
    ("exif", "ifd0", "gps", "conflict"),
    [
        ("2020:01:05 10:00:00", "2020:01:05 10:00:00", None, False),
        ("2020:01:05 10:00:00", "2020:01:04 23:00:00", None, False),
        ("2020:01:05 10:00:00", "2019:12:01 10:00:00", None, True),
        ("2020:01:05 10:00:00", "2020:01:03 10:00:00", None, True),
        ("2020:01:05 10:00:00", "2023:01:05 10:00:00", None, False),
        ("2020:01:05 10:00:00", "2020:01:05 10:00:00", "2020:01:04", False),
        ("2020:01:05 10:00:00", "2020:01:05 10:00:00", "2021:06:01", True),
        ("0000:00:00 00:00:00", "2019:12:01 10:00:00", None, False),
    ],
)
def test_dates_are_compared_with_a_day_of_slack(exif, ifd0, gps, conflict):
    data = made.with_exif(
        made.jpeg(),
        ifd0={0x0132: ifd0},
        exif={0x9003: exif},
        **({"gps": {0x1D: gps}} if gps else {}),
    )
    assert made.conflicts_of(made.found_in(data)) == (["conflict.dates"] if conflict else [])


@pytest.mark.parametrize(
    ("digitised", "conflict"),
    [("2020:01:03 10:00:00", True), ("2020:01:04 23:00:00", False), ("2023:01:05 10:00:00", False)],
)
def test_what_is_digitised_before_it_is_taken_is_a_conflict(digitised, conflict):
    data = made.with_exif(made.jpeg(), exif={0x9003: "2020:01:05 10:00:00", 0x9004: digitised})
    assert made.conflicts_of(made.found_in(data)) == (["conflict.dates"] if conflict else [])


@pytest.mark.parametrize(
    ("size", "conflict"), [((320, 240), False), ((240, 320), False), ((4000, 3000), True)]
)
def test_the_size_in_exif_is_compared_with_the_picture(size, conflict):
    data = made.with_exif(made.jpeg(), exif={0xA002: size[0], 0xA003: size[1]})
    assert made.conflicts_of(made.found_in(data)) == (["conflict.size"] if conflict else [])


def test_two_cameras_are_a_conflict():
    data = made.with_xmp(made.jpeg(), 'tiff:Make="Other" tiff:Model="Test 1"')
    data = made.with_exif(data, ifd0={0x010F: "Residua", 0x0110: "Test 1"})
    found = made.found_in(data)
    assert made.conflicts_of(found) == ["conflict.camera"]
    assert "Model" not in made.only(found, "conflict.camera").reason

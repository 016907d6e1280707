"""Frames of animations as pictures: which are chosen, and that they show what was planted."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import pytest
from PIL import Image

from engine.errors import InputError
from engine.images import animation
from engine.images.containers import Member, Wish, walk
from engine.images.exhibits import read_anywhere
from engine.images.member_reader import MemberReader
from engine.images.pixels import decode
from tests.engine.images import made_containers as made
from tests.engine.images.made_containers import picture

COUNT = 9
PLANTED = [picture(seed) for seed in range(COUNT)]


def animated(name: str, **options: object) -> bytes:
    frames = [Image.fromarray(pixels) for pixels in PLANTED]
    stream = io.BytesIO()
    frames[0].save(stream, name, save_all=True, append_images=frames[1:], **options)
    return stream.getvalue()


FILES = {
    "GIF": animated("GIF"),
    "WEBP": animated("WEBP", lossless=True),
    "PNG": animated("PNG"),
    "AVIF": animated("AVIF", quality=95),
}


def listed(data: bytes, **wish: object) -> list[Member]:
    *found, _ = walk(io.BytesIO(data), len(data), Wish(**wish))
    return found


@pytest.mark.parametrize("kind", FILES)
def test_frames_are_named_evenly_spaced_up_to_the_last(kind):
    names = [each.name for each in listed(FILES[kind], names_only=True, frames=4)]
    assert names == ["frame-3", "frame-5", "frame-7", "frame-9"]


@pytest.mark.parametrize(("kind", "most"), [("GIF", 12), ("WEBP", 0), ("PNG", 0), ("AVIF", 4)])
def test_a_frame_shows_what_was_planted(kind, most):
    (found,) = listed(FILES[kind], only="frame-5")
    shown = np.asarray(decode(found.data).picture).astype(int)
    assert np.abs(shown - PLANTED[4]).mean() <= most


def test_a_frames_bytes_are_its_samples():
    (found,) = listed(FILES["PNG"], only="frame-5")
    assert found.data == b"P6\n64 48\n255\n" + PLANTED[4].tobytes()


def test_none_is_given_unless_asked_for():
    for data in FILES.values():
        assert all(each.failure is not None for each in listed(data))


def test_no_more_frames_are_chosen_than_there_are():
    assert animation.spaced(4, 10) == [2, 3, 4]
    assert animation.spaced(1, 3) == []
    assert [each.name for each in listed(made.zipped({"a.jpg": made.jpeg()}), frames=5)] == [
        "a.jpg"
    ]


@pytest.mark.parametrize("asked", ["frame-1", "frame-0", "frame-10", "frame-x", "frame-"])
def test_a_frame_that_there_is_not_is_not_given(asked):
    assert [each.data for each in listed(FILES["PNG"], only=asked) if each.data] == []


def test_frames_in_an_archive_are_members_of_their_file():
    data = made.zipped({"in/a.gif": FILES["GIF"], "b.jpg": made.jpeg()})
    names = [each.name for each in listed(data, names_only=True, frames=2)]
    assert names == ["in/a.gif", "in/a.gif!/frame-5", "in/a.gif!/frame-9", "b.jpg"]
    (found,) = listed(data, only=names[1])
    assert found.data == listed(FILES["GIF"], only="frame-5")[0].data


def test_a_frame_is_read_by_its_name_alone_and_between_others(tmp_path):
    file, other = tmp_path / "a.png", tmp_path / "b.zip"
    file.write_bytes(FILES["PNG"])
    other.write_bytes(made.zipped({"x.jpg": made.jpeg(1), "y.jpg": made.jpeg(2)}))
    expected = hashlib.sha256(b"P6\n64 48\n255\n" + PLANTED[2].tobytes()).hexdigest()
    assert read_anywhere(f"{file}!/frame-3").facts.sha256 == expected
    with MemberReader() as reader:
        assert reader.read(f"{other}!/x.jpg").data == made.jpeg(1)
        for _ in range(2):
            found = reader.read(f"{file}!/frame-3").facts
            assert found.sha256 == expected
            assert found.container_sha256 == hashlib.sha256(FILES["PNG"]).hexdigest()
        assert reader.read(f"{other}!/y.jpg").data == made.jpeg(2)
        with pytest.raises(InputError, match="no such picture"):
            reader.read(f"{file}!/frame-99")


@pytest.mark.parametrize("kind", FILES)
def test_a_cut_off_animation_is_told_of_and_never_raises(kind):
    data = FILES[kind]
    for length in range(8, len(data), len(data) // 7):
        for asked in ({"only": "frame-9"}, {"frames": 3, "names_only": True}):
            for found in listed(data[:length], **asked):
                assert found.failure is None or isinstance(found.failure, InputError)

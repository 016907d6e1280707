"""Further pictures of JPEG and HEIF files: which they are, and that their bytes are theirs."""

from __future__ import annotations

import io

import numpy as np
import pytest

from engine.images import heif_items, mpo, several
from engine.images.containers import Member, Wish, walk
from engine.images.pixels import decode
from tests.engine.images import made_containers as made
from tests.engine.images import made_mpo
from tests.engine.images.made_containers import picture
from tests.engine.images.made_heic import heic, heics

PLANTED = [picture(seed) for seed in range(3)]
SMALL = picture(2, 32, 32)


def listed(data: bytes, wish: Wish | None = None) -> list[Member]:
    *found, _ = walk(io.BytesIO(data), len(data), wish or Wish())
    return found


def names(data: bytes) -> list[str]:
    return [each.name for each in listed(data, Wish(names_only=True))]


def error_of(data: bytes, planted: np.ndarray) -> float:
    return float(np.abs(np.asarray(decode(data).picture).astype(float) - planted).mean())


def test_further_views_of_a_jpeg_are_the_files_own_bytes():
    data = made_mpo.mpo(PLANTED)
    for view, planted, number in zip(listed(data), PLANTED[1:], (2, 3), strict=True):
        assert view.name == f"view-{number}"
        start, length = made_mpo.place(data, number)
        assert view.data == data[start : start + length]
        assert error_of(view.data, planted) < 5


@pytest.mark.parametrize("kind", [made_mpo.SMALLER, 0x010001, 0x020002])
def test_previews_and_depth_are_no_views_but_count(kind):
    assert names(made_mpo.mpo(PLANTED, {2: kind})) == ["view-3"]


def test_a_gain_map_and_a_small_picture_are_no_views():
    mark = b"http://ns.adobe.com/hdr-gain-map/1.0/"
    assert names(made_mpo.mpo(PLANTED, comments={3: mark})) == ["view-2"]
    assert names(made_mpo.mpo([PLANTED[0], SMALL, PLANTED[1]])) == ["view-3"]


def test_a_view_that_is_missing_has_a_line_and_an_entry_of_no_kind_has_none():
    data = made_mpo.mpo(PLANTED)
    start, _ = made_mpo.place(data, 3)
    second, third = listed(data[:start])
    assert second.failure is None
    assert (third.name, third.failure.kind) == ("view-3", "truncated")
    data = made_mpo.mpo(PLANTED, {3: made_mpo.UNDEFINED})
    assert [each.name for each in listed(data[:start])] == ["view-2"]


def test_whether_a_jpeg_has_views_is_known_from_its_header():
    data = made_mpo.mpo(PLANTED)
    assert mpo.says_so(data[:10]) is None
    assert mpo.says_so(data[:1000])
    assert mpo.says_so(made.jpeg()) is False


def test_views_beyond_the_most_have_one_line_that_says_so(monkeypatch):
    monkeypatch.setattr(mpo, "MAX_PAGES", 2)
    _, third = listed(made_mpo.mpo(PLANTED))
    assert (third.name, third.failure.kind) == ("view-3", "too_many_members")


def test_further_pictures_of_a_heif_file_are_the_file_with_another_primary_item():
    data = heics(PLANTED)
    at = data.index(b"pitm") + 8
    for item, planted, number in zip(listed(data), PLANTED[1:], (2, 3), strict=True):
        assert item.name == f"item-{number}"
        assert item.data == data[:at] + number.to_bytes(2, "big") + data[at + 2 :]
        assert error_of(item.data, planted) < 15


def test_hidden_items_thumbnails_and_small_pictures_are_left_out():
    pictures = [*PLANTED, SMALL, PLANTED[0]]
    assert names(heics(pictures, hidden=[2], thumbnails={3: 1})) == ["item-5"]


def test_whether_a_heif_file_shows_several_pictures_is_known_from_its_table():
    data = heics(PLANTED)
    assert heif_items.says_so(data[:200]) is None
    assert heif_items.says_so(data[: data.index(b"mdat")])
    assert heif_items.says_so(heic(PLANTED[0])) is False


@pytest.mark.parametrize("data", [made_mpo.mpo(PLANTED), heics(PLANTED)], ids=["MPO", "HEIC"])
def test_views_in_an_archive_are_members_of_their_file(data):
    (second, third) = names(data)
    packed = made.zipped({"a.bin": data, "b.jpg": made.jpeg()})
    expected = ["a.bin", f"a.bin!/{second}", f"a.bin!/{third}", "b.jpg"]
    assert names(packed) == expected
    assert [each.name for each in listed(packed)] == expected
    (found,) = listed(packed, Wish(only=expected[2]))
    assert found.data == listed(data)[1].data


@pytest.mark.parametrize("data", [made_mpo.mpo(PLANTED), heics(PLANTED)], ids=["MPO", "HEIC"])
def test_a_file_that_is_cut_off_is_told_of_and_never_raises(data):
    for length in range(4, len(data), 53):
        for found in listed(data[:length]):
            assert found.data is not None or found.failure is not None


def test_files_of_one_picture_say_so(tmp_path):
    for name, data in {"a.jpg": made.jpeg(), "a.heic": heic(PLANTED[0])}.items():
        (tmp_path / name).write_bytes(data)
        assert not several.says_so(str(tmp_path / name), data[:512])
    for name, data in {"b.jpg": made_mpo.mpo(PLANTED), "b.heic": heics(PLANTED)}.items():
        (tmp_path / name).write_bytes(data)
        assert several.says_so(str(tmp_path / name), data[:512])

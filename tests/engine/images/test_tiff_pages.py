"""Pages of TIFF files as files of their own: which they are, what their bytes are."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import InputError
from engine.images import inner, tiff_pages
from engine.images.containers import Member, Wish, walk
from engine.images.pixels import decode
from tests.engine.images import made_containers as made
from tests.engine.images import made_tiff
from tests.engine.images.made_containers import picture
from tests.engine.images.made_raw import dng

PLANTED = [picture(seed) for seed in range(3)]

SCANNING = Path(__file__).parents[3] / "docs" / "scanning.md"


def pages(data: bytes) -> dict[str, bytes]:
    return {found.name: found.read() for found in tiff_pages.find(io.BytesIO(data))}


def listed(data: bytes, wish: Wish | None = None) -> list[Member]:
    *found, _ = walk(io.BytesIO(data), len(data), wish or Wish())
    return found


def by_the_document(data: bytes, number: int) -> bytes:
    """A page as the lines that docs/scanning.md prints compute it."""
    lines = SCANNING.read_text("utf-8").partition("```python\n")[2].partition("```")[0]
    found: dict[str, object] = {}
    exec(compile(lines, str(SCANNING), "exec"), found)
    return found["page"](data, number)


FILES = {
    "strips": made_tiff.tiff(PLANTED),
    "big-endian": made_tiff.tiff(PLANTED, order=">"),
    "tiles": made_tiff.tiff(PLANTED, tile=16),
    "gaps between the parts": made_tiff.tiff(PLANTED, gaps=b"xyz"),
    "BigTIFF": made_tiff.tiff(PLANTED, big=True),
}


@pytest.mark.parametrize("kind", FILES)
def test_further_pages_are_found_and_show_what_was_planted(kind):
    found = pages(FILES[kind])
    assert list(found) == ["page-2", "page-3"]
    for page, planted in zip(found.values(), PLANTED[1:], strict=True):
        decoded = decode(page)
        np.testing.assert_array_equal(np.asarray(decoded.picture), planted)
        assert decoded.notes == ()


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "jpeg", "tiff_adobe_deflate"])
def test_pages_of_every_compression_decode_as_in_their_file(compression):
    data = made_tiff.scan(3, compression=compression)
    for number, page in enumerate(pages(data).values(), 1):
        with Image.open(io.BytesIO(data)) as whole:
            whole.seek(number)
            expected = np.asarray(whole.convert("RGB"))
        np.testing.assert_array_equal(np.asarray(decode(page).picture), expected)


@pytest.mark.parametrize(
    "data",
    [
        *(FILES[kind] for kind in FILES if kind != "BigTIFF"),
        made_tiff.scan(3, compression="jpeg"),
        made_tiff.tiff(
            PLANTED,
            more={
                2: {
                    made_tiff.MAKER: (2, b"Maker of scanners\0"),
                    made_tiff.EXIF: (4, {made_tiff.USER_COMMENT: (7, b"ASCII\0\0\0of page two")}),
                }
            },
        ),
    ],
)
def test_a_pages_bytes_are_those_that_the_document_computes(data):
    assert pages(data) == {f"page-{n}": by_the_document(data, n) for n in (2, 3)}


def test_a_pages_bytes_do_not_depend_on_where_its_parts_lie():
    assert pages(FILES["strips"]) == pages(FILES["gaps between the parts"])


def test_what_a_page_says_of_itself_stays_with_it():
    more = {
        2: {
            made_tiff.MAKER: (2, b"Maker of scanners\0"),
            made_tiff.EXIF: (4, {made_tiff.USER_COMMENT: (7, b"ASCII\0\0\0of page two")}),
        }
    }
    page = pages(made_tiff.tiff(PLANTED, more=more))["page-2"]
    exif = Image.open(io.BytesIO(page)).getexif()
    assert exif[made_tiff.MAKER] == "Maker of scanners"
    comment = exif.get_ifd(made_tiff.EXIF)[made_tiff.USER_COMMENT]
    assert comment == b"ASCII\0\0\0of page two"


@pytest.mark.parametrize("kind", [1, 4])
def test_smaller_versions_masks_and_specks_are_no_pages_but_count(kind):
    data = made_tiff.tiff(
        [PLANTED[0], PLANTED[1], picture(4, 16, 16), PLANTED[2]],
        more={2: {made_tiff.SUBFILE_TYPE: (4, kind)}},
    )
    assert list(pages(data)) == ["page-4"]
    assert "4 pages" in decode(data).notes[0]


def test_a_raw_file_has_a_preview_and_no_pages():
    view = Image.fromarray(np.tile(made.picture(), (3, 3, 1)))
    data = dng(np.tile(made.picture(), (2, 2, 1)), preview=view)
    assert [each.name for each in listed(data)] == ["preview.jpg"]


def test_pages_of_a_file_in_an_archive_are_members_of_that_file():
    scan = made_tiff.tiff(PLANTED)
    data = made.zipped({"box/scan.tif": scan, "a.jpg": made.jpeg()})
    expected = ["box/scan.tif", "box/scan.tif!/page-2", "box/scan.tif!/page-3", "a.jpg"]
    assert [each.name for each in listed(data)] == expected
    assert [each.name for each in listed(data, Wish(names_only=True))] == expected
    (page,) = listed(data, Wish(only=expected[2]))
    assert page.data == pages(scan)["page-3"]


def test_a_damaged_page_costs_itself_alone():
    data = bytearray(made_tiff.tiff(PLANTED))
    (at,) = struct.unpack_from("<I", data, 4)
    (at,) = struct.unpack_from("<I", data, at + 2 + 12 * 10)
    entries = [at + 2 + 12 * index for index in range(10)]
    (starts,) = (each for each in entries if struct.unpack_from("<H", data, each)[0] == 273)
    (place,) = struct.unpack_from("<I", data, starts + 8)
    struct.pack_into("<I", data, place, 1 << 30)
    second, third = listed(bytes(data))
    assert second.failure is not None
    assert second.failure.kind == "corrupt"
    assert "beyond the end of the file" in str(second.failure)
    np.testing.assert_array_equal(np.asarray(decode(third.data).picture), PLANTED[2])


def test_a_chain_that_breaks_off_says_which_page_is_lost():
    data = bytearray(made_tiff.tiff(PLANTED))
    (at,) = struct.unpack_from("<I", data, 4)
    (at,) = struct.unpack_from("<I", data, at + 2 + 12 * 10)
    struct.pack_into("<I", data, at + 2 + 12 * 10, len(data) + 8)
    second, third = listed(bytes(data))
    assert (second.name, second.failure) == ("page-2", None)
    assert (third.name, third.failure.kind) == ("page-3", "truncated")


def test_pages_beyond_the_most_have_one_line_that_says_so(monkeypatch):
    for module in (tiff_pages, inner):
        monkeypatch.setattr(module, "MAX_PAGES", 2)
    second, third = listed(made_tiff.tiff(PLANTED))
    assert (second.name, second.failure) == ("page-2", None)
    assert (third.name, third.failure.kind) == ("page-3", "too_many_members")
    assert "more than 2 pages" in str(third.failure)


def test_a_page_whose_parts_lie_over_one_another_is_refused():
    data = bytearray(made_tiff.tiff([PLANTED[0], np.tile(PLANTED[1], (60, 1, 1))]))
    (at,) = struct.unpack_from("<I", data, 4)
    (at,) = struct.unpack_from("<I", data, at + 2 + 12 * 10)
    for entry in (at + 2 + 12 * index for index in range(10)):
        tag, _, count, place = struct.unpack_from("<HHII", data, entry)
        if tag in (273, 279):
            value = 0 if tag == 273 else len(data)
            struct.pack_into(f"<{count}I", data, place, *[value] * count)
    (second,) = listed(bytes(data))
    assert "over one another" in str(second.failure)


def test_old_jpeg_in_tiff_is_refused_in_words():
    data = made_tiff.tiff(PLANTED[:2], more={2: {259: (3, 6)}})
    (second,) = listed(data)
    assert second.failure.kind == "unsupported_samples"


@pytest.mark.parametrize("length", [5, 9, 40, 9000, 10_000, 20_000])
def test_a_file_that_is_cut_off_is_told_of_and_never_raises(length):
    for data in FILES.values():
        for found in listed(data[:length]):
            assert found.data is not None or isinstance(found.failure, InputError)

"""Pictures in archives and documents: found, named, read, limited; nothing touches a disk."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import InputError
from engine.images import containers, members
from engine.images.containers import Member, Wish, walk
from engine.images.exhibits import read_anywhere
from engine.images.pixels import decode
from engine.images.unpacker import Container, Unpacker
from tests.engine.images import made_containers as made
from tests.engine.images.made_raw import dng


def inside(data: bytes, wish: Wish | None = None) -> list[Member]:
    found = list(walk(io.BytesIO(data), len(data), wish or Wish()))
    assert isinstance(found[-1], int)
    return found[:-1]


def names(data: bytes) -> list[str]:
    listed = [each.name for each in inside(data, Wish(names_only=True))]
    assert listed == [each.name for each in inside(data)], "both ways give the same names"
    return listed


def failure(data: bytes) -> InputError:
    (found,) = inside(data)
    assert found.failure is not None
    return found.failure


PICTURES = {"folder/a.jpg": made.jpeg(1), "b.jpg": made.jpeg(2), "read.me": b"text"}


@pytest.mark.parametrize(
    "data",
    [
        made.zipped(PICTURES),
        made.zipped(PICTURES, zipfile.ZIP_BZIP2),
        made.zipped(PICTURES, zipfile.ZIP_LZMA),
        made.tarred(PICTURES),
        made.tarred(PICTURES, "w:gz"),
        made.tarred(PICTURES, "w:xz"),
        made.tarred(PICTURES, "w:bz2"),
    ],
    ids=["zip", "bzip2 in zip", "lzma in zip", "tar", "tar.gz", "tar.xz", "tar.bz2"],
)
def test_pictures_in_archives_are_found_and_read(data):
    assert names(data) == ["folder/a.jpg", "b.jpg"]
    assert [each.data for each in inside(data)] == [made.jpeg(1), made.jpeg(2)]


def test_documents_made_as_zip_are_archives():
    assert names(made.docx({"image1.jpg": made.jpeg()})) == ["word/media/image1.jpg"]


def test_a_pdf_gives_its_jpegs_unchanged_and_its_samples_as_they_are():
    found = inside(made.pdf())
    assert [each.name.rpartition(".")[2] for each in found] == ["jpg", "ppm"]
    assert found[0].data == made.jpeg(3)
    np.testing.assert_array_equal(np.asarray(decode(found[1].data).picture), made.picture(4))


def test_masks_and_specks_of_a_pdf_are_no_pictures():
    assert len(names(made.pdf())) == 2
    assert names(made.pdf(small=True)) == []


def test_a_picture_is_known_by_its_bytes_whatever_it_is_called():
    assert names(made.zipped({"holiday.txt": made.jpeg(), "letter.txt": b"text"})) == [
        "holiday.txt"
    ]


def test_the_preview_of_a_raw_file_is_a_member_of_it():
    view = Image.fromarray(np.tile(made.picture(), (3, 3, 1)))
    data = dng(np.tile(made.picture(), (2, 2, 1)), preview=view)
    (found,) = inside(data)
    assert found.name == "preview.jpg"
    assert decode(found.data).picture.size == view.size


def test_archives_in_archives_are_opened_three_deep_and_no_deeper():
    data, expected = made.zipped({"a.jpg": made.jpeg()}), "a.jpg"
    for depth in (2, 3):
        data = made.zipped({f"{depth}.zip": data})
        expected = f"{depth}.zip!/{expected}"
        assert names(data) == [expected]
    assert failure(made.zipped({"4.zip": data})).kind == "too_deep"


def test_one_member_alone_can_be_asked_for():
    inner = made.zipped({"deep.jpg": made.jpeg(5)})
    data = made.zipped({"in.zip": inner, **PICTURES})
    for wanted, content in (("b.jpg", made.jpeg(2)), ("in.zip!/deep.jpg", made.jpeg(5))):
        (found,) = inside(data, Wish(only=wanted))
        assert (found.name, found.data) == (wanted, content)


@pytest.mark.parametrize(
    "raw",
    [
        "../../etc/passwd.jpg",
        "/etc/x.jpg",
        "a/../../x.jpg",
        "C:\\x\\..\\..\\y.jpg",
        "...",
        "a!/b.jpg",
    ],
)
def test_no_name_of_a_member_leads_anywhere(raw):
    label = members.safe_name(raw, set())
    steps = label.split("/")
    assert not label.startswith("/")
    assert not any(step in ("", ".", "..") for step in steps)
    assert members.MARK not in label
    place = os.path.normpath(members.member_path("/evidence/a.zip", label))
    assert place.startswith("/evidence/a.zip!/")


def test_members_of_the_same_name_are_told_apart():
    taken: set[str] = set()
    labels = [members.safe_name(raw, taken) for raw in ("a.jpg", "./a.jpg", "a.jpg", "x/a.jpg")]
    assert labels == ["a.jpg", "a#2.jpg", "a#3.jpg", "x/a.jpg"]


def test_control_characters_in_a_name_are_shown_as_what_they_are():
    assert members.safe_name("a\0b\n.jpg", set()) == "a%00b%0A.jpg"


def test_links_pipes_and_devices_in_a_tar_are_no_files():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            entry = tarfile.TarInfo(f"{kind.decode()}.jpg")
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
    assert names(stream.getvalue()) == []


def test_an_encrypted_entry_says_so_and_the_others_are_read():
    assert failure(made.locked_zip()).kind == "encrypted"
    assert failure(made.pdf(password="x")).kind == "encrypted"


def test_a_damaged_entry_costs_itself_alone():
    data = bytearray(made.zipped(PICTURES, zipfile.ZIP_STORED))
    at = data.find(made.jpeg(1)) + 30
    data[at] ^= 0xFF
    first, second = inside(bytes(data))
    assert first.failure is not None
    assert first.failure.kind == "corrupt"
    assert second.data == made.jpeg(2)


@pytest.mark.parametrize("magic", [b"7z\xbc\xaf\x27\x1c\0\4", b"Rar!\x1a\x07\x01\0"])
def test_archives_that_are_not_opened_are_refused_in_words(magic):
    found = failure(magic + bytes(300))
    assert found.kind == "unsupported_container"
    assert "unpack" in str(found)


def test_what_unpacks_to_far_more_than_it_is_gets_cut_off(monkeypatch):
    monkeypatch.setattr(containers, "UNPACKED_FREE_BYTES", 1 << 16)
    bomb = made.zipped({"flat.bmp": b"BM" + bytes(8 << 20)})
    assert failure(bomb).kind == "bomb"
    assert failure(made.tarred({"flat.bmp": bytes(8 << 20)}, "w:gz")).kind == "bomb"


def test_what_is_only_passed_over_counts_too(monkeypatch):
    monkeypatch.setattr(containers, "UNPACKED_FREE_BYTES", 1 << 16)
    data = made.tarred({"zeros.bin": bytes(8 << 20), "a.jpg": made.jpeg()}, "w:gz")
    assert [each.failure and each.failure.kind for each in inside(data)] == ["bomb"]


def test_too_many_entries_are_cut_off_with_a_word(monkeypatch):
    monkeypatch.setattr(containers, "MAX_MEMBERS", 3)
    data = made.zipped({f"{n}.jpg": made.jpeg() for n in range(5)})
    found = inside(data)
    assert [each.name for each in found[:3]] == ["0.jpg", "1.jpg", "2.jpg"]
    assert found[3].failure is not None
    assert found[3].failure.kind == "too_many_members"


def test_an_entry_larger_than_any_file_may_be_is_refused(monkeypatch):
    monkeypatch.setattr(containers, "MAX_FILE_BYTES", 1000)
    assert failure(made.zipped({"a.jpg": made.jpeg()})).kind == "too_large"


def test_an_archive_that_holds_itself_ends():
    # A ZIP that is found in itself again and again, as far as depth allows.
    data = made.zipped({"a.jpg": made.jpeg()})
    for _ in range(6):
        data = made.zipped({"self.zip": data})
    assert failure(data).kind == "too_deep"


@pytest.mark.parametrize("length", [3, 20, 60, 200])
def test_a_cut_off_container_is_told_of_and_never_raises(length):
    for whole in (made.zipped(PICTURES), made.tarred(PICTURES, "w:gz"), made.pdf()):
        for found in inside(whole[:length]):
            assert found.failure is not None or found.data is not None


def test_the_process_gives_members_with_their_own_hashes_and_the_containers(tmp_path):
    file = tmp_path / "a.zip"
    file.write_bytes(made.zipped(PICTURES))
    with Container(str(file)) as container, Unpacker() as unpacker:
        for _ in range(2):
            process = unpacker.pid
            *entries, others = unpacker.entries(container)
            assert others == 1
            assert process in (None, unpacker.pid)
            for entry, seed in zip(entries, (1, 2), strict=True):
                facts = entry.exhibit.facts
                assert facts.path == f"{file}!/{entry.name}"
                assert facts.sha256 == hashlib.sha256(made.jpeg(seed)).hexdigest()
                assert facts.container_sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


def test_who_stops_at_the_last_member_keeps_the_process(tmp_path):
    file = tmp_path / "a.zip"
    file.write_bytes(made.zipped(PICTURES))
    with Container(str(file)) as container, Unpacker() as unpacker:
        for found in unpacker.entries(container):
            if isinstance(found, int):
                break
        kept = unpacker.pid
        assert kept is not None
        assert next(iter(unpacker.entries(container))).exhibit is not None
        assert unpacker.pid is None, "left in the middle, it is ended"


def test_a_container_that_changes_while_it_is_read_fails_what_follows(tmp_path):
    file = tmp_path / "a.zip"
    file.write_bytes(made.zipped(PICTURES))
    with Container(str(file)) as container, Unpacker() as unpacker:
        entries = unpacker.entries(container)
        assert next(entries).failure is None
        with file.open("r+b") as stream:
            stream.write(b"PK")
        changed = next(entries)
        assert changed.failure.kind == "changed"


def test_a_member_is_read_by_its_name_alone_and_a_real_file_of_that_name_comes_first(tmp_path):
    file = tmp_path / "a.zip"
    file.write_bytes(made.zipped(PICTURES))
    assert read_anywhere(f"{file}!/b.jpg").data == made.jpeg(2)
    with pytest.raises(InputError) as caught:
        read_anywhere(f"{file}!/none.jpg")
    assert caught.value.kind == "not_found"
    Path(f"{file}!").mkdir()
    Path(f"{file}!/b.jpg").write_bytes(b"a file of its own")
    assert read_anywhere(f"{file}!/b.jpg").data == b"a file of its own"

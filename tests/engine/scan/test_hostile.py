"""A folder of files made to do harm: a line each, and nothing else happens."""

from __future__ import annotations

import io
import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from engine.evidence.results import read_results
from engine.job import Context
from engine.scan.pipeline import run
from engine.scan_types import ScanRequest
from engine.types import Examination, Status
from tests.engine.images import made_containers as containers
from tests.engine.images.made_heic import heic
from tests.engine.traces import made_files as made
from tests.fakes import FakeExaminer


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *more: bytes, body: bytes | None = None) -> bytes:
    rows = bytes(1 + 3 * width) * height if body is None else body
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", header), *more, chunk(b"IDAT", zlib.compress(rows))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def with_profile(profile: bytes) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(stream, "JPEG", icc_profile=profile)
    return stream.getvalue()


def tiff_ring() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 64)).save(stream, "TIFF")
    data = bytearray(stream.getvalue())
    at = struct.unpack_from("<I", data, 4)[0]
    (count,) = struct.unpack_from("<H", data, at)
    struct.pack_into("<I", data, at + 2 + 12 * count, at)
    return bytes(data)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
XML_BOMB = f"<!DOCTYPE x [{LAUGHS}]><x:xmpmeta xmlns:x='adobe:ns:meta/'>&l9;</x:xmpmeta>".encode()

FLAT = zlib.compress(bytes(300 << 20))

HOSTILE: dict[str, tuple[bytes, str | None]] = {
    # name: (content, kind of its failure; None where the picture itself can be examined)
    "pixels.png": (png(60_000, 60_000, body=b"\0"), "too_large"),
    "pixels.gif": (
        b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\2\2L\1\0;",
        "too_large",
    ),
    "pixels.jxl": (
        b"\xff\x0a" + int(("0" + "11" + "1" * 30 + "100")[::-1], 2).to_bytes(16, "little"),
        "too_large",
    ),
    "text.png": (png(64, 64, chunk(b"zTXt", b"k\0\0" + FLAT)), "corrupt"),
    "workflow.png": (png(64, 64, chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(3 << 20)))), None),
    "profile.png": (png(64, 64, chunk(b"iCCP", b"k\0\0" + FLAT)), "corrupt"),
    "ring.tif": (tiff_ring(), None),
    "laughs.jpg": (
        made.with_segment(made.jpeg(), 0xE1, made.XMP_MARK + XML_BOMB),
        None,
    ),
    "profile.jpg": (with_profile(b"\0\0\1\0acsp" + b"\xff" * 300), None),
    "manifest.jpg": (
        made.with_segment(made.jpeg(), 0xEB, b"JP\0\1\0\0\0\1\xff\xff\xff\xffjumb" + b"c2pa" * 99),
        None,
    ),
    "cut.heic": (heic(np.zeros((64, 96, 3), np.uint8))[:-3000], "truncated"),
    "name.zip": (containers.zipped({"../../../tmp/out.jpg": containers.jpeg()}), None),
    "locked.zip": (containers.locked_zip(), "encrypted"),
    "seven.zip": (b"7z\xbc\xaf\x27\x1c" + bytes(200), "unsupported_container"),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Examination]:
    top = tmp_path_factory.mktemp("hostile")
    folder, out = top / "in", top / "out"
    folder.mkdir()
    for name, (content, _) in HOSTILE.items():
        (folder / name).write_bytes(content)
    (folder / "loop").symlink_to(folder)
    (folder / "self.jpg").symlink_to(folder / "self.jpg")
    (folder / "device.jpg").symlink_to("/dev/zero")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.jpg")
    before = set(top.rglob("*"))
    request = ScanRequest(paths=(str(folder),), out_dir=str(out))
    run(request, FakeExaminer, Context())
    strays = {path for path in top.rglob("*") if out not in (path, *path.parents)} - before
    assert strays == set()
    return {os.path.relpath(each.facts.path, folder): each for each in read_results(out)}


@pytest.mark.parametrize("name", HOSTILE)
def test_each_hostile_file_has_a_line_with_its_reason(results, name):
    _, kind = HOSTILE[name]
    found = next(each for path, each in results.items() if path.split("!")[0] == name)
    assert (found.failure and found.failure.kind) == kind, found.failure


def test_special_files_are_refused_untouched(results):
    kinds = {name: results[name].failure.kind for name in ("self.jpg", "device.jpg")}
    assert kinds == {"self.jpg": "unreadable", "device.jpg": "not_a_file"}
    if "pipe.jpg" in results:
        assert results["pipe.jpg"].failure.kind == "not_a_file"


def test_a_loop_of_links_gives_no_file_twice(results):
    assert not any(name.startswith("loop") for name in results)


def test_a_name_that_leads_out_of_its_archive_stays_a_label(results):
    (name,) = [each for each in results if each.startswith("name.zip!/")]
    assert ".." not in name


def test_xml_bombs_and_broken_manifests_are_findings(results):
    for name in ("laughs.jpg", "manifest.jpg"):
        told = [f"{each.status} {each.value} {each.reason}" for each in results[name].findings]
        assert told, name
        assert not any(each.status is Status.INFERRED for each in results[name].findings[:1])

"""The inspection in its child: what comes back, what may fail, and that no verdict moves."""

from __future__ import annotations

import json
import os
import shutil
import time
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import api
from engine.errors import InputError
from engine.images import decoder as decoder_module
from engine.images.decoder import Decoder
from engine.images.opened import Decoded
from engine.images.reading import read_exhibit
from engine.job import Context
from engine.traces import exiftool, inspection
from engine.traces.inspection import Analyser, analyse, findings, inspect
from engine.traces.made import Method
from engine.types import Status
from tests.engine.traces import made_files as made
from tests.engine.traces.signing import authority, signed
from tests.engine.traces.test_generators import A1111
from tests.fakes import FakeExaminer

FAILING = Method(name="test.failing", version="1", source="")


def crash(_data, _decoded):
    os._exit(3)


def hang(_data, _decoded):
    time.sleep(600)


def babble(_data, _decoded):
    return b'[{"analyser": 1}, "nonsense"]'


def claim_to_be_a_model(_data, _decoded):
    record = {"analyser": "vrm.both", "version": "1", "status": "inferred", "value": 9.0}
    return json.dumps(
        [{**record, "unit": None, "regions": [], "reason": "", "source": ""}]
    ).encode()


def reach_out(data, decoded):
    import socket

    socket.create_connection(("127.0.0.1", 9), timeout=1)
    return inspect(data, decoded)


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    file = tmp_path / "photo.jpg"
    file.write_bytes(made.with_exif(made.jpeg(), **made.CAMERA))
    return file


def test_facts_come_back_from_the_child_numbered_conflicts_first(tmp_path):
    file = tmp_path / "photo.jpg"
    parts = {**made.CAMERA, "thumbnail": made.jpeg(made.scene(120, 160, seed=8))}
    file.write_bytes(made.with_exif(made.jpeg(), **parts))
    data = file.read_bytes()
    found = findings(made.inspected(file, inspect), data)
    assert [f.id for f in found] == [f"P{n}" for n in range(1, len(found) + 1)]
    assert found[0].analyser == "conflict.thumbnail"
    order = [f.status for f in found]
    assert order == sorted(order, key=[*Status].index)
    observed = [f.value for f in found if f.status is Status.OBSERVED]
    assert observed.index("none") > observed.index("Residua Test 1")
    in_process = {(f.analyser, f.value, f.reason) for f in made.found_in(data)}
    from_child = {(f.analyser, f.value, f.reason) for f in found}
    elsewhere = ("metadata.exiftool", "file.decoding")
    assert in_process == {f for f in from_child if f[0] not in elsewhere}


def test_how_a_file_was_decoded_is_a_finding():
    picture = Image.fromarray(made.scene(40, 60))
    notes = ("16-bit samples reduced to 8 bits.", "Turned upright by EXIF orientation 6.")
    data = made.png(made.scene(40, 60))
    for given, said in ((notes, " ".join(notes)), ((), "as they are")):
        decoded = Decoded(picture=picture, format="PNG", notes=given, jpeg_quality=None)
        last = json.loads(inspect(data, decoded))[-1]
        assert (last["analyser"], last["value"]) == ("file.decoding", "PNG")
        assert said in last["reason"]


def test_an_analyser_that_fails_is_a_finding_and_the_others_go_on():
    def fail(_specimen):
        raise ValueError("no such thing")

    subject = made.taken_apart(made.jpeg())
    found = analyse(subject, (Analyser(method=FAILING, analyse=fail), *inspection.ANALYSERS))
    assert made.only(found, "test.failing").status is Status.FAILED
    assert "no such thing" in made.only(found, "test.failing").reason
    assert made.only(found, "jpeg.structure")


@pytest.mark.parametrize("harm", [crash, hang, reach_out])
def test_an_inspection_that_breaks_down_costs_its_report_not_the_picture(
    photograph, harm, monkeypatch
):
    monkeypatch.setattr(decoder_module, "INSPECT_LIMIT_S", 2.0)
    with Decoder(inspect=harm) as decoder:
        for _ in range(2):
            came = decoder.inspected(read_exhibit(str(photograph)))
            assert came.image.pixels.shape == (240, 320, 3)
            (finding,) = findings(came, photograph.read_bytes())
            assert finding.status is Status.FAILED
            assert finding.id == "P1"
        assert decoder.decode_file(str(photograph)).pixels.shape == (240, 320, 3)


@pytest.mark.parametrize("lie", [babble, claim_to_be_a_model])
def test_an_answer_that_makes_no_sense_is_refused(photograph, lie):
    (finding,) = findings(made.inspected(photograph, lie), photograph.read_bytes())
    assert finding.status is Status.FAILED


def test_a_file_that_cannot_be_decoded_is_still_refused(tmp_path):
    file = tmp_path / "broken.jpg"
    file.write_bytes(made.jpeg()[:600])
    with pytest.raises(InputError):
        made.inspected(file, inspect)


def marked_files() -> dict[str, bytes]:
    """Files of every format with metadata of every kind."""
    exif = {**made.CAMERA["exif"], 0x9286: b"ASCII\0\0\0" + A1111.encode()}
    thumbnail = made.jpeg(made.scene(60, 80))
    pixels = made.scene(120, 160)
    data = made.with_exif(
        made.jpeg(pixels), ifd0=made.CAMERA["ifd0"], exif=exif, thumbnail=thumbnail
    )
    data = made.with_xmp(made.with_iptc(data, {80: "A. Author"}), 'xmp:CreatorTool="Tool"')
    files = {"JPEG": signed(data, "image/jpeg", authority())}
    packet = made.xmp_packet('xmp:CreatorTool="Tool"').decode()
    texts = {"parameters": A1111, "XML:com.adobe.xmp": packet}
    files["PNG"] = signed(made.png(pixels, texts=texts), "image/png", authority())
    marked = Image.Exif()
    marked[0x010F] = "Residua"
    for name in ("WEBP", "TIFF", "AVIF"):
        out = BytesIO()
        Image.fromarray(pixels).save(out, name, exif=marked)
        files[name] = out.getvalue()
    return files


def test_damaged_files_of_every_format_give_findings_and_never_an_error():
    rng = np.random.default_rng(5)
    for name, data in marked_files().items():
        picture = Image.fromarray(made.scene(120, 160))
        decoded = Decoded(picture=picture, format=name, notes=(), jpeg_quality=None)
        for turn in range(40):
            damaged = bytearray(data)
            reach = len(data) if turn % 2 else min(len(data), 4000)
            for at in rng.integers(8, reach, 8):
                damaged[at] = int(rng.integers(0, 256))
            if turn % 5 == 0:
                del damaged[int(rng.integers(40, len(damaged))) :]
            assert json.loads(inspect(bytes(damaged), decoded))


def examined(file: Path):
    ctx = Context()
    return api.examine(str(file), ctx=ctx, factory=lambda *_key: FakeExaminer())


def test_facts_join_the_examination_before_the_models_findings(photograph):
    ids = [f.id for f in examined(photograph).findings]
    assert ids[0] == "P1"
    assert ids[-1] == "M1"


@pytest.mark.parametrize("change", ["generator", "camera", "thumbnail"])
def test_facts_of_provenance_never_change_the_models_reading(tmp_path, change):
    bare = made.jpeg(made.scene(), quality=90)
    marked = {
        "generator": made.with_exif(bare, exif={0x9286: b"ASCII\0\0\0" + A1111.encode()}),
        "camera": made.with_exif(bare, **made.CAMERA),
        "thumbnail": made.with_exif(bare, thumbnail=made.jpeg(made.scene(120, 160, seed=8))),
    }[change]
    readings = []
    for name, data in (("bare.jpg", bare), ("marked.jpg", marked)):
        (tmp_path / name).write_bytes(data)
        readings.append(examined(tmp_path / name))
    assert readings[0].verdict == readings[1].verdict
    assert readings[0].condition == readings[1].condition
    facts = [[(f.analyser, f.value) for f in r.findings if f.id[0] == "P"] for r in readings]
    assert facts[0] != facts[1]
    models = [[f for f in r.findings if f.id[0] == "M"] for r in readings]
    assert models[0] == models[1]


@pytest.mark.weights
def test_facts_of_provenance_never_change_the_minis_probability(tmp_path):
    bare = made.jpeg(made.scene(), quality=90)
    readings = []
    with api.Engine() as engine:
        for name, data in (
            ("bare.jpg", bare),
            ("ai.jpg", made.with_exif(bare, exif={0x9286: b"ASCII\0\0\0" + A1111.encode()})),
        ):
            (tmp_path / name).write_bytes(data)
            readings.append(
                engine.examine(str(tmp_path / name), explain=False, traces=False, ctx=Context())
            )
    assert readings[0].verdict == readings[1].verdict


ANSWER = {
    "SourceFile": "-",
    "ExifTool:ExifToolVersion": 12.57,
    "ExifTool:Warning": "[minor] Possibly incorrect maker notes offsets",
    "File:FileType": "JPEG",
    "IFD0:Make": "Canon",
    "Canon:SerialNumber": 1234567,
    "Canon:FirmwareVersion": "1.0.2",
}


def test_exiftools_answer_is_told_with_its_version_and_warnings():
    (finding,) = exiftool.parse(json.dumps([ANSWER]).encode())
    assert finding.status is Status.OBSERVED
    assert finding.value == "3 values"
    assert finding.source == "ExifTool 12.57"
    for words in ("SerialNumber 1234567", "FirmwareVersion 1.0.2", "incorrect maker notes"):
        assert words in finding.reason


@pytest.mark.parametrize("answer", [b"", b"{}", b"[]", b'[{"a": 1}]', b"not json"])
def test_an_answer_of_exiftool_that_makes_no_sense_is_a_failure(answer):
    (finding,) = exiftool.parse(answer)
    assert finding.status is Status.FAILED


def test_an_exiftool_with_a_known_hole_is_not_used():
    (finding,) = exiftool.parse(
        json.dumps([{**ANSWER, "ExifTool:ExifToolVersion": 12.16}]).encode()
    )
    assert finding.status is Status.FAILED
    assert "too old" in finding.reason


def test_without_exiftool_the_finding_says_who_read(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    (finding,) = exiftool.find(made.jpeg())
    assert finding.status is Status.NOT_AVAILABLE
    assert "Residua's own readers" in finding.reason


@pytest.mark.skipif(
    shutil.which("exiftool") is None, reason="SKIPPED WITHOUT PROOF: ExifTool is not installed"
)
def test_the_real_exiftool_reads_the_bytes_it_is_handed(photograph):
    (finding,) = exiftool.find(photograph.read_bytes())
    assert finding.status is Status.OBSERVED
    assert "IFD0" in finding.reason

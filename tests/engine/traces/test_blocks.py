"""Where metadata lies, in every format that carries it."""

from __future__ import annotations

import struct
from io import BytesIO

import pytest
from PIL import Image

from engine.traces import blocks, exif, iptc, jpeg_file, xmp
from tests.engine.traces import made_files as made


def test_a_jpeg_is_walked_to_its_end_and_no_further():
    data = made.jpeg(quality=90, subsampling="4:2:2")
    found = jpeg_file.read(data + b"trailing")
    assert found.complete
    assert found.end == len(data)
    assert found.subsampling == "4:2:2"
    assert (found.frame.height, found.frame.width) == (240, 320)
    assert found.scans == 1
    assert [table.index for table in found.tables] == [0, 1]
    with Image.open(BytesIO(data)) as opened:
        assert list(found.tables[0].values) == list(opened.quantization[0])


def test_a_progressive_jpeg_has_many_scans():
    found = jpeg_file.read(made.jpeg(progressive=True))
    assert jpeg_file.FRAMES[found.frame.marker] == "progressive"
    assert found.scans > 4
    assert found.complete


def test_an_end_marker_inside_a_thumbnail_does_not_end_the_picture():
    data = made.with_exif(made.jpeg(), thumbnail=made.jpeg(made.scene(60, 80)))
    assert jpeg_file.read(data).end == len(data)


@pytest.mark.parametrize("cut", [2, 3, 20, 200, 700, 3000])
def test_a_cut_jpeg_is_read_as_far_as_it_goes(cut):
    data = made.jpeg()[:cut]
    if cut < 3:
        with pytest.raises(ValueError, match="start-of-image"):
            jpeg_file.read(data)
    else:
        assert not jpeg_file.read(data).complete


def test_what_is_no_jpeg_is_refused():
    with pytest.raises(ValueError, match="start-of-image"):
        jpeg_file.read(made.png())


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_exif_is_found_in_every_format(format_name):
    marked = Image.Exif()
    marked[0x010F] = "Residua"
    out = BytesIO()
    Image.fromarray(made.scene()).save(out, format_name, exif=marked)
    found = made.taken_apart(out.getvalue())
    assert found.exif_values.text("Make") == "Residua"
    assert found.problems == ()


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_xmp_is_found_in_every_format(format_name):
    out = BytesIO()
    packet = made.xmp_packet('xmp:CreatorTool="Residua tests"')
    picture = Image.fromarray(made.scene())
    if format_name == "PNG":
        out.write(made.png(texts={"XML:com.adobe.xmp": packet.decode()}))
    else:
        picture.save(out, format_name, xmp=packet)
    assert made.taken_apart(out.getvalue()).xmp_values("xmp:CreatorTool") == ["Residua tests"]


def test_png_texts_of_all_three_kinds_are_read():
    info = made.PngImagePlugin.PngInfo()
    info.add_text("plain", "one")
    info.add_text("packed", "two", zip=True)
    info.add_itxt("wide", "drei \u00e4", zip=True)
    out = BytesIO()
    Image.fromarray(made.scene()).save(out, "PNG", pnginfo=info)
    texts = {t.key: (t.place, t.value) for t in blocks.find(out.getvalue(), "PNG").texts}
    assert texts == {
        "plain": ("PNG tEXt", "one"),
        "packed": ("PNG zTXt", "two"),
        "wide": ("PNG iTXt", "drei \u00e4"),
    }


def test_a_text_that_unpacks_to_gigabytes_is_cut():
    import zlib

    bomb = zlib.compress(b"a" * (blocks.MAX_TEXT_BYTES + 1000))
    content = b"key\0\0" + bomb
    chunk = struct.pack(">I", len(content)) + b"zTXt" + content + b"\0\0\0\0"
    data = made.png()
    found = blocks.find(data[:33] + chunk + data[33:], "PNG")
    assert len(found.texts[0].value) == blocks.MAX_TEXT_BYTES


def test_exif_values_keep_their_kinds():
    found = exif.read(
        made.exif_block(
            ifd0={0x010F: "Maker", 0x0112: 6},
            exif={0x829A: (1, 250), 0x9286: b"ASCII\0\0\0hello"},
            gps={0x01: "S", 0x02: ((10, 1), (30, 1), (0, 1))},
        )
    )
    assert found.text("Make") == "Maker"
    assert found.number("Orientation") == 6
    assert found.number("ExposureTime") == pytest.approx(0.004)
    assert found.text("UserComment") == "hello"
    assert found.counts == {"IFD0": 4, "Exif": 2, "GPS": 2}
    assert found.damage == []


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_a_user_comment_is_read_in_either_byte_order(order):
    raw = b"UNICODE\0" + "a cat, Steps: 20".encode(order)
    assert exif.user_comment(raw) == "a cat, Steps: 20"


def test_a_directory_that_points_at_itself_ends():
    loop = b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0x8769, 4, 1, 8)
    found = exif.read(loop + struct.pack("<I", 8))
    assert found.damage


@pytest.mark.parametrize("seed", range(40))
def test_damaged_exif_never_raises_anything_but_what_is_caught(seed):
    rng = made.np.random.default_rng(seed)
    block = bytearray(made.exif_block(**made.CAMERA, thumbnail=made.jpeg(made.scene(40, 40))))
    for at in rng.integers(4, min(len(block), 160), 6):
        block[at] = int(rng.integers(0, 256))
    data = made.with_segment(made.jpeg(), 0xE1, b"Exif\0\0" + bytes(block))
    for finding in made.found_in(data):
        assert finding.reason


def test_iptc_is_read_from_photoshop_resources():
    data = made.with_iptc(made.jpeg(), {40: "FBMD01000a9e0d0000", 80: "A. Author"})
    found = made.taken_apart(data).photoshop
    assert found.iptc == {"SpecialInstructions": "FBMD01000a9e0d0000", "By-line": "A. Author"}


def test_xmp_lists_and_structures_become_paths():
    packet = made.xmp_packet(
        'xmp:CreatorTool="Tool"',
        "<dc:creator><rdf:Seq><rdf:li>One</rdf:li><rdf:li>Two</rdf:li></rdf:Seq></dc:creator>"
        "<xmpMM:History><rdf:Seq>"
        '<rdf:li stEvt:action="saved" stEvt:softwareAgent="Editor 1"/>'
        "</rdf:Seq></xmpMM:History>",
    )
    assert {(p.path, p.value) for p in xmp.read(packet)} == {
        ("xmp:CreatorTool", "Tool"),
        ("dc:creator[1]", "One"),
        ("dc:creator[2]", "Two"),
        ("xmpMM:History[1]/stEvt:action", "saved"),
        ("xmpMM:History[1]/stEvt:softwareAgent", "Editor 1"),
    }


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_xmp_with_entities_or_a_dtd_is_refused(declaration):
    with pytest.raises(ValueError, match="refused"):
        xmp.read(declaration.encode() + made.xmp_packet().partition(b"?>")[2])


def test_broken_xmp_is_a_failed_finding_and_the_rest_goes_on():
    data = made.with_segment(made.jpeg(), 0xE1, made.XMP_MARK + b"<x:xmpmeta><broken")
    found = made.found_in(data)
    assert "not well-formed" in made.failures_of(found)[0]
    assert made.only(found, "jpeg.structure")


def test_an_empty_resource_block_is_no_error():
    assert iptc.read(b"").resources == []

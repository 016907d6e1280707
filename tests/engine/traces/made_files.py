"""Files with planted metadata, written here byte by byte or by Pillow."""

from __future__ import annotations

import json
import struct
import zlib
from io import BytesIO

import numpy as np
from PIL import Image, PngImagePlugin

from engine.images.child import Inspect
from engine.images.decoder import Decoder, Inspected
from engine.images.pixels import decode
from engine.images.reading import read_exhibit
from engine.traces.inspection import ANALYSERS, analyse
from engine.traces.specimen import Specimen, specimen
from engine.types import Finding, Status

XMP_MARK = b"http://ns.adobe.com/xap/1.0/\0"
NAMESPACES = {
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "stEvt": "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "TC260": "http://www.tc260.org.cn/ns/AIGC/1.0/",
}


def scene(height: int = 240, width: int = 320, seed: int = 1) -> np.ndarray:
    """A smooth picture with shapes: photographs compress and shrink alike."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (9, 12, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    noise = rng.normal(0, 3, (height, width, 3))
    return np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8)


def jpeg(pixels: np.ndarray | None = None, **options) -> bytes:
    out = BytesIO()
    Image.fromarray(scene() if pixels is None else pixels).save(out, "JPEG", **options)
    return out.getvalue()


def png(pixels: np.ndarray | None = None, texts: dict[str, str] | None = None, **options) -> bytes:
    info = PngImagePlugin.PngInfo()
    for key, value in (texts or {}).items():
        info.add_itxt(key, value)
    out = BytesIO()
    Image.fromarray(scene() if pixels is None else pixels).save(out, "PNG", pnginfo=info, **options)
    return out.getvalue()


def with_segment(data: bytes, marker: int, content: bytes) -> bytes:
    """Put a marker segment at the front of a JPEG."""
    return (
        data[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content + data[2:]
    )


def exif_block(
    ifd0: dict[int, object] | None = None,
    exif: dict[int, object] | None = None,
    gps: dict[int, object] | None = None,
    thumbnail: bytes | None = None,
) -> bytes:
    """A TIFF structure, little end first. Texts, bytes, whole numbers and (a, b) fractions."""
    heap = bytearray()
    directories: list[tuple[dict[int, object], int]] = []
    main = dict(ifd0 or {})
    start = 8
    parts = [("IFD0", main)]
    if exif:
        main[0x8769] = 0
        parts.append(("Exif", exif))
    if gps:
        main[0x8825] = 0
        parts.append(("GPS", gps))
    if thumbnail is not None:
        parts.append(("IFD1", {0x0201: 0, 0x0202: len(thumbnail)}))
    offsets = {}
    for name, values in parts:
        offsets[name] = start
        start += 2 + 12 * len(values) + 4
    heap_at = start
    if exif:
        main[0x8769] = offsets["Exif"]
    if gps:
        main[0x8825] = offsets["GPS"]
    if thumbnail is not None:
        parts[-1][1][0x0201] = heap_at
        heap += thumbnail
    body = bytearray()
    for name, values in parts:
        body += struct.pack("<H", len(values))
        for tag in sorted(values):
            kind, count, raw = _value(values[tag])
            if len(raw) > 4:
                body += struct.pack("<HHII", tag, kind, count, heap_at + len(heap))
                heap += raw
            else:
                body += struct.pack("<HHI", tag, kind, count) + raw.ljust(4, b"\0")
        following = offsets.get("IFD1", 0) if name == "IFD0" else 0
        body += struct.pack("<I", following)
        directories.append((values, offsets[name]))
    return b"II*\0" + struct.pack("<I", 8) + bytes(body) + bytes(heap)


def _value(value: object) -> tuple[int, int, bytes]:
    if isinstance(value, str):
        raw = value.encode() + b"\0"
        return 2, len(raw), raw
    if isinstance(value, bytes):
        return 7, len(value), value
    if isinstance(value, int):
        return 4, 1, struct.pack("<I", value)
    assert isinstance(value, tuple)
    pairs = value if isinstance(value[0], tuple) else (value,)
    return 5, len(pairs), b"".join(struct.pack("<II", a, b) for a, b in pairs)


def with_exif(data: bytes, **parts) -> bytes:
    return with_segment(data, 0xE1, b"Exif\0\0" + exif_block(**parts))


CAMERA = {
    "ifd0": {0x010F: "Residua", 0x0110: "Test 1"},
    "exif": {0x829A: (1, 60), 0x829D: (28, 10)},
}
"""EXIF of an exposure by a camera."""


def xmp_packet(attributes: str = "", inside: str = "") -> bytes:
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {spaces} {attributes}>{inside}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def with_xmp(data: bytes, attributes: str = "", inside: str = "") -> bytes:
    return with_segment(data, 0xE1, XMP_MARK + xmp_packet(attributes, inside))


def with_iptc(data: bytes, datasets: dict[int, str]) -> bytes:
    block = b"".join(
        b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(text)) + text.encode()
        for number, text in datasets.items()
    )
    resource = b"8BIM" + struct.pack(">H", 0x0404) + b"\0\0" + struct.pack(">I", len(block)) + block
    return with_segment(data, 0xED, b"Photoshop 3.0\0" + resource + b"\0" * (len(block) % 2))


def stealth_png(message: dict[str, object]) -> bytes:
    """Hide a JSON text in the lowest bits of alpha, down each column first."""
    packer = zlib.compressobj(wbits=31)
    packed = packer.compress(json.dumps(message).encode()) + packer.flush()
    raw = b"stealth_pngcomp" + struct.pack(">I", 8 * len(packed)) + packed
    bits = np.unpackbits(np.frombuffer(raw, dtype=np.uint8))
    pixels = scene()
    alpha = np.full(pixels.shape[1::-1], 254, dtype=np.uint8)
    alpha.reshape(-1)[: len(bits)] |= bits
    return png(np.dstack([pixels, alpha.T]))


def taken_apart(data: bytes) -> Specimen:
    decoded = decode(data)
    alpha = None if decoded.alpha is None else np.asarray(decoded.alpha)
    return specimen(data, decoded.format, np.asarray(decoded.picture), alpha)


def found_in(data: bytes) -> tuple[Finding, ...]:
    """All findings, made in this process, unnumbered."""
    return analyse(taken_apart(data), ANALYSERS)


def named(found: tuple[Finding, ...], analyser: str) -> list[Finding]:
    return [finding for finding in found if finding.analyser == analyser]


def only(found: tuple[Finding, ...], analyser: str) -> Finding:
    (finding,) = named(found, analyser)
    return finding


def conflicts_of(found: tuple[Finding, ...]) -> list[str]:
    return [f.analyser for f in found if f.analyser.startswith("conflict.")]


def failures_of(found: tuple[Finding, ...]) -> list[str]:
    return [f.reason for f in found if f.status is Status.FAILED]


def inspected(path, inspect: Inspect) -> Inspected:
    """Inspect a file in a real child process."""
    with Decoder(inspect=inspect) as decoder:
        return decoder.inspected(read_exhibit(str(path)))

"""Where metadata lies in a file: EXIF, XMP, IPTC, ICC, texts and manifests of each format."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO

import pi_heif
from PIL import Image

from engine.traces import jpeg_file
from engine.traces.jpeg_file import JpegFile

MAX_TEXT_BYTES = 4 << 20
"""Longest text that is unpacked; ComfyUI workflows of hundreds of kB exist."""

MAX_BLOCKS = 10_000
"""More chunks than this are not walked."""

_OTHERS = ("AVIF", "JPEG2000", "GIF")
_RAW_AS_TIFF = ("DNG", "CR2", "NEF", "ARW", "PEF", "SRW", "ERF", "3FR", "RAW")
"""Camera raw formats whose directories are those of a TIFF file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text that a file carries beside its picture."""

    place: str
    """Where it lies, such as ``"PNG tEXt"``."""
    key: str
    """Its name there; may be empty."""
    value: str
    """The text, as long as it is."""


@dataclass(slots=True, kw_only=True)
class Blocks:
    """The metadata of a file, unparsed."""

    exif: bytes | None = None
    """A TIFF structure, without the ``Exif`` mark before it."""
    xmp: list[bytes] = field(default_factory=list)
    """XMP packets."""
    photoshop: bytes | None = None
    """Photoshop image resources, with IPTC inside."""
    icc: bytes | None = None
    texts: list[Text] = field(default_factory=list)
    manifest: bool = False
    """Whether a C2PA manifest store is embedded."""
    jpeg: JpegFile | None = None
    """Structure, JPEG only."""
    end: int | None = None
    """Offset after the picture's last byte; None when the format does not tell."""
    names: list[str] = field(default_factory=list)
    """What was met, in order, such as ``"APP1 Exif"`` or ``"IHDR"``."""


def find(data: bytes, format_name: str) -> Blocks:
    """Return the metadata blocks of a file.

    Args:
        data: the whole file.
        format_name: as `engine.images.formats.sniff` names it.
    """
    walk = _WALKS.get(format_name)
    blocks = Blocks()
    if walk is not None:
        walk(data, blocks)
    elif format_name in _OTHERS:
        _from_pillow(data, format_name, blocks)
    return blocks


def _jpeg(data: bytes, blocks: Blocks) -> None:
    blocks.jpeg = structure = jpeg_file.read(data)
    blocks.end = structure.end
    icc: dict[int, bytes] = {}
    resources: list[bytes] = []
    for segment in structure.segments:
        content = structure.content(data, segment)
        name = _segment_name(segment.marker, content)
        blocks.names.append(name)
        if name == "APP1 Exif" and blocks.exif is None:
            blocks.exif = content[6:]
        elif name == "APP1 XMP":
            blocks.xmp.append(content[29:])
        elif name == "APP13 Photoshop":
            resources.append(content[14:])
        elif name == "APP2 ICC" and len(content) > 14:
            icc[content[12]] = content[14:]
        elif name == "APP11 JUMBF":
            blocks.manifest = blocks.manifest or b"c2pa" in content[:128]
        elif name == "COM":
            blocks.texts.append(Text(place="JPEG comment", key="", value=_decoded(content)))
    blocks.icc = b"".join(icc[i] for i in sorted(icc)) or None
    blocks.photoshop = b"".join(resources) or None


_APP_MARKS = (
    (0xE0, b"JFIF\0", "JFIF"),
    (0xE0, b"JFXX\0", "JFXX"),
    (0xE1, b"Exif\0", "Exif"),
    (0xE1, b"http://ns.adobe.com/xap/1.0/\0", "XMP"),
    (0xE1, b"http://ns.adobe.com/xmp/extension/\0", "XMP extension"),
    (0xE2, b"ICC_PROFILE\0", "ICC"),
    (0xE2, b"MPF\0", "MPF"),
    (0xE2, b"FPXR\0", "FlashPix"),
    (0xE2, b"urn:iso:std:iso:ts:21496", "HDR gain map"),
    (0xEB, b"JP", "JUMBF"),
    (0xEB, b"HDR_RI", "JPEG-HDR"),
    (0xEC, b"Ducky", "Ducky"),
    (0xED, b"Photoshop 3.0\0", "Photoshop"),
    (0xEE, b"Adobe", "Adobe"),
)
_MARKER_NAMES = {0xDB: "DQT", 0xC4: "DHT", 0xDA: "SOS", 0xDD: "DRI", 0xFE: "COM", 0xCC: "DAC"}


def _segment_name(marker: int, content: bytes) -> str:
    if 0xE0 <= marker <= 0xEF:
        app = f"APP{marker - 0xE0}"
        for known, start, name in _APP_MARKS:
            if marker == known and content.startswith(start):
                return f"{app} {name}"
        return app
    if marker in jpeg_file.FRAMES:
        return f"SOF{marker - 0xC0}"
    return _MARKER_NAMES.get(marker, f"0x{marker:02X}")


def _png(data: bytes, blocks: Blocks) -> None:
    for name, at, length in _png_chunks(data):
        blocks.names.append(name)
        content = data[at : at + length]
        blocks.end = at + length + 4
        if name == "eXIf":
            blocks.exif = content.removeprefix(b"Exif\0\0")
        elif name == "iCCP":
            _, _, packed = content.partition(b"\0")
            blocks.icc = _inflated(packed[1:])
        elif name == "caBX":
            blocks.manifest = True
        elif name in ("tEXt", "zTXt", "iTXt"):
            _take_png_text(name, content, blocks)


def _png_chunks(data: bytes) -> Iterator[tuple[str, int, int]]:
    at = 8
    for _ in range(MAX_BLOCKS):
        if at + 8 > len(data):
            return
        length, raw = struct.unpack_from(">I4s", data, at)
        yield raw.decode("latin-1"), at + 8, length
        if raw == b"IEND":
            return
        at += 12 + length


def _take_png_text(name: str, content: bytes, blocks: Blocks) -> None:
    key, _, rest = content.partition(b"\0")
    if name == "iTXt":
        packed, rest = rest[:1] == b"\1", rest[2:]
        _, _, rest = rest.partition(b"\0")
        _, _, rest = rest.partition(b"\0")
        rest = _inflated(rest) if packed else rest
    elif name == "zTXt":
        rest = _inflated(rest[1:])
    label = key.decode("latin-1")
    if label == "XML:com.adobe.xmp":
        blocks.xmp.append(rest)
        return
    if label.startswith("Raw profile type "):
        _take_raw_profile(label.removeprefix("Raw profile type "), rest, blocks)
        return
    blocks.texts.append(Text(place=f"PNG {name}", key=label, value=_decoded(rest)))


def _take_raw_profile(kind: str, text: bytes, blocks: Blocks) -> None:
    """Take a profile as ImageMagick writes it: its length, then hexadecimal digits."""
    digits = b"".join(text.split()[2:])
    try:
        profile = bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return
    if kind in ("exif", "APP1") and profile.startswith(b"Exif\0\0"):
        blocks.exif = blocks.exif or profile[6:]
    elif kind in ("xmp", "APP1"):
        blocks.xmp.append(profile.removeprefix(b"http://ns.adobe.com/xap/1.0/\0"))
    elif kind in ("iptc", "8bim"):
        blocks.photoshop = blocks.photoshop or profile


def _webp(data: bytes, blocks: Blocks) -> None:
    at = 12
    blocks.end = min(len(data), 8 + int(struct.unpack_from("<I", data, 4)[0]))
    for _ in range(MAX_BLOCKS):
        if at + 8 > blocks.end:
            return
        raw, length = struct.unpack_from("<4sI", data, at)
        content = data[at + 8 : at + 8 + length]
        name = raw.decode("latin-1").strip()
        blocks.names.append(name)
        if name == "EXIF":
            blocks.exif = content.removeprefix(b"Exif\0\0")
        elif name == "XMP":
            blocks.xmp.append(content)
        elif name == "ICCP":
            blocks.icc = content
        elif name == "C2PA":
            blocks.manifest = True
        at += 8 + length + length % 2


def _tiff(data: bytes, blocks: Blocks) -> None:
    blocks.exif = data
    blocks.names.append("TIFF")


def _from_pillow(data: bytes, format_name: str, blocks: Blocks) -> None:
    with Image.open(BytesIO(data), formats=(format_name,)) as source:
        info = dict(source.info)
    exif, xmp, icc = (info.get(key) for key in ("exif", "xmp", "icc_profile"))
    if isinstance(exif, bytes):
        blocks.exif = exif.removeprefix(b"Exif\0\0")
    if isinstance(xmp, bytes):
        blocks.xmp.append(xmp)
    if isinstance(icc, bytes):
        blocks.icc = icc
    comment = info.get("comment")
    if isinstance(comment, bytes):
        blocks.texts.append(Text(place="comment", key="", value=_decoded(comment)))
    blocks.manifest = b"jumdc2pa" in data
    blocks.names.append(format_name)


def _inflated(packed: bytes) -> bytes:
    return zlib.decompressobj().decompress(packed, MAX_TEXT_BYTES)


def _decoded(raw: bytes) -> str:
    raw = raw[:MAX_TEXT_BYTES]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _heif(data: bytes, blocks: Blocks) -> None:
    """Take what lies beside the primary picture; nothing is decoded for it."""
    container = pi_heif.HeifFile(data)
    info = container[container.primary_index].info
    exif, xmp, icc = (info.get(key) for key in ("exif", "xmp", "icc_profile"))
    if isinstance(exif, bytes):
        blocks.exif = exif.removeprefix(b"Exif\0\0")
    if isinstance(xmp, bytes):
        blocks.xmp.append(xmp)
    if isinstance(icc, bytes):
        blocks.icc = icc
    blocks.manifest = b"jumdc2pa" in data
    blocks.names.append("HEIF")


def _jxl(data: bytes, blocks: Blocks) -> None:
    """Walk the boxes of a JPEG XL file; a bare codestream has none."""
    at = 0
    for _ in range(MAX_BLOCKS if data[4:8] == b"JXL " else 0):
        if at + 8 > len(data):
            return
        length, raw = struct.unpack_from(">I4s", data, at)
        if length == 1 or 0 < length < 8:
            return
        content = data[at + 8 : at + length if length else len(data)]
        name = raw.decode("latin-1").strip()
        blocks.names.append(name)
        if name == "Exif" and len(content) > 4:
            blocks.exif = content[4 + int.from_bytes(content[:4], "big") :]
        elif name == "xml":
            blocks.xmp.append(content)
        elif name == "jumb":
            blocks.manifest = blocks.manifest or b"c2pa" in content[:128]
        if not length:
            return
        at += length


_WALKS: dict[str, Callable[[bytes, Blocks], None]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "WEBP": _webp,
    "TIFF": _tiff,
    "HEIC": _heif,
    "HEIF": _heif,
    "JPEG XL": _jxl,
    **dict.fromkeys(_RAW_AS_TIFF, _tiff),
}

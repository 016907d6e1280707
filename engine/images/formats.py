"""What a file is, by its first bytes and by its name; nothing is decoded here."""

from __future__ import annotations

import re
from pathlib import PurePath

PILLOW = (
    "JPEG",
    "PNG",
    "WEBP",
    "TIFF",
    "BMP",
    "DIB",
    "GIF",
    "AVIF",
    "JPEG2000",
    "PPM",
)
"""Pillow's names of the formats that it decodes here; it is asked for no others."""

RAW = (
    "DNG", "CR2", "CR3", "NEF", "ARW", "ORF", "RW2", "RAF", "PEF", "SRW", "ERF", "3FR", "X3F",
    "RAW",
)  # fmt: skip
"""Camera raw formats, which are developed; ``RAW`` is one of an unknown maker."""

HEIF = ("HEIC", "HEIF")
"""The first with HEVC inside; the second does not say what is."""

DECODED = (*PILLOW, *HEIF, "JPEG XL", *RAW)
"""All formats that are decoded; all others are refused unopened."""

HEAD_BYTES = 64
"""How many first bytes `sniff` looks at."""

_MAGIC = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG2000"),
    (b"\xff\x4f\xff\x51", "JPEG2000"),
    (b"8BPS", "Photoshop PSD"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"v/1\x01", "OpenEXR"),
    (b"#?RADIANCE", "Radiance HDR"),
    (b"IIRO", "ORF"),
    (b"IIRS", "ORF"),
    (b"MMOR", "ORF"),
    (b"IIU\x00", "RW2"),
    (b"FUJIFILMCCD-RAW", "RAF"),
    (b"FOVb", "X3F"),
)
_BRANDS = {
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"heim": "HEIC",
    b"heis": "HEIC",
    b"hevc": "HEIC",
    b"hevx": "HEIC",
    b"mif1": "HEIF",
    b"msf1": "HEIF",
    b"crx ": "CR3",
}
_NETPBM = re.compile(rb"P[1-6fF]\s+[0-9#]")

_EXTENSIONS = (
    "jpg jpeg jpe jfif mpo png apng webp tif tiff bmp dib gif avif avifs "
    "jp2 j2k j2c jpc jpf jpx pbm pgm ppm pnm pfm heic heif hif jxl psd exr hdr"
)
_RAW_EXTENSIONS = (
    "dng cr2 cr3 crw nef nrw arw srf sr2 raf orf rw2 pef srw x3f erf 3fr iiq kdc dcr mrw rwl"
)
RAW_EXTENSIONS = frozenset(f".{name}" for name in _RAW_EXTENSIONS.split())
"""Endings of camera raw files, in lower case."""

IMAGE_EXTENSIONS = frozenset(f".{name}" for name in _EXTENSIONS.split()) | RAW_EXTENSIONS
"""Endings, in lower case, by which a file in a folder counts as an image, readable or not."""


def has_image_extension(path: str) -> bool:
    """Return whether a file's name says that it is an image."""
    return PurePath(path).suffix.lower() in IMAGE_EXTENSIONS


def sniff(head: bytes) -> str | None:
    """Return the name of the image format that a file's first bytes announce.

    Args:
        head: the first `HEAD_BYTES` bytes, or fewer.

    Returns:
        A name of `DECODED`, the name of a format that is known but not decoded (such as
        ``"OpenEXR"``), or None when it is no image format known here. Camera raw that is made
        as TIFF is says ``"TIFF"`` here; `engine.images.tiff.raw_kind` tells it apart.
    """
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return _bmp_or_text(head) if name == "BMP" else name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _brand(head)
    return "PPM" if _NETPBM.match(head) else None


def _bmp_or_text(head: bytes) -> str | None:
    """Two letters are little: a bitmap also has a known size of its second header."""
    known = {12, 16, 40, 52, 56, 64, 108, 124}
    size = int.from_bytes(head[14:18], "little")
    return "BMP" if size in known or len(head) < 18 else None


def _brand(head: bytes) -> str | None:
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[i : i + 4] for i in range(16, length - 3, 4))]
    named = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    return next((name for name in ("AVIF", "HEIC") if name in named), next(iter(named), None))

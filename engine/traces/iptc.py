"""Photoshop image resources and the IPTC datasets inside them."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

MAX_RECORDS = 2_000

DATASETS = {
    5: "ObjectName",
    25: "Keywords",
    40: "SpecialInstructions",
    55: "DateCreated",
    60: "TimeCreated",
    65: "OriginatingProgram",
    70: "ProgramVersion",
    80: "By-line",
    101: "Country",
    103: "OriginalTransmissionReference",
    105: "Headline",
    110: "Credit",
    115: "Source",
    116: "CopyrightNotice",
    120: "Caption",
}
"""Datasets of record 2. Source: IPTC-NAA Information Interchange Model 4.2, chapter 6."""

_IPTC, _JPEG_QUALITY, _THUMBNAIL = 0x0404, 0x0406, 0x040C


@dataclass(slots=True, kw_only=True)
class Photoshop:
    """What the image resources hold."""

    resources: list[int] = field(default_factory=list)
    """Their numbers, in order."""
    iptc: dict[str, str] = field(default_factory=dict)
    """Datasets by name; repeated ones joined by ``"; "``."""
    jpeg_quality: int | None = None
    """Photoshop's own scale 0..12 at its last saving."""
    thumbnail: bytes | None = None
    """The JPEG preview."""


def read(block: bytes) -> Photoshop:
    """Read image resources, or IPTC datasets that stand alone.

    Args:
        block: from the first ``8BIM`` on.

    Source: Adobe Photoshop File Formats Specification, image resources.
    """
    found = Photoshop()
    if block[:1] == b"\x1c":
        found.iptc = _datasets(block)
        return found
    at = 0
    for _ in range(MAX_RECORDS):
        if block[at : at + 4] not in (b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR"):
            break
        if at + 7 > len(block):
            break
        number = int(struct.unpack_from(">H", block, at + 4)[0])
        name_length = block[at + 6] + 1
        at += 6 + name_length + name_length % 2
        if at + 4 > len(block):
            break
        size = int(struct.unpack_from(">I", block, at)[0])
        content = block[at + 4 : at + 4 + size]
        at += 4 + size + size % 2
        found.resources.append(number)
        _take(number, content, found)
    return found


def _take(number: int, content: bytes, found: Photoshop) -> None:
    if number == _IPTC:
        found.iptc.update(_datasets(content))
    elif number == _JPEG_QUALITY and len(content) >= 2:
        # The scale is stored from -4 (quality 0) on.
        found.jpeg_quality = int(struct.unpack_from(">h", content)[0]) + 4
    elif number == _THUMBNAIL and content[28:31] == b"\xff\xd8\xff":
        found.thumbnail = content[28:]


def _datasets(block: bytes) -> dict[str, str]:
    values: dict[str, list[str]] = {}
    at = 0
    for _ in range(MAX_RECORDS):
        if at + 5 > len(block) or block[at] != 0x1C:
            break
        record, dataset, size = struct.unpack_from(">BBH", block, at + 1)
        if size & 0x8000:
            break
        raw = block[at + 5 : at + 5 + size]
        at += 5 + size
        name = DATASETS.get(dataset)
        if record == 2 and name is not None:
            values.setdefault(name, []).append(_text(raw))
    return {name: "; ".join(parts) for name, parts in values.items()}


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8").strip("\0 ")
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip("\0 ")

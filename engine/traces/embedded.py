"""What a file holds besides its picture: trailing data, further pictures, previews."""

from __future__ import annotations

from engine.traces import jpeg_file
from engine.traces.made import Method, listed
from engine.traces.specimen import Specimen
from engine.types import Finding

TRAILING = Method(name="file.trailing", version="1", source="structure of the format")
PREVIEWS = Method(
    name="file.previews", version="1", source="CIPA DC-008 (Exif 2.32); CIPA DC-007 (MPF)"
)

MAX_PICTURES = 20
"""Further pictures that are told."""

MAX_TRIES = 100
"""Marks of a beginning picture that are looked at."""

_KINDS = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"<?xml", "XML text"),
    (b"MotionPhoto_Data", "a motion photo"),
)
_PHONE_TRAILERS = (
    (b"SEFT", "Samsung's trailer (SEFT)"),
    (b"QDIOBS", "Samsung's trailer (QDIOBS)"),
)


def trailing(specimen: Specimen) -> tuple[Finding, ...]:
    """Say what follows the end of the picture."""
    end = specimen.blocks.end
    if end is None or end >= len(specimen.data):
        return ()
    rest = specimen.data[end:]
    if not rest.strip(b"\0"):
        reason = f"{len(rest):,} zero bytes follow the picture: padding, without meaning."
        return (TRAILING.observed(len(rest), reason, unit="bytes"),)
    kinds = _kinds(specimen.data, end)
    lead = rest.lstrip(b"\0")[:8].hex(" ")
    what = listed(kinds) if kinds else f"of unknown kind, beginning with {lead}"
    return (
        TRAILING.observed(
            len(rest),
            f"{len(rest):,} bytes follow the end of the picture: {what}. Phones append videos and "
            "depth maps; anything can be hidden there.",
            unit="bytes",
        ),
    )


def _kinds(data: bytes, end: int) -> list[str]:
    kinds = []
    rest = data[end:]
    pictures = further_pictures(data, end)
    if pictures:
        sizes = [f"{width} × {height} px" for _, width, height in pictures]
        kinds.append(f"{len(pictures)} JPEG picture(s) ({listed(sizes, 4)})")
    lead = rest.lstrip(b"\0")
    kinds += [name for magic, name in _KINDS if lead.startswith(magic)]
    if b"ftyp" in rest[:64] or b"MotionPhoto_Data" in rest or b"ftypmp4" in rest:
        kinds.append("a video (motion photo)")
    kinds += [name for magic, name in _PHONE_TRAILERS if rest.rstrip(b"\0").endswith(magic)]
    return kinds


def further_pictures(data: bytes, end: int) -> list[tuple[int, int, int]]:
    """Return offset, width and height of the JPEGs that follow the picture.

    Args:
        data: the whole file.
        end: offset after the picture.
    """
    found: list[tuple[int, int, int]] = []
    at = data.find(b"\xff\xd8\xff", end)
    for _ in range(MAX_TRIES):
        if at < 0 or len(found) >= MAX_PICTURES:
            break
        structure = jpeg_file.read(data, at)
        if structure.frame is None:
            at = data.find(b"\xff\xd8\xff", at + 3)
            continue
        found.append((at, structure.frame.width, structure.frame.height))
        at = data.find(b"\xff\xd8\xff", structure.end)
    return found


def previews(specimen: Specimen) -> tuple[Finding, ...]:
    """Say which previews are embedded."""
    held = {
        "EXIF thumbnail": specimen.exif_values.thumbnail,
        "Photoshop thumbnail": specimen.photoshop.thumbnail if specimen.photoshop else None,
    }
    named, kinds = [], []
    for name, data in held.items():
        if data is not None and data[:3] == b"\xff\xd8\xff":
            frame = jpeg_file.read(data).frame
            size = f" {frame.width} × {frame.height} px" if frame is not None else ""
            named.append(f"{name}{size}, {len(data):,} bytes")
            kinds.append(name)
    if not named:
        return ()
    return (PREVIEWS.observed(listed(kinds), f"The file carries {listed(named)}."),)

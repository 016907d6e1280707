"""What EXIF, XMP, IPTC, the colour profile and maker notes say of camera, time and place."""

from __future__ import annotations

import logging
import struct
from fractions import Fraction
from importlib.metadata import version
from io import BytesIO

import exifread

from engine.traces.made import NONE, Method, listed, quoted
from engine.traces.specimen import Specimen
from engine.types import Finding

STANDARD = "CIPA DC-008 (Exif 2.32); ISO 16684-1 (XMP); IPTC-IIM 4.2"
BLOCKS = Method(name="metadata.blocks", version="1", source=STANDARD)
CAMERA = Method(name="metadata.camera", version="1", source="CIPA DC-008 (Exif 2.32)")
DATES = Method(name="metadata.dates", version="1", source="CIPA DC-008 (Exif 2.32)")
PLACE = Method(name="metadata.place", version="1", source="CIPA DC-008 (Exif 2.32), GPS")
PROFILE = Method(name="metadata.colour_profile", version="1", source="ICC.1:2022")
CREDIT = Method(name="metadata.credit", version="1", source=STANDARD)
MAKER_NOTES = Method(
    name="metadata.maker_notes",
    version="1",
    source=f"ExifRead {version('exifread')}",
)

OWN_READERS = "Residua's own readers"
MAX_PROFILE_TAGS = 100


def blocks(specimen: Specimen) -> tuple[Finding, ...]:
    """Say which kinds of metadata the file holds, and which could not be read."""
    found = []
    exif = specimen.exif
    if exif is not None:
        found.append(f"EXIF ({sum(exif.counts.values())} values)")
    if specimen.xmp:
        found.append(f"XMP ({len(specimen.xmp)} properties)")
    if specimen.photoshop is not None and specimen.photoshop.iptc:
        found.append(f"IPTC ({len(specimen.photoshop.iptc)} fields)")
    if specimen.blocks.icc:
        found.append(f"ICC profile ({len(specimen.blocks.icc):,} bytes)")
    if specimen.blocks.texts:
        found.append(f"{len(specimen.blocks.texts)} text(s)")
    if specimen.blocks.manifest:
        found.append("C2PA manifest")
    failed = tuple(
        BLOCKS.failed(f"{name} is damaged and was not read: {quoted(why)}.")
        for name, why in specimen.problems
    )
    damage = "" if exif is None or not exif.damage else f" Damaged: {listed(exif.damage, 4)}."
    if not found:
        reason = (
            "The file carries no metadata. Many websites and messengers remove it: "
            "this says nothing about the picture's origin."
        )
        return (BLOCKS.observed(NONE, reason), *failed)
    reason = f"Read by {OWN_READERS}. Metadata can be written by anyone.{damage}"
    return (BLOCKS.observed(listed(found), reason), *failed)


def camera(specimen: Specimen) -> tuple[Finding, ...]:
    """Say which camera EXIF names, with what it says of the exposure."""
    exif = specimen.exif_values
    name = camera_name(specimen)
    if not name:
        return ()
    parts = []
    exposure, aperture = exif.number("ExposureTime"), exif.number("FNumber")
    if exposure:
        parts.append(_seconds(exposure))
    if aperture:
        parts.append(f"f/{aperture:g}")
    if exif.text("ISO"):
        parts.append(f"ISO {quoted(exif.text('ISO'), 20)}")
    if exif.number("FocalLength"):
        parts.append(f"{exif.number('FocalLength'):g} mm")
    if exif.text("LensModel"):
        parts.append(f"lens {quoted(exif.text('LensModel'), 60)}")
    if exif.text("BodySerialNumber"):
        parts.append(f"serial number {quoted(exif.text('BodySerialNumber'), 40)}")
    exposed = f" with {', '.join(parts)}" if parts else ""
    return (CAMERA.observed(name, f"EXIF names this camera{exposed}."),)


def camera_name(specimen: Specimen) -> str:
    """Return make and model as EXIF names them, without saying the make twice."""
    make, model = specimen.exif_values.text("Make"), specimen.exif_values.text("Model")
    if make and model.lower().startswith(make.split()[0].lower()):
        return model
    return f"{make} {model}".strip()


def dates(specimen: Specimen) -> tuple[Finding, ...]:
    """Say when EXIF and GPS claim that the picture was taken and changed."""
    exif = specimen.exif_values
    words = {
        "DateTimeOriginal": "taken",
        "DateTimeDigitized": "digitised",
        "DateTime": "changed",
        "GPSDateStamp": "GPS date (UTC)",
    }
    said = {word: quoted(exif.text(name), 40) for name, word in words.items()}
    said = {word: text for word, text in said.items() if text.strip(" :0")}
    if not said:
        return ()
    zone = quoted(exif.text("OffsetTimeOriginal") or exif.text("OffsetTime"), 10)
    reason = "; ".join(f"{word} {text}" for word, text in said.items())
    return (
        DATES.observed(
            next(iter(said.values())),
            f"EXIF: {reason}{f'; offset to UTC {zone}' if zone else ''}. A camera's clock may be "
            "wrong, and dates can be written by anyone.",
        ),
    )


def place(specimen: Specimen) -> tuple[Finding, ...]:
    """Say where GPS claims that the picture was taken."""
    exif = specimen.exif_values
    angles = []
    for name, negative in (("GPSLatitude", "S"), ("GPSLongitude", "W")):
        parts = exif.values.get(name)
        if not isinstance(parts, tuple) or len(parts) != 3:
            return ()
        degrees = float(Fraction(parts[0]) + Fraction(parts[1]) / 60 + Fraction(parts[2]) / 3600)
        side = exif.text(f"{name}Ref").upper()
        angles.append(-degrees if side == negative else degrees)
    latitude, longitude = angles
    if not (abs(latitude) <= 90 and abs(longitude) <= 180) or not (latitude or longitude):
        return ()
    value = f"{latitude:.5f}, {longitude:.5f}"
    return (PLACE.observed(value, "Latitude and longitude in degrees, from EXIF GPS."),)


def credit(specimen: Specimen) -> tuple[Finding, ...]:
    """Say who is named as author, source or owner, and how the picture is described."""
    exif = specimen.exif_values
    iptc = specimen.photoshop.iptc if specimen.photoshop is not None else {}
    said = {
        "author": exif.text("Artist") or iptc.get("By-line", "") or _first(specimen, "dc:creator"),
        "credit": iptc.get("Credit", "") or _first(specimen, "photoshop:Credit"),
        "source": iptc.get("Source", "") or _first(specimen, "photoshop:Source"),
        "copyright": exif.text("Copyright")
        or iptc.get("CopyrightNotice", "")
        or _first(specimen, "dc:rights"),
        "caption": iptc.get("Caption", "")
        or _first(specimen, "dc:description")
        or exif.text("ImageDescription"),
    }
    named = {what: quoted(text, 160) for what, text in said.items() if text.strip()}
    if not named:
        return ()
    reason = "; ".join(f"{what}: “{text}”" for what, text in named.items())
    return (CREDIT.observed(next(iter(named.values())), f"{reason}."),)


def colour_profile(specimen: Specimen) -> tuple[Finding, ...]:
    """Say which colour profile is embedded."""
    profile = specimen.blocks.icc
    if not profile:
        return ()
    name = profile_name(profile) or "without a name"
    creator = profile[80:84].decode("latin-1").strip("\0 ")
    made_by = f", made by “{quoted(creator, 8)}”" if creator else ""
    return (PROFILE.observed(name, f"Embedded profile of {len(profile):,} bytes{made_by}."),)


def profile_name(profile: bytes) -> str:
    """Return the description of an ICC profile; empty when there is none.

    Args:
        profile: the whole profile.
    """
    if len(profile) < 132:
        return ""
    (count,) = struct.unpack_from(">I", profile, 128)
    for i in range(min(count, MAX_PROFILE_TAGS)):
        if 144 + 12 * i > len(profile):
            return ""
        tag, at, size = struct.unpack_from(">4sII", profile, 132 + 12 * i)
        if tag == b"desc":
            return _description(profile[at : at + size])
    return ""


def _description(element: bytes) -> str:
    if element[:4] == b"desc" and len(element) >= 12:
        (length,) = struct.unpack_from(">I", element, 8)
        return element[12 : 12 + length].decode("latin-1").strip("\0 ")
    if element[:4] == b"mluc" and len(element) >= 28:
        length, at = struct.unpack_from(">II", element, 20)
        return element[at : at + length].decode("utf-16-be", "replace").strip("\0 ")
    return ""


def maker_notes(specimen: Specimen) -> tuple[Finding, ...]:
    """Say what the maker note holds, as far as the Python reader knows its maker."""
    note = specimen.exif_values.values.get("MakerNote")
    if not note or specimen.format not in ("JPEG", "TIFF"):
        return ()
    size = len(note) if isinstance(note, bytes) else 0
    # It reports what it cannot read to the log, which would end up in the operator's terminal.
    logging.getLogger("exifread").setLevel(logging.CRITICAL + 1)
    tags = exifread.process_file(BytesIO(specimen.data), details=True, extract_thumbnail=False)
    read = {
        name.removeprefix("MakerNote "): str(tag)
        for name, tag in tags.items()
        if name.startswith("MakerNote ") and not name.startswith("MakerNote Tag 0x")
    }
    make = specimen.exif_values.text("Make") or "an unnamed maker"
    if not read:
        return (
            MAKER_NOTES.observed(
                f"{size:,} bytes",
                f"A maker note of {quoted(make, 40)} that this reader does not know.",
            ),
        )
    wanted = ("Serial", "Owner", "Firmware", "Lens", "ImageNumber", "Unique", "Shutter")
    told = [
        f"{name} {quoted(text, 40)}"
        for name, text in read.items()
        if any(part in name for part in wanted) and text.strip()
    ]
    details = f" Among them: {listed(told, 5)}." if told else ""
    return (
        MAKER_NOTES.observed(
            f"{len(read)} values",
            f"Maker note of {quoted(make, 40)}, {size:,} bytes, read by ExifRead "
            f"{version('exifread')}.{details}",
        ),
    )


def _first(specimen: Specimen, path: str) -> str:
    return next(iter(specimen.xmp_values(path)), "")


def _seconds(exposure: float) -> str:
    return f"1/{1 / exposure:.0f} s" if exposure < 0.4 else f"{exposure:g} s"

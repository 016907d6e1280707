"""Facts of one file that do not go together; each pair is a finding of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.traces import credentials, generators, watermark
from engine.traces.generators import known_source_type
from engine.traces.made import NONE, Method, listed, quoted
from engine.traces.metadata import camera_name
from engine.traces.specimen import Specimen
from engine.types import Finding, Status

PREFIX = "conflict."
"""Begins the names of all findings of conflicts."""

ORIGINS = Method(name="conflict.origin", version="1", source="two facts of the same file")
DATES = Method(name="conflict.dates", version="1", source="CIPA DC-008 (Exif 2.32)")
SIZE = Method(name="conflict.size", version="1", source="CIPA DC-008 (Exif 2.32)")
CAMERAS = Method(name="conflict.camera", version="1", source="CIPA DC-008; XMP part 2")

SLACK = timedelta(days=1)
"""Differences up to a day are put down to time zones."""

_SAYS_GENERATED = (
    generators.TEXT.name,
    generators.STEALTH.name,
    generators.AIGC.name,
    watermark.METHOD.name,
)
_SOURCE_TYPES = (generators.SOURCE_TYPE.name, credentials.ORIGIN.name)


def find(specimen: Specimen, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Compare the facts with each other.

    Args:
        specimen: the file.
        findings: what the other analysers found.
    """
    return (
        *_origins(specimen, findings),
        *_dates(specimen),
        *_size(specimen),
        *_cameras(specimen),
    )


def says_generated(finding: Finding) -> bool:
    """Return whether a finding says that a model made the picture, or a part of it."""
    if finding.status is not Status.OBSERVED or finding.value in (None, NONE):
        return False
    if finding.analyser in _SOURCE_TYPES:
        known = known_source_type(str(finding.value))
        return known is not None and known.generated in ("yes", "part")
    return finding.analyser in _SAYS_GENERATED


def says_captured(finding: Finding) -> bool:
    """Return whether a finding declares that the picture was captured, not generated."""
    if finding.status is not Status.OBSERVED or finding.analyser not in _SOURCE_TYPES:
        return False
    known = known_source_type(str(finding.value))
    return known is not None and known.generated == "no"


def _origins(specimen: Specimen, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    generated = [_told(f) for f in findings if says_generated(f)]
    if not generated:
        return ()
    made = []
    camera = _camera_of_a_photograph(specimen)
    if camera:
        made.append(
            ORIGINS.observed(
                "camera and generator",
                f"EXIF describes an exposure by {quoted(camera, 60)}, and {listed(generated, 3)} "
                "says that the picture is generated. A photograph edited by a model carries both; "
                "otherwise one of them was copied here.",
            )
        )
    captured = [_told(f) for f in findings if says_captured(f)]
    if captured:
        made.append(
            ORIGINS.observed(
                "captured and generated",
                f"{listed(captured, 2)} says that the picture is not generated, and "
                f"{listed(generated, 3)} that it is.",
            )
        )
    return tuple(made)


def _told(finding: Finding) -> str:
    return f"{finding.analyser} ({quoted(str(finding.value), 60)})"


def _camera_of_a_photograph(specimen: Specimen) -> str:
    """Return the camera if EXIF also tells an exposure; empty otherwise.

    Some generators write their parameters into Make and Model.
    """
    exif = specimen.exif_values
    exposed = exif.number("ExposureTime") or exif.number("FNumber") or "MakerNote" in exif.values
    return camera_name(specimen) if exposed else ""


def _dates(specimen: Specimen) -> tuple[Finding, ...]:
    exif = specimen.exif_values
    taken, digitised, changed, gps = (
        _parsed(exif.text(name))
        for name in ("DateTimeOriginal", "DateTimeDigitized", "DateTime", "GPSDateStamp")
    )
    made = []
    if taken and changed and taken > changed + SLACK:
        made.append(("taken after changed", f"taken {taken}, last changed {changed}"))
    if taken and digitised and taken > digitised + SLACK:
        made.append(("taken after digitised", f"taken {taken}, digitised {digitised}"))
    if taken and gps and not -SLACK <= taken - gps <= 2 * SLACK:
        made.append(("GPS date differs", f"taken {taken}, GPS says {gps:%Y-%m-%d} (UTC)"))
    return tuple(
        DATES.observed(
            value,
            f"Dates of EXIF do not go together: {told}. A wrong clock or later writing "
            "explains it.",
        )
        for value, told in made
    )


def _parsed(text: str) -> datetime | None:
    for form in ("%Y:%m:%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y:%m:%d"):
        try:
            return datetime.strptime(text.strip()[:19], form)
        except ValueError:
            continue
    return None


def _size(specimen: Specimen) -> tuple[Finding, ...]:
    exif = specimen.exif_values
    width, height = exif.number("PixelXDimension"), exif.number("PixelYDimension")
    if not width or not height:
        return ()
    real_height, real_width = specimen.pixels.shape[:2]
    if {(width, height), (height, width)} & {(real_width, real_height)}:
        return ()
    return (
        SIZE.observed(
            "size in EXIF differs",
            f"EXIF says {width:g} × {height:g} px, the picture has {real_width} × {real_height}: "
            "it was cropped or scaled by a program that left EXIF as it was.",
        ),
    )


def _cameras(specimen: Specimen) -> tuple[Finding, ...]:
    exif = specimen.exif_values
    made = []
    for name, path in (("Make", "tiff:Make"), ("Model", "tiff:Model")):
        ours, theirs = exif.text(name), next(iter(specimen.xmp_values(path)), "")
        if ours and theirs and ours.strip().lower() != theirs.strip().lower():
            made.append(f"{name}: EXIF “{quoted(ours, 40)}”, XMP “{quoted(theirs, 40)}”")
    if not made:
        return ()
    return (CAMERAS.observed("two cameras", f"EXIF and XMP disagree: {'; '.join(made)}."),)

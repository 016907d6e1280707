"""Which programs say that they wrote or changed the file, and in which steps."""

from __future__ import annotations

import re

from engine.traces.made import Method, listed, quoted
from engine.traces.specimen import Specimen
from engine.types import Finding

SOFTWARE = Method(
    name="history.software",
    version="1",
    source="CIPA DC-008; XMP specification part 2; IPTC-IIM 4.2",
)
STEPS = Method(name="history.steps", version="1", source="XMP specification part 2, xmpMM:History")
DERIVED = Method(
    name="history.derived_from", version="1", source="XMP specification part 2, xmpMM:DerivedFrom"
)

_STEP = re.compile(r"^xmpMM:History\[(\d+)\]/stEvt:(\w+)$")


def find(specimen: Specimen) -> tuple[Finding, ...]:
    """Describe software and steps of editing."""
    return (*_software(specimen), *_steps(specimen), *_derived(specimen))


def _software(specimen: Specimen) -> tuple[Finding, ...]:
    exif = specimen.exif_values
    photoshop = specimen.photoshop
    iptc = photoshop.iptc if photoshop is not None else {}
    program = f"{iptc.get('OriginatingProgram', '')} {iptc.get('ProgramVersion', '')}".strip()
    named = {
        "EXIF Software": exif.text("Software"),
        "EXIF HostComputer": exif.text("HostComputer"),
        "XMP CreatorTool": next(iter(specimen.xmp_values("xmp:CreatorTool")), ""),
        "IPTC program": program,
        "PNG Software": next(
            (t.value for t in specimen.blocks.texts if t.key.lower() == "software"), ""
        ),
        "Camera Raw": next(iter(specimen.xmp_values("crs:Version")), ""),
    }
    said = {where: quoted(text, 80) for where, text in named.items() if text.strip()}
    if photoshop is not None and photoshop.jpeg_quality is not None:
        said["Photoshop JPEG quality"] = f"{photoshop.jpeg_quality} of 12"
    if not said:
        return ()
    reason = "; ".join(f"{where}: {text}" for where, text in said.items())
    return (
        SOFTWARE.observed(
            next(f"{where}: {text}" for where, text in said.items()),
            f"{reason}. Firmware of cameras is named here as well as editors.",
        ),
    )


def _steps(specimen: Specimen) -> tuple[Finding, ...]:
    steps: dict[int, dict[str, str]] = {}
    for item in specimen.xmp:
        match = _STEP.match(item.path)
        if match is not None:
            steps.setdefault(int(match[1]), {})[match[2]] = item.value
    if not steps:
        return ()
    words = [_step(steps[number]) for number in sorted(steps)]
    return (
        STEPS.observed(
            f"{len(words)} step{'s' if len(words) != 1 else ''} of editing",
            f"XMP history: {listed(words, 6)}.",
        ),
    )


def _step(step: dict[str, str]) -> str:
    agent = f" by {quoted(step['softwareAgent'], 60)}" if step.get("softwareAgent") else ""
    when = f" on {quoted(step['when'], 25)}" if step.get("when") else ""
    return f"{quoted(step.get('action', 'an unnamed action'), 30)}{agent}{when}"


def _derived(specimen: Specimen) -> tuple[Finding, ...]:
    names = ("xmpMM:DerivedFrom/stRef:documentID", "xmpMM:OriginalDocumentID")
    origin, original = (next(iter(specimen.xmp_values(name)), "") for name in names)
    document = next(iter(specimen.xmp_values("xmpMM:DocumentID")), "")
    if not origin and (not original or original == document):
        return ()
    return (
        DERIVED.observed(
            quoted(origin or original, 80),
            "XMP says that this file was made from another document: it is not the first version.",
        ),
    )

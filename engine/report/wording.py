"""Words for values: the one place where an examination becomes text.

Nothing here decides anything. "real" is never worded as "authentic": a detector can only
say that it found no sign.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from engine.images.colour import band_style
from engine.report.prose import HOW_TO_READ
from engine.types import (
    Condition,
    Examination,
    Finding,
    ModelInfo,
    Outcome,
    ReadOuts,
    Region,
    Status,
)

HEADLINES = {
    Outcome.AI: "Likely AI-generated",
    Outcome.REAL: "No sign of AI generation found",
    Outcome.INCONCLUSIVE: "Inconclusive",
}
NOT_EXAMINED = "Not examined"

NEAR_BALANCE = 0.5
"""Log-odds below which a read-out is worded as near balance (odds of 1.6 to 1); wording only."""

STATUS_TITLES = {
    Status.OBSERVED: ("Observed", "the bytes of the file say so"),
    Status.DERIVED: ("Derived", "computed from the pixels or bytes, repeatable"),
    Status.INFERRED: ("Inferred", "a model's opinion"),
    Status.NOT_AVAILABLE: ("Not available", "could not be examined, with the reason"),
    Status.FAILED: ("Failed", "the analyser stopped with an error"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPhrase:
    """One finding in words."""

    id: str
    """Its id, such as ``"F3"``."""
    name: str
    """Analyser and version."""
    value: str
    """Value with unit; an en dash when there is none."""
    meaning: str
    """What it means, or why it is not available."""
    where: str
    """The places, or "whole file"."""
    source: str
    """What the method rests on; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroup:
    """All findings that are known in the same way."""

    status: Status
    title: str
    """The status as a word."""
    meaning: str
    """What the status says."""
    findings: tuple[FindingPhrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Everything that is said of one examination; plain text, no mark-up."""

    name: str
    """The file's name, safe to print."""
    headline: str
    """The verdict as a short phrase."""
    probability: str | None
    """Such as ``"p = .97"``; None when not examined."""
    reason: str
    """Why this band, or why not examined."""
    band: str
    """Name of the band, so that colour never carries it alone."""
    shape: str
    """Mark of the band: ``"triangle"``, ``"diamond"``, ``"ring"`` or ``"cross"``."""
    statement: str
    """One sentence to quote."""
    read_outs: tuple[str, ...]
    """A line for each path; empty when not examined."""
    condition: str
    """The state the picture arrived in; empty when not examined."""
    coverage: str
    """Whether that state lies where the error rates were measured; empty when not examined."""
    findings: tuple[FindingGroup, ...]
    """Groups that have findings, in the order of the statuses."""
    limitations: tuple[str, ...]
    """What this result cannot say, a sentence each."""
    how_to_read: tuple[str, ...]
    """What the terms mean, a sentence or more each."""


def phrases(examination: Examination) -> Phrases:
    """Return an examination in words.

    Args:
        examination: the result, or the failure.

    Returns:
        Plain text; names and values from the file are safe to print.
    """
    verdict = examination.verdict
    style = band_style(verdict.outcome if verdict else None)
    failure = examination.failure
    reason = verdict.band_reason if verdict else failure.message if failure else ""
    return Phrases(
        name=file_name(examination.facts.path),
        headline=HEADLINES[verdict.outcome] if verdict else NOT_EXAMINED,
        probability=probability(verdict.p_ai) if verdict else None,
        reason=printable(reason),
        band=style.name,
        shape=style.shape,
        statement=_statement(examination),
        read_outs=_read_outs(verdict.read_outs) if verdict else (),
        condition=_condition(examination, examination.condition) if examination.condition else "",
        coverage=_coverage(verdict.in_validated_range) if verdict else "",
        findings=_groups(examination.findings),
        limitations=_limitations(examination),
        how_to_read=HOW_TO_READ,
    )


def probability(p: float) -> str:
    """Return a probability as ``"p = .97"``, and never as certain: ``"p > .99"``, ``"p < .01"``.

    Args:
        p: 0..1.
    """
    hundredths = round(p * 100)
    if hundredths >= 100:
        return "p > .99"
    if hundredths < 1:
        return "p < .01"
    return f"p = .{hundredths:02d}"


def printable(text: str) -> str:
    r"""Return text with everything that cannot be seen written out.

    Line breaks, control and direction characters become ``\n`` or ``\u202e``, bytes that are
    not UTF-8 (kept by surrogateescape) become ``\xff``; a backslash of the text stays single.

    Args:
        text: any string, such as a file name.
    """
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    category = unicodedata.category(character)
    if category in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return character.encode("unicode_escape", "surrogatepass").decode("ascii")
    return " " if category == "Zs" else character


def file_name(path: str) -> str:
    """Return the last part of a path, safe to print.

    Args:
        path: as it was named.
    """
    return printable(PurePath(path).name or path)


def byte_size(count: int) -> str:
    """Return a file's size with thin groups and a rounded unit: ``"3,145,728 bytes (3.1 MB)"``.

    Args:
        count: bytes, >= 0.
    """
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count:,} bytes ({count / size:.1f} {unit})"
    return f"{count:,} bytes"


def region_label(index: int) -> str:
    """Return the letter of a place: 0 is A, 25 is Z, 26 is AA.

    Args:
        index: >= 0.
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def explained_regions(examination: Examination) -> tuple[Region, ...]:
    """Return the places the explanation speaks of, each once, in order of appearance.

    The place at index i is labelled ``region_label(i)`` wherever it is shown.

    Args:
        examination: the result.
    """
    places = (region for sentence in examination.explanation for region in sentence.regions)
    return tuple(dict.fromkeys(places))


def log_odds(value: float) -> str:
    """Return log-odds with their sign: ``"+3.10"``, ``"−0.42"`` (a true minus).

    Args:
        value: natural logarithm of the odds.
    """
    return f"{value:+.2f}".replace("-", "\u2212")


def model_line(model: ModelInfo) -> str:
    """Return which model examined, on one line.

    Args:
        model: of an examination.
    """
    fusion = (
        "without the language model"
        if model.injection_layer is None
        else f"{model.fusion} injection before layer {model.injection_layer}"
    )
    return f"{printable(model.name)}, {fusion}, {model.device}, {model.dtype}"


def _statement(examination: Examination) -> str:
    name = file_name(examination.facts.path)
    digest = examination.facts.sha256
    exhibit = f"“{name}” (SHA-256 {digest})" if digest else f"“{name}”"
    verdict = examination.verdict
    if verdict is None:
        return f"Residua did not examine {exhibit}, and says nothing about it."
    tool = f"Residua {examination.tool_version}".strip()
    if examination.model:
        tool += f" with model {printable(examination.model.name)}"
    p = probability(verdict.p_ai)
    said = {
        Outcome.AI: f"{tool} found {exhibit} likely to be AI-generated ({p})",
        Outcome.REAL: f"{tool} found no sign of AI generation in {exhibit} ({p})",
        Outcome.INCONCLUSIVE: f"{tool} reached no conclusion on {exhibit} ({p})",
    }[verdict.outcome]
    note = "" if verdict.in_validated_range else ", outside the range its error rates cover"
    return f"{said}{note}; this is a statistical indication, not proof."


def _read_outs(read_outs: ReadOuts) -> tuple[str, ...]:
    named = (
        ("Both paths", read_outs.both),
        ("Semantic path alone", read_outs.semantic),
        ("Artifact path alone", read_outs.artifact),
    )
    return tuple(f"{name}: {_read_out(value)}" for name, value in named)


def _read_out(value: float | None) -> str:
    if value is None:
        return "not run"
    return f"{log_odds(value)}, {_direction(value)}"


def _direction(value: float) -> str:
    if abs(value) < NEAR_BALANCE:
        return "near balance"
    return "towards AI-generated" if value > 0 else "away from AI-generated"


def _condition(examination: Examination, condition: Condition) -> str:
    facts = examination.facts
    parts = [facts.format or "unknown format"]
    if facts.width and facts.height:
        parts.append(f"{facts.width} × {facts.height} px ({condition.megapixels:.2f} megapixels)")
    else:
        parts.append(f"{condition.megapixels:.2f} megapixels")
    if condition.jpeg_quality is not None:
        parts.append(f"JPEG quality about {condition.jpeg_quality}")
    resized = {
        None: "traces of resizing not examined",
        True: "traces of resizing found",
        False: "no traces of resizing found",
    }
    parts.append(resized[condition.resized])
    return ", ".join(parts) + "."


def _coverage(in_validated_range: bool) -> str:
    if in_validated_range:
        return "Inside the range of sizes and compressions where error rates were measured."
    return (
        "OUTSIDE the range of sizes and compressions where error rates were measured: "
        "the probability may be wrong by more than is stated."
    )


def _groups(findings: tuple[Finding, ...]) -> tuple[FindingGroup, ...]:
    groups = []
    for status, (title, meaning) in STATUS_TITLES.items():
        members = tuple(_finding(finding) for finding in findings if finding.status is status)
        if members:
            groups.append(
                FindingGroup(status=status, title=title, meaning=meaning, findings=members)
            )
    return tuple(groups)


def _finding(finding: Finding) -> FindingPhrase:
    value = "–"
    if isinstance(finding.value, str):
        value = printable(finding.value)
    elif finding.value is not None:
        value = f"{finding.value:.4g} {finding.unit or ''}".strip()
    return FindingPhrase(
        id=printable(finding.id),
        name=f"{printable(finding.analyser)} {printable(finding.version)}".strip(),
        value=value,
        meaning=printable(finding.reason),
        where="; ".join(place(region) for region in finding.regions) or "whole file",
        source=printable(finding.source),
    )


def place(region: Region) -> str:
    """Return a region in original pixels: ``"x 12, y 40, 100 × 80 px"``.

    Args:
        region: a box.
    """
    return f"x {region.x}, y {region.y}, {region.w} × {region.h} px"


def _limitations(examination: Examination) -> tuple[str, ...]:
    verdict = examination.verdict
    if verdict is None:
        return ("The file was not examined; nothing follows about its origin.",)
    by_outcome = {
        Outcome.AI: (
            "Real photographs are sometimes scored this high: strong noise reduction, night "
            "modes, beauty filters, AI upscaling, repeated compression and screenshots are known "
            "causes."
        ),
        Outcome.REAL: (
            "Generators that the model was not trained on, small altered places, and pictures "
            "that were printed, photographed or compressed again can pass without a sign."
        ),
        Outcome.INCONCLUSIVE: (
            "The measurements support neither proposition; other evidence has to decide."
        ),
    }
    lines = [by_outcome[verdict.outcome]]
    if not verdict.in_validated_range:
        lines.append(
            "The picture's size or compression lies outside the range where error rates were "
            "measured."
        )
    if examination.heatmap is not None or examination.heatmap_file is not None:
        lines.append(
            "The heat map shows where the artifact path reacted. A bright place is not proof "
            "that this place was altered."
        )
    else:
        lines.append("No heat map is stored for this exhibit.")
    if verdict.read_outs.both is None:
        lines.append(
            "This is a triage result: the language model took no part, and the error rates of "
            "a full examination do not apply."
        )
    if not examination.explanation:
        lines.append("No explanation was generated for this exhibit.")
    lines.append(
        "The examination covers generation by AI. Staging, false captions and cuts made by "
        "hand are outside it."
    )
    return tuple(lines)

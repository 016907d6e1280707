"""From an examination to the statement of the report: its facts, verdict and regions, classified.

Nothing here reads pixels or changes the verdict; findings and verdict are looked up in the
decision table.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.report.decisions import PROVENANCE, Situation, table
from engine.traces import conflicts, credentials, edited, generators, watermark
from engine.traces.generators import known_source_type
from engine.traces.made import NONE
from engine.traces.metadata import CAMERA
from engine.types import (
    Extent,
    Finding,
    Locality,
    Outcome,
    Statement,
    Status,
    Verdict,
)

PROBE = "vrm.probe"
"""What a model's p is calculated from where there is one; else it is both paths together."""
BOTH = "vrm.both"
_TRUSTED = "trusted"
_BY_ANALYSER = {
    watermark.METHOD.name: "watermark",
    generators.TEXT.name: "generator_text",
    generators.STEALTH.name: "generator_text",
    generators.AIGC.name: "ai_label",
    CAMERA.name: "camera_metadata",
}


def stated(findings: Sequence[Finding], verdict: Verdict, locality: Locality | None) -> Statement:
    """Return what facts and verdict say together.

    Args:
        findings: of all analysers and of the model.
        verdict: the model's, which is left as it is.
        locality: whether a part was edited; None where that was not measured.
    """
    named = origins(findings)
    provenance = min(named, key=PROVENANCE.index, default="none")
    facts = named.get(provenance, ())
    contradicting = contradictions(findings)
    kind = next((kind for kind in ("broken", "origin", "other") if contradicting[kind]), "none")
    situation = Situation(
        provenance=provenance,
        contradiction=kind,
        outcome=outcome_of(verdict),
        region="local" if locality and locality.extent is Extent.LOCAL else "other",
    )
    made = table()
    row = made.row(situation)
    told = ", ".join(dict.fromkeys(_told(finding) for finding in facts))
    cited = [*contradicting.get(kind, ()), *facts, *_measured(findings, situation)]
    return Statement(
        row=row.id,
        table=made.version,
        headline=row.headline.format(fact=told),
        explanation=row.explanation.format(fact=told),
        conflict=row.conflict,
        first=row.first,
        cites=tuple(dict.fromkeys(finding.id for finding in cited)),
    )


def outcome_of(verdict: Verdict) -> str:
    """Return the table's word for a verdict: its band, or that it lies outside the range.

    Models without measured error rates give bands outside the range as well; a band is a band.
    """
    if verdict.outcome is Outcome.INCONCLUSIVE and not verdict.in_validated_range:
        return "outside"
    return str(verdict.outcome)


def origins(findings: Sequence[Finding]) -> dict[str, tuple[Finding, ...]]:
    """Return the findings about the origin by the table's word for them.

    Args:
        findings: of all analysers.
    """
    trusted = any(
        f.analyser == credentials.TRUST.name and f.value == _TRUSTED for f in _observed(findings)
    )
    found: dict[str, list[Finding]] = {}
    for finding in _observed(findings):
        word = _origin(finding, trusted=trusted)
        if word is not None:
            found.setdefault(word, []).append(finding)
    if contradictions(findings)["broken"]:
        # What a broken manifest says of the origin cannot be relied on.
        found = {word: some for word, some in found.items() if not word.endswith("_credential")}
    return {word: tuple(some) for word, some in found.items()}


def _origin(finding: Finding, *, trusted: bool) -> str | None:
    """Return the table's word for one finding; None when it says nothing about the origin."""
    signed = finding.analyser == credentials.ORIGIN.name
    if not signed and finding.analyser != generators.SOURCE_TYPE.name:
        return _BY_ANALYSER.get(finding.analyser)
    known = known_source_type(str(finding.value))
    if known is None or known.generated == "open":
        return None
    if known.generated == "yes":
        return "ai_credential" if signed else "ai_label"
    if known.generated == "part":
        return "part_credential" if signed else "part_label"
    if not signed:
        return "camera_metadata" if _is_capture(known.code) else None
    if not _is_capture(known.code):
        return None
    return "camera_credential" if trusted else "unverified_credential"


def _is_capture(code: str) -> bool:
    """Return whether a source type says that a camera or scanner took the picture."""
    return code.lower().endswith("capture") or code in ("negativeFilm", "positiveFilm", "print")


def contradictions(findings: Sequence[Finding]) -> dict[str, tuple[Finding, ...]]:
    """Return the findings of contradictions by the table's words: broken, origin, other.

    Args:
        findings: of all analysers.
    """
    found = [f for f in _observed(findings) if f.analyser.startswith(conflicts.PREFIX)]
    broken = tuple(f for f in found if f.analyser == credentials.BROKEN.name)
    origin = tuple(f for f in found if f.analyser == conflicts.ORIGINS.name)
    rest = tuple(f for f in found if f not in broken and f not in origin)
    return {"broken": broken, "origin": origin, "other": rest, "none": ()}


def _measured(findings: Sequence[Finding], situation: Situation) -> list[Finding]:
    """Return what was measured, by traces and by the model, that a statement rests on."""
    wanted = [f for f in findings if f.analyser == PROBE and f.status is Status.INFERRED]
    wanted = wanted or [f for f in findings if f.analyser == BOTH]
    if situation.region == "local":
        wanted = [*(f for f in findings if f.analyser == edited.METHOD.name), *wanted]
    return wanted


def _observed(findings: Sequence[Finding]) -> list[Finding]:
    return [f for f in findings if f.status is Status.OBSERVED and f.value not in (None, NONE)]


def _told(finding: Finding) -> str:
    """Return a fact's value in words: source types by what their code means."""
    known = known_source_type(str(finding.value))
    return known.meaning if known is not None else str(finding.value)

"""What an explanation may say: every sentence that the findings of one examination allow.

A claim is a sentence with the findings it cites and the places it speaks of. Where several are
true, a language model may choose (`engine.vrm.grammar`); without one the first of each is taken.
Claims are made from findings, verdict and regions alone, so that no sentence can name a finding,
a place or a number that the examination does not have.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.types import (
    Extent,
    Finding,
    HeatMap,
    Locality,
    Outcome,
    Region,
    Sentence,
    Status,
    Verdict,
)
from engine.vrm.heat import HOT
from engine.vrm.locality import EDITED
from engine.vrm.places import third_words

BOTH, SEMANTIC, ARTIFACT, MAP, PROBE, STANDOUT = (
    "vrm.both",
    "vrm.semantic",
    "vrm.artifact",
    "vrm.heatmap",
    "vrm.probe",
    "vrm.standout",
)
NEAR_BALANCE = 0.5
"""Log-odds below which a path is worded as near balance, as in the report; wording only."""
ALL_OVER_SHARE = 0.5
"""A map with at least this share of hot cells may be called hot all over."""
QUIET_SHARE = 0.25
"""A map with at most this share of hot cells may be called quiet."""
MOST_OF_PICTURE = 0.5
"""A place with at least this share of the picture has no direction."""
MAX_FACTS = 2
"""Facts that an explanation tells besides verdict, paths and places."""
MAX_CHARS = 120
"""Of a value or a reason that is told; longer ones are left to the findings."""

FACTS = {
    "c2pa.digital_source_type": "{reason}",
    "watermark.dwt_dct": "The pixels carry the watermark of {value}.",
    "generator.text": "The file holds text as {value} writes it.",
    "generator.stealth_text": "Text is hidden in the pixels as some generators hide it ({value}).",
    "label.aigc": "The file carries a label for generated content ({value}).",
    "label.digital_source_type": "{reason}",
    "metadata.camera": "The metadata name a camera: {value}.",
    "c2pa.integrity": "The signed credentials are {value} for this file.",
}
"""Facts that are told, strongest first, and how; conflicts are told before them."""
CONFLICT = "conflict."
CONFLICT_TEXT = "Facts of the file contradict each other: {value}."
PLACED_TEXT = "{name} stands out in the {where}."
TRACES = {
    "trace.copy_move": "A copied part",
    "trace.dq": "Double compression",
    "trace.dq_shifted": "Shifted double compression",
    "trace.ghosts": "A JPEG ghost",
    "trace.grid": "The block grid",
    "trace.noise": "The noise level",
    "trace.cfa": "The demosaicing pattern",
    "trace.resampling": "Resampling",
    "trace.median": "Median filtering",
    "trace.contrast": "The tone curve",
    "trace.ela": "The error level",
}
"""Derived traces that are told where they point at a place, and their names in words."""

_Choice = tuple["Claim", ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """Everything that an explanation may rest on."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    """Of all analysers and of the model."""
    size: tuple[int, int]
    """(height, width) of the picture, px."""
    hot_share: float | None
    """Share of the heat map's judged cells that are hot; None where none can be judged."""
    locality: Locality | None = None

    def finding(self, analyser: str) -> Finding | None:
        """Return the first usable finding of an analyser."""
        usable = (Status.OBSERVED, Status.DERIVED, Status.INFERRED)
        found = (f for f in self.findings if f.analyser == analyser and f.status in usable)
        return next(found, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One sentence that the findings allow."""

    text: str
    """Ends with a full stop."""
    cites: tuple[str, ...]
    """Ids of findings."""
    regions: tuple[Region, ...] = ()
    """Places it speaks of, each of a finding it cites."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place in the explanation, of which at most one claim is told."""

    name: str
    claims: _Choice
    """Every one of them is true; the first is told where nobody chooses."""


def ground_of(
    verdict: Verdict,
    findings: tuple[Finding, ...],
    heatmap: HeatMap,
    size: tuple[int, int],
    locality: Locality | None = None,
) -> Ground:
    """Return what an examination allows to be said.

    Args:
        verdict: of the picture.
        findings: of all analysers and of the model.
        heatmap: of the picture.
        size: (height, width) of the picture, px.
        locality: whether a part was edited.
    """
    judged = int(heatmap.valid.sum())
    hot = int((heatmap.valid & (heatmap.cells >= HOT)).sum())
    return Ground(
        verdict=verdict,
        findings=findings,
        size=size,
        hot_share=hot / judged if judged else None,
        locality=locality,
    )


def slots(ground: Ground) -> Iterator[Slot]:
    """Yield what may be told, in the order of telling; slots without a claim are left out.

    Args:
        ground: of one examination.
    """
    for name, claims in (
        ("verdict", _verdict(ground)),
        ("edited", _edited(ground)),
        ("paths", _paths(ground)),
        ("place", _places(ground)),
        ("standout", _standout(ground)),
    ):
        if claims:
            yield Slot(name=name, claims=claims)
    facts = tuple(_facts(ground))
    for number in range(min(MAX_FACTS, len(facts))):
        yield Slot(name=f"fact {number + 1}", claims=facts)


def rendered(ground: Ground) -> tuple[Sentence, ...]:
    """Return the explanation without a language model: the first claim of each slot.

    Args:
        ground: of one examination.
    """
    told: list[Claim] = []
    for slot in slots(ground):
        left = [claim for claim in slot.claims if claim not in told]
        if left:
            told.append(left[0])
    return tuple(sentence_of(claim) for claim in told)


def sentence_of(claim: Claim) -> Sentence:
    """Return a claim as a sentence of the explanation."""
    return Sentence(text=claim.text, cites=claim.cites, regions=claim.regions)


def shown_probability(p: float) -> str:
    """Return a probability as everywhere in the program: ``"p = .97"``, never certain."""
    hundredths = round(p * 100)
    if hundredths >= 100:
        return "p > .99"
    return "p < .01" if hundredths < 1 else f"p = .{hundredths:02d}"


def shown_log_odds(value: float) -> str:
    """Return log-odds with their sign, a true minus: ``"−0.42"``."""
    return f"{value:+.2f}".replace("-", "\u2212")


def where_words(region: Region, size: tuple[int, int]) -> str | None:
    """Return the words of a region's place, None where it takes most of the picture.

    Args:
        region: in original pixels.
        size: (height, width) of the picture, px.
    """
    if region.w * region.h >= MOST_OF_PICTURE * size[0] * size[1]:
        return None
    return third_words(region, size)


def _verdict(ground: Ground) -> _Choice:
    main = ground.finding(BOTH) or ground.finding(PROBE)
    if main is None:
        return ()
    p = shown_probability(ground.verdict.p_ai)
    texts: tuple[str, ...] = {
        Outcome.AI: (
            f"The measurements speak for AI generation ({p}).",
            f"The picture is likely AI-generated ({p}).",
        ),
        Outcome.REAL: (
            f"The measurements show no sign of AI generation ({p}).",
            f"No sign of AI generation was found ({p}).",
        ),
        Outcome.INCONCLUSIVE: (
            f"The measurements do not settle whether the picture is AI-generated ({p}).",
            f"The result is inconclusive ({p}).",
        ),
    }[ground.verdict.outcome]
    if ground.verdict.outcome is Outcome.INCONCLUSIVE and not ground.verdict.in_validated_range:
        texts = (f"The picture lies outside the measured range: no conclusion is drawn ({p}).",)
    return tuple(Claim(text=text, cites=(main.id,)) for text in texts)


def _edited(ground: Ground) -> _Choice:
    """Say which part differs from the rest, where that was decided."""
    found, local = ground.finding(EDITED), ground.locality
    if found is None or local is None or local.extent is not Extent.LOCAL:
        return ()
    claims = []
    for region in found.regions[:1]:
        where = where_words(region, ground.size)
        cites = (found.id,)
        places: tuple[Region, ...] = (region,)
        if where is None:
            texts: tuple[str, ...] = ("Parts of the picture differ in their compression.",)
            places = ()
        else:
            texts = (
                f"A part in the {where} differs in its compression from the rest, as an edit does.",
                f"The {where} carries marks of an edit: its compression differs from the rest.",
            )
        claims += [Claim(text=text, cites=cites, regions=places) for text in texts]
    return tuple(claims)


def _paths(ground: Ground) -> _Choice:
    """Say which way the paths point; without a language model there is one probe."""
    artifact, semantic = ground.finding(ARTIFACT), ground.finding(SEMANTIC)
    if artifact is None or semantic is None:
        probe = ground.finding(PROBE)
        if probe is None or ground.finding(BOTH) is not None:
            return ()
        return (Claim(text=f"The linear probe {_points(probe)}.", cites=(probe.id,)),)
    cites = (artifact.id, semantic.id)
    if _direction(artifact) == _direction(semantic):
        values = " and ".join(
            f"{name} ({shown_log_odds(_number(f))})"
            for name, f in (("the artifact path", artifact), ("the semantic path", semantic))
        )
        verb = "lie near balance" if _direction(artifact) == 0 else f"point {_to(artifact)}"
        return (Claim(text=f"Both {values} {verb}.", cites=cites),)
    first = f"the artifact path {_points(artifact)}"
    other = f"the semantic path {_points(semantic)}"
    return (
        Claim(text=f"{_capital(first)}, {other}.", cites=cites),
        Claim(text=f"{_capital(other)}, {first}.", cites=cites),
    )


def _points(finding: Finding) -> str:
    value = shown_log_odds(_number(finding))
    if _direction(finding) == 0:
        return f"({value}) lies near balance"
    return f"({value}) points {_to(finding)}"


def _to(finding: Finding) -> str:
    return "towards AI" if _direction(finding) > 0 else "away from AI"


def _direction(finding: Finding) -> int:
    value = _number(finding)
    return 0 if abs(value) < NEAR_BALANCE else int(math.copysign(1, value))


def _number(finding: Finding) -> float:
    return float(finding.value) if isinstance(finding.value, int | float) else 0.0


def _places(ground: Ground) -> _Choice:
    """Say where the map is hot: places of the map, or that it is hot all over, or quiet."""
    found, share, outcome = ground.finding(MAP), ground.hot_share, ground.verdict.outcome
    if found is None or share is None:
        return ()
    cites = (found.id,)
    if share <= QUIET_SHARE and outcome is not Outcome.AI:
        return (Claim(text="No place stands out in the heat map.", cites=cites),)
    if outcome is Outcome.REAL:
        return (
            Claim(
                text="The heat map reacts in places, which the verdict does not support.",
                cites=cites,
            ),
        )
    likely = outcome is Outcome.AI
    claims = []
    if share >= ALL_OVER_SHARE:
        text = "Generator traces lie" if likely else "The heat map reacts"
        claims.append(Claim(text=f"{text} all over the picture.", cites=cites))
    for region in found.regions:
        where = where_words(region, ground.size)
        if where is not None:
            text = "Generator traces stand out in" if likely else "The heat map reacts in"
            claims.append(Claim(text=f"{text} the {where}.", cites=cites, regions=(region,)))
    return tuple(claims)


def _standout(ground: Ground) -> _Choice:
    """Say where to look first, unless the picture is likely generated or the place is known."""
    found = ground.finding(STANDOUT)
    decided = ground.locality is not None and ground.locality.extent is Extent.LOCAL
    if found is None or decided or ground.verdict.outcome is Outcome.AI:
        return ()
    claims = []
    for region in found.regions[:1]:
        where = where_words(region, ground.size)
        if where is not None:
            claims += [
                Claim(text=text, cites=(found.id,), regions=(region,))
                for text in (
                    f"If a part was edited, look first in the {where}.",
                    f"The {where} differs most from the rest of the picture.",
                )
            ]
    return tuple(claims)


def _facts(ground: Ground) -> Iterator[Claim]:
    """Yield the facts that may be told, conflicts first, then by strength, then placed traces."""
    told = [f for f in ground.findings if f.value not in (None, "none")]
    for finding in told:
        if finding.status is Status.OBSERVED and finding.analyser.startswith(CONFLICT):
            yield from _fact(finding, CONFLICT_TEXT)
    for analyser, text in FACTS.items():
        for finding in told:
            if finding.status is Status.OBSERVED and finding.analyser == analyser:
                yield from _fact(finding, text)
    for analyser, name in TRACES.items():
        for finding in told:
            if finding.status is Status.DERIVED and finding.analyser == analyser:
                yield from _placed(finding, name, ground.size)


def _fact(finding: Finding, text: str) -> Iterator[Claim]:
    """Yield a fact as a claim; what is long or cannot be printed is left to the findings."""
    said = text.replace("{reason}", finding.reason).replace("{value}", str(finding.value))
    plain = said.isprintable() and not set("[]") & set(said)
    if plain and len(said) <= len(text) + MAX_CHARS:
        yield Claim(text=said, cites=(finding.id,))


def _placed(finding: Finding, name: str, size: tuple[int, int]) -> Iterator[Claim]:
    """Yield a claim for the first place of a trace."""
    for region in finding.regions[:1]:
        where = where_words(region, size)
        if where is not None:
            text = PLACED_TEXT.replace("{name}", name).replace("{where}", where)
            yield Claim(text=text, cites=(finding.id,), regions=(region,))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def without(slot: Slot, told: tuple[Claim, ...]) -> Slot:
    """Return a slot without what was told already."""
    return replace(slot, claims=tuple(c for c in slot.claims if c not in told))

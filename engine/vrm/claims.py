"""What an explanation may say: every sentence that the findings of one examination allow.

A claim is a sentence with the findings it cites and the places it speaks of. Where several are
true, a language model may choose (`engine.vrm.grammar`); without one the first of each is taken.
Claims are made from findings, verdict and regions alone, so that no sentence can name a finding,
a place or a number that the examination does not have.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from engine.types import Extent, Finding, Outcome, Region, Sentence, Status
from engine.vrm.ground import Claim, Ground, Slot, where_words, without
from engine.vrm.locality import EDITED
from engine.vrm.trace_claims import STANDOUT, TRACE_SLOT, capital, trace_claims

BOTH, SEMANTIC, ARTIFACT, MAP, PROBE = (
    "vrm.both",
    "vrm.semantic",
    "vrm.artifact",
    "vrm.heatmap",
    "vrm.probe",
)
NEAR_BALANCE = 0.5
"""Log-odds below which a path is worded as near balance, as in the report; wording only."""
ALL_OVER_SHARE = 0.5
"""A map with at least this share of hot cells may be called hot all over."""
QUIET_SHARE = 0.25
"""A map with at most this share of hot cells may be called quiet."""
MAX_FACTS = 2
"""Facts of the file that an explanation tells, the strongest; nobody chooses between them."""
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

_Choice = tuple[Claim, ...]


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
    for number, fact in enumerate(itertools.islice(_facts(ground), MAX_FACTS), 1):
        yield Slot(name=f"fact {number}", claims=(fact,))
    traces = tuple(trace_claims(ground))
    together = tuple(claim for claim in traces if len(claim.cites) > 1)
    for number, claims in enumerate((traces, together), 1):
        if claims:
            yield Slot(name=f"{TRACE_SLOT} {number}", claims=claims, fresh=True, chosen=False)


def rendered(ground: Ground) -> tuple[Sentence, ...]:
    """Return the explanation without a language model: the first claim of each slot.

    Args:
        ground: of one examination.
    """
    told: list[Claim] = []
    for slot in slots(ground):
        left = without(slot, tuple(told)).claims
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


def _verdict(ground: Ground) -> _Choice:
    # Where there is a probe, p is calculated from it; the paths are shown for comparison.
    main = ground.finding(PROBE) or ground.finding(BOTH)
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
        Claim(text=f"{capital(first)}, {other}.", cites=cites),
        Claim(text=f"{capital(other)}, {first}.", cites=cites),
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
    """Say where the map is hot: places of the map, or that it is hot all over, or quiet.

    What the map shows are places that differ from the rest of the picture, not what the verdict
    rests on: no sentence says that a generator left something there, whatever the verdict.
    """
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
    claims = []
    if share >= ALL_OVER_SHARE:
        claims.append(Claim(text="The heat map reacts all over the picture.", cites=cites))
    for region in found.regions:
        where = where_words(region, ground.size)
        if where is not None:
            text = f"The heat map reacts in the {where}."
            claims.append(Claim(text=text, cites=cites, regions=(region,)))
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
    """Yield the facts that may be told, conflicts first, then by strength."""
    told = [f for f in ground.findings if f.value not in (None, "none")]
    for finding in told:
        if finding.status is Status.OBSERVED and finding.analyser.startswith(CONFLICT):
            yield from _fact(finding, CONFLICT_TEXT)
    for analyser, text in FACTS.items():
        for finding in told:
            if finding.status is Status.OBSERVED and finding.analyser == analyser:
                yield from _fact(finding, text)


def _fact(finding: Finding, text: str) -> Iterator[Claim]:
    """Yield a fact as a claim; what is long or cannot be printed is left to the findings."""
    said = text.replace("{reason}", finding.reason).replace("{value}", str(finding.value))
    plain = said.isprintable() and not set("[]") & set(said)
    if plain and len(said) <= len(text) + MAX_CHARS:
        yield Claim(text=said, cites=(finding.id,))

"""What may be said of derived traces: where one stands out, which agree, and which do not.

Of two sentences about traces the second is never of one trace alone: of those most pointed
elsewhere. No language model chooses here: on sources that nothing was trained on, the order below
told the processed part more often than its choice did (docs/log.md).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from engine.types import Finding, Outcome, Status
from engine.vrm.ground import Claim, Ground, same_place, where_words

STANDOUT = "vrm.standout"
TRACE_SLOT = "trace"
"""Begins the names of slots that tell of traces."""
TRACES = {
    "trace.copy_move": "a copied part",
    "trace.dq": "double compression",
    "trace.dq_shifted": "shifted double compression",
    "trace.ghosts": "a JPEG ghost",
    "trace.grid": "the block grid",
    "trace.noise": "the noise level",
    "trace.cfa": "the demosaicing pattern",
    "trace.resampling": "resampling",
    "trace.median": "median filtering",
    "trace.contrast": "the tone curve",
    "trace.ela": "the error level",
}
"""Derived traces that are told where they point at a place, and their names in words."""
MODEL = "the model"
"""What the place that differs most is called beside traces."""
MAX_PLACES = 2
"""Places of one trace that may be told."""

_Pointing = tuple[str, Finding]


def trace_claims(ground: Ground) -> Iterator[Claim]:
    """Yield what may be told of traces: agreeing ones first, then each alone, in a fixed order.

    Args:
        ground: of one examination.
    """
    pointing = list(_pointing(ground))
    yield from _agreeing(pointing, ground)
    for number in range(MAX_PLACES):
        for name, finding in pointing:
            for region in finding.regions[number : number + 1]:
                where = where_words(region, ground.size)
                if where is not None and name != MODEL:
                    text = f"{capital(name)} stands out in the {where}."
                    yield Claim(text=text, cites=(finding.id,), regions=(region,))
    yield from _different(pointing)


def _pointing(ground: Ground) -> Iterator[_Pointing]:
    """Yield what points at a place, with its name; the model last."""
    for analyser, name in TRACES.items():
        for finding in ground.findings:
            told = finding.value not in (None, "none") and finding.status is Status.DERIVED
            if finding.analyser == analyser and told and finding.regions:
                yield name, finding
    own = ground.finding(STANDOUT)
    if own is not None and own.regions and ground.verdict.outcome is not Outcome.AI:
        yield MODEL, own


def _agreeing(pointing: Sequence[_Pointing], ground: Ground) -> Iterator[Claim]:
    """Yield which point at the same place: the largest sets first, each once."""
    found: dict[tuple[str, ...], Claim] = {}
    for _, anchor in pointing:
        for region in anchor.regions[:MAX_PLACES]:
            where = where_words(region, ground.size)
            same = [p for p in pointing if any(same_place(region, r) for r in p[1].regions)]
            cites = tuple(finding.id for _, finding in same)
            if where is None or len(same) < 2 or cites in found:
                continue
            text = f"{capital(listed([name for name, _ in same]))} point at the same place, in the "
            found[cites] = Claim(text=f"{text}{where}.", cites=cites, regions=(region,))
    yield from sorted(found.values(), key=lambda claim: -len(claim.cites))


def _different(pointing: Sequence[_Pointing]) -> Iterator[Claim]:
    """Yield that no two traces agree, where that is so."""
    traces = [each for each in pointing if each[0] != MODEL]
    apart = all(
        not same_place(a, b)
        for (_, one), (_, other) in itertools.combinations(traces, 2)
        for a, b in itertools.product(one.regions, other.regions)
    )
    if len(traces) >= 2 and apart:
        text = f"{capital(listed([name for name, _ in traces]))} point at different places."
        yield Claim(text=text, cites=tuple(finding.id for _, finding in traces))


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: ``"a, b and c"``."""
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def capital(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]

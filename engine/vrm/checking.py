"""Whether a sentence of an explanation is true of its examination; who wrote it does not matter.

The check knows nothing of how sentences are made. It reads a sentence's words, citations and
places and compares them with findings, verdict and picture: what is cited must exist, numbers must
be those of the cited findings, words of direction must fit the places, words of contents need a
finding that speaks of them, and nothing may contradict the verdict. What the check has no word for
is refused.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from engine.types import Finding, Outcome, Region, Sentence, Status
from engine.vrm.claims import ALL_OVER_SHARE, QUIET_SHARE
from engine.vrm.ground import Ground, same_place
from engine.vrm.lexicon import DIRECTIONS, EVERYWHERE, KNOWN, NUMBER_WORDS, QUIET, SYNONYMS
from engine.vrm.places import PLACES, named_places, third

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_NUMBER = re.compile(r"(?<![^\W_])[+\-\u2212]?(?:\d+(?:\.\d+)?|\.\d+)")
_MIXED = re.compile(r"\b(?=\w*\d)(?=\w*[^\W\d_])\w+\b")
"""Words with digits in them, such as names of cameras."""
_NEGATION = re.compile(
    r"\b(no|not|nor|none|never|neither|without|nothing|against|away from)\b|n['\u2019]t\b", re.I
)
_AI = re.compile(
    r"\b(ai[- ](generated|generation|made)|generated|synthetic|artificial|faked?|fakes)\b", re.I
)
_REAL = re.compile(r"\b(real|authentic|genuine|untouched|unaltered|original)\b", re.I)
_OPEN = re.compile(
    r"\b(inconclusive|undecided|not settle|no conclusion|leaves? it open|not decided)\b", re.I
)
_LEAN = re.compile(r"\b(towards?|away from|against|near balance)\b", re.I)
_OWN = ("vrm.",)
"""Analysers of the model; what they say is the verdict's, facts of the file are not."""
_SPOKEN = re.compile(
    r"\b(picture|image|photograph|photo|measurements?|result|verdict|sign)\b", re.I
)
_P = re.compile(r"\bp\s*([=<>])\s*(\.\d\d)")


def objections(sentence: Sentence, ground: Ground) -> tuple[str, ...]:
    """Return everything in a sentence that its examination does not support; empty when sound.

    Args:
        sentence: with its citations and places.
        ground: what the examination says.
    """
    cited = [f for f in ground.findings if f.id in sentence.cites]
    found: list[str] = []
    for check in (_citations, _regions, _numbers, _directions, _agreement, _vocabulary, _stance):
        found += check(sentence, cited, ground)
    return tuple(found)


def checked(
    sentences: Iterable[Sentence], ground: Ground
) -> tuple[tuple[Sentence, ...], tuple[tuple[Sentence, tuple[str, ...]], ...]]:
    """Return the sentences without objection, and the others with theirs."""
    kept, dropped = [], []
    for sentence in sentences:
        against = objections(sentence, ground)
        if against:
            dropped.append((sentence, against))
        else:
            kept.append(sentence)
    return tuple(kept), tuple(dropped)


def stance(text: str) -> Outcome | None:
    """Return the outcome that a text asserts of the picture, None when it asserts none.

    A text that asserts two is called inconsistent by `objections`; here the first of open, real
    and AI counts.

    Args:
        text: a sentence or more.
    """
    said = _stances(text)
    return next((o for o in (Outcome.INCONCLUSIVE, Outcome.REAL, Outcome.AI) if o in said), None)


def _stances(text: str) -> set[Outcome]:
    said: set[Outcome] = set()
    if _OPEN.search(text):
        return {Outcome.INCONCLUSIVE}
    denied = _NEGATION.search(text) is not None
    if _AI.search(text):
        said.add(Outcome.REAL if denied else Outcome.AI)
    if _REAL.search(text):
        said.add(Outcome.AI if denied else Outcome.REAL)
    return said


def _citations(sentence: Sentence, cited: list[Finding], _ground: Ground) -> Iterator[str]:
    if not sentence.cites:
        yield "it cites nothing"
    known = {finding.id for finding in cited}
    for name in sentence.cites:
        if name not in known:
            yield f"there is no finding {name}"
    for finding in cited:
        if finding.status in (Status.FAILED, Status.NOT_AVAILABLE):
            yield f"{finding.id} found nothing: {finding.status}"


def _regions(sentence: Sentence, cited: list[Finding], _ground: Ground) -> Iterator[str]:
    for region in sentence.regions:
        if not any(region in finding.regions for finding in cited):
            yield f"no cited finding has the place {region.x}, {region.y}, {region.w}, {region.h}"


def _numbers(sentence: Sentence, cited: list[Finding], ground: Ground) -> Iterator[str]:
    """Compare every number with those of the cited findings, to the digits that are printed."""
    text = sentence.text
    for sign, digits in _P.findall(text):
        p = ground.verdict.p_ai
        right = {"=": f".{round(p * 100):02d}" == digits, ">": p > 0.99, "<": p < 0.01}[sign]
        edge = {"=": True, ">": digits == ".99", "<": digits == ".01"}[sign]
        if not (right and edge) or not any(f.analyser.startswith(_OWN) for f in cited):
            yield f"the probability is not {sign} {digits}"
    text = _P.sub(" ", text)
    allowed = [number for finding in cited for number in _numbers_of(finding)]
    quoted = " ".join(str(f.value) for f in cited if isinstance(f.value, str))
    texts = {word.lower() for finding in cited for word in _MIXED.findall(_texts(finding))}
    for word in _MIXED.findall(text):
        if word.lower() not in texts:
            yield f"no cited finding says {word}"
    for match in _NUMBER.finditer(text):
        said = match.group().replace("\u2212", "-")
        if not _equal_to_one(said, allowed) and match.group() not in quoted:
            yield f"no cited finding says {said}"
    counts = {float(len(f.regions)) for f in cited} | {float(len(sentence.regions))} | set(allowed)
    for word in _words(text):
        if word in NUMBER_WORDS and float(NUMBER_WORDS[word]) not in counts:
            yield f"no cited finding says {word}"


def _numbers_of(finding: Finding) -> Iterator[float]:
    if isinstance(finding.value, int | float):
        yield float(finding.value)
    elif finding.value is not None:
        yield from (float(n.replace("\u2212", "-")) for n in _NUMBER.findall(finding.value))


def _equal_to_one(said: str, allowed: Sequence[float]) -> bool:
    digits = len(said.partition(".")[2])
    return any(abs(round(number, digits) - float(said)) < 1e-9 for number in allowed)


def _directions(sentence: Sentence, cited: list[Finding], ground: Ground) -> Iterator[str]:
    """Compare words of direction with the places; a word without a place is refused."""
    low = " ".join(SYNONYMS.get(word, word) for word in _words(_own_text(sentence, cited)))
    low = low.replace("-", " ")
    share, places = ground.hot_share, {third(region, ground.size) for region in sentence.regions}
    thirds = set(named_places(low))
    if thirds and places != thirds:
        yield "the places do not lie where it says"
    for words in PLACES.values():
        low = low.replace(words, " ")
    for word in low.split():
        if word not in DIRECTIONS:
            continue
        if not sentence.regions:
            yield f"it says {word} and names no place"
        elif not all(_lies(region, word, ground.size) for region in sentence.regions):
            yield f"a place does not lie {word}"
    if any(phrase in low for phrase in EVERYWHERE) and (share is None or share < ALL_OVER_SHARE):
        yield "the heat map is not hot all over"
    if any(phrase in low for phrase in QUIET) and (share is None or share > QUIET_SHARE):
        yield "the heat map is not quiet"
    if sentence.regions and _NEGATION.search(sentence.text):
        yield "it denies a place"
    if places and "traces" in low and ground.verdict.outcome is Outcome.REAL:
        yield "it names traces beside a verdict of no sign"


def _agreement(sentence: Sentence, cited: list[Finding], _ground: Ground) -> Iterator[str]:
    """Compare what is said of findings together with all of their places."""
    low = sentence.text.lower()
    if "same place" in low:
        if len(cited) < 2 or not sentence.regions:
            yield "fewer than two findings, or no place, cannot be the same place"
        for finding in cited:
            for place in sentence.regions:
                if not any(same_place(place, other) for other in finding.regions):
                    yield f"{finding.id} does not point at that place"
    if "different places" in low:
        if len(cited) < 2 or not all(finding.regions for finding in cited):
            yield "fewer than two findings with places cannot differ"
        for one, other in itertools.combinations(cited, 2):
            if any(same_place(a, b) for a in one.regions for b in other.regions):
                yield f"{one.id} and {other.id} point at the same place"


def _lies(region: Region, word: str, size: tuple[int, int]) -> bool:
    """Return whether a region's centre lies where a word says, in thirds of the picture."""
    axis, (low, high) = DIRECTIONS[word]
    if axis == "both":
        return all(low <= _along(region, size, each) <= high for each in ("y", "x"))
    if axis == "either":
        return any(low <= _along(region, size, each) <= high for each in ("y", "x"))
    return low <= _along(region, size, axis) <= high


def _along(region: Region, size: tuple[int, int], axis: str) -> float:
    if axis == "y":
        return (region.y + region.h / 2) / size[0]
    return (region.x + region.w / 2) / size[1]


def _vocabulary(sentence: Sentence, cited: list[Finding], _ground: Ground) -> Iterator[str]:
    """Refuse every word that is neither the check's own nor of a cited finding."""
    theirs = {word for finding in cited for word in _words(_texts(finding))}
    for word in _words(sentence.text):
        if word not in KNOWN and word not in theirs:
            yield f"no cited finding speaks of {word!r}"


def _texts(finding: Finding) -> str:
    value = finding.value if isinstance(finding.value, str) else ""
    return f"{value} {finding.reason} {finding.analyser.replace('.', ' ').replace('_', ' ')}"


def _words(text: str) -> Iterator[str]:
    return (match.group().lower().replace("\u2019", "'") for match in _WORD.finditer(text))


def _stance(sentence: Sentence, cited: list[Finding], ground: Ground) -> Iterator[str]:
    """Compare what is asserted of the picture with the verdict, and leanings with read-outs."""
    text = " ".join(_own_text(sentence, cited).split())
    outcome = ground.verdict.outcome
    own = [f for f in cited if f.analyser.startswith(_OWN)]
    said = _stances(text)
    if len(said) > 1:
        yield "it asserts two outcomes"
    about_file = not own and not _SPOKEN.search(text)
    if said and not about_file and said != {outcome}:
        yield f"it says {', '.join(sorted(said))}, the verdict is {outcome}"
    yield from _leanings(text, own)


def _own_text(sentence: Sentence, cited: list[Finding]) -> str:
    text = sentence.text
    for finding in cited:
        if isinstance(finding.value, str) and finding.value:
            text = text.replace(finding.value, " ")
    return text


def _leanings(text: str, own: list[Finding]) -> Iterator[str]:
    """Compare "towards AI", "away from AI" and "near balance" with the cited log-odds in order."""
    said = [_sign(match.group().lower()) for match in _LEAN.finditer(text)]
    if not said:
        return
    values = [float(f.value) for f in own if isinstance(f.value, int | float)]
    signs = {_sign_of(value) for value in values}
    if not signs or set(said) != signs:
        yield "a path does not point there"
    elif len(signs) > 1:
        yield from _each_leaning(text, values)


def _each_leaning(text: str, values: list[float]) -> Iterator[str]:
    """Compare part by part: each part names a path by its number.

    The sign is that of the value itself: one of .497 is printed as .50 and lies near balance.
    """
    for part in re.split(r"[,;]| and ", text):
        leaning, number = _LEAN.search(part), _NUMBER.search(part)
        if leaning is None or number is None:
            continue
        said = number.group().replace("\u2212", "-")
        meant = {_sign_of(value) for value in values if _equal_to_one(said, [value])}
        if _sign(leaning.group().lower()) not in meant:
            yield "a path does not point there"


def _sign(leaning: str) -> int:
    if leaning.startswith("toward"):
        return 1
    return 0 if leaning == "near balance" else -1


def _sign_of(value: float) -> int:
    near = 0.5
    return 0 if abs(value) < near else (1 if value > 0 else -1)

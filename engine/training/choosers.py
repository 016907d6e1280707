"""Who chooses what is told: the language model, trained or not, the rule's order, or chance."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from engine.training.evaluate import Log, drop_torn_line
from engine.training.situations import Situation
from engine.training.telling import PLANTED, right
from engine.vrm.checking import objections, stance
from engine.vrm.claims import sentence_of, slots
from engine.vrm.explain import MiniSpeaker, places_of, prompt
from engine.vrm.grammar import tell
from engine.vrm.ground import Claim, Ground, without
from engine.vrm.lora import lora_swapped
from engine.vrm.mini import Mini
from engine.vrm.trace_claims import TRACE_SLOT

Choose = Callable[[Situation, Ground], tuple[Claim, ...]]
"""What is told of a picture when findings are given, its own or another one's."""
LOG_EVERY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one chooser told of one situation, against the truth."""

    name: str
    source: str
    kind: str
    chooser: str
    told: tuple[str, ...]
    """Sentences."""
    dropped: int
    """Of these, refused by the check."""
    asserting: int
    """Sentences that assert an outcome."""
    agreeing: int
    """Of these, the verdict's."""
    choice: bool
    """Whether the first sentence about traces could have been right or not."""
    first: bool | None
    """Whether it is right; None without one that names a place."""
    places: int
    """Places that sentences about traces name."""
    wrong: int
    """Of these, not processed."""
    planted: bool
    """Whether a right place is told of a trace that was planted."""
    named: bool
    """Whether any sentence names a place that was processed."""
    followed: int
    """Told with another picture's findings: sentences that are true of those."""
    strayed: int
    """Told with another picture's findings: sentences that are not."""
    own: int
    """Told with another picture's findings: sentences that are true of this picture's own."""
    ms: float
    """Processor time of choosing."""


def by_rule(_situation: Situation, ground: Ground) -> tuple[Claim, ...]:
    """Tell the first claim of each slot, as without a language model."""
    return _told(ground, lambda claims: claims[0])


def by_chance(situation: Situation, ground: Ground) -> tuple[Claim, ...]:
    """Tell any claim of each slot; the same ones every time."""
    dice = random.Random(situation.name)
    return _told(ground, dice.choice)


def _told(ground: Ground, pick: Callable[[Sequence[Claim]], Claim]) -> tuple[Claim, ...]:
    told: list[Claim] = []
    for slot in slots(ground):
        left = without(slot, tuple(told)).claims
        if left:
            told.append(pick(left))
    return tuple(told)


def by_model(mini: Mini, precision: Callable[[], torch.autocast]) -> Choose:
    """Return the choice of the language model as it is, where it may choose everything."""

    def choose(situation: Situation, ground: Ground) -> tuple[Claim, ...]:
        told = tuple(replace(slot, chosen=True) for slot in slots(ground))
        letters = places_of(told)
        with precision():
            speaker = MiniSpeaker(
                mini, prompt(ground, told, letters), situation.semantic, situation.artifact
            )
            return tell(speaker, told, letters, on_text=lambda _: None, check=lambda: None).claims

    return choose


def by_trained(
    mini: Mini, precision: Callable[[], torch.autocast], adapters: Mapping[str, Tensor]
) -> Choose:
    """Return the choice of the language model with other adapters."""
    plain = by_model(mini, precision)

    def choose(situation: Situation, ground: Ground) -> tuple[Claim, ...]:
        with lora_swapped(mini.language, adapters):
            return plain(situation, ground)

    return choose


def rows(
    name: str, choose: Choose, made: Sequence[Situation], kept: KeptRows, log: Log
) -> Iterator[Row]:
    """Yield what a chooser tells of each situation, and with another picture's findings.

    Args:
        name: of the chooser.
        choose: the chooser.
        made: situations; the findings of the next one are the other picture's.
        kept: what an interrupted run has made.
        log: told how far it is.
    """
    for count, situation in enumerate(made, 1):
        row = kept.get(name, situation.name)
        if row is None:
            other = made[count % len(made)].ground
            began = time.process_time()
            claims = choose(situation, situation.ground)
            ms = 1000 * (time.process_time() - began)
            row = _row(name, situation, claims, (choose(situation, other), other), ms)
            kept.add(row)
        yield row
        if count % LOG_EVERY == 0:
            log(f"{name}: {count} of {len(made)}")


def _row(
    name: str,
    situation: Situation,
    claims: Sequence[Claim],
    control: tuple[Sequence[Claim], Ground],
    ms: float,
) -> Row:
    ground, (strange, other) = situation.ground, control
    told = [sentence_of(claim) for claim in claims]
    kept = [s for s in told if not objections(s, ground)]
    said = [stance(s.text) for s in kept]
    asserted = [s for s in said if s is not None]
    traces = _of_traces(ground, claims)
    placed = [claim for claim in traces if claim.regions]
    by_id = {finding.id: finding.analyser for finding in ground.findings}
    planted = set(PLANTED.get(situation.kind, ()))
    options = next((s.claims for s in slots(ground) if s.name.startswith(TRACE_SLOT)), ())
    others = [sentence_of(claim) for claim in strange]
    followed = sum(not objections(s, other) for s in others)
    return Row(
        name=situation.name,
        source=situation.source,
        kind=situation.kind,
        chooser=name,
        told=tuple(s.text for s in told),
        dropped=len(told) - len(kept),
        asserting=len(asserted),
        agreeing=sum(s is ground.verdict.outcome for s in asserted),
        choice=len({right(situation, c) for c in options if c.regions}) == 2,
        first=right(situation, traces[0]) if traces and traces[0].regions else None,
        places=len(placed),
        wrong=sum(not right(situation, c) for c in placed),
        planted=any(right(situation, c) and planted & {by_id[i] for i in c.cites} for c in placed),
        named=any(right(situation, c) for c in claims),
        followed=followed,
        strayed=len(others) - followed,
        own=sum(not objections(s, ground) for s in others),
        ms=ms,
    )


def _of_traces(ground: Ground, claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims that stand in slots about traces, in order."""
    traces = {c for s in slots(ground) if s.name.startswith(TRACE_SLOT) for c in s.claims}
    return [claim for claim in claims if claim in traces]


class KeptRows:
    """Rows in a file, so that an interrupted run goes on where it was.

    Args:
        file: JSON lines, made when the first is added.
        model: identity of weights and adapters; lines of others are left alone.
    """

    def __init__(self, file: Path, model: str) -> None:
        self._file, self._model = file, model
        self._known: dict[tuple[str, str], Row] = {}
        if not file.exists():
            return
        drop_torn_line(file)
        for line in file.read_text(encoding="utf-8").splitlines():
            body = json.loads(line)
            if body.pop("model") == model:
                row = Row(**{**body, "told": tuple(body["told"])})
                self._known[row.chooser, row.name] = row

    def get(self, chooser: str, name: str) -> Row | None:
        """Return what a chooser told of a situation; None when that is not known."""
        return self._known.get((chooser, name))

    def add(self, row: Row) -> None:
        """Keep a row."""
        self._known[row.chooser, row.name] = row
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps({"model": self._model, **asdict(row)}) + "\n")

"""Training the language model to explain: of true sentences, to choose those that tell the most.

Situations are pictures with known processing (`engine.training.scenes`). At run time the model
chooses between permitted sentences by its log-probabilities where they fork (`engine.vrm.grammar`);
here the same forks are the loss: the probability, among the tokens that go on, of those that lead
to a sentence which is right. Only adapters of the decoder's last layers are trained, all after K,
and in a copy that explains and nothing else: states before them are computed once, and verdicts
stay as they are.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.training.evaluate import Log
from engine.training.situations import RIGHT, Situation
from engine.vrm.claims import slots
from engine.vrm.explain import places_of, prompt
from engine.vrm.grammar import Node, marked, trie
from engine.vrm.ground import Claim, Slot, without
from engine.vrm.lora import lora_state, lora_swapped
from engine.vrm.mini import Mini
from engine.vrm.trace_claims import TRACE_SLOT

PLANTED = {
    "saved twice": ("trace.ela", "trace.ghosts", "trace.dq"),
    "replaced": ("trace.dq",),
    "off the grid": ("trace.dq_shifted",),
    "foreign grid": ("trace.grid",),
    "noisier": ("trace.noise",),
    "blurred": ("trace.noise",),
    "without demosaicing": ("trace.cfa",),
    "enlarged": ("trace.resampling",),
    "median": ("trace.median",),
    "toned": ("trace.contrast",),
    "copied": ("trace.copy_move",),
    "copied and turned": ("trace.copy_move",),
    "reconstructed": ("trace.dq",),
}
"""What was done -> the traces that it leaves."""


LAST_LAYERS = 8
"""Adapters of earlier layers stay as they are: half the time, and less to learn by heart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What ought to be told of one situation."""

    before: tuple[Claim, ...]
    """What is told before, in order."""
    claims: tuple[Claim, ...]
    """Between which the model chooses."""
    best: tuple[int, ...]
    """Those that tell the most, by their place in ``claims``."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """One way through the forks of one choice."""

    states: Tensor
    """[L, d], states before `first_layer` of the prompt, what was told, and the way."""
    forks: tuple[Fork, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """One token to be chosen."""

    position: int
    """Whose logits choose."""
    tokens: tuple[int, ...]
    """That may go on."""
    good: tuple[bool, ...]
    """Which of them lead to a sentence that ought to be told."""


def choices(situation: Situation, dice: random.Random) -> Iterator[Told]:
    """Yield what ought to be chosen of a situation, for each slot in which there is a choice.

    Args:
        situation: with its truth.
        dice: picks among equally good sentences what is told before the next choice.
    """
    told: list[Claim] = []
    for slot in slots(situation.ground):
        left = without(slot, tuple(told)).claims
        if not left:
            continue
        best = _best(slot, left, situation)
        if best and len(best) < len(left):
            yield Told(before=tuple(told), claims=left, best=best)
        told.append(left[dice.choice(best)] if best else dice.choice(left))


def _best(slot: Slot, claims: Sequence[Claim], situation: Situation) -> tuple[int, ...]:
    """Return the claims that tell the most; none where nothing is known to be better."""
    if not slot.name.startswith((TRACE_SLOT, "place")):
        return ()
    true = [i for i, claim in enumerate(claims) if right(situation, claim)]
    planted = set(PLANTED.get(situation.kind, ()))
    named = {f.id: f.analyser for f in situation.ground.findings}
    telling = [i for i in true if planted & {named[name] for name in claims[i].cites}]
    if telling or true:
        return tuple(telling or true)
    # Where no place is right, the sentence without a place misleads least.
    return tuple(i for i, claim in enumerate(claims) if not claim.regions)


def right(situation: Situation, claim: Claim) -> bool:
    """Return whether a claim names a place that was processed.

    Args:
        situation: with its truth.
        claim: of its findings.
    """
    return bool(claim.regions) and all(
        situation.truths[region].inside >= RIGHT for region in claim.regions
    )


def lessons(model: Mini, situation: Situation, dice: random.Random) -> Iterator[Lesson]:
    """Yield the ways through the forks that lead to what ought to be told.

    Args:
        model: the mini, as it is.
        situation: with its truth.
        dice: as `choices`.
    """
    all_told = tuple(slots(situation.ground))
    letters = places_of(all_told)
    ids = model.prompt_ids(prompt(situation.ground, all_told, letters))[0].tolist()
    for told in choices(situation, dice):
        written = list(ids)
        for number, claim in enumerate(told.before):
            written += _encode(model, (" " if number else "") + marked(claim, letters))
        begin = " " if told.before else ""
        options = [_encode(model, begin + marked(c, letters)) for c in told.claims]
        root = trie(options)
        good = frozenset(told.best)
        for way in _ways(root, good):
            tokens, forks = _forks(way, root, good, len(written) - 1)
            states = states_at(model, situation, [*written, *tokens], len(ids))
            yield Lesson(states=states, forks=forks)


def _encode(model: Mini, text: str) -> list[int]:
    tokens: list[int] = model.tokenizer.encode(text, add_special_tokens=False)
    return tokens


def _leaves(node: Node) -> frozenset[int]:
    if node.option is not None:
        return frozenset((node.option,))
    return frozenset().union(*(_leaves(child) for child in node.children.values()))


def _ways(root: Node, good: frozenset[int]) -> Iterator[list[int]]:
    """Yield the tokens up to the last fork on the way to each good sentence, each way once."""
    seen: set[tuple[int, ...]] = set()
    for wanted in sorted(good):
        node, tokens, kept = root, list[int](), 0
        while node.option is None:
            if len(node.children) > 1:
                kept = len(tokens)
            token = next(t for t, child in node.children.items() if wanted in _leaves(child))
            tokens.append(token)
            node = node.children[token]
        way = tuple(tokens[:kept])
        if way not in seen:
            seen.add(way)
            yield list(way)


def _forks(
    way: Sequence[int], root: Node, good: frozenset[int], last: int
) -> tuple[list[int], tuple[Fork, ...]]:
    forks, node = [], root
    for step in range(len(way) + 1):
        if len(node.children) > 1:
            tokens = tuple(sorted(node.children))
            right = tuple(bool(_leaves(node.children[t]) & good) for t in tokens)
            forks.append(Fork(position=last + step, tokens=tokens, good=right))
        if step < len(way):
            node = node.children[way[step]]
    return list(way), tuple(forks)


class _Reached(Exception):
    """The states that were wanted are there."""


@torch.no_grad()
def states_at(
    model: Mini, situation: Situation, tokens: Sequence[int], prompt_tokens: int
) -> Tensor:
    """Return the states before `first_layer`, the injection included: [L, d].

    Args:
        model: the mini.
        situation: whose tokens of both paths are read.
        tokens: of prompt and answer.
        prompt_tokens: how many of them are the prompt.
    """
    ids = torch.tensor([list(tokens)])
    embedded = model.language.get_input_embeddings()(ids).clone()
    embedded[:, :prompt_tokens] = model.embed(ids[:, :prompt_tokens], situation.semantic)
    kept: list[Tensor] = []

    def keep(_layer: nn.Module, args: tuple[Tensor, ...], kwargs: dict[str, Tensor]) -> None:
        kept.append(args[0] if args else kwargs["hidden_states"])
        raise _Reached

    handle = model.language.model.layers[first_layer(model)].register_forward_pre_hook(
        keep, with_kwargs=True
    )
    try:
        with model.injecting(situation.artifact, ids):
            model.language.model(inputs_embeds=embedded, use_cache=False)
    except _Reached:
        pass
    finally:
        handle.remove()
    return kept[0][0].to(torch.bfloat16)


def answer_from(model: Mini, states: Tensor) -> Tensor:
    """Run the layers from `first_layer` on: states [L, d] -> last hidden states [L, d]."""
    decoder = model.language.model
    x = states[None].to(model.language.dtype)
    positions = torch.arange(x.shape[1])[None]
    turned = decoder.rotary_emb(x, position_ids=positions)
    for layer in decoder.layers[first_layer(model) :]:
        x = layer(x, attention_mask=None, position_ids=positions, position_embeddings=turned)
    out: Tensor = decoder.norm(x)[0]
    return out


def loss_of(model: Mini, lesson: Lesson) -> Tensor:
    """Return the loss of one lesson: of every fork, minus log of the share that goes on right."""
    hidden = answer_from(model, lesson.states)
    logits = model.logits(hidden[[fork.position for fork in lesson.forks]]).float()
    each = []
    for row, fork in zip(logits, lesson.forks, strict=True):
        log_shares = row[list(fork.tokens)].log_softmax(-1)
        each.append(-torch.logsumexp(log_shares[torch.tensor(fork.good)], dim=-1))
    return torch.stack(each).sum()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the adapters are trained."""

    rounds: int = 3
    """Over all lessons; the adapters of the best one on calibration are kept."""
    together: int = 8
    """Lessons a step."""
    rate: float = 3e-4
    """Peak learning rate."""
    seed: int = 0


def fit(
    model: Mini,
    lessons_of: Mapping[str, Sequence[Lesson]],
    work: Path,
    plan: Plan,
    log: Log,
) -> dict[str, Tensor]:
    """Train a copy of the decoder's adapters, and return that of the best round on calibration.

    Continues from ``work/telling.pt`` when there is one.

    Args:
        model: the mini; it is the same afterwards.
        lessons_of: by side, ``"train"`` and ``"calibration"``.
        work: folder of the run.
        plan: how.
        log: told how far it is.
    """
    adapters: dict[str, Tensor] = {
        name: nn.Parameter(tensor.clone(), requires_grad=_layer_of(name) >= first_layer(model))
        for name, tensor in lora_state(model.language).items()
    }
    trained = [p for p in adapters.values() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=plan.rate, weight_decay=1e-2)
    work.mkdir(parents=True, exist_ok=True)
    snapshot = work / "telling.pt"
    state = _begun(snapshot, adapters, optimiser)
    train, judged = lessons_of["train"], lessons_of["calibration"]
    steps = plan.rounds * math.ceil(len(train) / plan.together)
    with lora_swapped(model.language, adapters):
        if not state["rounds"]:
            state["best"] = [_mean_loss(model, judged), _copy(adapters)]
            log(f"before: calibration {state['best'][0]:.4f}")
        for number in range(state["rounds"], plan.rounds):
            loss = _round(model, train, optimiser, (plan, number, steps))
            on_others = _mean_loss(model, judged)
            log(f"round {number + 1}: train {loss:.4f}, calibration {on_others:.4f}")
            if on_others < state["best"][0]:
                state["best"] = [on_others, _copy(adapters)]
            state["rounds"] = number + 1
            partial = snapshot.with_suffix(".partial")
            kept = {"adapters": _copy(adapters), "optimiser": optimiser.state_dict()}
            torch.save({**state, **kept}, partial)
            partial.replace(snapshot)
    best: dict[str, Tensor] = state["best"][1]
    return best


def _begun(
    snapshot: Path, adapters: Mapping[str, Tensor], optimiser: torch.optim.Optimizer
) -> dict[str, Any]:
    if not snapshot.exists():
        return {"rounds": 0}
    saved = torch.load(snapshot, weights_only=True)
    optimiser.load_state_dict(saved.pop("optimiser"))
    with torch.no_grad():
        for name, tensor in saved.pop("adapters").items():
            adapters[name].copy_(tensor)
    return dict(saved)


def first_layer(model: Mini) -> int:
    """Return the first decoder layer whose adapters are trained; never one before K."""
    return max(model.config.injection_layer, len(model.language.model.layers) - LAST_LAYERS)


def _layer_of(name: str) -> int:
    return int(name.split("layers.")[1].split(".", maxsplit=1)[0])


def _copy(adapters: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in adapters.items()}


def _round(
    model: Mini,
    train: Sequence[Lesson],
    optimiser: torch.optim.Optimizer,
    at: tuple[Plan, int, int],
) -> float:
    """Go over all lessons once, in an order of its own."""
    plan, number, steps = at
    order = torch.randperm(
        len(train), generator=torch.Generator().manual_seed(plan.seed + number)
    ).tolist()
    total = 0.0
    for begin in range(0, len(order), plan.together):
        step = number * math.ceil(len(order) / plan.together) + begin // plan.together
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * (0.05 + 0.95 * (1 + math.cos(math.pi * step / steps)) / 2)
        optimiser.zero_grad()
        some = order[begin : begin + plan.together]
        for index in some:
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = loss_of(model, train[index])
            (loss / len(some)).backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        optimiser.step()
    return total / max(1, len(order))


@torch.no_grad()
def _mean_loss(model: Mini, judged: Sequence[Lesson]) -> float:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        losses = [float(loss_of(model, lesson)) for lesson in judged]
    return sum(losses) / max(1, len(losses))

"""Constrained decoding: a language model chooses between permitted sentences, token by token.

The permitted sentences of a slot become a trie of tokens. Where the trie does not fork nothing is
asked; where it does, the model's log-probabilities choose between the tokens that go on, and no
other. So every id, place and number of a text is one that was permitted.

Source: grammar-constrained decoding as in Geng et al., EMNLP 2023 (the idea); the trie is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from engine.types import Region
from engine.vrm.ground import Claim, Slot, without

CONTEXT_SEPARATOR = " "


class Speaker(Protocol):
    """A language model in the middle of its answer."""

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text."""
        ...

    def feed(self, tokens: Sequence[int]) -> None:
        """Append tokens to the answer; at least one."""
        ...

    def scores(self, tokens: Sequence[int]) -> list[float]:
        """Return the log-probability of each of some tokens as the next one."""
        ...


@dataclass(slots=True)
class Node:
    """A point in the trie of the permitted sentences."""

    children: dict[int, Node] = field(default_factory=dict)
    option: int | None = None
    """Index of the sentence that ends here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a language model chose, with how often and how surely it was asked."""

    claims: tuple[Claim, ...]
    asked: int
    """Forks at which it chose."""


def trie(sentences: Sequence[Sequence[int]]) -> Node:
    """Return the trie of token sequences; of equal ones the first counts.

    Args:
        sentences: tokens of each, none empty, none the beginning of another.

    Raises:
        ValueError: one is empty, or begins another.
    """
    root = Node()
    for index, tokens in enumerate(sentences):
        node = root
        for token in tokens:
            if node.option is not None:
                raise ValueError(f"Sentence {node.option} is the beginning of another.")
            node = node.children.setdefault(token, Node())
        if node is root or (node.children and node.option is None):
            raise ValueError(f"Sentence {index} is empty or the beginning of another.")
        if node.option is None:
            node.option = index
    return root


def choose(speaker: Speaker, root: Node, check: Callable[[], None]) -> tuple[int, int]:
    """Let a model walk the trie, feeding it what was chosen.

    Args:
        speaker: the model.
        root: of the trie.
        check: called at every fork; raises Cancelled.

    Returns:
        Index of the sentence, and the forks at which the model was asked.
    """
    node, waiting, asked = root, list[int](), 0
    while node.option is None:
        tokens = sorted(node.children)
        token = tokens[0]
        if len(tokens) > 1:
            check()
            if waiting:
                speaker.feed(waiting)
                waiting = []
            asked += 1
            scores = speaker.scores(tokens)
            # Of equal ones the smallest token, so that the same picture has the same text.
            token = max(zip(tokens, scores, strict=True), key=lambda pair: (pair[1], -pair[0]))[0]
        waiting.append(token)
        node = node.children[token]
    speaker.feed(waiting)
    return node.option, asked


def tell(
    speaker: Speaker,
    slots: Sequence[Slot],
    letters: Sequence[Region],
    *,
    on_text: Callable[[str], None],
    check: Callable[[], None],
) -> Told:
    """Let a model tell one claim of each slot.

    Args:
        speaker: the model, after its prompt.
        slots: what may be told; a claim is told once.
        letters: every place; the place at index i is marked by the i-th letter.
        on_text: called with each sentence.
        check: called at every fork; raises Cancelled.
    """
    told: list[Claim] = []
    asked = 0
    for slot in slots:
        left = without(slot, tuple(told)).claims
        if not left:
            continue
        if not slot.chosen:
            left = left[:1]
        check()
        begin = CONTEXT_SEPARATOR if told else ""
        written = [begin + marked(claim, letters) for claim in left]
        index, forks = choose(speaker, trie([speaker.encode(text) for text in written]), check)
        asked += forks
        told.append(left[index])
        on_text(begin + left[index].text)
    on_text("\n")
    return Told(claims=tuple(told), asked=asked)


def marked(claim: Claim, letters: Sequence[Region]) -> str:
    """Return a claim as the model writes it, its citations in brackets: ``"… [M5 A]."``.

    Args:
        claim: to be written.
        letters: every place.
    """
    places = [letter(letters.index(region)) for region in claim.regions]
    marks = " ".join((*claim.cites, *places))
    return f"{claim.text.removesuffix('.')} [{marks}]."


def letter(index: int) -> str:
    """Return the letter of a place: 0 is A."""
    return chr(ord("A") + index % 26) * (index // 26 + 1)

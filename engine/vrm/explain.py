"""The mini tells what the findings say: constrained decoding with the injected artifact signal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from engine.types import Region, Sentence
from engine.vrm.claims import sentence_of, slots
from engine.vrm.grammar import letter, tell
from engine.vrm.ground import Ground, Slot
from engine.vrm.mini import Mini
from engine.vrm.places import third_words

EXPLAIN = "Explain the result. Name findings and places."
"""Ends the prompt, after verdict, findings and places; the picture's tokens follow it."""


class MiniSpeaker:
    """The mini in the middle of its answer; nothing is computed twice.

    The prompt runs once, whole, with the artifact path injected; what follows are cached steps of
    any length, which the injection does not concern.

    Args:
        model: the mini.
        question: the prompt's words.
        semantic: V_o's tokens of one view, [1, 49, d].
        artifact: V_a + R's tokens of it, [1, 49, d]; None leaves the injection off.
    """

    @torch.inference_mode()
    def __init__(
        self, model: Mini, question: str, semantic: Tensor, artifact: Tensor | None
    ) -> None:
        self._model = model
        ids = model.prompt_ids(question)
        with model.injecting(artifact, ids):
            out = model.language.model(inputs_embeds=model.embed(ids, semantic), use_cache=True)
        self._keep(out)

    def _keep(self, out: object) -> None:
        self._past = out.past_key_values  # type: ignore[attr-defined]
        last: Tensor = out.last_hidden_state[:, -1]  # type: ignore[attr-defined]
        self._scores = self._model.logits(last)[0].float().log_softmax(-1)

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text."""
        tokens: list[int] = self._model.tokenizer.encode(text, add_special_tokens=False)
        return tokens

    @torch.inference_mode()
    def feed(self, tokens: Sequence[int]) -> None:
        """Append tokens to the answer; at least one."""
        out = self._model.language.model(
            input_ids=torch.tensor([list(tokens)]), past_key_values=self._past, use_cache=True
        )
        self._keep(out)

    def scores(self, tokens: Sequence[int]) -> list[float]:
        """Return the log-probability of each of some tokens as the next one."""
        return [float(self._scores[token]) for token in tokens]


def explain(
    model: Mini,
    semantic: Tensor,
    artifact: Tensor | None,
    ground: Ground,
    *,
    on_text: Callable[[str], None],
    check: Callable[[], None],
) -> tuple[Sentence, ...]:
    """Return the sentences that the model chose among those the findings allow.

    Args:
        model: the mini.
        semantic: V_o's tokens of one view of the picture, [1, 49, d].
        artifact: V_a + R's tokens of it, [1, 49, d]; None leaves the injection off.
        ground: what may be said.
        on_text: called with each sentence.
        check: called before the prompt, at every sentence and fork; raises Cancelled.
    """
    told = tuple(slots(ground))
    if not told:
        return ()
    check()
    letters = places_of(told)
    speaker = MiniSpeaker(model, prompt(ground, told, letters), semantic, artifact)
    claims = tell(speaker, told, letters, on_text=on_text, check=check).claims
    return tuple(sentence_of(claim) for claim in claims)


def places_of(told: Sequence[Slot]) -> tuple[Region, ...]:
    """Return every place that may be named, each once, in order of appearance."""
    return tuple(dict.fromkeys(r for slot in told for claim in slot.claims for r in claim.regions))


def prompt(ground: Ground, told: Sequence[Slot], letters: Sequence[Region]) -> str:
    """Return the words of the prompt: verdict, citable findings, lettered places.

    Args:
        ground: what the examination says.
        told: what may be told.
        letters: every place.
    """
    cited = {name for slot in told for claim in slot.claims for name in claim.cites}
    lines = [f"Verdict: {ground.verdict.outcome}, {ground.verdict.p_ai:.2f}."]
    for finding in ground.findings:
        if finding.id not in cited:
            continue
        where = " ".join(letter(letters.index(r)) for r in finding.regions if r in letters)
        value = f"{finding.value:+.1f}" if isinstance(finding.value, float) else finding.value
        lines.append(f"{finding.id} {finding.analyser} {value} {where}".rstrip() + ".")
    for index, region in enumerate(letters):
        lines.append(f"{letter(index)} {third_words(region, ground.size)}.")
    return "\n".join([*lines, EXPLAIN])

"""What the mini writes about a picture, and the checks its sentences must pass."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from engine.types import HeatMap, Outcome, Region, Sentence, Verdict
from engine.vrm.heat import HOT
from engine.vrm.mini import DESCRIBE, LOCATE, Mini
from engine.vrm.places import PLACES, named_places, place_words

MAX_NEW_TOKENS = 28
ALL_OVER = "all over"
NOTHING = "no generator traces"
ALL_OVER_SHARE = 0.5
"""A map with at least this share of hot cells may be called "all over"."""
NOTHING_SHARE = 0.25
"""A map with at most this share of hot cells may be called free of traces."""
MIN_CERTAINTY = -0.7
"""Mean log-probability a token below which a description is dropped. Nothing else checks what a
picture shows, and the mini's guesses below it are mostly wrong: looked at on 16 pictures of test
sources and samples, where one reached it, a repetition that another check drops (docs/log.md)."""
MAP_FINDING = "M5"
"""Id of the heat map's finding, which every sentence about places rests on."""

BROKEN = "\ufffd"
"""What stands where bytes make no character."""

_NEGATION = re.compile(r"\b(no|not|nor|none|never|without|except)\b|n't\b", re.IGNORECASE)
_CLAIM = re.compile(
    r"\b(traces?|generat\w*|fakes?|faked|real|authentic|genuine|ai|artificial)\b", re.IGNORECASE
)
"""Words about the verdict; a description that uses one says what nothing checks."""


@torch.inference_mode()
def write(
    model: Mini,
    question: str,
    semantic: Tensor,
    artifact: Tensor,
    *,
    on_text: Callable[[str], None],
    check: Callable[[], None],
) -> tuple[str, float]:
    """Let the language model answer, greedily, the artifact path injected in the prompt.

    Args:
        model: the mini.
        question: the prompt's words.
        semantic: V_o's tokens of one view, [1, 49, d].
        artifact: V_a + R's tokens of it, [1, 49, d].
        on_text: called with each new piece.
        check: called at every token; raises Cancelled.

    Returns:
        The text, and the mean log-probability of its tokens, the closing one included.
    """
    end = model.tokenizer.convert_tokens_to_ids("<|im_end|>")
    ids = model.prompt_ids(question)
    written: list[int] = []
    certainty: list[float] = []
    told = ""
    with model.injecting(artifact, ids):
        out = model.language.model(inputs_embeds=model.embed(ids, semantic), use_cache=True)
        for _ in range(MAX_NEW_TOKENS):
            check()
            scores = model.logits(out.last_hidden_state[:, -1])[0].float().log_softmax(-1)
            token = int(scores.argmax())
            certainty.append(float(scores[token]))
            if token == end:
                break
            written.append(token)
            text = _shown(model.tokenizer.decode(written, skip_special_tokens=True))
            if not text.endswith(BROKEN):  # half of a character that takes several tokens
                on_text(text[len(told) :])
                told = text
            step = torch.tensor([[token]])
            out = model.language.model(
                input_ids=step, past_key_values=out.past_key_values, use_cache=True
            )
    on_text("\n")
    return told.strip(), sum(certainty) / len(certainty)


def explain(
    model: Mini,
    semantic: Tensor,
    artifact: Tensor,
    *,
    verdict: Verdict,
    heatmap: HeatMap,
    regions: tuple[Region, ...],
    on_text: Callable[[str], None],
    check: Callable[[], None],
) -> tuple[tuple[Sentence, ...], int]:
    """Return the sentences that passed the checks, and how many did not.

    Args:
        model: the mini.
        semantic: V_o's tokens of one view of the picture, [1, 49, d].
        artifact: V_a + R's tokens of it, [1, 49, d].
        verdict: the verdict the text must not contradict.
        heatmap: of the same picture.
        regions: hot regions of the map.
        on_text: called with each new piece of text.
        check: raises Cancelled.
    """
    described, certainty = write(model, DESCRIBE, semantic, artifact, on_text=on_text, check=check)
    located, _ = write(model, LOCATE, semantic, artifact, on_text=on_text, check=check)
    kept: list[Sentence] = []
    dropped = 0
    content = _sentence(described)
    sure = certainty >= MIN_CERTAINTY
    if content and sure and not _CLAIM.search(content):
        kept.append(Sentence(text=f"The picture seems to show: {content}"))
    else:
        dropped += 1
    place = _sentence(located)
    if place_is_supported(place, heatmap, verdict):
        where = () if NOTHING in place.lower() else regions
        kept.append(Sentence(text=place, cites=(MAP_FINDING,), regions=where))
    else:
        dropped += 1
    return tuple(kept), dropped


def place_is_supported(sentence: str, heatmap: HeatMap, verdict: Verdict) -> bool:
    """Return whether what a sentence says of places agrees with the map and the verdict.

    A sentence that names several places, or denies one, is not supported: only what can be
    compared with the map is.

    Args:
        sentence: what the model wrote.
        heatmap: of the same picture.
        verdict: of the same picture.
    """
    if not heatmap.valid.any():
        return False
    low = sentence.lower()
    places = named_places(sentence)
    hot = heatmap.valid & (heatmap.cells >= HOT)
    share = float(hot.sum()) / int(heatmap.valid.sum())
    if NOTHING in low:
        quiet = verdict.outcome is not Outcome.AI and share <= NOTHING_SHARE
        return quiet and not places and len(_NEGATION.findall(sentence)) == 1
    if verdict.outcome is Outcome.REAL or _NEGATION.search(sentence):
        return False
    if ALL_OVER in low:
        return not places and share >= ALL_OVER_SHARE
    if len(places) != 1 or not hot.any():
        return False
    return PLACES[places[0]] == place_words(np.where(hot, heatmap.cells, 0.0))


def _shown(text: str) -> str:
    """Return a text without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)


def _sentence(text: str) -> str:
    """Return the first sentence of a text, ended by a full stop; empty when there is none."""
    first = " ".join(text.replace("\n", " ").split()).split(". ")[0].strip(" .")
    if BROKEN in first or not any(c.isalpha() for c in first):
        return ""
    return first[0].upper() + first[1:] + "."

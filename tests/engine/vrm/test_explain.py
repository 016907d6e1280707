"""The mini as a speaker: cached steps say what whole passes say, and choose what is permitted."""

from __future__ import annotations

import pytest
import torch

from engine.errors import Cancelled
from engine.types import Outcome
from engine.vrm.checking import checked
from engine.vrm.claims import sentence_of, slots
from engine.vrm.explain import EXPLAIN, MiniSpeaker, explain, places_of, prompt
from engine.vrm.mini import TOKENS
from tests.engine.vrm.grounds import (
    CAMERA,
    CENTRE,
    COMFY,
    CONFLICT,
    UPPER_LEFT,
    a_ground,
)
from tests.engine.vrm.tiny_mini import WIDTH, trained_mini

pytestmark = pytest.mark.usefixtures("one_thread")

QUESTION = "Explain."


@pytest.fixture(scope="module")
def mini(tiny_base):
    """The mini with every own weight moved; never changed by a test."""
    return trained_mini(tiny_base, seed=3)


def tokens(seed=0):
    return torch.randn(1, TOKENS, WIDTH, generator=torch.Generator().manual_seed(seed))


def explained(mini, ground, *, artifact=None, check=lambda: None):
    pieces = []
    artifact = tokens(1) if artifact is None else artifact
    said = explain(mini, tokens(), artifact, ground, on_text=pieces.append, check=check)
    return said, "".join(pieces)


@torch.no_grad()
def scores_of_a_whole_pass(mini, written, artifact):
    ids = mini.prompt_ids(QUESTION)
    more = mini.language.get_input_embeddings()(torch.tensor([written], dtype=torch.long))
    mask = torch.cat([ids == mini.image_token_id, torch.zeros(1, len(written)).bool()], dim=1)
    whole = torch.cat([mini.embed(ids, tokens()), more], dim=1)
    with mini.injection.during(artifact.flatten(0, 1), mask):
        states = mini.language.model(inputs_embeds=whole, use_cache=False).last_hidden_state
    return mini.logits(states[:, -1])[0].log_softmax(-1)


def test_cached_runs_of_tokens_score_as_whole_passes_do(mini):
    speaker = MiniSpeaker(mini, QUESTION, tokens(), tokens(1))
    every = range(mini.language.config.vocab_size)
    written = mini.tokenizer.encode("a dog picture traces left")
    assert len(written) > 3
    for part in (written[:1], written[1:4], written[4:]):
        if part:
            speaker.feed(part)
    expected = scores_of_a_whole_pass(mini, written, tokens(1))
    torch.testing.assert_close(torch.tensor(speaker.scores(every)), expected, atol=1e-4, rtol=1e-4)


def test_the_injected_tokens_reach_the_choice(mini):
    with_it = MiniSpeaker(mini, QUESTION, tokens(), tokens(1)).scores(range(50))
    other = MiniSpeaker(mini, QUESTION, tokens(), tokens(5)).scores(range(50))
    without = MiniSpeaker(mini, QUESTION, tokens(), None).scores(range(50))
    assert max(abs(a - b) for a, b in zip(with_it, other, strict=True)) > 1e-3
    assert max(abs(a - b) for a, b in zip(with_it, without, strict=True)) > 1e-3
    assert not mini.injection.is_open


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_the_model_chooses_is_permitted_and_passes_the_check(mini, outcome):
    ground = a_ground(outcome, CONFLICT, COMFY, CAMERA)
    said, text = explained(mini, ground)
    allowed = {sentence_of(c) for slot in slots(ground) for c in slot.claims}
    assert said
    assert set(said) <= allowed
    assert checked(said, ground) == (said, ())
    assert text == " ".join(s.text for s in said) + "\n"


def test_the_same_picture_has_the_same_text(mini):
    ground = a_ground(Outcome.AI, CONFLICT, COMFY, CAMERA)
    assert explained(mini, ground) == explained(mini, ground)


def test_the_text_follows_the_findings_not_the_picture(mini):
    moved = a_ground(regions=(CENTRE,))
    place = next(s for s in explained(mini, moved)[0] if s.regions)
    assert place.regions == (CENTRE,)
    assert "centre" in place.text


def test_the_prompt_names_verdict_citable_findings_and_lettered_places():
    ground = a_ground(Outcome.AI, CAMERA)
    told = tuple(slots(ground))
    letters = places_of(told)
    assert letters == (UPPER_LEFT, CENTRE)
    lines = prompt(ground, told, letters).splitlines()
    assert lines[0] == "Verdict: ai, 0.97."
    assert "P1 metadata.camera Nikon D70." in lines
    assert "M3 vrm.artifact +2.5." in lines
    assert "M5 vrm.heatmap +0.9 A B." in lines
    assert "A upper left." in lines
    assert any(line.startswith("M6 vrm.probe") for line in lines)
    assert not any(line.startswith("M1") for line in lines)
    assert lines[-1] == EXPLAIN


def test_without_any_finding_nothing_is_said(mini):
    ground = a_ground()
    bare = type(ground)(verdict=ground.verdict, findings=(), size=ground.size, hot_share=None)
    assert explained(mini, bare) == ((), "")


@pytest.mark.parametrize("calls", [1, 2, 4])
def test_cancelling_ends_it_and_closes_the_injection(mini, calls):
    count = []

    def check():
        count.append(None)
        if len(count) == calls:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        explained(mini, a_ground(Outcome.AI, CONFLICT, COMFY, CAMERA), check=check)
    assert len(count) == calls
    assert not mini.injection.is_open

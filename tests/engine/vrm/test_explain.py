from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.errors import Cancelled
from engine.types import HeatMap, Outcome, ReadOuts, Region, Verdict
from engine.vrm import explain as explaining
from engine.vrm.explain import BROKEN, explain, place_is_supported, write
from engine.vrm.mini import DESCRIBE, LOCATE, TOKENS
from engine.vrm.places import PLACES
from tests.engine.vrm.tiny_mini import WIDTH, trained_mini

pytestmark = pytest.mark.usefixtures("one_thread")

REGIONS = (Region(x=0, y=0, w=32, h=32),)
QUIET = "No generator traces stand out."
EVERYWHERE = "Generator traces lie all over the picture."


@pytest.fixture(scope="module")
def mini(tiny_base):
    """The mini with every own weight moved; never changed by a test."""
    return trained_mini(tiny_base, seed=3)


def tokens(seed=0):
    return torch.randn(1, TOKENS, WIDTH, generator=torch.Generator().manual_seed(seed))


def told(model, *, check=lambda: None, artifact=None):
    """Return what was written, its pieces, and the logits of each step."""
    pieces, logits = [], []
    handle = model.language.lm_head.register_forward_hook(
        lambda _module, _args, out: logits.append(out[0].clone())
    )
    try:
        artifact = tokens(1) if artifact is None else artifact
        text, _ = write(model, DESCRIBE, tokens(), artifact, on_text=pieces.append, check=check)
    finally:
        handle.remove()
    return text, pieces, torch.stack(logits)


@torch.no_grad()
def logits_of_whole_passes(model, written, artifact):
    """Return the logits after the prompt and after each written token, each from scratch."""
    ids = model.prompt_ids(DESCRIBE)
    prompt = model.embed(ids, tokens())
    out = []
    for n in range(len(written)):
        more = model.language.get_input_embeddings()(torch.tensor([written[:n]], dtype=torch.long))
        mask = torch.cat([ids == model.image_token_id, torch.zeros(1, n, dtype=torch.bool)], dim=1)
        with model.injection.during(artifact.flatten(0, 1), mask):
            states = model.language.model(
                inputs_embeds=torch.cat([prompt, more], dim=1), use_cache=False
            )
        out.append(model.logits(states.last_hidden_state[:, -1])[0])
    return torch.stack(out)


def test_cached_writing_says_what_whole_passes_say(mini):
    _, _, logits = told(mini)
    written = logits.argmax(-1).tolist()
    assert len(written) > 5
    expected = logits_of_whole_passes(mini, written, tokens(1))
    assert expected.argmax(-1).tolist() == written
    torch.testing.assert_close(logits, expected, atol=1e-4, rtol=1e-4)


def test_what_is_written_depends_on_the_injected_tokens(mini):
    first, other = told(mini)[2], told(mini, artifact=tokens(5))[2]
    assert not torch.allclose(first[0], other[0], atol=1e-3)


def test_pieces_make_up_the_text_and_end_the_line(mini):
    text, pieces, _ = told(mini)
    assert pieces[-1] == "\n"
    assert "".join(pieces).strip() == text
    assert not mini.injection.is_open


def test_writing_stops_at_the_end_of_the_turn_or_at_the_limit(mini, monkeypatch):
    assert len(told(mini)[2]) <= explaining.MAX_NEW_TOKENS
    monkeypatch.setattr(explaining, "MAX_NEW_TOKENS", 3)
    assert len(told(mini)[2]) == 3


def test_control_characters_and_halves_of_characters_are_not_told(mini):
    class Scripted:
        """Writes given tokens whatever the logits say."""

        def __init__(self, texts):
            self.waiting = [i for t in texts for i in mini.tokenizer.encode(t)]

        def __call__(self, _module, _args, out):
            forced = torch.zeros_like(out)
            forced[0, self.waiting.pop(0) if self.waiting else mini_end] = 1.0
            return forced

    mini_end = mini.tokenizer.convert_tokens_to_ids("<|im_end|>")
    handle = mini.language.lm_head.register_forward_hook(Scripted(["a dog", "\x1b[2J", "é", "…"]))
    pieces = []
    try:
        text, sure = write(
            mini, DESCRIBE, tokens(), tokens(1), on_text=pieces.append, check=lambda: None
        )
    finally:
        handle.remove()
    assert text == "a dog [2Jé…"
    width = mini.language.config.vocab_size
    assert sure == pytest.approx(1.0 - np.log(np.e + width - 1), abs=1e-4)
    assert all(BROKEN not in p and "\x1b" not in p for p in pieces)


def test_cancelling_in_the_middle_closes_the_injection(mini):
    plain = told(mini)
    calls = []

    def check():
        calls.append(None)
        if len(calls) == 4:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        told(mini, check=check)
    assert len(calls) == 4
    assert not mini.injection.is_open
    assert told(mini)[0] == plain[0]


def a_map(hot, *, valid=None):
    cells = np.where(hot, 0.9, 0.1).astype(np.float32)
    valid = np.ones_like(hot) if valid is None else valid
    return HeatMap(cells=cells, valid=valid, cell_px=(16.0, 16.0), method="test")


def hot_at(row, column, size=9):
    hot = np.zeros((size, size), bool)
    third = size // 3
    hot[row * third : (row + 1) * third, column * third : (column + 1) * third] = True
    return hot


def a_verdict(outcome=Outcome.AI):
    return Verdict(
        outcome=outcome,
        p_ai=0.5,
        band_reason="",
        in_validated_range=True,
        read_outs=ReadOuts(both=0.0, semantic=0.0, artifact=0.0),
    )


def supported(sentence, hot, outcome=Outcome.AI, valid=None):
    return place_is_supported(sentence, a_map(hot, valid=valid), a_verdict(outcome))


@pytest.mark.parametrize("place", PLACES)
def test_a_place_is_kept_where_the_map_is_hot_and_dropped_elsewhere(place):
    sentence = f"Generator traces lie in the {PLACES[place]}."
    for other in PLACES:
        assert supported(sentence, hot_at(*other)) == (other == place)


def test_a_place_is_not_kept_beside_a_verdict_of_no_sign():
    sentence = "Generator traces lie in the upper left."
    assert supported(sentence, hot_at(0, 0), Outcome.INCONCLUSIVE)
    assert not supported(sentence, hot_at(0, 0), Outcome.REAL)
    assert not supported(EVERYWHERE, np.ones((9, 9), bool), Outcome.REAL)


def test_all_over_needs_a_map_that_is_hot_over_half_of_what_can_be_judged():
    half = np.zeros((10, 10), bool)
    half[:5] = True
    assert supported(EVERYWHERE, half)
    half[4, 9] = False
    assert not supported(EVERYWHERE, half)
    valid = np.ones((10, 10), bool)
    valid[9] = False
    assert supported(EVERYWHERE, half, valid=valid)


def test_nothing_needs_a_quiet_map_and_a_verdict_that_agrees():
    quiet = np.zeros((10, 10), bool)
    quiet[:2, :10] = True
    for outcome in (Outcome.REAL, Outcome.INCONCLUSIVE):
        assert supported(QUIET, quiet, outcome)
    assert not supported(QUIET, quiet, Outcome.AI)
    quiet[2, :6] = True
    assert not supported(QUIET, quiet, Outcome.REAL)


def test_without_any_judged_cell_nothing_is_said_of_places():
    hot = hot_at(0, 0)
    nowhere = np.zeros_like(hot)
    for sentence in (QUIET, EVERYWHERE, "Generator traces lie in the upper left."):
        for outcome in Outcome:
            assert not supported(sentence, hot, outcome, valid=nowhere)


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "Generator traces lie somewhere.",
        "Generator traces lie in the upper left and the lower right.",
        "Generator traces do not lie in the upper left.",
        "Generator traces never lie in the upper left.",
        "Generator traces don't lie in the upper left.",
        "No generator traces lie in the upper left.",
        "Generator traces lie all over the picture except the upper left.",
    ],
)
def test_a_sentence_that_cannot_be_compared_with_the_map_is_dropped(sentence):
    for outcome in Outcome:
        assert not supported(sentence, hot_at(0, 0), outcome)


def explained(
    monkeypatch, described, located, hot, *, outcome=Outcome.AI, regions=REGIONS, certainty=0.0
):
    """Explain with given words in place of the model's."""
    words = {DESCRIBE: described, LOCATE: located}
    monkeypatch.setattr(
        explaining, "write", lambda _model, question, *_a, **_k: (words[question], certainty)
    )
    return explain(
        None,
        None,
        None,
        verdict=a_verdict(outcome),
        heatmap=a_map(hot),
        regions=regions,
        on_text=lambda _: None,
        check=lambda: None,
    )


def test_sentences_cite_the_map_and_carry_its_regions(monkeypatch):
    sentences, dropped = explained(
        monkeypatch,
        "a dog  runs\non the beach. It is",
        "Generator traces lie in the upper left. They",
        hot_at(0, 0),
    )
    content, place = sentences
    assert content.text == "The picture seems to show: A dog runs on the beach."
    assert content.cites == ()
    assert content.regions == ()
    assert place.text == "Generator traces lie in the upper left."
    assert place.cites == ("M5",)
    assert place.regions == REGIONS
    assert dropped == 0


def test_a_quiet_sentence_cites_the_map_and_points_nowhere(monkeypatch):
    sentences, dropped = explained(
        monkeypatch, "a dog", QUIET, np.zeros((9, 9), bool), outcome=Outcome.REAL
    )
    assert [s.text for s in sentences][1] == QUIET
    assert sentences[1].cites == ("M5",)
    assert sentences[1].regions == ()
    assert dropped == 0


def test_sentences_without_support_are_counted(monkeypatch):
    assert explained(monkeypatch, "", "In the centre.", hot_at(0, 0)) == ((), 2)
    assert explained(monkeypatch, " .. 12", "", hot_at(0, 0)) == ((), 2)


@pytest.mark.parametrize(
    "description",
    [
        "Generator traces lie all over the picture.",
        "a fake photo of a dog",
        "A REAL dog",
        "an AI generated cat",
        f"a dog {BROKEN} on grass",
    ],
)
def test_a_description_that_judges_or_is_broken_is_dropped(monkeypatch, description):
    assert explained(monkeypatch, description, "", hot_at(0, 0)) == ((), 2)


def test_an_unsure_description_is_dropped(monkeypatch):
    sure, unsure = explaining.MIN_CERTAINTY, explaining.MIN_CERTAINTY - 0.01
    kept, _ = explained(monkeypatch, "a dog", "", hot_at(0, 0), certainty=sure)
    assert [s.text for s in kept] == ["The picture seems to show: A dog."]
    assert explained(monkeypatch, "a dog", "", hot_at(0, 0), certainty=unsure) == ((), 2)


def test_words_that_only_look_like_a_judgement_are_kept(monkeypatch):
    sentences, _ = explained(monkeypatch, "a train on its tracks in the rain", "", hot_at(0, 0))
    assert [s.text for s in sentences] == [
        "The picture seems to show: A train on its tracks in the rain."
    ]

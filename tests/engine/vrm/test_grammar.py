"""A model can only write what is permitted, and its log-probabilities choose."""

import pytest

from engine.errors import Cancelled
from engine.vrm.grammar import choose, letter, marked, tell, trie
from engine.vrm.ground import Claim, Slot
from tests.engine.vrm.grounds import CENTRE, UPPER_LEFT


class Words:
    """A speaker whose tokens are words; it likes some of them.

    Args:
        liked: words in order of liking, best first; others are liked least.
    """

    def __init__(self, *liked):
        self.liked = liked
        self.known = []
        self.said = []
        self.asked = []

    def encode(self, text):
        for word in text.split():
            if word not in self.known:
                self.known.append(word)
        return [self.known.index(word) for word in text.split()]

    def feed(self, tokens):
        assert tokens
        self.said += [self.known[token] for token in tokens]

    def scores(self, tokens):
        words = [self.known[token] for token in tokens]
        self.asked.append(words)
        return [-float(self.liked.index(word)) if word in self.liked else -99.0 for word in words]


def claim(text, *cites, regions=()):
    return Claim(text=text, cites=cites, regions=regions)


LEFT = claim("Traces stand out in the upper left.", "M5", regions=(UPPER_LEFT,))
MIDDLE = claim("Traces stand out in the centre.", "M5", regions=(CENTRE,))


def told(speaker, *slots, check=lambda: None, letters=(UPPER_LEFT, CENTRE)):
    pieces = []
    made = tell(speaker, slots, letters, on_text=pieces.append, check=check)
    return made, "".join(pieces)


@pytest.mark.parametrize(("liked", "chosen"), [("upper", LEFT), ("centre", MIDDLE)])
def test_the_model_chooses_between_permitted_places(liked, chosen):
    made, text = told(Words(liked), Slot(name="place", claims=(LEFT, MIDDLE)))
    assert made.claims == (chosen,)
    assert text == f"{chosen.text}\n"
    assert made.asked == 1


def test_a_model_that_likes_other_words_still_writes_permitted_ones():
    speaker = Words("dog", "genuine", "M9]")
    made, _ = told(speaker, Slot(name="place", claims=(LEFT, MIDDLE)))
    assert made.claims[0] in (LEFT, MIDDLE)
    assert " ".join(speaker.said) == marked(made.claims[0], (UPPER_LEFT, CENTRE))


def test_where_nothing_forks_nothing_is_asked():
    speaker = Words()
    made, _ = told(speaker, Slot(name="place", claims=(LEFT,)))
    assert made.asked == 0
    assert speaker.asked == []
    assert speaker.said == marked(LEFT, (UPPER_LEFT,)).split()


def test_the_model_is_asked_only_between_permitted_tokens():
    speaker = Words("upper")
    told(speaker, Slot(name="place", claims=(LEFT, MIDDLE)))
    assert [sorted(words) for words in speaker.asked] == [["centre", "upper"]]


def test_a_claim_is_told_once_and_an_empty_slot_is_left_out():
    twice = [Slot(name=f"fact {n}", claims=(LEFT, MIDDLE)) for n in range(3)]
    made, _ = told(Words("upper"), *twice)
    assert made.claims == (LEFT, MIDDLE)


def test_equal_scores_give_the_same_choice_every_time():
    first, _ = told(Words(), Slot(name="place", claims=(LEFT, MIDDLE)))
    again, _ = told(Words(), Slot(name="place", claims=(LEFT, MIDDLE)))
    assert first == again


def test_citations_stand_in_brackets_with_the_letters_of_places():
    assert marked(MIDDLE, (UPPER_LEFT, CENTRE)) == "Traces stand out in the centre [M5 B]."
    assert [letter(i) for i in (0, 25, 26, 27)] == ["A", "Z", "AA", "BB"]


def test_a_sentence_that_begins_another_is_refused():
    for sentences in ([[1, 2], [1]], [[1], [1, 2]], [[]]):
        with pytest.raises(ValueError, match="beginning"):
            trie(sentences)


def test_equal_sentences_are_one():
    speaker = Words()
    speaker.encode("a b")
    assert choose(speaker, trie([[0, 1], [0, 1]]), lambda: None) == (0, 0)


def test_cancelling_is_asked_for_at_every_sentence_and_fork():
    calls = []

    def check():
        calls.append(None)
        if len(calls) == 2:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        told(Words(), Slot(name="place", claims=(LEFT, MIDDLE)), check=check)
    assert len(calls) == 2


def test_where_the_model_may_not_choose_the_first_is_told():
    speaker = Words("centre")
    slot = Slot(name="trace 1", claims=(LEFT, MIDDLE), chosen=False)
    made, _ = told(speaker, slot, slot)
    assert made.claims == (LEFT, MIDDLE)
    assert made.asked == 0

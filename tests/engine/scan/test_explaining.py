"""Explanations are written once all findings are known, checked, else rendered."""

import pytest

from engine.errors import Cancelled
from engine.scan.explaining import explained
from engine.types import Condition, Elapsed, ExplanationKind, Outcome, Sentence
from engine.vrm.claims import rendered
from engine.vrm.examiner import Reading
from tests.engine.vrm.grounds import CAMERA, SIZE, a_ground, a_map, a_verdict, model_findings

GOOD = Sentence(text="The picture is likely AI-generated (p = .97).", cites=("M1",))
LIE = Sentence(text="The picture shows a dog.", cites=("M1",))


def a_reading(*sentences, writer=None, outcome=Outcome.AI):
    return Reading(
        verdict=a_verdict(outcome),
        condition=Condition(jpeg_quality=None, megapixels=1.0),
        heatmap=a_map(),
        explanation=sentences,
        dropped_sentences=0,
        findings=model_findings(),
        elapsed=Elapsed(artifact=1.0),
        writer=writer,
    )


def writes(*sentences, seen=None):
    def write(ground, *, on_text, check):
        check()
        if seen is not None:
            seen.append(ground)
        for sentence in sentences:
            on_text(sentence.text)
        return sentences

    return write


def made(reading, facts=(), check=lambda: None):
    pieces = []
    done = explained(reading, facts, SIZE, on_text=pieces.append, check=check)
    return done, pieces


def test_a_sentence_that_fails_the_check_is_dropped_and_counted():
    done, pieces = made(a_reading(writer=writes(GOOD, LIE)))
    assert done.explanation == (GOOD,)
    assert done.dropped_sentences == 1
    assert done.explanation_kind is ExplanationKind.GENERATED
    assert done.elapsed.language > 0
    assert pieces == [GOOD.text, LIE.text]
    assert done.writer is None


def test_the_writer_is_shown_the_findings_of_every_analyser():
    seen = []
    made(a_reading(writer=writes(GOOD, seen=seen)), facts=(CAMERA,))
    assert CAMERA in seen[0].findings
    assert set(model_findings()) <= set(seen[0].findings)
    assert seen[0].hot_share == pytest.approx(0.4)


def test_where_no_sentence_is_left_the_explanation_is_rendered_and_says_so():
    done, _ = made(a_reading(writer=writes(LIE, LIE)))
    assert done.explanation == rendered(a_ground())
    assert done.explanation_kind is ExplanationKind.RENDERED
    assert done.dropped_sentences == 2


def test_without_a_language_model_the_explanation_is_rendered():
    done, pieces = made(a_reading(), facts=(CAMERA,))
    assert done.explanation == rendered(a_ground(Outcome.AI, CAMERA))
    assert done.explanation_kind is ExplanationKind.RENDERED
    assert done.elapsed.language == 0.0
    assert pieces == []


def test_sentences_that_a_model_brings_along_are_left_as_they_are():
    reading = a_reading(LIE)
    assert made(reading)[0] is reading


def test_facts_never_change_what_was_read():
    bare, told = made(a_reading())[0], made(a_reading(), facts=(CAMERA,))[0]
    assert bare.verdict == told.verdict
    assert bare.findings == told.findings
    assert bare.heatmap is not None and told.heatmap.method == bare.heatmap.method


def test_cancelling_ends_it():
    def check():
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        made(a_reading(writer=writes(GOOD)), check=check)

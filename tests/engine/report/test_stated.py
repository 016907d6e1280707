"""From findings and verdict to the statement: the strongest fact, contradictions, citations."""

import pytest

from engine.report.stated import contradictions, origins, stated
from engine.types import Extent, Finding, Locality, Outcome, ReadOuts, Region, Status, Verdict

AI = "trainedAlgorithmicMedia"
PART = "compositeWithTrainedAlgorithmicMedia"
CAPTURE = "digitalCapture"
INTACT = ("c2pa.integrity", "valid")
TRUSTED = ("c2pa.trust", "trusted")
BROKEN = ("conflict.c2pa_integrity", "Content Credentials broken")


def fact(analyser, value, *, id="P1", status=Status.OBSERVED):
    return Finding(id=id, analyser=analyser, version="1", status=status, value=value)


def facts(*pairs):
    return tuple(fact(*pair, id=f"P{n}") for n, pair in enumerate(pairs, 1))


MODEL = (
    Finding(id="M1", analyser="vrm.both", version="1", status=Status.INFERRED, value=1.0),
    Finding(id="M5", analyser="vrm.heatmap", version="1", status=Status.INFERRED, value=0.9),
)


def a_verdict(outcome=Outcome.REAL, *, p=0.02, measured=True):
    return Verdict(
        outcome=outcome,
        p_ai=p,
        band_reason="",
        in_validated_range=measured,
        read_outs=ReadOuts(both=0.0, semantic=0.0, artifact=0.0),
    )


def said(*pairs, outcome=Outcome.REAL, measured=True, locality=None):
    return stated((*facts(*pairs), *MODEL), a_verdict(outcome, measured=measured), locality)


@pytest.mark.parametrize(
    ("pairs", "word"),
    [
        ([INTACT, ("c2pa.digital_source_type", AI)], "ai_credential"),
        ([INTACT, ("c2pa.digital_source_type", PART)], "part_credential"),
        ([INTACT, TRUSTED, ("c2pa.digital_source_type", CAPTURE)], "camera_credential"),
        ([INTACT, ("c2pa.digital_source_type", CAPTURE)], "unverified_credential"),
        (
            [INTACT, ("c2pa.trust", "not trusted"), ("c2pa.digital_source_type", CAPTURE)],
            "unverified_credential",
        ),
        ([("watermark.dwt_dct", "SDXL")], "watermark"),
        ([("generator.text", "ComfyUI")], "generator_text"),
        ([("generator.stealth_text", "stealth_pnginfo")], "generator_text"),
        ([("label.aigc", "generated")], "ai_label"),
        ([("label.digital_source_type", AI)], "ai_label"),
        ([("label.digital_source_type", PART)], "part_label"),
        ([("label.digital_source_type", CAPTURE)], "camera_metadata"),
        ([("label.digital_source_type", "negativeFilm")], "camera_metadata"),
        ([("metadata.camera", "Nikon D70")], "camera_metadata"),
    ],
)
def test_each_fact_of_origin_has_its_word(pairs, word):
    assert set(origins(facts(*pairs))) == {word}


@pytest.mark.parametrize(
    "pair",
    [
        ("generator.text", "none"),
        ("watermark.dwt_dct", "none"),
        ("c2pa.manifest", "none"),
        ("label.digital_source_type", "screenCapture"),
        ("label.digital_source_type", "digitalArt"),
        ("label.digital_source_type", "http://example.org/unheard-of"),
        ("c2pa.digital_source_type", "humanEdits"),
        ("metadata.dates", "2004:05:01 10:00:00"),
    ],
)
def test_what_says_nothing_of_the_origin_has_none(pair):
    assert origins(facts(pair)) == {}


@pytest.mark.parametrize("status", [Status.FAILED, Status.NOT_AVAILABLE, Status.DERIVED])
def test_only_what_was_observed_is_a_fact(status):
    assert origins([fact("generator.text", "ComfyUI", status=status)]) == {}
    assert not any(contradictions([fact(*BROKEN, status=status)]).values())


def test_a_broken_credential_says_nothing_of_the_origin_and_comes_first():
    pairs = [BROKEN, ("c2pa.digital_source_type", AI), ("metadata.camera", "Nikon D70")]
    assert set(origins(facts(*pairs))) == {"camera_metadata"}
    statement = said(*pairs, outcome=Outcome.AI)
    assert statement.row == "broken-credential"
    assert statement.cites[0] == "P1"
    assert statement.first == "statement"


def test_a_valid_ai_credential_with_a_low_score_is_a_conflict_that_cites_both_sides():
    statement = said(INTACT, ("c2pa.digital_source_type", AI))
    assert statement.row == "signed-ai-low-score"
    assert statement.conflict
    assert statement.first == "statement"
    assert statement.cites == ("P2", "M1")
    assert "made by a generative model from training data" in statement.explanation


def test_the_strongest_fact_decides_whatever_the_order():
    pairs = [("generator.text", "ComfyUI"), INTACT, ("c2pa.digital_source_type", AI)]
    for order in (pairs, pairs[::-1]):
        assert said(*order, outcome=Outcome.AI).row == "signed-ai-agrees"


def test_facts_that_contradict_each_other_come_before_the_verdict():
    statement = said(
        ("conflict.origin", "camera and generator"),
        ("generator.text", "ComfyUI"),
        ("metadata.camera", "Nikon D70"),
        outcome=Outcome.AI,
    )
    assert statement.row == "facts-contradict"
    assert statement.cites[0] == "P1"


@pytest.mark.parametrize(
    "analyser", ["conflict.dates", "conflict.size", "conflict.camera", "conflict.thumbnail"]
)
def test_other_contradictions_are_told_without_hiding_the_verdict(analyser):
    statement = said((analyser, "x"), ("metadata.camera", "Nikon D70"))
    assert statement.row == "camera-history"
    assert statement.conflict
    assert statement.first == "verdict"
    assert statement.cites == ("P1", "P2", "M1")


def test_outside_the_measured_range_is_not_merely_undecided():
    assert said(outcome=Outcome.INCONCLUSIVE).row == "pixels-open"
    assert said(outcome=Outcome.INCONCLUSIVE, measured=False).row == "pixels-outside"
    assert said(outcome=Outcome.AI, measured=False).row == "pixels-ai"


PLACE = Region(x=0, y=0, w=9, h=9)
LOCAL = Locality(extent=Extent.LOCAL, regions=(PLACE,), score=0.9, reason="")


@pytest.mark.parametrize(
    ("outcome", "measured", "row"),
    [
        (Outcome.REAL, True, "pixels-edited"),
        (Outcome.INCONCLUSIVE, True, "pixels-edited"),
        (Outcome.INCONCLUSIVE, False, "pixels-edited"),
        (Outcome.AI, True, "pixels-ai-edited"),
    ],
)
def test_a_part_that_was_edited_comes_before_the_verdict(outcome, measured, row):
    edited = Finding(
        id="T1", analyser="trace.edited", version="1", status=Status.DERIVED, regions=(PLACE,)
    )
    statement = stated((edited, *MODEL), a_verdict(outcome, measured=measured), LOCAL)
    assert statement.row == row
    assert statement.first == "statement"
    assert statement.cites == ("T1", "M1")


@pytest.mark.parametrize("extent", [Extent.WHOLE, Extent.UNDECIDED])
def test_what_was_not_decided_is_not_stated(extent):
    other = Locality(extent=extent, reason="")
    assert said(outcome=Outcome.INCONCLUSIVE, locality=other).row == "pixels-open"


def test_an_edited_photograph_keeps_its_camera_in_the_statement():
    statement = said(("metadata.camera", "Nikon D70"), outcome=Outcome.REAL, locality=LOCAL)
    assert statement.row == "camera-edited"
    assert "Nikon D70" in statement.explanation


def test_triage_cites_its_own_read_out():
    findings = (
        Finding(id="M1", analyser="vrm.both", version="1", status=Status.NOT_AVAILABLE),
        Finding(id="M6", analyser="vrm.probe", version="1", status=Status.INFERRED, value=0.4),
    )
    assert stated(findings, a_verdict(), None).cites == ("M6",)


def test_what_p_is_calculated_from_is_cited_before_what_is_shown_for_comparison():
    both = Finding(id="M1", analyser="vrm.both", version="1", status=Status.INFERRED, value=2.9)
    probe = Finding(id="M6", analyser="vrm.probe", version="1", status=Status.INFERRED, value=-2.9)
    assert stated((both, probe), a_verdict(), None).cites == ("M6",)
    assert stated((both,), a_verdict(), None).cites == ("M1",)


def test_a_value_with_braces_is_printed_as_it_is():
    statement = said(("generator.text", "{fact} {0}"), outcome=Outcome.AI)
    assert "({fact} {0})" in statement.explanation

"""What an explanation may say follows from the findings alone, and all of it passes the check."""

import itertools

import numpy as np
import pytest

from engine.report import wording
from engine.types import Extent, HeatMap, Locality, Outcome, Status
from engine.vrm.checking import checked, objections, stance
from engine.vrm.claims import (
    rendered,
    sentence_of,
    shown_log_odds,
    shown_probability,
    slots,
)
from engine.vrm.ground import ground_of
from engine.vrm.trace_claims import TRACES, capital
from tests.engine.vrm.grounds import (
    CAMERA,
    CENTRE,
    COMFY,
    CONFLICT,
    COPIES,
    EDITED,
    SIZE,
    STANDOUT,
    UPPER_LEFT,
    a_ground,
    a_verdict,
    finding,
    model_findings,
)

NOISE = finding("T8", "trace.noise", 3.2, status=Status.DERIVED, regions=(CENTRE, UPPER_LEFT))
LEVEL = finding("T2", "trace.ela", -4.5, status=Status.DERIVED, regions=(UPPER_LEFT,))
LOWER = type(CENTRE)(x=900, y=700, w=200, h=150)
LONE = finding("T7", "trace.grid", 20.0, status=Status.DERIVED, regions=(LOWER,))
FACTS = (
    (),
    (CAMERA,),
    (CONFLICT, COMFY, CAMERA),
    (COPIES, STANDOUT),
    (COPIES, LEVEL),
    (COPIES, LEVEL, NOISE, STANDOUT),
)


def texts(ground):
    return [sentence.text for sentence in rendered(ground)]


def every_ground():
    for outcome, facts, share, p in itertools.product(
        Outcome, FACTS, (0.0, 0.3, 0.7), (0.001, 0.2, 0.9989)
    ):
        for both, artifact, semantic in (
            (2.0, 2.5, 0.1),
            (-2.0, -3.0, -1.0),
            (0.1, 0.2, -0.3),
            (0.1, -0.4973, 0.5012),
            (-0.0004, 2.675, -0.4999),
        ):
            yield a_ground(
                outcome, *facts, share=share, p=p, both=both, artifact=artifact, semantic=semantic
            )


def test_every_claim_passes_the_independent_check():
    count = 0
    for ground in every_ground():
        for slot in slots(ground):
            for claim in slot.claims:
                assert objections(sentence_of(claim), ground) == (), claim.text
                count += 1
    assert count > 1000


def test_the_verdict_in_words_is_always_the_verdict_in_numbers():
    for ground in every_ground():
        first = next(slots(ground))
        assert first.name == "verdict"
        for claim in first.claims:
            assert stance(claim.text) is ground.verdict.outcome
            assert shown_probability(ground.verdict.p_ai) in claim.text
        said = {stance(s.text) for s in rendered(ground)} - {None}
        assert said == {ground.verdict.outcome}


def test_outside_the_measured_range_no_conclusion_is_worded():
    ground = a_ground(Outcome.INCONCLUSIVE, measured=False)
    assert texts(ground)[0] == (
        "The picture lies outside the measured range: no conclusion is drawn (p = .48)."
    )


@pytest.mark.parametrize(
    ("artifact", "semantic", "said"),
    [
        (2.5, 1.0, "Both the artifact path (+2.50) and the semantic path (+1.00) point towards AI"),
        (-2.5, -1.0, "point away from AI"),
        (0.1, -0.2, "lie near balance"),
        (2.5, 0.1, "(+2.50) points towards AI, the semantic path (+0.10) lies near balance"),
        (-2.5, 1.5, "(−2.50) points away from AI, the semantic path (+1.50) points towards AI"),
    ],
)
def test_paths_are_told_with_their_numbers(artifact, semantic, said):
    assert said in texts(a_ground(artifact=artifact, semantic=semantic))[1]


def test_places_are_those_of_the_map_in_words():
    place = next(s for s in slots(a_ground()) if s.name == "place")
    assert [(c.text, c.regions) for c in place.claims] == [
        ("The heat map reacts in the upper left.", (UPPER_LEFT,)),
        ("The heat map reacts in the centre.", (CENTRE,)),
    ]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_of_places_of_the_map_no_generator_traces_are_told_whatever_the_verdict(outcome):
    for share in (0.1, 0.4, 0.7):
        place = [s for s in slots(a_ground(outcome, share=share)) if s.name == "place"]
        assert not any("traces" in claim.text for slot in place for claim in slot.claims)


def test_a_map_that_is_hot_all_over_says_so_and_a_quiet_one_too():
    for outcome in (Outcome.AI, Outcome.INCONCLUSIVE):
        assert "The heat map reacts all over the picture." in texts(a_ground(outcome, share=0.7))
    quiet = texts(a_ground(Outcome.REAL, share=0.1))
    assert "No place stands out in the heat map." in quiet


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_part_that_was_edited_is_told_with_its_place_and_passes_the_check(outcome):
    local = Locality(extent=Extent.LOCAL, regions=(UPPER_LEFT,), reason="")
    ground = a_ground(outcome, EDITED, STANDOUT, locality=local)
    made = {slot.name: slot.claims for slot in slots(ground)}
    assert "standout" not in made
    for claim in made["edited"]:
        assert "upper left" in claim.text
        assert claim.cites == (EDITED.id,)
        assert objections(sentence_of(claim), ground) == ()


def test_without_a_decision_no_part_is_told_to_be_edited():
    for extent in (Extent.UNDECIDED, Extent.WHOLE):
        ground = a_ground(Outcome.REAL, EDITED, locality=Locality(extent=extent, reason=""))
        assert "edited" not in [slot.name for slot in slots(ground)]


def test_a_place_that_takes_most_of_the_picture_has_no_direction():
    wide = type(CENTRE)(x=0, y=0, w=SIZE[1], h=SIZE[0] - 10)
    assert [s.name for s in slots(a_ground(regions=(wide,)))] == ["verdict", "paths"]


def test_conflicts_are_told_before_facts_and_two_facts_at_most():
    told = texts(a_ground(Outcome.AI, CAMERA, COMFY, CONFLICT))
    assert told[-2:] == [
        "Facts of the file contradict each other: camera and generator.",
        "The file holds text as ComfyUI writes it.",
    ]


def test_a_source_type_is_told_by_its_meaning():
    says = finding(
        "P4",
        "label.digital_source_type",
        "trainedAlgorithmicMedia",
        status=Status.OBSERVED,
        reason="The signed action c2pa.created says: made by a generative model.",
    )
    ground = a_ground(Outcome.REAL, says)
    assert texts(ground)[-1] == says.reason
    assert len(checked(rendered(ground), ground)[0]) == len(texts(ground))


@pytest.mark.parametrize("value", ["x" * 300, "two\nlines", "a [M1] b", None, "none"])
def test_a_value_that_cannot_be_told_plainly_is_left_to_the_findings(value):
    odd = finding("P9", "metadata.camera", value, status=Status.OBSERVED)
    assert len(texts(a_ground(Outcome.AI, odd))) == len(texts(a_ground(Outcome.AI)))


def test_what_failed_or_is_missing_is_not_told():
    lost = finding("P9", "metadata.camera", "Nikon", status=Status.FAILED)
    assert "Nikon" not in " ".join(texts(a_ground(Outcome.AI, lost)))
    triage = (
        finding("M1", "vrm.both", None, status=Status.NOT_AVAILABLE),
        finding("M6", "vrm.probe", 1.5),
    )
    empty = HeatMap(
        cells=np.zeros((2, 2), np.float32),
        valid=np.zeros((2, 2), bool),
        cell_px=(9.0, 9.0),
        method="",
    )
    ground = ground_of(a_verdict(), triage, empty, SIZE)
    assert [s.cites for s in rendered(ground)] == [("M6",), ("M6",)]
    assert texts(ground)[1] == "The linear probe (+1.50) points towards AI."
    assert ground_of(a_verdict(), (), empty, SIZE).hot_share is None
    assert rendered(ground_of(a_verdict(), (), empty, SIZE)) == ()


@pytest.mark.parametrize("p", [0.0, 0.004, 0.01, 0.4949, 0.5, 0.994, 0.996, 1.0])
def test_numbers_are_worded_as_in_the_report(p):
    assert shown_probability(p) == wording.probability(p)
    assert shown_log_odds(p - 0.5) == wording.log_odds(p - 0.5)


def test_model_findings_alone_give_three_sentences():
    assert len(texts(a_ground())) == 3
    assert {f.id for f in model_findings()} >= {c for s in rendered(a_ground()) for c in s.cites}


@pytest.mark.parametrize("outcome", [Outcome.REAL, Outcome.INCONCLUSIVE])
def test_where_to_look_first_is_told_unless_the_picture_is_likely_generated(outcome):
    said = "If a part was edited, look first in the upper left."
    told = {s.text: s for s in rendered(a_ground(outcome, STANDOUT))}
    assert told[said].regions == (UPPER_LEFT,)
    assert told[said].cites == ("M7",)
    assert said not in texts(a_ground(Outcome.AI, STANDOUT))


@pytest.mark.parametrize("analyser", TRACES)
def test_a_trace_that_points_at_a_place_is_told_and_passes_the_check(analyser):
    trace = finding("T1", analyser, 7.5, status=Status.DERIVED, regions=(CENTRE, UPPER_LEFT))
    ground = a_ground(Outcome.INCONCLUSIVE, trace)
    told = rendered(ground)[-1]
    assert told.text == f"{capital(TRACES[analyser])} stands out in the centre."
    assert (told.cites, told.regions) == (("T1",), (CENTRE,))
    assert checked([told], ground) == ((told,), ())
    nowhere = finding("T1", analyser, 0.0, status=Status.DERIVED)
    assert len(rendered(a_ground(Outcome.INCONCLUSIVE, nowhere))) == len(
        rendered(a_ground(Outcome.INCONCLUSIVE))
    )


def trace_texts(ground):
    return [c.text for slot in slots(ground) if slot.name == "trace 1" for c in slot.claims]


def test_traces_that_point_at_one_place_are_told_together_first():
    ground = a_ground(Outcome.INCONCLUSIVE, COPIES, NOISE, LEVEL, STANDOUT)
    first, second, *single = next(s for s in slots(ground) if s.name == "trace 1").claims
    assert first.text == (
        "The noise level, the error level and the model point at the same place, in the upper left."
    )
    assert (first.cites, first.regions) == (("T8", "T2", "M7"), (UPPER_LEFT,))
    assert second.text == (
        "A copied part and the noise level point at the same place, in the centre."
    )
    assert single[0].text == "A copied part stands out in the centre."
    assert "different places" not in " ".join(trace_texts(ground))
    told = texts(ground)
    assert told[-2:] == [first.text, second.text]
    assert not [slot for slot in slots(ground) if slot.chosen and slot.name.startswith("trace")]


def test_beside_traces_that_agree_no_lone_one_is_told():
    ground = a_ground(Outcome.INCONCLUSIVE, NOISE, LEVEL, LONE)
    assert texts(ground)[-1] == (
        "The noise level and the error level point at the same place, in the upper left."
    )
    assert "block grid" not in " ".join(texts(ground))


def test_after_a_trace_that_is_told_alone_it_is_told_that_others_point_elsewhere():
    assert texts(a_ground(Outcome.REAL, COPIES, LEVEL))[-2:] == [
        "A copied part stands out in the centre.",
        "A copied part and the error level point at different places.",
    ]


def test_traces_that_point_apart_may_be_told_to_do_so():
    said = trace_texts(a_ground(Outcome.REAL, COPIES, LEVEL))
    assert said[-1] == "A copied part and the error level point at different places."


def test_the_model_is_no_witness_where_the_picture_is_likely_generated():
    told = " ".join(trace_texts(a_ground(Outcome.AI, LEVEL, STANDOUT)))
    assert told == "The error level stands out in the upper left."


def test_facts_of_the_file_leave_room_for_traces_and_nobody_chooses_between_them():
    ground = a_ground(Outcome.INCONCLUSIVE, CAMERA, COMFY, CONFLICT, COPIES)
    facts = [slot.claims for slot in slots(ground) if slot.name.startswith("fact")]
    assert [len(claims) for claims in facts] == [1, 1]
    assert texts(ground)[-1] == "A copied part stands out in the centre."


def test_what_a_told_sentence_cites_is_not_told_again_alone():
    ground = a_ground(Outcome.INCONCLUSIVE, COPIES, NOISE)
    assert texts(ground)[-1] == (
        "A copied part and the noise level point at the same place, in the centre."
    )

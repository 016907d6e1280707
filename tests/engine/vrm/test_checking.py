"""Sentences that lie about their examination are refused, whoever wrote them."""

import pytest

from engine.types import Outcome, Region, Sentence, Status
from engine.vrm.checking import checked, objections, stance
from tests.engine.vrm.grounds import CAMERA, CENTRE, COMFY, COPIES, UPPER_LEFT, a_ground, finding


def against(text, cites=("M1",), regions=(), ground=None, **changes):
    ground = ground or a_ground(**changes)
    return objections(Sentence(text=text, cites=cites, regions=regions), ground)


SOUND = [
    ("The picture is likely AI-generated (p = .97).", ("M1",), ()),
    ("Generator traces stand out in the upper left.", ("M5",), (UPPER_LEFT,)),
    ("Generator traces stand out in the upper left and the centre.", ("M5",), (UPPER_LEFT, CENTRE)),
    ("The traces lie top left.", ("M5",), (UPPER_LEFT,)),
    ("Traces lie on the left.", ("M5",), (UPPER_LEFT,)),
    ("The artifact path (+2.50) points towards AI.", ("M3",), ()),
    ("The artifact path says 2.5.", ("M3",), ()),
    ("Two places stand out.", ("M5",), (UPPER_LEFT, CENTRE)),
]


@pytest.mark.parametrize(("text", "cites", "regions"), SOUND)
def test_a_true_sentence_passes(text, cites, regions):
    assert against(text, cites, regions) == ()


LIES = {
    "cites nothing": ("The picture is likely AI-generated.", (), ()),
    "there is no finding M9": ("The picture is likely AI-generated.", ("M1", "M9"), ()),
    "there is no finding m1": ("The picture is likely AI-generated.", ("m1",), ()),
    "no cited finding has the place": (
        "Traces stand out.",
        ("M5",),
        (Region(x=41, y=30, w=200, h=150),),
    ),
    "no cited finding says +3.10": ("The artifact path (+3.10) points towards AI.", ("M3",), ()),
    "no cited finding says -2.50": ("The artifact path (−2.50) points towards AI.", ("M3",), ()),
    "no cited finding says .98": ("The picture is likely AI-generated (.98).", ("M1",), ()),
    "the probability is not = .98": ("The picture is AI-generated (p = .98).", ("M1",), ()),
    "the probability is not > .99": ("The picture is AI-generated (p > .99).", ("M1",), ()),
    "no cited finding says F8": ("The artifact path says F8.", ("M3",), ()),
    "no cited finding says three": ("Three places stand out.", ("M5",), (UPPER_LEFT,)),
    "do not lie where it says": ("Traces stand out in the lower right.", ("M5",), (UPPER_LEFT,)),
    "lie where it says": ("Traces stand out in the upper middle.", ("M5",), (UPPER_LEFT,)),
    "the places do not lie where": (
        "Traces stand out in the upper left.",
        ("M5",),
        (UPPER_LEFT, CENTRE),
    ),
    "a place does not lie right": ("Traces stand out on the right.", ("M5",), (UPPER_LEFT,)),
    "a place does not lie lower": ("Traces stand out at the bottom.", ("M5",), (UPPER_LEFT,)),
    "it says left and names no place": ("Traces stand out on the left.", ("M5",), ()),
    "not hot all over": ("Traces lie all over the picture.", ("M5",), ()),
    "not hot all": ("The whole picture shows traces.", ("M5",), ()),
    "is not quiet": ("No place stands out.", ("M5",), ()),
    "speaks of 'face'": ("Traces stand out in the face.", ("M5",), (UPPER_LEFT,)),
    "speaks of 'dog'": ("The picture shows a dog.", ("M1",), ()),
    "speaks of 'authentic'": ("The picture is authentic.", ("M1",), ()),
    "speaks of 'photograph'": ("The picture is a photograph.", ("M1",), ()),
    "speaks of 'unlikely'": ("It is unlikely that AI generated the picture.", ("M1",), ()),
    "speaks of 'nikon'": ("The metadata name a camera: Nikon.", ("M1",), ()),
    "the verdict is ai": ("The picture is not AI-generated.", ("M1",), ()),
    "verdict is ai": ("No sign of AI generation was found.", ("M1",), ()),
    "says inconclusive": ("The result is inconclusive.", ("M1",), ()),
    "says real": ("The measurements speak against AI generation.", ("M1",), ()),
    "a path does not point there": ("The artifact path points away from AI.", ("M3",), ()),
    "does not point there": ("Both paths point towards AI.", ("M2", "M3"), ()),
    "path does not point": (
        "The artifact path (+2.50) lies near balance, the semantic path (+0.10) points towards AI.",
        ("M2", "M3"),
        (),
    ),
    "it denies a place": ("No traces stand out in the upper left.", ("M5",), (UPPER_LEFT,)),
}


@pytest.mark.parametrize("said", LIES)
def test_a_lie_is_refused_with_its_reason(said):
    assert any(said in objection for objection in against(*LIES[said])), against(*LIES[said])


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize(
    ("text", "asserts"),
    [
        ("The picture is likely AI-generated.", Outcome.AI),
        ("The measurements speak for AI generation.", Outcome.AI),
        ("The image is fake.", Outcome.AI),
        ("The picture is synthetic.", Outcome.AI),
        ("No sign of AI generation was found.", Outcome.REAL),
        ("The picture is not AI-generated.", Outcome.REAL),
        ("Nothing says that the picture is AI-generated.", Outcome.REAL),
        ("The result is inconclusive.", Outcome.INCONCLUSIVE),
        ("The measurements do not settle it.", Outcome.INCONCLUSIVE),
    ],
)
def test_a_sentence_about_the_picture_must_agree_with_the_verdict(outcome, text, asserts):
    assert stance(text) is asserts
    assert (against(text, ground=a_ground(outcome)) == ()) == (outcome is asserts)


def test_traces_are_not_named_beside_a_verdict_of_no_sign():
    text = "Generator traces stand out in the upper left."
    found = against(text, ("M5",), (UPPER_LEFT,), ground=a_ground(Outcome.REAL))
    assert found == ("it names traces beside a verdict of no sign",)


def test_what_a_file_says_may_differ_from_the_verdict():
    ground = a_ground(Outcome.REAL, COMFY)
    assert against("The file holds text as ComfyUI writes it.", ("P2",), ground=ground) == ()
    wrong = against("The picture is AI-generated.", ("P2",), ground=ground)
    assert wrong == ("it says ai, the verdict is real",)


def test_words_and_numbers_of_a_cited_finding_may_be_said():
    ground = a_ground(Outcome.AI, CAMERA, COPIES)
    assert against("The metadata name a camera: Nikon D70.", ("P1",), ground=ground) == ()
    assert against("The metadata name a camera: Nikon D80.", ("P1",), ground=ground) != ()
    text = "Copy move stands out in the centre, 14 places match."
    assert against(text, ("D1",), (CENTRE,), ground=ground) == ()


def test_a_finding_that_failed_cannot_be_cited():
    for status in (Status.FAILED, Status.NOT_AVAILABLE):
        ground = a_ground(Outcome.AI, finding("P7", "metadata.camera", "Nikon", status=status))
        found = against("The metadata name a camera: Nikon.", ("P7",), ground=ground)
        assert found == (f"P7 found nothing: {status}",)


def test_a_face_may_be_named_where_a_cited_finding_found_one():
    face = finding("D2", "trace.faces", "one face", status=Status.DERIVED, regions=(CENTRE,))
    ground = a_ground(Outcome.AI, face)
    assert against("A face lies in the centre.", ("D2",), (CENTRE,), ground=ground) == ()
    assert against("A face lies in the centre.", ("M5",), (CENTRE,), ground=ground) != ()


def test_checked_parts_the_sound_from_the_others_and_says_why():
    good = Sentence(text="The picture is likely AI-generated.", cites=("M1",))
    bad = Sentence(text="The picture shows a dog.", cites=("M1",))
    kept, dropped = checked([good, bad], a_ground())
    assert kept == (good,)
    assert dropped == ((bad, ("no cited finding speaks of 'dog'",)),)


LEVEL = finding("T2", "trace.ela", -4.5, status=Status.DERIVED, regions=(UPPER_LEFT,))
NEAR = Region(x=60, y=40, w=200, h=150)
BESIDE = finding("T8", "trace.noise", 3.2, status=Status.DERIVED, regions=(NEAR,))
SAME = "The error level and the noise level point at the same place, in the upper left."
APART = "The error level and a copied part point at different places."


def test_findings_are_said_to_agree_only_where_they_do():
    true = a_ground(Outcome.REAL, LEVEL, BESIDE)
    assert against(SAME, ("T2", "T8"), (UPPER_LEFT,), true) == ()
    lie = a_ground(Outcome.REAL, LEVEL, COPIES)
    said = "The error level and a copied part point at the same place, in the upper left."
    assert against(said, ("T2", "D1"), (UPPER_LEFT,), lie) == ("D1 does not point at that place",)
    assert "fewer than two" in " ".join(against(SAME, ("T2",), (UPPER_LEFT,), true))
    assert "no place" in " ".join(against(SAME, ("T2", "T8"), (), true))


def test_findings_are_said_to_differ_only_where_they_do():
    assert against(APART, ("T2", "D1"), (), a_ground(Outcome.REAL, LEVEL, COPIES)) == ()
    agreeing = a_ground(Outcome.REAL, LEVEL, BESIDE)
    said = "The error level and the noise level point at different places."
    assert against(said, ("T2", "T8"), (), agreeing) == ("T2 and T8 point at the same place",)
    assert "cannot differ" in " ".join(against(APART, ("D1",), (), a_ground(Outcome.REAL, COPIES)))

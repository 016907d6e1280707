"""What is said of an examination."""

from dataclasses import replace

import pytest

from engine.report.wording import (
    byte_size,
    explained_regions,
    log_odds,
    model_line,
    phrases,
    printable,
    probability,
    region_label,
)
from engine.types import (
    Condition,
    Examination,
    Extent,
    Finding,
    Locality,
    Outcome,
    Region,
    Sentence,
    Status,
)
from tests.engine.report.made import MODEL, examination, facts, failed


def every_word(said):
    lines = [said.headline, said.reason, said.band, said.statement, said.condition, said.coverage]
    lines += [*said.read_outs, *said.limitations, *said.how_to_read]
    return " ".join(lines).lower()


@pytest.mark.parametrize(
    ("outcome", "headline", "band", "shape"),
    [
        (Outcome.AI, "Likely AI-generated", "likely AI", "triangle"),
        (Outcome.REAL, "No sign of AI generation found", "no sign found", "ring"),
        (Outcome.INCONCLUSIVE, "Inconclusive", "inconclusive", "diamond"),
    ],
)
def test_each_outcome_has_its_words_and_shape(outcome, headline, band, shape):
    said = phrases(examination(outcome=outcome))
    assert (said.headline, said.band, said.shape) == (headline, band, shape)


def test_a_failure_is_not_examined_and_says_why():
    said = phrases(failed())
    assert said.headline == "Not examined"
    assert said.shape == "cross"
    assert said.probability is None
    assert "end after 1,024 bytes" in said.reason
    assert said.read_outs == () and said.coverage == "" and said.condition == ""


@pytest.mark.parametrize("outcome", list(Outcome))
def test_nothing_is_ever_called_authentic(outcome):
    words = every_word(phrases(examination(outcome=outcome)))
    assert "authentic" not in words
    assert "is real" not in words


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.97, "p = .97"),
        (0.9712, "p = .97"),
        (0.5, "p = .50"),
        (0.04, "p = .04"),
        (0.994, "p = .99"),
        (0.996, "p > .99"),
        (1.0, "p > .99"),
        (0.004, "p < .01"),
        (0.0, "p < .01"),
    ],
)
def test_probability_has_two_digits_and_is_never_certain(p, words):
    assert probability(p) == words


def test_the_statement_names_exhibit_tool_and_probability():
    made = examination("évidence/harbour.jpg")
    said = phrases(made).statement
    for part in ("harbour.jpg", made.facts.sha256, "Residua 0.1.0", "mini", "p = .97", "not proof"):
        assert part in said
    assert said.count(". ") == 0


def test_the_statement_tells_when_error_rates_do_not_apply():
    made = examination()
    outside = replace(made, verdict=replace(made.verdict, in_validated_range=False))
    assert "outside the range" in phrases(outside).statement
    assert "OUTSIDE" in phrases(outside).coverage
    assert "outside" not in phrases(made).statement.lower()


def test_read_outs_tell_their_direction():
    both, semantic, artifact = phrases(examination()).read_outs
    assert both == "Both paths: +3.52, towards AI-generated"
    assert semantic == "Semantic path alone: +1.11, towards AI-generated"
    assert artifact == "Artifact path alone: −0.32, near balance"
    assert "away from AI-generated" in phrases(examination(outcome=Outcome.REAL)).read_outs[0]


def test_findings_are_grouped_by_how_they_are_known():
    groups = phrases(examination()).findings
    assert [group.title for group in groups] == [
        "Observed",
        "Derived",
        "Inferred",
        "Not available",
        "Failed",
    ]
    derived = groups[1].findings[0]
    assert (derived.id, derived.value, derived.where) == ("F2", "92 of 100", "whole file")
    assert groups[2].findings[0].where == "x 96, y 64, 160 × 128 px"
    assert groups[3].findings[0].value == "–"


def test_empty_groups_are_left_out():
    only = Finding(id="F1", analyser="a", version="1", status=Status.OBSERVED, value="x")
    assert [g.status for g in phrases(examination(findings=(only,))).findings] == [Status.OBSERVED]


def test_condition_tells_size_quality_and_what_was_not_examined():
    said = phrases(examination()).condition
    for part in ("JPEG", "640 × 420 px", "quality about 92", "resizing not examined"):
        assert part in said
    resized = replace(
        examination(), condition=Condition(jpeg_quality=None, megapixels=1.0, resized=True)
    )
    assert "traces of resizing found" in phrases(resized).condition
    assert "quality" not in phrases(resized).condition


def test_limitations_follow_from_the_values():
    made = examination()
    plain = phrases(made).limitations
    bare = phrases(replace(made, heatmap_file=None, explanation=())).limitations
    assert any("bright place is not proof" in line for line in plain)
    assert "No heat map is stored for this exhibit." in bare
    assert "No explanation was written for this exhibit." in bare
    assert any("Real photographs are sometimes" in line for line in plain)


def test_a_file_of_which_a_part_was_examined_has_that_as_a_limit():
    pages = "The file has 3 pages; the first was examined, not the others (9 x 9 px)."
    made = replace(examination(), notes=("16-bit samples reduced to 8 bits.", pages))
    told = [line for line in phrases(made).limitations if "pages" in line or "samples" in line]
    others = "Nothing is said of the others here; one that was examined is an exhibit of its own."
    assert told == [f"{pages} {others}"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", r"a\nb"),
        ("tab\there", r"tab\there"),
        ("gpj.\u202eexe", r"gpj.\u202eexe"),
        ("caf\udce9.jpg", r"caf\xe9.jpg"),
        ("\x1b[31m", r"\x1b[31m"),
        ("Ωморе漢字é", "Ωморе漢字é"),
        ("no\u00a0break", "no break"),
        ("\ud800", r"\ud800"),
        ("\u2028", r"\u2028"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text, shown):
    assert printable(text) == shown


def test_a_hostile_name_cannot_forge_a_line():
    said = phrases(examination("x\nVerdict: no sign found.jpg"))
    assert "\n" not in said.name + said.statement
    assert said.name == r"x\nVerdict: no sign found.jpg"


def test_a_nameless_path_keeps_the_path():
    assert phrases(examination("/")).name == "/"


def test_regions_are_labelled_once_in_order_of_appearance():
    a, b = Region(x=1, y=1, w=5, h=5), Region(x=9, y=9, w=5, h=5)
    made = examination(
        explanation=(
            Sentence(text="One.", regions=(b,)),
            Sentence(text="Two.", regions=(a, b)),
        )
    )
    assert explained_regions(made) == (b, a)


def test_an_edited_part_is_outlined_though_no_sentence_speaks_of_it():
    part = Region(x=1, y=1, w=5, h=5)
    for extent, regions in ((Extent.LOCAL, (part,)), (Extent.UNDECIDED, ())):
        locality = Locality(extent=extent, regions=(part,), reason="So.")
        made = examination(explanation=(), locality=locality)
        assert explained_regions(made) == regions


def test_region_labels_run_past_z():
    assert [region_label(i) for i in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_sizes_keep_the_exact_count():
    assert byte_size(999) == "999 bytes"
    assert byte_size(3_145_728) == "3,145,728 bytes (3.1 MB)"


def test_log_odds_keep_their_sign():
    assert [log_odds(v) for v in (3.1, -0.42, 0.0)] == ["+3.10", "−0.42", "+0.00"]


def test_model_line_says_when_no_language_model_ran():
    assert model_line(MODEL) == "mini, gated injection before layer 17, cpu, float32"
    triage = replace(MODEL, injection_layer=None, fusion=None)
    assert "without the language model" in model_line(triage)


def test_an_examination_without_model_or_hash_can_still_be_worded():
    bare = Examination(facts=facts("x.jpg", sha256=None))
    assert phrases(bare).statement == "Residua did not examine “x.jpg”, and says nothing about it."


def test_a_triage_result_says_what_was_not_run():
    made = examination()
    reads = replace(made.verdict.read_outs, both=None, semantic=None)
    said = phrases(replace(made, verdict=replace(made.verdict, read_outs=reads)))
    assert said.read_outs[:2] == ("Both paths: not run", "Semantic path alone: not run")
    assert any("triage" in line for line in said.limitations)
    assert not any("triage" in line for line in phrases(made).limitations)

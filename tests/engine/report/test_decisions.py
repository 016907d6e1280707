"""The decision table: complete, and every row says what its situation calls for."""

import pytest

from engine import paths
from engine.errors import EngineError
from engine.report.decisions import AXES, FILE, PROVENANCE, Situation, read_table, situations, table

ROWS = table().rows
SHIPPED = (paths.resources_dir() / FILE).read_text("utf-8")

PROVENANCE_OF_ROWS = {
    "signed-ai": {"ai_credential"},
    "signed-part": {"part_credential"},
    "signed-capture": {"camera_credential"},
    "watermark": {"watermark"},
    "marked": {"generator_text", "ai_label", "part_label"},
    "unverified": {"unverified_credential"},
    "camera": {"camera_metadata"},
    "pixels": {"none"},
    "history": {"none"},
}
GENERATED = ("ai_credential", "watermark", "generator_text", "ai_label")
CAPTURED = ("camera_credential", "unverified_credential", "camera_metadata")
SIGNED_CAPTURE = ("camera_credential", "unverified_credential")
OUTCOME_OF_ROWS = {
    "low-score": {"real"},
    "high-score": {"ai"},
    "open": {"real", "inconclusive", "outside"},
}


def test_every_combination_matches_exactly_one_row():
    count = 0
    for situation in situations():
        holding = [row.id for row in ROWS if row.holds(situation)]
        assert len(holding) == 1, (situation, holding)
        assert table().row(situation).id == holding[0]
        count += 1
    assert count == 10 * 4 * 4 * 2


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_holds_for_what_its_name_says(row):
    held = [s for s in situations() if row.holds(s)]
    assert held
    for begin, provenance in PROVENANCE_OF_ROWS.items():
        if row.id.startswith(begin):
            assert {s.provenance for s in held} <= provenance
    for end, outcomes in OUTCOME_OF_ROWS.items():
        if row.id.endswith(end):
            assert {s.outcome for s in held} <= outcomes


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_is_a_conflict_where_something_contradicts_something(row):
    for situation in situations():
        if not row.holds(situation):
            continue
        against = (
            situation.contradiction in ("broken", "origin"),
            situation.provenance in GENERATED and situation.outcome == "real",
            situation.provenance in CAPTURED and situation.outcome == "ai",
            situation.provenance in SIGNED_CAPTURE and situation.region == "local",
        )
        if any(against):
            assert row.conflict
            assert row.first == "statement"
        elif situation.contradiction == "none":
            assert not row.conflict


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_no_row_calls_a_picture_genuine_or_certain(row):
    words = f"{row.headline} {row.explanation}".lower()
    for word in ("genuine", "authentic", "is real", "certain", "proves"):
        assert word not in words


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_names_the_fact_where_there_is_one_alone(row):
    if "{fact}" in row.explanation:
        assert "none" not in row.provenance
    assert "{" not in row.headline


def test_a_valid_ai_credential_with_a_low_score_is_a_conflict_shown_first():
    row = table().row(
        Situation(provenance="ai_credential", contradiction="none", outcome="real", region="other")
    )
    assert row.id == "signed-ai-low-score"
    assert row.conflict
    assert row.first == "statement"


def test_signed_statements_are_stronger_than_unsigned_ones():
    order = PROVENANCE.index
    assert order("ai_credential") < order("watermark") < order("generator_text")
    assert order("camera_credential") < order("generator_text") < order("camera_metadata")
    assert order("unverified_credential") > order("ai_label")
    assert PROVENANCE[-1] == "none"


def broken(tmp_path, text):
    file = tmp_path / "decisions.toml"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('id = "pixels-real"', 'id = "pixels-ai"', "same id"),
        ('outcome = ["outside"]', 'outcome = ["ai"]', "spoken of by"),
        ('provenance = ["watermark"]', 'provenance = ["tea leaves"]', "tea leaves"),
        ('first = "verdict"', 'first = "neither"', "first"),
        ("conflict = true", 'conflict = "maybe"', "conflict"),
        ("({fact})", "({p_ai})", "placeholder"),
        ("conflict = true", "conflict = true\nweight = 3", "weight"),
        ('headline = "Marked as edited', 'heading = "Marked as edited', "heading"),
        ('version = "2026', 'edition = "2026', "version"),
    ],
)
def test_a_damaged_table_is_refused_by_name(tmp_path, before, after, said):
    assert before in SHIPPED
    with pytest.raises(EngineError, match=said) as caught:
        read_table(broken(tmp_path, SHIPPED.replace(before, after, 1)))
    assert "decisions.toml" in str(caught.value)


def test_a_table_with_a_gap_or_a_double_is_refused(tmp_path):
    begin = SHIPPED.index("[[row]]", SHIPPED.index('id = "pixels-real"'))
    gap = SHIPPED[: SHIPPED.rindex("[[row]]", 0, begin)] + SHIPPED[begin:]
    with pytest.raises(EngineError, match="no row"):
        read_table(broken(tmp_path, gap))
    twin = SHIPPED[SHIPPED.rindex("[[row]]", 0, begin) : begin].replace("pixels-real", "twin")
    with pytest.raises(EngineError, match="pixels-real, twin"):
        read_table(broken(tmp_path, f"{SHIPPED}\n{twin}"))


def test_a_missing_table_is_refused(tmp_path):
    with pytest.raises(EngineError, match="install Residua again"):
        read_table(tmp_path / "none.toml")


def test_the_head_of_the_file_explains_every_value():
    head = SHIPPED[: SHIPPED.index("version = ")]
    for values in AXES.values():
        for value in values:
            assert value in head

"""Tables hold every part of what was measured, with the right pictures in each."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from engine.training import figures
from engine.training.evaluate import Judged, Row
from engine.training.figures import Line, as_markdown, lines_as_json, lines_from_json, table
from engine.types import Outcome


def judged(p, label, source="s", generator="", *, outcome=None, **more):
    row = Row(
        sha256=f"{source}{label}{p}{more}",
        source=source,
        generator=generator,
        label=label,
        condition=more.pop("condition", "as is"),
        log_odds={"both": p, "artifact": 1 - p},
        **more,
    )
    band = Outcome.AI if p >= 0.9 else Outcome.REAL if p <= 0.1 else Outcome.INCONCLUSIVE
    return Judged(row=row, p=p, outcome=outcome or band)


def mixed():
    """Two sources: "s" offers both classes and is judged well, "t" only AI, judged badly."""
    return [
        *(judged(0.05, "real", real_class="night" if n % 2 else "day") for n in range(12)),
        *(judged(0.95, "ai", generator="g1") for _ in range(6)),
        *(judged(0.02, "ai", source="t", generator="g2") for _ in range(5)),
    ]


def by_part(lines):
    return {(line.condition, line.part, line.name): line for line in lines}


def test_a_table_has_all_sources_and_those_with_both_classes_and_each_part():
    lines = by_part(table(mixed()))
    assert set(lines) == {
        ("as is", figures.ALL, ""),
        ("as is", figures.BOTH, ""),
        ("as is", figures.SOURCE, "s"),
        ("as is", figures.SOURCE, "t"),
        ("as is", figures.GENERATOR, "g1"),
        ("as is", figures.GENERATOR, "g2"),
        ("as is", figures.REAL_CLASS, "day"),
        ("as is", figures.REAL_CLASS, "night"),
    }
    everything, both = lines["as is", figures.ALL, ""], lines["as is", figures.BOTH, ""]
    assert (everything.real, everything.ai, everything.sources) == (12, 11, 2)
    assert (both.real, both.ai, both.sources) == (12, 6, 1)
    assert both.figures["AUC"].value == 1.0
    assert everything.figures["AUC"].value == pytest.approx(6 / 11)
    assert everything.figures["AI called AI"].value == pytest.approx(6 / 11)
    assert everything.figures["AI called no sign"].value == pytest.approx(5 / 11)
    assert everything.figures["real called AI"].value == 0.0
    assert everything.figures["inconclusive"].value == 0.0
    assert set(everything.figures) == set(figures.NAMES) - {figures.OVER_SOURCES}


def test_formats_are_told_apart_by_what_pictures_were_before_a_treatment():
    def came(label, p, quality):
        row = judged(p, label).row
        kept = replace(row, sha256=f"{label}{p}", jpeg_quality=quality)
        treated = replace(kept, condition="JPEG 70", jpeg_quality=70)
        return [Judged(row=r, p=p, outcome=Outcome.INCONCLUSIVE) for r in (kept, treated)]

    told = [
        *(j for n in range(6) for j in came("real", 0.1 + n / 100, 90)),
        *(j for n in range(5) for j in came("ai", 0.2 + n / 100, 80)),
        *(j for n in range(7) for j in came("ai", 0.3 + n / 100, None)),
    ]
    lines = by_part(table(told))
    for condition in ("as is", "JPEG 70"):
        jpeg = lines[condition, figures.FORMAT, figures.JPEG]
        others = lines[condition, figures.FORMAT, figures.OTHERS]
        assert (jpeg.real, jpeg.ai, others.real, others.ai) == (6, 5, 0, 7)
    alone = [j for j in told if j.row.label == "real"]
    assert not [x for x in table(alone) if x.part == figures.FORMAT]


def test_a_generator_is_held_against_real_pictures_of_its_own_source_where_there_are_any():
    lines = by_part(table(mixed()))
    assert lines["as is", figures.GENERATOR, "g1"].real == 12
    # "t" has no real pictures, so all there are stand in.
    assert lines["as is", figures.GENERATOR, "g2"].real == 12
    assert lines["as is", figures.GENERATOR, "g2"].figures["AUC"].value == 0.0


def test_a_generator_says_nothing_of_the_real_pictures_it_shares():
    line = by_part(table(mixed()))["as is", figures.GENERATOR, "g1"]
    assert set(line.figures) == figures.OF_GENERATOR


def test_sources_are_drawn_again_where_each_class_has_enough_of_them():
    many = [
        judged(p, label, source=f"s{n}")
        for n in range(3)
        for label, p in (("real", 0.2 + 0.2 * n), ("ai", 0.5))
        for _ in range(5)
    ]
    lines = by_part(table(many))
    everything = lines["as is", figures.ALL, ""].figures
    assert everything[figures.OVER_SOURCES].low < everything["AUC"].low
    assert figures.OVER_SOURCES in lines["as is", figures.BOTH, ""].figures


def test_what_one_class_cannot_tell_is_left_out():
    lines = by_part(table(mixed()))
    ai_alone = lines["as is", figures.SOURCE, "t"].figures
    assert set(ai_alone) == {"AI accuracy", "AI called AI", "AI called no sign", "inconclusive"}
    night = lines["as is", figures.REAL_CLASS, "night"]
    assert set(night.figures) == {"real accuracy", "real called AI", "inconclusive"}
    assert (night.real, night.ai) == (6, 0)


def test_the_source_is_the_class_of_a_real_photograph_without_one():
    lines = table([judged(0.2, "real", source="phones") for _ in range(5)])
    assert [line.name for line in lines if line.part == figures.REAL_CLASS] == ["phones"]


def test_verdicts_and_probabilities_may_come_from_several_models():
    strict = [judged(0.8, "ai", outcome=Outcome.INCONCLUSIVE) for _ in range(5)]
    lenient = [judged(0.8, "ai", outcome=Outcome.AI) for _ in range(5)]
    line = table(strict + lenient)[0]
    assert line.figures["AI called AI"].value == 0.5


def test_conditions_are_told_apart():
    lines = table([*mixed(), *(judged(0.5, "real", condition="JPEG 70") for _ in range(5))])
    assert {line.condition for line in lines} == {"as is", "JPEG 70"}
    jpeg = by_part(lines)["JPEG 70", figures.ALL, ""]
    assert (jpeg.real, jpeg.figures["inconclusive"].value) == (5, 1.0)


def test_each_log_odds_has_its_own_area():
    aucs = figures.read_out_aucs([j.row for j in mixed()])
    assert aucs["as is"]["both"].value == pytest.approx(6 / 11)
    assert aucs["as is"]["artifact"].value == pytest.approx(5 / 11)


def test_a_kept_table_reads_back_as_it_was():
    lines = table(mixed())
    assert lines_from_json(json.loads(json.dumps(lines_as_json(lines)))) == lines
    with pytest.raises(ValueError, match="figures"):
        lines_from_json([{"condition": "as is"}])


def test_markdown_shows_every_line_and_keeps_its_columns():
    text = as_markdown(table([*mixed(), judged(0.3, "ai", source="a|b", generator="x|y")]))
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert r"| as is | a\|b | 0 | 1 |" in text
    assert "1.000 (1.000-1.000)" in text
    for part in set(figures.PARTS) - {figures.FORMAT}:
        assert part[0].upper() + part[1:] in text
    assert len(rows) == 5 * 2 + len(table(mixed())) + 2


def test_a_line_is_frozen():
    line = table(mixed())[0]
    assert isinstance(line, Line)
    with pytest.raises(AttributeError):
        line.real = 3

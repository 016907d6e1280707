"""Filters, orders and groups: what is shown follows from the choice alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.arranging import Arrangement, GroupBy, Order, Range, Show, arranged, fits
from app.exhibits import Exhibit, ExhibitModel, State
from app.row import condition_text, generator_of
from engine.types import Condition, Finding, Status
from tests.fakes import fake_examination

RED, GREY, BLUE = (250, 0, 0), (128, 128, 128), (0, 0, 250)


def exhibit(name: str, colour: tuple[int, int, int] | None = None, **more: object) -> Exhibit:
    done = fake_examination(name, colour=colour) if colour else None
    state = State.DONE if colour else State.WAITING
    return Exhibit(path=name, name=name, state=state, examination=done, **more)


def names(exhibits: list[Exhibit], choice: Arrangement) -> list[str]:
    rows, _sections = arranged(exhibits, choice)
    return [exhibits[row].name for row in rows]


def sections(exhibits: list[Exhibit], choice: Arrangement) -> list[tuple[str, int]]:
    return [(section.title, section.count) for section in arranged(exhibits, choice)[1]]


def out_of_range(one: Exhibit) -> Exhibit:
    verdict = replace(one.examination.verdict, in_validated_range=False)
    one.examination = replace(one.examination, verdict=verdict)
    return one


def made_by(one: Exhibit, generator: str) -> Exhibit:
    finding = Finding(
        id="P1",
        analyser="generator.text",
        version="1",
        status=Status.OBSERVED,
        value=generator,
    )
    one.examination = replace(one.examination, findings=(finding,))
    return one


def test_groups_by_verdict_come_in_order_of_concern():
    rows = [exhibit("w"), exhibit("b", BLUE), exhibit("g", GREY), exhibit("r", RED)]
    choice = Arrangement(group=GroupBy.VERDICT)
    assert names(rows, choice) == ["r", "g", "b", "w"]
    assert sections(rows, choice) == [
        ("Likely AI", 1),
        ("Inconclusive", 1),
        ("No sign found", 1),
        ("Waiting", 1),
    ]


def test_orders_hold_inside_groups():
    rows = [exhibit("z", RED, stars=1), exhibit("a", RED, stars=5), exhibit("m", BLUE, stars=3)]
    choice = Arrangement(group=GroupBy.VERDICT, order=Order.STARS)
    assert names(rows, choice) == ["a", "z", "m"]
    assert names(rows, replace(choice, order=Order.NAME)) == ["a", "z", "m"]
    assert names(rows, replace(choice, group=GroupBy.NOTHING)) == ["a", "m", "z"]


def test_near_duplicates_stand_together_and_the_others_last():
    rows = [exhibit("a"), exhibit("b", near=2), exhibit("c", near=1), exhibit("d", near=2)]
    choice = Arrangement(group=GroupBy.NEAR)
    assert names(rows, choice) == ["c", "b", "d", "a"]
    assert [count for _title, count in sections(rows, choice)] == [1, 2, 1]


def test_generators_named_by_metadata_stand_first():
    rows = [exhibit("a", RED), made_by(exhibit("b", RED), "Midjourney"), exhibit("c")]
    choice = Arrangement(group=GroupBy.GENERATOR)
    assert sections(rows, choice) == [("Midjourney", 1), ("Metadata name no generator", 2)]
    assert generator_of(rows[0].examination) == ""


def test_folders_stand_together():
    rows = [exhibit("a", folder="/x/b"), exhibit("b", folder="/x/a"), exhibit("c", folder="/x/b")]
    assert sections(rows, Arrangement(group=GroupBy.FOLDER)) == [("/x/a", 1), ("/x/b", 2)]
    assert names(rows, Arrangement(folder="/x/b")) == ["a", "c"]


def test_range_filter_leaves_out_what_was_not_examined():
    rows = [exhibit("in", RED), out_of_range(exhibit("out", RED)), exhibit("waits")]
    assert names(rows, Arrangement(range=Range.INSIDE)) == ["in"]
    assert names(rows, Arrangement(range=Range.OUTSIDE)) == ["out"]
    assert names(rows, Arrangement()) == ["in", "out", "waits"]


def test_rating_filter_is_a_least_rating():
    rows = [exhibit(str(stars), stars=stars) for stars in range(6)]
    assert names(rows, Arrangement(stars=4)) == ["4", "5"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("HARB", True),
        ("harbour jpg", True),
        ("harbour png", False),
        ("#12", True),
        ("#13", False),
        ("flood", True),
        ("evidence", True),
        ("  ", True),
    ],
)
def test_every_word_must_be_found_somewhere(text: str, found: bool):
    one = exhibit("harbour.jpg", number=12, tags=("flood",), folder="/evidence")
    assert fits(one, Arrangement(text=text)) is found


def test_largest_come_first_and_the_unknown_last():
    rows = [exhibit("unknown"), exhibit("small", RED), exhibit("large", RED)]
    large = replace(rows[2].examination, condition=Condition(jpeg_quality=None, megapixels=24.0))
    rows[2].examination = large
    assert names(rows, Arrangement(order=Order.SIZE)) == ["large", "small", "unknown"]


def test_lowest_probability_first_leaves_what_has_none_last():
    rows = [exhibit("waits"), exhibit("r", RED), exhibit("b", BLUE)]
    assert names(rows, Arrangement(order=Order.LOWEST)) == ["b", "r", "waits"]


def test_filters_are_known_as_such():
    assert not Arrangement(order=Order.NAME, group=GroupBy.NEAR).narrowed
    assert Arrangement(show=Show.AI).narrowed
    choice = Arrangement(text="x", order=Order.NAME, group=GroupBy.NEAR)
    assert choice.widened() == Arrangement(order=Order.NAME, group=GroupBy.NEAR)


def test_condition_reads_as_format_quality_and_size():
    one = exhibit("a", RED)
    assert condition_text(one) == "PNG · 0.01 MP"
    condition = Condition(jpeg_quality=92, megapixels=12.19)
    facts = replace(one.examination.facts, format="JPEG")
    one.examination = replace(one.examination, facts=facts, condition=condition)
    assert condition_text(one) == "JPEG 92 · 12 MP"
    assert condition_text(exhibit("b")) == ""


def test_rows_that_come_later_stand_in_a_section_of_their_own(qapp: object):
    model = ExhibitModel()
    model.take([exhibit("r", RED), exhibit("b", BLUE)])
    model.arrange(Arrangement(group=GroupBy.VERDICT))
    model.take([exhibit("late"), exhibit("later")])
    assert [section.count for section in model.sections] == [1, 1, 2]
    assert model.unsorted > 0
    model.arrange(model.choice)
    assert [section.title for section in model.sections] == [
        "Likely AI",
        "No sign found",
        "Waiting",
    ]
    assert model.unsorted == 0


def test_tallies_follow_results(qapp: object):
    model = ExhibitModel()
    model.take([exhibit("a"), exhibit("b"), exhibit("c", BLUE)])
    model.set_results([fake_examination("a", colour=RED)])
    assert [model.tally(show) for show in Show] == [3, 1, 0, 1, 0, 0, 1]
    model.set_state("a", State.EXAMINING)
    assert model.tally(Show.AI) == 0
    assert model.tally(Show.OPEN) == 2


def test_marks_and_groups_reach_their_rows(qapp: object):
    model = ExhibitModel()
    model.take([exhibit("a", number=1), exhibit("b", number=2)])
    model.set_marks([(2, 4, ("flood",))])
    model.set_near([["a", "b"]])
    assert [(e.stars, e.tags, e.near) for e in model.exhibits] == [
        (0, (), 1),
        (4, ("flood",), 1),
    ]
    model.set_marks([])
    model.set_near([])
    assert [(e.stars, e.tags, e.near) for e in model.exhibits] == [(0, (), None)] * 2

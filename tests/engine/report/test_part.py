"""An edited part that a statement leads with is shown by the trace that found it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from engine.job import Context
from engine.mark_types import Annotation
from engine.mark_words import Shape
from engine.report.contents import contents_of, parse_records, read_attached
from engine.report.exhibits import Item
from engine.report.originals import Original, Originals, State
from engine.report.pdf import write_items
from engine.report.verify import verify_report
from engine.trace_types import Trace
from engine.types import Extent, Finding, Locality, Outcome, Region, Statement, Status
from tests.engine.report.made import FINDINGS, examination, facts, heatmap
from tests.engine.report.reports import CREATED, shown, small, words, write
from tests.engine.traces import planting as plant
from tests.engine.traces.test_edited import PLACE, composite

PART = Region(x=64, y=64, w=128, h=96)
FOUND = Finding(
    id="T1", analyser="trace.edited", version="1", status=Status.DERIVED, value=3.1,
    regions=(PART,), reason="A coherent part lacks the earlier compression.",
)  # fmt: skip
SAID = Statement(
    row="pixels-edited", table="2026-11-26", headline="Locally edited: a part differs",
    explanation="The part that is outlined lacks the earlier compression.", conflict=False,
    first="statement", cites=("T1",),
)  # fmt: skip
LOCAL = Locality(extent=Extent.LOCAL, regions=(PART,), reason="A part lacks it.")


def edited(**changes):
    """An examination whose statement leads with an edited part."""
    values = {"statement": SAID, "locality": LOCAL, "findings": (*FINDINGS, FOUND)}
    return examination(outcome=Outcome.INCONCLUSIVE, **(values | changes))


def with_part(made, side_px):
    """A source that computes the trace: a map of its own."""
    return replace(shown(made, side_px), part=Trace(finding=FOUND, heatmap=heatmap(3)))


@pytest.mark.parametrize(
    "changes",
    [
        {"statement": replace(SAID, first="verdict")},
        {"statement": None},
        {"statement": replace(SAID, cites=("F1",))},
        {"locality": replace(LOCAL, extent=Extent.UNDECIDED)},
        {"locality": None},
    ],
)
def test_no_trace_leads_unless_a_statement_speaks_of_a_part_first(changes):
    assert edited().leading_trace == "trace.edited"
    assert edited(**changes).leading_trace == ""


def test_the_part_has_a_picture_of_its_own_and_the_report_can_be_laid_out_again(tmp_path):
    file = write(tmp_path, [edited()], source=with_part)
    said = words(file)
    assert "Figure 1c. Part with another history: what the statement above speaks of." in said
    assert "unlike the rest, fixed scale" in said
    assert [check for check in verify_report(file, None) if check.outcome == "fail"] == []


@pytest.mark.parametrize(
    ("part", "why"),
    [
        (None, "the original cannot be looked at now"),
        (Trace(finding=replace(FOUND, reason="It took too long.")), "It took too long."),
    ],
)
def test_a_part_that_cannot_be_shown_says_why(tmp_path, part, why):
    file = write(tmp_path, [edited()], source=lambda *asked: replace(shown(*asked), part=part))
    assert f"The edited part is outlined alone: {why}" in words(file)
    assert "Figure 1c" not in words(file)


def test_a_drawing_over_the_picture_comes_after_the_part(tmp_path):
    file = tmp_path / "drawn.pdf"
    drawn = Annotation(
        id=1, exhibit=1, shape=Shape.BOX, start=(5, 5), end=(60, 50), text="Look.", replaces=None,
        author="Ana", written_utc="2026-10-05T12:00:00Z",
    )  # fmt: skip
    item = Item(
        number=1, examination=small(edited()), heatmap=lambda: None, file="", annotations=(drawn,)
    )
    write_items([item], None, out_file=file, ctx=Context(), source=with_part, created=CREATED)
    said = words(file)
    assert "Figure 1c. Part with" in said
    assert "Figure 1d. The picture with what the examiner drew over it." in said


def test_the_trace_is_computed_from_the_original(tmp_path):
    file = tmp_path / "edited.jpg"
    file.write_bytes(plant.jpeg(composite(0), 92))
    known = facts(str(file), sha256=hashlib.sha256(file.read_bytes()).hexdigest())
    with Originals() as originals:
        seen: Original = originals.view(edited(facts=known), 200)
        plain = originals.view(examination(facts=known), 200)
    assert seen.state is State.SAME and max(seen.pixels.shape) == 200
    assert plant.overlap(seen.part.finding.regions, PLACE) > 0.5
    assert plain.part is None


def test_records_of_before_have_no_picture_of_a_part(tmp_path):
    raw = parse_records(read_attached(write(tmp_path, [edited()]).read_bytes()))
    older = json.loads(json.dumps(raw))
    for sheet in older["sheets"]:
        del sheet["part"], sheet["part_note"]
    older["schema"] = 4
    assert contents_of(older).sheets[0].part is None

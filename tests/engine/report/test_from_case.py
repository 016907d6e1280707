"""The report of a real case file."""

import json
from dataclasses import replace

import pikepdf
import pytest
from PIL import Image

from engine import api
from engine.job import Context
from engine.mark_words import Shape
from engine.report.contents import _of_schema_3, contents_of, parse_records, read_attached
from engine.report.values import to_json
from engine.report.verify import verify_report
from engine.types import Region
from tests.engine.report.keys import NAME, make_key
from tests.engine.report.made import examination, heatmap, picture
from tests.engine.report.reports import words

NAMES = ("harbour.png", "ملف 港.png", "unseen.png")


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case")
    evidence = folder / "evidence"
    evidence.mkdir()
    for seed, name in enumerate(NAMES):
        Image.fromarray(picture(seed, 90, 120)).save(evidence / name)
    file = folder / "case.residua"
    api.new_case(
        file, operator="N. Operator", number="2026-014", title="Harbour", examiner=NAME,
        requester="District court", laboratory="Example Laboratory", question="Real or not?",
    )  # fmt: skip
    ctx = Context()
    with api.open_case(file, operator="N. Operator") as opened:
        api.add_to_case(opened, (str(evidence),), ctx, copy=True, source="memory card")
        for exhibit in opened.exhibits()[:2]:
            made = examination(exhibit.path, seed=exhibit.number)
            facts = replace(
                made.facts, path=exhibit.working_file, sha256=exhibit.sha256, sha1=exhibit.sha1,
                md5=exhibit.md5, bytes=exhibit.bytes, format="PNG", height=90, width=120,
            )  # fmt: skip
            made = replace(made, facts=facts, heatmap=heatmap(1, 90, 120, 6, 8))
            number = opened.add_examination(made, None, exhibit=exhibit.number).id
        opened.edit_sentence(number, 0, "Worded anew by hand.", reason="clearer")
        opened.add_note("The sky looks odd.", exhibit=1)
        slip = opened.add_note("A slip of the pen.", exhibit=1)
        opened.retract("note", slip.id)
        opened.annotate(1, Shape.BOX, (10, 12), (50, 40), text="The seam repeats.")
        opened.annotate(1, Shape.ARROW, (100, 80), (60, 40))
        opened.annotate(2, Shape.TEXT, (5, 6), text="No reflection.")
        opened.annotate(3, Shape.TEXT, (5, 6), text="Never examined, but drawn on.")
        opened.rate(1, 4)
        opened.tag(1, "alibi")
        opened.add_bookmark(1, "The wall", region=Region(x=1, y=2, w=30, h=40))
    out = folder / "report.pdf"
    key = make_key(folder).load()
    api.write_report(file, out, ctx, key=key, operator="N. Operator", command="residua report")
    return file, out, evidence


def test_it_holds_with_log_files_and_signature(case):
    _, out, evidence = case
    checks = {check.name: check for check in verify_report(out, evidence)}
    assert {n: c.detail for n, c in checks.items() if c.outcome == "fail"} == {}
    assert checks["log chain"].outcome == checks["exhibits' files"].outcome == "pass"


def test_it_names_case_people_custody_notes_and_changes(case):
    said = words(case[1])
    for part in (
        "2026-014 · Harbour", "District court", "Example Laboratory", NAME, "Asked: “Real or not?”",
        "Source: memory card", "evidentiary copy, examined on a working copy", "exhibit.add",
        "Worded anew by hand.", "The examiner changed 1 of 2 sentences.", "The sky looks odd.",
        "Generated: The brickwork", "Head, SHA-256", "N. Operator", "harbour.png",
        "taken into the case and not examined",
    ):  # fmt: skip
        assert part in said, part


def test_it_shows_what_the_examiner_drew_and_set(case):
    said = words(case[1])
    for part in (
        "Marks of the examiner", "Rating: 4 of 5.", "Tags: alibi.", "x 10, y 12, 40 × 28 px",
        "The seam repeats.", "from x 100, y 80 to x 60, y 40", "bookmark (picture)", "The wall",
        "Figure 1c. The picture with what the examiner drew over it.", "No reflection.",
        "On exhibit 3, which was not examined:", "Never examined, but drawn on.",
    ):  # fmt: skip
        assert part in said, part
    assert "A slip of the pen" not in said


def test_records_of_the_form_before_drawings_are_read(case):
    raw = parse_records(read_attached(case[1].read_bytes()))
    contents = contents_of(raw)
    older = json.loads(json.dumps(raw))
    older["schema"] = 2
    for sheet in older["sheets"]:
        for name in ("annotations", "rating", "tags"):
            del sheet[name]
    bare = [replace(sheet, annotations=(), rating=0, tags=()) for sheet in contents.sheets]
    assert to_json(contents_of(older)) == to_json(replace(contents, sheets=tuple(bare)))


def test_records_that_do_not_say_what_p_is_calculated_from_are_read():
    older = {"schema": 3, "cards": [{"weights_sha256": "5c"}], "sheets": []}
    assert _of_schema_3(older) == {
        "schema": 4,
        "cards": [{"weights_sha256": "5c", "weighs": []}],
        "sheets": [],
    }


def test_an_edited_drawing_in_the_records_is_found(case, tmp_path):
    with pikepdf.open(case[1]) as pdf:
        stream = pdf.Root.AF[0].EF.F
        records = json.loads(stream.read_bytes())
        records["sheets"][0]["annotations"][0]["text"] = "Nothing repeats."
        stream.write(json.dumps(records).encode())
        pdf.save(tmp_path / "edited.pdf")
    checks = {check.name: check for check in verify_report(tmp_path / "edited.pdf", None)}
    assert checks["every word of the pages"].outcome == "fail"


def test_the_log_tells_of_the_report(case):
    with api.open_case(case[0], writable=False) as opened:
        entry = opened.log()[-1]
    assert entry.action == "report.write"
    assert entry.objects[0].id == "report.pdf" and dict(entry.details)["signed_by"] == NAME


def test_an_edited_log_is_found(case, tmp_path):
    with pikepdf.open(case[1]) as pdf:
        stream = pdf.Root.AF[0].EF.F
        records = json.loads(stream.read_bytes())
        records["case"]["log"][1]["operator"] = "Somebody else"
        stream.write(json.dumps(records).encode())
        pdf.save(tmp_path / "edited.pdf")
    checks = {check.name: check for check in verify_report(tmp_path / "edited.pdf", None)}
    assert checks["log chain"].outcome == "fail"
    assert "Entry 2" in checks["log chain"].detail
    assert checks["every word of the pages"].outcome == "fail"

"""Exports of a case, read back by other programs' means."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import jsonschema
import pytest

from engine import api, paths
from engine.errors import InputError, StoreError
from engine.evidence.case_json import to_json
from engine.exports.table import safe
from engine.job import Context


def exported(file: Path, name: str) -> str:
    out = file.parent / name
    with api.open_case(file, operator="Ben") as case:
        api.export_case(case, out, None, Context())
    return out.read_text("utf-8")


def rows_of(file: Path) -> dict[str, list[tuple]]:
    """Return every row of every table that holds something."""
    with api.open_case(file, writable=False) as case, case.reading() as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall())
            for (name,) in names
        }


def test_a_case_made_of_its_json_has_the_same_rows_log_and_head(file, tmp_path):
    exported(file, "case.json")
    other = tmp_path / "other.residua"
    api.import_case(tmp_path / "case.json", other)
    assert rows_of(other) == rows_of(file)
    with api.open_case(other, writable=False) as case:
        contents = case.contents()
        assert contents.log_check.ok
        assert contents.log[-1].action == "case.export"
        assert case.heatmap(contents.examinations[1]) is not None
        again = to_json(case)
    assert again == (tmp_path / "case.json").read_text("ascii")


def test_the_json_is_as_its_published_schema_says(file):
    schema = json.loads((paths.resources_dir() / "case.schema.json").read_text("utf-8"))
    value = json.loads(exported(file, "case.json"))
    validator = jsonschema.Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(value)] == []
    value["records"]["exhibit"][0]["record"]["sha256"] = "no hash"
    assert list(validator.iter_errors(value))


TAMPERINGS = {
    "an edited note": lambda text: text.replace("About all of it.", "About none of it."),
    "an edited verdict": lambda text: text.replace('"verdict": "ai"', '"verdict": "real"'),
    "an edited log": lambda text: text.replace('"operator": "Ana', '"operator": "Eva', 1),
    "another head": lambda text: re.sub(r'"entries": \d+', '"entries": 3', text),
    "a cut-off log": None,
    "another heat map": lambda text: text.replace("iVBORw0KGgo", "iVBORw0KGgp", 1),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_changed_json_makes_no_case(file, tmp_path, what):
    text = exported(file, "case.json")
    change = TAMPERINGS[what]
    if change is None:
        value = json.loads(text)
        value["log"].pop()
        changed = json.dumps(value)
    else:
        changed = change(text)
    assert changed != text
    (tmp_path / "changed.json").write_text(changed, "ascii")
    with pytest.raises(InputError, match="No case was made"):
        api.import_case(tmp_path / "changed.json", tmp_path / "other.residua")
    assert not list(tmp_path.glob("*other*"))


@pytest.mark.parametrize(
    "text", ["", "[]", '{"kind": "x"}', '{"kind": "residua-case", "schema": 9}']
)
def test_what_is_no_export_is_refused_in_words(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(InputError, match=r"x\.json"):
        api.import_case(tmp_path / "x.json", tmp_path / "other.residua")


def test_csv_has_a_row_a_file_and_no_cell_that_is_a_formula(file):
    text = exported(file, "case.csv")
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [row["exhibit"] for row in rows] == ["1", "2", "3", ""]
    for row in rows:
        for name, cell in row.items():
            number = re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell)
            assert number or not cell.lstrip().startswith(("=", "+", "-", "@")), (name, cell)
    assert {row["verdict"] for row in rows} == {"ai", "real", ""}
    hostile = next(row for row in rows if "calc" in row["name"])
    assert hostile["name"] == "'=cmd|calc'!A1.png"
    assert hostile["source"] == "'@a stick"
    assert rows[3]["failure"].startswith("not_found")


def test_csv_tells_ratings_tags_and_drawings_that_hold(file):
    text = exported(file, "case.csv").removeprefix("\ufeff")
    row, *others = csv.DictReader(StringIO(text, newline=""))
    assert (row["rating"], row["tags"], row["notes"]) == ("4", "'+harbour", "'-2+3")
    assert row["annotations"] == (
        "box x 4, y 5, 36 × 25 px =a <seam> | arrow from x 60, y 50 to x 20, y 20"
    )
    assert {other["rating"] + other["tags"] + other["annotations"] for other in others} == {""}


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\\t=1"), ("\r=1", "'\\r=1"), ("  =1", "'  =1"), ("＝1", "'＝1"),
        ("plain", "plain"), ("a=b", "a=b"), (-0.5, -0.5), (None, ""),
    ],
)  # fmt: skip
def test_text_that_a_spreadsheet_would_run_is_made_text(value, cell):
    assert safe(value) == cell


class Page(HTMLParser):
    """Collects what an HTML page would run or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("src", "href") and value]
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data):
        self.text += data


def test_html_holds_everything_in_itself_and_runs_nothing(file):
    page = Page()
    page.feed(exported(file, "case.html"))
    assert not page.tags & {"script", "link", "iframe", "object", "b towers"}
    assert all(link.startswith(("data:image/", "#")) for link in page.links)
    assert sum(link.startswith("data:image/jpeg") for link in page.links) == 4
    assert "<script>alert(1)" in page.text
    assert "Two <b>towers</b>" in page.text
    assert "About all of it." in page.text
    assert "The picture is red." in page.text
    assert "every link and every record holds" in page.text
    assert "Rating: 4 of 5" in page.text
    assert "box, x 4, y 5, 36 × 25 px: =a <seam>" in page.text
    assert "a slip" not in page.text
    assert "svg" in page.tags


def test_html_shows_a_changed_exhibit_and_leaves_its_picture_out(file, made):
    (photo,) = (made.parent / "photos").glob("=cmd*")
    before = photo.read_bytes()
    photo.write_bytes(before + b"!")
    try:
        page = Page()
        page.feed(exported(file, "case.html"))
    finally:
        photo.write_bytes(before)
    assert "Not shown: the file is changed." in page.text
    assert sum(link.startswith("data:image/jpeg") for link in page.links) == 2


def test_case_uco_names_files_hashes_results_and_actions(file):
    graph = json.loads(exported(file, "case.jsonld"))["@graph"]
    of = {kind: [n for n in graph if n["@type"] == kind] for kind in {n["@type"] for n in graph}}
    with api.open_case(file, writable=False) as case:
        contents = case.contents()
    assert len(of["uco-observable:RasterPicture"]) == 3
    assert len(of["case-investigation:ProvenanceRecord"]) == 3
    assert len(of["uco-analysis:AnalyticResult"]) == len(contents.examinations)
    assert len(of["case-investigation:InvestigativeAction"]) == len(contents.log)
    statements = [each["uco-core:statement"] for each in of["uco-core:Annotation"]]
    assert statements[0] == "box at x 4, y 5, 36 × 25 px. =a <seam>"
    assert len(statements) == 2
    tags = [each["uco-core:tag"] for each in graph if "uco-core:tag" in each]
    assert tags == [["+harbour", "rating 4 of 5"]]
    content = of["uco-observable:RasterPicture"][0]["uco-core:hasFacet"][1]
    hashes = {
        each["uco-types:hashMethod"]: each["uco-types:hashValue"]["@value"].lower()
        for each in content["uco-observable:hash"]
    }
    exhibit = contents.exhibits[0]
    assert hashes == {"SHA256": exhibit.sha256, "SHA1": exhibit.sha1, "MD5": exhibit.md5}
    defined = [node["@id"] for node in graph]
    assert len(defined) == len(set(defined))
    named = set(re.findall(r'\{"@id": "(kb:[^"]+)"\}', json.dumps(graph)))
    assert named <= set(defined)


def test_an_unknown_format_and_a_missing_folder_are_refused_before_anything_is_logged(file):
    with api.open_case(file, operator="Ben") as case:
        entries = len(case.log())
        with pytest.raises(InputError, match="--format"):
            api.export_case(case, file.parent / "case.docx", None, Context())
        with pytest.raises(InputError, match="is the case itself"):
            api.export_case(case, file, "json", Context())
        with pytest.raises(StoreError, match="does not exist"):
            api.export_case(case, file.parent / "no" / "x.json", None, Context())
        assert len(case.log()) == entries


def test_a_case_that_can_only_be_read_is_exported_without_an_entry(file, tmp_path):
    with api.open_case(file, writable=False) as case:
        entries = len(case.log())
        api.export_case(case, tmp_path / "x.csv", None, Context())
        assert len(case.log()) == entries

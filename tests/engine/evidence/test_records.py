"""Lines of results.jsonl: the contract's keys, the published schema, and the way back."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import jsonschema
import pytest

from engine import paths
from engine.errors import StoreError
from engine.evidence.records import from_line, to_line
from engine.types import (
    Examination,
    ExplanationKind,
    Extent,
    Failure,
    FileFacts,
    Finding,
    Locality,
    Region,
    Settings,
    Statement,
    Status,
)
from tests.fakes import fake_examination

CONTRACT_KEYS = [
    "schema",
    "path",
    "sha256",
    "bytes",
    "format",
    "width",
    "height",
    "status",
    "error",
    "verdict",
    "p_ai",
    "band_reason",
    "read_outs",
    "condition",
    "in_validated_range",
    "explanation",
    "dropped_sentences",
    "findings",
    "heatmap",
    "cell_px",
    "model",
    "elapsed_ms",
]


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads((paths.resources_dir() / "results.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def good() -> Examination:
    examination = fake_examination()
    return replace(examination, heatmap_file=f"heatmaps/{examination.facts.sha256}.png")


def failed() -> Examination:
    return Examination(
        facts=FileFacts(path="broken.jpg", sha256="0" * 64, sha1="0" * 40, md5="0" * 32, bytes=3),
        failure=Failure(kind="truncated", message="The file ends too early."),
        examined_utc="2026-01-02T03:04:05+00:00",
        tool_version="0.0.0",
        settings=Settings(explain=True, triage=False),
    )


def unread() -> Examination:
    return replace(failed(), facts=FileFacts(path="gone.jpg"))


def stated() -> Examination:
    statement = Statement(
        row="signed-ai-low-score",
        table="2026-11-25",
        headline="Signed, but",
        explanation="Both are told.",
        conflict=True,
        first="statement",
        cites=("P1", "M1"),
    )
    locality = Locality(
        extent=Extent.LOCAL,
        regions=(Region(x=0, y=1, w=2, h=3),),
        score=0.7,
        reason="One place stands out.",
    )
    return replace(
        good(),
        statement=statement,
        locality=locality,
        explanation_kind=ExplanationKind.RENDERED,
    )


CASES = {
    "good": good,
    "stated": stated,
    "triage": lambda: replace(
        fake_examination(triage=True), heatmap_file=f"heatmaps/{'0' * 64}.png"
    ),
    "failed": failed,
    "unread": unread,
}


@pytest.mark.parametrize("case", CASES)
def test_every_record_follows_the_published_schema(case, validator):
    validator.validate(json.loads(to_line(CASES[case]())))


@pytest.mark.parametrize("case", CASES)
def test_the_contract_s_keys_come_first_and_in_order(case):
    keys = list(json.loads(to_line(CASES[case]())))
    assert keys[: len(CONTRACT_KEYS)] == CONTRACT_KEYS


def test_nested_keys_are_the_contract_s():
    raw = json.loads(to_line(good()))
    assert list(raw["read_outs"]) == ["both", "semantic", "artifact"]
    assert list(raw["condition"])[:3] == ["jpeg_quality", "resized", "megapixels"]
    assert list(raw["explanation"][0]) == ["sentence", "cites", "regions"]
    assert list(raw["findings"][0]) == [
        "id",
        "analyser",
        "version",
        "status",
        "value",
        "unit",
        "regions",
        "reason",
        "source",
    ]
    assert list(raw["model"])[:6] == [
        "name",
        "sha256",
        "injection_layer",
        "fusion",
        "device",
        "dtype",
    ]
    assert list(raw["elapsed_ms"]) == ["decode", "artifact", "semantic", "language", "total"]
    assert raw["explanation"][1]["regions"] == [[0, 0, 48, 32]]
    assert raw["cell_px"] == [8.0, 12.0]
    assert list(json.loads(to_line(failed()))["error"]) == ["kind", "message"]


@pytest.mark.parametrize("case", CASES)
def test_a_line_gives_the_examination_back(case):
    line = to_line(CASES[case]())
    back = from_line(line)
    assert to_line(back) == line
    assert back.heatmap is None


def test_values_survive_the_way_back():
    examination = stated()
    back = from_line(to_line(examination))
    for name in (
        "facts",
        "verdict",
        "condition",
        "explanation",
        "findings",
        "model",
        "elapsed",
        "notes",
        "settings",
        "dropped_sentences",
        "heatmap_file",
        "statement",
        "locality",
        "explanation_kind",
    ):
        assert getattr(back, name) == getattr(examination, name), name


def test_a_line_of_an_earlier_version_is_read_without_what_it_lacks(validator):
    raw = json.loads(to_line(stated()))
    for key in ("statement", "locality", "explanation_kind"):
        del raw[key]
    validator.validate(raw)
    back = from_line(json.dumps(raw))
    assert back.statement is None
    assert back.locality is None
    assert back.explanation_kind is ExplanationKind.GENERATED


@pytest.mark.parametrize(
    "raw",
    [
        b"two\nlines.jpg",
        b"caf\xe9.jpg",
        b"\xff\xfe\x80.png",
        "grüße 😀.png".encode(),
        b'quote"back\\slash\t.jpg',
        b"paragraph\xe2\x80\xa8.jpg",
    ],
)
def test_any_name_survives_as_one_ascii_line(raw, validator):
    facts = FileFacts(path=os.fsdecode(raw))
    line = to_line(replace(unread(), facts=facts))
    assert line.isascii()
    assert "\n" not in line
    validator.validate(json.loads(line))
    assert os.fsencode(json.loads(line)["path"]) == raw
    assert os.fsencode(from_line(line).facts.path) == raw


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_a_number_that_is_not_finite_is_a_bug(value):
    finding = Finding(id="F1", analyser="a", version="1", status=Status.DERIVED, value=value)
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_line(replace(good(), findings=(finding,)))


@pytest.mark.parametrize("line", ["", "{", "[]", "3", "{}", '{"schema": 1}', '{"schema": 2}'])
def test_a_damaged_line_is_refused(line):
    with pytest.raises(StoreError):
        from_line(line)


def test_the_schema_refuses_a_record_that_breaks_the_contract(validator):
    raw = json.loads(to_line(good()))
    for key, value in [
        ("p_ai", 1.5),
        ("verdict", "fake"),
        ("verdict", None),
        ("status", "done"),
        ("sha256", "xyz"),
        ("error", {"kind": "a", "message": "b"}),
    ]:
        with pytest.raises(jsonschema.ValidationError):
            validator.validate({**raw, key: value})
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({k: v for k, v in raw.items() if k != "cell_px"})

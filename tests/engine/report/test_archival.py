"""A report is PDF/A-3u, signed or not, as two validators see it."""

import zlib

import page
import pikepdf
import pikepdf.pdfa
import pytest

from engine.report.archival import ended_plainly
from engine.types import Outcome
from tests.engine.report.keys import make_key
from tests.engine.report.made import examination, failed
from tests.engine.report.reports import small, write

NAMES = ("harbour.jpg", "証拠 부산항 Ωмега.jpg", "ملف תמונה चित्र 😀 ﷽ \U0001f9ff\n.jpg")


def exhibits():
    made = [
        small(examination(name, outcome, seed))
        for seed, (name, outcome) in enumerate(zip(NAMES, Outcome, strict=True))
    ]
    return [*made, failed("broken.jpg", 4)]


@pytest.fixture(scope="module", params=["unsigned", "signed"])
def report(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("archival")
    key = make_key(folder).load() if request.param == "signed" else None
    return write(folder, exhibits(), key=key)


def test_a_validator_finds_it_conforms_to_pdf_a_3u(report):
    found = page.validate_pdf(report, profile="3u")
    assert [f"{each.rule_id}: {each.message}" for each in found.failures] == []
    assert found.is_compliant and found.rules.total > 100


def test_no_compressed_stream_ends_like_a_line(report, tmp_path):
    """The validator takes a carriage return at the end for a part of the line end after it."""
    texts = [b"%d\n" % number for number in range(20_000, 90_000)]
    odd = next(text for text in texts if zlib.compress(text).endswith(b"\r"))
    with pikepdf.open(report) as pdf:
        pdf.Root.Odd = pdf.make_stream(zlib.compress(odd), Filter=pikepdf.Name.FlateDecode)
        levels = pikepdf.StreamDecodeLevel
        pdf.save(tmp_path / "odd.pdf", stream_decode_level=levels.none, compress_streams=False)
    before = (tmp_path / "odd.pdf").read_bytes()
    assert not page.is_pdf_compliant(tmp_path / "odd.pdf", profile="3u")
    (tmp_path / "plain.pdf").write_bytes(ended_plainly(before))
    with pikepdf.open(tmp_path / "plain.pdf") as pdf:
        assert pdf.Root.Odd.read_bytes() == odd
        raw = [s.read_raw_bytes() for s in pdf.objects if isinstance(s, pikepdf.Stream)]
    assert not [each for each in raw if each.endswith(b"\r")]
    rules = {
        each.rule_id for each in page.validate_pdf(tmp_path / "plain.pdf", profile="3u").failures
    }
    assert "PDFA3U-STREAM-LENGTH-001" not in rules


def test_the_validator_notices_when_something_is_missing(report, tmp_path):
    with pikepdf.open(report) as pdf:
        del pdf.Root.OutputIntents
        pdf.save(tmp_path / "bare.pdf")
    assert not page.is_pdf_compliant(tmp_path / "bare.pdf", profile="3u")


def test_a_second_validator_finds_no_violation_but_the_level(report):
    """It knows level B alone; forms, attachments and signatures it says it cannot judge."""
    with pikepdf.open(report) as pdf:
        findings = pikepdf.pdfa.check(pdf, "3b").findings
    violations = [each for each in findings if each.kind == "violation"]
    assert [each.message for each in violations] == ["pdfaid:conformance is 'U', expected 'B'"]
    unsupported = {each.message for each in findings if each.kind != "violation"}
    assert unsupported <= {
        "interactive forms (/AcroForm) are not supported",
        "embedded files are not supported",
        "permissions (/Perms) are not supported",
    }


def test_the_records_are_an_associated_file(report):
    with pikepdf.open(report) as pdf:
        (linked,) = pdf.Root.AF
        assert linked.AFRelationship == pikepdf.Name.Data
        assert linked.UF == linked.F == "residua-records.json"
        assert pdf.trailer.ID is not None


def test_colours_have_a_meaning_and_nothing_is_transparent(report):
    with pikepdf.open(report) as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert intent.DestOutputProfile.N == 3
        for each in pdf.objects:
            if isinstance(each, pikepdf.Stream):
                assert "/SMask" not in each


def test_two_fields_wait_to_be_signed(report):
    with pikepdf.open(report) as pdf:
        assert [str(field.T) for field in pdf.Root.AcroForm.Fields] == ["Examiner", "Reviewer"]

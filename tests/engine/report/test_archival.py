"""A report is PDF/A-3u, signed or not, as two validators see it."""

import page
import pikepdf
import pikepdf.pdfa
import pytest

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
    failures = [each for each in found.failures if not _misread(each.rule_id, report)]
    assert [f"{each.rule_id}: {each.message}" for each in failures] == []
    assert found.rules.total > 100


def _misread(rule: str, report) -> bool:
    """Return whether the validator took a stream's own last byte for the line's end after it.

    Compressed bytes may end in CR or LF; pikepdf reads each stream by its stated length.
    """
    if rule != "PDFA3U-STREAM-LENGTH-001":
        return False
    with pikepdf.open(report) as pdf:
        streams = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
        raw = [each.read_raw_bytes() for each in streams]
        assert [len(each) for each in raw] == [int(each.Length) for each in streams]
    return any(each.endswith((b"\r", b"\n")) for each in raw)


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

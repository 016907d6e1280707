"""A changed report does not pass for the one that was written."""

import hashlib
import json
import re
import shutil
from dataclasses import replace

import numpy as np
import pikepdf
import pytest

from engine.errors import InputError
from engine.report import relaid
from engine.report.verify import check_bytes, verify_report
from engine.types import Outcome
from tests.engine.report.made import examination, facts, failed
from tests.engine.report.reports import small, write


def exhibits():
    return [
        small(examination("harbour.jpg", Outcome.AI, 1)),
        failed("broken.jpg", 4),
        small(examination("port.jpg", Outcome.REAL, 2)),
    ]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return write(tmp_path_factory.mktemp("report"), exhibits())


def outcomes(file, evidence=None):
    return {check.name: check.outcome for check in verify_report(file, evidence)}


def failing(file, evidence=None):
    return {name for name, outcome in outcomes(file, evidence).items() if outcome == "fail"}


def saved(pdf, file):
    """Save as another tool would: the digest no longer fits, so that check is not looked at."""
    pdf.save(file)
    return file


def test_an_intact_report_passes(report):
    assert outcomes(report) == {
        "bytes of the file": "pass",
        "attached records": "pass",
        "printed hash of the records": "pass",
        "record lines of the exhibits": "pass",
        "verdicts in words": "pass",
        "table of exhibits": "pass",
        "every word of the pages": "pass",
        "pictures on the pages": "pass",
        "signature integrity": "not_checked",
        "signature trust": "not_checked",
        "log chain": "not_checked",
        "exhibits' files": "not_checked",
    }
    details = {check.name: check.detail for check in verify_report(report, None)}
    assert details["signature integrity"] == "unsigned"
    assert details["log chain"] == "no case"


def test_any_flipped_byte_is_found(report):
    """A thousand places at random: the check of the bytes alone finds each."""
    data = report.read_bytes()
    rng = np.random.default_rng(4)
    for place in rng.integers(0, len(data), 1000):
        flipped = bytearray(data)
        flipped[place] ^= 1 << rng.integers(8)
        assert check_bytes(bytes(flipped), ()).outcome == "fail", f"byte {place} unnoticed"


def test_a_damaged_page_is_named_whatever_reads_it_first(report, monkeypatch):
    def damaged(*_report):
        raise pikepdf.DataDecodingError("invalid distance too far back")

    monkeypatch.setattr("engine.report.verify.compare", damaged)
    failed = {check.name: check.detail for check in verify_report(report, None)}
    assert failed["pictures on the pages"].startswith("the pages cannot be read (DataDecodingError")


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.999])
def test_the_whole_check_survives_flipped_bytes(report, tmp_path, share):
    data = bytearray(report.read_bytes())
    data[int(len(data) * share)] ^= 0x01
    file = tmp_path / "flipped.pdf"
    file.write_bytes(data)
    assert "bytes of the file" in failing(file)


def test_a_cut_or_longer_file_is_found(report, tmp_path):
    data = report.read_bytes()
    for changed in (data[:-1], data[: len(data) // 2], data + b"\n", data + b"% more\n"):
        file = tmp_path / "changed.pdf"
        file.write_bytes(changed)
        assert "bytes of the file" in failing(file)


@pytest.mark.parametrize("share", [0.02, 0.2, 0.35, 0.5, 0.65, 0.8, 0.98])
def test_a_byte_flipped_in_the_records_is_found_without_the_digest(report, tmp_path, share):
    with pikepdf.open(report) as pdf:
        stream = pdf.Root.AF[0].EF.F
        data = bytearray(stream.read_bytes())
        data[int(len(data) * share)] ^= 0x01
        stream.write(bytes(data))
        file = saved(pdf, tmp_path / "changed.pdf")
    assert failing(file) & {"attached records", "printed hash of the records"}


@pytest.mark.parametrize(
    ("key", "value", "also"),
    [
        ("p_ai", 0.0312, {"record lines of the exhibits", "verdicts in words"}),
        ("p_ai", 0.9713, {"record lines of the exhibits"}),
        ("verdict", "real", {"record lines of the exhibits", "verdicts in words"}),
        ("sha256", "00" * 32, {"record lines of the exhibits"}),
        ("md5", "11" * 16, {"table of exhibits"}),
    ],
)
def test_records_changed_on_purpose_disagree_with_the_pages(report, tmp_path, key, value, also):
    with pikepdf.open(report) as pdf:
        stream = pdf.Root.AF[0].EF.F
        records = json.loads(stream.read_bytes())
        assert records["sheets"][0]["examination"][key] != value
        records["sheets"][0]["examination"][key] = value
        stream.write(json.dumps(records).encode())
        file = saved(pdf, tmp_path / "changed.pdf")
    assert failing(file) >= also | {"printed hash of the records"}


def shown_text(content, size):
    """(start, end) of the first string drawn in a font size, in a page's content."""
    drawn = re.compile(rb"/F\d\S* %s Tf[^()]*\(((?:\\.|[^()\\])*)\)" % size)
    match = drawn.search(content)
    assert match is not None
    return match.span(1)


@pytest.mark.parametrize(
    ("size", "check"),
    [
        (b"5.9", "record lines of the exhibits"),
        (b"16", "verdicts in words"),
        (b"6.6", "printed hash of the records"),
    ],
)
def test_letters_changed_on_a_page_are_found(report, tmp_path, size, check):
    with pikepdf.open(report) as pdf:
        page = next(p for p in pdf.pages if b" 16 Tf" in p.Contents.read_bytes())
        content = page.Contents.read_bytes()
        start, end = shown_text(content, size)
        letters = [i for i in range(start, end) if content[i : i + 1].isalnum()]
        assert len(letters) > 8
        for place in letters[:: max(1, len(letters) // 4)]:
            changed = bytearray(content)
            changed[place] = changed[place] + 1 if changed[place] not in b"9zZ" else ord("0")
            page.Contents.write(bytes(changed))
            file = saved(pdf, tmp_path / "changed.pdf")
            assert check in failing(file), f"letter {place - start} was changed unnoticed"


def test_a_swapped_table_row_is_found(report, tmp_path):
    with pikepdf.open(report) as pdf:
        page = next(p for p in pdf.pages if b" 8.2 Tf" in p.Contents.read_bytes())
        content = page.Contents.read_bytes()
        start, end = shown_text(content, b"6.4")
        page.Contents.write(content[:start] + content[start:end][::-1] + content[end:])
        file = saved(pdf, tmp_path / "changed.pdf")
    assert "table of exhibits" in failing(file)


def test_a_dropped_page_is_found(report, tmp_path):
    with pikepdf.open(report) as pdf:
        at = next(i for i, p in enumerate(pdf.pages) if b" 16 Tf" in p.Contents.read_bytes())
        del pdf.pages[at]
        file = saved(pdf, tmp_path / "changed.pdf")
    assert failing(file) >= {
        "record lines of the exhibits",
        "verdicts in words",
        "every word of the pages",
    }


@pytest.mark.parametrize(
    ("size", "what"), [(b"8", "a cell"), (b"9", "a sentence"), (b"7.5", "a caption")]
)
def test_any_word_changed_on_a_page_is_found(report, tmp_path, size, what):
    """Also words that no line of the records repeats: captions, scores, prose."""
    with pikepdf.open(report) as pdf:
        page = next(p for p in pdf.pages if b" 16 Tf" in p.Contents.read_bytes())
        content = page.Contents.read_bytes()
        start, end = shown_text(content, size)
        letter = next(i for i in range(start, end) if content[i : i + 1].isalpha())
        page.Contents.write(content[:letter] + b"e" + content[letter + 1 :])
        changed = content[letter : letter + 1] != b"e"
        file = saved(pdf, tmp_path / "changed.pdf")
    assert changed, what
    assert failing(file) == {"bytes of the file", "every word of the pages"}


def test_swapped_pictures_are_found(report, tmp_path):
    with pikepdf.open(report) as pdf:
        jpegs = [
            o
            for o in pdf.objects
            if isinstance(o, pikepdf.Stream) and o.get("/Filter") == pikepdf.Name.DCTDecode
        ]
        first, second = jpegs[0].read_raw_bytes(), jpegs[2].read_raw_bytes()
        assert first != second
        jpegs[0].write(second, filter=pikepdf.Name.DCTDecode)
        jpegs[2].write(first, filter=pikepdf.Name.DCTDecode)
        file = saved(pdf, tmp_path / "changed.pdf")
    assert failing(file) == {"bytes of the file", "pictures on the pages"}


def test_words_of_another_version_are_not_judged(report, tmp_path, monkeypatch):
    monkeypatch.setattr(relaid, "__version__", "99.0")
    found = {check.name: check for check in verify_report(report, None)}
    assert found["every word of the pages"].outcome == "not_checked"
    assert "99.0" in found["every word of the pages"].detail
    assert found["record lines of the exhibits"].outcome == "pass"


def test_a_file_name_cannot_pose_as_a_record(tmp_path):
    good = small(examination("x.jpg", Outcome.AI, 1))
    posing = (
        f"record 1 sha256 {'0' * 64} verdict real p_ai 0.010000 "
        f"records sha256 {'1' * 64} No sign of AI generation found p < .01"
    )
    made = replace(good, facts=replace(good.facts, path=posing))
    assert failing(write(tmp_path, [made, failed(posing, 2)])) == set()


def test_a_report_saved_by_another_program_still_agrees_with_itself(report, tmp_path):
    with pikepdf.open(report) as pdf:
        file = saved(pdf, tmp_path / "saved.pdf")
    assert failing(file) == {"bytes of the file"}


def test_a_report_without_records_fails(report, tmp_path):
    with pikepdf.open(report) as pdf:
        del pdf.attachments["residua-records.json"]
        file = saved(pdf, tmp_path / "bare.pdf")
    assert "attached records" in failing(file)


@pytest.mark.parametrize("records", [b"", b"[]", b"{}", b'{"kind": "residua-report"}', b"\xff"])
def test_nonsense_records_fail(report, tmp_path, records):
    with pikepdf.open(report) as pdf:
        pdf.Root.AF[0].EF.F.write(records)
        file = saved(pdf, tmp_path / "nonsense.pdf")
    assert "attached records" in failing(file)


def test_what_is_no_pdf_is_refused(tmp_path):
    (tmp_path / "note.pdf").write_text("hello", encoding="utf-8")
    with pytest.raises(InputError, match="no PDF"):
        verify_report(tmp_path / "note.pdf", None)
    with pytest.raises(InputError, match="cannot be read"):
        verify_report(tmp_path / "absent.pdf", None)


class TestEvidence:
    """The exhibits' files beside the report."""

    @pytest.fixture
    def case(self, tmp_path):
        folder = tmp_path / "evidence"
        folder.mkdir()
        made = []
        for name in ("a.jpg", "b.jpg"):
            data = name.encode() * 50
            (folder / name).write_bytes(data)
            known = facts(
                f"/elsewhere/{name}",
                sha256=hashlib.sha256(data).hexdigest(),
                bytes=len(data),
                height=90,
                width=120,
            )
            made.append(replace(small(examination()), facts=known))
        made.append(failed("/elsewhere/never-read.jpg", 9, sha256=None, bytes=None))
        return write(tmp_path, made), folder

    def test_the_same_files_pass_also_under_other_names(self, case):
        file, folder = case
        assert outcomes(file, folder)["exhibits' files"] == "pass"
        (folder / "inner").mkdir()
        shutil.move(folder / "a.jpg", folder / "inner" / "renamed.bin")
        assert outcomes(file, folder)["exhibits' files"] == "pass"

    def test_a_flipped_byte_in_a_file_is_found(self, case):
        file, folder = case
        data = bytearray((folder / "b.jpg").read_bytes())
        data[-1] ^= 1
        (folder / "b.jpg").write_bytes(data)
        (check,) = [c for c in verify_report(file, folder) if c.name == "exhibits' files"]
        assert check.outcome == "fail"
        assert "exhibit 2: “b.jpg” has other bytes now" in check.detail

    def test_a_missing_file_is_found(self, case):
        file, folder = case
        (folder / "a.jpg").unlink()
        (check,) = [c for c in verify_report(file, folder) if c.name == "exhibits' files"]
        assert check.outcome == "fail"
        assert "exhibit 1: “a.jpg” is not in the folder" in check.detail

    def test_a_folder_that_does_not_exist_is_refused(self, case):
        with pytest.raises(InputError, match="does not exist"):
            verify_report(case[0], case[1] / "nowhere")

"""The command line with the fake model: the contract's commands, outputs and exit codes."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from engine.errors import ModelError
from tests.engine.cli.commands import BLUE, lines, run
from tests.fakes import FakeExaminer


def test_scan_writes_results_and_prints_a_line_a_file(photos, out, capsys):
    assert run("scan", photos, "--out", out) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [
        f"ai           p = .99  {photos / 'a.png'}",
        f"real         p = .01  {photos / 'b.png'}",
    ]
    assert "Found 2 images." in captured.err
    assert "2 examined, 0 failed" in captured.err
    assert [line["verdict"] for line in lines(out)] == ["ai", "real"]
    assert all((out / line["heatmap"]).is_file() for line in lines(out))


def test_quiet_leaves_only_results(photos, out, capsys):
    assert run("scan", photos, "--out", out, "--quiet") == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert len(captured.out.splitlines()) == 2


def test_a_failed_file_gives_exit_code_1_also_when_run_again(photos, out, capsys):
    (photos / "c.jpg").write_text("no picture")
    for _ in range(2):
        assert run("scan", photos, "--out", out) == 1
        assert "failed          -" in capsys.readouterr().out
    assert len(lines(out)) == 3


def test_a_second_run_prints_what_is_stored(photos, out, capsys):
    run("scan", photos, "--out", out)
    first = capsys.readouterr().out
    assert run("scan", photos, "--out", out) == 0
    captured = capsys.readouterr()
    assert captured.out == first
    assert "0 examined, 0 failed, 2 already done before" in captured.err


def test_no_explain_and_triage_reach_the_model(photos, out):
    assert run("scan", photos, "--out", out, "--no-explain") == 0
    assert [line["explanation"] for line in lines(out)] == [[], []]
    assert run("scan", photos, "--out", out, "--triage") == 0
    assert lines(out)[-1]["model"]["injection_layer"] is None


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("scan",),
        ("case",),
        ("case", "paint", "x"),
        ("case", "new"),
        ("case", "timestamp", "x"),
        ("scan", "x", "--out", "o", "--triage", "--no-explain"),
        ("scan", "x", "--out", "o", "--device", "tpu"),
        ("scan", "x", "--out", "o", "--jobs", "many"),
        ("paint", "x"),
        ("models",),
    ],
)
def test_wrong_arguments_give_exit_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        run(*arguments)
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value"), [("--case", "x.case"), ("--workers", "2"), ("--jobs", "0")]
)
def test_what_cannot_be_done_gives_exit_code_2_and_says_why(photos, out, option, value, capsys):
    assert run("scan", photos, "--out", out, option, value) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert option.strip("-") in captured.err
    assert not out.exists()


def test_nothing_to_scan_gives_exit_code_2(tmp_path, out, capsys):
    assert run("scan", tmp_path / "none", "--out", out) == 2
    assert "none" in capsys.readouterr().err
    assert not out.exists()


def test_a_missing_model_gives_exit_code_2(photos, out, capsys):
    def factory(*_key: object) -> FakeExaminer:
        raise ModelError("The pack 'mini' is missing: assemble it.")

    assert run("scan", photos, "--out", out, factory=factory) == 2
    assert capsys.readouterr().err.endswith("residua: The pack 'mini' is missing: assemble it.\n")


def test_a_bug_is_not_swallowed(photos, out):
    def crash(_image: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run("scan", photos, "--out", out, factory=lambda *_key: FakeExaminer(before=crash))


def test_scan_with_report_writes_a_report_that_verifies(photos, out, capsys):
    assert run("scan", photos, "--out", out, "--report") == 0
    assert run("verify", out / "report.pdf", "--evidence", photos) == 0
    checks = capsys.readouterr().out
    assert "pass" in checks
    assert "fail" not in checks


def test_report_writes_a_pdf_of_stored_results(photos, out, tmp_path, capsys):
    run("scan", photos, "--out", out)
    capsys.readouterr()
    assert run("report", out, "--out", tmp_path / "mine.pdf") == 0
    assert (tmp_path / "mine.pdf").read_bytes().startswith(b"%PDF-")
    assert capsys.readouterr().out == f"{tmp_path / 'mine.pdf'}\n"


def test_a_report_that_was_altered_gives_exit_code_1(photos, out, tmp_path, capsys):
    run("scan", photos, "--out", out, "--report")
    altered = tmp_path / "altered.pdf"
    data = bytearray((out / "report.pdf").read_bytes())
    data[len(data) // 2] ^= 0xFF
    altered.write_bytes(bytes(data))
    assert run("verify", altered) == 1
    assert "fail" in capsys.readouterr().out


def test_changed_evidence_gives_exit_code_1(photos, out):
    run("scan", photos, "--out", out, "--report")
    Image.new("RGB", (96, 64), BLUE).save(photos / "a.png")
    assert run("verify", out / "report.pdf", "--evidence", photos) == 1


@pytest.mark.parametrize("what", ["missing", "folder without results", "case file"])
def test_a_report_of_nothing_gives_exit_code_2(what, tmp_path, capsys):
    source = tmp_path / "source"
    if what == "case file":
        source.write_text("case")
    elif what == "folder without results":
        source.mkdir()
    assert run("report", source, "--out", tmp_path / "x.pdf") == 2
    assert capsys.readouterr().err.startswith("residua: ")
    assert not (tmp_path / "x.pdf").exists()


def test_verify_of_what_is_no_report_gives_exit_code_2(photos, tmp_path):
    assert run("verify", photos / "a.png") == 2
    assert run("verify", tmp_path / "missing.pdf") == 2


def test_examine_tells_a_person(photos, tmp_path, capsys):
    before = sorted(tmp_path.rglob("*"))
    assert run("examine", photos / "a.png") == 0
    text = capsys.readouterr().out
    for part in (
        str(photos / "a.png"),
        "The picture is rather red.",
        "p = .99",
        "[M1]",
        "A: x 0, y 0, 48 x 32 px",
        "dropped by the checks",
        "STATEMENT: The pixels speak for AI; the file itself says nothing.",
        "row pixels-ai of the decision table",
    ):
        assert part in text
    assert sorted(tmp_path.rglob("*")) == before


def test_examine_json_gives_one_object(photos, capsys):
    assert run("examine", photos / "a.png", "--json") == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["schema"], record["status"], record["verdict"]) == (1, "ok", "ai")
    assert record["heatmap"] is None


def test_examine_of_a_broken_file_gives_exit_code_1(tmp_path, capsys):
    bad = tmp_path / "bad.jpg"
    bad.write_text("no picture")
    assert run("examine", bad) == 1
    assert "not a picture" in capsys.readouterr().out
    assert run("examine", bad, "--json") == 1
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "not_an_image"


def test_examine_of_a_file_that_cannot_be_read_loads_no_model(tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"")

    def load(*_key):
        raise AssertionError("the model was loaded for nothing")

    assert run("examine", bad, factory=load) == 1
    assert run("examine", tmp_path / "none.jpg", factory=load) == 2


def test_a_scan_that_finds_nothing_loads_no_model_and_says_so(tmp_path, capsys):
    empty = tmp_path / "empty"
    empty.mkdir()

    def load(*_key):
        raise AssertionError("the model was loaded for nothing")

    assert run("scan", empty, "--out", tmp_path / "out", factory=load) == 0
    assert "no pictures were found" in capsys.readouterr().err
    assert (tmp_path / "out" / "results.jsonl").read_bytes() == b""


def test_examine_of_a_missing_file_gives_exit_code_2(tmp_path, capsys):
    assert run("examine", tmp_path / "none.jpg") == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "none.jpg" in captured.err


# --- bad input -----------------------------------------------------------------------------


# --- in a process of its own ---------------------------------------------------------------


# --- the reporter --------------------------------------------------------------------------

"""Cases by the command line: outputs and exit codes, with the fake model."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from engine.__main__ import main
from tests.fakes import FakeExaminer, fake_factory

RED, BLUE = (230, 20, 20), (20, 20, 230)


def run(*arguments: object, factory=fake_factory) -> int:
    return main([str(argument) for argument in arguments], factory=factory)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.new("RGB", (96, 64), RED).save(folder / "a.png")
    Image.new("RGB", (96, 64), BLUE).save(folder / "b.png")
    return folder


@pytest.fixture
def case(tmp_path: Path, capsys) -> Path:
    file = tmp_path / "x.residua"
    assert run("case", "new", file, "--title", "Towers", "--number", "K1", "--operator", "Ana") == 0
    capsys.readouterr()
    return file


def test_a_whole_case_by_the_command_line(case, photos, tmp_path, capsys):
    assert run("case", "add", case, photos, "--copy", "--source", "a stick", "--quiet") == 0
    added = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in added] == [["exhibit", "1"], ["exhibit", "2"]]

    assert run("scan", "--case", case, "--operator", "Ben", "--quiet") == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told] == ["ai", "real"]
    # A working copy lies under its hash; the line names the exhibit.
    assert told[0].endswith("exhibit 1: a.png")

    assert run("case", "note", case, "Looks retouched.", "--exhibit", 1) == 0
    assert capsys.readouterr().out == "note 1\n"

    assert run("case", "annotate", case, 1, "box", 4, 5, 40, 300) == 2
    assert "outside the picture of 96 x 64 px" in capsys.readouterr().err

    assert run("case", "rate", case, 1, 4) == 0
    assert run("case", "tag", case, 1, "harbour") == 0
    assert run("case", "tag", case, 1, "slip") == 0
    assert run("case", "tag", case, 1, "slip", "--remove") == 0
    assert run("case", "annotate", case, 1, "box", 4, 5, 40, 30, "--text", "a seam") == 0
    assert run("case", "annotate", case, 1, "text", 4, 5, "--text", "gone") == 0
    assert run("case", "retract", case, "annotation", 2, "--reason", "a slip") == 0
    assert capsys.readouterr().out.splitlines() == [
        "rating 1", "tag 1", "tag 2", "retraction 1", "annotation 1", "annotation 2",
        "retraction 2",
    ]  # fmt: skip

    assert run("case", "list", case, "--quiet") == 0
    listed = capsys.readouterr().out
    assert listed.startswith("Towers (K1)\n")
    assert "exhibit 1  present  ai p = .99  a.png" in listed
    assert "note 1 on exhibit 1" in listed
    assert "rating of exhibit 1: 4 of 5\ntags of exhibit 1: harbour\n" in listed
    assert "annotation 1 on exhibit 1 (" in listed and "box, x 4, y 5, 36 × 25 px: a seam" in listed
    assert "gone" not in listed

    assert run("case", "log", case, "--json", "--quiet") == 0
    entries = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [entry["action"] for entry in entries] == [
        "case.new", "exhibit.add", "exhibit.add", "scan.begin", "examination.add",
        "examination.add", "scan.end", "note.add", "rating.set", "tag.set", "tag.set",
        "tag.retract", "annotation.add", "annotation.add", "annotation.retract", "exhibit.check",
    ]  # fmt: skip
    assert [entry["operator"] for entry in entries][:4:3] == ["Ana", "Ben"]
    assert [entry["previous"] for entry in entries[1:]] == [e["hash"] for e in entries[:-1]]

    assert run("case", "recheck", case, "--quiet") == 0
    assert [line for line in capsys.readouterr().out.splitlines() if line[0] != " "] == [
        "agrees       examination 1", "agrees       examination 2",
    ]  # fmt: skip

    assert run("case", "verify", case, "--head", entries[-1]["hash"], "--quiet") == 0
    checks = capsys.readouterr().out.splitlines()
    assert [line for line in checks if line.startswith("fail")] == []
    assert any(line.startswith("pass         head from outside") for line in checks)

    for name in ("case.json", "case.csv", "case.html", "case.jsonld"):
        assert run("case", "export", case, "--out", tmp_path / name, "--quiet") == 0
    with (tmp_path / "case.csv").open(newline="", encoding="utf-8-sig") as file:
        assert [row["verdict"] for row in csv.DictReader(file)] == ["ai", "real"]
    capsys.readouterr()

    run("case", "export", case, "--out", tmp_path / "last.json", "--quiet")
    other = tmp_path / "other.residua"
    assert run("case", "import", tmp_path / "last.json", "--out", other) == 0
    capsys.readouterr()
    logs = []
    for file in (case, other):
        run("case", "log", file)
        captured = capsys.readouterr()
        logs.append((captured.out, captured.err))
    assert logs[0] == logs[1]


def test_scan_into_a_case_and_a_folder(case, photos, tmp_path, capsys):
    out = tmp_path / "out"
    assert run("scan", photos, "--case", case, "--out", out, "--report") == 0
    assert "2 examined, 0 failed" in capsys.readouterr().err
    assert len((out / "results.jsonl").read_text().splitlines()) == 2
    assert (out / "report.pdf").is_file()
    assert run("scan", photos, "--case", case, "--out", out) == 0
    assert "0 examined, 0 failed, 2 already done before" in capsys.readouterr().err


def test_a_failed_file_gives_exit_code_1(case, photos, capsys):
    (photos / "c.jpg").write_text("no picture")
    assert run("case", "add", case, photos, photos / "none.png", "--quiet") == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("failed ")
    assert run("scan", "--case", case, "--quiet") == 1


def test_a_changed_exhibit_gives_exit_code_1_and_is_shown(case, photos, capsys):
    run("case", "add", case, photos, "--quiet")
    Image.new("RGB", (96, 64), BLUE).save(photos / "a.png")
    capsys.readouterr()
    assert run("case", "list", case, "--quiet") == 1
    assert "CHANGED: " in capsys.readouterr().out
    assert run("case", "verify", case, "--quiet") == 1
    assert "fail         exhibit 1, a.png: changed" in capsys.readouterr().out
    assert run("case", "list", case, "--no-check", "--quiet") == 0


def test_a_result_that_comes_out_otherwise_gives_exit_code_1(case, photos, capsys):
    run("scan", photos, "--case", case, "--quiet")
    capsys.readouterr()
    other = lambda *_key: FakeExaminer(sha256="1" * 64)  # noqa: E731
    assert run("case", "recheck", case, 1, "--quiet", factory=other) == 1
    assert "not repeated examination 1: The model 'mini' has other weights" in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("case", "list", "none.residua"), "There is no case"),
        (("case", "new", "{case}"), "exists already"),
        (("case", "note", "{case}", " "), "without text"),
        (("case", "note", "{case}", "x", "--exhibit", "9"), "no exhibit 9"),
        (("case", "add", "{case}", "none"), "None of the named paths exists"),
        (("case", "recheck", "{case}", "9"), "no examination 9"),
        (("case", "export", "{case}", "--out", "x.docx"), "--format"),
        (("case", "import", "{case}", "--out", "y.residua"), "not JSON"),
        (("case", "timestamp", "{case}", "--answer", "{case}"), "no time-stamp response"),
        (("case", "verify", "{case}", "--ca", "{case}"), "no certificate"),
        (("scan", "--case", "{case}"), "no exhibits"),
        (("scan", "x", "--case", "none.residua"), "There is no case"),
        (("scan", "x", "--case", "{case}", "--report"), "--report"),
    ],
)
def test_what_cannot_be_done_gives_exit_code_2_and_says_why(
    case, arguments, says, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert run(*(argument.replace("{case}", str(case)) for argument in arguments)) == 2
    captured = capsys.readouterr()
    assert says in captured.err
    assert captured.err.startswith("residua: ") or "\nresidua: " in captured.err


HOLDER = """
import sys
from pathlib import Path
from engine.evidence.case_store import Case
with Case(Path(sys.argv[1]), operator="Ben"):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_second_program_reads_and_says_so(case, photos, capsys):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(case)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path.cwd(),
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == "open\n"
        assert run("case", "list", case, "--quiet") == 0
        captured = capsys.readouterr()
        assert "custody log: 1 entries, sound" in captured.out
        assert "opened for reading only: another program has it open" in captured.err
        assert run("case", "note", case, "x") == 2
        assert "can only be read: another program has it open" in capsys.readouterr().err
        assert run("scan", photos, "--case", case) == 2
        assert "can only be read" in capsys.readouterr().err
        holder.stdin.close()
    assert run("case", "note", case, "x") == 0


def test_a_time_stamp_request_is_written_offline_and_can_be_read_by_others(case, tmp_path, capsys):
    from asn1crypto import tsp

    request = tmp_path / "log.tsq"
    assert run("case", "timestamp", case, "--request", request) == 0
    said = capsys.readouterr().out
    parsed = tsp.TimeStampReq.load(request.read_bytes())
    assert parsed["message_imprint"]["hashed_message"].native.hex() in said
    assert parsed["cert_req"].native
    assert run("case", "timestamp", case, "--request", request) == 2
    assert "exists already" in capsys.readouterr().err
    assert run("case", "verify", case, "--quiet") == 0
    assert "not checked  time stamp 1: no answer" in capsys.readouterr().out


def test_what_a_case_is_about_can_be_said_anew(case, capsys):
    assert run("case", "change", case, "--reviewer", "Ben", "--propositions", "fake", "real") == 0
    run("case", "log", case, "--json", "--quiet")
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["action"] == "case.change"
    assert last["details"]["reviewer"] == "Ben"


def test_a_case_is_kept_under_another_name(case, tmp_path, capsys):
    other = tmp_path / "other.residua"
    assert run("case", "copy", case, "--out", other) == 0
    assert capsys.readouterr().out == f"{other}\n"
    assert run("case", "verify", other) == 0
    assert run("case", "copy", case, "--out", other) == 2

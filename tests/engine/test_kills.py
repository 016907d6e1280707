"""The program is ended at random moments, as by a power cut; the case has to survive each time."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from engine import api
from engine.job import Context

FEW, MANY = 16, 40
"""Pictures of a case that is killed four times, and of one that is killed fifty times."""

AT_WORK = 0.6
"""Share of the time from the first sign in which files are written; then the program ends."""

SUBJECT = """
import sys
from engine.__main__ import main
from tests.fakes import fake_factory
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], factory=fake_factory))
"""

ROOT = Path(__file__).resolve().parents[2]


def pictures(tmp_path: Path, count: int) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(count):
        Image.new("RGB", (64, 48), (number * 6, 40, 40)).save(folder / f"{number:03}.png")
    return folder


def killed(script: Path, arguments: list[str], first: str, delay_s: float) -> list[str]:
    """Run the program and end it, with all its processes; return the lines it wrote by then.

    Args:
        script: runs the command line.
        arguments: of the program.
        first: ``"stderr"``, where every command says that its work begins, or ``"stdout"``, where
            a scan writes a line a result.
        delay_s: from the first sign on that stream.
    """
    process = subprocess.Popen(
        [sys.executable, str(script), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    select.select([getattr(process, first)], [], [], 120)
    time.sleep(delay_s)
    os.killpg(process.pid, signal.SIGKILL)
    written, _ = process.communicate()
    # A line that was cut off was not written.
    return written.decode().split("\n")[:-1]


def lasting_s(script: Path, arguments: list[str], first: str) -> float:
    """Return how long the program works when nothing ends it, from its first sign on."""
    process = subprocess.Popen(
        [sys.executable, str(script), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    select.select([getattr(process, first)], [], [], 120)
    began = time.monotonic()
    process.communicate()
    assert process.returncode == 0
    return time.monotonic() - began


def ways(case: Path, photos: Path, exported: Path, pdf: Path) -> dict[str, tuple[str, list[str]]]:
    """Return each way of writing a case: the stream that tells its beginning, its arguments."""
    return {
        "add": ("stderr", ["case", "add", str(case), str(photos), "--copy"]),
        "scan": ("stdout", ["scan", str(photos), "--case", str(case)]),
        "export": ("stderr", ["case", "export", str(case), "--out", str(exported)]),
        "report": ("stderr", ["report", str(case), "--out", str(pdf)]),
    }


def survive(tmp_path: Path, photos: Path, rounds: int, seed: int) -> list[tuple[str, int, int]]:
    """Kill the program in each of its ways of writing a case, a new case every four rounds.

    Returns:
        For each round the way, and how many exhibits and examinations were there after it.
    """
    script = tmp_path / "subject.py"
    script.write_text(SUBJECT)
    chance, found = random.Random(seed), []
    timed = tmp_path / "timed.residua"
    api.new_case(timed, operator="Ana")
    # How long each way takes here and now, so that kills lie amid the work on any machine.
    spans_s = {
        way: lasting_s(script, arguments, first)
        for way, (first, arguments) in ways(
            timed, photos, tmp_path / "timed.json", tmp_path / "timed.pdf"
        ).items()
    }
    for number in range(rounds):
        case, exported = tmp_path / f"case-{number // 4}.residua", tmp_path / f"{number}.json"
        pdf = tmp_path / f"{number}.pdf"
        if number % 4 == 0:
            api.new_case(case, operator="Ana")
        way = list(spans_s)[number % 4]
        first, arguments = ways(case, photos, exported, pdf)[way]
        before = contents(case)
        lines = killed(script, arguments, first, chance.uniform(0.0, AT_WORK * spans_s[way]))
        after = contents(case)
        assert after.log_check.ok, after.log_check.problems
        # What was there stays there, and nothing is there twice.
        assert after.log[: len(before.log)] == before.log
        places = [(each.path, each.sha256) for each in after.exhibits]
        assert len(places) == len(set(places))
        examined = [each.exhibit for each in after.examinations]
        assert len(examined) == len(set(examined))
        if way == "scan":
            # A line is written when its result is kept: what was lost is the one in flight.
            assert 1 <= len(lines) <= len(examined) <= len(lines) + 1
        if exported.exists():
            api.import_case(exported, tmp_path / f"again-{number}.residua")
        if pdf.exists():
            assert not [each for each in api.verify_report(pdf) if each.outcome == "fail"]
        found.append((way, len(places), len(examined)))
    return found


def contents(case: Path):
    with api.open_case(case, operator="Ana") as opened:
        assert opened.read_only_because == ""
        checked = api.check_case_exhibits(opened, Context())
        assert {str(each.state) for each in checked} <= {"present"}
        return opened.contents()


def finished(tmp_path: Path, photos: Path, count: int) -> None:
    """Let the program end by itself and see that nothing is missing."""
    case = tmp_path / "case-0.residua"
    done = subprocess.run(
        [sys.executable, str(tmp_path / "subject.py"), "scan", str(photos), "--case", str(case)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    end = contents(case)
    assert len(end.exhibits) == count
    assert sorted(each.exhibit or 0 for each in end.examinations) == list(range(1, count + 1))


posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


@posix
def test_a_case_survives_being_killed_while_it_is_written(tmp_path):
    photos = pictures(tmp_path, FEW)
    survive(tmp_path, photos, 4, seed=1)
    finished(tmp_path, photos, FEW)


@posix
@pytest.mark.kills
def test_a_case_survives_being_killed_fifty_times(tmp_path, capsys):
    photos = pictures(tmp_path, MANY)
    found = survive(tmp_path, photos, 50, seed=2)
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(map(str, found)) + "\n")
    # An export or a report leaves the counts as they are, and says nothing of where it was.
    amid = sum(
        0 < (exhibits if way == "add" else examined) < MANY
        for way, exhibits, examined in found
        if way in ("add", "scan")
    )
    assert amid >= 15, "The kills did not lie amid the work."
    finished(tmp_path, photos, MANY)

"""No socket but a local one: scan, report, verify and the window, watched from outside.

Where strace is, it lists every system call about sockets of the program and all it starts; else
the program is run in a network namespace that has nothing in it; where neither is possible the
test is skipped, saying so.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.engine.images import made_containers as made

ROOT = Path(__file__).resolve().parents[2]
DRIVER = """
import os, sys
from pathlib import Path
from engine.__main__ import main
from tests.fakes import fake_factory
if __name__ == "__main__":
    Path(sys.argv[1]).write_text(str(os.getpid()))
    sys.exit(main(sys.argv[2:], factory=fake_factory, offline=True))
"""

LOCAL = ("AF_UNIX", "AF_LOCAL")
_MADE = re.compile(r"\bsocket\((AF_\w+|0x[0-9a-f]+)[^)]*\)\s*=\s*(-?\d+)")
_REACHED = re.compile(r"\b(?:connect|sendto|bind)\(.*sa_family=(AF_\w+).*=\s*(-?\d+)")


def sockets(trace: str) -> list[tuple[str, int]]:
    """Return (family, result) of every socket that was made or used."""
    return [
        (family, int(result))
        for pattern in (_MADE, _REACHED)
        for family, result in pattern.findall(trace)
    ]


class Watched:
    """Starts commands of the program under whatever can watch them here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trace = folder / "trace.txt"
        self.driver = folder / "driver.py"
        self.driver.write_text(DRIVER, encoding="ascii")
        self.pid_file = folder / "pid"
        self.mechanism, self.before = self._mechanism()

    def _mechanism(self) -> tuple[str, list[str]]:
        if sys.platform == "linux" and shutil.which("strace"):
            calls = ["-f", "--seccomp-bpf", "-e", "trace=network", "-o", str(self.trace)]
            command = ["strace", *calls]
            if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
                return "strace", command
        if sys.platform == "linux" and shutil.which("unshare"):
            command = ["unshare", "--user", "--map-root-user", "--net"]
            if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
                return "network namespace", command
        pytest.skip("SKIPPED WITHOUT PROOF: neither strace nor a network namespace is possible")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "RESIDUA_DATA": str(self.folder / "data"),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": str(ROOT),
        }
        command = [*self.before, sys.executable, str(self.driver), str(self.pid_file), *arguments]
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip

    def done(self, *arguments: str) -> None:
        process = self.start(*arguments)
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        self.judge()

    def judge(self) -> None:
        """Fail where a socket was had that is not local."""
        if self.mechanism != "strace":
            return
        seen = sockets(self.trace.read_text("utf-8", errors="replace"))
        had = [(family, result) for family, result in seen if result >= 0]
        assert [each for each in had if each[0] not in LOCAL] == []


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(made.jpeg(1))
    (folder / "b.zip").write_bytes(made.zipped({"c.jpg": made.jpeg(2)}))
    return folder


def test_scan_report_and_verify_open_no_socket_but_local_ones(watched, pictures, tmp_path):
    out, pdf = tmp_path / "out", tmp_path / "report.pdf"
    watched.done("scan", str(pictures), "--out", str(out))
    watched.done("report", str(out), "--out", str(pdf))
    watched.done("verify", str(pdf), "--evidence", str(pictures))
    assert len((out / "results.jsonl").read_text().splitlines()) == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM that can be caught")
def test_the_window_opens_no_socket_but_local_ones(watched, pictures, qtbot: QtBot):
    process = watched.start("gui", str(pictures / "a.jpg"))
    log = watched.folder / "data" / "logs" / "window.log"

    def shown() -> bool:
        assert process.poll() is None, process.stderr.read()
        return log.exists() and "The window is shown." in log.read_text("utf-8")

    qtbot.waitUntil(shown, timeout=120_000)
    os.kill(int(watched.pid_file.read_text()), signal.SIGTERM)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    watched.judge()


def test_a_program_that_does_reach_out_is_caught(watched, tmp_path):
    if watched.mechanism != "strace":
        pytest.skip("SKIPPED WITHOUT PROOF: only strace lists what was tried")
    code = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()"
    subprocess.run([*watched.before, sys.executable, "-c", code], check=True)
    with pytest.raises(AssertionError):
        watched.judge()

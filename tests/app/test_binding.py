"""The binding of Qt must not take the interpreter down."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

CALLS = """
from PySide6.QtCore import QObject, Signal
from app.binding import protect

class Sender(QObject):
    told = Signal(object)

protect()
sender = Sender()
for _ in range(50_000):
    sender.setObjectName("")
    sender.told.emit(1)
print("alive")
"""
"""Without `protect`, PySide6 6.12.0 on Python 3.11 dies after some 7,000 rounds."""


def test_a_hundred_thousand_calls_do_not_kill_the_interpreter() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CALLS], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, "alive"), ran.stderr

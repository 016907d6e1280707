"""The whole test command: formatting, lint, types, import contracts, tests.

``./residua test`` runs this file, and continuous integration runs ``./residua test``.
Arguments are handed to pytest; ``-n 0`` lets one process run all tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_AT_ONCE = 4
"""Processes that test side by side, at most: each may hold a model."""

LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command as main; main()"


def main(arguments: list[str]) -> int:
    """Run every step, even after one failed; return 0 only if all passed."""
    python = sys.executable
    steps = {
        "ruff format": [python, "-m", "ruff", "format", "--check", "."],
        "ruff check": [python, "-m", "ruff", "check", "."],
        "mypy": [python, "-m", "mypy"],
        "import contracts": [python, "-c", LINT_IMPORTS],
    }
    failed = [name for name, command in steps.items() if not run(name, command)]
    if failed:
        say(f"FAILED before pytest: {', '.join(failed)}")
    # Last, so that its summary, with its time, is the last line.
    say("== pytest")
    command = [python, "-m", "pytest", *side_by_side(), *arguments]
    tests = subprocess.run(command, cwd=ROOT, check=False)
    return 1 if failed or tests.returncode != 0 else 0


def side_by_side() -> list[str]:
    """Return pytest's options for a process a core; the tests of a file stay in one."""
    count = min(MOST_AT_ONCE, os.cpu_count() or 1)
    return ["-n", str(count), "--dist", "loadfile"] if count > 1 else []


def run(name: str, command: list[str]) -> bool:
    """Run one step and say how it went and how long it took."""
    say(f"== {name}")
    started = time.monotonic()
    passed = subprocess.run(command, cwd=ROOT, check=False).returncode == 0
    say(f"== {name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - started:.1f} s")
    return passed


def say(text: str) -> None:
    """Write a line at once, so that it stands where it belongs among the children's output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

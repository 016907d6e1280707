"""What tests of commands share: running one with the fake model, and reading what it wrote."""

from __future__ import annotations

import json
from pathlib import Path

from engine.__main__ import main
from tests.fakes import fake_factory

ROOT = Path(__file__).resolve().parents[3]
RED, BLUE = (230, 20, 20), (20, 20, 230)


def run(*arguments: object, factory=fake_factory) -> int:
    return main([str(argument) for argument in arguments], factory=factory)


def lines(out: Path) -> list[dict]:
    return [json.loads(line) for line in (out / "results.jsonl").read_text("ascii").splitlines()]

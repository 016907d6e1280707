"""What tests of scans share: asking for one with the fake model, and reading what it wrote."""

from __future__ import annotations

import json
from pathlib import Path

from engine import api
from engine.job import Context
from engine.scan_types import ScanRequest
from tests.fakes import FakeExaminer

RED, BLUE, GREY = (230, 20, 20), (20, 20, 230), (90, 90, 90)


def request(folder: Path, **changes) -> ScanRequest:
    return ScanRequest(paths=(str(folder),), out_dir=str(folder.parent / "out"), **changes)


def scan(asked: ScanRequest, examiner: FakeExaminer | None = None, ctx: Context | None = None):
    examiner = examiner or FakeExaminer(triage=asked.triage)
    return api.scan(asked, ctx or Context(), factory=lambda *_key: examiner)


def lines(folder: Path) -> list[dict]:
    text = (folder.parent / "out" / "results.jsonl").read_text("ascii")
    return [json.loads(line) for line in text.splitlines()]

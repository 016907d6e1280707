"""Progress as lines of JSON on stderr, for programs that start a scan and watch it.

Each line is an object with ``event``; `EVENTS` names the kinds. Keys are added in later
versions, never taken away or given another meaning.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any, TextIO

from engine.job import Event, Examined, Found, Progress, Started
from engine.scan_types import ScanSummary
from engine.types import Examination

EVENTS = ("found", "started", "examined", "progress", "message", "summary")
"""found: the search is over · started: a file is being examined · examined: it has a result or
a failure · progress: how far the scan is · message: a sentence for a person · summary: the
end."""


class JsonStream:
    """Writes events as lines of JSON; stands in for `engine.cli.console.Reporter`.

    Args:
        stream: where to; stderr when None.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr

    def __call__(self, event: Event) -> None:
        """Write an event; pieces of generated text are left out."""
        if isinstance(event, Found):
            if event.final:
                self._write("found", files=event.files, ignored=event.ignored)
        elif isinstance(event, Started):
            self._write("started", path=event.path)
        elif isinstance(event, Examined):
            self._examined(event)
        elif isinstance(event, Progress):
            self._progress(event)

    def say(self, text: str) -> None:
        """Write a sentence for a person."""
        self._write("message", text=text)

    def clear(self) -> None:
        """Do nothing: no line is ever drawn over."""

    def end(self, summary: ScanSummary) -> None:
        """Write how a scan ended."""
        workers = summary.workers
        crew = {} if workers is None else {"workers": asdict(workers)}
        self._write(
            "summary",
            found=summary.found,
            done=summary.done,
            skipped=summary.skipped,
            duplicates=summary.duplicates,
            failed=summary.failed,
            ignored=summary.ignored,
            elapsed_s=round(summary.elapsed_s, 3),
            **crew,
        )

    def _examined(self, event: Examined) -> None:
        examination = event.examination
        self._write(
            "examined",
            path=examination.facts.path,
            sha256=examination.facts.sha256,
            status="ok" if examination.ok else "failed",
            **_said(examination),
            stored=event.stored,
            duplicate=event.duplicate,
        )

    def _progress(self, progress: Progress) -> None:
        self._write(
            "progress",
            phase=progress.phase,
            found=progress.total,
            found_so_far=progress.total if progress.so_far is None else progress.so_far,
            done=progress.done,
            failed=progress.failed,
            skipped=progress.skipped,
            duplicates=progress.duplicates,
            per_s=_rounded(progress.per_s),
            left_s=_rounded(progress.left_s),
        )

    def _write(self, event: str, **fields: Any) -> None:
        # ASCII: a name that is not UTF-8 keeps its bytes as escapes, as in results.jsonl.
        line = json.dumps({"event": event, **fields}, ensure_ascii=True, allow_nan=False)
        self._stream.write(line + "\n")
        self._stream.flush()


def _said(examination: Examination) -> dict[str, Any]:
    verdict, failure = examination.verdict, examination.failure
    return {
        "verdict": None if verdict is None else str(verdict.outcome),
        "p_ai": None if verdict is None else verdict.p_ai,
        "error": None if failure is None else {"kind": failure.kind, "message": failure.message},
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)

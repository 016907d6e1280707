"""Comparisons with cameras' fingerprints as the custody log keeps them.

The log is where they are kept: one entry a picture where one was compared, one entry for a list
where many were. Nothing else in a case names them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from engine.case_types import Exhibit
from engine.log_types import LISTED, LogEntry
from engine.trace_types import CameraAnswer, Comparison, ComparisonSummary
from engine.traces import prnu
from engine.types import Region

MADE: Final = "fingerprint.make"
TRIED: Final = "fingerprint.test"
COMPARED: Final = "fingerprint.compare"
REMOVED: Final = "fingerprint.remove"
"""Actions of the log."""

COMPARISONS = (TRIED, COMPARED)
"""Those that tell what comparing found."""

METHOD = f"{prnu.METHOD.name} {prnu.METHOD.version}, threshold PCE {prnu.THRESHOLD:g}"
"""What a comparison must have been made with for its answer to be used again."""

KEPT = (CameraAnswer.SHOWN, CameraAnswer.NOT_SHOWN, CameraAnswer.BEHIND, CameraAnswer.UNDECIDED)
"""Answers that hold for a picture's bytes; what failed is tried again."""


def single_details(camera: str, comparison: Comparison, status: str, path: str) -> dict[str, str]:
    """Return what the log says of one picture that was compared by itself.

    Args:
        camera: in the operator's words.
        comparison: what was found.
        status: of the finding.
        path: the picture.
    """
    told = {
        "camera": camera,
        "picture": path,
        "status": status,
        "pce": "" if comparison.pce is None else str(comparison.pce),
        "places": str(len(comparison.missing)),
        "method": METHOD,
        LISTED: _text([comparison]),
    }
    if comparison.sha256 is not None:
        told["picture_sha256"] = comparison.sha256
    return told


def list_details(camera: str, comparisons: Sequence[Comparison]) -> dict[str, str]:
    """Return what the log says of pictures that were compared one after the other.

    Args:
        camera: in the operator's words.
        comparisons: in order.
    """
    text = _text(comparisons)
    counts = {
        answer.replace("_", " "): str(sum(each.answer is answer for each in comparisons))
        for answer in CameraAnswer
    }
    return {
        "camera": camera,
        "method": METHOD,
        "compared": str(len(comparisons)),
        **counts,
        LISTED: text,
        f"{LISTED}_sha256": hashlib.sha256(text.encode()).hexdigest(),
    }


def comparisons_of(
    log: Iterable[LogEntry], exhibits: Iterable[Exhibit] = ()
) -> dict[str, dict[str, Comparison]]:
    """Return the last comparison of each picture with each fingerprint.

    Args:
        log: in order.
        exhibits: of the case, so that a picture that older versions named by its place alone is
            known again.

    Returns:
        SHA-256 of a fingerprint -> key of a picture -> what was found. The key is the SHA-256 of
        the picture's bytes where that is known, else its place.
    """
    held: dict[str | int, Exhibit] = {}
    for exhibit in exhibits:
        held |= dict.fromkeys((exhibit.number, exhibit.path, exhibit.working_file), exhibit)
    found: dict[str, dict[str, Comparison]] = {}
    for entry in log:
        if not entry.objects or entry.action not in (MADE, TRIED, COMPARED):
            continue
        pictures = found.setdefault(str(entry.objects[0].sha256), {})
        for comparison in _told(entry, held):
            pictures[comparison.sha256 or comparison.path] = comparison
    return found


def usable(log: Iterable[LogEntry], fingerprint: str) -> dict[str, Comparison]:
    """Return what needs no computing again: the same bytes, fingerprint, method and threshold.

    Args:
        log: in order.
        fingerprint: SHA-256 of its file.

    Returns:
        SHA-256 of a picture -> what was found.
    """
    same = [entry for entry in log if dict(entry.details).get("method") == METHOD]
    known = comparisons_of(same).get(fingerprint, {})
    return {each.sha256: each for each in known.values() if each.sha256 and each.answer in KEPT}


def summarised(comparisons: Iterable[Comparison]) -> ComparisonSummary:
    """Return what comparisons with one camera come to.

    Args:
        comparisons: any number of them.
    """
    every = tuple(comparisons)
    count = {answer: sum(each.answer is answer for each in every) for answer in CameraAnswer}
    correlated = len({each.sha256 or each.path for each in every if each.pce is not None})
    return ComparisonSummary(
        shown=count[CameraAnswer.SHOWN],
        not_shown=count[CameraAnswer.NOT_SHOWN],
        behind=count[CameraAnswer.BEHIND],
        undecided=count[CameraAnswer.UNDECIDED],
        failed=count[CameraAnswer.FAILED],
        earlier=sum(each.earlier for each in every),
        correlated=correlated,
        threshold=prnu.THRESHOLD,
        false_most=prnu.family_most(correlated),
        measured_false=prnu.MEASURED_FALSE,
        measured_trials=prnu.MEASURED_TRIALS,
    )


def _told(entry: LogEntry, held: Mapping[str | int, Exhibit]) -> list[Comparison]:
    details = dict(entry.details)
    if LISTED in details:
        return [_placed(each, held) for each in _read(details[LISTED], entry.utc)]
    if entry.action != TRIED:
        return []
    # Older versions kept no more than this.
    path, pce = details.get("picture", ""), _number(details.get("pce", ""))
    exhibit = held.get(path)
    shown = pce is not None and pce >= prnu.THRESHOLD
    answer = CameraAnswer.SHOWN if shown else CameraAnswer.NOT_SHOWN
    if pce is None:
        failed = details.get("status") == "failed"
        answer = CameraAnswer.FAILED if failed else CameraAnswer.UNDECIDED
    return [
        Comparison(
            path=path,
            exhibit=None if exhibit is None else exhibit.number,
            sha256=None if exhibit is None else exhibit.sha256,
            answer=answer,
            pce=pce,
            compared_utc=entry.utc,
        )
    ]


def _placed(comparison: Comparison, held: Mapping[str | int, Exhibit]) -> Comparison:
    """Return a comparison with the place of its exhibit, which the list does not repeat."""
    if comparison.exhibit is None or comparison.exhibit not in held:
        return comparison
    return replace(comparison, path=held[comparison.exhibit].working_file)


def _text(comparisons: Sequence[Comparison]) -> str:
    return json.dumps([_row(each) for each in comparisons], separators=(",", ":"))


def _row(each: Comparison) -> dict[str, Any]:
    reasoned = each.pce is None or each.answer is CameraAnswer.UNDECIDED
    row: dict[str, Any] = {
        "exhibit": each.exhibit,
        "path": each.path if each.exhibit is None else None,
        "sha256": each.sha256,
        "answer": str(each.answer),
        "pce": each.pce,
        "shift": each.shift if each.is_cut else None,
        "missing": [[r.x, r.y, r.w, r.h] for r in each.missing] or None,
        # What was correlated says so by its numbers.
        "reason": each.reason if reasoned else None,
    }
    return {name: value for name, value in row.items() if value is not None}


def _read(text: str, utc: str) -> list[Comparison]:
    """Return the comparisons of a list; of one that this version cannot read, none."""
    try:
        return [_comparison(row, utc) for row in json.loads(text)]
    except (ValueError, TypeError, KeyError, AttributeError):
        return []


def _comparison(row: Mapping[str, Any], utc: str) -> Comparison:
    answer = CameraAnswer(row["answer"])
    shown = answer is CameraAnswer.SHOWN
    down, across = row.get("shift", (0, 0))
    exhibit = row.get("exhibit")
    return Comparison(
        path=str(row.get("path", "")),
        exhibit=None if exhibit is None else int(exhibit),
        sha256=row.get("sha256"),
        answer=answer,
        pce=None if row.get("pce") is None else float(row["pce"]),
        shift=(int(down), int(across)) if shown else None,
        missing=tuple(Region(x=x, y=y, w=w, h=h) for x, y, w, h in row.get("missing", ())),
        reason=str(row.get("reason", "")),
        compared_utc=utc,
    )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None

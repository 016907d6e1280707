"""What is left to do in a case, and its custody log in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from engine.case_types import CaseContents, ExhibitState
from engine.log_types import LISTED, LogEntry
from engine.types import Outcome

HASH_LENGTH, HASH_SHOWN = 64, 12
"""Hex digits of a SHA-256, and those shown of one within a line."""


class Open(StrEnum):
    """A kind of thing that is left to do."""

    LOG = "log"
    """The custody log does not hold."""
    CHANGED = "changed"
    """Exhibits are not what was taken in."""
    WAITING = "waiting"
    """Exhibits that nobody examined."""
    FAILED = "failed"
    """Exhibits whose examination failed."""
    DIFFERS = "differs"
    """Examinations that gave another result when they were run again."""
    NOTE = "note"
    """Inconclusive exhibits that nobody wrote a note on."""
    REPORT = "report"
    """Results that no report was written of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPoint:
    """One thing that is left to do."""

    kind: Open
    count: int
    """How many exhibits, or problems."""
    exhibits: tuple[int, ...]
    """Their numbers, where exhibits are meant."""


AMISS = (ExhibitState.CHANGED, ExhibitState.MISSING, ExhibitState.UNREADABLE)


def open_points(contents: CaseContents) -> tuple[OpenPoint, ...]:
    """Return what is left to do, what matters most first.

    Args:
        contents: everything the case holds.
    """
    newest = {each.exhibit: each for each in contents.newest() if each.exhibit is not None}
    noted = {note.exhibit for note in contents.standing().notes}
    found: dict[Open, list[int]] = {kind: [] for kind in Open}
    for exhibit in contents.exhibits:
        held = newest.get(exhibit.number)
        verdict = held.examination.verdict if held else None
        if exhibit.state in AMISS:
            found[Open.CHANGED].append(exhibit.number)
        if held is None:
            found[Open.WAITING].append(exhibit.number)
        elif not held.examination.ok:
            found[Open.FAILED].append(exhibit.number)
        elif held.rechecks and not held.rechecks[-1].agrees:
            found[Open.DIFFERS].append(exhibit.number)
        if verdict and verdict.outcome is Outcome.INCONCLUSIVE and exhibit.number not in noted:
            found[Open.NOTE].append(exhibit.number)
    points = [
        OpenPoint(kind=kind, count=len(numbers), exhibits=tuple(numbers))
        for kind, numbers in found.items()
        if numbers
    ]
    if not contents.log_check.ok:
        problems = len(contents.log_check.problems)
        points.insert(0, OpenPoint(kind=Open.LOG, count=problems, exhibits=()))
    if newest and not _reported(contents.log):
        points.append(OpenPoint(kind=Open.REPORT, count=1, exhibits=()))
    return tuple(points)


def _reported(log: tuple[LogEntry, ...]) -> bool:
    """Return whether a report was written after the last examination."""
    for entry in reversed(log):
        if entry.action == "report.write":
            return True
        if entry.action == "examination.add":
            return False
    return False


def action_text(action: str) -> str:
    """Return an action of the custody log in words; one that is not known stays as it is."""
    translate = QCoreApplication.translate
    words = {
        "case.new": translate("Log", "Case made"),
        "case.change": translate("Log", "Case details changed"),
        "case.copy": translate("Log", "Case saved under another name"),
        "case.export": translate("Log", "Case exported"),
        "exhibit.add": translate("Log", "Exhibit taken in"),
        "exhibit.check": translate("Log", "Exhibits checked"),
        "scan.begin": translate("Log", "Scan began"),
        "scan.end": translate("Log", "Scan ended"),
        "scan.stopped": translate("Log", "Scan stopped"),
        "examination.add": translate("Log", "Examined"),
        "examination.recheck": translate("Log", "Examined again"),
        "note.add": translate("Log", "Note written"),
        "bookmark.add": translate("Log", "Bookmark kept"),
        "annotation.add": translate("Log", "Drawing kept"),
        "rating.set": translate("Log", "Rated"),
        "tag.set": translate("Log", "Tagged"),
        "sentence.edit": translate("Log", "Generated sentence changed"),
        "note.retract": translate("Log", "Note taken back"),
        "bookmark.retract": translate("Log", "Bookmark taken back"),
        "annotation.retract": translate("Log", "Drawing taken back"),
        "rating.retract": translate("Log", "Rating taken back"),
        "tag.retract": translate("Log", "Tag taken away"),
        "edit.retract": translate("Log", "Change of a sentence taken back"),
        "retraction.retract": translate("Log", "Brought back again"),
        "setting.set": translate("Log", "Setting kept"),
        "timestamp.request": translate("Log", "Time stamp requested"),
        "timestamp.answer": translate("Log", "Time stamp attached"),
        "report.write": translate("Log", "Report written"),
        "fingerprint.make": translate("Log", "Camera's fingerprint made"),
        "fingerprint.test": translate("Log", "Picture tested with a camera's fingerprint"),
        "fingerprint.compare": translate("Log", "Pictures compared with a camera's fingerprint"),
        "fingerprint.remove": translate("Log", "Camera removed"),
    }
    return words.get(action, action)


def about_text(entry: LogEntry) -> str:
    """Return what an entry of the log is about: its objects and details, a line."""
    objects = [f"{each.kind} {each.id}" for each in entry.objects]
    told = ((name, value) for name, value in entry.details if value and name != LISTED)
    details = [f"{name}: {_short(value)}" for name, value in told]
    return " · ".join((*objects, *details))


def _short(value: str) -> str:
    """Shorten a hash; the report and the export have it in full."""
    is_hash = len(value) == HASH_LENGTH and not set(value) - set("0123456789abcdef")
    return f"{value[:HASH_SHOWN]}…" if is_hash else value

"""The values of a custody log that cross from the store to the report and the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Action = Literal[
    "case.new", "case.change", "case.copy", "case.export", "exhibit.add", "exhibit.check",
    "scan.begin", "scan.end", "scan.stopped", "examination.add", "examination.recheck",
    "note.add", "bookmark.add", "annotation.add", "rating.set", "tag.set", "sentence.edit",
    "note.retract", "bookmark.retract", "annotation.retract", "rating.retract", "tag.retract",
    "edit.retract", "retraction.retract", "setting.set", "timestamp.request", "timestamp.answer",
    "report.write", "fingerprint.make", "fingerprint.test",
    "fingerprint.compare", "fingerprint.remove",
]  # fmt: skip
"""What this version logs; a log may hold others of older and newer versions."""

LISTED = "results"
"""Name of the detail that holds a list as JSON, for programs; pages tell it in another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogObject:
    """One thing that an action was about."""

    kind: str
    """``"case"``, ``"exhibit"``, ``"examination"``, ``"note"``, ``"bookmark"``, ``"edit"``,
    ``"annotation"``, ``"rating"``, ``"tag"``, ``"retraction"``, ``"setting"``,
    ``"recheck"``, ``"timestamp"`` or ``"file"``."""
    id: str
    """Its number in the case, the name of a setting or of a file."""
    sha256: str | None = None
    """Of the stored record, or of the file's bytes; None where there is nothing to hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One entry of the custody log."""

    seq: int
    """Place in the log, from 1."""
    previous: str
    """Hash of the entry before; 64 zeros in the first."""
    utc: str
    """When."""
    operator: str
    """Who."""
    action: str
    """What, such as ``"exhibit.add"``."""
    objects: tuple[LogObject, ...]
    """About what."""
    details: tuple[tuple[str, str], ...]
    """(name, value), sorted by name: what else a reader has to know."""
    tool_version: str
    """Version of this program."""
    hash: str
    """SHA-256 over the canonical JSON of all of the above, `engine.evidence.custody`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogHead:
    """The log's end. It is kept apart from the log, and printed in reports."""

    entries: int
    """How many entries there are."""
    hash: str
    """Hash of the last one; 64 zeros when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogProblem:
    """One place where log and case are not as they were written."""

    seq: int
    """Entry at which it shows, from 1."""
    kind: Literal[
        "edited", "deleted", "reordered", "truncated", "inserted", "broken", "record", "unlogged"
    ]
    """``broken`` is a link that does not hold for an unknown reason; ``record`` a stored record
    that is not the one logged; ``unlogged`` one that no entry names."""
    message: str
    """What and where, a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogCheck:
    """What a check of the log found."""

    entries: int
    """Entries that were read."""
    head: LogHead
    """The head as it is kept apart from the log."""
    problems: tuple[LogProblem, ...]
    """In the order of the log; empty when all holds."""

    @property
    def ok(self) -> bool:
        """Whether nothing was changed."""
        return not self.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamp:
    """An RFC 3161 time stamp over the log as it stood."""

    id: int
    """From 1, in order."""
    seq: int
    """The log entry whose hash was stamped."""
    hash: str
    """That hash: the message imprint, SHA-256."""
    requested_utc: str
    """When the request was written."""
    answered: bool
    """Whether an answer is attached."""
    stamped_utc: str | None
    """Time the authority states; None without an answer."""
    authority: str
    """Who stamped, from the certificate; empty without an answer."""
    serial: str
    """The stamp's serial number, decimal; empty without an answer."""

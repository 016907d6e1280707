"""The values of a case that cross from the store to the report and the window.

Those of its custody log are in `engine.log_types`, those of what an examiner sets on exhibits
in `engine.mark_types`.

Everything here is read from a case file; nothing is written by changing a value. Times are
UTC in ISO 8601 with a ``Z`` (``2026-11-23T22:15:04.120Z``); hashes are hex, lower case.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from engine.log_types import LogCheck, LogEntry, LogHead, Timestamp
from engine.mark_types import (
    Annotation,
    Bookmark,
    Note,
    Rating,
    Retraction,
    SentenceEdit,
    Standing,
    Tag,
    standing,
)
from engine.types import Examination

PROPOSITIONS = (
    "The picture was made by an AI image generator.",
    "The picture was recorded by a camera and was not made by an AI image generator.",
)
"""The question of a case, as two propositions, when its examiner words none."""


class Held(StrEnum):
    """How a case holds an exhibit."""

    REFERENCE = "reference"
    """The file stays where it is and is opened for reading only."""
    COPY = "copy"
    """An evidentiary copy lies beside the case and is never worked on; a second one is."""


class ExhibitState(StrEnum):
    """What the last check of an exhibit's bytes found."""

    PRESENT = "present"
    """The bytes are those that were taken in."""
    CHANGED = "changed"
    """A file is there, with other bytes."""
    MISSING = "missing"
    """There is no file."""
    UNREADABLE = "unreadable"
    """A file is there and cannot be read."""
    NOT_CHECKED = "not_checked"
    """Nobody looked since the case was opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInfo:
    """What a case is about and who works on it."""

    id: str
    """UUID, made with the case; it binds the log to this case."""
    number: str
    """The laboratory's number of the case; may be empty."""
    title: str
    """What it is about, a line."""
    requester: str
    """Who asked for the examination; may be empty."""
    laboratory: str
    """Who examines, with address; may be empty."""
    examiner: str
    """Who signs; may be empty."""
    reviewer: str
    """Who reviews; may be empty."""
    question: str
    """What was asked, in the requester's words; may be empty."""
    propositions: tuple[str, str]
    """The question as two propositions, the one of a generator first."""
    created_utc: str
    """When the case was made."""
    created_local: str
    """The same moment as the maker's clock showed it, ISO 8601 with the offset from UTC."""
    tool_version: str
    """Version of this program that made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One file of a case. Its hashes come from the one read when it was taken in."""

    number: int
    """Exhibit number, from 1, in the order in which they were taken in."""
    name: str
    """Name of the file; bytes that are not UTF-8 are kept by surrogateescape."""
    path: str
    """Where it lay when it was taken in, absolute."""
    source: str
    """Where it comes from, in the operator's words; may be empty."""
    bytes: int
    """Size."""
    sha256: str
    """Its identity."""
    sha1: str
    """A look-up value."""
    md5: str
    """A look-up value."""
    modified_utc: str | None
    """When the file system says it was last changed; None when it did not tell."""
    held: Held
    """How the case holds it."""
    evidence_file: str | None
    """The evidentiary copy, absolute; None for a reference."""
    working_file: str
    """What examinations read: the working copy, or the file itself. Absolute."""
    added_utc: str
    """When it was taken in."""
    added_by: str
    """By whom."""
    state: ExhibitState
    """What the last check found."""
    state_detail: str
    """What and what to do, a sentence; empty when present or not checked."""
    found_sha256: str | None
    """Hash that the last check found; None when nothing could be read."""
    checked_utc: str | None
    """When that was; None when not checked."""
    custody: tuple[LogEntry, ...]
    """The entries of the log that name it, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What makes an examination repeatable."""

    method: str
    """``"deep-vrm"``, or ``"deep-vrm triage"``."""
    version: str
    """Version of this program, which holds the method."""
    parameters: tuple[tuple[str, str], ...]
    """(name, value), sorted by name: what was asked."""
    model: str
    """As it was named to the program: pack name or folder."""
    weights_sha256: str
    """Hash over the hashes of all weight files."""
    device: str
    """``"cpu"`` or ``"cuda:0"``."""
    dtype: str
    """``"float32"`` or ``"bfloat16"``."""
    threads: int
    """Threads that one operation may use; sums are taken in another order with others."""
    seed: int | None
    """None: no step draws at random, decoding is greedy."""
    libraries: tuple[tuple[str, str], ...]
    """(name, version) of what computed it."""
    machine: str
    """Processor and operating system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value of an examination beside the same value computed again."""

    name: str
    """Such as ``"read_outs.both"``."""
    before: str
    """As stored."""
    now: str
    """As computed again."""
    difference: float | None
    """Absolute; None for values that are compared as they are."""
    allowed: float | None
    """Tolerance; None for values that must be equal."""
    within: bool
    """Whether it is accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """One examination, run again."""

    id: int
    """From 1, in order."""
    examination: int
    """Which one."""
    utc: str
    """When."""
    operator: str
    """By whom."""
    agrees: bool
    """Whether every value lies within its tolerance."""
    failure: str
    """Why it could not be run again; empty when it was."""
    differences: tuple[Difference, ...]
    """All values that were compared."""
    changes: tuple[str, ...]
    """What is not as it was then: device, threads, versions; a sentence each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseExamination:
    """One examination of an exhibit, as the case keeps it."""

    id: int
    """From 1, in the order in which they ended."""
    exhibit: int | None
    """Exhibit number; None when the file could not be read, so that none was taken in."""
    examination: Examination
    """The result or the failure; its heat map is in the case, see `heatmap_sha256`."""
    recipe: Recipe | None
    """None when nothing was computed."""
    heatmap_sha256: str | None
    """Of the stored PNG; None when there is no map."""
    operator: str
    """Who had it examined."""
    rechecks: tuple[Recheck, ...]
    """Each time it was run again, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything a case holds about one exhibit."""

    exhibit: Exhibit
    """As the last check found it; its custody is left to the log."""
    examinations: tuple[CaseExamination, ...]
    """In order, with their rechecks."""
    notes: tuple[Note, ...]
    """In order, replaced and retracted ones included."""
    bookmarks: tuple[Bookmark, ...]
    edits: tuple[SentenceEdit, ...]
    """Of all its examinations, in order, retracted ones included."""
    standing: Standing
    """What holds of all that the examiner set on it, notes on the whole case left out."""

    @property
    def holds(self) -> CaseExamination | None:
        """The examination that holds: the newest that went well, else the newest."""
        well = [each for each in self.examinations if each.examination.ok]
        known = well or list(self.examinations)
        return known[-1] if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCheck:
    """One thing that was checked in a case."""

    name: str
    """What, in words."""
    outcome: Literal["pass", "fail", "not_checked"]
    """``"not_checked"`` says nothing either way."""
    detail: str
    """What was found, or why it was not checked."""


OPTIONAL_PARTS = ("custody", "notes", "decisions", "log")
"""What a report may leave out: the table of custody, the examiner's notes, the decision table,
and the entries of the log (its head and check are always printed). Whoever leaves a part out is
named: the cover says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSelection:
    """What of a case goes into its report; everything when nothing is said."""

    exhibits: tuple[int, ...] = ()
    """Numbers of the exhibits, in order; all of them, and files not taken in, when empty."""
    left_out: tuple[str, ...] = ()
    """Of `OPTIONAL_PARTS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseContents:
    """Everything a case holds, read in one transaction: what reports and exports are made from."""

    file: str
    """The case file, absolute."""
    info: CaseInfo
    exhibits: tuple[Exhibit, ...]
    """In the order of their numbers."""
    examinations: tuple[CaseExamination, ...]
    """In order; the newest of an exhibit holds."""
    notes: tuple[Note, ...]
    """In order, replaced and retracted ones included; `standing` tells what holds."""
    bookmarks: tuple[Bookmark, ...]
    edits: tuple[SentenceEdit, ...]
    annotations: tuple[Annotation, ...]
    ratings: tuple[Rating, ...]
    tags: tuple[Tag, ...]
    retractions: tuple[Retraction, ...]
    settings: tuple[tuple[str, str], ...]
    """(name, value), sorted by name."""
    log: tuple[LogEntry, ...]
    """The custody log, as far as it can be read."""
    log_check: LogCheck
    """Whether it and the records it names are as they were written."""
    timestamps: tuple[Timestamp, ...]

    @property
    def head(self) -> LogHead:
        """The log's end, to be printed."""
        return self.log_check.head

    def newest(self) -> tuple[CaseExamination, ...]:
        """Return the examination that holds for each exhibit, then files not taken in."""
        holds: dict[tuple[int, str], CaseExamination] = {}
        for each in self.examinations:
            missing = "" if each.exhibit is not None else each.examination.facts.path
            key = (len(self.exhibits) + 1 if each.exhibit is None else each.exhibit, missing)
            before = holds.get(key)
            if before is None or each.examination.ok or not before.examination.ok:
                holds[key] = each
        return tuple(holds[key] for key in sorted(holds))

    def standing(self) -> Standing:
        """Return what holds of all that the examiner set: neither retracted nor replaced."""
        return standing(
            notes=self.notes,
            bookmarks=self.bookmarks,
            edits=self.edits,
            annotations=self.annotations,
            ratings=self.ratings,
            tags=self.tags,
            retractions=self.retractions,
        )

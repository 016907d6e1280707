"""What the window asks of cases; `app.engine_cases` answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from engine.case_types import CaseCheck, CaseContents, CaseExamination, CaseInfo, Dossier, Exhibit
from engine.job import Context
from engine.log_types import Timestamp
from engine.mark_types import (
    Annotation,
    Bookmark,
    Note,
    Rating,
    Retraction,
    SentenceEdit,
    Standing,
    Tag,
)
from engine.mark_words import Retractable, Shape
from engine.trace_types import (
    CameraFingerprint,
    CaseFingerprint,
    ComparisonSummary,
    Trace,
    Tracer,
)
from engine.types import Failure, HeatMap, Region


class TakenIn(Protocol):
    """One file that was to be taken in; the engine's value."""

    @property
    def path(self) -> str:
        """As it was named."""

    @property
    def exhibit(self) -> Exhibit | None:
        """None when it could not be read."""

    @property
    def failure(self) -> Failure | None:
        """Why it could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """The case that is open."""

    file: str
    """Absolute."""
    info: CaseInfo
    read_only_because: str
    """Why nothing can be written; empty when it can."""

    @property
    def can_write(self) -> bool:
        """Whether anything can be added."""
        return not self.read_only_because


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A drawing that is to be kept; see `engine.mark_types.Annotation`."""

    shape: Shape
    start: tuple[int, int]
    end: tuple[int, int]
    text: str = ""
    replaces: int | None = None


class CaseDoor(Protocol):
    """Everything the window asks of the case that is open; on the case's lane if not said."""

    def new_case(self, file: str, title: str) -> OpenCase:
        """Make a case and open it in place of the one that was."""

    def open_case(self, file: str) -> OpenCase:
        """Open a case in place of the one that was; the old one stays when that fails."""

    def copy_case(self, file: str, *, move: bool) -> OpenCase:
        """Keep the case under another name and go on with that; ``move`` removes the old one."""

    def import_case(self, source: str, file: str) -> OpenCase:
        """Make a case of a JSON export and open it."""

    def close_case(self) -> None:
        """Close it; waits until nobody uses it."""

    def contents(self) -> CaseContents:
        """Read everything; on the files' lane, as a large case takes seconds."""

    def dossier(self, exhibit: int) -> Dossier:
        """Read everything about one exhibit; on the picture's lane."""

    def case_heatmap(self, examination: CaseExamination) -> HeatMap | None:
        """Read a stored heat map; on the picture's lane."""

    def add_to_case(
        self, paths: tuple[str, ...], ctx: Context, *, copy: bool, source: str
    ) -> tuple[TakenIn, ...]:
        """Take files in; on the files' lane."""

    def check_exhibits(self, ctx: Context) -> tuple[Exhibit, ...]:
        """Read the files of all exhibits again; on the files' lane."""

    def change_info(self, changes: dict[str, Any]) -> OpenCase:
        """Say anew what the case is about."""

    def add_note(
        self, text: str, exhibit: int | None, examination: int | None, replaces: int | None
    ) -> Note:
        """Keep a note."""

    def add_bookmark(
        self, exhibit: int, name: str, comment: str, region: Region | None, method: str
    ) -> Bookmark:
        """Keep a view of an exhibit."""

    def edit_sentence(
        self, examination: int, sentence: int, after: str, reason: str
    ) -> SentenceEdit:
        """Word a generated sentence anew."""

    def standing(self) -> Standing:
        """Read what holds of notes, drawings, ratings and tags."""

    def annotate(self, exhibit: int, drawing: Drawing) -> Annotation:
        """Keep a drawing over an exhibit's picture."""

    def rate(self, exhibit: int, stars: int) -> Rating:
        """Rate an exhibit, 0..5."""

    def tag(self, exhibit: int, name: str) -> Tag:
        """Tag an exhibit."""

    def retract(self, kind: Retractable, number: int) -> Retraction:
        """Take a record back; it stays stored."""

    def remove(self, kind: Retractable, number: int) -> tuple[Retraction, ...]:
        """Take a record back, and all those whose place it took."""

    def cameras(self) -> tuple[Tracer, ...]:
        """Return the case's fingerprints as methods; none without a case; on the traces' lane."""

    def camera_list(self) -> tuple[CaseFingerprint, ...]:
        """Return the case's fingerprints, their files read; on the files' lane."""

    def remove_camera(self, sha256: str) -> None:
        """Take a camera off the case and delete its fingerprint; on the files' lane."""

    def make_camera(
        self, exhibits: tuple[int, ...], camera: str, ctx: Context
    ) -> CameraFingerprint:
        """Make a camera's fingerprint of exhibits and keep it; on the files' lane."""

    def compare_camera(
        self, sha256: str, exhibits: tuple[int, ...], ctx: Context
    ) -> ComparisonSummary:
        """Compare exhibits, all of them when none is named, with a camera; on the camera's lane."""

    def try_camera(self, path: str, name: str, ctx: Context) -> Trace:
        """Look for a camera's pattern in a picture, by the method's name; on the traces' lane."""

    def export_case(self, file: str, ctx: Context) -> str:
        """Write the case in the format of the name's ending; on the files' lane."""

    def verify_case(self, ctx: Context) -> tuple[CaseCheck, ...]:
        """Check file, log, records, exhibits and time stamps; on the files' lane."""

    def request_timestamp(self, file: str) -> Timestamp:
        """Write a request to a time-stamping authority."""

    def attach_timestamp(self, file: str) -> Timestamp:
        """Attach the authority's answer."""

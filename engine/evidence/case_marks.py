"""What an examiner sets on exhibits of a case that is open, and takes back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

from engine.errors import InputError
from engine.evidence import case_rows as rows
from engine.evidence import mark_records as marks
from engine.evidence.case_log import now_utc
from engine.evidence.case_records import damaged, pairs
from engine.evidence.case_writer import CaseWriter, exhibit_objects
from engine.log_types import Action
from engine.mark_types import (
    Annotation,
    Bookmark,
    Note,
    Rating,
    Retraction,
    SentenceEdit,
    Tag,
    retracted,
)
from engine.mark_words import STARS_MOST, Retractable, Shape
from engine.types import Region

_READERS: Mapping[str, Callable[[int, dict[str, Any]], marks.Mark]] = {
    "note": marks.read_note,
    "bookmark": marks.read_bookmark,
    "edit": marks.read_edit,
    "annotation": marks.read_annotation,
    "rating": marks.read_rating,
    "tag": marks.read_tag,
    "retraction": marks.read_retraction,
}

_TAKEN_BACK: Mapping[Retractable, Action] = {
    "note": "note.retract",
    "bookmark": "bookmark.retract",
    "edit": "edit.retract",
    "annotation": "annotation.retract",
    "rating": "rating.retract",
    "tag": "tag.retract",
    "retraction": "retraction.retract",
}

TAG_MOST = 60
"""Characters of a tag, at most: it has to fit beside a picture."""


class CaseMarks(CaseWriter):
    """A case, open, as far as its examiner's marks go. See `CaseView` for the arguments."""

    def add_note(
        self,
        text: str,
        *,
        exhibit: int | None = None,
        examination: int | None = None,
        replaces: int | None = None,
    ) -> Note:
        """Keep a note of the examiner.

        Raises:
            InputError: it is empty, or about something that is not in the case.
        """
        if not text.strip():
            raise InputError("A note without text was to be kept: write something.")
        self._require("exhibit", exhibit)
        self._require("examination", examination)
        self._require("note", replaces)
        note = Note(
            id=0,
            exhibit=exhibit,
            examination=examination,
            text=text,
            author=self.operator,
            written_utc=now_utc(),
            replaces=replaces,
        )
        return replace(note, id=self._mark("note", "note.add", note, exhibit))

    def add_bookmark(
        self,
        exhibit: int,
        name: str,
        *,
        comment: str = "",
        region: Region | None = None,
        method: str = "picture",
        parameters: Mapping[str, str] | None = None,
    ) -> Bookmark:
        """Keep a view of an exhibit that can be made again; see `Bookmark`.

        Raises:
            InputError: there is no such exhibit.
        """
        self._require("exhibit", exhibit)
        bookmark = Bookmark(
            id=0,
            exhibit=exhibit,
            name=name,
            comment=comment,
            region=region,
            method=method,
            parameters=pairs(parameters or {}),
            author=self.operator,
            written_utc=now_utc(),
        )
        return replace(bookmark, id=self._mark("bookmark", "bookmark.add", bookmark, exhibit))

    def edit_sentence(
        self, examination: int, sentence: int, after: str, *, reason: str = ""
    ) -> SentenceEdit:
        """Word a generated sentence anew, or strike it out; what was generated stays stored.

        Args:
            examination: its number.
            sentence: index into its explanation, from 0.
            after: the new words; empty strikes it out.
            reason: why.

        Raises:
            InputError: there is no such sentence.
        """
        stored = self.examination(examination)
        explanation = stored.examination.explanation
        if not 0 <= sentence < len(explanation):
            raise InputError(
                f"Examination {examination} has {len(explanation)} generated sentences and none "
                f"with index {sentence}: count from 0."
            )
        edit = SentenceEdit(
            id=0,
            examination=examination,
            sentence=sentence,
            before=explanation[sentence].text,
            after=after,
            reason=reason,
            author=self.operator,
            written_utc=now_utc(),
        )
        return replace(edit, id=self._mark("edit", "sentence.edit", edit, stored.exhibit))

    def annotate(
        self,
        exhibit: int,
        shape: Shape,
        start: tuple[int, int],
        end: tuple[int, int] | None = None,
        *,
        text: str = "",
        replaces: int | None = None,
    ) -> Annotation:
        """Draw something over an exhibit's picture; see `Annotation`.

        Args:
            exhibit: its number.
            shape: what is drawn; the corners of a box may come in any order.
            start: (x, y), px of the original.
            end: (x, y), px of the original; None for a text.
            text: what is said of it.
            replaces: the annotation whose place it takes.

        Raises:
            InputError: there is no such exhibit or annotation, the points lie left of or above
                the picture, a box or an arrow has no length, or a text says nothing.
        """
        self._require("exhibit", exhibit)
        start, end = _points(shape, start, start if end is None else end)
        if shape is Shape.TEXT and not text.strip():
            raise InputError("A text without words was to be drawn: write something.")
        if replaces is not None:
            before = self._annotation(replaces)
            if before.exhibit != exhibit:
                raise InputError(
                    f"Annotation {replaces} is on exhibit {before.exhibit}, not on {exhibit}: "
                    "replace one of the same exhibit."
                )
        drawn = Annotation(
            id=0,
            exhibit=exhibit,
            shape=shape,
            start=start,
            end=end,
            text=text,
            author=self.operator,
            written_utc=now_utc(),
            replaces=replaces,
        )
        return replace(drawn, id=self._mark("annotation", "annotation.add", drawn, exhibit))

    def rate(self, exhibit: int, stars: int) -> Rating:
        """Rate an exhibit, 0 for no rating; the newest rating holds.

        Raises:
            InputError: there is no such exhibit, or no such rating.
        """
        if not 0 <= stars <= STARS_MOST:
            raise InputError(f"A rating of {stars} was to be kept: use 0 to {STARS_MOST}.")
        self._require("exhibit", exhibit)
        rating = Rating(
            id=0, exhibit=exhibit, stars=stars, author=self.operator, written_utc=now_utc()
        )
        said = {"stars": str(stars)}
        return replace(rating, id=self._mark("rating", "rating.set", rating, exhibit, said))

    def tag(self, exhibit: int, name: str) -> Tag:
        """Tag an exhibit; a tag that it has already is returned as it is.

        Raises:
            InputError: there is no such exhibit, or the tag is empty or too long.
        """
        name = " ".join(name.split())
        if not 0 < len(name) <= TAG_MOST:
            raise InputError(f"A tag of {len(name)} characters was to be set: use 1 to {TAG_MOST}.")
        self._require("exhibit", exhibit)
        for known in self.standing().tags:
            if (known.exhibit, known.name) == (exhibit, name):
                return known
        tag = Tag(id=0, exhibit=exhibit, name=name, author=self.operator, written_utc=now_utc())
        return replace(tag, id=self._mark("tag", "tag.set", tag, exhibit, {"name": name}))

    def retract(self, kind: Retractable, number: int, *, reason: str = "") -> Retraction:
        """Say that a record no longer holds; it stays stored, and so does its log entry.

        Retracting a retraction brings back what that had taken back.

        Args:
            kind: of the record.
            number: its id.
            reason: why.

        Raises:
            InputError: there is no such record, or it was retracted already.
        """
        with self._database.writing() as connection:
            return self._retract(connection, kind, number, reason)

    def remove(self, kind: Retractable, number: int, *, reason: str = "") -> tuple[Retraction, ...]:
        """Retract a record and all those whose place it took, so that none of them comes back.

        Args:
            kind: of the record.
            number: its id.
            reason: why.

        Returns:
            The retractions, the record's own first.

        Raises:
            InputError: there is no such record, or it was retracted already.
        """
        with self._database.writing() as connection:
            done = [self._retract(connection, kind, number, reason)]
            for before in self._replaced_by(connection, kind, number):
                if not self._is_retracted(connection, kind, before):
                    done.append(self._retract(connection, kind, before, reason))
        return tuple(done)

    def _retract(
        self, connection: sqlite3.Connection, kind: Retractable, number: int, reason: str
    ) -> Retraction:
        if kind not in get_args(Retractable):
            raise InputError(
                f"A {kind!r} cannot be retracted: use one of {', '.join(get_args(Retractable))}."
            )
        exhibit = self._exhibit_of(connection, kind, number)
        if self._is_retracted(connection, kind, number):
            raise InputError(
                f"The {kind} {number} was retracted already: retract the retraction to bring "
                "it back."
            )
        retraction = Retraction(
            id=0, kind=kind, number=number, reason=reason, author=self.operator,
            written_utc=now_utc(),
        )  # fmt: skip
        about = self._write(
            connection, "retraction", _TAKEN_BACK[kind], marks.mark_record(retraction),
            also=exhibit_objects(exhibit),
            details={"kind": kind, "number": str(number), "reason": reason},
        )  # fmt: skip
        return replace(retraction, id=int(about.id))

    def _is_retracted(self, connection: sqlite3.Connection, kind: str, number: int) -> bool:
        known = rows.all_of(connection, "retraction", marks.read_retraction)
        return number in retracted(known)[kind]

    def _replaced_by(self, connection: sqlite3.Connection, kind: str, number: int) -> Iterator[int]:
        """Give the records whose place one took, the last one first."""
        found = rows.one_of(connection, kind, number, _READERS[kind])
        while isinstance(found, Note | Annotation) and found.replaces is not None:
            before = found.replaces
            if before >= found.id:
                raise damaged(f"{kind} {found.id}", ValueError("it replaces a later one"))
            yield before
            found = rows.one_of(connection, kind, before, _READERS[kind])

    def _mark(
        self,
        kind: str,
        action: Action,
        mark: marks.Mark,
        exhibit: int | None,
        details: Mapping[str, str] | None = None,
    ) -> int:
        record = marks.mark_record(mark)
        about = self._add(kind, action, record, also=exhibit_objects(exhibit), details=details)
        return int(about.id)

    def _annotation(self, number: int) -> Annotation:
        with self._database.reading() as connection:
            found = rows.one_of(connection, "annotation", number, marks.read_annotation)
        if found is None:
            raise self._unknown("annotation", number)
        return found

    def _exhibit_of(self, connection: sqlite3.Connection, kind: str, number: int) -> int | None:
        """Return which exhibit a record is about, if one."""
        found = rows.one_of(connection, kind, number, _READERS[kind])
        if found is None:
            raise self._unknown(kind, number)
        if isinstance(found, Retraction):
            if found.kind == "retraction" and found.number >= number:
                raise damaged(f"retraction {number}", ValueError("it takes back a later one"))
            return self._exhibit_of(connection, found.kind, found.number)
        if isinstance(found, SentenceEdit):
            return self.examination(found.examination).exhibit
        return found.exhibit


def _points(
    shape: Shape, start: tuple[int, int], end: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the points of a drawing in order."""
    (x0, y0), (x1, y1) = start, end
    if min(x0, y0, x1, y1) < 0:
        raise InputError(
            f"Something was to be drawn from {start} to {end}, outside the picture: x and y count "
            "from 0."
        )
    if shape is Shape.TEXT:
        return start, start
    if shape is Shape.BOX:
        start, end = (min(x0, x1), min(y0, y1)), (max(x0, x1), max(y0, y1))
        if start[0] == end[0] or start[1] == end[1]:
            raise InputError(f"A box from {start} to {end} has no area: draw a larger one.")
    elif start == end:
        raise InputError(f"An arrow at {start} has no length: draw a longer one.")
    return start, end

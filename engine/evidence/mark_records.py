"""What an examiner sets on exhibits as stored records and back; see `case_records`."""

from __future__ import annotations

from dataclasses import asdict
from typing import get_args

from engine.evidence.case_records import DAMAGE, Raw, damaged, pairs
from engine.mark_types import Annotation, Bookmark, Note, Rating, Retraction, SentenceEdit, Tag
from engine.mark_words import Retractable, Shape
from engine.types import Region

Mark = Note | Bookmark | SentenceEdit | Annotation | Rating | Tag | Retraction


def mark_record(mark: Mark) -> Raw:
    """Return what an examiner set as a record, without its number."""
    record = asdict(mark)
    del record["id"]
    if isinstance(mark, Bookmark):
        return {**record, "parameters": dict(mark.parameters)}
    if isinstance(mark, Annotation):
        start, end = list(mark.start), list(mark.end)
        return {**record, "shape": str(mark.shape), "start": start, "end": end}
    return record


def read_note(number: int, raw: Raw) -> Note:
    """Return a note."""
    try:
        return Note(**{**raw, "id": number})
    except DAMAGE as error:
        raise damaged(f"note {number}", error) from error


def read_bookmark(number: int, raw: Raw) -> Bookmark:
    """Return a bookmark."""
    try:
        region = None if raw["region"] is None else Region(**raw["region"])
        parameters = pairs(raw["parameters"])
        return Bookmark(**{**raw, "id": number, "region": region, "parameters": parameters})
    except DAMAGE as error:
        raise damaged(f"bookmark {number}", error) from error


def read_edit(number: int, raw: Raw) -> SentenceEdit:
    """Return an edit of generated text."""
    try:
        return SentenceEdit(**{**raw, "id": number})
    except DAMAGE as error:
        raise damaged(f"edit {number}", error) from error


def read_annotation(number: int, raw: Raw) -> Annotation:
    """Return a drawing."""
    try:
        (x0, y0), (x1, y1) = raw["start"], raw["end"]
        return Annotation(
            **{
                **raw,
                "id": number,
                "shape": Shape(raw["shape"]),
                "start": (int(x0), int(y0)),
                "end": (int(x1), int(y1)),
            }
        )
    except DAMAGE as error:
        raise damaged(f"annotation {number}", error) from error


def read_rating(number: int, raw: Raw) -> Rating:
    """Return a rating."""
    try:
        return Rating(**{**raw, "id": number})
    except DAMAGE as error:
        raise damaged(f"rating {number}", error) from error


def read_tag(number: int, raw: Raw) -> Tag:
    """Return a tag."""
    try:
        return Tag(**{**raw, "id": number})
    except DAMAGE as error:
        raise damaged(f"tag {number}", error) from error


def read_retraction(number: int, raw: Raw) -> Retraction:
    """Return a retraction."""
    try:
        if raw["kind"] not in get_args(Retractable):
            raise ValueError(f"{raw['kind']!r} cannot be retracted")
        return Retraction(**{**raw, "id": number})
    except DAMAGE as error:
        raise damaged(f"retraction {number}", error) from error

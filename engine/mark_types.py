"""What an examiner sets on exhibits: notes, bookmarks, drawings, ratings, tags; retractions.

A record is never changed or deleted. A later one may take its place, and a retraction says that
it no longer holds; a retraction can be retracted itself, which brings the record back. What
holds in the end is a `Standing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar, get_args

from engine.mark_words import Retractable, Shape
from engine.types import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note of the examiner. Notes are never changed; a later one may take its place."""

    id: int
    """From 1, in order."""
    exhibit: int | None
    """Exhibit it is about; None for the whole case."""
    examination: int | None
    """Examination it is about, if one."""
    text: str
    """What the examiner wrote."""
    author: str
    """Who."""
    written_utc: str
    """When."""
    replaces: int | None
    """The note whose place it takes; None when it is a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """A view of an exhibit that can be made again."""

    id: int
    """From 1, in order."""
    exhibit: int
    """Which exhibit."""
    name: str
    """A line."""
    comment: str
    """Why it was kept; may be empty."""
    region: Region | None
    """Where to look; None for the whole picture."""
    method: str
    """What was shown: ``"picture"``, ``"heat map"``, a layer's words, or an analyser's name."""
    parameters: tuple[tuple[str, str], ...]
    """(name, value), sorted by name: how it was shown."""
    author: str
    """Who."""
    written_utc: str
    """When."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceEdit:
    """What an examiner changed in generated text. What was generated stays stored."""

    id: int
    """From 1, in order; the newest of a sentence holds."""
    examination: int
    """Which examination."""
    sentence: int
    """Index into its explanation, from 0."""
    before: str
    """As it was generated."""
    after: str
    """As the examiner words it; empty when struck out."""
    reason: str
    """Why; may be empty."""
    author: str
    """Who."""
    written_utc: str
    """When."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """Something drawn over an exhibit's picture, in original pixels after orientation."""

    id: int
    """From 1, in order."""
    exhibit: int
    """Which exhibit."""
    shape: Shape
    """What is drawn."""
    start: tuple[int, int]
    """(x, y) of the first point, px: a box's upper left corner, an arrow's tail, a text's place."""
    end: tuple[int, int]
    """(x, y) of the second point, px: a box's lower right corner (outside), an arrow's head."""
    text: str
    """What is said of it; only a text must say something."""
    author: str
    """Who."""
    written_utc: str
    """When."""
    replaces: int | None
    """The annotation whose place it takes, such as one that was moved; None when it is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """How much an exhibit matters to the examiner; the newest one of an exhibit holds."""

    id: int
    """From 1, in order."""
    exhibit: int
    """Which exhibit."""
    stars: int
    """0..5; 0 takes the rating away."""
    author: str
    """Who."""
    written_utc: str
    """When."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A word that exhibits are grouped by."""

    id: int
    """From 1, in order."""
    exhibit: int
    """Which exhibit."""
    name: str
    """The word, without spaces around it."""
    author: str
    """Who."""
    written_utc: str
    """When."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraction:
    """Says that a record no longer holds. The record stays stored."""

    id: int
    """From 1, in order."""
    kind: Retractable
    """Of the record that is taken back."""
    number: int
    """Its id."""
    reason: str
    """Why; may be empty."""
    author: str
    """Who."""
    written_utc: str
    """When."""


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


_N = TypeVar("_N", bound=_Numbered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What holds of all that an examiner set: neither retracted nor replaced."""

    notes: tuple[Note, ...]
    bookmarks: tuple[Bookmark, ...]
    edits: tuple[SentenceEdit, ...]
    """In order; the newest of a sentence holds."""
    annotations: tuple[Annotation, ...]
    ratings: tuple[tuple[int, int], ...]
    """(exhibit number, stars 1..5), sorted; exhibits without a rating are left out."""
    tags: tuple[Tag, ...]

    def stars(self, exhibit: int) -> int:
        """Return the rating of an exhibit, 0 for none."""
        return dict(self.ratings).get(exhibit, 0)

    def tags_of(self, exhibit: int) -> tuple[str, ...]:
        """Return the tags of an exhibit, each once, sorted."""
        return tuple(sorted({tag.name for tag in self.tags if tag.exhibit == exhibit}))


def standing(
    *,
    notes: Iterable[Note],
    bookmarks: Iterable[Bookmark],
    edits: Iterable[SentenceEdit],
    annotations: Iterable[Annotation],
    ratings: Iterable[Rating],
    tags: Iterable[Tag],
    retractions: Iterable[Retraction],
) -> Standing:
    """Return what holds; all records of a case are handed over in their order."""
    gone = retracted(retractions)
    kept = _left(notes, gone["note"])
    replaced = {each.replaces for each in kept}
    drawn = _left(annotations, gone["annotation"])
    moved = {each.replaces for each in drawn}
    stars = {each.exhibit: each.stars for each in _left(ratings, gone["rating"])}
    return Standing(
        notes=tuple(each for each in kept if each.id not in replaced),
        bookmarks=_left(bookmarks, gone["bookmark"]),
        edits=_left(edits, gone["edit"]),
        annotations=tuple(each for each in drawn if each.id not in moved),
        ratings=tuple(sorted((number, value) for number, value in stars.items() if value)),
        tags=_left(tags, gone["tag"]),
    )


def retracted(retractions: Iterable[Retraction]) -> dict[str, set[int]]:
    """Return the numbers of each kind that retractions take back in the end."""
    gone: dict[str, set[int]] = {kind: set() for kind in get_args(Retractable)}
    # A retraction is only ever taken back by a later one: the last word is read first.
    for each in sorted(retractions, key=lambda each: -each.id):
        if each.id not in gone["retraction"]:
            gone[each.kind].add(each.number)
    return gone


def _left(records: Iterable[_N], gone: set[int]) -> tuple[_N, ...]:
    return tuple(each for each in records if each.id not in gone)

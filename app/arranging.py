"""Which exhibits are shown, in which order and groups: a choice, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from app.row import Exhibit, State
from engine.types import Outcome


class Show(StrEnum):
    """Which rows are shown, by verdict or state."""

    ALL = "all"
    AI = "ai"
    INCONCLUSIVE = "inconclusive"
    REAL = "real"
    EDITED = "edited"
    """A part was edited, whatever the verdict."""
    FAILED = "failed"
    OPEN = "open"
    """Not examined yet."""


class Order(StrEnum):
    """In which order they are shown."""

    ADDED = "added"
    HIGHEST = "highest"
    """Highest probability first, what has none last."""
    LOWEST = "lowest"
    """Lowest probability first, what has none last."""
    NAME = "name"
    STARS = "stars"
    """Best rating first."""
    SIZE = "size"
    """Most megapixels first, what is not known last."""


class GroupBy(StrEnum):
    """What stands together under a heading."""

    NOTHING = "nothing"
    VERDICT = "verdict"
    NEAR = "near"
    """Near-duplicates."""
    GENERATOR = "generator"
    """What the metadata name as the maker."""
    FOLDER = "folder"


class Range(StrEnum):
    """Whether a picture lies where error rates were measured."""

    ANY = "any"
    INSIDE = "inside"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """A choice of rows, order and groups."""

    show: Show = Show.ALL
    order: Order = Order.ADDED
    group: GroupBy = GroupBy.NOTHING
    range: Range = Range.ANY
    stars: int = 0
    """Least rating, 0..5."""
    text: str = ""
    """What name, folder, tags, number or generator must contain; case does not count."""
    folder: str = ""
    """The folder it must lie in; empty for any."""
    camera: str = ""
    """SHA-256 of a fingerprint whose pattern must be in it; empty for any."""

    @property
    def narrowed(self) -> bool:
        """Whether rows may be left out."""
        return (
            self.show is not Show.ALL
            or self.range is not Range.ANY
            or bool(self.stars or self.text.strip() or self.folder or self.camera)
        )

    def widened(self) -> Arrangement:
        """Return the same order and groups with nothing left out."""
        return Arrangement(order=self.order, group=self.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Rows that stand together."""

    title: str
    """Empty where nothing is grouped."""
    count: int
    """Rows in it, at least 1."""
    outcome: Outcome | None = None
    """The band whose mark stands before the title, if one."""


def fits(exhibit: Exhibit, choice: Arrangement) -> bool:
    """Return whether an exhibit is shown."""
    return (
        _shown(exhibit, choice.show)
        and (choice.range is Range.ANY or exhibit.in_range is (choice.range is Range.INSIDE))
        and exhibit.stars >= choice.stars
        and (not choice.folder or exhibit.folder == choice.folder)
        and (not choice.camera or choice.camera in exhibit.cameras)
        and (not choice.text or _matches(exhibit, choice.text.casefold().split()))
    )


def arranged(
    exhibits: Sequence[Exhibit], choice: Arrangement
) -> tuple[list[int], tuple[Section, ...]]:
    """Return the indices of what is shown, in order, and the sections they make.

    Args:
        exhibits: all of them, in the order they were added.
        choice: what is shown, and how.
    """
    rows = [row for row, exhibit in enumerate(exhibits) if fits(exhibit, choice)]
    key = _ORDERS.get(choice.order)
    if key is not None:
        rows.sort(key=lambda row: key(exhibits[row]))
    if choice.group is GroupBy.NOTHING:
        return rows, (Section(title="", count=len(rows)),) if rows else ()
    return _grouped(rows, exhibits, choice.group)


def _grouped(
    rows: list[int], exhibits: Sequence[Exhibit], group: GroupBy
) -> tuple[list[int], tuple[Section, ...]]:
    of, title = _GROUPS[group]
    members: dict[tuple[object, ...], list[int]] = {}
    for row in rows:
        members.setdefault(of(exhibits[row]), []).append(row)
    ordered: list[int] = []
    sections = []
    for key in sorted(members):
        first = exhibits[members[key][0]]
        outcome = first.outcome if group is GroupBy.VERDICT else None
        sections.append(Section(title=title(first), count=len(members[key]), outcome=outcome))
        ordered += members[key]
    return ordered, tuple(sections)


def _shown(exhibit: Exhibit, show: Show) -> bool:
    if show is Show.ALL:
        return True
    if show is Show.FAILED:
        return exhibit.state is State.FAILED
    if show is Show.OPEN:
        return exhibit.state in (State.WAITING, State.EXAMINING)
    if show is Show.EDITED:
        return exhibit.edited
    outcome = exhibit.outcome
    return outcome is not None and outcome == show.value


def _matches(exhibit: Exhibit, words: Iterable[str]) -> bool:
    number = "" if exhibit.number is None else f"#{exhibit.number}"
    text = "\n".join(
        (exhibit.name, exhibit.folder, " ".join(exhibit.tags), number, exhibit.generator)
    ).casefold()
    return all(word in text for word in words)


def _p(exhibit: Exhibit, otherwise: float) -> float:
    p_ai = exhibit.p_ai
    return otherwise if p_ai is None else p_ai


def _megapixels(exhibit: Exhibit) -> float:
    condition = exhibit.condition
    return -1.0 if condition is None else condition.megapixels


_ORDERS: dict[Order, Callable[[Exhibit], tuple[float, str]]] = {
    Order.HIGHEST: lambda exhibit: (-_p(exhibit, -1.0), ""),
    Order.LOWEST: lambda exhibit: (_p(exhibit, 2.0), ""),
    Order.NAME: lambda exhibit: (0.0, exhibit.name.casefold()),
    Order.STARS: lambda exhibit: (-exhibit.stars, ""),
    Order.SIZE: lambda exhibit: (-_megapixels(exhibit), ""),
}

_OUTCOMES = (Outcome.AI, Outcome.INCONCLUSIVE, Outcome.REAL)
_STATES = (State.EXAMINING, State.WAITING, State.DONE, State.FAILED)


def _verdict_key(exhibit: Exhibit) -> tuple[object, ...]:
    outcome = exhibit.outcome
    if outcome is not None:
        return (_OUTCOMES.index(outcome),)
    return (len(_OUTCOMES) + _STATES.index(exhibit.state),)


def _verdict_title(exhibit: Exhibit) -> str:
    words = {
        Outcome.AI: QCoreApplication.translate("Arranging", "Likely AI"),
        Outcome.INCONCLUSIVE: QCoreApplication.translate("Arranging", "Inconclusive"),
        Outcome.REAL: QCoreApplication.translate("Arranging", "No sign found"),
    }
    outcome = exhibit.outcome
    if outcome is not None:
        return words[outcome]
    if exhibit.state is State.FAILED:
        return QCoreApplication.translate("Arranging", "Not examined, with a reason")
    if exhibit.state is State.EXAMINING:
        return QCoreApplication.translate("Arranging", "Being examined")
    return QCoreApplication.translate("Arranging", "Waiting")


def _near_title(exhibit: Exhibit) -> str:
    if exhibit.near is None:
        return QCoreApplication.translate("Arranging", "No near-duplicates")
    return QCoreApplication.translate("Arranging", "Look alike, group {number}").format(
        number=exhibit.near
    )


def _generator_title(exhibit: Exhibit) -> str:
    return exhibit.generator or QCoreApplication.translate(
        "Arranging", "Metadata name no generator"
    )


def _folder_title(exhibit: Exhibit) -> str:
    return exhibit.folder or QCoreApplication.translate("Arranging", "Folder not known")


_GROUPS: dict[GroupBy, tuple[Callable[[Exhibit], tuple[object, ...]], Callable[[Exhibit], str]]] = {
    GroupBy.VERDICT: (_verdict_key, _verdict_title),
    GroupBy.NEAR: (lambda e: (e.near is None, e.near or 0), _near_title),
    GroupBy.GENERATOR: (lambda e: (not e.generator, e.generator.casefold()), _generator_title),
    GroupBy.FOLDER: (lambda e: (not e.folder, e.folder), _folder_title),
}

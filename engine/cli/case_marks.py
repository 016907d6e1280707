"""``case rate``, ``tag``, ``annotate`` and ``retract``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from engine import api
from engine.case_types import CaseContents
from engine.cli.case_opened import opened
from engine.cli.console import out
from engine.errors import InputError
from engine.mark_words import STARS_MOST, Shape
from engine.report.marked import drawn_at
from engine.report.wording import printable

if TYPE_CHECKING:
    from engine.evidence.case_store import Case


def rate(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Rate an exhibit."""
    with opened(options) as case:
        case.require_writable()
        kept = case.rate(options.exhibit, options.stars)
    out(f"rating {kept.id}")
    return 0


def tag(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Tag an exhibit, or take a tag away."""
    with opened(options) as case:
        case.require_writable()
        if not options.remove:
            out(f"tag {case.tag(options.exhibit, options.name).id}")
            return 0
        name = " ".join(options.name.split())
        for known in case.standing().tags:
            if (known.exhibit, known.name) == (options.exhibit, name):
                out(f"retraction {case.retract('tag', known.id).id}")
                return 0
    raise InputError(f"Exhibit {options.exhibit} has no tag {name!r}: 'case list' shows its tags.")


def annotate(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Draw over an exhibit's picture."""
    shape, points = Shape(options.shape), options.points
    wanted = 2 if shape is Shape.TEXT else 4
    if len(points) != wanted:
        raise InputError(f"A drawing of kind {shape} needs {wanted} numbers, not {len(points)}.")
    with opened(options) as case:
        case.require_writable()
        _refuse_outside(case, options.exhibit, points)
        kept = case.annotate(
            options.exhibit,
            shape,
            (points[0], points[1]),
            (points[2], points[3]) if wanted == 4 else None,
            text=options.text,
            replaces=options.replaces,
        )
    out(f"annotation {kept.id}")
    return 0


def _refuse_outside(case: Case, exhibit: int, points: Sequence[int]) -> None:
    """Raise InputError for a drawing beyond a picture whose size an examination has found."""
    facts = [each.examination.facts for each in case.examinations() if each.exhibit == exhibit]
    sizes = [(each.width, each.height) for each in facts if each.width and each.height]
    for width, height in sizes[-1:]:
        right, lower = max(points[0::2]), max(points[1::2])
        if right > width or lower > height:
            raise InputError(
                f"The drawing reaches to x {right}, y {lower}, outside the picture of {width} x "
                f"{height} px: give pixels of the original, counted from its upper left corner."
            )


def retract(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Take back what an examiner set; it stays in the file."""
    with opened(options) as case:
        case.require_writable()
        kept = case.retract(options.kind, options.number, reason=options.reason)
    out(f"retraction {kept.id}")
    return 0


def listed(contents: CaseContents) -> Iterator[str]:
    """Return ratings, tags and drawings that hold, a line each."""
    holds = contents.standing()
    for exhibit in contents.exhibits:
        stars, tags = holds.stars(exhibit.number), holds.tags_of(exhibit.number)
        if stars:
            yield f"rating of exhibit {exhibit.number}: {stars} of {STARS_MOST}"
        if tags:
            yield f"tags of exhibit {exhibit.number}: {printable(', '.join(tags))}"
    for drawn in holds.annotations:
        said = f": {printable(drawn.text)}" if drawn.text else ""
        yield (
            f"annotation {drawn.id} on exhibit {drawn.exhibit} ({printable(drawn.author)}): "
            f"{drawn.shape}, {drawn_at(drawn)}{said}"
        )

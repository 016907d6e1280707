"""From what a case holds to the rows of the window."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePath

from app.case_door import TakenIn
from app.exhibits import Exhibit, State, display_name, printable
from engine.case_types import CaseContents
from engine.case_types import Exhibit as Held
from engine.mark_types import Standing
from engine.types import Examination, FileFacts


def row_of(exhibit: Held) -> Exhibit:
    """Return an exhibit of the case as a row, not examined yet."""
    return Exhibit(
        path=exhibit.working_file,
        name=display_name(exhibit.name),
        number=exhibit.number,
        sha256=exhibit.sha256,
        folder=printable(str(PurePath(exhibit.path).parent)),
        file_state=exhibit.state,
    )


def rows_of(contents: CaseContents) -> tuple[tuple[Exhibit, ...], tuple[Examination, ...]]:
    """Return the rows of a case with what holds of each, and the files that were not taken in.

    Args:
        contents: everything the case holds.
    """
    rows = {each.number: row_of(each) for each in contents.exhibits}
    others = []
    for each in contents.newest():
        row = rows.get(each.exhibit) if each.exhibit is not None else None
        if row is None:
            others.append(each.examination)
            continue
        facts = replace(each.examination.facts, path=row.path)
        row.examination = replace(each.examination, facts=facts)
        row.state = State.DONE if each.examination.ok else State.FAILED
        row.warm_up()
    for number, stars, tags in marks_of(contents.standing()):
        rows[number].stars, rows[number].tags = stars, tags
    return tuple(rows.values()), tuple(others)


def marks_of(holds: Standing) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    """Return (exhibit number, stars, tags) of the exhibits that have any."""
    stars = dict(holds.ratings)
    tags: dict[int, set[str]] = {}
    for tag in holds.tags:
        tags.setdefault(tag.exhibit, set()).add(printable(tag.name))
    return tuple(
        (number, stars.get(number, 0), tuple(sorted(tags.get(number, ()))))
        for number in sorted(stars.keys() | tags.keys())
    )


def unread(taken: TakenIn) -> Examination:
    """Return what there is to say of a file that could not be taken in."""
    return Examination(facts=FileFacts(path=taken.path), failure=taken.failure)


def unnamed_file(cases_dir: Path) -> Path:
    """Return a name for a case that nobody named, by the time; a new one every time."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%d %H.%M.%S.%f")[:-3]
    return cases_dir / f"Untitled {stamp}.residua"

"""From what a case holds to the rows of the window."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app.case_door import TakenIn
from app.exhibits import Exhibit, State, display_name
from engine.case_types import CaseContents
from engine.case_types import Exhibit as Held
from engine.types import Examination, FileFacts


def row_of(exhibit: Held) -> Exhibit:
    """Return an exhibit of the case as a row, not examined yet."""
    return Exhibit(
        path=exhibit.working_file,
        name=display_name(exhibit.name),
        number=exhibit.number,
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
    return tuple(rows.values()), tuple(others)


def unread(taken: TakenIn) -> Examination:
    """Return what there is to say of a file that could not be taken in."""
    return Examination(facts=FileFacts(path=taken.path), failure=taken.failure)


def unnamed_file(cases_dir: Path) -> Path:
    """Return a name for a case that nobody named, by the time; a new one every time."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%d %H.%M.%S.%f")[:-3]
    return cases_dir / f"Untitled {stamp}.residua"

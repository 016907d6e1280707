"""What a report of a case is made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from engine.case_types import (
    OPTIONAL_PARTS,
    CaseContents,
    CaseExamination,
    Exhibit,
    ReportSelection,
)
from engine.errors import InputError, StoreError
from engine.evidence.case_view import CaseView
from engine.mark_types import SentenceEdit, Standing
from engine.report.contents import CaseSheet
from engine.report.exhibits import Item
from engine.types import Examination, Failure, FileFacts, HeatMap

EVERYTHING = ReportSelection()
"""Of every exhibit, with every part."""


def case_sheet(contents: CaseContents, selection: ReportSelection = EVERYTHING) -> CaseSheet:
    """Return what the report says of the case beyond its exhibits.

    Args:
        contents: everything the case holds.
        selection: what goes into the report; the log always goes in as a whole.
    """
    holds, chosen = contents.standing(), selection.exhibits
    return CaseSheet(
        file_name=Path(contents.file).name,
        info=contents.info,
        notes=tuple(
            note
            for note in holds.notes
            if "notes" not in selection.left_out
            and (not chosen or note.exhibit is None or note.exhibit in chosen)
        ),
        bookmarks=tuple(b for b in holds.bookmarks if not chosen or b.exhibit in chosen),
        log=contents.log,
        head=contents.head,
        problems=contents.log_check.problems,
        timestamps=contents.timestamps,
    )


def case_items(
    view: CaseView, contents: CaseContents, selection: ReportSelection = EVERYTHING
) -> tuple[Item, ...]:
    """Return the exhibits of a case, then the files that could not be taken in.

    Exhibits keep their numbers; files that were not taken in get the numbers after them. An
    exhibit that nobody examined is listed as such.

    Args:
        view: the open case, for heat maps.
        contents: everything it holds.
        selection: which of them go into the report.

    Raises:
        StoreError: the case has no exhibits and no examinations.
        InputError: the selection names an exhibit or a part that there is not.
    """
    check_selection(contents, selection)
    edits: dict[int, dict[int, SentenceEdit]] = defaultdict(dict)
    holds = contents.standing()
    for edit in holds.edits:
        edits[edit.examination][edit.sentence] = edit
    newest = contents.newest()
    by_exhibit = {each.exhibit: each for each in newest if each.exhibit is not None}
    items = [
        _item(view, exhibit.number, exhibit, by_exhibit.get(exhibit.number), edits)
        for exhibit in contents.exhibits
    ]
    last = max((exhibit.number for exhibit in contents.exhibits), default=0)
    unread = [each for each in newest if each.exhibit is None]
    items += [
        _item(view, number, None, each, edits) for number, each in enumerate(unread, last + 1)
    ]
    if not items:
        raise StoreError(f"The case {contents.file} holds no exhibits: add some first.")
    chosen = selection.exhibits
    return tuple(_with_marks(each, holds) for each in items if not chosen or each.number in chosen)


def check_selection(contents: CaseContents, selection: ReportSelection) -> None:
    """Refuse a selection of what there is not.

    Raises:
        InputError: it names an exhibit or a part that there is not.
    """
    known = {exhibit.number for exhibit in contents.exhibits}
    for number in selection.exhibits:
        if number not in known:
            raise InputError(
                f"The case has no exhibit {number} to report on: 'case list' shows what it has."
            )
    for part in selection.left_out:
        if part not in OPTIONAL_PARTS:
            raise InputError(
                f"{part!r} cannot be left out of a report: only {', '.join(OPTIONAL_PARTS)} can."
            )


def _with_marks(item: Item, holds: Standing) -> Item:
    if item.taken_in is None:
        return item
    return replace(
        item,
        annotations=tuple(each for each in holds.annotations if each.exhibit == item.number),
        rating=holds.stars(item.number),
        tags=holds.tags_of(item.number),
    )


def _item(
    view: CaseView,
    number: int,
    exhibit: Exhibit | None,
    found: CaseExamination | None,
    edits: dict[int, dict[int, SentenceEdit]],
) -> Item:
    if found is None:
        assert exhibit is not None
        return Item(
            number=number,
            examination=_not_yet(exhibit),
            heatmap=lambda: None,
            file=exhibit.working_file,
            taken_in=exhibit,
        )
    held = edits.get(found.id, {})
    examination = found.examination
    if exhibit is not None:
        # What was read may be a working copy; the report names the file that was taken in.
        named = replace(examination.facts, path=exhibit.path)
        examination = replace(examination, facts=named)
    return Item(
        number=number,
        examination=examination,
        heatmap=_map_of(view, found),
        file=exhibit.working_file if exhibit else found.examination.facts.path,
        taken_in=exhibit,
        recipe=found.recipe,
        operator=found.operator,
        rechecks=found.rechecks,
        edits=tuple(held[index] for index in sorted(held)),
    )


def _map_of(view: CaseView, found: CaseExamination) -> Callable[[], HeatMap | None]:
    return lambda: view.heatmap(found)


def _not_yet(exhibit: Exhibit) -> Examination:
    """Return what there is to say of an exhibit that nobody examined."""
    return Examination(
        facts=FileFacts(
            path=exhibit.path,
            sha256=exhibit.sha256,
            sha1=exhibit.sha1,
            md5=exhibit.md5,
            bytes=exhibit.bytes,
        ),
        failure=Failure(
            kind="not_examined_yet",
            message="The exhibit was taken into the case and not examined: scan the case.",
        ),
    )

"""Values of a case as stored records and back. A record is JSON; its text is canonical."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from engine.case_types import (
    CaseExamination,
    CaseInfo,
    Difference,
    Exhibit,
    ExhibitState,
    Held,
    Recheck,
    Recipe,
)
from engine.errors import StoreError
from engine.evidence.copies import Copy
from engine.evidence.custody import canonical
from engine.evidence.records import from_line, to_line
from engine.types import Examination

Raw = dict[str, Any]
"""A record as JSON gives it."""

DAMAGE = (ValueError, KeyError, TypeError, AttributeError, IndexError)
"""What reading a record raises when it is not as it was written."""


def parsed(text: str, what: str) -> Raw:
    """Return a stored record.

    Args:
        text: JSON.
        what: which record, for messages, such as ``"exhibit 3"``.

    Raises:
        StoreError: it is damaged.
    """
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise damaged(what, error) from error
    if not isinstance(raw, dict):
        raise damaged(what, TypeError(f"it is a {type(raw).__name__}"))
    return raw


def damaged(what: str, error: Exception) -> StoreError:
    """Return the error that tells of a damaged record."""
    return StoreError(
        f"The record of {what} is damaged ({error!r}): 'case verify' tells what was changed. "
        "Restore the case from a copy.",
        kind="damaged",
    )


def info_record(info: CaseInfo) -> Raw:
    """Return what a case is about as a record."""
    return {**asdict(info), "propositions": list(info.propositions)}


def read_info(raw: Raw) -> CaseInfo:
    """Return what a case is about."""
    try:
        first, second = raw["propositions"]
        return CaseInfo(**{**raw, "propositions": (first, second)})
    except DAMAGE as error:
        raise damaged("the case", error) from error


EXHIBIT_FIELDS = (
    "number", "name", "path", "source", "bytes", "sha256", "sha1", "md5", "modified_utc",
    "added_utc", "added_by",
)  # fmt: skip
"""Fields of an exhibit that are stored as they are."""


def exhibit_record(exhibit: Exhibit, copy: Copy | None) -> Raw:
    """Return an exhibit as a record; its state and custody are no part of it.

    Args:
        exhibit: to be stored.
        copy: the copies that were made of it, if any.
    """
    return {
        **{name: getattr(exhibit, name) for name in EXHIBIT_FIELDS},
        "held": str(exhibit.held),
        "evidence": None if copy is None else copy.evidence,
        "working": None if copy is None else copy.working,
    }


def read_exhibit_record(raw: Raw, copies: Path) -> Exhibit:
    """Return an exhibit, not checked.

    Args:
        raw: the record.
        copies: the case's folder of copies.
    """
    try:
        held = Held(raw["held"])
        evidence, working = raw["evidence"], raw["working"]
        return Exhibit(
            **{name: raw[name] for name in EXHIBIT_FIELDS},
            held=held,
            evidence_file=None if evidence is None else str(copies / _inside(evidence)),
            working_file=raw["path"] if working is None else str(copies / _inside(working)),
            state=ExhibitState.NOT_CHECKED,
            state_detail="",
            found_sha256=None,
            checked_utc=None,
            custody=(),
        )
    except DAMAGE as error:
        raise damaged(f"exhibit {raw.get('number')}", error) from error


def _inside(name: str) -> str:
    """Refuse a name that leads out of the folder of copies."""
    parts = Path(name).parts
    if Path(name).is_absolute() or ".." in parts or len(parts) != 2:
        raise ValueError(f"{name!r} is not the name of a copy")
    return name


def examination_record(
    examination: Examination,
    *,
    exhibit: int | None,
    recipe: Recipe | None,
    heatmap_sha256: str | None,
    operator: str,
) -> Raw:
    """Return an examination as a record."""
    return {
        "exhibit": exhibit,
        "operator": operator,
        "recipe": None if recipe is None else recipe_record(recipe),
        "heatmap_sha256": heatmap_sha256,
        "result": json.loads(to_line(examination)),
    }


def read_examination(number: int, raw: Raw) -> CaseExamination:
    """Return an examination without the times it was run again."""
    try:
        return CaseExamination(
            id=number,
            exhibit=raw["exhibit"],
            examination=from_line(canonical(raw["result"])),
            recipe=None if raw["recipe"] is None else read_recipe(raw["recipe"]),
            heatmap_sha256=raw["heatmap_sha256"],
            operator=raw["operator"],
            rechecks=(),
        )
    except DAMAGE as error:
        raise damaged(f"examination {number}", error) from error


def recipe_record(recipe: Recipe) -> Raw:
    """Return what makes an examination repeatable as a record."""
    return {
        **asdict(recipe),
        "parameters": dict(recipe.parameters),
        "libraries": dict(recipe.libraries),
    }


def read_recipe(raw: Mapping[str, Any]) -> Recipe:
    """Return what makes an examination repeatable."""
    return Recipe(
        **{**raw, "parameters": pairs(raw["parameters"]), "libraries": pairs(raw["libraries"])}
    )


def recheck_record(recheck: Recheck) -> Raw:
    """Return an examination run again as a record, without its number."""
    record = asdict(recheck)
    del record["id"]
    return record


def read_recheck(number: int, raw: Raw) -> Recheck:
    """Return an examination run again."""
    try:
        differences = tuple(Difference(**each) for each in raw["differences"])
        return Recheck(
            **{**raw, "id": number, "differences": differences, "changes": tuple(raw["changes"])}
        )
    except DAMAGE as error:
        raise damaged(f"recheck {number}", error) from error


def pairs(raw: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return an object of strings as (name, value), sorted by name."""
    return tuple(sorted((str(name), str(value)) for name, value in raw.items()))


def with_rechecks(
    examinations: Sequence[CaseExamination], rechecks: Sequence[Recheck]
) -> tuple[CaseExamination, ...]:
    """Return examinations with the times each was run again."""
    of: dict[int, list[Recheck]] = {}
    for recheck in rechecks:
        of.setdefault(recheck.examination, []).append(recheck)
    return tuple(replace(each, rechecks=tuple(of.get(each.id, ()))) for each in examinations)

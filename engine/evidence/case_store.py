"""A case: exhibits, examinations, notes, settings and the custody log, in one file.

Every change and its log entry are one transaction: after any kind of end, both are there or
neither is.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.case_types import (
    CaseExamination,
    CaseInfo,
    Exhibit,
    ExhibitState,
    Recheck,
    Recipe,
)
from engine.errors import InputError
from engine.evidence import case_records as records
from engine.evidence import case_rows as rows
from engine.evidence.case_marks import CaseMarks
from engine.evidence.case_writer import exhibit_objects
from engine.evidence.copies import Copy
from engine.evidence.exhibit_files import new_exhibit
from engine.evidence.heatmaps import encode_heatmap, heatmap_name
from engine.log_types import Action, LogObject
from engine.types import Examination, FileFacts


class Case(CaseMarks):
    """A case, open; what is added to it is logged with it. See `CaseView` for the arguments."""

    def change_info(self, **changes: Any) -> CaseInfo:
        """Say anew what the case is about; what was said before stays in the file.

        Args:
            **changes: fields of `CaseInfo` that an operator may set.

        Raises:
            InputError: a field is not one of those.
        """
        fixed = {"id", "created_utc", "created_local", "tool_version"}
        known = sorted(set(CaseInfo.__dataclass_fields__) - fixed)
        for name in changes:
            if name not in known:
                raise InputError(f"{name!r} cannot be set: use one of {', '.join(known)}.")
        info = replace(self.info(), **changes)
        record = records.info_record(info)
        said = {name: str(record[name]) for name in changes}
        self._add("case", "case.change", record, details=said)
        return info

    def set_setting(self, name: str, value: str) -> None:
        """Keep a setting; the newest value of a name holds."""
        said = {"name": name, "value": value}
        self._add("setting", "setting.set", dict(said), details=said)

    def add_exhibit(
        self, facts: FileFacts, *, source: str = "", copy: Copy | None = None
    ) -> Exhibit:
        """Take in a file that was read; the same bytes at the same place are taken in once.

        Args:
            facts: of the one read, with hashes.
            source: where it comes from, in the operator's words.
            copy: the copies that were made of those bytes, if any.

        Returns:
            The exhibit, also when it was there before.
        """
        with self._database.writing() as connection:
            known = rows.known_exhibit(connection, facts, self.copies)
            return known or self._take_in(connection, facts, source, copy)

    def add_examination(
        self, examination: Examination, recipe: Recipe | None, exhibit: int | None = None
    ) -> CaseExamination:
        """Add a finished examination; its file is taken in where it was not.

        Args:
            examination: with its heat map in memory, if there is one.
            recipe: what makes it repeatable; None when nothing was computed.
            exhibit: number of the exhibit; None finds it by place and bytes.
        """
        examination, png, png_sha256 = _without_map(examination)
        facts = examination.facts
        with self._database.writing() as connection:
            if exhibit is None and facts.sha256 is not None:
                known = rows.known_exhibit(connection, facts, self.copies)
                exhibit = (known or self._take_in(connection, facts, "", None)).number
            if png is not None and png_sha256 is not None:
                rows.add_heatmap(connection, png_sha256, png)
            record = records.examination_record(
                examination,
                exhibit=exhibit,
                recipe=recipe,
                heatmap_sha256=png_sha256,
                operator=self.operator,
            )
            about = self._write(
                connection, "examination", "examination.add", record,
                also=exhibit_objects(exhibit), details=_outcome(examination),
            )  # fmt: skip
        return records.read_examination(int(about.id), record)

    def add_recheck(self, recheck: Recheck) -> Recheck:
        """Keep that an examination was run again; its number is given here."""
        examination = self.examination(recheck.examination)
        details = {
            "examination": str(recheck.examination),
            "result": recheck.failure or ("agrees" if recheck.agrees else "differs"),
        }
        about = self._add(
            "recheck", "examination.recheck", records.recheck_record(recheck),
            also=exhibit_objects(examination.exhibit), details=details,
        )  # fmt: skip
        return replace(recheck, id=int(about.id))

    def keep_states(self, checked: Sequence[Exhibit], action: Action = "exhibit.check") -> None:
        """Remember what a check of exhibits found, and log it unless the case is read-only.

        Args:
            checked: as `engine.evidence.exhibit_files.check_exhibit` returns them.
            action: what it was done for.
        """
        self._checked.update({each.number: each for each in checked})
        if self.read_only_because:
            return
        counts: dict[str, int] = {}
        for each in checked:
            counts[str(each.state)] = counts.get(str(each.state), 0) + 1
        amiss = [each for each in checked if each.state is not ExhibitState.PRESENT]
        self.add_entry(
            action,
            objects=[LogObject(kind="exhibit", id=str(each.number)) for each in amiss],
            details={
                **{name: str(count) for name, count in counts.items()},
                **{f"exhibit {each.number}": str(each.state) for each in amiss},
            },
        )

    def add_timestamp(self, record: records.Raw, action: Action, details: Mapping[str, str]) -> int:
        """Keep a request or an answer of a time-stamping authority; return its number."""
        return int(self._add("timestamp", action, record, details=details).id)

    def _take_in(
        self, connection: sqlite3.Connection, facts: FileFacts, source: str, copy: Copy | None
    ) -> Exhibit:
        number = rows.next_id(connection, "exhibit")
        exhibit = new_exhibit(number, facts, source, copy, self.operator)
        record = records.exhibit_record(exhibit, copy)
        details = {
            "held": str(exhibit.held),
            "path": exhibit.path,
            "sha256": exhibit.sha256,
            "source": source,
        }
        self._write(connection, "exhibit", "exhibit.add", record, details=details)
        rows.index_exhibit(connection, exhibit)
        return records.read_exhibit_record(record, self.copies)


def _without_map(examination: Examination) -> tuple[Examination, bytes | None, str | None]:
    """Return an examination with its heat map named instead of held, the map's PNG, its hash."""
    heatmap, facts = examination.heatmap, examination.facts
    if heatmap is None:
        return replace(examination, heatmap_file=None), None, None
    if facts.sha256 is None or facts.height is None or facts.width is None:
        raise ValueError(f"A heat map came without the facts of {facts.path!r}.")
    png = encode_heatmap(heatmap, height_px=facts.height, width_px=facts.width)
    named = replace(
        examination,
        heatmap=None,
        heatmap_file=heatmap_name(facts.sha256),
        cell_px=heatmap.cell_px,
    )
    return named, png, hashlib.sha256(png).hexdigest()


def _outcome(examination: Examination) -> dict[str, str]:
    """Return what the log says of an examination."""
    failure, verdict, model = examination.failure, examination.verdict, examination.model
    said = {} if model is None else {"model": model.name, "weights_sha256": model.sha256}
    if examination.facts.sha256 is None:
        said["path"] = examination.facts.path
    if failure is not None:
        return {**said, "failed": failure.kind}
    return {**said, "outcome": "" if verdict is None else str(verdict.outcome)}

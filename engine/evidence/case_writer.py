"""Adding to a case that is open: a record and its log entry, in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from engine.evidence import case_records as records
from engine.evidence import case_rows as rows
from engine.evidence.case_log import append
from engine.evidence.case_view import CaseView
from engine.log_types import Action, LogEntry, LogObject


class CaseWriter(CaseView):
    """A case, open, as far as adding of any kind goes. See `CaseView` for the arguments."""

    def add_entry(
        self,
        action: Action,
        *,
        objects: Sequence[LogObject] = (),
        details: Mapping[str, str] | None = None,
    ) -> LogEntry:
        """Log something that adds no record, such as a report that was written."""
        with self._database.writing() as connection:
            return append(
                connection,
                operator=self.operator,
                action=action,
                objects=objects,
                details=details,
            )

    def _add(
        self,
        kind: str,
        action: Action,
        record: records.Raw,
        *,
        also: Sequence[LogObject] = (),
        details: Mapping[str, str] | None = None,
    ) -> LogObject:
        with self._database.writing() as connection:
            return self._write(connection, kind, action, record, also=also, details=details)

    def _write(
        self,
        connection: sqlite3.Connection,
        kind: str,
        action: Action,
        record: records.Raw,
        *,
        also: Sequence[LogObject] = (),
        details: Mapping[str, str] | None = None,
    ) -> LogObject:
        """Add a record and its log entry within a transaction."""
        about = rows.insert(connection, kind, record)
        append(
            connection,
            operator=self.operator,
            action=action,
            objects=[about, *also],
            details=details,
        )
        return about


def exhibit_objects(number: int | None) -> list[LogObject]:
    """Return how the log names an exhibit; nothing for None."""
    return [] if number is None else [LogObject(kind="exhibit", id=str(number))]

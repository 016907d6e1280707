"""Reading a case that is open."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.case_types import CaseContents, CaseExamination, CaseInfo, Dossier, Exhibit
from engine.errors import InputError, StoreError
from engine.evidence import case_records as records
from engine.evidence import case_rows as rows
from engine.evidence.case_database import Database
from engine.evidence.case_log import check_log
from engine.evidence.copies import folder_of
from engine.evidence.heatmaps import decode_heatmap
from engine.log_types import LogCheck, LogEntry
from engine.mark_types import Standing, standing
from engine.types import FileFacts, HeatMap


class CaseView:
    """A case, open, as far as reading goes. Threads may share it; each call sees one moment.

    Args:
        file: an existing case.
        operator: who works on it from now on.
        writable: whether to try to be the one who writes; who comes second reads, and
            ``read_only_because`` says why.

    Raises:
        StoreError: there is no such file, it is no case, or it is newer than this program.
    """

    def __init__(self, file: Path, *, operator: str = "", writable: bool = True) -> None:
        self._database = Database(file, writable=writable)
        self.file = self._database.file
        self.operator = operator
        self.copies = folder_of(self.file)
        """Folder of the copies of exhibits; made when there is one."""
        self._checked: dict[int, Exhibit] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and let others write."""
        self._database.close()

    @property
    def read_only_because(self) -> str:
        """Why nothing can be written; empty when it can."""
        return self._database.read_only_because

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """Give the rows as they stand at one moment, to the store's own modules."""
        return self._database.reading()

    def info(self) -> CaseInfo:
        """Return what the case is about."""
        with self._database.reading() as connection:
            return rows.info(connection)

    def exhibits(self) -> tuple[Exhibit, ...]:
        """Return the exhibits in order, as the last check found them, without their custody."""
        with self._database.reading() as connection:
            return self._with_states(rows.exhibits(connection, self.copies))

    def examinations(self) -> tuple[CaseExamination, ...]:
        """Return the examinations in the order in which they ended."""
        with self._database.reading() as connection:
            return rows.examinations(connection)

    def examination(self, number: int) -> CaseExamination:
        """Return one examination, without its rechecks.

        Raises:
            InputError: there is none with this number.
        """
        with self._database.reading() as connection:
            found = rows.one_of(connection, "examination", number, records.read_examination)
        if found is None:
            raise self._unknown("examination", number)
        return found

    def contents(self) -> CaseContents:
        """Return everything, as it stands at one moment."""
        with self._database.reading() as connection:
            read = rows.contents(connection, self.file, self.copies)
        custody = rows.custody(read.log)
        exhibits = tuple(
            replace(each, custody=tuple(custody.get(each.number, ())))
            for each in self._with_states(read.exhibits)
        )
        return replace(read, exhibits=exhibits)

    def dossier(self, number: int) -> Dossier:
        """Return everything about one exhibit.

        Raises:
            InputError: there is no such exhibit.
        """
        with self._database.reading() as connection:
            found = rows.dossier(connection, number, self.copies)
        if found is None:
            raise self._unknown("exhibit", number)
        return replace(found, exhibit=self._checked.get(number, found.exhibit))

    def copy_to(self, partial: Path) -> None:
        """Write the case, as it stands, to a new file; copies of exhibits are not in it."""
        self._database.copy_to(partial)

    def standing(self) -> Standing:
        """Return what holds of notes, drawings, ratings and tags; faster than `contents`."""
        with self._database.reading() as connection:
            return standing(**rows.marks_of(connection))

    def log(self) -> tuple[LogEntry, ...]:
        """Return the custody log, as far as it can be read."""
        with self._database.reading() as connection:
            return check_log(connection)[0]

    def damage(self) -> str:
        """Return what SQLite finds wrong with the file's pages; empty when it is sound."""
        try:
            with self._database.reading() as connection:
                found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
        except StoreError as error:
            return str(error)
        return "" if found == ["ok"] else "; ".join(map(str, found))

    def require_writable(self) -> None:
        """Refuse to go on with a case that can only be read.

        Raises:
            StoreError: it can only be read; the message says why.
        """
        self._database.require_writable()

    def check_log(self) -> LogCheck:
        """Check the log's chain, and that every record is the one that was logged."""
        with self._database.reading() as connection:
            return check_log(connection)[1]

    def heatmap_png(self, sha256: str) -> bytes:
        """Return a stored heat map as PNG.

        Args:
            sha256: see `CaseExamination.heatmap_sha256`.

        Raises:
            StoreError: it is not there.
        """
        with self._database.reading() as connection:
            png = rows.heatmap_png(connection, sha256)
        if png is None:
            raise StoreError(
                f"The case {self.file} has no heat map {sha256}: it was deleted. Examine again."
            )
        return png

    def heatmap(self, examination: CaseExamination) -> HeatMap | None:
        """Return the heat map of an examination, exact to 8 bits, or None when it has none."""
        sha256 = examination.heatmap_sha256
        if sha256 is None:
            return None
        what = f"The heat map of examination {examination.id} in {self.file}"
        return decode_heatmap(self.heatmap_png(sha256), what)

    def known_exhibit(self, facts: FileFacts) -> Exhibit | None:
        """Return the exhibit with these bytes at this place, if it was taken in."""
        with self._database.reading() as connection:
            return rows.known_exhibit(connection, facts, self.copies)

    def _with_states(self, exhibits: Sequence[Exhibit]) -> tuple[Exhibit, ...]:
        return tuple(self._checked.get(each.number, each) for each in exhibits)

    def _require(self, kind: str, number: int | None) -> None:
        if number is None:
            return
        with self._database.reading() as connection:
            if rows.one_of(connection, kind, number, lambda _n, raw: raw) is None:
                raise self._unknown(kind, number)

    def _unknown(self, kind: str, number: int) -> InputError:
        return InputError(
            f"The case {self.file} has no {kind} {number}: 'case list' shows what it has.",
            kind="not_found",
        )

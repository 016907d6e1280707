"""Making a case file."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path

from engine import __version__
from engine.case_types import PROPOSITIONS, CaseInfo
from engine.evidence import case_records as records
from engine.evidence import case_rows as rows
from engine.evidence.case_database import new_file
from engine.evidence.case_log import append, now_utc


def new_case(
    file: Path,
    *,
    operator: str,
    number: str = "",
    title: str = "",
    requester: str = "",
    laboratory: str = "",
    examiner: str = "",
    reviewer: str = "",
    question: str = "",
    propositions: tuple[str, str] = PROPOSITIONS,
) -> CaseInfo:
    """Make a case file; see `CaseInfo` for what it says.

    Args:
        file: must not exist; its folder must.
        operator: who makes it.
        number: the laboratory's number.
        title: the file's name when empty.
        requester: who asked.
        laboratory: who examines.
        examiner: who signs; the operator when empty.
        reviewer: who reviews.
        question: what was asked.
        propositions: the question as two propositions.

    Raises:
        StoreError: the file exists, or cannot be written; nothing is left behind.
    """
    now = datetime.now(UTC).astimezone()
    info = CaseInfo(
        id=str(uuid.uuid4()),
        number=number,
        title=title or file.stem,
        requester=requester,
        laboratory=laboratory,
        examiner=examiner or operator,
        reviewer=reviewer,
        question=question,
        propositions=propositions,
        created_utc=now_utc(),
        created_local=now.isoformat(timespec="seconds"),
        tool_version=__version__,
    )
    with new_file(file) as connection:
        about = rows.insert(connection, "case", records.info_record(info))
        details = {"case": info.id, "title": info.title, "number": info.number}
        append(connection, operator=operator, action="case.new", objects=[about], details=details)
    return info

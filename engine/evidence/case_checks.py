"""Checks of a whole case: the file, the log, the records, the exhibits, the time stamps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.case_types import CaseCheck, Exhibit, ExhibitState
from engine.evidence.case_store import Case
from engine.log_types import LogEntry, LogProblem

NAMED_MOST = 50
"""Problems that are named; the rest are counted."""

_CHAIN = ("edited", "deleted", "reordered", "truncated", "inserted", "broken")


def check_case(case: Case, exhibits: Sequence[Exhibit], head: str | None) -> Iterator[CaseCheck]:
    """Check a case without its time stamps.

    Args:
        case: open.
        exhibits: as a check has just found them.
        head: hash that a report printed as the log's head, hex; None when there is none at hand.

    Yields:
        One check at a time; each problem has one of its own, so that it is located.
    """
    damage = case.damage()
    yield _check("case file", not damage, damage or "its pages and tables are sound")
    check = case.check_log()
    said = f"{check.entries} entries, head {check.head.hash}"
    yield from _log("custody log", [p for p in check.problems if p.kind in _CHAIN], said)
    records = [p for p in check.problems if p.kind not in _CHAIN]
    yield from _log("records", records, "every record is the one that was logged")
    yield _head(case.log(), head)
    if not exhibits:
        yield CaseCheck(name="exhibits", outcome="not_checked", detail="the case has none")
    for exhibit in exhibits:
        yield _exhibit(exhibit)


def _log(name: str, problems: Sequence[LogProblem], sound: str) -> Iterator[CaseCheck]:
    if not problems:
        yield _check(name, True, sound)
    for problem in problems[:NAMED_MOST]:
        yield _check(f"{name}, entry {problem.seq}", False, f"{problem.kind}: {problem.message}")
    if len(problems) > NAMED_MOST:
        yield _check(name, False, f"{len(problems) - NAMED_MOST} more problems are not listed")


def _head(log: Sequence[LogEntry], head: str | None) -> CaseCheck:
    name = "head from outside"
    if head is None:
        detail = (
            "no hash was given; with --head HASH, the one a report printed, it is checked that "
            "the log still holds what it held then"
        )
        return CaseCheck(name=name, outcome="not_checked", detail=detail)
    wanted = head.strip().lower()
    found = next((entry for entry in log if entry.hash == wanted), None)
    if found is None:
        return _check(name, False, f"no entry has the hash {wanted}: the log is another one")
    return _check(name, True, f"it is the hash of entry {found.seq} ({found.utc})")


def _exhibit(exhibit: Exhibit) -> CaseCheck:
    name = f"exhibit {exhibit.number}, {exhibit.name}"
    if exhibit.state is ExhibitState.PRESENT:
        return _check(name, True, f"SHA-256 {exhibit.sha256}")
    if exhibit.state is ExhibitState.NOT_CHECKED:
        return CaseCheck(name=name, outcome="not_checked", detail="its file was not read")
    return _check(name, False, f"{exhibit.state}: {exhibit.state_detail}")


def _check(name: str, held: bool, detail: str) -> CaseCheck:
    return CaseCheck(name=name, outcome="pass" if held else "fail", detail=detail)

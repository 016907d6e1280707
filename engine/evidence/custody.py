"""The custody log as a chain of hashes: how an entry is hashed, and what a broken chain tells.

An entry is hashed as canonical JSON: ASCII, keys sorted, no spaces. It holds the hash of the
entry before, so that no entry can be changed, taken out or moved without its successor
showing it. What the chain itself cannot show, entries cut off at the end, is shown by the head,
which is kept apart from the log and printed in reports.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import StoreError
from engine.log_types import LogCheck, LogEntry, LogHead, LogObject, LogProblem

NO_HASH = "0" * 64
"""What the first entry has for the hash of the one before."""


def canonical(value: Any) -> str:
    """Return a value as canonical JSON, the form that is hashed.

    Raises:
        ValueError: a number is not finite.
    """
    return json.dumps(
        value, ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


def digest(text: str) -> str:
    """Return the SHA-256 of ASCII text, hex."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def entry_text(entry: LogEntry) -> str:
    """Return an entry as the canonical JSON that is stored and hashed."""
    return canonical(
        {
            "seq": entry.seq,
            "previous": entry.previous,
            "utc": entry.utc,
            "operator": entry.operator,
            "action": entry.action,
            "objects": [
                {"kind": each.kind, "id": each.id, "sha256": each.sha256} for each in entry.objects
            ],
            "details": dict(entry.details),
            "tool_version": entry.tool_version,
        }
    )


def entry_hash(entry: LogEntry) -> str:
    """Return the hash that an entry must have; its own ``hash`` is not looked at."""
    return digest(entry_text(entry))


def read_entry(text: str, stated_hash: str) -> LogEntry:
    """Return the entry that a stored text holds.

    Args:
        text: JSON, as `entry_text` makes it.
        stated_hash: the hash stored beside it.

    Raises:
        StoreError: it is not an entry.
    """
    try:
        raw = json.loads(text)
        return LogEntry(
            seq=int(raw["seq"]),
            previous=str(raw["previous"]),
            utc=str(raw["utc"]),
            operator=str(raw["operator"]),
            action=str(raw["action"]),
            objects=tuple(
                LogObject(kind=str(each["kind"]), id=str(each["id"]), sha256=each["sha256"])
                for each in raw["objects"]
            ),
            details=tuple(sorted((str(k), str(v)) for k, v in raw["details"].items())),
            tool_version=str(raw["tool_version"]),
            hash=stated_hash,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"An entry of the log is damaged ({error!r}): {text[:80]!r}.") from error


def check_chain(entries: Sequence[LogEntry], head: LogHead | None) -> LogCheck:
    """Check that a log is as it was written, and say where it is not.

    Args:
        entries: in the order in which they are stored.
        head: where the log ends, from elsewhere; None when that is not known, and then a cut-off
            end cannot be found.

    Returns:
        Every problem, each at the entry where it shows.
    """
    problems: list[LogProblem] = []
    by_seq = {entry.seq: entry for entry in entries}
    seen: set[int] = set()
    for entry in entries:
        problems += _own(entry) + _place(entry, seen, by_seq) + _link(entry, by_seq)
        seen.add(entry.seq)
    newest = by_seq[max(by_seq)] if by_seq else None
    last = LogHead(entries=newest.seq if newest else 0, hash=newest.hash if newest else NO_HASH)
    if head is not None:
        problems += _end(last, head)
    return LogCheck(entries=len(entries), head=head or last, problems=tuple(problems))


def _own(entry: LogEntry) -> list[LogProblem]:
    actual = entry_hash(entry)
    if actual == entry.hash:
        return []
    message = (
        f"Entry {entry.seq} ({entry.action}, {entry.utc}) was edited: its text has the hash "
        f"{actual[:16]}…, it was written with {entry.hash[:16]}…."
    )
    return [LogProblem(seq=entry.seq, kind="edited", message=message)]


def _place(entry: LogEntry, seen: set[int], by_seq: Mapping[int, LogEntry]) -> list[LogProblem]:
    """Return what is wrong with where an entry stands among those stored before it."""
    highest = max(seen, default=0)
    if entry.seq in seen:
        message = f"Entry {entry.seq} stands in the log twice: one of the two was put in."
        return [LogProblem(seq=entry.seq, kind="inserted", message=message)]
    if entry.seq < highest:
        message = f"Entry {entry.seq} was moved behind entry {highest}."
        return [LogProblem(seq=entry.seq, kind="reordered", message=message)]
    missing = [seq for seq in range(highest + 1, entry.seq) if seq not in by_seq]
    if not missing:
        return []
    message = f"{_span(missing[0], missing[-1])} deleted, before entry {entry.seq}."
    return [LogProblem(seq=missing[0], kind="deleted", message=message)]


def _link(entry: LogEntry, by_seq: Mapping[int, LogEntry]) -> list[LogProblem]:
    """Return whether an entry follows from its predecessor, wherever that stands."""
    before = by_seq.get(entry.seq - 1)
    if before is None and entry.seq > 1:
        return []
    if entry.previous == (NO_HASH if before is None else before.hash):
        return []
    after = "the beginning" if before is None else f"entry {before.seq}"
    message = (
        f"Entry {entry.seq} does not follow from {after}: one of the two was replaced, "
        "with a hash made to fit."
    )
    return [LogProblem(seq=entry.seq, kind="broken", message=message)]


def _end(last: LogHead, head: LogHead) -> list[LogProblem]:
    if last.entries < head.entries:
        message = (
            f"{_span(last.entries + 1, head.entries)} cut off: the head tells of {head.entries}."
        )
        return [LogProblem(seq=last.entries + 1, kind="truncated", message=message)]
    if last.entries > head.entries:
        message = (
            f"{_span(head.entries + 1, last.entries)} added after the head, which tells of "
            f"{head.entries}."
        )
        return [LogProblem(seq=head.entries + 1, kind="inserted", message=message)]
    if last.hash != head.hash:
        message = (
            f"The last entry has the hash {last.hash[:16]}…, the head tells of "
            f"{head.hash[:16]}…: the log, or its end, was replaced."
        )
        return [LogProblem(seq=max(1, last.entries), kind="broken", message=message)]
    return []


def _span(first: int, last: int) -> str:
    return f"Entry {first} was" if first == last else f"Entries {first} to {last} were"

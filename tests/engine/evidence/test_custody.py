from __future__ import annotations

from dataclasses import replace

import pytest

from engine.evidence.custody import NO_HASH, check_chain, entry_hash, entry_text, read_entry
from engine.log_types import LogEntry, LogHead, LogObject


def chain(count: int) -> list[LogEntry]:
    entries: list[LogEntry] = []
    for seq in range(1, count + 1):
        entry = LogEntry(
            seq=seq,
            previous=entries[-1].hash if entries else NO_HASH,
            utc=f"2026-01-02T03:04:{seq:02}.000Z",
            operator="Ana Čović",
            action="note.add",
            objects=(LogObject(kind="note", id=str(seq), sha256="a" * 64),),
            details=(("text", "a\udcffb"),),
            tool_version="1",
            hash="",
        )
        entries.append(replace(entry, hash=entry_hash(entry)))
    return entries


def head(entries: list[LogEntry]) -> LogHead:
    return LogHead(entries=len(entries), hash=entries[-1].hash)


def problems(entries: list[LogEntry], end: LogHead) -> list[tuple[int, str]]:
    return [(each.seq, each.kind) for each in check_chain(entries, end).problems]


def test_an_untouched_log_has_no_problem():
    entries = chain(5)
    check = check_chain(entries, head(entries))
    assert check.ok
    assert (check.entries, check.head) == (5, head(entries))


def test_an_empty_log_ends_in_zeros():
    assert check_chain([], LogHead(entries=0, hash=NO_HASH)).ok


def test_an_entry_is_read_back_as_it_was_written():
    entry = chain(2)[1]
    assert read_entry(entry_text(entry), entry.hash) == entry


def test_the_hash_of_an_entry_is_that_of_its_published_form():
    """Computed by hand with sha256sum over the text, so that others can check a log."""
    entry = LogEntry(
        seq=1,
        previous=NO_HASH,
        utc="2026-01-02T03:04:05.000Z",
        operator="Ana",
        action="case.new",
        objects=(LogObject(kind="case", id="7", sha256=None),),
        details=(),
        tool_version="0.1",
        hash="",
    )
    assert entry_text(entry) == (
        '{"action":"case.new","details":{},"objects":[{"id":"7","kind":"case","sha256":null}],'
        f'"operator":"Ana","previous":"{NO_HASH}","seq":1,"tool_version":"0.1",'
        '"utc":"2026-01-02T03:04:05.000Z"}'
    )
    assert entry_hash(entry) == "42907469f6eb5d8b55a74af0db90baf4b203a36714b97f9d00c8545881fb825d"


@pytest.mark.parametrize(
    "field",
    ["utc", "operator", "action", "objects", "details", "tool_version"],
)
def test_an_edit_of_any_field_is_located(field):
    entries = chain(5)
    other = {"objects": (), "details": (("text", "other"),)}.get(field, "other")
    entries[2] = replace(entries[2], **{field: other})
    assert problems(entries, head(chain(5))) == [(3, "edited")]


def test_an_edit_with_a_hash_made_to_fit_is_located_at_the_next_entry():
    entries = chain(5)
    edited = replace(entries[2], operator="other", hash="")
    entries[2] = replace(edited, hash=entry_hash(edited))
    assert problems(entries, head(chain(5))) == [(4, "broken")]


def test_a_deleted_entry_is_located():
    entries = chain(5)
    assert problems(entries[:1] + entries[3:], head(entries)) == [(2, "deleted")]
    assert problems(entries[1:], head(entries)) == [(1, "deleted")]


@pytest.mark.parametrize("place", range(4))
def test_swapped_entries_are_located(place):
    entries = chain(5)
    end = head(entries)
    entries[place], entries[place + 1] = entries[place + 1], entries[place]
    assert problems(entries, end) == [(place + 1, "reordered")]


@pytest.mark.parametrize("kept", range(5))
def test_a_cut_off_end_is_located(kept):
    entries = chain(5)
    assert problems(entries[:kept], head(entries)) == [(kept + 1, "truncated")]


def test_an_entry_that_stands_twice_is_located():
    entries = chain(3)
    assert problems([*entries, entries[1]], head(entries)) == [(2, "inserted")]


def test_an_entry_behind_the_head_is_located():
    entries = chain(5)
    assert problems(entries, head(entries[:4])) == [(5, "inserted")]


def test_a_log_written_anew_from_some_entry_on_is_found_by_its_head():
    entries = chain(5)
    forged = entries[:2]
    for old in entries[2:]:
        entry = replace(old, operator="other", previous=forged[-1].hash, hash="")
        forged.append(replace(entry, hash=entry_hash(entry)))
    assert problems(forged, head(forged)) == []
    assert problems(forged, head(entries)) == [(5, "broken")]

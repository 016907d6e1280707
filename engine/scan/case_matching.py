"""A case's exhibits compared with one of its cameras; the custody log keeps every answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from engine.case_types import Exhibit
from engine.errors import InputError
from engine.evidence.camera_records import COMPARED, list_details, summarised, usable
from engine.evidence.case_store import Case
from engine.job import Context
from engine.log_types import LogObject
from engine.scan.discovery import discover
from engine.scan.fingerprinting import read_fingerprint
from engine.scan.matching import Wanted, compared
from engine.trace_types import Comparison, ComparisonSummary

ENTRY_PICTURES = 100
"""Comparisons in one entry of the log: a list of 500 pictures makes five entries, not 500."""

ENTRY_S = 120.0
"""Longest time between two entries: what a killed program has to compare again."""

Tell = Callable[[Comparison], None]
"""Is told of each comparison as it comes, on the thread that asked for it."""


def compare_files(
    paths: Sequence[str], file: Path, ctx: Context, tell: Tell, own: Sequence[Path] = ()
) -> ComparisonSummary:
    """Compare files and folders of pictures with a fingerprint that lies in a file.

    Args:
        paths: pictures, folders and containers.
        file: the fingerprint.
        ctx: receives progress, carries the wish to stop.
        tell: is told of each comparison.
        own: folders of the program, which are not searched.

    Raises:
        InputError: nothing that was named exists, or the fingerprint cannot be used.
        StoreError: the fingerprint cannot be read.
        Cancelled: the operator stopped it; what was told holds.
    """
    fingerprint = read_fingerprint(file)
    with closing(compared(named(paths, ctx, own), fingerprint, ctx)) as found:
        return _kept(found, tell)


def compare_exhibits(
    case: Case,
    file: Path,
    wanted: Sequence[Wanted],
    ctx: Context,
    *,
    sha256: str,
    camera: str,
    tell: Tell,
    again: bool = False,
) -> ComparisonSummary:
    """Compare pictures with a camera of a case.

    What the log has an answer for is not computed again: the same bytes, fingerprint, method and
    threshold. New answers are logged in lists, the last of them also when the work is stopped.

    Args:
        case: open; where it can only be read, nothing is logged.
        file: the fingerprint.
        wanted: pictures of the case, or others.
        ctx: receives progress, carries the wish to stop.
        sha256: what the fingerprint has to be.
        camera: in the operator's words.
        tell: is told of each comparison.
        again: whether to compute what the log has as well.

    Raises:
        InputError: the fingerprint cannot be used.
        StoreError: the fingerprint is another one, or the log cannot be written.
        Cancelled: the operator stopped it; what was told is kept.
    """
    fingerprint = read_fingerprint(file, sha256)
    known = {} if again else usable(case.log(), sha256)
    about = LogObject(kind="file", id=file.name, sha256=sha256)
    with (
        closing(compared(wanted, fingerprint, ctx, known)) as found,
        closing(_logged(case, about, camera, found)) as logged,
    ):
        return _kept(logged, tell)


def named(paths: Sequence[str], ctx: Context, own: Sequence[Path] = ()) -> tuple[Wanted, ...]:
    """Return the pictures that were named, and those in folders and containers.

    Args:
        paths: as the operator named them.
        ctx: receives progress, carries the wish to stop.
        own: folders of the program, which are not searched.

    Raises:
        InputError: nothing that was named exists.
        Cancelled: the operator stopped it.
    """
    found = discover(paths, own, ctx).candidates
    return tuple(Wanted(path=each.path, failure=each.failure) for each in found)


def held(exhibits: Sequence[Exhibit], numbers: Sequence[int] = ()) -> tuple[Wanted, ...]:
    """Return exhibits as pictures to compare.

    Args:
        exhibits: of the case.
        numbers: only these, in this order; all when empty.

    Raises:
        InputError: there is no such exhibit, or none at all.
    """
    by_number = {each.number: each for each in exhibits}
    unknown = [number for number in numbers if number not in by_number]
    if unknown:
        raise InputError(f"The case has no exhibit {unknown[0]}: 'case list' shows what it has.")
    if not by_number:
        raise InputError("The case has no exhibits: take some in with 'case add', or name files.")
    chosen = [by_number[number] for number in numbers] or list(exhibits)
    return tuple(
        Wanted(path=each.working_file, exhibit=each.number, sha256=each.sha256) for each in chosen
    )


def _kept(comparisons: Iterator[Comparison], tell: Tell) -> ComparisonSummary:
    every = []
    for comparison in comparisons:
        every.append(comparison)
        tell(comparison)
    return summarised(every)


def _logged(
    case: Case, about: LogObject, camera: str, found: Iterator[Comparison]
) -> Generator[Comparison]:
    """Yield comparisons and log those that are new, in lists."""
    waiting: list[Comparison] = []
    since = time.monotonic()

    def keep() -> None:
        if waiting and not case.read_only_because:
            case.add_entry(COMPARED, objects=[about], details=list_details(camera, waiting))
        waiting.clear()

    try:
        for comparison in found:
            if not comparison.earlier:
                waiting.append(comparison)
            if len(waiting) >= ENTRY_PICTURES or time.monotonic() - since > ENTRY_S:
                keep()
                since = time.monotonic()
            yield comparison
    finally:
        keep()

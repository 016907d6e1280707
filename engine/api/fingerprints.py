"""Fingerprints of cameras: made of pictures, kept in a file or beside a case, tested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import InputError, StoreError
from engine.job import Context
from engine.log_types import LogEntry, LogObject

if TYPE_CHECKING:
    from engine.evidence.case_store import Case
    from engine.scan.case_matching import Tell
    from engine.trace_types import (
        CameraFingerprint,
        CaseFingerprint,
        Comparison,
        ComparisonSummary,
        Trace,
        Tracer,
    )

ENDING = ".safetensors"
CAMERA = "camera:"
"""Beginning of the name of a case's camera where methods are named."""


def make_fingerprint(paths: Sequence[str], file: str | Path, ctx: Context) -> CameraFingerprint:
    """Estimate the pattern of a camera's sensor from its pictures and keep it in a file.

    Args:
        paths: pictures and folders of pictures, all of one camera.
        file: replaced when it exists.
        ctx: receives progress, carries the wish to stop.

    Raises:
        InputError: there are too few pictures of one size, or the folder does not exist.
        StoreError: the file cannot be written.
        Cancelled: the operator stopped it; no file is left behind.
    """
    from engine.scan.fingerprinting import make_fingerprint

    if not Path(file).parent.is_dir():
        raise InputError(f"The folder {Path(file).parent} does not exist: make it first.")
    return make_fingerprint(paths, Path(file), ctx)[0]


def make_case_fingerprint(
    case: Case, paths: Sequence[str], camera: str, ctx: Context
) -> tuple[CameraFingerprint, Path]:
    """Estimate a camera's pattern and keep it beside a case, named by its hash, which is logged.

    Args:
        case: open for writing.
        paths: pictures and folders of pictures, all of one camera.
        camera: which camera, in the operator's words.
        ctx: receives progress, carries the wish to stop.

    Returns:
        What was made, and the file.

    Raises:
        InputError: there are too few pictures of one size.
        StoreError: the case or the file cannot be written.
        Cancelled: the operator stopped it; nothing is left behind.
    """
    from engine.evidence.camera_records import MADE
    from engine.scan.fingerprinting import make_fingerprint, store

    case.require_writable()
    made, data = make_fingerprint(paths, None, ctx)
    folder = _folder(case)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder} cannot be made ({error.strerror}).") from error
    file = folder / f"{made.sha256}{ENDING}"
    store(data, file)
    case.add_entry(
        MADE,
        objects=[LogObject(kind="file", id=file.name, sha256=made.sha256)],
        details={
            "camera": camera,
            "pictures": str(made.pictures),
            "size": f"{made.width} x {made.height}",
        },
    )
    return made, file


def try_fingerprint(path: str, file: str | Path, ctx: Context) -> Trace:
    """Say whether a picture shows the pattern of a camera, and where it does not.

    Args:
        path: the picture.
        file: the fingerprint.
        ctx: carries the wish to stop.

    Raises:
        InputError: either file cannot be used, or the picture is one of those behind the
            fingerprint.
        StoreError: the fingerprint cannot be read.
        Cancelled: the operator stopped it.
    """
    from engine.scan.fingerprinting import try_fingerprint

    return try_fingerprint(path, Path(file), ctx)[0]


def holds_pictures(path: str) -> bool:
    """Return whether a path is a folder or a container, in which pictures may lie."""
    from engine.images.container_kinds import container_kind
    from engine.images.reading import read_head
    from engine.scan.inside import KIND_BYTES

    return Path(path).is_dir() or container_kind(read_head(path, KIND_BYTES)) is not None


def compare_with_fingerprint(
    paths: Sequence[str], file: str | Path, ctx: Context, tell: Tell
) -> ComparisonSummary:
    """Say of each of many pictures whether it shows the pattern of a camera.

    Args:
        paths: pictures, folders (recursively) and containers.
        file: the fingerprint.
        ctx: receives progress, carries the wish to stop.
        tell: is told of each comparison as it comes, in order, on this thread.

    Raises:
        InputError: nothing that was named exists, or the fingerprint cannot be used.
        StoreError: the fingerprint cannot be read.
        Cancelled: the operator stopped it; what was told holds.
    """
    from engine.scan.case_matching import compare_files

    return compare_files(paths, Path(file), ctx, tell)


def summarise_comparisons(comparisons: Sequence[Comparison]) -> ComparisonSummary:
    """Return what comparisons with one camera come to.

    Args:
        comparisons: as they were told, or as `case_fingerprints` names them.
    """
    from engine.evidence.camera_records import summarised

    return summarised(comparisons)


def case_fingerprints(case: Case, *, read: bool = False) -> tuple[CaseFingerprint, ...]:
    """Return the fingerprints that a case has, in the order of the log.

    Args:
        case: open.
        read: whether files are read, to see that they are those of the log and what is behind
            them; that takes a second for ten cameras.

    Raises:
        StoreError: the log or a file cannot be read.
    """
    from engine.evidence.camera_records import MADE, REMOVED, comparisons_of

    made: dict[str, LogEntry] = {}
    log = case.log()
    for entry in log:
        sha256 = str(entry.objects[0].sha256) if entry.objects else ""
        if entry.action == MADE:
            made[sha256] = entry
        elif entry.action == REMOVED:
            made.pop(sha256, None)
    found = comparisons_of(log, case.exhibits())
    return tuple(
        _as_kept(case, made[sha256], tuple(found[sha256].values()), read=read) for sha256 in made
    )


def _as_kept(
    case: Case, entry: LogEntry, compared: tuple[Comparison, ...], *, read: bool
) -> CaseFingerprint:
    from engine.trace_types import CameraAnswer, CaseFingerprint
    from engine.traces.fingerprints import sources_of

    sha256, told = str(entry.objects[0].sha256), dict(entry.details)
    file = _folder(case) / f"{sha256}{ENDING}"
    present = file.is_file()
    sources = sources_of(file, sha256) if present and read else ()
    without = (CameraAnswer.BEHIND, CameraAnswer.FAILED)
    return CaseFingerprint(
        sha256=sha256,
        camera=told.get("camera", ""),
        pictures=int(told.get("pictures", "0")),
        size=told.get("size", ""),
        made_utc=entry.utc,
        operator=entry.operator,
        state="missing" if not present else "changed" if sources is None else "present",
        sources=sources or (),
        compared=sum(each.answer not in without for each in compared),
        shown=sum(each.answer is CameraAnswer.SHOWN for each in compared),
        summary=summarise_comparisons(compared),
        comparisons=tuple(sorted(compared, key=_place)),
    )


def _place(comparison: Comparison) -> tuple[bool, int, str]:
    """Return where a comparison stands: exhibits by number, then other pictures by name."""
    number = comparison.exhibit
    return number is None, number or 0, comparison.path


def remove_case_fingerprint(case: Case, sha256: str) -> None:
    """Take a camera off a case and delete its file; what was logged of it stays in the log.

    Args:
        case: open for writing.
        sha256: of the fingerprint, as `case_fingerprints` names it.

    Raises:
        StoreError: there is no such fingerprint, the case can only be read, or the file cannot
            be deleted; the camera is off the case then all the same.
    """
    from engine.evidence.camera_records import REMOVED

    case.require_writable()
    known = _known(case, sha256)
    file = _folder(case) / f"{sha256}{ENDING}"
    case.add_entry(
        REMOVED,
        objects=[LogObject(kind="file", id=file.name, sha256=sha256)],
        details={"camera": known.camera, "pictures": str(known.pictures), "size": known.size},
    )
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"The camera is off the case, but its file {file} cannot be deleted "
            f"({error.strerror}): delete it yourself."
        ) from error


def _known(case: Case, sha256: str) -> CaseFingerprint:
    for each in case_fingerprints(case):
        if each.sha256 == sha256:
            return each
    raise StoreError(f"The case has no fingerprint {sha256}: make it again.", kind="not_found")


def camera_tracers(case: Case) -> tuple[Tracer, ...]:
    """Return each fingerprint of a case as a method that a picture can be looked at with.

    Args:
        case: open.

    Returns:
        Names are `CAMERA` and the fingerprint's hash.

    Raises:
        StoreError: the log cannot be read.
    """
    from engine.trace_types import Tracer
    from engine.traces import prnu

    return tuple(
        Tracer(
            name=f"{CAMERA}{each.sha256}",
            title=f"Camera: {each.camera or each.sha256[:8]}",
            version=prnu.METHOD.version,
            principle=prnu.PRINCIPLE,
            limits=prnu.LIMITS,
            source=prnu.METHOD.source,
            parameters=(("fingerprint", each.sha256), ("pictures behind it", str(each.pictures))),
        )
        for each in case_fingerprints(case)
        if each.state == "present"
    )


def try_case_fingerprint(case: Case, path: str, sha256: str, ctx: Context) -> Trace:
    """Say whether a picture shows the pattern of a case's camera; the log keeps the answer.

    Args:
        case: open; where it can only be read, nothing is logged.
        path: the picture.
        sha256: of the fingerprint, as `case_fingerprints` names it.
        ctx: carries the wish to stop.

    Raises:
        InputError: the picture cannot be used, or is one of those behind the fingerprint.
        StoreError: there is no such fingerprint, or its file was changed.
        Cancelled: the operator stopped it.
    """
    from engine.evidence.camera_records import TRIED, single_details
    from engine.scan.fingerprinting import try_fingerprint

    known = _known(case, sha256)
    file = _folder(case) / f"{sha256}{ENDING}"
    trace, comparison = try_fingerprint(path, file, ctx, sha256=sha256)
    if not case.read_only_because:
        held = {each.working_file: each.number for each in case.exhibits()}
        comparison = replace(comparison, exhibit=held.get(path))
        case.add_entry(
            TRIED,
            objects=[LogObject(kind="file", id=file.name, sha256=sha256)],
            details=single_details(known.camera, comparison, str(trace.finding.status), path),
        )
    return trace


def compare_with_case_fingerprint(
    case: Case,
    sha256: str,
    ctx: Context,
    tell: Tell,
    *,
    exhibits: Sequence[int] = (),
    paths: Sequence[str] = (),
    again: bool = False,
) -> ComparisonSummary:
    """Say of a case's exhibits, or of other pictures, whether they show a camera's pattern.

    The log keeps the answers, in lists; what it has an answer for is not computed again.

    Args:
        case: open; where it can only be read, nothing is logged.
        sha256: of the fingerprint, as `case_fingerprints` names it.
        ctx: receives progress, carries the wish to stop.
        tell: is told of each comparison as it comes, in order, on this thread.
        exhibits: only these; all of the case when empty.
        paths: compare these files, folders and containers instead of exhibits.
        again: whether to compute what the log has as well.

    Raises:
        InputError: there is no such exhibit or path, or nothing to compare.
        StoreError: there is no such fingerprint, its file was changed, or the log cannot be
            written.
        Cancelled: the operator stopped it; what was told is logged.
    """
    from engine.scan.case_matching import compare_exhibits, held, named

    known = _known(case, sha256)
    own = (case.copies, _folder(case))
    wanted = named(paths, ctx, own) if paths else held(case.exhibits(), exhibits)
    file = _folder(case) / f"{sha256}{ENDING}"
    return compare_exhibits(
        case, file, wanted, ctx, sha256=sha256, camera=known.camera, tell=tell, again=again
    )


def _folder(case: Case) -> Path:
    from engine.evidence.copies import fingerprints_of

    return fingerprints_of(case.file)

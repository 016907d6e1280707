"""Fingerprints of cameras: made of pictures, kept in a file or beside a case, tested."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.errors import InputError, StoreError
from engine.job import Context
from engine.log_types import LogEntry, LogObject

if TYPE_CHECKING:
    from engine.evidence.case_store import Case
    from engine.trace_types import CameraFingerprint, CaseFingerprint, Trace, Tracer

ENDING = ".safetensors"
MADE: Final = "fingerprint.make"
TRIED: Final = "fingerprint.test"
REMOVED: Final = "fingerprint.remove"
"""Actions of the log."""

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

    return try_fingerprint(path, Path(file), ctx)


def case_fingerprints(case: Case, *, read: bool = False) -> tuple[CaseFingerprint, ...]:
    """Return the fingerprints that a case has, in the order of the log.

    Args:
        case: open.
        read: whether files are read, to see that they are those of the log and what is behind
            them; that takes a second for ten cameras.

    Raises:
        StoreError: the log or a file cannot be read.
    """
    made: dict[str, LogEntry] = {}
    tried: dict[str, dict[str, bool]] = {}
    for entry in case.log():
        sha256 = str(entry.objects[0].sha256) if entry.objects else ""
        if entry.action == MADE:
            made[sha256], tried[sha256] = entry, {}
        elif entry.action == REMOVED:
            made.pop(sha256, None)
        elif entry.action == TRIED and sha256 in tried:
            told = dict(entry.details)
            tried[sha256][told.get("picture", "")] = _shows(told.get("pce", ""))
    return tuple(_as_kept(case, made[sha256], tried[sha256], read=read) for sha256 in made)


def _shows(pce: str) -> bool:
    from engine.traces.prnu import THRESHOLD

    return bool(pce) and float(pce) >= THRESHOLD


def _as_kept(case: Case, entry: LogEntry, tried: dict[str, bool], *, read: bool) -> CaseFingerprint:
    from engine.trace_types import CaseFingerprint
    from engine.traces.fingerprints import sources_of

    sha256, told = str(entry.objects[0].sha256), dict(entry.details)
    file = _folder(case) / f"{sha256}{ENDING}"
    present = file.is_file()
    sources = sources_of(file, sha256) if present and read else ()
    return CaseFingerprint(
        sha256=sha256,
        camera=told.get("camera", ""),
        pictures=int(told.get("pictures", "0")),
        size=told.get("size", ""),
        made_utc=entry.utc,
        operator=entry.operator,
        state="missing" if not present else "changed" if sources is None else "present",
        sources=sources or (),
        compared=len(tried),
        shown=sum(tried.values()),
    )


def remove_case_fingerprint(case: Case, sha256: str) -> None:
    """Take a camera off a case and delete its file; what was logged of it stays in the log.

    Args:
        case: open for writing.
        sha256: of the fingerprint, as `case_fingerprints` names it.

    Raises:
        StoreError: there is no such fingerprint, the case can only be read, or the file cannot
            be deleted; the camera is off the case then all the same.
    """
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
    from engine.scan.fingerprinting import try_fingerprint

    known = _known(case, sha256)
    file = _folder(case) / f"{sha256}{ENDING}"
    trace = try_fingerprint(path, file, ctx, sha256=sha256)
    if not case.read_only_because:
        finding = trace.finding
        case.add_entry(
            TRIED,
            objects=[LogObject(kind="file", id=file.name, sha256=sha256)],
            details={
                "camera": known.camera,
                "picture": path,
                "status": str(finding.status),
                "pce": "" if finding.value is None else str(finding.value),
                "places": str(len(finding.regions)),
            },
        )
    return trace


def _folder(case: Case) -> Path:
    from engine.evidence.copies import fingerprints_of

    return fingerprints_of(case.file)

"""Fingerprints of cameras: made of pictures, kept in a file or beside a case, tested."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import InputError, StoreError
from engine.job import Context
from engine.log_types import LogObject

if TYPE_CHECKING:
    from engine.evidence.case_store import Case
    from engine.trace_types import CameraFingerprint, Trace

ENDING = ".safetensors"


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
    folder = case.file.with_name(f"{case.file.name}.fingerprints")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder} cannot be made ({error.strerror}).") from error
    file = folder / f"{made.sha256}{ENDING}"
    store(data, file)
    case.add_entry(
        "fingerprint.make",
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

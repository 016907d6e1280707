"""Making a camera's fingerprint from a folder of its pictures, and testing a picture with one."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from engine import __version__
from engine.errors import InputError, StoreError
from engine.images.decoder import Decoder
from engine.images.exhibits import read_anywhere
from engine.job import Context, Progress
from engine.scan.discovery import discover
from engine.scan.matching import Wanted, answered
from engine.trace_types import CameraFingerprint, Comparison, Trace
from engine.traces import derived, prnu
from engine.traces.coefficients import measure
from engine.traces.fingerprints import Estimator, Fingerprint, load, packed
from engine.traces.wavelets import LEAST_SIDE_PX
from engine.types import Failure

PHASE = "Estimating the sensor's pattern"

LEAST_PICTURES = 5
"""Fewer leave the scenes in the pattern."""

MOST_SIZES = 3
"""Sizes of pictures that are added up side by side; the most frequent one is kept."""


def make_fingerprint(
    paths: Sequence[str], file: Path | None, ctx: Context
) -> tuple[CameraFingerprint, bytes]:
    """Estimate a camera's pattern; files are read once each, equal bytes count once.

    Args:
        paths: pictures and folders of pictures of one camera.
        file: where to keep it, replaced when it exists; None: the caller keeps the bytes.
        ctx: receives progress, carries the wish to stop.

    Returns:
        What was made, and the file's bytes.

    Raises:
        InputError: there are too few pictures of one size.
        StoreError: the file cannot be written.
        Cancelled: the operator stopped it; no file is left behind.
    """
    candidates = discover(paths, [], ctx).candidates
    estimators: dict[tuple[int, int], tuple[Estimator, list[str]]] = {}
    left_out: list[tuple[str, str]] = []
    seen: set[str] = set()
    with Decoder(measure=measure) as decoder:
        for index, candidate in enumerate(candidates):
            ctx.report(Progress(phase=PHASE, done=index, total=len(candidates)))
            failure = candidate.failure or _take_in(candidate.path, decoder, estimators, seen, ctx)
            if failure is not None:
                left_out.append((candidate.path, failure.message))
    ctx.report(Progress(phase=PHASE, done=len(candidates), total=len(candidates)))
    size, (estimator, sources) = max(
        estimators.items(), key=lambda item: len(item[1][1]), default=((0, 0), (None, []))
    )
    if estimator is None or len(sources) < LEAST_PICTURES:
        raise InputError(
            f"{len(sources)} usable pictures of one size were found; {LEAST_PICTURES} are needed, "
            "better 30 or more, evenly lit and unedited."
        )
    left_out += [
        (f"{len(others)} pictures of {width} × {height} px", "They have another size.")
        for (height, width), (_, others) in estimators.items()
        if (height, width) != size
    ]
    made_utc = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    data = packed(estimator.pattern(ctx.check), tuple(sources), __version__, made_utc)
    if file is not None:
        store(data, file)
    made = CameraFingerprint(
        sha256=hashlib.sha256(data).hexdigest(),
        height=size[0],
        width=size[1],
        pictures=len(sources),
        left_out=tuple(left_out),
        made_utc=made_utc,
    )
    return made, data


def _take_in(
    path: str,
    decoder: Decoder,
    estimators: dict[tuple[int, int], tuple[Estimator, list[str]]],
    seen: set[str],
    ctx: Context,
) -> Failure | None:
    try:
        exhibit = read_anywhere(path)
        if str(exhibit.facts.sha256) in seen:
            return Failure(kind="again", message="The same bytes were there already.")
        picture = derived.subject(decoder.inspected(exhibit))
    except InputError as error:
        return Failure(kind=error.kind, message=str(error))
    size = picture.height, picture.width
    if min(size) < LEAST_SIDE_PX:
        return Failure(kind="too_small", message=f"It has {size[1]} × {size[0]} px.")
    if size not in estimators:
        if len(estimators) == MOST_SIZES:
            return Failure(kind="another_size", message=f"It has {size[1]} × {size[0]} px.")
        estimators[size] = Estimator(*size), []
    estimator, sources = estimators[size]
    estimator.add(picture.luma, ctx.check)
    seen.add(str(exhibit.facts.sha256))
    sources.append(str(exhibit.facts.sha256))
    return None


def try_fingerprint(
    path: str, file: Path, ctx: Context, *, sha256: str | None = None
) -> tuple[Trace, Comparison]:
    """Look for a camera's pattern in a picture.

    Args:
        path: the picture.
        file: the fingerprint.
        ctx: carries the wish to stop.
        sha256: what the fingerprint's file has to be; None takes it as it is.

    Returns:
        The whole trace, and the same as a comparison.

    Raises:
        InputError: either file cannot be used, or the picture is one of those behind the
            fingerprint, whose pattern it is bound to show.
        StoreError: the fingerprint cannot be read, or is another one.
        Cancelled: the operator stopped it.
    """
    fingerprint = read_fingerprint(file, sha256)
    exhibit = read_anywhere(path)
    if exhibit.facts.sha256 in fingerprint.sources:
        raise InputError(
            f"{path} is one of the pictures that the fingerprint was made of: it shows its own "
            "noise and proves nothing. Make the fingerprint without it."
        )
    with Decoder(measure=measure) as decoder:
        picture = derived.subject(decoder.inspected(exhibit))
    (trace,) = derived.run(picture, ctx.check, (prnu.tracing(fingerprint),))
    size = picture.height, picture.width
    known = str(exhibit.facts.sha256)
    return trace, answered(Wanted(path=path), trace, known, fingerprint, size)


def read_fingerprint(file: Path, sha256: str | None = None) -> Fingerprint:
    """Read a fingerprint that has to be the one of a log.

    Args:
        file: where it is kept.
        sha256: what it has to be; None takes it as it is.

    Raises:
        InputError: it cannot be used.
        StoreError: it cannot be read, or is another one.
    """
    fingerprint = load(file)
    if sha256 is not None and fingerprint.sha256 != sha256:
        raise StoreError(
            f"The file {file} was changed: its hash is {fingerprint.sha256}, the log says "
            f"{sha256}. "
            "Restore it, or make the fingerprint again."
        )
    return fingerprint


def store(data: bytes, file: Path) -> None:
    """Write beside the final name, then rename: a reader never sees half a fingerprint.

    Raises:
        StoreError: it cannot be written.
    """
    partial = file.with_name(f".{file.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        try:
            with partial.open("xb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            partial.replace(file)
        finally:
            with suppress(FileNotFoundError):
                partial.unlink()
    except OSError as error:
        raise StoreError(
            f"{file} cannot be written ({error.strerror}): choose another folder."
        ) from error

"""Taking files into a case as exhibits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.case_types import Exhibit, Held
from engine.errors import InputError
from engine.evidence.case_store import Case
from engine.evidence.copies import make_copy
from engine.images.member_reader import MemberReader
from engine.job import Context, Progress
from engine.scan.discovery import Candidate, discover
from engine.scan.selection import Selection
from engine.types import Failure

TAKING_IN = "Taking in exhibits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """One file that was to be taken in."""

    path: str
    """As it was named, or below the folder as that was named."""
    exhibit: Exhibit | None
    """None when it could not be read."""
    new: bool
    """Whether it was not in the case before."""
    failure: Failure | None
    """Why it could not be read."""


def take_in(
    case: Case,
    paths: Sequence[str],
    ctx: Context,
    *,
    copy: bool = False,
    source: str = "",
    containers: bool = True,
) -> tuple[Ingested, ...]:
    """Take files, and the images in folders and containers, into a case; each is read once.

    An image in a container is an exhibit of its own, held where it is: its place names the
    container and the member, its source the container's hash, and a later check unpacks it again.

    Args:
        case: open for writing.
        paths: files and folders (recursively).
        ctx: receives progress, carries the wish to stop.
        copy: whether to keep an evidentiary and a working copy beside the case.
        source: where they come from, in the operator's words.
        containers: whether archives and documents are opened.

    Raises:
        InputError: none of the paths exists.
        StoreError: the case or a copy cannot be written; what was taken in before is kept.
        Cancelled: the operator stopped it; what was taken in is kept.
    """
    candidates = discover(paths, [case.copies], ctx, Selection(containers=containers)).candidates
    with MemberReader() as members:
        return _taken_in(case, candidates, members, ctx, copy=copy, source=source)


def _taken_in(
    case: Case,
    candidates: Sequence[Candidate],
    members: MemberReader,
    ctx: Context,
    *,
    copy: bool,
    source: str,
) -> tuple[Ingested, ...]:
    done = []
    for index, candidate in enumerate(candidates):
        ctx.report(Progress(phase=TAKING_IN, done=index, total=len(candidates)))
        if candidate.failure is not None:
            done.append(_failed(candidate.path, candidate.failure))
            continue
        try:
            read = members.read(candidate.path)
        except InputError as error:
            failure = Failure(kind=error.kind, message=str(error))
            done.append(_failed(candidate.path, failure))
            continue
        known = case.known_exhibit(read.facts)
        made = None
        # What is held by reference stays so: records are never changed.
        if copy and (known is None or known.held is Held.COPY):
            made = make_copy(case.copies, read.data, str(read.facts.sha256), candidate.path)
        exhibit = known or case.add_exhibit(read.facts, source=source, copy=made)
        done.append(Ingested(path=candidate.path, exhibit=exhibit, new=known is None, failure=None))
    ctx.report(Progress(phase=TAKING_IN, done=len(candidates), total=len(candidates)))
    return tuple(done)


def _failed(path: str, failure: Failure) -> Ingested:
    return Ingested(path=path, exhibit=None, new=False, failure=failure)

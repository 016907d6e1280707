"""A scan into a case: the main job, logged from beginning to end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.case_types import Exhibit
from engine.errors import Cancelled, InputError
from engine.evidence.case_results import CaseResults
from engine.evidence.case_store import Case
from engine.job import Context
from engine.scan.circumstances import recipe_of
from engine.scan.pipeline import run
from engine.scan.spreading import Gather
from engine.scan_types import ScanRequest, ScanSummary, Workers
from engine.vrm.examiner import Examiner


def scan_into(
    case: Case,
    request: ScanRequest,
    load: Callable[[], Examiner],
    ctx: Context,
    numbers: Sequence[int] = (),
    *,
    gather: Gather | None = None,
) -> ScanSummary:
    """Examine files into a case; see `engine.api.Engine.scan`.

    Args:
        case: open for writing.
        request: without paths, the case's own exhibits are examined.
        load: gives the model.
        ctx: receives the events, carries the wish to stop.
        numbers: only these exhibits of the case, in this order; all when empty.
        gather: gathers workers on other machines, which then examine.
    """
    exhibits = () if request.paths else _chosen(case, numbers)
    if not request.paths:
        if not exhibits:
            raise InputError(
                f"The case {case.file} has no exhibits: name files or folders to scan, or take "
                "some in with 'case add'."
            )
        request = replace(request, paths=tuple(each.working_file for each in exhibits))
    results = CaseResults(case, lambda each: recipe_of(each, request.model), exhibits)
    case.add_entry(
        "scan.begin",
        details={
            "model": request.model,
            "device": request.device,
            "explain": str(request.explain and not request.triage).lower(),
            "triage": str(request.triage).lower(),
            "traces": str(request.settings.traces).lower(),
            "of": f"{len(exhibits)} exhibits" if exhibits else " ".join(map(repr, request.paths)),
        },
    )
    try:
        summary = run(request, load, ctx, results, gather)
    except Cancelled:
        case.add_entry("scan.stopped")
        raise
    case.add_entry(
        "scan.end",
        details={
            "found": str(summary.found),
            "examined": str(summary.done),
            "already done": str(summary.skipped),
            "failed": str(summary.failed),
            **_workers(summary.workers),
        },
    )
    return summary


def _workers(workers: Workers | None) -> dict[str, str]:
    """Return what a log entry says of workers that were not there; nothing when all were."""
    if workers is None:
        return {}
    absent = {"workers not started": workers.missing, "workers lost": workers.lost}
    return {name: ", ".join(which) for name, which in absent.items() if which}


def _chosen(case: Case, numbers: Sequence[int]) -> tuple[Exhibit, ...]:
    exhibits = case.exhibits()
    if not numbers:
        return exhibits
    by_number = {each.number: each for each in exhibits}
    unknown = [number for number in numbers if number not in by_number]
    if unknown:
        raise InputError(
            f"The case {case.file} has no exhibit {unknown[0]}: 'case list' shows what it has.",
            kind="not_found",
        )
    return tuple(by_number[number] for number in numbers)
